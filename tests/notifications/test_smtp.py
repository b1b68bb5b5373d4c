"""Against real servers on loopback: one that takes mail, and some that should not be waited for."""

from __future__ import annotations

import contextlib
import mailbox
import smtplib
import socket
import subprocess
import sys
import threading
import time
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from tests.notifications.conftest import TEN_FIFTEEN
from tests.notifications.reading import bodies, content_lines, links_in

from quarterhour.core import outbox
from quarterhour.notifications import breaker, sending
from quarterhour.notifications.letters import Letter
from quarterhour.notifications.post import Post, built
from quarterhour.notifications.smtp import DeadlineBackend
from quarterhour.sessions import services

LETTER = Letter(subject="Today 10:15 with Zoë", preview="p", day="d", headline="h", where="w")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def sink(tmp_path):
    """aiosmtpd, writing into a Maildir: an independent mail server."""
    port, folder = free_port(), tmp_path / "maildir"
    server = subprocess.Popen(
        [sys.executable, "-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{port}", "-c", "aiosmtpd.handlers.Mailbox", folder],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + 10
        while time.monotonic() < until:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.05)
        yield port, folder
    finally:
        server.terminate()
        server.wait(10)


def use_server(settings, port: int) -> None:
    settings.EMAIL_BACKEND = "quarterhour.notifications.smtp.DeadlineBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_TIMEOUT = 10


def test_a_booking_arrives_at_a_real_mail_server_as_it_left(sink, settings, need, amara, now):
    port, folder = sink
    use_server(settings, port)
    services.book(need=need, mentor=amara, start=TEN_FIFTEEN, minutes=25, by=need.mentee, now=now)
    outbox.drain(now=now)

    assert sending.send_waiting(now=now) == 2
    arrived = [message_from_bytes(bytes(m), policy=policy.default) for m in mailbox.Maildir(folder)]
    assert {m["X-RcptTo"] for m in arrived} == {"leila@town.example", "amara@town.example"}
    for message in arrived:
        assert message["Subject"].split(" with ")[1].startswith(("Amara: Should I say", "Leila: Should I say"))
        assert set(links_in(message)) == {"move", "release"}
        assert ("METHOD", {}, "REQUEST") in content_lines(
            next(p for p in message.walk() if p.get_filename() == "invite.ics").get_payload(decode=True)
        )
        assert need.text in " ".join(bodies(message)["text/html"].split())


@contextlib.contextmanager
def server_that(speaks):
    """A server that answers each connection with `speaks(connection)`."""
    listening = socket.create_server(("127.0.0.1", 0))
    stop = threading.Event()

    def run():
        while not stop.is_set():
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                speaks(connection, stop)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        stop.set()
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(5)


def drips(connection, stop):
    """One byte of a greeting that never ends, often enough for every time-out of a read."""
    connection.sendall(b"220-")
    while not stop.is_set():
        connection.sendall(b"x")
        time.sleep(0.05)


def drips_after_the_message(connection, stop):
    """Takes the message, and then drips its answer."""
    reader = connection.makefile("rb")
    connection.sendall(b"220 here\r\n")
    for line in reader:
        if line.startswith(b"DATA"):
            connection.sendall(b"354 go on\r\n")
        elif line == b".\r\n":
            return drips(connection, stop)
        elif not line.startswith((b"EHLO", b"MAIL", b"RCPT")):
            continue
        else:
            connection.sendall(b"250 fine\r\n")
    return None


def silent(connection, stop):
    stop.wait(20)


@pytest.mark.parametrize("speaks", [drips, drips_after_the_message, silent])
@pytest.mark.parametrize("encrypted", [False, True])
def test_a_server_that_never_finishes_is_left_when_the_time_is_up(speaks, encrypted, now, settings):
    with server_that(speaks) as port:
        use_server(settings, port)
        backend = DeadlineBackend(use_ssl=encrypted)
        backend.seconds = 0.6
        message = Post(built(LETTER, to="a@town.example", message_id="<1@x>", now=now))
        began = time.monotonic()

        with pytest.raises((smtplib.SMTPException, OSError)):
            backend.send_messages([message])

        assert time.monotonic() - began < 3


def test_a_quick_delivery_leaves_no_watch_and_no_connection_behind(sink, settings, now):
    port, folder = sink
    use_server(settings, port)
    message = Post(built(LETTER, to="a@town.example", message_id="<1@x>", now=now))
    before = threading.active_count()

    for _ in range(3):
        assert DeadlineBackend().send_messages([message]) == 1

    assert threading.active_count() <= before + 1
    assert len(mailbox.Maildir(folder)) == 3


def test_asking_after_a_server_that_answers_says_since_when(sink, settings, db, now):
    use_server(settings, sink[0])
    sending.ask_after_the_server(now=now)
    assert breaker.last_found() == breaker.Found(up=True, at=now)


@pytest.mark.parametrize("speaks", [drips, silent])
def test_asking_after_a_silent_server_ends_and_spares_everybody_else_the_wait(speaks, settings, db, now, monkeypatch):
    monkeypatch.setattr(DeadlineBackend, "seconds", 0.4)
    with server_that(speaks) as port:
        use_server(settings, port)
        began = time.monotonic()
        sending.ask_after_the_server(now=now)
        assert time.monotonic() - began < 3
        assert breaker.last_found() == breaker.Found(up=False, at=now)
        sending.ask_after_the_server(now=now + timedelta(seconds=5))
        assert time.monotonic() - began < 3.2
    assert not breaker.may_try(now=now + timedelta(seconds=5))


def test_a_server_that_was_heard_a_moment_ago_is_not_asked(settings, db, now):
    breaker.is_up(now=now)
    use_server(settings, free_port())
    sending.ask_after_the_server(now=now + timedelta(seconds=30))
    assert breaker.last_found().up
    sending.ask_after_the_server(now=now + timedelta(seconds=60))
    assert not breaker.last_found().up


def test_a_folder_is_no_server_and_always_takes_mail(settings, db, now):
    settings.EMAIL_BACKEND = "quarterhour.notifications.folder.FolderBackend"
    sending.ask_after_the_server(now=now)
    assert breaker.may_try(now=now)
