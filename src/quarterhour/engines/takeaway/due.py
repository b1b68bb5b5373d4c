"""The day an action is due, from its own words or from what stands around it."""

import re
from bisect import bisect_left
from collections.abc import Iterable
from datetime import date, timedelta

from quarterhour.engines.dates import Found, fold
from quarterhour.engines.takeaway.days import Days
from quarterhour.engines.takeaway.draft import STEM, Draft
from quarterhour.engines.takeaway.words import Lexicon

ONLY_A_DATE = re.compile(
    r"[\W_]*(?:(?:so|and|due|latest|deadline|too|also|then|please|i\.e|make it|make that|both|all|each|"
    r"everything|let's|say|"
    r"actually|sorry|no|rather|better|until|till|for|on|by|ok|yes|is|moved to|instead|correction|edit|"
    r"update)\b[\W_]*)*"
)
AFTERWARDS = re.compile(
    r"\b(?P<lead>within )?(?:(?P<one>the|a|an|one)|(?P<count>\d{1,2}|two|three|four|five|six|"
    r"ten)) (?P<unit>days?|weeks?|wks?|months?)"
    r" (?:after(?:wards)?|later)\b(?! (?:the|his|her|their|my|our|a|next|we|he|she|they|it)\b)"
    r"|\b(?:the )?(?:next|following) (?P<next>day|morning|evening)\b"
    r"|\b(?:the )?(?:(?P<weekday>mon|tue|wed|thu|fri|sat|sun)[a-z]*|(?P<week>week)|weekend) (?:after|"
    r"following)(?: that| it)?(?=[,.;)]|$)"
    r"|\bthe following (?:(?P<weekday2>mon|tue|wed|thu|fri|sat|sun)[a-z]*|(?P<week2>week)|weekend)\b"
)
DAY_BEFORE = re.compile(
    r"\b(?:day|night|evening) before\b(?! (?:the|his|her|their|my|our|a|we|he|she|they|it|you|i)\b)(?! [\w']+ing\b)"
)
COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10}
WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
FRIDAY, SUNDAY = 4, 6
DAYS = {"d": 1, "n": 1, "e": 1, "w": 7, "m": 30}
SPAN = re.compile(r"(?:in|within) (?:\d|an? |one|two|three|four|five|six|seven|ten|fourteen)")
IT = re.compile(r"\b(?:it|them|that|those|the draft|the list)\b")
EVENT_BEFORE_DATE = 48
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
BY_EVENT = re.compile(r"\b(?:by|until|till|for|in time for|at) (?=the |her |his |their |that )")


FIRST_PART = 6


class Calendar:
    """The days a text names, and the questions an action may put to them."""

    def __init__(self, text: str, found: list[Found], held_on: date) -> None:
        self.text, self.folded = text, fold(text)
        self.held_on = held_on
        self.found = [each for each in found if each.date >= held_on]
        self._starts = [each.span[0] for each in self.found]
        self._over = Days(each.span for each in found if each.date < held_on)

    def between(self, start: int, end: int) -> list[Found]:
        """The days named there that are not over."""
        at = bisect_left(self._starts, start)
        inside = []
        while at < len(self.found) and self.found[at].span[0] < end:
            inside.append(self.found[at])
            at += 1
        return inside

    def only_a_date(self, start: int, end: int) -> bool:
        """Whether nothing stands there but a day and words like "latest" or "both"."""
        named = self.between(start, end)
        rest = list(self.text[start:end])
        for found in named:
            first, last = max(start, found.span[0]), min(end, found.span[1])
            rest[first - start : last - start] = " " * (last - first)
        return bool(named) and ONLY_A_DATE.fullmatch(fold("".join(rest))) is not None

    def leading(self, start: int, end: int) -> date | None:
        """The day a line opens with, as a title for all of it ("By Friday: T asks, H sends")."""
        named = self.between(start, min(end, start + FIRST_PART))
        if named and re.match(r"[)\]*_ ]{0,3}:", self.text[named[0].span[1] : named[0].span[1] + 6]):
            return named[0].date
        return None

    def over(self, start: int, end: int) -> bool:
        """Whether a day that is over is named there."""
        return self._over.any_within(start, end)

    def before(self, at: int, *, later_than: date | None = None) -> date | None:
        """The last day named ahead of that place."""
        for each in reversed(self.found[max(0, bisect_left(self._starts, at) - 20) : bisect_left(self._starts, at)]):
            if later_than is None or each.date > later_than:
                return each.date
        return None


