"""Counting days the way people do when they say "next Tuesday" or "mid April"."""

from calendar import monthrange
from datetime import date, timedelta

FRIDAY, SATURDAY, SUNDAY = 4, 5, 6
DECEMBER = 12


def coming(weekday: int, today: date) -> date:
    """The next such weekday after `today` (0 is Monday); named on that same weekday, a week later.

    >>> coming(4, date(2026, 3, 2)), coming(0, date(2026, 3, 2))
    (datetime.date(2026, 3, 6), datetime.date(2026, 3, 9))
    """
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def previous(weekday: int, today: date) -> date:
    """The last such weekday before `today`."""
    return today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)


def of_week(weekday: int, today: date, *, weeks: int = 0) -> date:
    """That weekday of the calendar week `weeks` after this one; weeks start on Monday."""
    return today + timedelta(days=weekday - today.weekday() + 7 * weeks)


def this_friday(today: date) -> date:
    """The Friday of this week, or its Sunday when Friday is already over."""
    friday = of_week(FRIDAY, today)
    return friday if friday >= today else of_week(SUNDAY, today)


def last_of_month(year: int, month: int) -> date:
    """The last day of that month."""
    return date(year, month, monthrange(year, month)[1])


def months_later(today: date, months: int) -> date:
    """The same day `months` later, or the last day of a month that is too short.

    >>> months_later(date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    """
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def year_of_month(month: int, today: date) -> int:
    """The year in which that month is not over yet."""
    return today.year if month >= today.month else today.year + 1


def next_date(month: int, day: int, today: date) -> date:
    """That day of the year, today or later; 29 February waits for a leap year.

    Raises ValueError for a day no year has, such as 31 April.
    """
    for year in range(today.year, today.year + 9):
        if day <= monthrange(year, month)[1] and date(year, month, day) >= today:
            return date(year, month, day)
    raise ValueError(f"{day}.{month}. is in no year.")


def next_day_of_month(day: int, today: date) -> date:
    """The next day with that number, today or later, skipping months that are too short.

    >>> next_day_of_month(14, date(2026, 12, 18))
    datetime.date(2027, 1, 14)
    """
    first = today.replace(day=1)
    for months in range(14):
        month = months_later(first, months)
        if day <= monthrange(month.year, month.month)[1] and month.replace(day=day) >= today:
            return month.replace(day=day)
    raise ValueError(f"No month has a day {day}.")


def easter(year: int) -> date:
    """Easter Sunday. Source: the anonymous Gregorian computus, Nature 13 (1876), 487."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)
