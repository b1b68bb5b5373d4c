"""How near two skills are in the taxonomy."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache

from quarterhour.engines.understand import Skill

__all__ = ["Family", "family_of"]

SAME, NARROWER, BROADER, BESIDE, FAR_NARROWER, FAR_BROADER = 1.0, 0.6, 0.5, 0.3, 0.3, 0.2


class Family:
    """The broader relations of a taxonomy."""

    def __init__(self, skills: Iterable[Skill]) -> None:
        broader = {skill.id: skill.broader for skill in skills}
        self._chains: Mapping[str, tuple[str, ...]] = {skill_id: _chain(skill_id, broader) for skill_id in broader}
        self._below: Mapping[str, list[str]] = defaultdict(list)
        for skill_id, chain in self._chains.items():
            for above in chain[1:]:
                self._below[above].append(skill_id)
        self._helped: dict[str, Mapping[str, float]] = {}
        self._helpers: dict[str, Mapping[str, float]] = {}

    def nearness(self, asked: str, known: str) -> float:
        """How much knowing `known` helps with `asked`, 0 to 1.

        1 for the same skill, 0.6 for a part of it, 0.5 for what it is a part of, 0.3 for another part of the
        same. Unknown ids are near to themselves alone.
        """
        if asked == known:
            return SAME
        up_asked, up_known = self._chains.get(asked, (asked,)), self._chains.get(known, (known,))
        if asked in up_known:
            return NARROWER if up_known.index(asked) == 1 else FAR_NARROWER
        if known in up_asked:
            return BROADER if up_asked.index(known) == 1 else FAR_BROADER
        beside = len(up_asked) > 1 and len(up_known) > 1 and up_asked[1] == up_known[1]
        return BESIDE if beside else 0.0

    def is_in_line(self, one: str, other: str) -> bool:
        """Whether they are the same skill, or one is a part of the other, at whatever depth."""
        chain, back = self._chains.get(one, (one,)), self._chains.get(other, (other,))
        return other in chain or one in back

    def helped_by(self, known: str) -> Mapping[str, float]:
        """Every skill that knowing `known` helps with, and how much; kept for the next question."""
        if (kept := self._helped.get(known)) is not None:
            return kept
        found = {one: near for one in self._relatives(known) if (near := self.nearness(one, known))}
        return self._helped.setdefault(known, found) if known in self._chains else found

    def helpers_of(self, asked: str) -> Mapping[str, float]:
        """Every skill that helps with `asked`, and how much; kept as well."""
        if (kept := self._helpers.get(asked)) is not None:
            return kept
        found = {one: near for one in self._relatives(asked) if (near := self.nearness(asked, one))}
        return self._helpers.setdefault(asked, found) if asked in self._chains else found

    def _relatives(self, skill_id: str) -> set[str]:
        """All that can be near: what it is a part of, its parts, and the other parts of what it is a part of."""
        chain = self._chains.get(skill_id, (skill_id,))
        near = {*chain, *self._below.get(skill_id, ())}
        return near.union(self._below.get(chain[1], ())) if len(chain) > 1 else near


def _chain(skill_id: str, broader: Mapping[str, str]) -> tuple[str, ...]:
    chain = [skill_id]
    while (above := broader.get(chain[-1], "")) and above not in chain:
        chain.append(above)
    return tuple(chain)


@lru_cache(maxsize=4)
def family_of(skills: tuple[Skill, ...]) -> Family:
    """The family of a taxonomy, kept for the next question."""
    return Family(skills)
