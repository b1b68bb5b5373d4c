"""Tens of thousands of reminders due at one minute, while people go on booking.

Some processes book all the time. First nobody else is there; then the timer hands over what is due, as it does in
the worker; then the worker of mail sends what it can through one connection to a mail server that takes everything.
Bookings are counted by the stretch of time they fell into, so the figures are of one run and one set of tables.
"""

from __future__ import annotations

import gc
import multiprocessing
import socketserver
import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from itertools import chain
from multiprocessing.synchronize import Event

from quarterhour.config.bench.booking import Row, _book, _people, _send
from quarterhour.config.bench.plan import NOW, key

CLIENTS = 4
A_HAND = 50_000  # bookings planned for each, more than one can use up
ALONE = 8.0  # seconds before and after
MAILING = 15.0  # seconds of sending
START = NOW + timedelta(minutes=15)
AT_ONCE = 5_000


def measure(*, due: int) -> list[Row]:
    """Rows: how long handing over took, and bookings a second and their p95 beside each part of it."""
    from django.db import connections

    needs, mentors = _people()
    _fill(due, needs)
    connections.close_all()
    gc.freeze()
    context = multiprocessing.get_context("fork")
    begin, stop, done = context.Barrier(CLIENTS + 1), context.Event(), context.SimpleQueue()
    hands = [context.Process(target=_hand, args=(n, (needs, mentors), begin, stop, done)) for n in range(CLIENTS)]
    for hand in hands:
        hand.start()
    begin.wait()
    marks = [time.perf_counter()]
    time.sleep(ALONE)
    marks.append(time.perf_counter())
    handed = _in_a_process(_hand_over)
    marks.append(time.perf_counter())
    with _mail_server() as port:
        mailed = _in_a_process(_mail, port)
    marks.append(time.perf_counter())
    time.sleep(ALONE)
    marks.append(time.perf_counter())
    stop.set()
    bookings = list(chain.from_iterable(done.get() for _ in hands))
    for hand in hands:
        hand.join()
    rows = _rows(due, handed, mailed, marks, bookings)
    _send("TRUNCATE people_person, core_organisation, core_outboxevent, procrastinate_jobs CASCADE")
    return rows


