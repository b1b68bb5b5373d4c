"""All pieces of a board side by side: who agrees, where they part, sharpest first, and what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from quarterhour.engines.perspectives.asking import plain_options
from quarterhour.engines.perspectives.detector import CONFLICT_FROM, Detector
from quarterhour.engines.perspectives.gaps import missing
from quarterhour.engines.perspectives.questions import once, own_grounds, question_of, rests_on
from quarterhour.engines.perspectives.shapes import Conflict, Group, Layout, Piece, Vectors, Verdict
from quarterhour.engines.perspectives.stances import Position, as_listed, between_stances, named, position

__all__ = ["compare", "lay_out"]

TWO = 2
AGREE_FROM = 0.45
HEAVY = {"high": 2, "medium": 1, "": 1, "low": 0}


@dataclass(eq=False)
class _Board:
    """Verdicts of all pairs, by the places of the pieces, the smaller first."""

    detector: Detector
    options: Sequence[str]
    pieces: Sequence[Piece]

    def __post_init__(self) -> None:
        self.detector.take_all([piece.text for piece in self.pieces])
        self.verdicts: dict[tuple[int, int], Verdict] = {}
        self.agree: dict[tuple[int, int], float] = {}
        for one, other in combinations(range(len(self.pieces)), 2):
            verdict, agree = judged(self.detector, self.pieces[one], self.pieces[other], self.options)
            self.verdicts[one, other], self.agree[one, other] = verdict, agree


def compare(
    decision: str,
    a: Piece | str,
    b: Piece | str,
    *,
    options: Sequence[str] = (),
    vectors: Vectors | None = None,
) -> Verdict:
    """How two pieces of advice on one decision stand to each other.

    decision: a question ("Should I ...?", "... or ...?") or a claim. a, b: pieces, or their bare words.
    options: of the decision, where it has any. vectors: see `shapes.Vectors`; without them it is less often right.
    Two recorded stances decide; otherwise the detector proposes. Never raises for any text.

    >>> from quarterhour.engines.perspectives.shapes import Stance
    >>> one = Piece("1", "Go.", stance=Stance("Move", in_favour=True))
    >>> two = Piece("2", "Hm, stay.", stance=Stance("Stay", in_favour=True))
    >>> compare("Move or stay?", one, two, options=["Move", "Stay"]).conflict
    1.0
    """
    first, second = (Piece(key, each) if isinstance(each, str) else each for key, each in (("a", a), ("b", b)))
    if first.stance and second.stance:
        return between_stances(first.stance, second.stance, options)
    ahead = (first.text, second.text)
    return judged(Detector(decision, options, vectors, ahead), first, second, options)[0]


def lay_out(
    decision: str, options: Sequence[str], pieces: Sequence[Piece], *, vectors: Vectors | None = None
) -> Layout:
    """Lay pieces of advice on one decision side by side. Keys are unique; of two alike the first is kept.

    The order of the pieces changes nothing but the order of equals: what is compared and grouped goes by keys.
    """
    kept = {piece.key: piece for piece in reversed(pieces)}
    ordered = [kept[key] for key in sorted(kept)]
    board = _Board(Detector(decision, options, vectors, [piece.text for piece in ordered]), options, ordered)
    place = {piece.key: number for number, piece in enumerate(pieces)}
    groups = sorted(_groups(board, place), key=lambda group: (-len(group.keys), place[group.keys[0]]))
    readable = sum(board.detector.readable(piece.text) for piece in ordered)
    found = missing(options, ordered, english=2 * readable >= len(ordered))
    return Layout(tuple(groups), tuple(_conflicts(board)), tuple(found))


def judged(detector: Detector, a: Piece, b: Piece, options: Sequence[str]) -> tuple[Verdict, float]:
    """The verdict on two pieces, and the chance that they recommend the same."""
    if a.stance and b.stance:
        verdict = between_stances(a.stance, b.stance, options)
        return verdict, float(verdict.label == "agree")
    one, other = (_known(detector, piece, options) for piece in (a, b))
    return detector.judge(a.text, b.text, one, other)


def _known(detector: Detector, piece: Piece, options: Sequence[str]) -> float | None:
    """What a recorded stance tells the detector: 1 for the first way, -1 for the second, 0 for none of them."""
    listed = [named(option) for option in plain_options(options)]
    if piece.stance is None or len(listed) != TWO:
        return None
    where = position(piece.stance, options)
    return 0.0 if not where.option else 1.0 if where.option == listed[0] else -1.0


def _conflicts(board: _Board) -> list[Conflict]:
    found = []
    for (one, other), verdict in board.verdicts.items():
        if verdict.conflict < CONFLICT_FROM:
            continue
        a, b = board.pieces[one], board.pieces[other]
        if a.voice and a.voice == b.voice:
            continue
        exact = verdict.label == "conflict" and a.stance is not None and b.stance is not None
        grounds = rests_on(a, b)
        asks = question_of(a, b, grounds, board.options)
        found.append(
            Conflict(a.key, b.key, exact, verdict.conflict, grounds, asks, verdict.words, because=verdict.because)
        )
    weight = {piece.key: HEAVY.get(piece.confidence, 1) for piece in board.pieces}
    return sorted(
        found,
        key=lambda each: (-each.p, not each.exact, -weight[each.a] - weight[each.b], -_many(each), each.a, each.b),
    )


def _many(conflict: Conflict) -> int:
    return len(conflict.rests_on[0]) + len(conflict.rests_on[1])


def _groups(board: _Board, place: dict[str, int]) -> list[Group]:
    """Clusters: recorded stances that agree, then whatever seems to agree with all of a cluster and parts with none."""
    clusters = _recorded(board)
    pairs = [pair for pair, agree in board.agree.items() if agree >= AGREE_FROM]
    for pair in sorted(pairs, key=lambda pair: (-board.agree[pair], pair)):
        one, other = (next(cluster for cluster in clusters if each in cluster) for each in pair)
        if one is not other and _fit(board, one, other):
            clusters.remove(other)
            one |= other
    return [_group(board, sorted(cluster, key=lambda each: place[board.pieces[each].key])) for cluster in clusters]


def _recorded(board: _Board) -> list[set[int]]:
    by_position: dict[Position, set[int]] = {}
    alone: list[set[int]] = []
    for number, piece in enumerate(board.pieces):
        where = position(piece.stance, board.options) if piece.stance else None
        if where is None or not where.option:
            alone.append({number})
        else:
            by_position.setdefault(where, set()).add(number)
    return [*by_position.values(), *alone]


def _fit(board: _Board, one: set[int], other: set[int]) -> bool:
    recorded = [any(board.pieces[each].stance for each in cluster) for cluster in (one, other)]
    if all(recorded):
        return False
    across = [(min(a, b), max(a, b)) for a in one for b in other]
    parts = any(board.verdicts[pair].conflict >= CONFLICT_FROM for pair in across)
    return not parts and sum(board.agree[pair] for pair in across) >= AGREE_FROM * len(across)


def _group(board: _Board, cluster: list[int]) -> Group:
    pieces = [board.pieces[each] for each in cluster]
    stances = [piece.stance for piece in pieces if piece.stance]
    wanted = [position(stance, board.options) for stance in stances]
    where = wanted[0] if wanted else Position("", in_favour=True)
    shown = next((option for option in board.options if named(as_listed(option, board.options)) == where.option), "")
    if not shown and where.option:
        shown = stances[0].option
    grounds = [ground for piece in pieces for ground in own_grounds(piece)]
    return Group(
        keys=tuple(piece.key for piece in pieces),
        option=shown,
        in_favour=where.in_favour,
        exact=len(stances) == len(pieces),
        rests_on=tuple(once(grounds)),
    )
