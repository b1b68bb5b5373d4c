"""Reading cards, actions, and where a question stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Value

from quarterhour.advice.models import Action, AdvicePiece, Confirmation, Takeaway
from quarterhour.advice.services import (
    ACTION,
    ADVICE,
    INSIGHT,
    MOST_ACTIONS,
    MOST_ADVICE,
    WHEN,
    ActionWords,
    AdviceWords,
    CardWords,
)
from quarterhour.core.errors import NotFound
from quarterhour.engines.attendance import Verdict
from quarterhour.needs.models import Need
from quarterhour.people.models import Person
from quarterhour.people.queries import blocked_beside
from quarterhour.sessions import attendance_models
from quarterhour.sessions.models import ChatLine, MentoringSession, Notes, SpokenLine, Status
from quarterhour.sessions.queries import of_needs, was_missed
from quarterhour.sessions.rules import check_party

if TYPE_CHECKING:
    from quarterhour.engines.takeaway import Said

# What a card is filled in from: characters of the notes, lines of the chat, characters of a line. Together less than
# a second, whatever was pasted there.
NOTES_READ, LINES_READ, LINE_READ = 40_000, 200, 400


HELPED = 3  # quarters from which something helped


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a question stands: a step of the tracker, the session it rests on, and actions done of all."""

    at: str
    session: MentoringSession | None = None
    done: int = 0
    actions: int = 0


@dataclass(frozen=True, slots=True)
class Written:
    """What there is of a session in words: the shared notes, and with who said what, the chat and what was said aloud.

    talk: both of these in the order in which they came.
    """

    notes: str
    chat: tuple[Said, ...]
    spoken: tuple[Said, ...]
    talk: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What became of the sessions somebody gave.

    met: both were there, as far as we can tell. unknown: over, and nothing tells whether they met.
    acted: of those who met, at least one action was done.
    """

    met: int
    acted: int
    unknown: int


def standings(needs: Iterable[Need], *, visible_to: Person, now: datetime) -> dict[UUID, Standing]:
    """Where each question stands: asked, matched, booked, met, acted or helped. Two queries for all of them.

    A session is met once it is over, or once `visible_to` keeps its card, though its room be open still.
    """
    needs = list(needs)
    sessions = of_needs([need.pk for need in needs], visible_to=visible_to)
    begun = [s.pk for rows in sessions.values() for s in rows if s.status in _TALKED and s.starts_at <= now]
    this = MentoringSession.plain.filter(pk=OuterRef("pk"))
    card = this.filter(helpfulness__rater=visible_to)
    later = this.filter(follow_ups__person=visible_to, follow_ups__answered_at__isnull=False)
    later = later.order_by("-follow_ups__answered_at")
    kept = Confirmation.plain.filter(
        takeaway__session=OuterRef("pk"), person=visible_to, version=F("takeaway__version")
    )
    counted = (
        MentoringSession.objects.visible_to(visible_to)
        .filter(pk__in=begun)
        .annotate(
            kept=Exists(kept),
            actions_all=Count("takeaway__actions"),
            actions_done=Count("takeaway__actions", filter=Q(takeaway__actions__fate=Action.Fate.DONE)),
            first=Subquery(card.values("helpfulness__quarters")[:1]),
            first_at=Subquery(card.values("helpfulness__at")[:1]),
            last=Subquery(later.values("follow_ups__quarters")[:1]),
            last_at=Subquery(later.values("follow_ups__answered_at")[:1]),
        )
    )
    came = {session.pk: session for session in counted}
    return {need.pk: _standing(need, sessions.get(need.pk, []), came, now) for need in needs}


def _helped(session) -> bool:
    """Whether the latest word of whoever asked is that it helped: on the card, or a week or a month later."""
    anew = session.last is None or (session.first is not None and session.first_at > session.last_at)
    said = session.first if anew else session.last
    return said is not None and said >= HELPED


def _standing(need: Need, sessions: list[MentoringSession], came: dict, now: datetime) -> Standing:
    kept = {pk for pk, session in came.items() if session.kept}
    over = [s for s in sessions if is_behind(s, kept=kept, now=now) and not was_missed(s)]
    ahead = [s for s in sessions if s.status in {Status.ASKED, Status.CONFIRMED} and s.ends_at > now and s not in over]
    if ahead:
        return Standing("booked" if ahead[0].status == Status.CONFIRMED else "matched", ahead[0])
    if over:
        last = came.get(over[-1].pk)
        if last is None:
            return Standing("met", over[-1])
        step = "helped" if _helped(last) else "acted" if last.actions_done else "met"
        return Standing(step, over[-1], done=last.actions_done, actions=last.actions_all)
    return Standing("matched" if need.matched_at else "asked")


def kept_by(person: Person, sessions: Iterable[MentoringSession], *, now: datetime) -> set[UUID]:
    """Those of the sessions whose card this person has confirmed as it stands. One query, none before one began."""
    begun = [s.pk for s in sessions if s.status in _TALKED and s.starts_at <= now]
    if not begun:
        return set()
    cards = Takeaway.objects.visible_to(person).filter(session__in=begun)
    return set(cards.filter(Exists(_kept_by(person))).values_list("session", flat=True))


def is_behind(session: MentoringSession, *, kept: set[UUID], now: datetime) -> bool:
    """Whether a session lies behind somebody: it is over, or its card is among those they keep.

    Its room stays open a while longer for whoever is still talking; that is another question.
    """
    if session.status == Status.CONFIRMED:
        return session.ends_at <= now or (session.starts_at <= now and session.pk in kept)
    return session.status == Status.ENDED


def _kept_by(person: Person) -> QuerySet[Confirmation]:
    """Of the takeaway at hand: the confirmation of this person, if it is of the card's present words."""
    return Confirmation.plain.filter(takeaway=OuterRef("pk"), person=person, version=OuterRef("version"))


