"""What mattered for a mentor's place, in words; numbers are for engineers."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from quarterhour.engines.matching.model import Asked, Fit, Weights

__all__ = ["Reason", "said_of", "what_mattered"]

# A sign is worth a sentence if it lifts somebody this far above those beside them.
WORTH_SAYING = 0.03
OFFERED = {
    "decide": "helps people decide",
    "unblock": "helps when somebody is stuck",
    "review": "reviews work",
    "practise": "practises with people",
    "explore": "helps people look around",
    "connect": "introduces people",
}
LEVELS = {"lived": "has lived through {}", "expert": "knows {} inside out", "strong": "knows {} well"}
BESIDE = 20


@dataclass(frozen=True, slots=True)
class Reason:
    """One sign and what it says of this mentor, without their name: "has lived through burnout"."""

    feature: str
    says: str


def what_mattered(
    asked: Asked,
    fit: Fit,
    ranked: Sequence[Fit],
    *,
    weights: Weights = Weights(),  # noqa: B008 - frozen
    limit: int = 3,
) -> list[Reason]:
    """The signs that put this mentor above the others who were considered, the strongest first.

    ranked: everybody considered, the best first. A sign all share says nothing about one of them and is left out.
    """
    others = [one for one in ranked[:BESIDE] if one.mentor.id != fit.mentor.id]
    lifts = []
    for feature in ("words", "meaning", "topics", "kind", "language"):
        mean = fmean(getattr(one.parts, feature) for one in others) if others else 0.0
        lift = getattr(weights, feature) * (getattr(fit.parts, feature) - mean)
        says = said_of(feature, asked, fit)
        if lift >= WORTH_SAYING and says:
            lifts.append((lift, feature, says))
    lifts.sort(key=lambda one: -one[0])
    return [Reason(feature, says) for _, feature, says in lifts[:limit]]


def said_of(feature: str, asked: Asked, fit: Fit) -> str:
    """What a sign says of this mentor; "" where it says nothing. feature: as `Reason` has it."""
    told = fit.pieces[0].kind if fit.pieces else ""
    where = {"story": "in a story", "answer": "in an earlier session"}.get(told, "in the profile")
    if feature == "topics":
        known = max(fit.met, key=lambda skill: asked.skills.get(skill, 0.0), default=None)
        return LEVELS[fit.met[known].level].format(fit.met[known].name) if known else ""
    if feature == "language":
        return "speaks the language you wrote in" if fit.parts.language > 0 else ""
    if feature == "kind":
        return OFFERED.get(asked.kind, "") if fit.mentor.helps_with else ""
    return {"words": f"uses your words {where}", "meaning": f"tells of something close to it {where}"}[feature]
