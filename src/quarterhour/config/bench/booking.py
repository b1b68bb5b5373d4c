"""Whole bookings a second: through the service, and the same statements sent bare by pgbench.

The statements are those of a real booking, caught on the way to the database, with its keys replaced by
variables; so the two differ in everything but what the database is asked to do.
"""

from __future__ import annotations

import multiprocessing
import re
import subprocess
import time
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

from quarterhour.config.postgres.cluster import Cluster

CLIENTS = (1, 8, 32)
MENTORS, MENTEES = 64, 64
A_CLIENT = 4_000  # bookings planned for each client, more than one can use up
NOW = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)


def measure(cluster: Cluster, *, seconds: float) -> list[dict]:
    """Rows of bookings a second at 1, 8 and 32 clients, and the share of the bare statements reached."""
    needs, mentors = _people()
    statements = _caught(needs[0], mentors[0])
    rows: list[dict] = [{"name": "booking: statements of one booking", "figure": len(statements), "unit": "statements"}]
    for clients in CLIENTS:
        _empty()
        service = _through_the_service(clients, seconds, needs, mentors)
        _empty()
        bare = _by_pgbench(cluster, clients, seconds, statements, needs, mentors)
        rows += [
            {"name": f"booking: service, {clients} clients", "figure": round(service, 1), "unit": "bookings/s"},
            {"name": f"booking: bare statements (pgbench), {clients} clients", "figure": round(bare, 1), "unit": "bookings/s"},
            {"name": f"booking: service of bare, {clients} clients", "figure": round(service / bare, 2), "unit": "ratio"},
        ]
    return rows


