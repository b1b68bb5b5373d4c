"""A double press, a resend, a second tab: the same answer each time, and one effect."""

from __future__ import annotations

import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from tests.factories import MentorFactory, NeedFactory, PersonFactory, make_session

from quarterhour.core import clock
from quarterhour.core.models import Command, OutboxEvent
from quarterhour.needs.models import Need
from quarterhour.sessions.models import MentoringSession, Status

ALL_DAY = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
KEY = "0192f000-0000-4000-8000-000000000007"


@pytest.fixture
def soon():
    return (clock.now() + timedelta(days=1)).replace(minute=0, second=0, microsecond=0)


@pytest.fixture
def mentor(commons):
    return MentorFactory(org=commons, weekly=ALL_DAY, name="Amara Okafor")


@pytest.fixture
def booked(leila, mentor, commons, soon):
    return make_session(NeedFactory(mentee=leila, org=commons), mentor, soon)


@pytest.fixture
def asked(leila, mentor, commons, soon):
    session = make_session(NeedFactory(mentee=leila, org=commons), mentor, soon, status=Status.ASKED)
    MentoringSession.objects.within(commons).filter(pk=session.pk).update(answer_by=soon)
    return session


def presses(session, soon) -> dict:
    """What can be pressed on a session: who presses, where, what is sent, and what has happened then."""
    later = (soon + timedelta(hours=3)).isoformat()
    return {
        "move": (session.mentee, "move", {"start": later}, "SessionMoved"),
        "release": (session.mentee, "release", {"note": "I have to travel."}, "SessionCancelled"),
        "yes": (session.mentor, "answer", {"answer": "yes"}, "SessionConfirmed"),
        "no": (session.mentor, "answer", {"answer": "no", "note": "Not my topic"}, "SessionDeclined"),
    }


@pytest.fixture(params=["move", "release", "yes", "no"])
def pressed(request, soon):
    session = request.getfixturevalue("booked" if request.param in {"move", "release"} else "asked")
    return session, *presses(session, soon)[request.param]


def news() -> list[str]:
    return list(OutboxEvent.objects.values_list("name", flat=True))


def told(answer) -> str:
    """Where somebody is led, and what was said last."""
    return answer.url + str(list(answer.wsgi_request._messages)[-1])


def test_pressing_twice_answers_the_same_and_happens_once(client, pressed):
    session, who, name, sent, happened = pressed
    client.force_login(who)
    address = reverse(f"book:{name}", args=[session.pk])
    first, second = (client.post(address, sent | {"key": KEY}) for _ in range(2))

    assert (first.status_code, second.status_code) == (302, 302)
    assert told(first) == told(second)
    assert news() == [happened]


def test_the_same_key_with_other_words_is_refused_with_a_sentence(client, pressed, soon):
    session, who, name, sent, happened = pressed
    client.force_login(who)
    address = reverse(f"book:{name}", args=[session.pk])
    client.post(address, sent | {"key": KEY})
    other = {"start": (soon + timedelta(hours=5)).isoformat(), "note": "Something else", "answer": "yes"}
    refused = client.post(address, other | {"key": KEY})

    assert refused.status_code in {409, 422}
    assert "already sent" in refused.content.decode()
    assert news() == [happened]


def keys_on(client, who, address) -> list[str]:
    """The key of each form on a page that acts on a session; "" for one without."""
    client.force_login(who)
    page = client.get(address).content.decode()
    forms = re.findall(r'<form[^>]*action="/sessions/[^"]+/(?:move|release|answer)/".*?</form>', page, re.DOTALL)
    return [(re.findall(r'name="key" value="([0-9a-f-]{36})"', form) or [""])[0] for form in forms]


def all_differ(keys: list[str]) -> bool:
    return bool(keys) and all(keys) and len(set(keys)) == len(keys)


def test_what_is_booked_can_be_moved_and_released_with_a_key(client, booked, leila):
    assert all_differ(keys_on(client, leila, reverse("book:booked", args=[booked.pk])))


def test_what_is_asked_can_be_answered_with_a_key(client, asked, mentor):
    for page in ("book:booked", "mentor:brief"):
        assert all_differ(keys_on(client, mentor, reverse(page, args=[asked.pk])))
    assert all_differ(keys_on(client, mentor, reverse("mentor:today")))


