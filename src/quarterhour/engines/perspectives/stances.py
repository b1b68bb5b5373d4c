"""Two recorded stances: what they say to each other needs no reading, only their words."""

from collections.abc import Sequence
from dataclasses import dataclass

from quarterhour.engines.perspectives.asking import plain_options
from quarterhour.engines.perspectives.shapes import Stance, Verdict

__all__ = ["Position", "as_listed", "between_stances", "named", "position"]

TWO = 2
EACH_ITS_CASE = 0.5
NO_WORDS: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())


@dataclass(frozen=True, slots=True)
class Position:
    """What a stance comes to. option: "" for none of them. Of two options, against one is for the other."""

    option: str
    in_favour: bool


def named(option: str) -> str:
    """An option as it is compared: without its letter, capitals and spaces.

    >>> named("  Buy   the Boat ") == named("buy the boat")
    True
    """
    return " ".join(option.split()).casefold()


def position(stance: Stance, options: Sequence[str]) -> Position:
    """Where a stance stands among the options.

    >>> position(Stance("Rent", in_favour=False), ["Buy", "Rent"])
    Position(option='buy', in_favour=True)
    >>> position(Stance("Ask a lawyer", in_favour=True), ["Buy", "Rent"])
    Position(option='', in_favour=True)
    """
    own = named(stance.option)
    listed, lettered = [named(option) for option in plain_options(options)], [named(option) for option in options]
    if not options:
        return Position(own, stance.in_favour)
    place = next((names.index(own) for names in (lettered, listed) if own in names), None)
    if place is None or not own:
        return Position("", in_favour=True)
    if len(listed) == TWO and not stance.in_favour:
        return Position(listed[1 - place], in_favour=True)
    return Position(listed[place], stance.in_favour)


def between_stances(a: Stance, b: Stance, options: Sequence[str]) -> Verdict:
    """What two recorded stances say to each other. Exact, but where each holds on a condition of its own."""
    one, other = position(a, options), position(b, options)
    if not one.option or not other.option:
        return Verdict("compatible", 0.0, sure=True, words=NO_WORDS, because="One of them is for none of the options.")
    if one == other:
        told = f"Both are {'for' if one.in_favour else 'against'} “{as_listed(one.option, options)}”."
        return Verdict("agree", 0.0, sure=True, words=NO_WORDS, because=told)
    if one.option != other.option and not (one.in_favour and other.in_favour):
        told = "One is for an option and the other against another: both can be followed."
        if not one.in_favour and not other.in_favour:
            told = "Each is against another option: both can be followed."
        return Verdict("compatible", 0.0, sure=True, words=NO_WORDS, because=told)
    if a.condition.strip() and b.condition.strip() and named(a.condition) != named(b.condition):
        told = "They part, but each speaks of a case of its own: which of the two is yours?"
        return Verdict("compatible", EACH_ITS_CASE, sure=False, words=((a.condition,), (b.condition,)), because=told)
    told = f"One is {_told(a, options)}, and one is {_told(b, options)}."
    return Verdict("conflict", 1.0, sure=True, words=NO_WORDS, because=told)


def as_listed(option: str, options: Sequence[str]) -> str:
    """An option as people read it: without its letter, or as it stands where it is none of them."""
    pairs = zip(plain_options(options), options, strict=True)
    return next((plain for plain, given in pairs if named(option) in (named(plain), named(given))), option.strip())


def _told(stance: Stance, options: Sequence[str]) -> str:
    told = f"{'for' if stance.in_favour else 'against'} “{as_listed(stance.option, options)}”"
    return f"{told} ({stance.condition})" if stance.condition else told
