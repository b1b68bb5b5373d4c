"""Whole bookings a second: through the service, and the same statements sent bare.

The bare statements are those of a real booking (see `bare`), so the ways differ in everything but what the
database is asked to do. pgbench is written in C; the second bare row sends the same texts from Python, with
nothing around them. The ways take short turns, and the middle turn is told: a machine that is busy for a while
is busy for all of them, and a turn that was disturbed says nothing.
"""

from __future__ import annotations

import gc
import multiprocessing
import time
from collections.abc import Callable
from itertools import chain
from statistics import median

from quarterhour.config.bench import bare
from quarterhour.config.bench.plan import A_CLIENT, MENTEES, MENTORS, NOW, key, plan
from quarterhour.config.postgres.cluster import Cluster

CLIENTS = (1, 8, 32)
A_TURN = 1.0  # seconds; pgbench knows whole ones only

Row = dict[str, object]


def measure(cluster: Cluster, *, seconds: float) -> list[Row]:
    """Rows of bookings a second at 1, 8 and 32 clients, and the share of the bare statements reached.

    seconds: how long each figure is taken, all turns together.
    """
    needs, mentors = _people()
    messages = bare.messages_of(lambda n: _book(n, needs, mentors), empty=_empty)
    rows: list[Row] = [{"name": "booking: messages of one booking", "figure": len(messages), "unit": "messages"}]

    def service() -> Callable[[int], None]:
        return lambda n: _book(n, needs, mentors)

    for clients in CLIENTS:
        lasted: list[float] = []
        turns: list[tuple[float, float, float]] = []
        for _ in range(max(round(seconds / A_TURN), 1)):
            _empty()
            booked = _by_hands(clients, A_TURN, service)
            _empty()
            by_pgbench = bare.by_pgbench(cluster, clients, round(A_TURN), messages)
            _empty()
            by_psycopg = len(_by_hands(clients, A_TURN, lambda: bare.by_psycopg(messages))) / A_TURN
            turns.append((len(booked) / A_TURN, by_pgbench, by_psycopg))
            lasted += booked
        lasted.sort()
        ours, pgbench, psycopg = (median(rate) for rate in zip(*turns, strict=True))
        of_pgbench = median(one / other for one, other, _ in turns)
        of_psycopg = median(one / other for one, _, other in turns)
        rows += [
            _row(f"booking: service, {clients} clients", ours, "bookings/s"),
            _row(f"booking: service, 95 of 100 within, {clients} clients", lasted[len(lasted) * 19 // 20] * 1000, "ms"),
            _row(f"booking: bare statements by pgbench, {clients} clients", pgbench, "bookings/s"),
            _row(f"booking: bare statements by psycopg, {clients} clients", psycopg, "bookings/s"),
            _row(f"booking: service of pgbench, {clients} clients", of_pgbench, "ratio"),
            _row(f"booking: service of psycopg, {clients} clients", of_psycopg, "ratio"),
        ]
    _empty()
    _send("TRUNCATE people_person, core_organisation CASCADE")
    return rows


def _row(name: str, figure: float, unit: str) -> Row:
    return {"name": name, "figure": round(figure, 2 if unit == "ratio" else 1), "unit": unit}


def _people() -> tuple[list, list]:
    from quarterhour.availability.models import Availability
    from quarterhour.needs.models import Need
    from quarterhour.people.models import Membership, Person, Profile
    from quarterhour.people.queries import commons

    org = commons()
    always = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    people = Person.objects.bulk_create(
        Person(id=key(1 + n // MENTORS, n % MENTORS), email=f"bench{n}@town.example", name=f"Bench {n}", password="!")  # noqa: S106
        for n in range(MENTORS + MENTEES)
    )
    Membership.objects.bulk_create(Membership(org=org, person=person) for person in people)
    mentors, mentees = people[:MENTORS], people[MENTORS:]
    Profile.objects.bulk_create(Profile(org=org, person=mentor, is_mentor=True, lengths=[15]) for mentor in mentors)
    Availability.objects.bulk_create(
        Availability(
            org=org,
            mentor=mentor,
            zone="UTC",
            weekly=always,
            notice=0,
            buffer_after=0,
            horizon_days=3650,
            weekly_minutes=20_000,
        )
        for mentor in mentors
    )
    needs = Need.objects.bulk_create(
        Need(id=key(3, n), org=org, mentee=mentee, text="How?", kind="unblock", minutes=15, stated_at=NOW)
        for n, mentee in enumerate(mentees)
    )
    return needs, mentors


def _book(n: int, needs: list, mentors: list) -> None:
    from quarterhour.sessions import services

    mentor, mentee, start = plan(n)
    need = needs[mentee]
    services.book(need=need, mentor=mentors[mentor], start=start, minutes=15, by=need.mentee, now=NOW)


def _by_hands(clients: int, seconds: float, make: Callable[[], Callable[[int], None]]) -> list[float]:
    """Seconds each booking lasted, by so many processes at once."""
    from django.db import connections

    connections.close_all()
    gc.freeze()  # what was loaded stays shared between the hands
    context = multiprocessing.get_context("fork")
    done = context.SimpleQueue()
    start = context.Barrier(clients)
    hands = [context.Process(target=_hand, args=(n, seconds, make, start, done)) for n in range(clients)]
    for hand in hands:
        hand.start()
    lasted = list(chain.from_iterable(done.get() for _ in hands))
    for hand in hands:
        hand.join()
    return lasted


def _hand(number: int, seconds: float, make: Callable[[], Callable[[int], None]], start, done) -> None:
    from django.db import connection

    connection.ensure_connection()
    book, lasted = make(), []
    first, *others = range(number * A_CLIENT, (number + 1) * A_CLIENT)
    book(first)  # the first one of a process does more than the others
    start.wait()
    now = time.perf_counter()
    until = now + seconds
    for n in others:
        book(n)
        before, now = now, time.perf_counter()
        if now > until:
            break
        lasted.append(now - before)
    done.put(lasted)


def _empty() -> None:
    _send(
        "TRUNCATE mentoring_sessions_timeclaim, mentoring_sessions_mentoringsession, core_outboxevent,"
        " core_delivery, procrastinate_jobs CASCADE"
    )


def _send(statement: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement)
