"""Times as a person says them, with the place when two zones meet."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import groupby

from django.utils import timezone

from quarterhour.core.errors import Invalid
from quarterhour.engines.hours import awake
from quarterhour.notifications.words import clock_span, clock_time, place, zone_of

EARLIEST, LATEST = 2000, 2200  # years a session can be in; beyond them calendars end


def day_label(moment: datetime, *, now: datetime) -> str:
    """ "Today", "Tomorrow", "Tue 1 Dec", on the reader's calendar."""
    local = timezone.localtime(moment)
    away = (local.date() - timezone.localtime(now).date()).days
    near = {-1: "Yesterday", 0: "Today", 1: "Tomorrow"}.get(away)
    year = f" {local.year}" if local.year != timezone.localtime(now).year else ""
    return near or f"{local:%a} {local.day} {local:%b}{year}"


def day_within(moment: datetime, *, now: datetime) -> str:
    """The same within a sentence: "today", "tomorrow", "Tue 1 Dec"."""
    label = day_label(moment, now=now)
    return label.lower() if label in {"Yesterday", "Today", "Tomorrow"} else label


def last_day(end: datetime, *, now: datetime) -> str:
    """The day that ends with this midnight, within a sentence: "tonight", "Tue 1 Dec"."""
    day = day_within(end - timedelta(seconds=1), now=now)
    return "tonight" if day == "today" else day


def until(moment: datetime, *, now: datetime) -> str:
    """ "In 1 hour 10 minutes", "In 3 days", "Now"."""
    left = round((moment - now) / timedelta(minutes=1))
    if left <= 0:
        return "Now"
    if left < 60:  # noqa: PLR2004 - an hour
        return f"In {_many(left, 'minute')}"
    hours, minutes = divmod(left, 60)
    if hours < 12:  # noqa: PLR2004 - half a day
        return f"In {_many(hours, 'hour')}" + (f" {_many(minutes, 'minute')}" if minutes else "")
    if hours < 36:  # noqa: PLR2004 - a day and a half
        return f"In {hours} hours"
    days = (timezone.localtime(moment).date() - timezone.localtime(now).date()).days
    return f"In {_many(days, 'day')}" if days > 1 else "Tomorrow"


def to_answer(answer_by: datetime, *, now: datetime, what: str = "answer") -> str:
    """ "41 h left to answer", "5 min left to answer": whole hours that are left, as everywhere else."""
    minutes = max(int((answer_by - now) / timedelta(minutes=1)), 1)
    return f"{minutes // 60} h left to {what}" if minutes >= 60 else f"{minutes} min left to {what}"  # noqa: PLR2004


def span(start: datetime, end: datetime) -> str:
    """ "10:15 to 10:40" on the reader's clock."""
    return clock_span(start, end, timezone.get_current_timezone())


def clock(moment: datetime) -> str:
    """ "10:15" on the reader's clock."""
    return clock_time(moment, timezone.get_current_timezone())


def there(moment: datetime, zone_name: str, *, whom: str) -> str:
    """ "11:15 for her in Lagos", or nothing when both read the same clock."""
    zone = zone_of(zone_name)
    if moment.astimezone(zone).utcoffset() == timezone.localtime(moment).utcoffset():
        return ""
    return f"{clock_time(moment, zone)} for {whom} in {place(zone)}"


def here() -> str:
    """What people call the zone the reader is in."""
    return place(zone_of(timezone.get_current_timezone_name()))


def by_day(starts: Iterable[datetime], *, minutes: int, now: datetime, held: datetime | None = None) -> list[dict]:
    """Free starts as the `slots` component takes them, a row for each of the reader's days.

    held: the one this person holds, drawn as pressed.
    """
    rows = []
    for _, group in groupby(sorted(starts), key=_local_date):
        day = list(group)
        slots = [{"start": s, "minutes": minutes, "pressed": s == held} for s in day]
        rows.append({"label": day_label(day[0], now=now), "slots": slots})
    return rows


def moment_from(text: str) -> datetime:
    """A moment as forms carry it, "2026-11-26T10:15Z". Raises Invalid."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or not EARLIEST <= moment.year <= LATEST:
        raise Invalid("We could not read that time. Choose one of those shown.")
    return moment


def waking(starts: Iterable[datetime]) -> list[datetime]:
    """Those of these starts at which the reader is up; all of them where none is."""
    starts = list(starts)
    return [start for start in starts if awake(timezone.localtime(start))] or starts


def _local_date(moment: datetime) -> date:
    return timezone.localtime(moment).date()


def _many(n: int, what: str) -> str:
    return f"{n} {what}" + ("" if n == 1 else "s")


def spread(starts: Iterable[datetime], *, days: int, each: int) -> list[datetime]:
    """At most `each` starts on each of the first `days` of the reader's days, well apart within a day.

    Pages show a few good choices, not a quarter-hour grid.
    """
    chosen: list[datetime] = []
    for nth, (_, group) in enumerate(groupby(sorted(starts), key=_local_date)):
        if nth == days:
            break
        day = list(group)
        step = max(len(day) / each, 1.0)
        chosen += [day[int(i * step)] for i in range(min(each, len(day)))]
    return chosen
