"""The page of a person's other calendars, put together."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from quarterhour.availability.calendar_models import CalendarAccount, OutsideCalendar
from quarterhour.availability.calendar_queries import accounts_of, calendars_of, state_of
from quarterhour.availability.calendars import address_of
from quarterhour.availability.feeds import feed_of
from quarterhour.core.sealing import Sealed
from quarterhour.notifications.addresses import whole
from quarterhour.notifications.mirror import trouble_of
from quarterhour.web.calendars.forms import AccountForm, AddressForm, CountsForm, PasswordForm

LAMPS = {"fine": ("", "Works"), "new": ("warn", "Being read"), "troubled": ("warn", "Worth a look"),
         "stale": ("bad", "Not read for long"), "unread": ("bad", "Never read")}  # fmt: skip


@dataclass
class Given:
    """A form as it was sent, on its way back: which one, of which row."""

    form: object = None
    of: UUID | str = ""


def ago(moment: datetime, *, now: datetime) -> str:
    """ "a moment ago", "5 minutes ago", "3 hours ago", "2 days ago"."""
    minutes = int((now - moment) / timedelta(minutes=1))
    for size, unit in ((1440, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            count = minutes // size
            return f"{count} {unit}{'' if count == 1 else 's'} ago"
    return "a moment ago"


def page_of(request, given: Given | None = None, told: str = "") -> dict:
    """Everything the page shows. The same number of queries, however many calendars."""
    given, person, now = given or Given(), request.user, request.now
    rows = calendars_of(person)
    accounts = [_account(each, rows, given) for each in accounts_of(person)]
    shown = [_calendar(each, now, given) for each in rows]
    feed, secret = feed_of(person)
    return {
        "told": told,
        "calendars": shown,
        "accounts": accounts,
        "seen": _seen(shown, accounts),
        "waiting": any(each["state"] == "new" for each in shown) or any(each["looking"] for each in accounts),
        "closed": any(each["state"] in {"new", "unread"} for each in shown),
        "address_form": given.form if given.of == "address" else AddressForm(prefix="ics"),
        "account_form": given.form if given.of == "account" else AccountForm(prefix="caldav"),
        "writable": [each["row"] for each in shown if each["row"].kind == OutsideCalendar.Kind.CALDAV],
        "written": next((each.pk for each in rows if each.written), None),
        "write_trouble": trouble_of(person),
        "feed": feed,
        "feed_url": whole(reverse("calendars:feed", args=[secret])) if secret else "",
    }


def _seen(calendars: list[dict], accounts: list[dict]) -> str:
    """A short name for how things stand: while it is the same, nobody's half-made choice is drawn anew."""
    standing = [(str(each["row"].pk), each["state"]) for each in calendars]
    standing += [(str(each["row"].pk), each["looking"], len(each["offered"])) for each in accounts]
    return hashlib.sha256(repr(standing).encode()).hexdigest()[:12]


def _calendar(row: OutsideCalendar, now: datetime, given: Given) -> dict:
    state = state_of(row, now=now)
    lamp, word = LAMPS["troubled" if state.word == "fine" and row.warnings else state.word]
    return {
        "row": row,
        "state": state.word,
        "lamp": lamp,
        "lamp_word": word,
        "said": _said(row, state, now),
        "form": given.form if given.of == row.pk else CountsForm.of(row),
        "open": given.of == row.pk,
    }


def _said(row: OutsideCalendar, state, now: datetime) -> list[str]:
    """How it stands, in sentences."""
    if state.word == "new":
        return ["Being read for the first time. Until then nobody can book you."]
    if state.word == "unread":
        return [row.problem, "It was never read, so nobody can book you. Correct what is wrong, or remove it."]
    read = ago(row.read_at, now=now)
    if state.word == "fine":
        events = f"{row.events:,} event{'' if row.events == 1 else 's'}"
        return [f"Read {read}: {events}.", *row.warnings]
    until = date_format(timezone.localtime(state.until), "j F")
    if state.word == "troubled":
        return [row.problem, f"What we read {read} still counts."]
    when = date_format(timezone.localtime(row.read_at), "j F, H:i")
    return [
        f"Not read since {when}, {read}. {row.problem}".strip(),
        f"What it said then still counts. From {until} on nobody can book you, until it can be read again.",
    ]


def _account(row: CalendarAccount, calendars: list[OutsideCalendar], given: Given) -> dict:
    mine = [each for each in calendars if each.account_id == row.pk]
    try:
        known = {address_of(each) for each in mine}
    except Sealed:
        known = set()
    offered = [
        {"number": number, "name": each["name"], "chosen": each["address"] in known}
        for number, each in enumerate(row.found)
    ]
    return {
        "row": row,
        "looking": row.looked_at is None,
        "offered": offered,
        "left": any(not each["chosen"] for each in offered),
        "chosen": len(mine),
        "form": given.form if given.of == row.pk else PasswordForm(prefix=str(row.pk)),
    }
