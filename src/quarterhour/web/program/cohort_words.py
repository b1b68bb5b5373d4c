"""A run of a cohort in words: each pair with its reason, whoever is alone with the next step, what another rule did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median

from quarterhour.engines.cohort import Changes
from quarterhour.matching.cohort_models import CohortRun
from quarterhour.matching.cohort_rules import CohortRules
from quarterhour.people.languages import NAMES
from quarterhour.people.models import Membership, Profile
from quarterhour.people.rules import LEVELS_OF_OTHERS
from quarterhour.people.taxonomy import skill_of
from quarterhour.web.program.spread import counted, fit_words

WELL, FAIRLY = 0.45, 0.3
MET, AREA, LANGUAGE, HOURS, LITTLE = (
    "met before, or kept apart", "the same team", "no shared language", "too few shared hours", "too little in common",
)  # fmt: skip
# What a rule took away, as the page says it, and what would bring somebody back.
TAKEN = {
    LANGUAGE: "{} share no language", HOURS: "{} share too few hours", AREA: "{} work in the same area",
    MET: "{} have met them before",
}  # fmt: skip
NEXT = {
    LANGUAGE: "Ask whether another language is fine, or choose somebody who speaks theirs.",
    HOURS: "Fewer shared hours would help, or ask when they are free.",
    AREA: "Untick “They work in different areas” to let them meet.",
    MET: "Untick “They have not met before”, or choose somebody new who helps.",
}
CHOICES = {
    "share_a_language": "share a language", "other_area": "work in different areas", "new_pairs": "have not met before",
    "everyone": "everyone first",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody of a run as the page draws them; who has left is nobody by name."""

    pk: str
    called: str
    role: str = ""

    @property
    def first(self) -> str:
        return self.called.split(" ", maxsplit=1)[0]


GONE = "Somebody who has left"


class Names:
    """The people of a run by key, as far as they still belong to the organisation. Two queries."""

    def __init__(self, org, keys: Iterable[str]) -> None:
        wanted = list(dict.fromkeys(keys))
        here = Membership.objects.filter(org=org, person__in=wanted)
        people = here.values_list("person", "person__name", "person__email")
        roles = dict(Profile.objects.within(org).filter(person__in=wanted).values_list("person", "role"))
        self._known = {
            str(key): Named(str(key), name or mail.partition("@")[0], roles.get(key, "")) for key, name, mail in people
        }

    def __getitem__(self, key: str) -> Named:
        return self._known.get(key) or Named(key, GONE)


def keys_of(*runs: CohortRun) -> list[str]:
    """Everybody who stands in these runs."""
    pairs = [key for run in runs for row in run.pairs for key in (row["mentee"], row["mentor"])]
    return pairs + [key for run in runs for row in run.alone for key in (row["mentee"], row["nearest"]) if key]


def why(row: Mapping, names: Names) -> str:
    """Why these two, in a line."""
    asks, gives = names[row["mentee"]], names[row["mentor"]]
    told = [_topics(row["topics"], asks, gives) or _no_topic(row["score"], asks, gives)]
    if language := NAMES.get(row["language"], row["language"]):
        told.append(f"Both speak {language}.")
    hours = "one hour" if row["hours"] == 1 else f"{row['hours']} different hours"
    if row["hours"]:
        whose = "" if row["told"] else f", if {asks.first} has time all day"
        told.append(f"A session could begin in {hours} of their week{whose}.")
    else:
        told.append("No hour that suits both: they have to find one.")
    return " ".join(told)


def _topics(rows: Iterable, asks: Named, gives: Named) -> str:
    told = []
    for wanted, known, level in rows:
        knows = LEVELS_OF_OTHERS.get(level, "knows it")
        if wanted == known:
            told.append(f"{asks.first} asks about {_label(wanted)}, and {gives.first} {knows}.")
        else:
            told.append(
                f"{asks.first} asks about {_label(wanted)}; {gives.first} knows {_label(known)}, which is near."
            )
    return " ".join(told)


def _no_topic(score: float, asks: Named, gives: Named) -> str:
    """Why two without a topic in common are a pair, as well as the score says they fit."""
    if score >= FAIRLY:
        return "They name no topic in common; what else they wrote, and their hours, fit."
    return f"{gives.first} names nothing {asks.first} asks about; it is the best that was left."


def _label(skill_id: str) -> str:
    skill = skill_of(skill_id)
    return skill.label if skill else skill_id.replace("-", " ")


def pair_rows(rows: Iterable[Mapping], names: Names) -> list[dict]:
    """Pairs as the page draws them."""
    return [
        {
            "asks": names[row["mentee"]], "gives": names[row["mentor"]], "fit": fit_words(row["score"]),
            "well": row["score"] >= WELL, "scarce": row["hours"] == 1, "why": why(row, names), "score": row["score"],
        }
        for row in rows
    ]  # fmt: skip


def alone_rows(run: CohortRun, names: Names) -> list[dict]:
    """Whoever is alone: what stands against it and what to do, those a rule keeps alone first."""
    rows = [_alone(row, names) for row in run.alone]
    return sorted(rows, key=lambda row: (row["harm"] != "high", row["name"]))