def _rows(due: int, over_it, by_mail, marks: list[float], bookings: list[tuple[float, float]]) -> list[Row]:
    (handed, worked), (mailed, wrote) = over_it, by_mail
    if handed != due:
        raise RuntimeError(f"{handed} reminders were handed over, not {due}.")
    began, alone, over, sent, end = marks

    def told(*stretches: tuple[float, float]) -> tuple[float, float]:
        """Bookings a second, and the milliseconds within which 95 of 100 were done."""
        took = sorted(took for at, took in bookings if any(a <= at < b for a, b in stretches))
        seconds = sum(b - a for a, b in stretches)
        return len(took) / seconds, took[len(took) * 19 // 20] * 1000

    (rate, within), (rate_over, within_over) = told((began, alone), (sent, end)), told((alone, over))
    rate_mail, within_mail = told((over, sent))
    name = f"reminders, {due:,} due at one minute"
    return [
        _row(f"{name}: handed over in", over - alone, "s"),
        _row(f"{name}: handed over", due / (over - alone), "reminders/s"),
        _row(f"{name}: handed over, processor without the database", worked / handed * 1000, "ms each"),
        _row(f"{name}: bookings meanwhile", rate_over, "bookings/s"),
        _row(f"{name}: bookings with nobody else", rate, "bookings/s"),
        _row(f"{name}: bookings meanwhile, of those with nobody else", rate_over / rate, "ratio"),
        _row(f"{name}: bookings meanwhile, 95 of 100 within", within_over, "ms"),
        _row(f"{name}: bookings with nobody else, 95 of 100 within", within, "ms"),
        _row(f"{name}: mails sent by one worker", mailed / (sent - over), "mails/s"),
        _row(f"{name}: mails, processor without the database", wrote / max(mailed, 1) * 1000, "ms each"),
        _row(f"{name}: bookings beside the mails, of those with nobody else", rate_mail / rate, "ratio"),
        _row(f"{name}: bookings beside the mails, 95 of 100 within", within_mail, "ms"),
    ]


def _row(name: str, figure: float, unit: str) -> Row:
    return {"name": name, "figure": round(figure, 2 if unit == "ratio" else 1), "unit": unit}


def _fill(due: int, needs: list) -> None:
    """Half as many sessions, each with the last reminders of both: everybody's own, and all due now."""
    from quarterhour.notifications.models import Reminder
    from quarterhour.people.models import Membership, Person
    from quarterhour.sessions.models import MentoringSession, Status

    org = needs[0].org
    for first in range(0, due, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, due))
        people = Person.objects.bulk_create(
            Person(id=key(5, n), email=f"due{n}@town.example", name=f"Due {n}", password="!")  # noqa: S106
            for n in numbers
        )
        Membership.objects.bulk_create(Membership(org=org, person=person) for person in people)
        span = (START, START + timedelta(minutes=15))
        sessions = MentoringSession.objects.bulk_create(
            MentoringSession(
                org=org, need=needs[n % len(needs)], mentor=mentor, mentee=mentee, span=span,
                status=Status.CONFIRMED, created_at=NOW,
            )
            for n, (mentor, mentee) in enumerate(zip(people[::2], people[1::2], strict=True))
        )  # fmt: skip
        Reminder.objects.bulk_create(
            Reminder(
                org=org, session=session, person=person, kind="soon", sequence=0,
                due_at=NOW - timedelta(minutes=1), until=START,
            )
            for session in sessions
            for person in (session.mentor, session.mentee)
        )  # fmt: skip
    _send("ANALYZE")


def _hand(number: int, people: tuple[list, list], begin, stop: Event, done) -> None:
    from django.db import connection

    connection.ensure_connection()
    took: list[tuple[float, float]] = []
    _book(number * A_HAND, *people)  # the first one of a process does more than the others
    begin.wait()
    for n in range(number * A_HAND + 1, (number + 1) * A_HAND):
        before = time.perf_counter()
        if stop.is_set():
            break
        _book(n, *people)
        took.append((before, time.perf_counter() - before))
    done.put(took)


def _in_a_process(work, *given) -> tuple[int, float]:
    """What `work` returns, in a process of its own, as a worker is one: how many, and seconds of processor."""
    context = multiprocessing.get_context("fork")
    told = context.SimpleQueue()
    process = context.Process(target=lambda: told.put(work(*given)))
    process.start()
    process.join()
    return told.get()


def _hand_over() -> tuple[int, float]:
    from quarterhour.notifications import reminders

    handed, before, clock = 0, time.process_time(), _clock()
    while batch := reminders.hand_over_all(seconds=30, clock=clock):
        handed += batch
    return handed, time.process_time() - before


def _mail(port: int) -> tuple[int, float]:
    from django.conf import settings

    from quarterhour.notifications import sending

    settings.EMAIL_BACKEND = "quarterhour.notifications.smtp.DeadlineBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    before = time.process_time()
    clock = _clock()
    sent = sending.drain(seconds=MAILING, clock=lambda: clock() + timedelta(minutes=10))  # all of them are due by then
    return sent, time.process_time() - before


def _clock():
    """Time goes on from the minute at which everything falls due."""
    began = time.perf_counter()
    return lambda: NOW + timedelta(seconds=time.perf_counter() - began)


class _TakesAll(socketserver.StreamRequestHandler):
    """As much SMTP as it needs to say yes to everything."""

    def handle(self) -> None:
        self.wfile.write(b"220 bench\r\n")
        for line in self.rfile:
            word = line[:4].upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                while self.rfile.readline() not in {b".\r\n", b""}:
                    continue
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 yes\r\n")
            if word == b"QUIT":
                return


@contextmanager
def _mail_server():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _TakesAll) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()
