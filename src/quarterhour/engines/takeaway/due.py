"""The day an action is due, from its own words or from what stands around it."""

import re
from dataclasses import replace
from datetime import date, timedelta

from quarterhour.engines.dates import Found, fold
from quarterhour.engines.takeaway.calendar import Calendar
from quarterhour.engines.takeaway.cues import AFTERWARDS
from quarterhour.engines.takeaway.draft import Draft
from quarterhour.engines.takeaway.words import Lexicon

EITHER = re.compile(r"[ ]?(?:or|/|oder|ou|o)[ ]?")
BECAUSE = re.compile(r"\b(?:bc|because|since|cos|coz|weil|parce que|car|porque|perche)\b")
AHEAD_OF_IT = re.compile(
    r"\b(?P<count>\d{1,2}|a|one|two|three|four|five|six|ten) (?P<unit>days?|weeks?|wks?|months?) (?:before|ahead)"
    r"(?: that| it| then)?\s*(?=$|[.,;)])"
)
REPLIES = re.compile(r"\b(?:comment|answer|repl|read|review|mark|respond|feedback|proofread|correct|check|look)")
LASTING = re.compile(
    r"\b(?:log|keep|writ|count|track|not|record|test|tr[yi]|us|do|practi|run|wear|walk|sleep|read|observ|measur|watch)"
    r"(?:e?s|ies|y|e)?\b.{0,60}\bfor (?P<count>\d{1,2}|two|three|four|five|six|ten) (?P<unit>days|weeks|wks|months)\b"
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
    named = _without_asides(named, calendar, start, end)
    if reason := BECAUSE.search(calendar.folded, start, end):
        named = [each for each in named if each.span[0] < reason.start()] or named
    if len(named) > 1 and EITHER.fullmatch(calendar.folded, named[-2].span[1], named[-1].span[0]):
        weeks = max(0, (named[-2].date - named[-1].date).days + 6) // 7
        named[-1] = replace(named[-1], date=named[-1].date + timedelta(days=7 * weeks))
    deadlines = [each for each in named if each.relation != "on"]
    return (deadlines or named)[-1]


def _without_asides(named: list[Found], calendar: Calendar, start: int, end: int) -> list[Found]:
    """The days outside brackets; a bracket that holds nothing but a day says more exactly which ("next week (Thu)")."""
    opens = calendar.folded.find("(", start, end)
    closes = calendar.folded.find(")", opens, end) if opens >= 0 else -1
    outside = [each for each in named if not opens <= each.span[0] < (closes if closes >= 0 else end)]
    if opens < 0 or not outside or len(outside) == len(named):
        return named
    if closes < 0 or not calendar.only_a_date(opens, closes + 1):
        return outside
    exact = next(each for each in named if each not in outside)
    weeks = max(0, (outside[-1].date - exact.date).days) // 7
    return [replace(exact, date=exact.date + timedelta(days=7 * weeks))]


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
    if ahead := AHEAD_OF_IT.search(said):
        base = next((other.due for other in reversed(drafts[-3:]) if other.due), None)
        base = calendar.before(draft.start, later_than=calendar.held_on) or base
        many = int(COUNTS.get(ahead["count"], 0) or (1 if ahead["count"] in ("a", "one", "the") else ahead["count"]))
        return base - timedelta(days=many * DAYS[ahead["unit"][0]]) if base else None
    if DAY_BEFORE.search(said):
        base = next((other.due for other in reversed(drafts[-3:]) if other.due), None)
        return base - timedelta(days=1) if base else None
    if then := words.then.search(said):
        return _then(then.group(), said, draft, drafts, calendar)
    if lasting := LASTING.search(said):
        many = int(COUNTS.get(lasting["count"], 0) or lasting["count"])
        return calendar.held_on + timedelta(days=many * DAYS[lasting["unit"][0]])
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
    if (
        last is None
        or last.owner == draft.owner
        or not (SPAN.match(fold(found.words)) and (IT.search(said) or REPLIES.search(said)))
    ):
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
        due = next((other.due for other in reversed(drafts) if other.due), None)
        return due or calendar.before(draft.start)
    if then.startswith(("before", "b4", "vorher", "avant", "antes", "prima")):
        day = calendar.before(draft.start, later_than=calendar.held_on)
        return day - timedelta(days=1) if day else None
    return calendar.before(draft.start) or next((other.due for other in reversed(drafts) if other.due), None)
