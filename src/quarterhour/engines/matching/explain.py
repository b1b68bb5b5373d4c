"""Why somebody, and what is missing, in plain words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quarterhour.engines.matching.family import Family
from quarterhour.engines.matching.model import Asked, Fit, Level, Piece, Topic
from quarterhour.engines.matching.signs import heart_of
from quarterhour.engines.matching.terms import terms_of
from quarterhour.engines.understand import sentences

__all__ = ["Why", "what_is_missing", "why_line"]

KNOWN: Mapping[Level, str] = {
    "lived": "Has lived through it: {topic}.",
    "expert": "Knows it inside out: {topic}.",
    "strong": "Knows it well: {topic}.",
}
OFFERED = {
    "decide": "help with decisions",
    "unblock": "help when somebody is stuck",
    "review": "reviews",
    "practise": "practice runs",
    "explore": "a first look around",
    "connect": "introductions",
}
SPANS = {"today": "today", "this week": "this week", "the next four weeks": "in the next four weeks"}
REFUSES, REFUSES_CLEARLY, MET = -0.45, -0.7, 0.5
LONGEST, ONE_LINE = 140, 110


@dataclass(frozen=True, slots=True)
class Why:
    """One line, and where it comes from: "story" and "headline" are the mentor's own words, "topic" is ours."""

    text: str
    source: str
    language: str = ""


def why_line(asked: Asked, fit: Fit, *, family: Family, quoted: Sequence[str] = ()) -> Why:
    """One line that says why this mentor: how a story begins, a topic they met, or their headline. Never a number.

    How the story begins that bears most on the question; a topic at the heart of it if they lived it and no story
    stands out; the headline otherwise. "" if the mentor has said nothing at all.
    quoted: what stands below the line and is not said twice; a story whose beginning is quoted goes by its title.
    """
    told = next((piece for piece in fit.pieces if piece.kind == "story" and piece.title), None)
    headline = next((piece for piece in fit.pieces if piece.kind == "headline" and piece.text), None)
    first = fit.pieces[0] if fit.pieces else None
    topic = _closest(asked, fit, family)
    if first is not None and first is told:
        return Why(_told(told, quoted), "story", told.language)
    if first is not None and first is headline:
        return Why(_short(headline.text), "headline", headline.language)
    if topic is not None:
        return Why(KNOWN[topic.level].format(topic=topic.name), "topic")
    if told is not None:
        return Why(_told(told, quoted), "story", told.language)
    if headline is not None:
        return Why(_short(headline.text), "headline", headline.language)
    return Why("", "")


def _told(story: Piece, quoted: Sequence[str]) -> str:
    """How a story begins, where that is short and not quoted; its title otherwise. "Shoes" says little by itself."""
    begins = next((one.text for one in sentences(story.text)), "")
    short = 0 < len(begins) <= ONE_LINE and begins.endswith((".", "!", "。", "।"))
    return _short(begins if short and not any(begins in each for each in quoted) else story.title)


def _closest(asked: Asked, fit: Fit, family: Family) -> Topic | None:
    """The topic nearest to the heart of the question."""
    heart = heart_of(asked)
    near = [
        (weight * family.nearness(skill_id, topic.skill_id), topic.level == "lived", -place, topic)
        for place, topic in enumerate(fit.mentor.topics)
        if topic.skill_id
        for skill_id, weight in heart.items()
        if family.nearness(skill_id, topic.skill_id) > MET
    ]
    return max(near, key=lambda one: one[:3])[3] if near else None


def _short(line: str) -> str:
    line = " ".join(line.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rsplit(" ", 1)[0] + "…"


def what_is_missing(
    asked: Asked,
    fit: Fit,
    *,
    family: Family,
    name: str,
    labels: Mapping[str, str],
    language_names: Mapping[str, str] | None = None,
    free_in_time: bool | None = None,
    in_time: str = "then",
) -> list[str]:
    """What speaks against, in plain sentences, the weightiest first. Empty if nothing is known to be missing.

    name: how the mentor is called here. labels: skill id -> label of the topics the person sees beside their
    question; what was only guessed is never held against anybody.
    language_names: ISO code -> name, in the reader's language. free_in_time: whether they have a free time
    before it is too late, None if unknown; in_time: the words for that moment ("Friday") or span ("today").
    """
    mentor = fit.mentor
    found = []
    if fit.parts.language < 0:
        spoken = _listed([(language_names or {}).get(code, code) for code in sorted(mentor.languages)])
        found.append(f"No language in common: {name} speaks {spoken}.")
    lacking = [labels[skill_id] for skill_id in _unmentioned(asked, fit, family, labels)]
    if lacking:
        found.append(f"Nothing here about {_listed(lacking[:2])}.")
    if fit.parts.not_for <= REFUSES and _refuses_this(asked, fit, family):
        found.append(f"{name} would rather not be asked about this: “{_short(mentor.not_for.strip())}”")
    if mentor.helps_with and asked.kind not in mentor.helps_with and asked.kind in OFFERED:
        found.append(f"{name} does not usually offer {OFFERED[asked.kind]}.")
    if free_in_time is False:
        found.append(f"No free time {SPANS.get(in_time, f'before {in_time}')}.")
    if mentor.newcomer:
        found.append(f"New here: we know little about how {name}'s advice works out.")
    if mentor.asks_first:
        found.append(f"{name} confirms by hand: an answer can take up to two days.")
    return found


def _refuses_this(asked: Asked, fit: Fit, family: Family) -> bool:
    """Whether what somebody will not be asked about is the heart of the question, not a word the two share."""
    refused = fit.mentor.not_for_skills
    if not refused:
        return fit.parts.not_for <= REFUSES_CLEARLY
    return any(family.nearness(skill_id, one) >= MET for skill_id in heart_of(asked) for one in refused)


def _unmentioned(asked: Asked, fit: Fit, family: Family, labels: Mapping[str, str]) -> list[str]:
    """Skills at the heart of the question that neither topics nor words of the mentor mention."""
    known = [topic.skill_id for topic in fit.mentor.topics if topic.skill_id]
    said = {term for piece in fit.pieces for term in terms_of(piece.read, piece.language or "en")}
    said |= {term for topic in fit.mentor.topics for term in terms_of(topic.name)}
    return [
        skill_id
        for skill_id in sorted(heart_of(asked), key=lambda one: -asked.skills[one])
        if skill_id in labels
        and not any(family.nearness(skill_id, other) > MET for other in known)
        and not set(terms_of(labels[skill_id])) <= said
    ]


def _listed(words: Sequence[str]) -> str:
    """One, one and another, or one, another and a third."""
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]])) if words else ""
