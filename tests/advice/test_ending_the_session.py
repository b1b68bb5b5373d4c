"""Both keep a card and have left: the session is over, and the rest of its time is theirs again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.factories import NeedFactory, make_session

from quarterhour.advice.services import CardWords, confirm_card, write_card
from quarterhour.core import outbox
from quarterhour.core.ids import uuid7
from quarterhour.notifications.models import SentMail
from quarterhour.sessions import services
from quarterhour.sessions.models import AttendanceEvent, MentoringSession, Status, TimeClaim

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
KINDS = AttendanceEvent.Kind


@pytest.fixture
def session(need, amara, now):
    return make_session(need, amara, now - 5 * MINUTE, status=Status.CONFIRMED, now=now - timedelta(days=1))


def seen(session, person, *kinds, now):
    tab = uuid7()
    for kind in kinds:
        AttendanceEvent.objects.create(
            org=session.org, session=session, person=person, kind=kind, connection=tab, at=now
        )


def keep_a_card(session, leila, amara, now):
    told = {"may_quote": False, "now": now}
    words = CardWords(insight="Ask for a review date.")
    card = write_card(session=session, by=leila, words=words, seen=0, held_on=now.date(), **told)
    confirm_card(card=card, by=amara, seen=card.version, **told)
    outbox.drain(now=now)
    session.refresh_from_db()
    return session


def test_both_are_free_again_from_then_on(session, leila, amara, commons, now):
    for person in (leila, amara):
        seen(session, person, KINDS.JOINED, KINDS.LEFT, now=now)
    assert keep_a_card(session, leila, amara, now).status == Status.ENDED
    assert session.ended_at == now
    claims = TimeClaim.objects.filter(session=session)
    assert [(c.during.lower, c.during.upper) for c in claims] == [(session.starts_at, now)] * 2

    again = NeedFactory(mentee=leila, org=commons, stated_at=now)
    booked = make_session(again, amara, now + MINUTE, status=Status.CONFIRMED, now=now)
    assert TimeClaim.objects.filter(session=booked).count() == 2
    assert not SentMail.objects.within(commons).filter(reason__contains="card").exists()


def test_whoever_is_in_the_room_talks_on(session, leila, amara, now):
    seen(session, leila, KINDS.JOINED, KINDS.LEFT, now=now)
    seen(session, amara, KINDS.JOINED, now=now)
    assert keep_a_card(session, leila, amara, now).status == Status.CONFIRMED


def test_one_word_is_not_enough(session, leila, now):
    write_card(
        session=session, by=leila, words=CardWords(insight="Yes."), seen=0, may_quote=False, held_on=now.date(), now=now
    )
    outbox.drain(now=now)
    session.refresh_from_db()
    assert session.status == Status.CONFIRMED


def test_what_the_clock_has_ended_stays_as_it_is(session, leila, amara, now):
    services.end(session=session, now=now)
    assert keep_a_card(session, leila, amara, now + MINUTE).ended_at == now
    assert MentoringSession.objects.within(session.org).get(pk=session.pk).status == Status.ENDED
