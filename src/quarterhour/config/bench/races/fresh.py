"""From a booking to the mentor's free hours as matching reads them, through the worker that serves the site."""

from __future__ import annotations

import time
from datetime import timedelta

from quarterhour.config.bench.races.people import People
from quarterhour.core import clock

BOOKINGS = 100
PATIENCE = 30.0  # seconds until free hours nobody counted are a fault
LOOK = 0.004  # seconds between two looks
HOUR = timedelta(hours=1)


def seconds_to_fresh(people: People) -> list[float]:
    """Book one time after the other; seconds from each commit until the row of its mentor was counted after it."""
    from quarterhour.matching.models import Capacity
    from quarterhour.sessions import services

    lasted, mentors = [], people.mentors
    for n, need in enumerate(people.needs([people.one] * BOOKINGS)):
        mentor, start = mentors[n % len(mentors)], people.day + 80 * HOUR + n * HOUR
        before = clock.now()  # the worker may be quicker than we come to look at the clock again
        services.book(need=need, mentor=mentor, start=start, minutes=25, by=need.mentee, now=before)
        begun = time.perf_counter()
        counted = Capacity.objects.within(people.org).filter(mentor=mentor, counted_at__gt=before)
        while not counted.exists():
            if time.perf_counter() - begun > PATIENCE:
                raise RuntimeError("A mentor was booked, and nobody counted what is left.")
            time.sleep(LOOK)
        lasted.append(time.perf_counter() - begun)
    return lasted
