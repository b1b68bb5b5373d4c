"""How near two skills are in the taxonomy."""

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


def _chain(skill_id: str, broader: Mapping[str, str]) -> tuple[str, ...]:
    chain = [skill_id]
    while (above := broader.get(chain[-1], "")) and above not in chain:
        chain.append(above)
    return tuple(chain)


@lru_cache(maxsize=4)
def family_of(skills: tuple[Skill, ...]) -> Family:
    """The family of a taxonomy, kept for the next question."""
    return Family(skills)