def stated(calendar: Calendar, start: int, end: int, words: Lexicon) -> Found | None:
    """The day a clause states: behind a correction, else a deadline, else the last one named."""
    named = calendar.between(start, end)
    if not named:
        return None
    for match in words.instead.finditer(calendar.folded[start:end]):
        behind = [each for each in named if each.span[0] >= start + match.start()]
        if behind and len(behind) < len(named):
            return behind[0]
    deadlines = [each for each in named if each.relation != "on"]
    return (deadlines or named)[-1]


def due_of(draft: Draft, drafts: list[Draft], calendar: Calendar, words: Lexicon) -> date | None:
    """When the draft is due, as far as the notes up to here tell."""
    said = calendar.folded[draft.start : draft.end]
    shift = AFTERWARDS.search(said)
    found = stated(calendar, draft.start, draft.end, words)
    if found and not (shift and draft.start + shift.end() >= found.span[1] > draft.start + shift.start()):
        return _counted_from_the_other(found, said, draft, drafts, calendar)
    if shift:
        base = next((other.due for other in reversed(drafts[-3:]) if other.due), None)
        base = base or calendar.before(draft.start, later_than=calendar.held_on)
        return _shifted(base, shift) if base else None
    if DAY_BEFORE.search(said):
        base = next((other.due for other in reversed(drafts[-3:]) if other.due), None)
        return base - timedelta(days=1) if base else None
    if then := words.then.search(said):
        return _then(then.group(), said, draft, drafts, calendar)
    return None


def _shifted(base: date, shift: re.Match[str]) -> date:
    """That long after `base`, or the weekday that follows it."""
    if weekday := shift["weekday"] or shift["weekday2"]:
        return base + timedelta(days=(WEEKDAYS.index(weekday) - base.weekday() - 1) % 7 + 1)
    if shift["week"] or shift["week2"]:
        return base + timedelta(days=FRIDAY - base.weekday() + 7)
    if shift["next"]:
        return base + timedelta(days=1)
    if not shift["unit"]:
        return base + timedelta(days=SUNDAY - base.weekday() + 7 * (base.weekday() > FRIDAY))
    many = int(COUNTS.get(shift["count"] or "", 0) or shift["count"] or 1)
    return base + timedelta(days=many * DAYS[shift["unit"][0]])


def _counted_from_the_other(
    found: Found, said: str, draft: Draft, drafts: list[Draft], calendar: Calendar
) -> date | None:
    """The day, or one counted from when the other hands it over ("marks it up in two days")."""
    last = drafts[-1] if drafts else None
    if last is None or last.owner == draft.owner or not (SPAN.match(fold(found.words)) and IT.search(said)):
        return found.date
    near = draft.row - last.row <= 1 and (last.place is None) == (draft.place is None)
    if not near:
        return found.date
    return last.due + (found.date - calendar.held_on) if last.due else None


def _then(then: str, said: str, draft: Draft, drafts: list[Draft], calendar: Calendar) -> date | None:
    if number := re.search(r"\((\d{1,2})\)|#(\d{1,2})", said):
        wanted = int(number[1] or number[2])
        return next((other.due for other in drafts if other.number == wanted), None)
    if then.startswith(("same", "am ", "le ", "el ", "no ", "lo ")):
        return next((other.due for other in reversed(drafts) if other.due), None)
    if then.startswith(("before", "b4", "vorher", "avant", "antes", "prima")):
        day = calendar.before(draft.start, later_than=calendar.held_on)
        return day - timedelta(days=1) if day else None
    return calendar.before(draft.start)


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
        behind = re.split(r"[\n,;.(:]", calendar.text[found.span[1] : found.span[1] + EVENT_BEHIND_DATE])[0]
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
