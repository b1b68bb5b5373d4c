"""Mails about questions in writing, and the link that answers: by a press, once, for the one it was written to."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from tests.factories import MentorFactory
from tests.notifications.reading import bodies

from quarterhour.core.models import SingleUseLink
from quarterhour.notifications import notices
from quarterhour.notifications.models import Notice, SentMail
from quarterhour.sessions import apart, writing
from quarterhour.sessions.writing_models import WrittenAsk

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _at_nine(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def asked(need, tomasz, now):
    return writing.ask_in_writing(need=need, mentor=tomasz, by=need.mentee, now=now)


def words(message) -> str:
    return " ".join(bodies(message)["text/plain"].split())


def link_in(message) -> str:
    return next(word for word in words(message).split() if "/by-mail/in-writing/" in word)


def stands(ask) -> str:
    return WrittenAsk.objects.within(ask.org_id).get(pk=ask.pk).state


def test_a_day_without_an_answer_reminds_once_and_not_at_night(asked, tomasz, now, deliver):
    deliver()
    assert writing.nudge(now=now + timedelta(hours=23)) == 0

    assert [writing.nudge(now=now + DAY), writing.nudge(now=now + DAY)] == [1, 0]
    with time_machine.travel(now + DAY, tick=False):
        told = deliver()[tomasz.email]
    assert "Leila still waits for a few words" in str(told["Subject"])
    assert "We remind you this once." in words(told)

    with time_machine.travel(now + DAY, tick=False):
        Client().post(link_in(told), {"act": "answer", "answer": "A review date."})
    assert stands(asked) == "answered"


def test_nobody_is_reminded_of_what_is_answered_or_over(asked, tomasz, now):
    writing.decline(ask=asked, by=tomasz, now=now)

    assert writing.nudge(now=now + DAY) == 0


def test_from_mail_to_mail_and_to_whether_it_helped(asked, tomasz, leila, deliver):
    mail = deliver()[tomasz.email]
    assert "Leila asks you in writing" in str(mail["Subject"])
    assert "Should I say yes now" in words(mail)
    page = Client().get(link_in(mail)).content.decode()
    assert "Opened from your mail, Tomasz" in page
    assert stands(asked) == "asked"

    done = Client().post(link_in(mail), {"act": "answer", "answer": "A review date.", "would_talk": "yes"})
    assert (done.status_code, "Leila has your answer now." in done.content.decode()) == (200, True)

    told = deliver()
    assert set(told) == {leila.email}
    assert "Tomasz answered" in str(told[leila.email]["Subject"])
    assert "A review date." in words(told[leila.email])
    assert "Tomasz would also talk about it." in words(told[leila.email])
    assert f"/sessions/asked/{asked.need_id}/" in words(told[leila.email])
    assert f"/match/{asked.need_id}/#m-{tomasz.pk}" in words(told[leila.email])


def test_a_press_sent_twice_is_told_the_same_and_another_one_is_refused(asked, tomasz, deliver):
    link = link_in(deliver()[tomasz.email])
    for _ in range(2):
        assert Client().post(link, {"act": "answer", "answer": "Yes."}).status_code == 200
    assert Client().post(link, {"act": "answer", "answer": "No."}).status_code == 410
    assert Client().get(link).status_code == 410
    assert WrittenAsk.objects.within(asked.org_id).get(pk=asked.pk).answer == "Yes."


def test_an_empty_answer_leaves_the_link_as_it_was(asked, tomasz, deliver):
    link = link_in(deliver()[tomasz.email])
    for text in ("", "\x00", "z" * 10_001):
        assert Client().post(link, {"act": "answer", "answer": text}).status_code == 422
    assert Client().post(link, {"act": "no", "why": "time"}).status_code == 200
    assert stands(asked) == "declined"


def test_a_no_and_silence_are_told_kindly(need, tomasz, leila, commons, now, deliver):
    first = writing.ask_in_writing(need=need, mentor=tomasz, by=leila, now=now)
    writing.decline(ask=first, by=tomasz, now=now, note="Not my topic")
    mail = deliver()[leila.email]
    assert "Tomasz cannot answer this time." in words(mail)
    assert "Not my topic" not in words(mail)

    writing.ask_in_writing(need=need, mentor=MentorFactory(org=commons, name="Ruth Abrams"), by=leila, now=now)
    deliver()
    writing.expire(now=now + 2 * DAY)
    with time_machine.travel(now + 2 * DAY, tick=False):
        told = deliver(now + 2 * DAY)
    assert "Ruth did not answer in time." in words(told[leila.email])


def test_what_was_taken_back_before_it_was_sent_is_not_sent(asked, leila, now, deliver):
    writing.take_back(ask=asked, by=leila, now=now)
    assert deliver() == {}
    assert SentMail.objects.within(asked.org_id).count() == 0


def test_a_link_says_so_once_it_is_over(asked, tomasz, leila, now, deliver):
    link = link_in(deliver()[tomasz.email])
    writing.take_back(ask=asked, by=leila, now=now)
    refused = Client().get(link)
    assert refused.status_code == 410
    assert "This question was taken back. There is nothing left for this link to do." in refused.content.decode()
    late = Client().post(link, {"act": "answer", "answer": "A review date."})
    assert late.status_code == 410
    assert "A review date." in late.content.decode()
    assert "Leila" not in late.content.decode()
    assert SingleUseLink.objects.filter(purpose="in-writing", used_at=None).count() == 1


def test_nobody_writes_to_somebody_they_are_kept_apart_from(asked, tomasz, leila, commons, now, deliver):
    link = link_in(deliver()[tomasz.email])
    apart.block(other=tomasz, by=leila, org=commons, now=now)
    assert Client().post(link, {"act": "answer", "answer": "Yes."}).status_code == 410
    assert deliver() == {}


def test_news_comes_once_however_often_it_is_told(asked, tomasz, deliver, now):
    from quarterhour.notifications.writing import ask_the_mentor
    from quarterhour.sessions.events import WrittenAsked

    assert set(deliver()) == {tomasz.email}
    ask_the_mentor(WrittenAsked(org_id=asked.org_id, written_id=asked.pk), now=now)
    assert deliver() == {}


@pytest.mark.parametrize("reason", ["written", "written-answer"])
def test_a_notice_says_the_same_in_short(asked, tomasz, leila, now, reason):
    reader = tomasz if reason == "written" else leila
    row = Notice(org_id=asked.org_id, person=reader, reason=f"{reason} {asked.pk} 0", channel="push", target=reader.pk)
    if reason == "written-answer":
        assert notices.note_for(row, now=now) is None
        writing.answer(ask=asked, text="Yes.", by=tomasz, now=now)
    note = notices.note_for(row, now=now)
    assert note.type == ("writing.asked" if reason == "written" else "writing.answered")
    assert note.url.endswith(f"/in-writing/{asked.pk}/" if reason == "written" else f"/sessions/asked/{asked.need_id}/")
    assert note.data["with"] == ("Leila Haddad" if reason == "written" else tomasz.called)
