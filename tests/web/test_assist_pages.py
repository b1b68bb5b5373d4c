"""Meanwhile: what to think about while nobody is there, reached from the line and from where nobody fits."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.factories import NeedFactory

from quarterhour.assistant.models import Thoughts
from quarterhour.core import clock
from quarterhour.matching.now import line

TEXT = "Should I take the lead role?"


@pytest.fixture
def need(leila, commons, db):
    return NeedFactory(mentee=leila, org=commons, text=TEXT, kind="decide", tried="", good_outcome="")


@pytest.fixture
def named(settings):
    settings.ASSISTANT_URL = "https://models.example.org/v1/chat/completions"


def shown(client, need, **headers) -> str:
    client.force_login(need.mentee)
    return " ".join(client.get(reverse("assist:meanwhile", args=[need.pk]), headers=headers).content.decode().split())


def test_without_an_assistant_there_are_questions_and_what_could_still_be_said(client, need):
    page = shown(client, need)
    assert "What would have to be true for you to choose the other way?" in page
    assert "Say what you have tried, and mentors start where you are." in page
    assert "People for your question" in page
    assert "assistant" not in page


@pytest.mark.parametrize(("settled", "shown"), [([], False), (["kind"], True), (["topics"], False)])
def test_the_other_way_is_asked_for_where_there_is_one_or_somebody_said_so(client, leila, commons, settled, shown):
    text = "Where do I find the first ten customers?"
    need = NeedFactory(mentee=leila, org=commons, text=text, kind="decide", settled=settled)
    client.force_login(leila)
    page = client.get(reverse("assist:meanwhile", args=[need.pk])).content.decode()
    assert ("choose the other way" in page) is shown


def test_the_line_and_the_page_lead_to_each_other(client, need, leila):
    place = line.press(need=need, fits={}, minutes=25, by=leila, now=clock.now())
    client.force_login(leila)
    assert reverse("assist:meanwhile", args=[need.pk]) in client.get(f"/now/{place.pk}/").content.decode()
    assert f"/now/{place.pk}/" in shown(client, need)


def test_where_nobody_fits_the_way_leads_here(client, need):
    client.force_login(need.mentee)
    page = client.get(reverse("match:need", args=[need.pk])).content.decode()
    assert reverse("assist:meanwhile", args=[need.pk]) in page


def test_what_would_be_sent_stands_there_and_a_press_sends_it(client, need, named):
    page = shown(client, need)
    assert "These words go to models.example.org, without your name" in page
    assert page.count(TEXT) >= 2
    assert not Thoughts.objects.within(need.org_id).exists()

    client.post(reverse("assist:ask", args=[need.pk]))

    assert "models.example.org has your words." in shown(client, need)
    part = shown(client, need, **{"HX-Request": "true"})
    assert part.startswith('<section class="panel aid stack" id="assistant"')
    assert 'hx-trigger="every 2s"' in part


def test_what_a_machine_said_is_marked_and_drawn_as_text(client, need, named):
    now = clock.now()
    Thoughts.objects.create(
        org=need.org, need=need, version=need.version, asked_at=now, answered_at=now,
        words="<script>alert(1)</script>\nSleep.", questions=["<b>Why?</b>"],
    )  # fmt: skip
    page = shown(client, need)
    assert "A machine, not a mentor" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>Sleep." in page
    assert "&lt;b&gt;Why?&lt;/b&gt;" in page
    assert "<script>alert" not in page
    assert "every 2s" not in page


def test_a_press_where_there_is_no_assistant_says_so(client, need):
    client.force_login(need.mentee)
    answer = client.post(reverse("assist:ask", args=[need.pk]), follow=True)
    assert "There is no assistant here. Ask a person." in answer.content.decode()
