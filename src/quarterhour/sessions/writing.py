"""A question answered in writing: asked, answered, declined, taken back, closed by a timer; and whether it helped.

For whoever finds no time: one mentor gets the question and 48 hours. It counts as a request does, and ends once: asking
holds the rows of both people, so that a quota is a quota; answering, declining, taking back and closing hold its own.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from quarterhour.core import events
from quarterhour.core.errors import Invalid, NotAllowed, NotFound
from quarterhour.core.statements import Statement
from quarterhour.core.text import MOST, clean
from quarterhour.needs.events import NeedClosed
from quarterhour.needs.models import Need
from quarterhour.people.models import Person, Profile
from quarterhour.people.queries import is_blocked
from quarterhour.sessions import claims, quotas, rounds, rules, silence
from quarterhour.sessions.events import (
    WrittenAnswered,
    WrittenAsked,
    WrittenAskEvent,
    WrittenDeclined,
    WrittenHelped,
    WrittenNudged,
    WrittenTakenBack,
)
from quarterhour.sessions.models import MentoringSession, Status
from quarterhour.sessions.writing_models import WrittenAsk

A_BATCH = 500
NOT_YOURS = "There is nothing at this address, or it is not yours to see."
SAID = {
    WrittenAsk.State.ASKED: "This question still waits for an answer.",
    WrittenAsk.State.ANSWERED: "This question is answered.",
    WrittenAsk.State.DECLINED: "This question was declined.",
    WrittenAsk.State.EXPIRED: "The time to answer is over, and whoever asked is told.",
    WrittenAsk.State.WITHDRAWN: "This question was taken back.",
}


@transaction.atomic
def ask_in_writing(*, need: Need, mentor: Person, by: Person, now: datetime) -> WrittenAsk:
    """Send the question to one mentor, who has 48 hours to answer in writing. No time is taken.

    Raises NotAllowed for somebody else's question and for a mentor who is not there for it, Invalid where it is over,
    TooManyAsks where the quota is used up.
    """
    if by.pk != need.mentee_id:
        raise NotAllowed("Only the person whose question it is can ask somebody.")
    claims.lock_people(mentor.pk, by.pk)
    if Need.objects.within(need.org_id).filter(pk=need.pk).exclude(closed_at=None).exists():
        raise Invalid("This question is over. Ask anew, or open it again.")
    _check_can_be_asked(need, mentor, now=now)
    quotas.check_has_room(by, org=need.org_id, now=now)
    until = now + timedelta(minutes=settings.POLICY["answer_within"])
    ask = WrittenAsk.objects.create(
        org_id=need.org_id, need=need, mentor=mentor, mentee=by, asked_at=now, answer_by=until
    )
    events.publish(WrittenAsked(org_id=ask.org_id, written_id=ask.pk), now=now)
    return ask


def _check_can_be_asked(need: Need, mentor: Person, *, now: datetime) -> None:
    """Raises NotAllowed unless this mentor offers time here, is not away, is kept apart from nobody, and has neither
    answered the question nor has it now.
    """
    if mentor.pk == need.mentee_id:
        raise NotAllowed("That is you. Choose somebody else.")
    offers = Profile.objects.within(need.org_id).mentors().not_paused(now.date())
    if is_blocked(need.mentee, mentor) or not offers.filter(person=mentor, person__is_active=True).exists():
        raise NotAllowed(f"{mentor.called} cannot be asked at the moment. Choose somebody else.")
    had = WrittenAsk.objects.within(need.org_id).filter(need=need, mentor=mentor)
    asked = MentoringSession.objects.within(need.org_id).filter(need=need, mentor=mentor, status=Status.ASKED)
    if had.open().exists() or asked.exists():
        raise NotAllowed(f"{mentor.called} has your question already, and has not answered yet.")
    if had.exclude(state=WrittenAsk.State.WITHDRAWN).exists():
        raise NotAllowed(f"{mentor.called} has had your question already. Choose somebody else.")


@transaction.atomic
def answer(*, ask: WrittenAsk, text: str, by: Person, now: datetime, would_talk: bool = False) -> WrittenAsk:
    """The mentor answers. Raises Invalid for an empty or overlong answer, WrongState for a question that is closed."""
    told = clean(text)
    if not told:
        raise Invalid("Write an answer first.", fields={"answer": "Write a few words."})
    if len(told) > MOST:
        words = f"That is {len(told):,} characters. Shorten it to {MOST:,}."
        raise Invalid("The answer is too long.", fields={"answer": words})
    silence.heard(by.pk, org_id=ask.org_id)  # before the row: whoever keeps two apart takes these two in this order
    ask = _open(ask, mentor=by, now=now)
    changes = {"answer": told, "would_talk": would_talk, "question": ask.need.text}
    return _ended(ask, WrittenAsk.State.ANSWERED, WrittenAnswered, now=now, **changes)


@transaction.atomic
def decline(*, ask: WrittenAsk, by: Person, now: datetime, note: str = "") -> WrittenAsk:
    """The mentor says no; whoever asked hears only that they cannot."""
    silence.heard(by.pk, org_id=ask.org_id)
    ask = _open(ask, mentor=by, now=now)
    return _ended(ask, WrittenAsk.State.DECLINED, WrittenDeclined, now=now, note=clean(note)[:400])


@transaction.atomic
def take_back(*, ask: WrittenAsk, by: Person, now: datetime) -> WrittenAsk:
    """Whoever asked takes the question back; the mentor sees it no more."""
    _check_party(ask, by)
    if by.pk != ask.mentee_id:
        raise NotAllowed("Only the person whose question it is can take it back.")
    return _ended(_locked(ask), WrittenAsk.State.WITHDRAWN, WrittenTakenBack, now=now)


def expire(*, now: datetime) -> int:
    """Close the questions nobody answered in time. Returns how many."""

    def close(pk: UUID) -> bool:
        ask = _overdue(now).select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
        if ask is not None:
            _ended(ask, WrittenAsk.State.EXPIRED, WrittenDeclined, now=now)
        return ask is not None

    overdue = list(_overdue(now).values_list("pk", flat=True)[:A_BATCH])
    return rounds.one_by_one(overdue, close, deed="Closing a question in writing")


def nudge(*, now: datetime) -> int:
    """Remind the mentors of what waits in writing for a day, each exactly once. Returns how many."""

    def remind(pk: UUID) -> bool:
        ask = _to_nudge(now).select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
        if ask is not None:
            _keep(ask, nudged_at=now)
            events.publish(WrittenNudged(org_id=ask.org_id, written_id=ask.pk), now=now)
        return ask is not None

    waiting = list(_to_nudge(now).values_list("pk", flat=True)[:A_BATCH])
    return rounds.one_by_one(waiting, remind, deed="Reminding of a question in writing")


@transaction.atomic
def say_it_helped(*, ask: WrittenAsk, quarters: int, by: Person, now: datetime) -> WrittenAsk:
    """How much the answer helped, 0 to 4 quarters; saying it again changes it. The mentor never sees it.

    Raises Invalid where there is no answer, or for a word that is none of the five.
    """
    _check_party(ask, by)
    if by.pk != ask.mentee_id:
        raise NotAllowed("Only the person who asked can say how much it helped.")
    if quarters not in range(5):
        raise Invalid("Choose one of the five answers.", fields={"helpful": "Choose one of the five."})
    ask = _locked(ask)
    if ask.state != WrittenAsk.State.ANSWERED:
        raise Invalid("There is no answer yet that could have helped.")
    _keep(ask, quarters=quarters, rated_at=now)
    events.publish(WrittenHelped(org_id=ask.org_id, written_id=ask.pk), now=now)
    return ask


def let_go(one: Person, other: Person, *, now: datetime) -> int:
    """These two are kept apart from now on: what one asked the other in writing is taken back. Returns how many.

    Within the transaction that keeps them apart.
    """
    because = "whoever blocked somebody meets them in no organisation"
    both = Q(mentor=one, mentee=other) | Q(mentor=other, mentee=one)
    rows = WrittenAsk.objects.of_every_tenant(because=because).open().filter(both).order_by("pk")
    let = [_ended(ask, WrittenAsk.State.WITHDRAWN, WrittenTakenBack, now=now) for ask in rows.select_for_update()]
    return len(let)


def making_way(need_id: UUID, mentor_id: UUID, *, now: datetime) -> Statement:
    """Takes back what waits in writing of the same question with the same mentor, who is asked or booked for a time
    instead; answers with its key, for `tell_made_way`. Under the locks of both people.
    """
    return Statement(MAKE_WAY, [now, need_id, mentor_id])


MAKE_WAY = """
UPDATE mentoring_sessions_writtenask SET state = 'withdrawn', ended_at = %s
WHERE need_id = %s AND mentor_id = %s AND state = 'asked' RETURNING id
"""


def tell_made_way(gone: list[tuple], *, org_id: UUID, now: datetime) -> None:
    """The news that it was taken back."""
    for (pk,) in gone:
        events.publish(WrittenTakenBack(org_id=org_id, written_id=pk), now=now)


def need_closed(event: NeedClosed, *, now: datetime) -> None:
    """A question is over: whoever has it in writing still is asked no more. Done twice, nothing happens twice."""
    with transaction.atomic():
        rows = WrittenAsk.objects.within(event.org_id).open().filter(need=event.need_id).exclude(need__closed_at=None)
        for ask in rows.order_by("pk").select_for_update(of=("self",)):
            _ended(ask, WrittenAsk.State.WITHDRAWN, WrittenTakenBack, now=now)


# --- reading -----------------------------------------------------------------------------------------


def written_for(pk: UUID, *, visible_to: Person) -> WrittenAsk:
    """One question in writing, for either of the two. Raises NotFound for everybody else, and for the mentor once it
    was taken back or the two are kept apart.
    """
    rows = WrittenAsk.objects.visible_to(visible_to).select_related("mentor", "mentee", "need", "org")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound(NOT_YOURS)
    return found


def was_taken_back(pk: UUID, *, mentor: Person) -> bool:
    """Whether a question this mentor had was taken back: all they may know of it, where a press is too late."""
    every = WrittenAsk.objects.of_every_tenant(because="it is theirs to see no more; only that it is gone is told")
    return every.filter(pk=pk, mentor=mentor, state=WrittenAsk.State.WITHDRAWN).exists()


def said_of(ask: WrittenAsk, *, now: datetime) -> str:
    """How things stand, for the mentor: over when its time is, not only once the timer came by."""
    late = ask.state == WrittenAsk.State.ASKED and ask.answer_by <= now
    return SAID[WrittenAsk.State.EXPIRED if late else WrittenAsk.State(ask.state)]


def written_of(need_id: UUID, *, visible_to: Person) -> list[WrittenAsk]:
    """Whom its owner asked in writing, and what they said, the earliest first. One query."""
    rows = WrittenAsk.objects.visible_to(visible_to).filter(need=need_id, mentee=visible_to)
    return list(rows.exclude(state=WrittenAsk.State.WITHDRAWN).select_related("mentor").order_by("asked_at", "pk"))


def in_writing(person: Person, *, org, helped: bool, most: int) -> list[WrittenAsk]:
    """What somebody asked in writing, or was asked, and is waiting or answered; the latest first. One query."""
    side = {"mentor": person} if helped else {"mentee": person}
    rows = WrittenAsk.objects.visible_to(person).filter(org=org, **side)
    rows = rows.filter(Q(state=WrittenAsk.State.ANSWERED) | Q(state=WrittenAsk.State.ASKED, need__closed_at=None))
    return list(rows.select_related("mentor", "mentee", "need").order_by("-asked_at", "-pk")[:most])


def to_answer(mentor: Person, *, org, now: datetime) -> list[WrittenAsk]:
    """What waits for this mentor's words, the most urgent first. One query."""
    mine = WrittenAsk.objects.visible_to(mentor).open().filter(mentor=mentor, org=org, answer_by__gt=now)
    rows = mine.filter(need__closed_at=None)
    return list(rows.select_related("mentee", "need").order_by("answer_by", "pk"))


