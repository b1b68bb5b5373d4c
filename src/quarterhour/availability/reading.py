"""Reading calendars of elsewhere: in a job, outside of any transaction, and never for long.

A calendar that cannot be read keeps what was known of it, and is tried again after a rest that doubles. Nothing
that went wrong makes time free.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import F

from quarterhour.availability import caldav
from quarterhour.availability.calendar_models import CalendarAccount, OutsideCalendar
from quarterhour.availability.calendars import address_of, keep_busy, login_of, tell_of
from quarterhour.core.errors import QuarterhourError
from quarterhour.core.fetching import Silent, fetch, read_address, rests
from quarterhour.engines.calendars import Owner, Unreadable, busy_in
from quarterhour.engines.wallclock import floor_second

log = structlog.get_logger(__name__)

EVERY = timedelta(minutes=15)
WHOLE = timedelta(hours=12)  # even if the server says that nothing changed: the days we look at move on
AHEAD = timedelta(days=100)  # further than anybody may be booked
BACK = timedelta(days=2)
TAKEN_FOR = timedelta(minutes=5)  # longer than one reading takes
LONGEST_REST = timedelta(hours=2)
STALE = timedelta(hours=24)
SECONDS = 25.0
LONGEST_TAG = 200
WRONG = "Something went wrong with us while reading it. It is written down; we try again by ourselves."

Own = Callable[[UUID, Iterable[str]], set[str]]


@dataclass(frozen=True, slots=True)
class _Answer:
    """data: the calendar; None if it is as we know it. tag: the server's name for its state."""

    data: bytes | None
    tag: str


def read(calendar_id: UUID, *, now: datetime, own: Own) -> bool:
    """Read one calendar, if it is still there. Returns whether it was read.

    own: of a person's key and keys that look like our sessions', which are sessions of theirs here.
    Whatever goes wrong is kept in the row as a sentence and never raised.
    """
    row = _take(calendar_id, now)
    if row is None:
        return False
    origin = _origin(row)
    if rests.is_resting(origin, now=now):
        _rows(row).update(due_at=now + rests.REST * Random(str(row.pk)).uniform(0.5, 1.5))  # noqa: S311 - no secret
        return False
    try:
        _read(row, now, own)
    except Silent as error:
        rests.was_silent(error, now=now)
        _failed(row, error.told, now=now)
    except Unreadable as error:
        _failed(row, str(error), now=now)
    except QuarterhourError as error:
        _failed(row, error.told, now=now, wait=getattr(error, "wait", 0))
    except Exception as error:  # one bad calendar never stops the others
        log.exception("calendar_not_read", calendar=str(row.pk), kind=type(error).__name__)
        _failed(row, WRONG, now=now)
    else:
        rests.answered(origin)
        return True
    return False


def due(*, now: datetime, limit: int = 200) -> list[UUID]:
    """Calendars to read now, the longest waiting first."""
    waiting = OutsideCalendar.objects.filter(due_at__lte=now, person__is_active=True)
    return list(waiting.order_by("due_at").values_list("pk", flat=True)[:limit])


def look_into(account_id: UUID, *, now: datetime) -> None:
    """List the calendars of an account, or keep in a sentence why that cannot be."""
    account = CalendarAccount.objects.filter(pk=account_id).first()
    if account is None:
        return
    rows = CalendarAccount.objects.filter(pk=account_id)
    try:
        found = caldav.look_into(address_of(account), login_of(account) or ("", ""))
    except QuarterhourError as error:
        rows.update(looked_at=now, problem=error.told[:400])
        return
    except Exception as error:  # somebody waits for a sentence
        log.exception("account_not_read", account=str(account_id), kind=type(error).__name__)
        rows.update(looked_at=now, problem=WRONG)
        return
    listed = [{"name": name, "address": address, "known_as": found.addresses} for name, address in found.calendars]
    rows.update(looked_at=now, problem="", found=listed)


def _take(calendar_id: UUID, now: datetime) -> OutsideCalendar | None:
    """The row, if nobody else reads it at this moment."""
    mine = OutsideCalendar.objects.filter(pk=calendar_id, due_at__lte=now)
    if not mine.update(due_at=now + TAKEN_FOR):
        return None
    return OutsideCalendar.objects.select_related("person", "account").get(pk=calendar_id)


