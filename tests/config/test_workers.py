"""The job workers as they are served: killed, put to sleep, and left waiting by a mail server that says nothing."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from contextlib import contextmanager
from email import message_from_bytes, policy

import pytest
from django.db import connection
from django.utils import timezone
from tests.factories import MentorFactory, NeedFactory, PersonFactory
from tests.live_server import LiveSite, wait_for

from quarterhour.config.serving.jobs import STEPS_BACK
from quarterhour.core.models import Delivery
from quarterhour.notifications.models import SentMail
from quarterhour.notifications.sign_in import send_sign_in_link
from quarterhour.people.queries import commons
from quarterhour.sessions import queries, services

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def silent_server():
    """A mail server that takes connections and never speaks. Yields its port and the connections."""
    listening, taken = socket.create_server(("127.0.0.1", 0)), []

    def take() -> None:
        while True:
            try:
                taken.append(listening.accept()[0])
            except OSError:
                return

    thread = threading.Thread(target=take, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1], taken
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        for each in taken:
            each.close()
        thread.join(5)


def book() -> None:
    """A booking at the next free time of a mentor; news of it waits for a worker."""
    from datetime import timedelta

    org, now = commons(), timezone.now()
    mentor = MentorFactory(org=org, weekly={day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri")})
    need = NeedFactory(mentee=PersonFactory(org=org), org=org)
    soon = (now, now + timedelta(days=14))
    (start,) = queries.free_starts(mentor_ids=[mentor.pk], org=org, minutes=25, between=soon, now=now, each=1)[
        mentor.pk
    ]
    services.book(need=need, mentor=mentor, start=start, minutes=25, by=need.mentee, now=now)


def jobs(status: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE status = %s AND task_name LIKE %s", [status, "%send_sign_in"]
        )
        return cursor.fetchone()[0]


def ask_to_come_in(many: int) -> None:
    for n in range(many):
        send_sign_in_link(f"new{n}@town.example", f"http://localhost/sign-in/{n}/", timezone.now())


def mail_that_arrived(site: LiveSite) -> list:
    files = site.mail.glob("*.eml") if site.mail.exists() else []
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in files]


def test_a_mail_server_that_says_nothing_keeps_no_news_waiting(tmp_path):
    with silent_server() as (port, taken):
        site = LiveSite(tmp_path, QUARTERHOUR_MAIL=f"smtp://127.0.0.1:{port}")
        with site.working() as workers:
            ask_to_come_in(8)
            wait_for(lambda: len(taken) >= 2, site._log_tail)
            behind = {
                os.getpriority(os.PRIO_PROCESS, each.pid) - os.getpriority(os.PRIO_PROCESS, 0)
                for each in workers.values()
            }
            assert behind == {STEPS_BACK}  # pages come first
            began = time.monotonic()
            book()
            wait_for(lambda: Delivery.objects.exclude(done_at=None).exists(), site._log_tail)
            took = time.monotonic() - began
            for worker in workers.values():
                worker.kill()
    assert took < 8  # a delivery to a silent server takes thirty seconds
    assert SentMail.objects.of_every_tenant(because="the test counts all mail").count() == 2


@pytest.mark.timeout(180)
def test_a_link_whose_worker_was_killed_in_the_middle_is_sent_by_the_next_one(tmp_path):
    """`kill -9` while the server is being spoken to; at least once, under one Message-ID."""
    with silent_server() as (port, taken):
        site = LiveSite(tmp_path, QUARTERHOUR_MAIL=f"smtp://127.0.0.1:{port}")
        with site.working() as workers:
            ask_to_come_in(1)
            wait_for(lambda: taken and jobs("doing") == 1, site._log_tail)
            workers["mail"].send_signal(signal.SIGKILL)
    with connection.cursor() as cursor:  # thirty seconds later
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")
    site = LiveSite(tmp_path)
    with site.working(keep_jobs=True):
        wait_for(lambda: len(mail_that_arrived(site)) == 1, site._log_tail)
        wait_for(lambda: jobs("doing") + jobs("todo") == 0, site._log_tail)
    (message,) = mail_that_arrived(site)
    assert message["To"] == "new0@town.example"
