"""What one chip less would bring: "With German: 2 more"."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from quarterhour.engines.matching.confidence import SURE, chances
from quarterhour.engines.matching.family import Family
from quarterhour.engines.matching.model import Asked, Fit

__all__ = ["Relaxed", "counterfactual"]


@dataclass(frozen=True, slots=True)
class Relaxed:
    """One chip, and those who fit confidently once it is relaxed, the best first.

    words: how the page names it, "with German" or "without Friday".
    """

    chip: str
    words: str
    gained: tuple[Hashable, ...]

    @property
    def says(self) -> str:
        return f"{self.words[:1].upper()}{self.words[1:]}: {len(self.gained)} more."


def counterfactual(
    asked: Asked,
    fits: Sequence[Fit],
    standing_in_the_way: Mapping[Hashable, frozenset[str]],
    chips: Mapping[str, str],
    *,
    family: Family,
    least: int = 1,
) -> Relaxed | None:
    """The one chip that, relaxed, brings the most people who fit confidently; None if none brings `least`.

    asked: the question as it would be without hard chips: `languages` empty, or what all would speak.
    fits: everybody ranked for it, the best first, whether or not a chip keeps them out.
    standing_in_the_way: mentor id -> the chips that keep this mentor out; somebody who is missing, or has an empty
        set, is shown already. Who is kept out by two chips is gained by neither.
    chips: chip -> its words, in the order in which they are preferred where two bring as many.

    With {"m1": {"lang:de"}, "m2": {"lang:de", "day:fri"}}, both confident, German brings m1 and Friday nobody.
    """
    gained: dict[str, list[Hashable]] = {chip: [] for chip in chips}
    for fit, chance in zip(fits, chances(asked, fits, family=family), strict=True):
        alone = standing_in_the_way.get(fit.mentor.id, frozenset())
        if chance >= SURE and len(alone) == 1 and (chip := next(iter(alone))) in gained:
            gained[chip].append(fit.mentor.id)
    best = max(gained, key=lambda chip: len(gained[chip]), default=None)
    if best is None or len(gained[best]) < max(1, least):
        return None
    return Relaxed(best, chips[best], tuple(gained[best]))
