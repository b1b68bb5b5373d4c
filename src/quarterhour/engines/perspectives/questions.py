"""What a conflict rests on, and the question it becomes."""

from collections.abc import Iterable, Sequence

from quarterhour.engines.perspectives.asking import plain_options
from quarterhour.engines.perspectives.shapes import Piece
from quarterhour.engines.perspectives.stances import as_listed, named

__all__ = ["once", "own_grounds", "question_of", "rests_on"]

TWO = 2
SHOWN = 160  # characters of a ground in a question


def own_grounds(piece: Piece) -> list[str]:
    """The assumptions and conditions of a piece, in this order, each once."""
    recorded = (piece.stance.condition,) if piece.stance else ()
    every = [ground.strip() for ground in (*piece.assumptions, *piece.conditions, *recorded)]
    return once(every)


def once(grounds: Iterable[str]) -> list[str]:
    """Grounds without those that were named before, in whatever capitals.

    >>> once(["The rent is low", "the  rent is low", "", "she is well"])
    ['The rent is low', 'she is well']
    """
    kept: dict[str, str] = {}
    for ground in grounds:
        if ground:
            kept.setdefault(named(ground), ground)
    return list(kept.values())


def rests_on(a: Piece, b: Piece) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What only the first, and what only the second takes for granted or makes a condition."""
    one, other = own_grounds(a), own_grounds(b)
    shared = {named(ground) for ground in one} & {named(ground) for ground in other}
    kept = [tuple(ground for ground in grounds if named(ground) not in shared) for grounds in (one, other)]
    return kept[0], kept[1]


def question_of(
    a: Piece, b: Piece, grounds: tuple[tuple[str, ...], tuple[str, ...]], options: Sequence[str] = ()
) -> str:
    """The conflict as something to find out or to ask; it takes no side."""
    one, other = grounds
    if one and other:
        return f"Which is nearer to how it is for you: “{_short(one[0])}”, or “{_short(other[0])}”?"
    if one or other:
        return f"Is it so for you: “{_short((one or other)[0])}”? One of the two rests on it."
    listed = [option for each in (a, b) if each.stance and (option := as_listed(each.stance.option, options))]
    listed = listed if len(listed) == TWO else plain_options(options)
    if len(listed) == TWO and listed[0] != listed[1]:
        return f"What would have to be true for “{_short(listed[0])}”, and what for “{_short(listed[1])}”?"
    return "Ask both of them: what would make you say the opposite?"


def _short(ground: str) -> str:
    ground = " ".join(ground.split()).rstrip(".")
    return ground if len(ground) <= SHOWN else f"{ground[: SHOWN - 1].rstrip()}…"