@pytest.mark.parametrize("key", ["", "7", "\x00", "0" * 31, "é" * 36])
def test_a_key_that_is_none_is_refused_before_anything_happens(client, booked, leila, key):
    client.force_login(leila)
    answer = client.post(reverse("book:release", args=[booked.pk]), {"key": key})
    assert answer.status_code == 422
    assert "Reload the page" in answer.content.decode()
    booked.refresh_from_db()
    assert booked.status == Status.CONFIRMED


def ask_before_signing_in(client, leila) -> None:
    client.post(reverse("ask:ask"), {"text": "Should I take the lead role, or stay an engineer?"})
    kept = client.session["draft"]
    client.force_login(leila)
    session = client.session
    session["draft"] = kept
    session.save()


@pytest.fixture
def choice(mentor, soon):
    return {"mentor": str(mentor.pk), "start": soon.isoformat()}


def test_a_question_from_before_signing_in_is_stated_once(client, leila, commons, choice):
    ask_before_signing_in(client, leila)
    first, second = (client.post(reverse("match:hold_for_draft"), choice) for _ in range(2))

    assert (first.status_code, second.status_code) == (302, 302)
    assert first.url == second.url
    assert Need.objects.within(commons).count() == 1
    assert MentoringSession.objects.within(commons).filter(status=Status.HELD).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_presses_in_the_same_moment_state_it_once(client, leila, commons, choice):
    ask_before_signing_in(client, leila)
    cookie = client.cookies["session"].value

    def press(_) -> str:
        try:
            browser = Client()
            browser.cookies["session"] = cookie
            return browser.post(reverse("match:hold_for_draft"), choice).url
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as hands:
        answers = list(hands.map(press, range(4)))
    assert len(set(answers)) == 1
    assert Need.objects.within(commons).count() == 1


def test_a_key_says_nothing_to_somebody_else(client, booked, leila, commons):
    """The same key from another person is another command, and finds nothing here."""
    client.force_login(leila)
    client.post(reverse("book:release", args=[booked.pk]), {"key": KEY})
    client.force_login(PersonFactory(org=commons))
    assert client.post(reverse("book:release", args=[booked.pk]), {"key": KEY}).status_code == 404
    assert Command.objects.get(key=uuid.UUID(KEY)).person_key == str(leila.pk)


QUESTION = {"text": "Should I take the lead role, or stay an engineer?"}


def key_on_form(client, address) -> str:
    return re.search(r'name="key" value="([0-9a-f-]{36})"', client.get(address).content.decode()).group(1)


def test_a_question_sent_twice_is_one_question(client, leila, commons):
    client.force_login(leila)
    sent = QUESTION | {"key": key_on_form(client, reverse("ask:ask"))}
    first, second = (client.post(reverse("ask:ask"), sent) for _ in range(2))

    assert first.url == second.url
    assert Need.objects.within(commons).count() == 1
    assert news() == ["NeedStated"]


def test_another_question_from_the_same_page_is_asked_on_a_second_press(client, leila, commons):
    """Back in the browser, other words, sent again: the old key is refused, and the page brings a new one."""
    client.force_login(leila)
    client.post(reverse("ask:ask"), QUESTION | {"key": KEY})
    other = {"text": "How do I tell my team?"}
    refused = client.post(reverse("ask:ask"), other | {"key": KEY})
    page = refused.content.decode()

    assert refused.status_code == 422
    assert "already sent with other words" in page
    assert "How do I tell my team?" in page
    key = re.search(r'name="key" value="([0-9a-f-]{36})"', page).group(1)
    assert key != KEY
    assert client.post(reverse("ask:ask"), other | {"key": key}).status_code == 302
    assert Need.objects.within(commons).count() == 2


def test_a_change_sent_twice_is_one_change(client, leila, commons):
    need = NeedFactory(mentee=leila, org=commons)
    client.force_login(leila)
    address = reverse("ask:edit", args=[need.pk])
    sent = QUESTION | {"key": key_on_form(client, address), "version": "1"}
    first, second = (client.post(address, sent) for _ in range(2))

    assert first.status_code == second.status_code == 302
    assert first.url == second.url
    need.refresh_from_db()
    assert (need.text, need.version) == (QUESTION["text"], 2)