def _alone(row: Mapping, names: Names) -> dict:
    name, ruled = names[row["mentee"]].called, row["ruled"]
    if row["fit"]:
        nearest = names[row["nearest"]].called
        taken = (
            f"the one who would suit, {nearest}, is taken" if row["fit"] == 1 else "everybody who would suit is taken"
        )
        so = f"The places went to pairs that fit better together. One more place with {nearest} would do."
        return {"name": name, "what": f"{name}: {taken}", "so": so, "harm": "middle"}
    hard = {rule: count for rule, count in ruled.items() if rule in TAKEN}
    if not hard:
        so = "Nobody chosen names what they ask about. Choose more people who help, or invite somebody who knows it."
        return {"name": name, "what": f"{name}: too little in common with anybody chosen", "so": so, "harm": "high"}
    worst = sorted(hard.items(), key=lambda each: (-each[1], each[0]))
    told = ", ".join(TAKEN[rule].format(count) for rule, count in worst)
    so = f"Of those who help, {told}. {NEXT[worst[0][0]]}"
    return {"name": name, "what": f"{name}: the rules leave nobody", "so": so, "harm": "high"}


def room(run: CohortRun) -> str:
    """Whether there were places enough at all."""
    asked, places = len(run.pairs) + len(run.alone), sum(run.places.values())
    if not run.alone or places >= asked:
        return ""
    few = f"{asked} ask, and there are {places} places: {asked - places} stay alone whatever the rules."
    return f"{few} More places would help most."


def figures(run: CohortRun) -> list[dict]:
    scores = [row["score"] for row in run.pairs]
    if not scores:
        return [{"label": "Paired", "number": 0, "gloss": f"of {len(run.mentees)} who ask"}]
    tenth = max(1, len(scores) // 10)
    worst = f"{run.worst_tenth:.2f} of 1, {tenth} pair{'s' * (tenth > 1)}"
    return [
        {"label": "Paired", "number": len(scores), "gloss": f"of {len(scores) + len(run.alone)} who ask"},
        {"label": "Fit well", "number": sum(score >= WELL for score in scores), "gloss": "or very well"},
        {"label": "Middle pair", "number": fit_words(median(scores)), "gloss": f"{median(scores):.2f} of 1"},
        {"label": "Worst tenth", "number": fit_words(run.worst_tenth), "gloss": worst},
    ]  # fmt: skip


def summary(run: CohortRun) -> str:
    """Total and spread in a sentence."""
    scores = [row["score"] for row in run.pairs]
    return f"Together they come to {run.total:.1f} of at most {len(scores)}: {counted(scores)}."


def fairness(run: CohortRun) -> str:
    """What fairness cost, and what it brought."""
    if not run.rules["fairness"]:
        return "Fairness is off: the total alone counts."
    if run.worst_tenth <= run.plain_worst or not run.plain_worst:
        return "Fairness gave up nothing: no other pairing within its budget is better for the worst off."
    better = 100 * (run.worst_tenth / run.plain_worst - 1)
    return f"Fairness gave up {100 * run.given_up:.2f} % of the total; the worst tenth fits {better:.1f} % better."


def title(paired: int, alone: int) -> str:
    """What a run came to.

    >>> title(34, 2), title(1, 0)
    ('34 pairs, two people still alone', '1 pair, nobody alone')
    """
    if not paired:
        return "Nobody could be paired"
    few = {0: "nobody alone", 1: "one person still alone", 2: "two people still alone"}
    return f"{paired} pair{'s' * (paired > 1)}, {few.get(alone, f'{alone} people still alone')}"


def rules_in_words(rules: Mapping) -> list[str]:
    told = [f"They {words}" for name, words in CHOICES.items() if name != "everyone" and rules[name]]
    hours = rules["shared_hours"]
    if hours:
        told.append(f"At least {hours} hour{'s' * (hours > 1)} a week suit both")
    told.append("As many pairs as can be, then the best total" if rules["everyone"] else "The best total")
    told.append(f"Fairness {rules['fairness']:.1f} of 1" if rules["fairness"] else "No fairness")
    return told


def rule_changes(before: Mapping, after: Mapping) -> list[str]:
    """Which rules differ: "shared hours 3, were 1"."""
    told = [
        f"“{words}” {'ticked' if after[name] else 'unticked'}"
        for name, words in CHOICES.items()
        if before[name] != after[name]
    ]
    if before["shared_hours"] != after["shared_hours"]:
        told.append(f"shared hours {after['shared_hours']}, before {before['shared_hours']}")
    if before["fairness"] != after["fairness"]:
        told.append(f"fairness {after['fairness']:.1f}, before {before['fairness']:.1f}")
    return told


def changes_page(before: CohortRun, after: CohortRun, changed: Changes, names: Names, *, most: int = 40) -> dict:
    """The difference of two runs as the page draws it."""
    moved = [{"asks": names[key], "was": names[a], "now": names[b]} for key, (a, b) in changed.moved.items()]
    gained = [{"asks": names[key], "now": names[to]} for key, to in changed.gained.items()]
    lost = [{"asks": names[key], "was": names[to]} for key, to in changed.lost.items()]
    share = 100 * changed.total / before.total if before.total else 0.0
    total = (
        f"Together the pairs come to {after.total:.1f}, before {before.total:.1f}"
        + (f": {abs(share):.1f} % {'more' if share > 0 else 'less'}." if abs(share) >= 0.05 else ", about the same.")  # noqa: PLR2004
    )  # fmt: skip
    return {
        "before": before, "kept": len(changed.kept), "total": total, "rules": rule_changes(before.rules, after.rules),
        "others": set(before.mentees) != set(after.mentees) or before.places != after.places,
        "moved": moved[:most], "gained": gained[:most], "lost": lost[:most],
        "counts": (len(moved), len(gained), len(lost)), "same": not (moved or gained or lost),
    }  # fmt: skip


def rules_of(run: CohortRun) -> CohortRules:
    return CohortRules(**run.rules)