# --- shared ------------------------------------------------------------------------------------------


def _check_party(ask: WrittenAsk, by: Person) -> None:
    if by.pk not in {ask.mentor_id, ask.mentee_id}:
        raise NotFound(NOT_YOURS)


def _locked(ask: WrittenAsk) -> WrittenAsk:
    rows = WrittenAsk.objects.within(ask.org_id).select_for_update(of=("self",))
    return rows.select_related("mentor", "mentee", "need").get(pk=ask.pk)


def _open(ask: WrittenAsk, *, mentor: Person, now: datetime) -> WrittenAsk:
    """The question under its lock, for the one who was asked, still to be answered. Raises WrongState."""
    _check_party(ask, mentor)
    if mentor.pk != ask.mentor_id:
        raise NotAllowed("Only the person who was asked can answer.")
    ask = _locked(ask)
    if ask.state == WrittenAsk.State.ASKED and ask.answer_by <= now:
        raise rules.WrongState(SAID[WrittenAsk.State.EXPIRED])
    if is_blocked(ask.mentee, ask.mentor):
        raise rules.WrongState(SAID[WrittenAsk.State.WITHDRAWN])
    return ask


def _ended(ask: WrittenAsk, to: str, kind: type[WrittenAskEvent], *, now: datetime, **changes: object) -> WrittenAsk:
    """The one way out of being asked. Under the lock of the row."""
    if ask.state != WrittenAsk.State.ASKED:
        raise rules.WrongState(SAID[WrittenAsk.State(ask.state)])
    _keep(ask, state=to, ended_at=now, **changes)
    events.publish(kind(org_id=ask.org_id, written_id=ask.pk), now=now)
    return ask


def _keep(ask: WrittenAsk, **changes: object) -> None:
    WrittenAsk.objects.within(ask.org_id).filter(pk=ask.pk).update(**changes)
    for name, value in changes.items():
        setattr(ask, name, value)


def _to_nudge(now: datetime):
    everywhere = WrittenAsk.objects.of_every_tenant(because="timers run for every organisation")
    since = now - timedelta(minutes=settings.POLICY["nudge_after"])
    return everywhere.open().filter(asked_at__lte=since, answer_by__gt=now, nudged_at=None).order_by("asked_at")


def _overdue(now: datetime):
    everywhere = WrittenAsk.objects.of_every_tenant(because="timers run for every organisation")
    return everywhere.open().filter(answer_by__lte=now).order_by("answer_by")
