"""Things that happen to a session: held, booked, moved, released, over.

Each verb is one transaction with one event. The predicate of `engines.slots` that lists a time also
decides whether it may be held, booked or moved to; the exclusion constraint has the last word.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from quarterhour.availability.calendar_queries import is_busy_elsewhere
from quarterhour.core import audit, events
from quarterhour.core.errors import Changed, NotAllowed
from quarterhour.core.statements import send
from quarterhour.engines.attendance import Side
from quarterhour.engines.slots import Reason
from quarterhour.needs.models import Need
from quarterhour.people.models import Person
from quarterhour.sessions import (
    attendance,
    claims,
    early,
    first_yes,
    freedom,
    nearest,
    queries,
    quotas,
    rounds,
    rules,
    silence,
    usual,
    writing,
)
from quarterhour.sessions.events import (
    SessionAsked,
    SessionCancelled,
    SessionConfirmed,
    SessionDeclined,
    SessionEnded,
    SessionEvent,
    SessionMoved,
)
from quarterhour.sessions.freedom import SpanTaken
from quarterhour.sessions.models import MentoringSession, Status
from quarterhour.sessions.room import news

LEFT = timedelta(seconds=20)  # a page that is loaded anew is back long before


def hold(*, need: Need, mentor: Person, start: datetime, minutes: int, by: Person, now: datetime) -> MentoringSession:
    """Keep a time for ten minutes while the mentee decides. One hold a person: an earlier one is given back.

    Raises NotAllowed where a rule stands against it, SpanTaken with three other times if it is not free.
    """
    if by.pk == need.mentee_id:
        early.check(need, mentor, start, minutes, now=now)
    return _taken_or_others(need, mentor, start, minutes, by=by, now=now, at_once=False)


def book(*, need: Need, mentor: Person, start: datetime, minutes: int, by: Person, now: datetime) -> MentoringSession:
    """Book a time in one go, without holding it first; the same checks, the same errors as `hold` and `confirm`."""
    return _taken_or_others(need, mentor, start, minutes, by=by, now=now, at_once=True)


def _taken_or_others(need, mentor, start, minutes, *, by, now, at_once: bool) -> MentoringSession:
    if by.pk != need.mentee_id:
        raise NotAllowed("Only the person whose question it is can book a time for it.")
    try:
        return _take(need, mentor, start, minutes, now=now, at_once=at_once)
    except SpanTaken as taken:
        taken.starts = nearest.alternatives(
            None, mentor_id=mentor.pk, org=need.org_id, minutes=minutes, now=now, mentee=by, near=start,
            together=need.pk,
        )  # fmt: skip
        raise


@transaction.atomic
def _take(need: Need, mentor: Person, start: datetime, minutes: int, *, now: datetime, at_once: bool):
    """Take the time of both, held or for good: one message that locks and reads, one that writes."""
    mentee = need.mentee
    instead = [writing.making_way(need.pk, mentor.pk, now=now)] if at_once else []
    *let_go, terms, gone = send(
        *claims.locking(mentor.pk, mentee.pk),
        claims.forgetting(mentor.pk, mentee.pk, now=now),
        *instead,
        queries.asking_terms(
            mentor.pk, mentee_id=mentee.pk, org_id=need.org_id, need_id=need.pk, since=freedom.since(start)
        ),
        queries.asking_taken(
            [mentor.pk, mentee.pk], freedom.around(start), now=now, elsewhere=[mentor.pk], together=need.pk
        ),
    )
    terms = freedom.known(queries.terms_from(terms), mentor)
    rules.check_offers_time(terms, mentor, mentee, minutes=minutes, now=now)
    freedom.check_free(start, minutes, terms, queries.taken_from(gone), mentor=mentor, mentee=mentee, now=now)
    session = MentoringSession(
        org_id=need.org_id, need=need, mentor=mentor, mentee=mentee, created_at=now, changed_by=mentee,
        span=DateTimeTZRange(start, start + timedelta(minutes=minutes)),
    )  # fmt: skip
    if at_once:
        writing.tell_made_way(let_go[-1].rows, org_id=session.org_id, now=now)
        kind, changes = _booked_or_asked(terms, session, now=now)
        for name, value in changes.items():
            setattr(session, name, value)
        told = [events.written(kind(org_id=session.org_id, session_id=session.pk, sequence=0), now=now)]
    else:
        session.status, session.held_until = Status.HELD, now + timedelta(minutes=settings.POLICY["hold"])
        told = []
    before = [first_yes.letting_go(need.pk)] if session.status == Status.CONFIRMED else []
    *others, kept = send(*before, *told, claims.keeping(session))
    if kept.count != 2:  # noqa: PLR2004 - one claim for each of the two
        raise SpanTaken(freedom.taken_words(mentor, Reason.TAKEN))
    if before:
        first_yes.tell(others[0].rows, org_id=session.org_id, now=now)
    session._state.adding = False  # noqa: SLF001 - it is written
    return session


def _booked_or_asked(
    terms: queries.Terms, session: MentoringSession, *, now: datetime
) -> tuple[type[SessionEvent], dict]:
    """What a mentor's own choice makes of a booking: the news, and the columns. Raises TooManyAsks."""
    if not terms.asks_first:
        return SessionConfirmed, {"status": Status.CONFIRMED, "answer_by": None}
    quotas.check_may_ask(session, now=now)
    answer_by = min(now + timedelta(minutes=settings.POLICY["answer_within"]), session.starts_at)
    return SessionAsked, {"status": Status.ASKED, "answer_by": answer_by, "asked_at": now}