def plan(n: int) -> tuple[int, int, datetime]:
    """Mentor, mentee and start of the nth booking; no two of them overlap for anybody."""
    mentor, mentee = n % MENTORS, (n + n // MENTORS) % MENTEES
    return mentor, mentee, NOW + timedelta(hours=6 * (n // MENTORS) + 1)


def _people() -> tuple[list, list]:
    from quarterhour.availability.models import Availability
    from quarterhour.needs.models import Need
    from quarterhour.people.models import Membership, Person, Profile
    from quarterhour.people.queries import commons

    org = commons()
    always = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    people = Person.objects.bulk_create(
        Person(email=f"bench{n}@town.example", name=f"Bench {n}", password="!") for n in range(MENTORS + MENTEES)  # noqa: S106
    )
    Membership.objects.bulk_create(Membership(org=org, person=person) for person in people)
    mentors, mentees = people[:MENTORS], people[MENTORS:]
    Profile.objects.bulk_create(
        Profile(org=org, person=mentor, is_mentor=True, lengths=[15]) for mentor in mentors
    )
    Availability.objects.bulk_create(
        Availability(
            org=org, mentor=mentor, zone="UTC", weekly=always, notice=0, buffer_after=0, horizon_days=3650, weekly_minutes=20_000
        )
        for mentor in mentors
    )
    needs = Need.objects.bulk_create(
        Need(org=org, mentee=mentee, text="How?", kind="unblock", minutes=15, stated_at=NOW) for mentee in mentees
    )
    return needs, mentors


def _book(n: int, needs: list, mentors: list) -> None:
    from quarterhour.sessions import services

    mentor, mentee, start = plan(n)
    need = needs[mentee]
    services.book(need=need, mentor=mentors[mentor], start=start, minutes=15, by=need.mentee, now=NOW)


def _caught(need, mentor) -> list[str]:
    """The statements of one booking, as sent."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from quarterhour.core.models import OutboxEvent
    from quarterhour.sessions import services

    args = {"need": need, "mentor": mentor, "start": NOW + timedelta(hours=1), "minutes": 15, "by": need.mentee, "now": NOW}
    services.book(**args)
    _empty()
    with CaptureQueriesContext(connection) as caught:
        session = services.book(**args)
    claims = [claim.pk for claim in session.claims.order_by("person")]
    event = OutboxEvent.objects.get()
    keys = {mentor: "mentor", need.mentee: "mentee", need: "need", session: "session", event: "event"}
    named = {str(row.pk): name for row, name in keys.items()} | {str(pk): f"claim{n}" for n, pk in enumerate(claims)}
    return [_with_variables(query["sql"], named) for query in caught.captured_queries]


def _with_variables(statement: str, keys: dict[str, str]) -> str:
    """The same statement, its keys and times replaced by variables. pgbench puts them in as they stand."""
    told = " ".join(statement.split())
    for key, name in keys.items():
        told = told.replace(key, f":{name}").replace(key.replace("-", ""), f":{name}")
    for gap in "T ":
        told = told.replace(f"2026-11-23{gap}01:00:00+00:00", ":start").replace(f"2026-11-23{gap}01:15:00+00:00", ":until")
    return told


def _through_the_service(clients: int, seconds: float, needs: list, mentors: list) -> float:
    from django.db import connections

    connections.close_all()
    context = multiprocessing.get_context("fork")
    done = context.Queue()
    start = context.Barrier(clients + 1)
    hands = [context.Process(target=_client, args=(n, seconds, needs, mentors, start, done)) for n in range(clients)]
    for hand in hands:
        hand.start()
    start.wait()
    booked = sum(done.get() for _ in hands)
    for hand in hands:
        hand.join()
    return booked / seconds


def _client(number: int, seconds: float, needs: list, mentors: list, start, done) -> None:
    from django.db import connection

    connection.ensure_connection()
    start.wait()
    until, booked = time.perf_counter() + seconds, 0
    for n in range(number * A_CLIENT, (number + 1) * A_CLIENT):
        if time.perf_counter() > until:
            break
        _book(n, needs, mentors)
        booked += 1
    done.put(booked)


def _by_pgbench(cluster: Cluster, clients: int, seconds: float, statements: list[str], needs: list, mentors: list) -> float:
    _keep_plan(clients, needs, mentors)
    script = "\n".join(
        [
            r"\set k :k + 1",
            rf"\set n :client_id * {A_CLIENT} + :k",
            r"SELECT mentor, mentee, need, session, claim0, claim1, event, start, until FROM bench_plan WHERE n = :n \gset",
            "BEGIN;",
            *(f"{statement};" for statement in statements if not statement.startswith(("BEGIN", "COMMIT"))),
            "COMMIT;",
        ]
    )
    file = Path(cluster.base) / "booking.sql"
    file.write_text(script)
    file.chmod(0o644)
    done = subprocess.run(  # noqa: S603 - the program that came with the database
        [
            cluster.programs("pgbench"), "-n", "-f", str(file), "-c", str(clients), "-j", str(min(clients, 2)),
            "-T", str(max(round(seconds), 1)), "-D", "k=-1", "-h", str(cluster.sockets), "-U", "quarterhour", "quarterhour",
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    found = re.search(r"tps = ([0-9.]+) \(without", done.stdout)
    failed = re.search(r"number of failed transactions: (\d+)", done.stdout)
    if not found or done.returncode != 0 or (failed and int(failed.group(1))):
        raise RuntimeError(f"pgbench could not send the statements: {done.stderr.strip()[-800:]}")
    return float(found.group(1))


def _keep_plan(clients: int, needs: list, mentors: list) -> None:
    from django.db import connection

    rows = []
    for n in range(clients * A_CLIENT):
        mentor, mentee, start = plan(n)
        fresh = [uuid.uuid4() for _ in ("session", "claim0", "claim1", "event")]
        keys = (mentors[mentor].pk, needs[mentee].mentee_id, needs[mentee].pk, *fresh)
        rows.append((n, *map(str, keys), start.isoformat(), (start + timedelta(minutes=15)).isoformat()))
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_plan")
        cursor.execute(
            "CREATE TABLE bench_plan (n int PRIMARY KEY, mentor text, mentee text, need text, session text, claim0 text,"
            " claim1 text, event text, start text, until text)"
        )
        with cursor.copy("COPY bench_plan FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute("ANALYZE bench_plan")


def _empty() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE mentoring_sessions_timeclaim, mentoring_sessions_mentoringsession, core_outboxevent, core_delivery,"
            " procrastinate_jobs CASCADE"
        )
