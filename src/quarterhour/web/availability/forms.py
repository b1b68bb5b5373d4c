"""The week's form: numbers to choose, and a row for each stretch of free time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import combinations

from django import forms

from quarterhour.availability import rules
from quarterhour.availability.models import Availability
from quarterhour.core.errors import Invalid
from quarterhour.web.people.forms import Form, Words, ZoneField

FORM = "hours"
MOST_MINUTES_SHOWN = 240


def lasting(minutes: int) -> str:
    """So long, in the largest unit that fits.

    >>> lasting(0), lasting(60), lasting(720), lasting(2880)
    ('none', '1 hour', '12 hours', '2 days')
    """
    if not minutes:
        return "none"
    for size, unit in ((10080, "week"), (1440, "day"), (60, "hour")):
        if minutes % size == 0:
            return _many(minutes // size, unit)
    return _many(minutes, "minute")


def _many(count: int, unit: str) -> str:
    return f"{count} {unit}" + ("" if count == 1 else "s")


WORDS = {
    "increment": lambda n: f"every {_many(n, 'minute')}",
    "buffer_before": lasting,
    "buffer_after": lasting,
    "notice": lasting,
    "horizon_days": lambda n: _many(n // 7, "week") if n % 7 == 0 else _many(n, "day"),
    "daily_cap": lambda n: _many(n, "session"),
    "weekly_cap": lambda n: _many(n, "session"),
}
NO_LIMIT = ("", "no limit")


class WeekForm(Form):
    """What is asked of every session. Which numbers may be chosen is said in availability.rules."""

    version = forms.CharField(widget=forms.HiddenInput, required=False)
    zone = ZoneField(label="These hours are on the clock of")
    weekly_minutes = forms.CharField(
        label="Minutes a week",
        required=False,
        widget=forms.NumberInput(attrs={"type": "range", "min": 15, "max": MOST_MINUTES_SHOWN, "step": 5}),
    )
    daily_cap = Words(label="At most a day", widget=forms.Select)
    weekly_cap = Words(label="At most a week", widget=forms.Select)
    notice = Words(label="Notice I need", widget=forms.Select)
    buffer_before = Words(label="Breath before a session", widget=forms.Select)
    buffer_after = Words(label="Breath after a session", widget=forms.Select)
    horizon_days = Words(label="Bookable ahead", widget=forms.Select)
    increment = Words(label="People may start", widget=forms.Select)

    def __init__(self, *args, kept: Availability, **given) -> None:
        super().__init__(*args, **given)
        for name, known in rules.CHOICES.items():
            stands = getattr(kept, name)
            offered = sorted({*known, *([stands] if stands is not None else [])})
            choices = [(str(each), WORDS[name](each)) for each in offered]
            self.fields[name].widget.choices = [NO_LIMIT, *choices] if name in rules.MAY_BE_EMPTY else choices
        shown = max(MOST_MINUTES_SHOWN, kept.weekly_minutes)
        self.fields["weekly_minutes"].widget.attrs["max"] = shown
        for field in self.fields.values():
            field.widget.attrs["form"] = FORM

    @classmethod
    def of(cls, kept: Availability) -> WeekForm:
        names = ("zone", "weekly_minutes", *rules.CHOICES)
        shown = {name: "" if getattr(kept, name) is None else str(getattr(kept, name)) for name in names}
        return cls(initial=shown | {"version": kept.version}, kept=kept)


class DaysForm(Form):
    """A date that differs, or several."""

    first = forms.DateField(
        label="From",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "That is no day we know. Choose it from the calendar, or write 2026-12-24."},
    )
    last = forms.DateField(
        label="Up to and with",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "That is no day we know. Choose it from the calendar, or write 2026-12-24."},
    )
    start = Words(label="Only from", widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 8}))
    end = Words(label="to", widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 8}))


def sent_windows(data) -> dict[str, list[tuple[str, str]]]:
    """The rows of every day as they were sent: (start, end) texts, a lost half is empty."""
    told = {}
    for day in rules.DAYS:
        starts, ends = data.getlist(f"{day}-start"), data.getlist(f"{day}-end")
        longer = max(len(starts), len(ends))
        starts += [""] * (longer - len(starts))
        ends += [""] * (longer - len(ends))
        told[day] = list(zip(starts, ends, strict=True))
    return told


def day_rows(
    windows: Mapping[str, Iterable], wrong: Mapping[str, str], kept: Mapping[str, Iterable] | None = None
) -> list[dict]:
    """Each day with its rows, an empty one at the end, and what is wrong with it: which rows, and which they cross.

    kept: the week as it is saved, so that of two rows that cross the one that was changed is at fault.
    """
    days = []
    for day, name in rules.DAYS.items():
        rows = [tuple(pair) for pair in windows.get(day, ()) if any(pair)]
        told = wrong.get(day, "")
        stood = {tuple(pair) for pair in (kept or {}).get(day, ())}
        faulty, crossed = _at_fault(rows, stood) if told else (set(), set())
        numbered = [
            {"start": start, "end": end, "number": n + 1, "wrong": n in faulty, "crossed": n in crossed}
            for n, (start, end) in enumerate([*rows, ("", "")])
        ]
        days.append({"key": day, "name": name, "rows": numbered, "wrong": told})
    return days


def _at_fault(rows: Sequence[tuple], stood: Collection[tuple]) -> tuple[set[int], set[int]]:
    """The rows of a refused day that are wrong, and those that others cross. Neither where it is their number."""
    alone = {n for n, row in enumerate(rows) if not _are_sound(row)}
    if alone or len(rows) > rules.MOST_WINDOWS:
        return alone or {*range(rules.MOST_WINDOWS, len(rows))}, set()
    faulty, crossed = set(), set()
    for first, later in combinations(range(len(rows)), 2):
        if not _are_sound(rows[first], rows[later]):
            only_first_is_new = rows[later] in stood and rows[first] not in stood
            wrong, other = (first, later) if only_first_is_new else (later, first)
            faulty.add(wrong)
            crossed.add(other)
    return faulty, crossed - faulty


def _are_sound(*rows: tuple) -> bool:
    try:
        rules.day_windows(rows, "")
    except Invalid:
        return False
    return True


def drawn(windows: Mapping[str, Iterable]) -> dict[str, list[tuple[str, str]]]:
    """What the picture of the week can show: days whose rows are sound."""
    shown = {}
    for day, name in rules.DAYS.items():
        try:
            told = rules.day_windows(windows.get(day, ()), name)
        except Invalid:
            continue
        shown[day] = [tuple(rules.texts(each)) for each in told]
    return shown