@transaction.atomic
def confirm(
    *, session: MentoringSession, by: Person, now: datetime, meets: str = "", where: str = ""
) -> MentoringSession:
    """Book the held time, or ask for it where the mentor answers requests themselves.

    meets, where: where the two meet, as `usual.place_of` reads it. Raises Invalid for an address that is none.
    Raises WrongState if the hold is gone, SpanTaken if the mentor became busy elsewhere meanwhile, TooManyAsks if
    three requests already wait.
    """
    session = _locked(session, by, still=Status.HELD)
    if by.pk != session.mentee_id:
        raise NotAllowed("Only the person who holds this time can book it.")
    if session.held_until <= now:
        raise rules.WrongState(
            "This time was held for ten minutes and then given back. Choose it again if it is still free."
        )
    if session.need_id:
        (let_go,) = send(writing.making_way(session.need_id, session.mentor_id, now=now))
        writing.tell_made_way(let_go.rows, org_id=session.org_id, now=now)
    terms = freedom.terms(session, session.starts_at)
    if is_busy_elsewhere(session.mentor_id, (session.starts_at, session.ends_at)):
        # Their calendar was read again while the time was held.
        raise SpanTaken(f"{session.mentor.called} is not free at that time any more. Your question is saved.")
    kind, changes = _booked_or_asked(terms, session, now=now)
    changes |= usual.place_of(session, meets, where)
    return _change(session, changes.pop("status"), kind, by=by, now=now, held_until=None, **changes)


@transaction.atomic
def accept(*, session: MentoringSession, by: Person, now: datetime) -> MentoringSession:
    """The mentor says yes. The first yes wins: whoever else has this question is let go and thanked."""
    session = _locked(session, by, still=Status.ASKED)
    if by.pk != session.mentor_id:
        raise NotAllowed("Only the person who was asked can say yes.")
    if session.answer_by and session.answer_by <= now:
        raise rules.WrongState("The time to answer is over, and this time is free again.")
    if queries.offered(session):
        raise rules.WrongState(f"You offered other times, and {session.mentee.first_name} chooses among them.")
    silence.heard(by.pk, org_id=session.org_id)
    return _change(session, Status.CONFIRMED, SessionConfirmed, by=by, now=now, answer_by=None)


@transaction.atomic
def decline(*, session: MentoringSession, by: Person, now: datetime, note: str = "") -> MentoringSession:
    """The mentor says no; the time is free again, and the mentee is told."""
    session = _locked(session, by)
    if by.pk != session.mentor_id:
        raise NotAllowed("Only the person who was asked can decline.")
    silence.heard(by.pk, org_id=session.org_id)
    return _change(session, Status.DECLINED, SessionDeclined, by=by, now=now, note=note[:400])


