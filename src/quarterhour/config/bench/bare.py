"""The statements of a real booking, caught on the way to the database and sent without anything around them."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from quarterhour.config.bench.plan import A_CLIENT, MENTEES, MENTORS, NOW, PREFIX, key, plan
from quarterhour.config.postgres.cluster import Cluster

CAUGHT = MENTORS * 20  # the booking that is caught; its dates differ from NOW's
JULIAN = 1_721_425  # days before the first day of the year 1: PostgreSQL reads J2461368 as a date
DAYS = {"day": 0, "since": -2, "reach_from": -9, "reach_to": 9}


def messages_of(book: Callable[[int], None], *, empty: Callable[[], None]) -> list[str]:
    """The messages of one booking as sent, with `:name` in the place of each of its keys and dates."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from quarterhour.core.models import OutboxEvent
    from quarterhour.sessions.models import MentoringSession, TimeClaim

    book(CAUGHT)  # the first one of a process does more than the others
    empty()
    with CaptureQueriesContext(connection) as caught:
        book(CAUGHT)
    mentor, mentee, start = plan(CAUGHT)
    session = MentoringSession.objects.of_every_tenant(because="the only one").get()
    claims = TimeClaim.objects.order_by("person").values_list("pk", flat=True)
    event = OutboxEvent.objects.get().pk
    named = {key(1, mentor): "mentor", key(2, mentee): "mentee", key(3, mentee): "need"}
    named |= dict(zip([session.pk, *claims, event], ["session", "claim0", "claim1", "event"], strict=True))
    days = {start.date() + timedelta(days=away): name for name, away in DAYS.items()}
    return [_with_variables(query["sql"], named, days) for query in caught.captured_queries]


def _with_variables(message: str, keys: dict[UUID, str], days: dict[date, str]) -> str:
    told = " ".join(message.split())
    for each, name in keys.items():
        told = told.replace(str(each), f"{PREFIX}:{name}").replace(each.hex, f"{PREFIX}:{name}")
    for day, name in days.items():
        told = told.replace(day.isoformat(), f"J:{name}")
    return told.rstrip(";")


def by_psycopg(messages: list[str]) -> Callable[[int], None]:
    """Sends the nth booking's messages on a connection of its own, as Python and libpq can at best."""
    import psycopg
    from django.db import connection

    given = connection.get_connection_params() | {"cursor_factory": None}
    bare = psycopg.connect(**given, autocommit=True).pgconn
    # {name} instead of :name, so that Python can put the values in.
    patterns = [re.sub(r"(?<!:):([a-z]\w*)", r"{\1}", re.sub("[{}]", r"\g<0>\g<0>", each)) for each in messages]

    def send(n: int) -> None:
        values = variables(n)
        for pattern in patterns:
            answer = bare.exec_(pattern.format(**values).encode())
            if answer.error_message:
                raise RuntimeError(answer.error_message.decode())

    return send


def variables(n: int) -> dict[str, int]:
    """What the nth booking puts in the places of the names."""
    mentor, mentee, start = plan(n)
    people = {"mentor": 10**11 + mentor, "mentee": 2 * 10**11 + mentee, "need": 3 * 10**11 + mentee}
    made = {name: 4 * 10**11 + 4 * n + at for at, name in enumerate(("session", "claim0", "claim1", "event"))}
    today = start.date().toordinal() + JULIAN
    return people | made | {name: today + away for name, away in DAYS.items()}


# The same in the words of pgbench.
VARIABLES = rf"""
\set n {A_CLIENT} * :client_id + :k
\set k :k + 1
\set mentor {10**11} + :n % {MENTORS}
\set mentee {2 * 10**11} + (:n + :n / {MENTORS}) % {MENTEES}
\set need :mentee + {10**11}
\set session {4 * 10**11} + 4 * :n
\set claim0 :session + 1
\set claim1 :session + 2
\set event :session + 3
\set day {NOW.toordinal() + JULIAN} + :n / {MENTORS}
\set since :day - 2
\set reach_from :day - 9
\set reach_to :day + 9
"""


def by_pgbench(cluster: Cluster, clients: int, seconds: int, messages: list[str]) -> float:
    """Bookings a second. Raises RuntimeError with pgbench's own words if a statement fails."""
    # Backslash-semicolon: what came in one message goes in one message.
    sent = [message.replace(";", r" \;") + ";" for message in messages]
    file = Path(cluster.base) / "booking.sql"
    file.write_text(VARIABLES + "\n".join(sent))
    file.chmod(0o644)
    command = [cluster.programs("pgbench"), "-n", "-f", str(file), "-D", "k=0", "-T", str(max(seconds, 1))]
    command += ["-c", str(clients), "-j", str(min(clients, 2)), "-h", str(cluster.sockets), "-U", "quarterhour"]
    done = subprocess.run([*command, "quarterhour"], capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    found = re.search(r"tps = ([0-9.]+) \(without", done.stdout)
    failed = re.search(r"number of failed transactions: (\d+)", done.stdout)
    if not found or done.returncode != 0 or (failed and int(failed.group(1))):
        raise RuntimeError(f"pgbench could not send the statements: {done.stderr.strip()[-800:]}")
    return float(found.group(1))
