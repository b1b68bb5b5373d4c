"""`kill -9` in the middle of reminders, with real workers and a real mail server: none lost, none twice.

What a mailbox shows is counted: two copies under one Message-ID, the same to the letter, are shown as one. How many
copies went over the line is counted too; each kill can cause one, when it falls between the server's yes and our note.
"""

from __future__ import annotations

import asyncio
import random
import signal
import time
from collections import Counter
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from django.db import connection, transaction
from tests.factories import MentorFactory, NeedFactory, PersonFactory, make_session
from tests.live_server import LiveSite, free_port, wait_for
from tests.notifications.reading import bodies

from quarterhour.core import clock
from quarterhour.notifications import reminders
from quarterhour.notifications.models import Reminder, SentMail
from quarterhour.people.queries import commons

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
SESSIONS, KILLS = 60, 3


class Sink:
    """A mail server that takes its time with each message, so that a kill finds one on the way."""

    def __init__(self) -> None:
        self.messages: list = []

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802 - the name aiosmtpd calls
        self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
        await asyncio.sleep(0.02)
        return "250 taken"


@pytest.fixture
def sink():
    handler, port = Sink(), free_port()
    server = Controller(handler, hostname="127.0.0.1", port=port)
    server.start()
    yield handler, port
    server.stop()


@pytest.fixture
def due():
    """Sessions that begin in a quarter of an hour; the last reminders of both are due now."""
    org, now = commons(), clock.now()
    mentors = [MentorFactory(org=org) for _ in range(SESSIONS)]
    for mentor in mentors:
        need = NeedFactory(mentee=PersonFactory(org=org), org=org)
        session = make_session(need, mentor, now + timedelta(minutes=14), now=now)
        reminders.plan(session, now=now - timedelta(hours=2))
    return 2 * SESSIONS


def rows():
    return Reminder.objects.of_every_tenant(because="the test counts all reminders")


def mails():
    return SentMail.objects.of_every_tenant(because="the test counts all mail")


def an_hour_of_patience_later() -> None:
    """What the dead worker held is free again: its heartbeat is old, its rows fall due."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")
    mails().open().update(due_at=clock.now())


def kill(worker) -> None:
    worker.send_signal(signal.SIGKILL)
    worker.wait(20)


def test_a_hand_over_that_is_killed_in_the_middle_never_happened(tmp_path, sink, due):
    site = LiveSite(tmp_path, QUARTERHOUR_MAIL=f"smtp://127.0.0.1:{sink[1]}")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE notifications_sentmail IN SHARE MODE")  # whoever writes a mail waits here
        worker = site._run("jobs")
        wait_for(_somebody_waits_to_write, site._log_tail)
        kill(worker)
    wait_for(_nobody_is_at_it, site._log_tail)

    assert rows().waiting().count() == due
    assert mails().count() == 0
    assert reminders.hand_over_all(seconds=20, clock=clock.now) == due
    assert rows().waiting().count() == 0
    assert mails().count() == due


def test_none_is_lost_and_none_arrives_twice_whatever_is_killed(tmp_path, sink, due):
    handler, port = sink
    site = LiveSite(tmp_path, QUARTERHOUR_MAIL=f"smtp://127.0.0.1:{port}")
    at_random = random.Random(7)
    for turn in range(KILLS + 1):
        workers, before = [site._run(name) for name in ("jobs", "mail")], len(handler.messages)
        try:
            if turn < KILLS:
                wait_for(lambda before=before: len(handler.messages) > before + 8, site._log_tail)
                time.sleep(at_random.uniform(0, 0.3))
            else:
                wait_for(lambda: not mails().open().exists() and not rows().waiting().exists(), site._log_tail)
        finally:
            for worker in workers:
                kill(worker)
        an_hour_of_patience_later()

    by_name = {}
    for message in handler.messages:
        by_name.setdefault(message["Message-ID"], []).append(message)
    arrived = Counter(copies[0]["To"] for copies in by_name.values())
    copies = len(handler.messages) - len(by_name)
    lost, twice = due - len(by_name), sum(arrived.values()) - due
    print(f"{due} reminders, {KILLS} kills: {lost} lost, {twice} twice, {copies} copies")
    assert len(arrived) == due
    assert set(arrived.values()) == {1}
    assert copies <= KILLS
    for same in by_name.values():
        assert len({bodies(message)["text/plain"] for message in same}) == 1
    assert mails().filter(sent_at=None).count() == 0
    assert rows().exclude(handed_at=None).count() == due


def _somebody_waits_to_write() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'notifications_sentmail'::regclass"
        )
        return cursor.fetchone()[0] > 0


def _nobody_is_at_it() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND query LIKE '%notifications_%' AND pid <> pg_backend_pid()"
        )
        return cursor.fetchone()[0] == 0
