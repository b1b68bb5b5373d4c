"""The signs by which a mentor is judged: topics that meet the asked skills, languages, and what they refuse."""

from collections.abc import Mapping
from math import exp, fsum, isfinite

from quarterhour.engines.matching.family import Family
from quarterhour.engines.matching.model import Asked, Level, Mentor, Topic, Weights
from quarterhour.engines.matching.terms import terms_of

__all__ = ["MET", "TopicMeeting", "heart_of", "language_shared", "meant_skills", "refusal", "skills_asked"]

# Who has lived something is asked before who knows it well.
LEVELS: Mapping[Level, float] = {"lived": 1.0, "expert": 0.9, "strong": 0.75}
NOTHING = {"", "none", "-", "n/a", "nothing"}
# Two who share no language cannot talk, whatever else fits.
NONE_SHARED = -10.0
# From here on a topic meets a skill.
MET = 0.5
# The heart of a question are the skills at least this near to its surest one.
HEART = 0.7
# A skill whose meaning lies this much further from the question than the nearest one's counts 1/e.
DOUBT = 0.5
# What a chip the person chose means at least.
CHOSEN = 0.45
# Who names more topics than this is known for each of them by less: a list of everything says nothing.
TOPICS_OF_ONE_PERSON = 12


def skills_asked(asked: Asked) -> dict[str, float]:
    """The asked skills with the weight they have for ranking: less where only their words are near, not their meaning.

    Weights that are no number are left out.
    """
    known = {skill_id: weight for skill_id, weight in asked.skills.items() if isfinite(weight) and weight > 0}
    meant = {skill_id: cosine for skill_id, cosine in asked.meant.items() if isfinite(cosine)}
    if not meant:
        return known
    nearest, furthest = max(meant.values()), min(meant.values())
    return {skill: weight * exp((meant.get(skill, furthest) - nearest) / DOUBT) for skill, weight in known.items()}


def meant_skills(
    leanings: Mapping[str, float], similarity: Mapping[str, float], chosen: frozenset[str] = frozenset()
) -> dict[str, float]:
    """`Asked.meant`: the cosine of each skill a question leans towards; {} where no model read the question.

    similarity: skill id -> cosine for the nearest skills; one that is not among them is as far as the furthest.
    chosen: what the person picked is meant, whatever the model says.
    """
    if not similarity:
        return {}
    nearest, furthest = max(similarity.values()), min(similarity.values())
    return {
        skill_id: max(nearest, CHOSEN) if skill_id in chosen else similarity.get(skill_id, furthest)
        for skill_id in leanings
    }


def heart_of(asked: Asked) -> dict[str, float]:
    """The skills a question is about most of all, with their weights."""
    most = max((weight for weight in asked.skills.values() if isfinite(weight)), default=0.0)
    return {skill_id: weight for skill_id, weight in asked.skills.items() if weight >= HEART * most > 0}


class TopicMeeting:
    """How mentors' topics meet the skills of one question; what was found for a topic is kept for the next mentor."""

    def __init__(self, asked: Asked, family: Family, weights: Weights) -> None:
        self.skills = skills_asked(asked)
        self.whole = sum(self.skills.values())
        self.family = family
        self.weights = weights
        self.near: dict[str, list[tuple[str, float]]] = {}

    def of(self, mentor: Mentor) -> tuple[float, dict[str, Topic], float]:
        """How far the topics meet the asked skills, which topic meets which, and the share that is met."""
        values: list[float] = []
        best: dict[str, tuple[float, Topic]] = {}
        named = 0
        for topic in mentor.topics:
            if topic.skill_id is None:
                continue
            named += 1
            value = 0.0
            for skill_id, nearness in self._near(topic.skill_id):
                value = max(value, self.skills[skill_id] * nearness)
                if nearness > best.get(skill_id, (0.0, topic))[0]:
                    best[skill_id] = (nearness, topic)
            values.append(value * LEVELS[topic.level])
        values = sorted(values, reverse=True)[: self.weights.topics_counted]
        total = sum(value * self.weights.diminish_topics**place for place, value in enumerate(values))
        met = {skill_id: topic for skill_id, (nearness, topic) in best.items() if nearness >= MET}
        coverage = sum(self.skills[skill_id] * nearness for skill_id, (nearness, _) in best.items())
        fair = min(1.0, TOPICS_OF_ONE_PERSON / named) if named else 1.0
        return total * fair, met, coverage / self.whole if self.whole else 0.0

    def _near(self, known: str) -> list[tuple[str, float]]:
        if known not in self.near:
            helped = self.family.helped_by(known)
            if self.skills.keys().isdisjoint(helped):
                self.near[known] = []
            else:
                self.near[known] = [(skill_id, helped[skill_id]) for skill_id in self.skills if skill_id in helped]
        return self.near[known]


def language_shared(asked: Asked, mentor: Mentor) -> float:
    """1 if they speak the language somebody wrote in when it is not English, -10 if they share no language."""
    if asked.languages and mentor.languages and not asked.languages & mentor.languages:
        return NONE_SHARED
    return float(asked.language not in ("en", None) and asked.language in mentor.languages)


def refusal(heart: Mapping[str, float], terms: Mapping[str, float], mentor: Mentor, family: Family) -> float:
    """-1 to 0: how much of the question lies in what the mentor does not want to be asked.

    heart: of the question (`heart_of`). terms: its words and how rare they are.
    What they name among their own topics is not refused: "Code reviews. Performance reviews, yes."
    """
    if mentor.not_for.strip().rstrip(".").lower() in NOTHING:
        return 0.0
    own = {topic.skill_id for topic in mentor.topics}
    heard = max(
        (
            weight * family.nearness(skill_id, refused)
            for refused in mentor.not_for_skills
            if refused not in own
            for skill_id, weight in heart.items()
        ),
        default=0.0,
    )
    shared = set(terms) & set(terms_of(mentor.not_for))
    if shared:
        shared -= {term for topic in mentor.topics for term in terms_of(topic.name)}
    strongest = sum(sorted(terms.values(), reverse=True)[:4])
    said = fsum(terms[term] for term in shared) / strongest if strongest else 0.0
    return -min(1.0, max(heard, said))
