"""Reading decisions: the list, the board, and what a guest may see of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from quarterhour.advice.boards import GONE
from quarterhour.advice.decision_models import Comment, Decision, Guest, LaidPiece, Option, PerspectiveLabel
from quarterhour.advice.models import AdvicePiece, Takeaway
from quarterhour.core.errors import NotFound
from quarterhour.people.models import Person, Profile
from quarterhour.people.queries import blocked_beside
from quarterhour.sessions.writing_models import WrittenAsk

MOST_LISTED, MOST_CARDS = 100, 20


@dataclass(frozen=True, kw_only=True)
class View:
    """What one mentor said about a decision. line: their experience in a few words. weight: what it counts, 0 to 3.

    name: empty where the reader is not to know who it was.
    """

    mentor: Person
    name: str
    line: str
    weight: int
    pieces: list[LaidPiece] = field(default_factory=list)

    @property
    def key(self) -> UUID:
        return self.mentor.pk


@dataclass(frozen=True, kw_only=True)
class Board:
    """A decision with everything laid on it, as one reader may see it. off: what the owner took off."""

    decision: Decision
    options: list[Option]
    views: list[View]
    off: list[LaidPiece]
    labels: dict[tuple[UUID, UUID], PerspectiveLabel]

    @property
    def pieces(self) -> list[LaidPiece]:
        return [piece for view in self.views for piece in view.pieces]


def decisions_of(person: Person, *, org) -> list[Decision]:
    """Somebody's decisions, open ones first, each with how many `voices` lie on it. One query."""
    lying = Q(laid__taken_off_at=None)
    mentor = Coalesce("laid__piece__takeaway__session__mentor", "laid__answer__mentor")
    voices = Count(mentor, filter=lying, distinct=True)
    rows = Decision.objects.visible_to(person).of(person).filter(org=org).annotate(voices=voices)
    ordered = rows.select_related("chosen").order_by("-looked_back_at", "-changed_at", "-pk")[:MOST_LISTED]
    return sorted(ordered, key=lambda each: (each.decided_at is not None, each.looked_back_at is not None))


def shared_with(person: Person, *, org) -> list[Decision]:
    """Decisions of others this person may look at, the latest first. One query."""
    rows = Decision.objects.visible_to(person).filter(org=org).exclude(owner=person)
    rows = rows.exclude(blocked_beside(person, "owner"))
    return list(rows.select_related("owner").order_by("-changed_at", "-pk")[:MOST_LISTED])


def decision_for(pk: UUID, *, visible_to: Person) -> Decision:
    """One of this person's own decisions. Raises NotFound for anybody else's."""
    found = Decision.objects.visible_to(visible_to).of(visible_to).filter(pk=pk)
    decision = found.select_related("need", "chosen", "owner").first()
    if decision is None:
        raise NotFound(GONE)
    return decision


def guest_at(pk: UUID, *, visible_to: Person) -> Guest:
    """The seat this person has at somebody else's decision. Raises NotFound without one, or where one was blocked."""
    rows = Guest.objects.visible_to(visible_to).filter(decision=pk, mentor=visible_to, revoked_at=None)
    rows = rows.exclude(blocked_beside(visible_to, "decision__owner"))
    guest = rows.select_related("decision__owner", "decision__need").first()
    if guest is None:
        raise NotFound(GONE)
    return guest


def laid_for(pk: UUID, *, on: UUID, visible_to: Person) -> LaidPiece:
    """A piece on a decision, for its owner or for the mentor who said it. Raises NotFound."""
    rows = LaidPiece.objects.visible_to(visible_to).filter(pk=pk, decision=on)
    rows = rows.exclude(blocked_beside(visible_to, "decision__owner"))
    found = _with_people(rows).select_related(*PEOPLE, "decision__owner").first()
    if found is None:
        raise NotFound(GONE)
    return found


def own_pieces(mentor: Person, *, session: UUID | None = None, answer: UUID | None = None) -> list[LaidPiece]:
    """What this mentor said in a session, or wrote in an answer, and may place on its owner's boards. Two queries."""
    rows = LaidPiece.objects.visible_to(mentor).said_by(mentor).lying()
    rows = rows.filter(piece__takeaway__session=session) if session else rows.filter(answer=answer)
    rows = rows.exclude(blocked_beside(mentor, "decision__owner"))
    return list(rows.select_related("decision", "piece", "answer", "option").prefetch_related("decision__options"))


