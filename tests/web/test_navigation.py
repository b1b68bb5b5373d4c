"""Four words for each role, and only pages that exist."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.factories import MentorFactory, PersonFactory


@pytest.fixture
def everybody(commons):
    operator = PersonFactory(org=commons)
    operator.is_operator = True
    operator.save()
    return {
        "mentee": PersonFactory(org=commons),
        "mentor": MentorFactory(org=commons),
        "manager": PersonFactory(org=commons, org__role="manager"),
        "operator": operator,
    }


def words(client, address="/ask/") -> list[tuple[str, str]]:
    return [(word["label"], word["current"]) for word in client.get(address).context["navigation"]]


@pytest.mark.parametrize(
    ("role", "first", "others"),
    [
        ("mentee", "ask:ask", ["Ask", "Sessions", "Decide"]),
        ("mentor", "mentor:today", ["Today", "Ask", "Sessions", "Availability"]),
        ("manager", "program:home", ["Program", "Ask", "Sessions", "Profile"]),
        ("operator", "operate:health", ["Health", "Ask", "Sessions", "Profile"]),
    ],
)
def test_each_role_begins_at_its_first_word(client, everybody, role, first, others):
    client.force_login(everybody[role])
    assert client.get("/").url == reverse(first)
    assert [label for label, _ in words(client)] == others
    assert client.get(reverse(first)).status_code == 200


def test_the_word_of_the_page_is_marked_and_so_is_the_part_it_belongs_to(client, everybody):
    client.force_login(everybody["mentor"])
    assert dict(words(client, "/ask/"))["Ask"] == "page"
    assert dict(words(client, "/mentor/"))["Today"] == "page"
    assert [label for label, current in words(client, "/sessions/") if current] == ["Sessions"]


def test_who_is_not_signed_in_gets_one_way_in_and_no_words(client, commons):
    page = client.get("/")
    assert list(page.context["navigation"]) == []
    assert page.content.decode().count(reverse("people:sign_in")) == 2
