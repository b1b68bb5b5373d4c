"""The slow, obvious rival of the slot engine: it asks zoneinfo what the wall shows at every single minute.

It reads a case as SLOTS writes it and shares no line with the engine. Zones with whole-minute offsets only.
"""

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
NAMES = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def slow_slots(case):
    """The free starts of a case whose range and duration together span less than two weeks."""
    r0, r1 = map(read, case["range"])
    now = read(case["now_utc"])
    zone = ZoneInfo(case["mentor_tz"])
    duration = case["duration_min"]
    windows = real_windows(case, dates_around(r0, r1))

    free = {minute for start, end in windows for minute in minutes(start, end)}
    candidates = {
        start + timedelta(minutes=steps)
        for start, end in windows
        for steps in range(0, len(list(minutes(start, end))), case["increment_min"])
    }
    taken = [(read(start), read(end)) for start, end in case["busy"] + case["booked"]]
    booked_dates = [read(start).astimezone(zone).date() for start, _ in case["booked"]]
    booked_weeks = [day.isocalendar()[:2] for day in booked_dates]
    last_date = now.astimezone(zone).date() + timedelta(days=case["horizon_days"])

    def fits(s):
        return all(s + k * MINUTE in free for k in range(duration))

    def undisturbed(s):
        a = s - timedelta(minutes=case["buffer_before_min"])
        b = s + timedelta(minutes=duration + case["buffer_after_min"])
        return not any(b0 < b1 and b0 < b and a < b1 for b0, b1 in taken)

    def uncapped(s):
        day = s.astimezone(zone).date()
        daily, weekly = case["daily_cap"], case["weekly_cap"]
        return (daily is None or booked_dates.count(day) < daily) and (
            weekly is None or booked_weeks.count(day.isocalendar()[:2]) < weekly
        )

    return sorted(
        s
        for s in candidates
        if r0 <= s < r1
        and s >= now + timedelta(minutes=case["min_notice_min"])
        and s.astimezone(zone).date() <= last_date
        and fits(s)
        and undisturbed(s)
        and uncapped(s)
    )


def read(text):
    return datetime.fromisoformat(text).astimezone(UTC)


def minutes(start, end):
    while start < end:
        yield start
        start += MINUTE


def dates_around(r0, r1):
    days = (r1.date() - r0.date()).days
    return [r0.date() + k * DAY for k in range(-4, days + 5)]


@lru_cache(maxsize=6)
def walls(zone, day):
    """What the wall shows at every minute from eight days before `day` to thirty after it."""
    tz = ZoneInfo(zone)
    start = datetime.combine(day - 8 * DAY, time(), UTC)
    return [
        (minute, minute.astimezone(tz).replace(tzinfo=None, fold=0))
        for minute in (start + k * MINUTE for k in range(38 * 1440))
    ]


@lru_cache(maxsize=6)
def shown(zone, day):
    """Wall time -> the minutes at which the wall shows it."""
    at = defaultdict(list)
    for minute, wall in walls(zone, day):
        at[wall].append(minute)
    return at


@lru_cache(maxsize=6)
def jumps(zone, day):
    """(last wall before, first wall after, instant) of every forward change."""
    found = []
    for (_, before), (minute, after) in zip(walls(zone, day), walls(zone, day)[1:], strict=False):
        if after > before + MINUTE:
            found.append((before, after, minute))
    return found


@lru_cache(maxsize=6)
def first_minutes(zone, day):
    """Local date -> its first minute."""
    first = {}
    for minute, wall in walls(zone, day):
        first.setdefault(wall.date(), minute)
    return first


def real_windows(case, dates):
    zone = case["mentor_tz"]
    # Neighbouring ranges look at the same table of minutes.
    anchor = date.fromordinal(read(case["range"][0]).toordinal() // 12 * 12)
    at, gaps, first = shown(zone, anchor), jumps(zone, anchor), first_minutes(zone, anchor)

    def resolve(clock_day, clock, which):
        hour, minute = map(int, clock.split(":"))
        wanted = datetime.combine(clock_day, time()) + timedelta(hours=hour, minutes=minute)
        if at.get(wanted):
            return at[wanted][which]
        return next(instant for before, after, instant in gaps if before < wanted < after)

    found = []
    for day in dates:
        key = day.isoformat()
        rows = case["overrides"][key] if key in case["overrides"] else case["weekly"].get(NAMES[day.weekday()], [])
        for start_clock, end_clock in rows:
            start = resolve(day, start_clock, 0)
            end_day = day if end_clock > start_clock else day + DAY
            end = resolve(end_day, end_clock, -1)
            if (day + DAY).isoformat() in case["overrides"] and day + DAY in first:
                end = min(end, first[day + DAY])
            if start < end:
                found.append((start, end))
    return found
