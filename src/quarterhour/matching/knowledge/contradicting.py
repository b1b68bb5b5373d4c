"""Who, asked the same, said otherwise: read off the boards on which shared pieces lie. Never who is right.

Only a stance that somebody recorded counts; nothing is read from words here. Of a board nothing is told but that two
pieces of it may contradict each other: not which option, not whose decision it is. Both are words this reader finds
anyway. Whoever has a part in the decision, as its owner or as an adviser, is told nothing: they would know whose it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from quarterhour.advice.decision_models import LaidPiece, Option, PerspectiveLabel
from quarterhour.advice.perspectives import piece_of
from quarterhour.engines.perspectives import compare
from quarterhour.matching.knowledge_models import SharedPiece
from quarterhour.people.models import Person

MOST_SHOWN = 5  # beside one piece


@dataclass(frozen=True, slots=True)
class Against:
    """A piece that may contradict another one, in the words its author shared."""

    id: UUID
    text: str
    when: str
    language: str


@dataclass(frozen=True, slots=True)
class Otherwise:
    """people: how many, other than its author, said what may contradict a piece. said: their words, oldest first."""

    people: int
    said: tuple[Against, ...]


NOBODY = Otherwise(0, ())


def said_otherwise(advice: Iterable[UUID], *, reader: Person, org) -> dict[UUID, Otherwise]:
    """For each piece of advice with anybody against it, who that is. One query where none was placed; else four.

    advice: keys of `AdvicePiece` that this reader may read as shared pieces.
    """
    placed = LaidPiece.objects.within(org).lying().exclude(option=None).exclude(piece=None)
    boards = set(_apart_from(placed.filter(piece__in=list(advice)), reader).values_list("decision", flat=True))
    if not boards:
        return {}
    readable = SharedPiece.objects.visible_to(reader).filter(org=org, piece=OuterRef("piece"))
    rows = placed.filter(Exists(readable), decision__in=boards).order_by("piece__shared__shared_at", "pk")
    said = rows.select_related("option", "decision", "piece__shared", "piece__takeaway__session")
    options, let_go = _options(boards, org), _let_go(boards, org)
    found: dict[UUID, dict[UUID, tuple[UUID, Against]]] = defaultdict(dict)
    for one, other in _pairs(said):
        if (one.pk, other.pk) not in let_go and _contradict(one, other, options[one.decision_id]):
            for a, b in ((one, other), (other, one)):
                found[a.piece_id][b.piece_id] = (b.piece.takeaway.session.mentor_id, _against(b.piece.shared))
    return {key: _otherwise(list(others.values())) for key, others in found.items()}


def _apart_from(rows, reader: Person):
    """Those on decisions this reader has no part in."""
    own = Q(piece__takeaway__session__mentor=reader) | Q(answer__mentor=reader)
    advised = LaidPiece.plain.filter(own, decision=OuterRef("decision"))
    return rows.exclude(Q(decision__owner=reader) | Exists(advised))


def _pairs(rows) -> list[tuple[LaidPiece, LaidPiece]]:
    """Two pieces of one board, by different people, the smaller key first."""
    boards: dict[UUID, list[LaidPiece]] = defaultdict(list)
    for row in rows:
        boards[row.decision_id].append(row)
    return [
        (one, other) if one.pk < other.pk else (other, one)
        for board in boards.values()
        for one, other in combinations(board, 2)
        if one.piece.takeaway.session.mentor_id != other.piece.takeaway.session.mentor_id
    ]


def _contradict(one: LaidPiece, other: LaidPiece, options: Sequence[str]) -> bool:
    verdict = compare(one.decision.question, piece_of(one), piece_of(other), options=options)
    return verdict.label == "conflict"


def _options(boards: set[UUID], org) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = defaultdict(list)
    for each in Option.objects.within(org).filter(decision__in=boards):
        found[each.decision_id].append(each.text)
    return found


def _let_go(boards: set[UUID], org) -> set[tuple[UUID, UUID]]:
    """Pairs whose owner said that they do not really differ."""
    rows = PerspectiveLabel.objects.within(org).filter(decision__in=boards, word=PerspectiveLabel.Word.DISMISSED)
    return set(rows.values_list("a", "b"))


def _against(row: SharedPiece) -> Against:
    return Against(row.pk, row.text, row.applies_when, row.language)


def _otherwise(others: Sequence[tuple[UUID, Against]]) -> Otherwise:
    return Otherwise(len({who for who, _ in others}), tuple(each for _, each in others[:MOST_SHOWN]))