def _origin(row: OutsideCalendar) -> str:
    """Which server is asked first; nothing where the address cannot be opened any more."""
    try:
        return read_address(address_of(row)).whole_origin
    except QuarterhourError:
        return ""


def _read(row: OutsideCalendar, now: datetime, own: Own) -> None:
    lo, hi = floor_second(now - BACK), floor_second(now + AHEAD)
    known = _known_tag(row) if row.whole_at and now - row.whole_at < WHOLE and not row.problem else ""
    ask = _ask_caldav if row.kind == OutsideCalendar.Kind.CALDAV else _ask_ics
    answer = ask(row, known, now)
    if answer.data is None:
        _rows(row).update(read_at=now, due_at=now + spread(row.pk, now))
        return
    addresses = {row.person.email.lower(), *row.known_as}
    owner = Owner(
        zone=row.person.zone, addresses=frozenset(addresses), tentative=row.tentative, unanswered=row.unanswered
    )
    found = busy_in(answer.data, owner, (lo, hi))
    mine = own(row.person_id, found.ours) if found.ours else set()
    spans = [*found.spans, *(span for key, theirs in found.ours.items() if key not in mine for span in theirs)]
    with transaction.atomic():
        kept = _rows(row).update(
            read_at=now,
            whole_at=now,
            due_at=now + spread(row.pk, now),
            tag=f"{row.person.zone} {answer.tag}" if answer.tag else "",
            failures=0,
            failed_at=None,
            problem="",
            events=found.events,
            warnings=found.warnings[:6],
        )
        if kept and keep_busy(row.pk, spans, known_until=hi, now=now):
            tell_of(row.person_id, now=now)


def _known_tag(row: OutsideCalendar) -> str:
    """The server's name for what we know; nothing if its owner lives on another clock by now: days moved with it."""
    zone, _, tag = row.tag.partition(" ")
    return tag if zone == row.person.zone else ""


def _ask_ics(row: OutsideCalendar, known: str, now: datetime) -> _Answer:
    headers = {"Accept": "text/calendar, text/plain;q=0.5, */*;q=0.1"} | ({"If-None-Match": known} if known else {})
    answer = fetch(address_of(row), headers=headers, login=login_of(row), seconds=SECONDS)
    if answer.status == 304 and known:  # noqa: PLR2004
        return _Answer(None, known)
    if answer.status != 200:  # noqa: PLR2004
        raise caldav.said_no(answer)
    return _Answer(answer.body, answer.headers.get("etag", "")[:LONGEST_TAG])


def _ask_caldav(row: OutsideCalendar, known: str, now: datetime) -> _Answer:
    address, login = address_of(row), login_of(row) or ("", "")
    tag = caldav.tag_of(address, login)
    if tag and tag == known:
        return _Answer(None, known)
    # Asked for before the events: what changes in between is seen the next time.
    at = now.astimezone(UTC)
    return _Answer(caldav.events_of(address, login, lo=at - BACK, hi=at + AHEAD, seconds=SECONDS), tag)


def _failed(row: OutsideCalendar, told: str, *, now: datetime, wait: int = 0) -> None:
    rest = max(min(timedelta(minutes=2.0 ** min(row.failures, 10)), LONGEST_REST), timedelta(seconds=min(wait, 21_600)))
    _rows(row).update(
        problem=told[:400],
        failures=F("failures") + 1,
        failed_at=now if row.failed_at is None else row.failed_at,
        due_at=now + rest,
    )
    log.info("calendar_not_read", calendar=str(row.pk), failures=row.failures + 1)


def spread(key: UUID, now: datetime) -> timedelta:
    """A quarter of an hour, a little more or less, so that calendars added together are not read together."""
    return EVERY * Random(f"{key} {now:%Y%m%d%H%M}").uniform(0.8, 1.2)  # noqa: S311 - nothing here is secret


def _rows(row: OutsideCalendar):
    return OutsideCalendar.objects.filter(pk=row.pk)
