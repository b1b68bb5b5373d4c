"""Events the notes date in one line and name in another: "Interview is Dec 9", "before the interview"."""

import re
from bisect import bisect_left
from collections.abc import Iterable
from datetime import date, timedelta

from quarterhour.engines.dates import fold
from quarterhour.engines.takeaway.calendar import Calendar
from quarterhour.engines.takeaway.draft import STEM, Draft
from quarterhour.engines.takeaway.due import COUNTS, DAYS
from quarterhour.engines.takeaway.words import Lexicon

EVENT_BEFORE_DATE = 48
BREAK = re.compile(r"[\n,;.(:)]|\b(?:if|and|or|so|then|when|to|with|w|for|as|because|once|after|before)\b")
EVENT_BEHIND_DATE = 24
EVENT_WORDS = 40
NO_EVENT = frozenset(
    [
        "the",
        "and",
        "for",
        "next",
        "week",
        "this",
        "that",
        "with",
        "have",
        "has",
        "had",
        "from",
        "then",
        "they",
        "will",
        "before",
        "after",
        "about",
        "until",
        "first",
        "second",
        "year",
        "month",
        "days",
        "day",
        "time",
        "only",
        "each",
        "every",
        "her",
        "his",
        "your",
        "our",
        "their",
        "are",
        "was",
        "were",
        "not",
        "but",
        "can",
        "all",
        "one",
        "two",
        "three",
        "who",
        "what",
        "when",
        "where",
        "she",
        "him",
        "them",
        "you",
        "per",
        "its",
        "out",
        "off",
        "end",
        "mid",
        "due",
        "new",
        "old",
        "der",
        "die",
        "das",
        "und",
        "les",
        "des",
        "los",
        "las",
        "una",
        "con",
        "por",
        "para",
    ]
)
SAME = {
    "flight": "fly",
    "flies": "fly",
    "fly": "fly",
    "flying": "fly",
    "plane": "fly",
    "call": "meet",
    "talk": "meet",
    "session": "meet",
    "speak": "meet",
    "meets": "meet",
    "test": "exam",
    "resit": "exam",
    "closes": "deadl",
    "move": "mov",
    "moves": "mov",
    "starts": "start",
    "wedding": "marri",
}
AHEAD = re.compile(
    r"(?P<count>\d{1,2}|a|one|the|two|three|four|five|six|ten) (?P<unit>days?|weeks?|wks?|months?|nights?|"
    r"evenings?) $"
)
BY_EVENT = re.compile(
    r"\b(?:by|until|till|for|in time for|at|in|during) (?=the |her |his |their |that |our |my |next )"
)


def events(calendar: Calendar, taken: Iterable[tuple[int, int]]) -> dict[str, date]:
    """Words that stand right beside a day outside of all actions: "Interview is Dec 9", "the 9 Dec interview"."""
    spans = sorted(taken)
    starts = [start for start, _ in spans]
    known: dict[str, date] = {}
    for found in calendar.found[:500]:
        at = found.span[0]
        place = bisect_left(starts, at + 1) - 1
        if place >= 0 and spans[place][0] <= at < spans[place][1]:
            continue
        begin = max(calendar.text.rfind("\n", 0, at) + 1, at - EVENT_BEFORE_DATE)
        behind = BREAK.split(calendar.text[found.span[1] : found.span[1] + EVENT_BEHIND_DATE])[0]
        for stem in [*_event_stems(calendar.text[begin:at]), *_event_stems(behind)]:
            known.setdefault(stem, found.date)
    return known


def _event_stems(text: str) -> list[str]:
    words = re.findall(r"[^\W\d_]{3,}", fold(text))
    return [SAME.get(word, word.removesuffix("ing")[:STEM]) for word in words if word not in NO_EVENT]


def by_event(draft: Draft, text: str, known: dict[str, date], words: Lexicon) -> date | None:
    """The day that an event the notes date elsewhere gives: "before the exam", "two days before it", "by the exam"."""
    said = fold(text[draft.start : draft.end])
    for match in words.before.finditer(said):
        if said[: match.start()].endswith("not "):
            continue
        if day := _event_behind(said, match.end(), known):
            away = AHEAD.search(said[: match.start()])
            if away is None:
                return day - timedelta(days=1)
            many = int(COUNTS.get(away["count"], 0) or (1 if away["count"] in ("a", "one", "the") else away["count"]))
            return day - timedelta(days=many * DAYS[away["unit"][0]])
    for match in BY_EVENT.finditer(said):
        if day := _event_behind(said, match.end(), known):
            return day
    return None


def _event_behind(said: str, at: int, known: dict[str, date]) -> date | None:
    behind = re.split(r"[,;.(]", said[at : at + EVENT_WORDS])[0]
    return next((known[stem] for stem in _event_stems(behind) if stem in known), None)
