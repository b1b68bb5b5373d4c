"""Calendars of elsewhere as tests write them, and what they leave free."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from quarterhour.availability.calendar_models import OutsideCalendar
from quarterhour.sessions import calendars as ours
from quarterhour.sessions import queries

AT_TEN = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)  # 11:00 in Lagos
DAY = timedelta(days=1)


def event(start: datetime, minutes: int = 60, uid: str = "", *lines: str) -> str:
    rest = "".join(f"{each}\r\n" for each in lines)
    return (
        f"BEGIN:VEVENT\r\nUID:{uid or uuid4()}\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:{start:%Y%m%dT%H%M%SZ}\r\n"
        f"DTEND:{start + timedelta(minutes=minutes):%Y%m%dT%H%M%SZ}\r\n{rest}END:VEVENT\r\n"
    )


def ics(*events: str) -> bytes:
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//\r\n{''.join(events)}END:VCALENDAR\r\n".encode()


def free(mentor, now, *, mentee=None, days: int = 1) -> list[str]:
    found = queries.free_starts(
        mentor_ids=[mentor.pk], org=mentor.availabilities.all()[0].org_id, minutes=25, between=(now, now + days * DAY),
        now=now, each=None, mentee=mentee,
    )  # fmt: skip
    return [f"{each:%d %H:%M}" for each in found[mentor.pk]]


def read(row, now) -> OutsideCalendar:
    row.refresh_from_db()
    OutsideCalendar.objects.filter(pk=row.pk).update(due_at=now)
    ours.read(row.pk, now=now)
    row.refresh_from_db()
    return row