@transaction.atomic
def cancel(*, session: MentoringSession, by: Person, now: datetime, note: str = "") -> MentoringSession:
    """Release a booked or requested time, from either side. The other one is told at once.

    Raises WrongState once it is over.
    """
    session = _locked(session, by)
    if session.ends_at <= now and session.status in {Status.ASKED, Status.CONFIRMED}:
        raise rules.WrongState(rules.SAID[Status.ENDED])
    late = rules.is_late(session, by=by, now=now)
    session = _change(
        session,
        Status.CANCELLED,
        SessionCancelled,
        by=by,
        now=now,
        note=note[:400],
        sequence=session.sequence + 1,
        released_late=late,
    )
    audit.note(act="released", on=f"session {session.pk}", by=str(by.pk), org_id=session.org_id, now=now, late=late)
    return session


def move(*, session: MentoringSession, start: datetime, by: Person, now: datetime) -> MentoringSession:
    """Give the same session another time; it may overlap the old one.

    Raises SpanTaken with three other times, WrongState if it began or is over.
    """
    try:
        return _move(session, start, by, now)
    except SpanTaken as taken:
        taken.starts = nearest.alternatives(
            session, mentor_id=session.mentor_id, org=session.org_id, minutes=session.minutes, now=now,
            mentee=session.mentee, near=start,
        )  # fmt: skip
        raise


@transaction.atomic
def _move(session: MentoringSession, start: datetime, by: Person, now: datetime) -> MentoringSession:
    session = _locked(session, by)
    rules.check_is(session, Status.CONFIRMED)
    if session.starts_at <= now:
        raise rules.WrongState("It has begun. Talk now, or release it and book another time.")
    if start == session.starts_at:
        return session
    both = [session.mentor_id, session.mentee_id]
    claims.forget_holds(*both, now=now)
    terms = freedom.terms(session, start)
    if by.pk == session.mentee_id:
        rules.check_offers_time(terms, session.mentor, by, minutes=session.minutes, now=now)
    gone = queries.taken_time(both, freedom.around(start), now=now, but_for=session.pk, elsewhere=[session.mentor_id])
    freedom.check_free(start, session.minutes, terms, gone, mentor=session.mentor, mentee=session.mentee, now=now)
    span = (start, start + timedelta(minutes=session.minutes))
    claims.give_back(session.pk)
    if not claims.claim(session.pk, both, span):
        raise SpanTaken(freedom.taken_words(session.mentor, Reason.TAKEN))
    changes = {"span": DateTimeTZRange(*span), "sequence": session.sequence + 1}
    return _change(session, Status.CONFIRMED, SessionMoved, by=by, now=now, **changes)


def change_booked(session: MentoringSession, kind: type[SessionEvent], *, by: Person, now: datetime, **changes: object):
    """It is booked otherwise than it was, and calendars follow. For `longer` and `places`, which have locked it."""
    return _change(session, Status.CONFIRMED, kind, by=by, now=now, sequence=session.sequence + 1, **changes)


@transaction.atomic
def release(*, session: MentoringSession, by: Person, now: datetime) -> MentoringSession:
    """Give a held time back. Releasing twice is no mistake."""
    session = _locked(session, by)
    if by.pk != session.mentee_id:
        raise NotAllowed("Only the person who holds this time can give it back.")
    if session.status == Status.DROPPED:
        return session
    return _change(session, Status.DROPPED, None, by=by, now=now)


@transaction.atomic
def leave(*, session: MentoringSession, by: Person, now: datetime) -> datetime:
    """The page on which a time is held was left: it is given back soon, unless somebody comes back (a reload does).

    Returns until when it is held now. Raises WrongState if it is held no more.
    """
    return _hold_until(session, by, now, now + LEFT)


@transaction.atomic
def come_back(*, session: MentoringSession, by: Person, now: datetime) -> datetime:
    """The page is open, or open again: the hold lasts as long as it was meant to. Returns until when."""
    return _hold_until(session, by, now, None)


def _hold_until(session: MentoringSession, by: Person, now: datetime, until: datetime | None) -> datetime:
    session = _locked(session, by)
    if by.pk != session.mentee_id:
        raise NotAllowed("Only the person who holds this time can give it back.")
    rules.check_is(session, Status.HELD)
    if session.held_until <= now:
        raise rules.WrongState(rules.SAID[Status.DROPPED])
    meant = rules.held_at_most(session)
    if session.held_until > meant:
        return session.held_until  # a time that was offered, and is kept for longer than a chosen one
    session.held_until = min(meant, until) if until else meant
    session.save(update_fields=["held_until"])
    return session.held_until


