"""From the button to the ring on the mentor's page, while a thousand wait and two thousand are on call.

Measured is the whole way but the network: the press through every middleware (reading the question, ranking those on
call, taking a place, choosing a mentor, committing), the news arriving at whoever listens, and the mentor's page
fetching the ring. The town is that of the match figures.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random

import psycopg

from quarterhour.config import town
from quarterhour.config.bench.match import _browser_of, _row, _shares
from quarterhour.core import clock

TOWN = 10_000
PRESSES = 60
AT_ONCE = 8
PATIENCE = 20.0  # seconds until news that did not come is a fault

Row = dict[str, object]


def measure(*, waiting: int = 1_000, called: int = 2_000) -> list[Row]:
    """Rows for one press after the other, for eight at once, and for rounds of the timer. For a throw-away database."""
    from quarterhour.matching.now import ringing

    begun = time.perf_counter()
    town.load(max(TOWN, called * 2), now=clock.now(), fresh=True, progress=False)
    mentors = _on_call(called)
    _in_line(waiting, mentors)
    rows = [
        _row(f"now: a town with {called:,} on call and {waiting:,} in line, loading", time.perf_counter() - begun, "s")
    ]
    begun = time.perf_counter()
    rung = ringing.tick(now=clock.now())
    rows += [
        _row(f"now: the first round of the timer, {rung:,} rings", (time.perf_counter() - begun) * 1000, "ms"),
    ]
    needs = _needs(2 * PRESSES)
    alone, spent = [], []
    for need in needs[:PRESSES]:
        began = time.process_time()
        alone.append(_button_to_ring(need))
        spent.append(time.process_time() - began)
    with ThreadPoolExecutor(AT_ONCE) as hands:
        together = list(hands.map(_button_to_ring_and_close, needs[PRESSES:]))
    begun = time.perf_counter()
    ringing.tick(now=clock.now())
    return [
        *rows,
        *_shares("now: from the button to the ring", alone, (50, 95)),
        *_shares("now: from the button to the ring, processor without the database", spent, (50,)),
        *_shares(f"now: from the button to the ring, {AT_ONCE} at once", together, (50, 95)),
        _row("now: a later round of the timer", (time.perf_counter() - begun) * 1000, "ms"),
    ]


def _on_call(count: int) -> list:
    """So many mentors of the town are on call; none is booked meanwhile."""
    from quarterhour.matching.models import OnCall
    from quarterhour.people.models import Profile
    from quarterhour.people.queries import commons
    from quarterhour.sessions.models import TimeClaim

    now, org = clock.now(), commons()
    mentors = list(Profile.objects.within(org).mentors().order_by("pk").values_list("person", flat=True)[:count])
    TimeClaim.objects.filter(person__in=mentors).delete()
    there = {"since": now, "until": now + timedelta(hours=3), "seen_at": now + timedelta(hours=1)}
    OnCall.objects.within(org).bulk_create([OnCall(org=org, mentor_id=key, **there) for key in mentors])
    return mentors


def _in_line(count: int, mentors: Sequence) -> None:
    """So many people wait, each with forty mentors who fit."""
    from quarterhour.matching.models import Place
    from quarterhour.needs.models import Need
    from quarterhour.people.models import Person
    from quarterhour.people.queries import commons

    lots, now, org = Random(7), clock.now(), commons()
    people = list(Person.objects.filter(memberships__org=org).exclude(pk__in=mentors).order_by("pk")[:count])
    needs = [Need(org=org, mentee=each, text="Which way?", kind="decide", minutes=15, stated_at=now) for each in people]
    Need.objects.within(org).bulk_create(needs)
    Place.objects.within(org).bulk_create(
        [
            Place(
                org=org, need=need, mentee=need.mentee, minutes=15, seen_at=now + timedelta(hours=1),
                asked_at=now - timedelta(seconds=count - n),
                fits={str(key): round(lots.uniform(0.25, 0.95), 3) for key in lots.sample(list(mentors), 40)},
            )
            for n, need in enumerate(needs)
        ]
    )  # fmt: skip


def _needs(count: int) -> list:
    """Questions of the town, each asked by somebody new who is in no line."""
    from quarterhour.needs.models import Need
    from quarterhour.people.models import Membership, Person
    from quarterhour.people.queries import commons

    now, org = clock.now(), commons()
    texts = list(
        Need.objects.within(org).exclude(text="Which way?").order_by("text", "pk").values("text", "kind")[:100]
    )
    found = []
    for n in range(count):
        person = Person.objects.create(name=f"Somebody {n}", email=f"now{n}@town.example", zone="Europe/Lisbon")
        Membership.objects.create(person=person, org=org, role="member")
        words = texts[n % len(texts)]
        found.append(Need.objects.create(org=org, mentee=person, minutes=15, languages=["en"], stated_at=now, **words))
    return found


def _button_to_ring(need) -> float:
    """Seconds from the press to the ring in the mentor's hands; nobody who fits is a wait as well, and is left out."""
    from quarterhour.matching.models import Place
    from quarterhour.matching.now import queries
    from quarterhour.matching.now.bell_news import CHANNEL
    from quarterhour.sessions.room.hall import news_address

    browser = _browser_of(need.mentee)
    with psycopg.connect(**news_address(), autocommit=True) as wire:
        wire.execute(f"LISTEN {CHANNEL}")
        begun = time.perf_counter()
        browser.post(f"/now/for/{need.pk}/")
        pressed = time.perf_counter() - begun
        place = Place.objects.visible_to(need.mentee).get()
        ring = next((each for each in queries.rings_of(place) if not each.answer), None)
        if ring is None:
            return pressed
        begun = time.perf_counter()
        news = wire.notifies(timeout=PATIENCE)
        told = any(str(ring.mentor_id) in json.loads(each.payload) for each in news)
        news.close()  # it holds the connection until then
        if not told:
            raise RuntimeError("A ring began, and nobody was told.")
    page = _browser_of(ring.mentor)
    pressed += time.perf_counter() - begun
    begun = time.perf_counter()
    page.get("/now/ring/")
    return pressed + time.perf_counter() - begun


def _button_to_ring_and_close(need) -> float:
    from django.db import connection

    try:
        return _button_to_ring(need)
    finally:
        connection.close()
