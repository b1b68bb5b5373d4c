"""What may come of a request besides a plain yes or no: other times, somebody better, a nudge, that it was read.

A request stays one row in the state `asked` until it is answered. While other times are offered it is the mentee's
turn: all of them are kept, and the mentor's own "yes" is refused until the mentee has chosen.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from quarterhour.availability.calendar_queries import is_busy_elsewhere
from quarterhour.core import events
from quarterhour.core.errors import Invalid, NotAllowed
from quarterhour.engines.slots import Reason
from quarterhour.people.models import Person
from quarterhour.people.queries import is_blocked
from quarterhour.sessions import claims, freedom, nearest, queries, rules, services, silence
from quarterhour.sessions.events import SessionAsked, SessionConfirmed, SessionNudged, SessionOffered, SessionPassed
from quarterhour.sessions.freedom import SpanTaken
from quarterhour.sessions.models import Ask, MentoringSession, Status
from quarterhour.sessions.room import news

MOST_TIMES = 3
A_BATCH = 500


class AlreadyOffered(rules.WrongState):
    """Other times were offered once; now the mentee chooses."""


# --- other times -------------------------------------------------------------------------------------


@transaction.atomic
def offer_times(
    *, session: MentoringSession, starts: Sequence[datetime], by: Person, now: datetime, words: str = ""
) -> MentoringSession:
    """The mentor cannot at that time, and offers up to three of their own free ones. Each is kept for the mentee, so
    that a press on it books it; the mentee's own hours are taken for the first alone. The time asked for is free again.

    The mentee has a day to choose, if the first of the times does not come sooner. Raises SpanTaken if one of them is
    not free for both, AlreadyOffered the second time.
    """
    session = _open(session, by, now)
    if by.pk != session.mentor_id:
        raise NotAllowed("Only the person who was asked can offer other times.")
    if queries.offered(session):
        raise AlreadyOffered(f"You offered other times already. {session.mentee.first_name} chooses among them.")
    chosen = list(dict.fromkeys(starts))
    if not chosen:
        raise Invalid("Choose one time at least.")
    if len(chosen) > MOST_TIMES:
        raise Invalid("Three times are enough to choose from. Take one away.")
    if session.starts_at in chosen:
        raise Invalid("That is the time you were asked for. Say yes to it, or choose others.")
    claims.forget_run_out(session.mentor_id, session.mentee_id, now=now)
    for start in chosen:
        _check(session, start, freedom.terms(session, start), now=now)
    _take(session, chosen[0])
    for start in chosen[1:]:
        _keep_too(session, start)
    silence.heard(by.pk, org_id=session.org_id)
    lasts = now + timedelta(minutes=settings.POLICY["offer_lasts"])
    told = {"org_id": session.org_id, "offered": chosen, "offered_at": now, "words": words[:400]}
    Ask.objects.within(session.org_id).update_or_create(session=session, defaults=told)
    changes = {"span": session.span, "answer_by": min(max(lasts, session.answer_by or lasts), chosen[0])}
    return _keep(session, SessionOffered, changes, by=by, now=now)


def choose_time(*, session: MentoringSession, start: datetime, by: Person, now: datetime) -> MentoringSession:
    """The mentee takes one of the times the mentor offered: booked, and whoever else has the question is thanked.

    It is kept for them, so only three things can stand in the way: it is over, the mentor's calendar of elsewhere, and
    what the mentee did with their own hour. Raises SpanTaken then, with three other times of this mentor, and all stays
    as it was; Invalid for a time that was not offered, see `ask_for`.
    """
    return _or_others(_choose, session, start, by, now)


@transaction.atomic
def _choose(session: MentoringSession, start: datetime, by: Person, now: datetime) -> MentoringSession:
    session = _mine_to_choose(session, by, now)
    if start not in queries.offered(session):
        raise Invalid("That is none of the times that were offered. Choose one of those shown.")
    if start <= now:
        raise SpanTaken("That time is over. Choose another one.")
    if is_busy_elsewhere(session.mentor_id, (start, start + timedelta(minutes=session.minutes))):
        raise SpanTaken(f"{session.mentor.called} is not free at that time any more.")
    claims.forget_holds(session.mentor_id, session.mentee_id, now=now)
    _take(session, start)
    changes = {"answer_by": None, "span": session.span}
    return services._change(session, Status.CONFIRMED, SessionConfirmed, by=by, now=now, **changes)  # noqa: SLF001


def ask_for(*, session: MentoringSession, start: datetime, by: Person, now: datetime) -> MentoringSession:
    """The mentee asks for another of the mentor's free times, where the one they pressed is gone: it is the mentor's
    turn again, and what else was offered is theirs again. The same request, which counts once; for this time it is
    neither read nor called to mind yet.

    Raises SpanTaken for one that is not free, with three others; NotAllowed where the mentor is away or gives no time.
    """
    return _or_others(_ask_for, session, start, by, now)


@transaction.atomic
def _ask_for(session: MentoringSession, start: datetime, by: Person, now: datetime) -> MentoringSession:
    session = _mine_to_choose(session, by, now)
    if not queries.offered(session):
        raise rules.WrongState(f"{session.mentor.first_name} was asked already, and has not answered yet.")
    terms = freedom.terms(session, start)
    rules.check_offers_time(terms, session.mentor, by, minutes=session.minutes, now=now)
    claims.forget_holds(session.mentor_id, session.mentee_id, now=now)
    _check(session, start, terms, now=now)
    _take(session, start)
    anew = {"offered": [], "offered_at": None, "words": "", "read_at": None, "nudged_at": None}
    Ask.objects.within(session.org_id).filter(session=session).update(**anew)
    answer_by = min(now + timedelta(minutes=settings.POLICY["answer_within"]), start)
    changes = {"span": session.span, "asked_at": now, "answer_by": answer_by, "sequence": session.sequence + 1}
    return _keep(session, SessionAsked, changes, by=by, now=now)


def _or_others(take, session: MentoringSession, start: datetime, by: Person, now: datetime) -> MentoringSession:
    """Take this start, or have the refusal carry three other times of this mentor, none of them offered already."""
    try:
        return take(session, start, by, now)
    except SpanTaken as taken:
        taken.starts = nearest.alternatives(
            session, mentor_id=session.mentor_id, org=session.org_id, minutes=session.minutes, now=now,
            mentee=session.mentee, near=start, together=session.need_id, known=queries.offered(session),
        )  # fmt: skip
        raise


def _mine_to_choose(session: MentoringSession, by: Person, now: datetime) -> MentoringSession:
    session = _open(session, by, now)
    if by.pk != session.mentee_id:
        raise NotAllowed("Only the person whose question it is chooses among the times.")
    return session


# --- somebody better ---------------------------------------------------------------------------------


@transaction.atomic
def pass_on(*, session: MentoringSession, to: Person, by: Person, now: datetime, words: str = "") -> MentoringSession:
    """The mentor names somebody better. The question is not shown to them: its owner decides by a press.

    The time asked for is free again. Raises NotAllowed for somebody who may not be asked.
    """
    session = _open(session, by, now)
    if by.pk != session.mentor_id:
        raise NotAllowed("Only the person who was asked can pass the question on.")
    check_can_be_asked(session, to, now=now)
    silence.heard(by.pk, org_id=session.org_id)
    told = {"org_id": session.org_id, "passed_to": to, "words": words[:400]}
    Ask.objects.within(session.org_id).update_or_create(session=session, defaults=told)
    return services._change(session, Status.DECLINED, SessionPassed, by=by, now=now)  # noqa: SLF001


def check_can_be_asked(session: MentoringSession, to: Person, *, now: datetime) -> None:
    """Raises NotAllowed unless this question may be passed to `to`: somebody who offers time here now, kept apart from
    neither of the two, who has not had the question yet.
    """
    if to.pk in {session.mentor_id, session.mentee_id}:
        raise NotAllowed("Choose somebody else: neither yourself, nor the person who asks.")
    given = {"mentee_id": session.mentee_id, "org_id": session.org_id, "need_id": session.need_id}
    terms = queries.terms_of(to.pk, **given, since=freedom.since(now))
    if is_blocked(session.mentor, to):
        terms = None
    away = terms is not None and terms.paused_until and terms.paused_until > now.date()
    if terms is None or not terms.is_active or terms.barred or not terms.is_mentor or away or terms.hours is None:
        raise NotAllowed(f"{to.called} cannot be asked at the moment. Choose somebody else.")
    if to.pk in had_it(session):
        raise NotAllowed(f"{to.called} has had this question already. Choose somebody else.")


def had_it(session: MentoringSession) -> set:
    """The keys of everybody this question was asked of, or who was booked for it."""
    if session.need_id is None:
        return {session.mentor_id}
    rows = MentoringSession.objects.within(session.org_id).filter(need=session.need_id)
    return set(rows.exclude(status__in=[Status.DROPPED, Status.HELD]).values_list("mentor_id", flat=True))


def ask_instead(*, session: MentoringSession, start: datetime, minutes: int, by: Person, now: datetime):
    """The mentee agrees: the question goes to the person it was passed to, for one of their free times.

    Booked at once where they confirm at once. Raises NotAllowed where nobody was named, SpanTaken like `services.book`.
    """
    if by.pk != session.mentee_id or session.need is None:
        raise NotAllowed("Only the person whose question it is can ask somebody else.")
    ask = Ask.objects.within(session.org_id).filter(session=session).select_related("passed_to").first()
    if ask is None or ask.passed_to is None:
        raise NotAllowed("Nobody was named for this question. Choose somebody yourself.")
    return services.book(need=session.need, mentor=ask.passed_to, start=start, minutes=minutes, by=by, now=now)


# --- read, and nudged --------------------------------------------------------------------------------


def note_read(sessions: Sequence[MentoringSession], *, by: Person, now: datetime) -> None:
    """The mentor, signed in, sees these requests: kept the first time, for the mentee to see."""
    asked = [each for each in sessions if each.mentor_id == by.pk and each.status == Status.ASKED]
    unread = [each for each in asked if not (hasattr(each, "ask") and each.ask.read_at)]
    rows = [Ask(org_id=each.org_id, session_id=each.pk, read_at=now) for each in unread]
    if rows:
        Ask.objects.bulk_create(rows, ignore_conflicts=True)
        because = "requests of several organisations may stand on one page"
        known = Ask.objects.of_every_tenant(because=because).filter(session__in=[each.pk for each in unread])
        known.filter(read_at=None).update(read_at=now)


def nudge(*, now: datetime) -> int:
    """Remind the mentors of requests that wait for a day, each exactly once. Returns how many."""
    done = 0
    for pk in list(_to_nudge(now).values_list("pk", flat=True)[:A_BATCH]):
        with transaction.atomic():
            rows = _to_nudge(now).select_for_update(of=("self",), no_key=True, skip_locked=True)
            session = rows.filter(pk=pk).first()
            if session is None:
                continue
            told = {"org_id": session.org_id, "nudged_at": now}
            Ask.objects.within(session.org_id).update_or_create(session=session, defaults=told)
            events.publish(
                SessionNudged(org_id=session.org_id, session_id=session.pk, sequence=session.sequence), now=now
            )
            done += 1
    return done


def _to_nudge(now: datetime):
    """Requests a day old that nobody answered, whose mentor was not reminded, and in whose hands they still are."""
    everywhere = MentoringSession.objects.of_every_tenant(because="timers run for every organisation")
    since = now - timedelta(minutes=settings.POLICY["nudge_after"])
    waiting = everywhere.filter(status=Status.ASKED, asked_at__lte=since, answer_by__gt=now)
    return waiting.exclude(ask__nudged_at__isnull=False).exclude(ask__offered_at__isnull=False).order_by("asked_at")


# --- shared ------------------------------------------------------------------------------------------


def _open(session: MentoringSession, by: Person, now: datetime) -> MentoringSession:
    """The request under the locks of its two, still to be answered. Raises WrongState."""
    session = services._locked(session, by)  # noqa: SLF001
    rules.check_is(session, Status.ASKED)
    if session.answer_by and session.answer_by <= now:
        raise rules.WrongState("The time to answer is over, and this time is free again.")
    return session


def _check(session: MentoringSession, start: datetime, terms: queries.Terms, *, now: datetime) -> None:
    """Raises SpanTaken unless this start is free for both, this request and the others of its question left out."""
    both = [session.mentor_id, session.mentee_id]
    given = {"but_for": session.pk, "elsewhere": [session.mentor_id], "together": session.need_id}
    gone = queries.taken_time(both, freedom.around(start), now=now, **given)
    freedom.check_free(start, session.minutes, terms, gone, mentor=session.mentor, mentee=session.mentee, now=now)


def _take(session: MentoringSession, start: datetime) -> None:
    """Give the old time back and take the new one, still together with the other requests of the question."""
    span = (start, start + timedelta(minutes=session.minutes))
    claims.give_back(session.pk)
    names = {session.mentor_id: session.pk, session.mentee_id: session.need_id}
    if not claims.claim(session.pk, names, span, together=names):
        raise SpanTaken("One of you is booked for that time by now. The request stays as it was.")
    session.span = DateTimeTZRange(*span)


def _keep_too(session: MentoringSession, start: datetime) -> None:
    """Keep one more time of the mentor's for this request. Times of one request may overlap each other."""
    names = {session.mentor_id: session.pk}
    if not claims.claim(session.pk, names, (start, start + timedelta(minutes=session.minutes)), together=names):
        raise SpanTaken(freedom.taken_words(session.mentor, Reason.TAKEN))


def _keep(session, kind, changes: dict, *, by: Person, now: datetime) -> MentoringSession:
    """The same state, changed: its version rises, so that an older page cannot act on it by accident."""
    changes |= {"version": session.version + 1, "changed_by": by}
    MentoringSession.objects.within(session.org_id).filter(pk=session.pk).update(**changes)
    for name, value in changes.items():
        setattr(session, name, value)
    events.publish(kind(org_id=session.org_id, session_id=session.pk, sequence=session.sequence), now=now)
    news.tell(session.pk, session.status)
    return session
