"""SMTP with a deadline for the whole conversation.

A time-out for each read is no deadline: a server that says one byte every nine seconds keeps a worker
for hours. Here a watch cuts the connection when the time is up, whatever it is doing.
"""

from __future__ import annotations

import os
import smtplib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar, Self

from django.core.mail.backends import smtp

SECONDS = 30.0


class Watch:
    """Cuts the connections it was shown once `seconds` have passed."""

    def __init__(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        self._shown: list[socket.socket] = []
        self._lock = threading.Lock()
        self._over = False

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_) -> None:
        self._timer.cancel()
        with self._lock:
            for each in self._shown:
                each.close()
            self._shown.clear()

    def show(self, connection: socket.socket) -> None:
        """Watch over a connection. A second handle is kept: TLS takes the first one over."""
        with self._lock:
            # By its number: what speaks TLS refuses to be copied, and can be cut like anything else.
            self._shown.append(socket.socket(fileno=os.dup(connection.fileno())))
        if self._over:
            self._cut()

    def _cut(self) -> None:
        self._over = True
        with self._lock:
            for each in self._shown:
                try:
                    each.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # the other side was quicker


class _Watched(smtplib.SMTP):
    watch: ClassVar[Watch | None] = None

    def _get_socket(self, host, port, timeout):
        connection = super()._get_socket(host, port, timeout)
        if self.watch is not None:
            self.watch.show(connection)
        return connection


class _WatchedTLS(smtplib.SMTP_SSL, _Watched):
    """TLS from the first byte; the watch sees the connection before the handshake."""


class DeadlineBackend(smtp.EmailBackend):
    """Django's SMTP backend, over after 30 seconds for a whole delivery."""

    seconds = SECONDS
    _watch: Watch | None = None

    @property
    def connection_class(self):
        kind = _WatchedTLS if self.use_ssl else _Watched
        return type(kind.__name__, (kind,), {"watch": self._watch})

    def send_messages(self, email_messages) -> int:
        with self._watched():
            return super().send_messages(email_messages)

    def open_watched(self) -> None:
        """Connect, and stay connected for the messages to come, each with a deadline of its own."""
        with self._watched():
            self.open()

    def greet(self) -> None:
        """Connect, let TLS and the password be accepted, and leave. Raises OSError or SMTPException."""
        with self._watched():
            try:
                self.open()
            finally:
                self.close()

    @contextmanager
    def _watched(self) -> Iterator[None]:
        with Watch(self.seconds) as watch:
            self._watch = watch
            if self.connection is not None and self.connection.sock is not None:
                watch.show(self.connection.sock)
            try:
                yield
            finally:
                self._watch = None
