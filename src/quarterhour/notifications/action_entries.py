"""What somebody took on, as entries of a calendar."""

from __future__ import annotations

from datetime import timedelta

from icalendar import Event, Todo, vUri

from quarterhour.advice.models import Action
from quarterhour.notifications import addresses
from quarterhour.notifications.words import one_line
from quarterhour.people.models import Person


def day_of(action: Action, reader: Person) -> Event:
    """The day it is due, all of it, on which one is free: the kind of entry every calendar program shows."""
    entry = _filled(Event(), action, reader, "day")
    entry.add("dtstart", action.day)
    entry.add("dtend", action.day + timedelta(days=1))
    entry.add("transp", "TRANSPARENT")
    return entry


def task_of(action: Action, reader: Person) -> Todo:
    """A task, for programs that have a list of them."""
    entry = _filled(Todo(), action, reader, "task")
    if action.day:
        entry.add("due", action.day)
    entry.add("status", "IN-PROCESS" if action.fate == Action.Fate.DOING else "NEEDS-ACTION")
    return entry


def _filled(entry, action: Action, reader: Person, kind: str):
    session = action.takeaway.session
    entry.add("uid", f"{action.pk}-{kind}@quarterhour")
    # The stamp is the card's own, so that the same actions give the same bytes.
    entry.add("dtstamp", action.takeaway.written_at)
    entry.add("summary", one_line(action.text))
    entry.add("description", f"From {one_line(session.other(reader).called)}.")
    entry.add("url", vUri(addresses.card(session)))
    return entry
