"""Whether a learned ranker is taken: only where it is surely better, enough was seen, and newcomers do not pay."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np

from quarterhour.engines.learned.judge import Judged
from quarterhour.engines.learned.shown import Shown

__all__ = ["LEAST", "Counts", "Gate", "counts_of", "decide", "missing"]


@dataclass(frozen=True, slots=True)
class Counts:
    """weeks with a ranking; rankings; picks; answers: sessions of which somebody said whether they helped; helps."""

    weeks: int
    rankings: int
    picks: int
    answers: int
    helps: int


@dataclass(frozen=True, slots=True)
class Least:
    """Below this nothing is learned (learn), or nothing is switched (judge)."""

    learn: Counts
    judge: Counts


LEAST = Least(learn=Counts(6, 300, 120, 40, 10), judge=Counts(2, 150, 60, 30, 10))
WORDS = {
    "weeks": "weeks with questions",
    "rankings": "rankings",
    "picks": "people asked or booked",
    "answers": "answers whether it helped",
    "helps": "sessions that helped",
}


@dataclass(frozen=True, slots=True)
class Gate:
    """open: whether to switch. why: each finding as a sentence. needed: what would be needed, where it is shut."""

    open: bool
    why: tuple[str, ...]
    needed: str


def counts_of(rankings: Sequence[Shown]) -> Counts:
    told = [each.helped[each.held & ~np.isnan(each.helped)] for each in rankings]
    return Counts(
        weeks=len({each.week for each in rankings}),
        rankings=len(rankings),
        picks=sum(int(each.picked.sum()) for each in rankings),
        answers=sum(len(each) for each in told),
        helps=sum(int(each.sum()) for each in told),
    )


def missing(there: Counts, least: Counts) -> list[str]:
    """What there is too little of, in words."""
    return [
        f"{getattr(there, name)} {words} of at least {getattr(least, name)}"
        for name, words in WORDS.items()
        if getattr(there, name) < getattr(least, name)
    ]


def decide(judged: Judged, later: Counts, *, least: Counts = LEAST.judge) -> Gate:
    """later: what there was in the weeks held out. Every finding is told, also those that speak for it."""
    difference = judged.difference
    before, after = (judged.fairness[name].newcomers for name in ("default", "learned"))
    short = missing(later, least)
    sure = difference.low > 0
    fair = after >= before
    why = [
        f"On the weeks held out it brings {difference.value:+.1f} helps for 100 questions, likely between"
        f" {difference.low:+.1f} and {difference.high:+.1f}"
        + (": surely better." if sure else ". To be taken, all of it has to lie above nought."),
        f"Newcomers have {after:.1%} of the looks at cards, {before:.1%} with the default"
        + (": no less than before." if fair else ": that is less, so it is not taken."),
        f"Too little to judge by: {'; '.join(short)}." if short else "There was enough to judge by.",
    ]
    is_open = sure and fair and not short
    return Gate(is_open, tuple(why), "" if is_open else _needed(judged, later, short, sure=sure, fair=fair))


def _needed(judged: Judged, later: Counts, short: list[str], *, sure: bool, fair: bool) -> str:
    if short:
        return "More weeks like these; train again in a month."
    found = judged.difference
    if not sure and found.value <= 0:
        return "It is not better here. The default places people; train again when there is much more to learn from."
    if not sure:
        times = ((found.value - found.low) / found.value) ** 2
        return f"If it is as good as it looks, about {ceil(later.rankings * times)} rankings in the weeks held out."
    return "" if fair else "An order that does not take looks from newcomers."
