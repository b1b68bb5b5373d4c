"""Spoken dates: "by Fri", "mid April", "avant jeudi", "am 14." as days of the calendar.

The rules are listed in docs/algorithms/takeaway.md. Everything is counted from a day the caller gives.
"""

import datetime as dt
import re
from dataclasses import dataclass

from quarterhour.engines.dates.calendar import FRIDAY, of_week
from quarterhour.engines.dates.rules import ANY, Period, later, rule_of, weekend
from quarterhour.engines.dates.tokens import Token, fold, tokens
from quarterhour.engines.dates.words import LANGUAGES

__all__ = ["Found", "fold", "resolve"]

# What stands before a date. "before 5 pm on Friday" speaks of an hour, "before the call on Friday" of a day.
OF_AN_HOUR = re.compile(r"[BR][agjz]*[CJpu][CJpu,agjz]*$")
AWAY = re.compile(r"(?:([nk])([wyo]))?([BRA])(?:[agT]*|[agzb.T]{1,4}(?:[j(]+[.SEzj]{0,2})?[agT]*)$")
UNTIL = re.compile(r"[bU][agj]*(?:[CJpu][,agj]*)?$")
WEEK_OF = re.compile(r"[ij]?a?wa{0,2}$")
LEAD = re.compile(r"[ijf][ag]*$|g$")
OF_A_MONTH = re.compile(r"[ij]a+h")
NO_DAY = re.compile(r"[xK][ag]*$")
LOOK_BACK = 9


@dataclass(frozen=True, slots=True)
class Found:
    """A day that a text names.

    date: the day; it may lie before `today` when the text looks back ("yesterday", "in March 2019").
    span: start and end of the naming words in the text, with the word that leads them in.
    words: those words as written.
    relation: "on", "by" or "before" as the text has it; for "before" the date is already the day before.
    """

    date: dt.date
    span: tuple[int, int]
    words: str
    relation: str = "on"


def resolve(phrase_or_sentence: str, *, today: dt.date, language: str = "en", month_first: bool = False) -> list[Found]:
    """Every day the text names, in reading order.

    language: en, de, fr, es, pt or it, also with a region ("pt-BR"); any other is read as English.
    month_first: read 4/5 as April 5 rather than as 4 May.
    Words that name no day give nothing: "every Friday", "a Sunday", "after the board meeting".
    Never raises for any text; days before year 1 or after 9999 are left out.

    >>> [(found.date.isoformat(), found.words) for found in
    ...  resolve("T asks by Fri, and again before mid May", today=dt.date(2026, 3, 2))]
    [('2026-03-06', 'by Fri'), ('2026-05-14', 'before mid May')]
    """
    text = phrase_or_sentence
    code = language.lower().replace("_", "-").partition("-")[0]
    code = code if code in LANGUAGES else "en"
    words = tokens(text, language=code, month_first=month_first)
    kinds = "".join(word.kind for word in words)
    found = []
    for match in ANY.finditer(kinds):
        day = _day(words, kinds, match, today)
        if day is not None and not (words[match.end() - 1].kind in "wyo" and _of(text, words[match.end() - 1].end)):
            date, relation, first = day
            last = match.end() + (kinds[match.end() : match.end() + 1] == "U")
            relation = "by" if last > match.end() and relation == "on" else relation
            start, end = words[first].start, words[last - 1].end
            found.append(Found(date, (start, end), text[start:end], relation))
    return found


def _of(text: str, at: int) -> bool:
    """Whether the span counts from something else ("within three days of getting it")."""
    return text[at : at + 7].lower().startswith((" of ", " after ", " once "))


def _day(words: list[Token], kinds: str, match: re.Match[str], today: dt.date) -> tuple[dt.date, str, int] | None:
    """The day, its relation, and the first word that belongs to it."""
    before = kinds[max(0, match.start() - LOOK_BACK) : match.start()]
    if _names_no_day(kinds, match, before):
        return None
    try:
        period = rule_of(match)(words[match.start() : match.end()], today)
        return _in_relation(words, match, before, period)
    except (ValueError, OverflowError):
        return None


def _names_no_day(kinds: str, match: re.Match[str], before: str) -> bool:
    """Habits, any such day, "the Tuesday class" and "in the January talk"."""
    if NO_DAY.search(before):
        return True
    after = kinds[match.end() : match.end() + 1]
    if OF_A_MONTH.fullmatch(match.group()):
        return after == "."
    if match.group() not in ("d", "dp"):
        return False
    return before.endswith("k") or (before.endswith("a") and after == ".")


def _in_relation(
    words: list[Token], match: re.Match[str], before: str, period: Period
) -> tuple[dt.date, str, int] | None:
    if hour := OF_AN_HOUR.search(before):
        return period.due, "by", match.start() - (len(before) - hour.start())
    if away := AWAY.search(before):
        first = match.start() - (len(before) - away.start())
        if away[1]:
            sign = 1 if away[3] == "A" else -1
            many = words[first].value
            size = many if isinstance(many, int) else 1
            return later(period.due, sign * size, words[first + 1]), "by", first
        if away[3] == "A":
            return (period.due + dt.timedelta(days=1), "on", first) if rule_of(match) is weekend else None
        if match.group().startswith(("E", "W", "Z", "aw", "ao", "aY")):
            return period.due, "by", first
        return period.first - dt.timedelta(days=1), "before", first
    if until := UNTIL.search(before):
        saturday = rule_of(match) is weekend
        first = match.start() - (len(before) - until.start())
        return (period.first if saturday else period.due), "by", first
    if week := WEEK_OF.search(before):
        return of_week(FRIDAY, period.due), "on", match.start() - (len(before) - week.start())
    lead = LEAD.search(before)
    first = match.start() - (len(before) - lead.start() if lead else 0)
    return period.due, "on", first