_TALKED = frozenset({Status.CONFIRMED, Status.ENDED})


def card_of(session: MentoringSession, *, visible_to: Person) -> Takeaway | None:
    """The card of a session with its advice, actions and confirmations; None while nobody wrote it."""
    seen = Takeaway.objects.visible_to(visible_to)
    parts = (
        Prefetch("advice", AdvicePiece.objects.within(session.org_id)),
        Prefetch("actions", Action.objects.within(session.org_id)),
        Prefetch("confirmations", Confirmation.objects.within(session.org_id)),
    )
    return seen.filter(session=session).select_related("session").prefetch_related(*parts).first()


def action_for(pk: UUID, *, of: UUID, visible_to: Person) -> Action:
    """One action of the card of session `of`, with card and session. Raises NotFound for anybody but the two."""
    cards = Takeaway.objects.visible_to(visible_to).filter(session=of)
    rows = Action.objects.visible_to(visible_to).filter(pk=pk, takeaway__in=cards)
    found = rows.select_related("takeaway__session__mentor", "takeaway__session__mentee").first()
    if found is None:
        raise NotFound("This action is no longer on the card. Look at the card once more.")
    return found


def written_in(session: MentoringSession, *, visible_to: Person) -> Written:
    """What stands in the notes and the chat of a session, and what was said where both had it written down.

    What somebody who came along wrote in the chat is theirs, and stands on no card of the two.
    Raises NotFound for anybody but the two. Two queries.
    """
    from quarterhour.engines.takeaway import Said

    check_party(visible_to, session)
    notes = Notes.objects.within(session.org_id).filter(session=session).values_list("text", flat=True).first()
    two = [session.mentor_id, session.mentee_id]
    typed, aloud = (
        model.objects.within(session.org_id).filter(session=session, person__in=two).order_by()
        .values_list("person", "text", "at", "pk", Value(model is SpokenLine))
        for model in (ChatLine, SpokenLine)
    )  # fmt: skip
    lines = list(typed.union(aloud, all=True).order_by("-at", "-pk")[: 2 * LINES_READ])[::-1]
    talk = [
        (Said("mentor" if person == session.mentor_id else "mentee", text), was_spoken)
        for person, text, _, _, was_spoken in lines
    ]
    return Written(
        notes=notes or "",
        chat=tuple(said for said, was_spoken in talk if not was_spoken),
        spoken=tuple(said for said, was_spoken in talk if was_spoken),
        talk=tuple(said for said, _ in talk),
    )


