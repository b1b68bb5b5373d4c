"""Which patterns of words name a day, and which day.

Each rule is a pattern over the letters of `words` and a function from its tokens to a period of days.
The rules are tried in this order at every word: the first that fits wins, so longer ones stand first.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from quarterhour.engines.dates import calendar as count
from quarterhour.engines.dates.tokens import Token, Value


class Period(NamedTuple):
    """From its first day ("before" means the day before that) to the day it is due by."""

    first: date
    due: date


Words = Sequence[Token]


def number(words: Words, kinds: str, default: int = 0) -> int:
    """The first figure among `words` of one of these kinds."""
    for word in words:
        if word.kind in kinds and isinstance(word.value, int):
            return word.value
    return default


def one(day: date) -> Period:
    return Period(day, day)


def in_digits(words: Words, today: date) -> Period:
    value: Value = next(word.value for word in words if word.kind in "DMm")
    if not isinstance(value, tuple) or len(value) != 3:  # noqa: PLR2004 - year, month, day
        raise ValueError("Not a date.")
    year, month, day = value
    return one(date(year, month, day) if year else count.next_date(month, day, today))


def month_and_day(words: Words, today: date) -> Period:
    month, year = number(words, "h"), number(words, "c")
    day = number(words, "nOQ")
    return one(date(year, month, day) if year else count.next_date(month, day, today))


def day_of_month(words: Words, today: date) -> Period:
    """A bare day; behind a weekday that does not fit, a plain figure counts something else ("by Sunday, 3 of them")."""
    day = count.next_day_of_month(number(words, "nO"), today)
    if words[0].kind == "d" and words[-1].kind == "n" and day.weekday() != number(words, "d"):
        return weekday(words, today)
    return one(day)


def weekday(words: Words, today: date) -> Period:
    return one(count.coming(number(words, "d"), today))


def weekday_next_week(words: Words, today: date) -> Period:
    return one(count.of_week(number(words, "d"), today, weeks=1))


def weekday_this_week(words: Words, today: date) -> Period:
    day = count.of_week(number(words, "d"), today)
    return one(day if day > today else day + timedelta(days=7))


def weeks_after_weekday(words: Words, today: date) -> Period:
    """Weeks after a weekday: "Friday week", "two weeks from Friday"."""
    weeks = number(words, "nk", 1) or 1
    days = weeks * number(words, "w", 7)
    return one(count.coming(number(words, "d"), today) + timedelta(days=days))


def this_week(words: Words, today: date) -> Period:
    if number(words, "w") > 7:  # noqa: PLR2004 - "within the fortnight"
        return one(today + timedelta(days=number(words, "w")))
    return Period(count.of_week(0, today), count.this_friday(today))


def next_week(words: Words, today: date) -> Period:
    weeks = 2 if any(word.kind == "A" for word in words) else 1
    due = {"I": 2, "S": number(words, "S")}.get(words[0].kind, count.FRIDAY)
    return Period(count.of_week(0, today, weeks=weeks), count.of_week(due, today, weeks=weeks))


def weekend(words: Words, today: date) -> Period:
    weeks = 1 if any(word.kind == "N" for word in words) else 0
    saturday = count.of_week(count.SATURDAY, today, weeks=weeks)
    return Period(saturday, saturday + timedelta(days=1))


def after_a_span(words: Words, today: date) -> Period:
    """A span from today: "in two weeks", "within a month", "in 48h", "a week tomorrow"."""
    if hours := number(words, "J"):
        return one(today + timedelta(days=hours // 24))
    many = number(words[::-1], "n") or 1  # "in 3-4 weeks" is kept in four
    unit = next(word for word in words if word.kind in "wyoYH")
    return one(later(today + timedelta(days=number(words, "r")), many, unit))


def later(day: date, many: int, unit: Token) -> date:
    """`many` units after `day`, or before it when negative; hours count from one day on."""
    size = unit.value if isinstance(unit.value, int) else 1
    if unit.kind == "o":
        return count.months_later(day, many)
    if unit.kind == "Y":
        return count.months_later(day, 12 * many)
    if unit.kind == "H":
        return day + timedelta(days=many * size // 24)
    return day + timedelta(days=many * size)


def a_span_ago(words: Words, today: date) -> Period:
    many = number(words, "n") or 1
    unit = next(word for word in words if word.kind in "wyoYH")
    return one(later(today, -many, unit))


def month(words: Words, today: date) -> Period:
    """A whole month: "in January", "end of March"."""
    which = number(words, "h")
    year = number(words, "c") or count.year_of_month(which, today)
    return Period(date(year, which, 1), count.last_of_month(year, which))


def middle_of_month(words: Words, today: date) -> Period:
    which = number(words, "h")
    if not which and any(word.kind == "N" for word in words):
        return one(count.months_later(today.replace(day=15), 1))
    if not which:
        return one(count.next_day_of_month(15, today))
    if year := number(words, "c"):
        return one(date(year, which, 15))
    return one(count.next_date(which, 15, today))


def start_of_month(words: Words, today: date) -> Period:
    """The tenth, when all we hear is "early March"."""
    whole = month(words, today) if number(words, "h") else this_month(words, today)
    return Period(whole.first, whole.first.replace(day=10))


def part_of_month(words: Words, today: date) -> Period:
    """The end of "the second week of May", or "the last day of March"."""
    whole = month(words, today)
    if words[0].kind == "L":
        return one(whole.due)
    days = number(words, "wy") * number(words, "Q")
    return one(min(whole.due, whole.first + timedelta(days=days - 1)))


def middle_of_week(_words: Words, today: date) -> Period:
    return one(count.coming(2, today))


def day_of_next_month(words: Words, today: date) -> Period:
    return one(count.months_later(today.replace(day=1), 1).replace(day=number(words, "nO")))


def this_month(words: Words, today: date) -> Period:
    ahead = any(word.kind == "N" for word in words)
    day = count.months_later(today, 1) if ahead else today
    return Period(day.replace(day=1), count.last_of_month(day.year, day.month))


def this_year(words: Words, today: date) -> Period:
    year = today.year + any(word.kind == "N" for word in words)
    return Period(date(year, 1, 1), date(year, count.DECEMBER, 31))


def this_quarter(words: Words, today: date) -> Period:
    first = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    if any(word.kind == "N" for word in words):
        first = count.months_later(first, 3)
    return Period(first, count.months_later(first, 3) - timedelta(days=1))


def quarter(words: Words, today: date) -> Period:
    """A quarter by its number ("Q2"), this year or the next."""
    which = number(words, "s")
    year = number(words, "c") or (today.year if 3 * which >= today.month else today.year + 1)
    return Period(date(year, 3 * which - 2, 1), count.last_of_month(year, 3 * which))


def half_of_month(words: Words, today: date) -> Period:
    whole = month(words, today)
    return Period(whole.first, whole.due if number(words, "Q") > 1 else whole.first.replace(day=15))


def feast(words: Words, today: date) -> Period:
    value = words[0].value
    if isinstance(value, tuple) and value[0]:
        return one(count.next_date(int(value[0]), int(value[1] or 0), today))
    day = count.easter(today.year)
    return one(day if day >= today else count.easter(today.year + 1))


def counted_day(words: Words, today: date) -> Period:
    return one(today + timedelta(days=number(words, "r")))


def today_itself(_words: Words, today: date) -> Period:
    return one(today)


def last_one(words: Words, today: date) -> Period:
    """A day that is over: "last Friday", "last month"."""
    if any(word.kind == "d" for word in words):
        return one(count.previous(number(words, "d"), today))
    return a_span_ago(words, today)


Rule = tuple[str, Callable[[Words, date], Period]]

# After a bare day number no noun may follow: "the 4th floor" is no date.
NO_NOUN = r"(?![.wyoYHhCn%])"

RULES: tuple[Rule, ...] = (
    (r"(?:d[,(]?a*)?D|(?:d[,(]?a*|(?<=[BRbUijagAT(:,]))M|(?<=[BRbU])m", in_digits),
    (r"(?:d[,(]?[ag]*)?[nOQ]a*h(?:,?a*c)?", month_and_day),
    (r"(?:d[,(]?a*)?ha?[nO](?![wyoYHh%])(?:,?c)?", month_and_day),
    (r"d,?[ag]*O" + NO_NOUN + r"|d,?g?n" + NO_NOUN, day_of_month),
    (r"[GR][nk][wyoYH]|[nk][wyoYH]G", a_span_ago),
    (r"[QL][wy]a*h(?:a*c)?", part_of_month),
    (r"[nO]a*Na*o", day_of_next_month),
    (r"L[dwoY]|[dwoY]L", last_one),
    (r"da*[ij]?a*Na*w|da*wN|Na*w,?[ja]*d|wN,?[jag]*d|da*V|V,?[jag]*d|Na*d|dN(?!w)", weekday_next_week),
    (r"Td|da*Tw", weekday_this_week),
    (r"[nk]w[fjb]a*d|di[nk]w|dw(?![a-zA-Z.])", weeks_after_weekday),
    (r"wAN", next_week),
    (r"Ea*Na*w|Ea*wN|Ea*V|[SI]?a*(?:Na*w|wN|V)", next_week),
    (r"Ea*T?w|W|Tw|ia*w(?![A-Z])|(?<=[BR])aw(?!a)", this_week),
    (r"Ia*T?w", middle_of_week),
    (r"T?N?a*e(?:AN|N)?", weekend),
    (r"[ib][ag]*[nk]n?g?[wyoYH](?!B)|[nk]?[wyoYH](?:fr?|l)|[nk]wr|[ib]a*J|[ib]?a*Nn[wyo]", after_a_span),
    (r"u(?![jaf]*[drDMhnOQNT])|Ea*y(?![jaf]*[drDMhnOQNT])", today_itself),
    (r"Ea*T?a*o|Ea*Na*o|Ea*oN|Z|(?<=[BR])ao", this_month),
    (r"QXa*h(?:a*c)?", half_of_month),
    (r"Sa*[TN]?a*o|Sa*h(?:a*c)?", start_of_month),
    (r"Ia*h(?:a*c)?|Ia*N?a*o", middle_of_month),
    (r"Ea*h(?:a*c)?", month),
    (r"Ea*[TN]?a*Y|YE|(?<=[BR])aY", this_year),
    (r"s(?:a*c)?", quarter),
    (r"Ea*[TN]?a*q|[TN]q|qE", this_quarter),
    (r"Na*o|oN|To|iao", this_month),
    (r"(?:[ijTN]a*|(?<=[bBRU])|(?<=[bBRU]a))h(?:a*c)?", month),
    (r"(?:(?<=[agjbBRUi(=:])O|(?<=[gBR])n)" + NO_NOUN, day_of_month),
    (r"F", feast),
    (r"r[pC]?", counted_day),
    (r"l|Tp|(?<=b)[Cp](?![,agj]*[drDMhnOTN])", today_itself),
    (r"dp?", weekday),
)


def _short_runs(pattern: str) -> str:
    """At most three articles in a row: a text of nothing but "the" is then read in one pass too."""
    return pattern.replace("]*", "]{0,3}").replace("a*", "a{0,3}")


EITHER = "|".join(f"(?P<rule{place}>{_short_runs(pattern)})" for place, (pattern, _) in enumerate(RULES))
ANY = re.compile(rf"(?![.;,z])(?:{EITHER})")  # no rule starts at a plain word: most letters are passed at once


def rule_of(match: re.Match[str]) -> Callable[[Words, date], Period]:
    """The function of the rule that matched."""
    return RULES[int(str(match.lastgroup).removeprefix("rule"))][1]
