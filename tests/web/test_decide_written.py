"""Answers in writing on the pages of a decision, and a decision on the page of an answer."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse
from tests.advice.deciding import YES, decide, laid, option, wrote
from tests.factories import NeedFactory

pytestmark = pytest.mark.django_db
SAID = "Put a date in the offer. " * 14


@pytest.fixture(autouse=True)
def morning(clock):
    return clock


@pytest.fixture
def decision(need, amara):
    made = decide(need)
    wrote(need, amara, SAID)
    return made


def at(decision, name="board", *more) -> str:
    return reverse(f"decide:{name}", args=[decision.pk, *more])


def read(client, who, address) -> str:
    client.force_login(who)
    return " ".join(client.get(address).content.decode().split())


def test_the_board_says_that_it_was_written_and_the_file_too(client, leila, decision):
    board = read(client, leila, at(decision))
    assert '<p class="tiny soft">In writing</p>' in board
    row = laid(decision)["Amara"]
    whole = read(client, leila, at(decision, "advice", row.pk))
    assert "What Amara wrote, and where it stands" in whole
    assert SAID.strip() in whole
    assert "### Amara Okafor, Director of engineering, in writing" in read(client, leila, at(decision, "markdown"))
    client.post(at(decision, "off", row.pk))
    assert laid(decision) == {}
    assert "Put it back" in read(client, leila, at(decision))


def test_an_answer_to_another_question_is_laid_by_one_press(client, leila, tomasz, decision, commons):
    ask = wrote(NeedFactory(mentee=leila, org=commons), tomasz, "Stay a year.")
    lay = at(decision, "lay_answer", ask.pk)
    assert lay in read(client, leila, at(decision))
    client.post(lay)
    assert laid(decision)["Tomasz"].text == "Stay a year."
    client.force_login(tomasz)
    assert client.post(lay).status_code == 404


def test_its_author_says_where_it_stands_from_the_page_of_their_answer(client, leila, amara, decision):
    row = laid(decision)["Amara"]
    answer = reverse("writing:answer", args=[row.answer_id])
    assert "is deciding" not in read(client, amara, answer)
    decision.advisers_place = True
    decision.save()
    place = at(decision, "advice", row.pk)
    assert place in read(client, amara, answer)
    assert answer in read(client, amara, place), "Not now leads back"
    form = {"key": uuid4(), "version": "1", "stance": f"{option(decision, YES).pk}:for"}
    assert client.post(place, form).url == answer
    assert laid(decision)["Amara"].placed_by == amara
