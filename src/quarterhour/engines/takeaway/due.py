"""The day an action is due, from its own words or from what stands around it."""

import re
from datetime import date, timedelta

from quarterhour.engines.dates import Found, fold
from quarterhour.engines.takeaway.calendar import Calendar
from quarterhour.engines.takeaway.draft import Draft
from quarterhour.engines.takeaway.words import Lexicon

BECAUSE = re.compile(r"\b(?:bc|because|since|cos|coz|weil|parce que|car|porque|perche)\b")
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


def stated(calendar: Calendar, start: int, end: int, words: Lexicon) -> Found | None:
    """The day a clause states: behind a correction, else a deadline, else the last one named."""
    named = calendar.between(start, end)
    if not named:
        return None
    for match in words.instead.finditer(calendar.folded[start:end]):
        behind = [each for each in named if each.span[0] >= start + match.start()]
        if behind and len(behind) < len(named):
            return behind[0]
    if reason := BECAUSE.search(calendar.folded, start, end):
        named = [each for each in named if each.span[0] < reason.start()] or named
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
    if then.startswith(("same", "on the day", "that ", "on that", "am ", "le ", "el ", "no ", "lo ")):
        return next((other.due for other in reversed(drafts) if other.due), None)
    if then.startswith(("before", "b4", "vorher", "avant", "antes", "prima")):
        day = calendar.before(draft.start, later_than=calendar.held_on)
        return day - timedelta(days=1) if day else None
    return calendar.before(draft.start) or next((other.due for other in reversed(drafts) if other.due), None)
