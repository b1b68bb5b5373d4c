"""What somebody took on, as the page of their actions shows it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format

from quarterhour.advice.action_models import Why
from quarterhour.advice.actions import HELPED, PENDING, Mine
from quarterhour.advice.models import Action
from quarterhour.people.models import Person
from quarterhour.web.advice.pages import FATES, day_of
from quarterhour.web.advice.words import TOLD

FRIDAY, SHOWN = 4, 5
NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve")


def page_of(rows: Sequence[Mine], reader: Person, *, now: datetime, touched: str = "", more: bool = False) -> dict:
    """Open ones by date, then what is done and what was dropped. No query.

    touched: the key of the action that was just pressed; it stays in its place with what may be said of it.
    more: whether all that is done is shown.
    """
    today = timezone.localtime(now).date()
    still = [row for row in rows if row.action.fate in PENDING or str(row.action.pk) == touched]
    still.sort(key=lambda row: (row.action.day or date.max, str(row.action.pk)))
    done = _latest(rows, Action.Fate.DONE)
    behind = [row for row in done if str(row.action.pk) != touched]
    dropped = [row for row in _latest(rows, Action.Fate.DROPPED) if str(row.action.pk) != touched]
    pending = [row for row in still if row.action.fate in PENDING]
    late = sum(1 for row in pending if row.action.day and row.action.day < today)
    said = [row.answer.quarters for row in done if row.answer and row.answer.quarters is not None]
    dated = [row for row in done if row.action.day and row.action.fate_at]
    on_day = sum(1 for row in dated if timezone.localtime(row.action.fate_at).date() <= row.action.day)
    return {
        "title": title(len(pending), late),
        "open": [_row(row, reader, today=today, now=now, touched=touched) for row in still],
        "done": [_behind(row, reader, now=now) for row in (behind if more else behind[:SHOWN])],
        "hidden": 0 if more else max(len(behind) - SHOWN, 0),
        "dropped": [_behind(row, reader, now=now) for row in dropped],
        "count": {"all": len(rows), "done": len(done), "on_day": on_day, "dated": len(dated)},
        "helped": {"of": len(said), "helped": sum(1 for each in said if each >= HELPED)},
        "since": date_format(timezone.localtime(done[-1].action.fate_at), "F") if done else "",
        "days": sorted(timezone.localtime(row.action.fate_at).date() for row in done),
        "reasons": [{"value": value, "label": label} for value, label in Why.choices],
        "today": today,
        "friday": next_friday(today),
        "last": date(today.year + 5, 12, 31),
    }


def title(pending: int, late: int) -> str:
    """As in "Four things to do, one of them late"."""
    if not pending:
        return "Nothing left to do"
    what = f"{_number(pending)} thing{'s' * (pending != 1)} to do"
    if not late:
        return what
    if late == pending:
        return f"{what}, {'late' if late == 1 else 'all of them late'}"
    return f"{what}, {_number(late).lower()} of them late"


def next_friday(today: date) -> date:
    """The next Friday after today."""
    return today + timedelta(days=(FRIDAY - today.weekday() - 1) % 7 + 1)


def _number(count: int) -> str:
    return NUMBERS[count] if count < len(NUMBERS) else str(count)


def _latest(rows: Sequence[Mine], fate: str) -> list[Mine]:
    """Those of this fate, the latest first."""
    return sorted(
        (row for row in rows if row.action.fate == fate and row.action.fate_at),
        key=lambda row: row.action.fate_at,
        reverse=True,
    )


def _row(row: Mine, reader: Person, *, today: date, now: datetime, touched: str) -> dict:
    action = row.action
    late = (today - action.day).days if action.day and action.fate in PENDING else 0
    return {
        "action": action,
        "answer": row.answer,
        "session": row.session,
        "other": row.session.other(reader),
        "talked": _said_on(row.session.starts_at, now=now),
        "late": max(late, 0),
        "day": day_of(action.day, today),
        "date": _date(action.day, today, weekday=late > 0),
        "agreed": _date(action.due, today) if action.moved_to and action.moved_to != action.due else "",
        "both": action.owner == Action.Owner.BOTH,
        "fates": [
            {"value": Action.Fate.OPEN if action.fate == value else value, "label": label, "is": action.fate == value}
            for value, label in FATES
        ],
        "ask_helped": action.fate == Action.Fate.DONE,
        "ask_why": action.fate == Action.Fate.DROPPED,
        "quarters": row.answer.quarters if row.answer else None,
        "why": row.answer.why if row.answer else "",
        "words": row.answer.words if row.answer else "",
        "touched": str(action.pk) == touched,
    }


def _behind(row: Mine, reader: Person, *, now: datetime) -> dict:
    answer, fate = row.answer, row.action.fate
    told, good = "", False
    if fate == Action.Fate.DONE:
        said = answer.quarters if answer else None
        told, good = ("Too early to say", False) if said is None else (TOLD[said], said >= HELPED)
    elif answer:
        told = answer.words or answer.get_why_display()
    return {
        "action": row.action,
        "first": row.session.other(reader).first_name,
        "on": _said_on(row.action.fate_at, now=now),
        "told": told,
        "good": good,
    }


def _said_on(moment: datetime, *, now: datetime) -> str:
    local, today = timezone.localtime(moment).date(), timezone.localtime(now).date()
    near = {0: "today", 1: "yesterday"}.get((today - local).days)
    return near or date_format(local, "j F" if local.year == today.year else "j F Y")


def _date(day: date | None, today: date, *, weekday: bool = True) -> str:
    """As in "Fri 20 Nov"; without its weekday where that stands beside it."""
    if day is None:
        return ""
    return date_format(day, f"{'D ' if weekday else ''}j M{'' if day.year == today.year else ' Y'}")