@transaction.atomic
def end(*, session: MentoringSession, now: datetime, told: Collection[Side] = ()) -> MentoringSession:
    """The session is over, and how it was kept is judged. told: the sides that say that they met.

    Raises WrongState before it began.
    """
    session = _locked(session, None)
    if session.starts_at > now:
        raise rules.WrongState("It has not begun yet. Release it, if it does not suit any more.")
    return _over(session, now=now, told=told)


def _over(session: MentoringSession, *, now: datetime, told: Collection[Side] = ()) -> MentoringSession:
    session = _change(session, Status.ENDED, SessionEnded, by=None, now=now, ended_at=now)
    attendance.judge(session, now=now, told=told)
    return session


def expire(*, now: datetime) -> int:
    """Give back holds that ran out and requests nobody answered. Returns how many.

    People are locked before what is theirs, as in every press: the mentor's silence is counted in there.
    """
    people = {pk: both for pk, *both in queries.overdue(now).values_list("pk", "mentor", "mentee")[:500]}

    def close(pk: UUID) -> bool:
        claims.lock_people(*people[pk])
        rows = queries.overdue(now).select_for_update(of=("self",), no_key=True, skip_locked=True)
        session = rows.filter(pk=pk).first()
        if session is None:
            return False
        if session.status == Status.HELD:
            _change(session, Status.DROPPED, None, by=None, now=now)
        else:
            silence.ran_out(session, now=now)
            _change(session, Status.EXPIRED, SessionDeclined, by=None, now=now)
        return True

    return rounds.one_by_one(people, close, deed="Giving a time back")


def close_finished(*, now: datetime) -> int:
    """End the sessions whose room has closed. Returns how many."""
    people = {pk: both for pk, *both in queries.finished(now).values_list("pk", "mentor", "mentee")[:500]}

    def close(pk: UUID) -> bool:
        claims.lock_people(*people[pk])
        rows = queries.finished(now).select_for_update(of=("self",), no_key=True, skip_locked=True)
        session = rows.select_related("mentor", "mentee").filter(pk=pk).first()
        if session is not None:
            _over(session, now=now)
        return session is not None

    return rounds.one_by_one(people, close, deed="Ending a session")


def _locked(session: MentoringSession, by: Person | None, *, still: Status | None = None) -> MentoringSession:
    """The session as it is now, under the locks of its two people. Raises NotFound for strangers.

    still: the state in which it has to be, or WrongState. Nothing comes back to a state it has left, so whoever read it
    in another one is told at once, without waiting for the locks of those who were quicker.
    Its key is not locked: that a request was read may be written meanwhile, see `asking.note_read`.
    """
    if by is not None:
        rules.check_party(by, session)
    if still is not None:
        rules.check_is(session, still)
    claims.lock_people(session.mentor_id, session.mentee_id)
    rows = MentoringSession.objects.within(session.org_id).select_for_update(of=("self",), no_key=True)
    session = rows.select_related("mentor", "mentee").get(pk=session.pk)
    if still is not None:
        rules.check_is(session, still)
    return session


def _change(
    session: MentoringSession,
    to: str,
    kind: type[SessionEvent] | None,
    *,
    by: Person | None,
    now: datetime,
    **changes: object,
) -> MentoringSession:
    """The one way from state to state: checked, counted, told."""
    rules.check_follows(session, to)
    if to == Status.CONFIRMED and session.status != Status.CONFIRMED:
        first_yes.make_way(session, now=now)
    seen = session.version
    changes |= {"status": to, "version": seen + 1, "changed_by": by}
    rows = MentoringSession.objects.within(session.org_id).filter(pk=session.pk, version=seen)
    if rows.update(**changes) != 1:
        raise Changed("Somebody, or another tab, was quicker. Reload the page to see how things stand.")
    if to not in {Status.HELD, Status.ASKED, Status.CONFIRMED, Status.ENDED}:
        claims.give_back(session.pk)
    for name, value in changes.items():
        setattr(session, name, value)
    if kind is not None:
        events.publish(kind(org_id=session.org_id, session_id=session.pk, sequence=session.sequence), now=now)
        news.tell(session.pk, to)
    return session
