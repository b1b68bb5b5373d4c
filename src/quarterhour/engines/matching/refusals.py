"""What somebody does not want to be asked, as skills."""

import re

from quarterhour.engines.understand import Skill, leanings, topics

__all__ = ["refused_skills"]

# Each clause is about something of its own; its surest skills count, however faint.
_CLAUSE = re.compile(r"[.;:!?,\n]+")
FAINT, SHARE_OF_BEST = 0.03, 0.6


def refused_skills(words: str, skills: tuple[Skill, ...]) -> frozenset[str]:
    """The skills that "not for" names: what a mentor refuses fills few words, so faint names count as well.

    words: as the mentor wrote them, in any language. skills: the taxonomy.
    """
    found = {topic.skill_id for topic in topics(words, skills, language=None)}
    for clause in _CLAUSE.split(words):
        leant = leanings(clause, skills, language=None)
        most = max(leant.values(), default=0.0)
        found |= {skill_id for skill_id, weight in leant.items() if weight >= max(FAINT, SHARE_OF_BEST * most)}
    return frozenset(found)
