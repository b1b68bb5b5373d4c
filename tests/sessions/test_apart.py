"""Two people who never meet again: nothing can be booked between them, and what they had before them is let go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.factories import NeedFactory, PersonFactory, make_session
from tests.notifications.conftest import deliver
from tests.notifications.reading import bodies

from quarterhour.advice.queries import waiting_for
from quarterhour.advice.services import CardWords, write_card
from quarterhour.core.errors import NotAllowed, NotFound
from quarterhour.core.models import AuditEntry
from quarterhour.people.services import block as block_alone
from quarterhour.sessions import apart, services
from quarterhour.sessions.models import Status, TimeClaim
from quarterhour.sessions.room import door
from quarterhour.sessions.rules import WrongState

pytestmark = pytest.mark.django_db

AT_TEN = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)
SIDES = pytest.mark.parametrize("by_mentor", [False, True], ids=["the mentee blocks", "the mentor blocks"])

__all__ = ["deliver"]  # the fixture


def part(mentee, mentor, commons, now, *, by_mentor: bool) -> None:
    by, other = (mentor, mentee) if by_mentor else (mentee, mentor)
    apart.block(other=other, by=by, org=commons, now=now)


@SIDES
def test_nothing_can_be_held_or_booked_and_nobody_is_told_why(need, leila, amara, commons, now, by_mentor):
    part(leila, amara, commons, now, by_mentor=by_mentor)
    for verb in (services.hold, services.book):
        with pytest.raises(NotAllowed) as refused:
            verb(need=need, mentor=amara, start=AT_TEN, minutes=25, by=leila, now=now)
        assert refused.value.told == "Amara Okafor does not offer time here. Your question is saved."
    assert not TimeClaim.objects.exists()


def test_the_refusal_is_word_for_word_that_of_somebody_who_never_offered_time(need, leila, amara, commons, now):
    with pytest.raises(NotAllowed) as never:
        services.book(need=need, mentor=PersonFactory(name="Amara Okafor", org=commons), start=AT_TEN, minutes=25,
                      by=leila, now=now)  # fmt: skip
    part(leila, amara, commons, now, by_mentor=True)
    with pytest.raises(NotAllowed) as kept_apart:
        services.book(need=need, mentor=amara, start=AT_TEN, minutes=25, by=leila, now=now)
    assert (kept_apart.value.told, kept_apart.value.code) == (never.value.told, never.value.code)


def test_others_are_booked_as_before(need, leila, amara, commons, now):
    part(PersonFactory(org=commons), amara, commons, now, by_mentor=True)
    session = services.book(need=need, mentor=amara, start=AT_TEN, minutes=25, by=leila, now=now)
    assert session.status == Status.CONFIRMED


@SIDES
def test_a_hold_that_was_made_before_cannot_be_booked_nor_a_session_moved(need, leila, amara, commons, now, by_mentor):
    """Even where nothing was let go, as when the row came from elsewhere."""
    by, other = (amara, leila) if by_mentor else (leila, amara)
    held = make_session(need, amara, AT_TEN, status=Status.HELD)
    held.held_until = now + timedelta(minutes=9)
    held.save(update_fields=["held_until"])
    tomorrow = make_session(need, amara, AT_TEN + timedelta(days=1))
    block_alone(other=other, by=by, org=commons, now=now)
    with pytest.raises(NotAllowed, match="does not offer time here"):
        services.confirm(session=held, by=leila, now=now)
    for mover in (leila, amara):
        with pytest.raises(NotAllowed, match="does not offer time here"):
            services.move(session=tomorrow, start=AT_TEN + timedelta(days=1, hours=1), by=mover, now=now)


@SIDES
@pytest.mark.parametrize(
    ("status", "ahead", "after"),
    [
        (Status.HELD, 1, Status.DROPPED),
        (Status.CONFIRMED, 1, Status.CANCELLED),
        (Status.CONFIRMED, 0, Status.ENDED),  # it runs
        (Status.CONFIRMED, -1, Status.ENDED),  # it is over, and the room is open still
        (Status.ENDED, -24, Status.ENDED),
    ],
)
def test_what_they_had_before_them_is_let_go(need, leila, amara, commons, now, by_mentor, status, ahead, after):
    start = now + timedelta(hours=ahead) if ahead > 0 else now - timedelta(minutes=5 if not ahead else -ahead * 30)
    session = make_session(need, amara, start, status=status)
    part(leila, amara, commons, now, by_mentor=by_mentor)
    session.refresh_from_db()
    assert session.status == after
    assert session.note == ""
    if after in {Status.DROPPED, Status.CANCELLED}:
        assert not TimeClaim.objects.filter(session=session).exists()


@SIDES
def test_a_request_is_declined_or_taken_back_as_always(need, leila, tomasz, commons, now, by_mentor):
    session = make_session(need, tomasz, AT_TEN, status=Status.ASKED)
    part(leila, tomasz, commons, now, by_mentor=by_mentor)
    session.refresh_from_db()
    assert session.status == (Status.DECLINED if by_mentor else Status.CANCELLED)


@SIDES
def test_sessions_with_others_stay(need, leila, amara, tomasz, commons, now, by_mentor):
    stays = make_session(need, tomasz, AT_TEN)
    part(leila, amara, commons, now, by_mentor=by_mentor)
    stays.refresh_from_db()
    assert stays.status == Status.CONFIRMED


@SIDES
def test_the_mail_is_the_one_that_is_sent_for_every_release(need, leila, amara, commons, now, deliver, by_mentor):
    services.book(need=need, mentor=amara, start=AT_TEN, minutes=25, by=leila, now=now)
    deliver()
    part(leila, amara, commons, now, by_mentor=by_mentor)
    mails = deliver()
    assert set(mails) == {"leila@town.example", "amara@town.example"}
    who = "Amara" if by_mentor else "Leila"
    told = bodies(mails["leila@town.example" if by_mentor else "amara@town.example"])["text/plain"]
    assert f"{who} released it." in told
    assert "block" not in told.lower()


def test_nobody_is_asked_for_a_card_with_somebody_they_never_meet(need, leila, amara, commons, now, deliver):
    make_session(need, amara, now - timedelta(minutes=5))
    part(leila, amara, commons, now, by_mentor=False)
    assert deliver() == {}


def test_a_card_is_no_way_to_reach_somebody(need, leila, amara, commons, now):
    session = make_session(need, amara, now - timedelta(hours=2), status=Status.ENDED)
    words = {"seen": 0, "may_quote": False, "held_on": now.date(), "now": now}
    write_card(session=session, by=leila, words=CardWords(insight="Ask first."), **words)
    assert len(waiting_for(amara, org=commons)) == 1
    part(leila, amara, commons, now, by_mentor=True)
    assert waiting_for(amara, org=commons) == []
    for by in (leila, amara):
        with pytest.raises(WrongState, match="can no longer be changed"):
            write_card(session=session, by=by, words=CardWords(insight="You cannot hide."), **words | {"seen": 1})


@SIDES
def test_the_room_shows_both_out(need, leila, amara, commons, now, by_mentor):
    session = make_session(need, amara, now - timedelta(minutes=5))
    visits = [door.Visit(session, each, "", each.get_session_auth_hash()) for each in (leila, amara)]
    assert [door.why_not(v, door.sessions_behind([session.pk])[session.pk], logins=set(), now=now) for v in visits] == [
        None, None
    ]  # fmt: skip
    part(leila, amara, commons, now, by_mentor=by_mentor)
    after = door.sessions_behind([session.pk])[session.pk]
    assert {door.why_not(v, after, logins=set(), now=now).told for v in visits} == {"This session is over."}


def test_a_room_is_told_at_once(need, leila, amara, commons, now, monkeypatch):
    session = make_session(need, amara, now - timedelta(minutes=5))
    told = []
    monkeypatch.setattr(services.news, "tell", lambda pk, kind: told.append((pk, kind)))
    part(leila, amara, commons, now, by_mentor=False)
    assert told == [(session.pk, Status.ENDED)]


def test_nothing_is_written_about_it_but_who_did_it_to_whom(need, leila, amara, commons, now):
    make_session(need, amara, AT_TEN)
    part(leila, amara, commons, now, by_mentor=False)
    assert set(AuditEntry.objects.values_list("act", flat=True)) == {"blocked", "released"}


def test_a_timer_that_was_quicker_stops_nothing(need, leila, amara, commons, now, monkeypatch):
    over = make_session(need, amara, AT_TEN)
    known = apart.before_them(amara, leila, now=now)
    services.cancel(session=over, by=leila, now=now)
    monkeypatch.setattr(apart, "before_them", lambda *_, **__: known)
    assert apart.block(other=amara, by=leila, org=commons, now=now) == []


# --- whom one may block ----------------------------------------------------------------------------


def test_one_may_block_who_offers_time_and_whom_one_met(need, leila, amara, commons):
    make_session(need, amara, AT_TEN)
    assert apart.known_to(leila, amara.pk, org=commons) == amara
    assert apart.known_to(amara, leila.pk, org=commons) == leila


def test_nobody_learns_by_a_key_who_is_here(leila, amara, commons, now):
    fellow = PersonFactory(org=commons)
    for unknown in (fellow.pk, leila.pk, NeedFactory(mentee=fellow, org=commons).pk):
        with pytest.raises(NotFound):
            apart.known_to(leila, unknown, org=commons)
    block_alone(other=leila, by=amara, org=commons, now=now)
    with pytest.raises(NotFound):
        apart.known_to(leila, amara.pk, org=commons)
