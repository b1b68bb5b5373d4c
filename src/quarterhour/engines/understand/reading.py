"""A question, read: the chips to propose."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from quarterhour.engines.understand.kinds import Kind, wish
from quarterhour.engines.understand.languages import language_of
from quarterhour.engines.understand.practical import When, days_ahead, decide_by, minutes, when
from quarterhour.engines.understand.quality import outcome_in, tried_in
from quarterhour.engines.understand.skill import Skill
from quarterhour.engines.understand.topical import Topic, topics

__all__ = ["Reading", "read_question"]

MOST = 10_000


@dataclass(frozen=True, slots=True)
class Reading:
    """What we propose for a question. Everything may be changed by the person who asks.

    topics: surest first, at most five. kind_confidence: 0 to 1; under 0.5 the kind is a guess.
    minutes: 15, 25, 30, 45 or 60. language: ISO 639-1, None if there is too little text to tell.
    decide_by: a day in the writer's zone, or None. tried, good_outcome: the sentence that says so, or "".
    """

    topics: tuple[Topic, ...]
    kind: Kind
    kind_confidence: float
    minutes: int
    when: When
    language: str | None
    decide_by: date | None
    tried: str
    good_outcome: str


def read_question(
    text: str,
    *,
    now: datetime,
    zone: str,
    skills: tuple[Skill, ...],
    profile_languages: Iterable[str] = (),
    similarity: Mapping[str, float] | None = None,
) -> Reading:
    """Read `text` as a careful colleague would, and propose what the session is about.

    now: an instant with its offset; "by Friday" is counted from the day it is in `zone`.
    zone: IANA name; an unknown one counts as UTC.
    skills: the taxonomy, the same tuple each time. profile_languages: what the writer speaks, best first.
    similarity: skill id -> cosine similarity of text and skill, where a model has read both.
    Only the first 10,000 characters are read. Raises ValueError if `now` has no offset, nothing for odd text.
    """
    if now.tzinfo is None:
        raise ValueError("now has no offset. Pass an instant such as datetime.now(UTC).")
    text = text[:MOST]
    here = now.astimezone(_zone(zone))
    language = language_of(text, expected=profile_languages)
    ahead = days_ahead(text, today=here.date(), language=language)
    by = decide_by(ahead)
    kind, confidence = wish(text, language=language, dated=by is not None)
    return Reading(
        topics=tuple(topics(text, skills, language=language, similarity=similarity)),
        kind=kind,
        kind_confidence=confidence,
        minutes=minutes(text, kind=kind),
        when=when(text, today=here.date(), ahead=ahead, kind=kind),
        language=language,
        decide_by=by,
        tried=tried_in(text),
        good_outcome=outcome_in(text),
    )


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