def proposed(session: MentoringSession, written: Written, *, held_on: date) -> CardWords:
    """The card as notes and chat suggest it, short enough to be kept as it is; empty when they say nothing.

    held_on: the day of the session where the reader is; spoken dates are counted from it.
    """
    from quarterhour.engines.takeaway import Said, prefill

    names = {"mentor": session.mentor.called, "mentee": session.mentee.called}
    chat = [Said(said.who, said.text[:LINE_READ]) for said in written.talk]
    card = prefill(written.notes[:NOTES_READ], chat, held_on=held_on, **names)
    last = date(held_on.year + 5, 12, 31)
    return CardWords(
        insight=_cut(card.insight, INSIGHT),
        advice=[
            AdviceWords(text=_cut(a.text, ADVICE), applies_when=_cut(a.applies_when or "", WHEN))
            for a in card.advice[:MOST_ADVICE]
        ],
        actions=[
            ActionWords(text=_cut(a.text, ACTION), owner=a.owner, due=a.due if a.due and a.due <= last else None)
            for a in card.actions[:MOST_ACTIONS]
        ],
    )


def who_met(sessions: QuerySet[MentoringSession]) -> QuerySet[MentoringSession]:
    """Those of the sessions that are over, each with what tells whether the two met: filter by `MET` or `UNSEEN`.

    The verdict says so. Where it is unknown, or there is none, either of them wrote a card or said whether it helped.
    """
    told = Exists(Takeaway.plain.filter(session=OuterRef("pk"))) | Exists(
        MentoringSession.plain.filter(pk=OuterRef("pk"), helpfulness__isnull=False)
    )
    return sessions.filter(status=Status.ENDED).annotate(told=told)


_UNJUDGED = Q(how_kept=None) | Q(how_kept__word=Verdict.UNKNOWN)
MET = Q(how_kept__word__in=attendance_models.MET) | (_UNJUDGED & Q(told=True))
UNSEEN = _UNJUDGED & Q(told=False)


def outcomes_of(mentor: Person, *, org) -> Outcomes:
    """What became of the sessions this person gave in one organisation. For their own eyes. One query."""
    given = who_met(MentoringSession.objects.visible_to(mentor).filter(org=org, mentor=mentor))
    done = Exists(Action.plain.filter(takeaway__session=OuterRef("pk"), fate=Action.Fate.DONE))
    counted = given.annotate(done=done).aggregate(
        met=Count("pk", filter=MET), acted=Count("pk", filter=MET & Q(done=True)), unknown=Count("pk", filter=UNSEEN)
    )
    return Outcomes(**counted)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def is_agreed(session_id: UUID, *, org_id: UUID) -> bool:
    """Whether both have said yes to the card as it stands. One query."""
    both = Confirmation.objects.within(org_id).filter(takeaway__session=session_id, version=F("takeaway__version"))
    return both.count() == 2  # noqa: PLR2004 - the two


def waiting_for(person: Person, *, org, limit: int = 3) -> list[Takeaway]:
    """Cards the other side wrote or changed and this person has not confirmed, the latest first. One query.

    Cards with somebody they never meet again wait for nobody.
    """
    rows = Takeaway.objects.visible_to(person).filter(org=org).exclude(Exists(_kept_by(person)))
    rows = rows.exclude(blocked_beside(person, "session__mentor") | blocked_beside(person, "session__mentee"))
    people = ("session__mentor", "session__mentee", "session__need")
    return list(rows.select_related(*people).order_by("-written_at", "-pk")[:limit])
