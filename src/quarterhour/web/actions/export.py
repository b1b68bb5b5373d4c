"""What somebody took on, to take along: as a calendar file, and as a list."""

from __future__ import annotations

import re
from collections.abc import Sequence

from quarterhour.advice.actions import PENDING, Mine
from quarterhour.advice.models import Action
from quarterhour.notifications import action_entries
from quarterhour.notifications.invitations import empty_calendar
from quarterhour.notifications.words import one_line
from quarterhour.people.models import Person

TICK = {Action.Fate.DONE: "x", Action.Fate.DROPPED: "-"}
# Whatever begins a heading, a list, a quote, a link or a mark of Markdown is a word of the person here.
MARKS = re.compile(r"([\\`*_{}\[\]<>#+!|~])")


def calendar(rows: Sequence[Mine], reader: Person) -> bytes:
    """A file with a task for each that is still to do, and an all-day entry for each that has a day."""
    made = empty_calendar()
    made.add("x-wr-calname", "Quarterhour: what I took on")
    for row in rows:
        if row.action.fate not in PENDING:
            continue
        made.add_component(action_entries.task_of(row.action, reader))
        if row.action.day:
            made.add_component(action_entries.day_of(row.action, reader))
    return made.to_ical()


def listed(rows: Sequence[Mine], reader: Person) -> str:
    """The same as Markdown, with what is done and what was dropped."""
    lines = ["# What I took on", ""]
    for heading, fates in (("To do", PENDING), ("Done", (Action.Fate.DONE,)), ("Dropped", (Action.Fate.DROPPED,))):
        shown = [row for row in rows if row.action.fate in fates]
        if shown:
            lines += [f"## {heading}", "", *(_line(row, reader) for row in _by_day(shown)), ""]
    if len(lines) == 2:  # noqa: PLR2004 - the heading alone
        lines += ["Nothing yet.", ""]
    return "\n".join(lines)


def _by_day(rows: Sequence[Mine]) -> list[Mine]:
    return sorted(rows, key=lambda row: (row.action.day is None, row.action.day or 0, str(row.action.pk)))


def _line(row: Mine, reader: Person) -> str:
    day = f"{row.action.day.isoformat()}, " if row.action.day else ""
    text, other = (MARKS.sub(r"\\\1", one_line(each)) for each in (row.action.text, row.session.other(reader).called))
    return f"- [{TICK.get(row.action.fate, ' ')}] {text} ({day}from {other})"