def board_of(decision: Decision, *, reader: Person) -> Board:
    """The whole board, for its owner: four queries, however much lies on it."""
    rows = list(_with_people(LaidPiece.objects.visible_to(reader).filter(decision=decision)))
    labels = PerspectiveLabel.objects.visible_to(reader).filter(decision=decision)
    return Board(
        decision=decision,
        options=list(Option.objects.visible_to(reader).filter(decision=decision)),
        views=_views(decision, [row for row in rows if row.taken_off_at is None], known=None),
        off=[row for row in rows if row.taken_off_at is not None],
        labels={(each.a_id, each.b_id): each for each in labels},
    )


def board_shown_to(guest: Guest) -> Board:
    """The board as a guest may see it: their own words; those of others, where the owner shows them, without names.

    A name stands beside another mentor's words only where both sides let that card be quoted.
    Neither weights nor labels, nor the choice and its reason, are shown.
    """
    decision, org = guest.decision, guest.org_id
    rows = _with_people(LaidPiece.objects.within(org).filter(decision=decision)).lying()
    if not guest.others:
        rows = rows.said_by(guest.mentor_id)
    pieces = list(rows)
    quotable = {row.pk for row in pieces if row.quotable}
    return Board(
        decision=decision,
        options=list(Option.objects.within(org).filter(decision=decision)),
        views=_views(decision, pieces, known=quotable, guest=guest.mentor_id),
        off=[],
        labels={},
    )


def cards_to_lay(decision: Decision, *, reader: Person) -> list[Takeaway]:
    """Cards of the owner's sessions with advice that does not lie here yet, the latest first. One query."""
    lies = LaidPiece.plain.filter(decision=decision, piece=OuterRef("pk"), taken_off_at=None)
    loose = AdvicePiece.plain.filter(~Exists(lies), takeaway=OuterRef("pk"))
    rows = Takeaway.objects.visible_to(reader).filter(Exists(loose), org=decision.org_id, session__mentee=reader)
    return list(rows.select_related("session__mentor", "session__need").order_by("-written_at", "-pk")[:MOST_CARDS])


def answers_to_lay(decision: Decision, *, reader: Person) -> list[WrittenAsk]:
    """Answers in writing to other questions of the owner that do not lie here, the latest first. One query."""
    lies = LaidPiece.plain.filter(decision=decision, answer=OuterRef("pk"), taken_off_at=None)
    rows = WrittenAsk.objects.visible_to(reader).filter(
        ~Exists(lies), org=decision.org_id, mentee=reader, state=WrittenAsk.State.ANSWERED
    )
    return list(rows.select_related("mentor", "need").order_by("-ended_at", "-pk")[:MOST_CARDS])


def guests_of(decision: Decision, *, reader: Person) -> list[Guest]:
    """Who may look at the moment. One query."""
    rows = Guest.objects.visible_to(reader).filter(decision=decision, revoked_at=None)
    return list(rows.select_related("mentor").order_by("since", "pk"))


def comments_on(decision: Decision, *, reader: Person) -> list[Comment]:
    """For the owner what every guest wrote; for a guest their own words. One query."""
    rows = Comment.objects.visible_to(reader).filter(decision=decision)
    return list(rows.select_related("mentor"))


PEOPLE = ("option", "piece__takeaway__session__mentor", "answer__mentor")


def _with_people(rows: QuerySet[LaidPiece]) -> QuerySet[LaidPiece]:
    return rows.select_related(*PEOPLE)


def _views(
    decision: Decision, pieces: Sequence[LaidPiece], *, known: set[UUID] | None, guest: UUID | None = None
) -> list[View]:
    """One for each mentor, in the order in which they spoke. known: pieces whose mentor may be named; None for all."""
    said: dict[UUID, list[LaidPiece]] = {}
    for row in pieces:
        said.setdefault(row.mentor.pk, []).append(row)
    lines = dict(
        Profile.objects.within(decision.org_id).filter(person__in=said).values_list("person", "headline")
        if said else ()
    )  # fmt: skip
    views = []
    for key, rows in said.items():
        mentor = rows[0].mentor
        named = known is None or key == guest or all(row.pk in known for row in rows)
        weight = decision.weights.get(str(key), 1) if known is None else 1
        line = lines.get(key, "") if named else ""
        views.append(View(mentor=mentor, name=mentor.called if named else "", line=line, weight=weight, pieces=rows))
    return views
