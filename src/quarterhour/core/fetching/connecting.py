"""One connection, to an address that was looked at, with an end in time.

A time-out for each read is no deadline: a server that says one byte every nine seconds keeps a worker for
hours. Here every wait is as long as what is left of the whole.
"""

from __future__ import annotations

import io
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from quarterhour.core.fetching.addresses import BadAddress, Network, NotPublic, Target, is_allowed, may_reach

A_TRY = 6.0  # seconds for one of several addresses of a name
MOST_TRIES = 4
Resolve = Callable[[str, int], Sequence[str]]


class Deadline:
    """A moment at which it is over. Raises TimeoutError when asked after it."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._until = time.monotonic() + seconds

    def left(self) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class _Inflow(io.RawIOBase):
    """What comes in, each wait as long as what is left."""

    def __init__(self, raw: socket.socket, deadline: Deadline) -> None:
        super().__init__()
        self._raw, self._deadline = raw, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        self._raw.settimeout(self._deadline.left())
        return self._raw.recv_into(buffer)


class Line:
    """A connected socket as `http.client` uses one."""

    def __init__(self, raw: socket.socket, deadline: Deadline) -> None:
        self._raw, self._deadline = raw, deadline

    def sendall(self, data) -> None:
        self._raw.settimeout(self._deadline.left())
        self._raw.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:  # noqa: ARG002 - http.client reads bytes and nothing else
        return io.BufferedReader(_Inflow(self._raw, self._deadline), 65_536)

    def close(self) -> None:
        """`http.client` lets go of its socket while the answer is still to be read: `hang_up` ends it."""

    def hang_up(self) -> None:
        self._raw.close()


def look_up(host: str, port: int) -> list[str]:
    """The numeric addresses of a name, as this machine knows them. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def resolved(host: str, port: int, *, resolve: Resolve, deadline: Deadline) -> Sequence[str]:
    """`resolve` with an end: a name server that says nothing is waited for no longer than everything else."""
    answer: list[Sequence[str]] = []
    trouble: list[BaseException] = []

    def ask() -> None:
        try:
            answer.append(resolve(host, port))
        except Exception as error:  # noqa: BLE001 - raised again below, where somebody waits for it
            trouble.append(error)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(deadline.left())
    if trouble:
        raise trouble[0]
    if not answer:
        raise TimeoutError
    return answer[0]


def open_line(
    target: Target, *, allowed: Iterable[Network], resolve: Resolve, deadline: Deadline, own_only: bool = False
) -> Line:
    """A connection to the server of `target`, at an address that was checked before and after connecting.

    The name is looked up once and the answer is what is connected to, so a name that changes its mind in
    between changes nothing. own_only: only in a network the operator allowed.
    Raises BadAddress, NotPublic, OSError (also for what TLS does not accept), TimeoutError.
    """
    found = resolved(target.host, target.port, resolve=resolve, deadline=deadline)
    may = is_allowed if own_only else may_reach
    fine = [each for each in found if may(each, allowed)]
    if own_only and not fine:
        raise BadAddress("A password travels over https only. Write the address with https:// in front.")
    if not fine:
        raise NotPublic(
            f"{target.host} is not on the public internet, so it is not asked. "
            "Use an address that can be opened from anywhere, or ask whoever runs this site to allow that network."
        )
    raw = _first_that_answers(fine, target.port, deadline)
    try:
        # The last word: where this connection really ends.
        if not may(str(raw.getpeername()[0]), allowed):
            raise NotPublic(f"{target.host} led to a private network, so nothing was asked there.")  # noqa: TRY301
        if target.scheme == "https":
            raw.settimeout(deadline.left())
            raw = _tls().wrap_socket(raw, server_hostname=target.host)
    except BaseException:
        raw.close()
        raise
    return Line(raw, deadline)


def _first_that_answers(found: Sequence[str], port: int, deadline: Deadline) -> socket.socket:
    trouble: OSError = TimeoutError()
    for address in found[:MOST_TRIES]:
        try:
            return socket.create_connection((address, port), timeout=min(A_TRY, deadline.left()))
        except OSError as error:
            trouble = error
    raise trouble


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    """Certificates of this machine, and those of the well-kept list beside it."""
    import certifi

    context = ssl.create_default_context()
    context.load_verify_locations(cafile=certifi.where())
    return context
