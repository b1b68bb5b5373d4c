"""Asking a server for something: at most so long, at most so much, and every hop looked at."""

from __future__ import annotations

import base64
import http.client
import ssl
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings

from quarterhour.core.errors import QuarterhourError
from quarterhour.core.fetching.addresses import PORTS, BadAddress, Network, Target, read_address
from quarterhour.core.fetching.connecting import Deadline, Resolve, look_up, open_line

SECONDS = 20.0
MOST_BYTES = 40_000_000
MOST_HOPS = 3
PIECE = 65_536
REDIRECTS = {301, 302, 303, 307, 308}
WRITES = {"PUT", "DELETE"}
AGENT = "Quarterhour"
# Accounts whose servers send each other's clients on, with the password.
FAMILIES = ("icloud.com",)


class FetchFailed(QuarterhourError):
    """The server could not be asked, or its answer could not be used. `told` says what to do."""

    status = 502


class Silent(FetchFailed):
    """A server did not answer in time, or not at all. origin: which one, as "https://x.example:443"."""

    status = 504

    def __init__(self, told: str, *, origin: str = "") -> None:
        super().__init__(told)
        self.origin = origin


class TooLarge(FetchFailed):
    """The answer is longer than anybody needs."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer, whatever its status. headers: names in lower case. address: where it came from in the end."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    address: Target


def fetch(
    address: str | Target,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    login: tuple[str, str] | None = None,
    seconds: float = SECONDS,
    most_bytes: int = MOST_BYTES,
    resolve: Resolve | None = None,
    allowed: Iterable[Network] | None = None,
    private: bool = False,
) -> Fetched:
    """Ask for `address` and read the answer, redirects included.

    login: user and password, sent to the server that was named and to nobody it points at.
    seconds: for everything together, names, connections, redirects and reading. most_bytes: also when unpacked.
    resolve: how names are looked up; None for this machine's way.
    allowed: networks besides the public ones; None for those of the operator's setting.
    private: what is sent is for this server alone: over https, or within a network the operator allowed, and no further
    where it points elsewhere.
    Raises BadAddress, NotPublic, Silent, TooLarge or FetchFailed, each with a sentence for whoever typed it.
    An answer that says no (401, 404, 500) is an answer and is returned.
    """
    target = address if isinstance(address, Target) else read_address(address)
    login = login or ((target.user, target.password) if target.user else None)
    networks = tuple(settings.FETCH_ALLOWED if allowed is None else allowed)
    journey = _Journey(target, networks, resolve or look_up, Deadline(seconds), most_bytes, private=private)
    asked = {"Accept-Encoding": "gzip", "User-Agent": AGENT, **(headers or {})}
    try:
        return journey.go(target, method, asked, body, login)
    except ssl.SSLCertVerificationError as error:
        told = (
            f"The certificate of {journey.at.host} is not valid, so we do not know who answers. Tell whoever runs it."
        )
        raise FetchFailed(told) from error
    except TimeoutError as error:
        told = f"{journey.at.host} did not answer within {seconds:.0f} seconds. We try again later by ourselves."
        raise Silent(told, origin=journey.at.whole_origin) from error
    except (OSError, UnicodeError) as error:
        told = f"{journey.at.host} cannot be reached. Look at the address; if it is right, we try again by ourselves."
        raise Silent(told, origin=journey.at.whole_origin) from error
    except (http.client.HTTPException, zlib.error, EOFError) as error:
        told = f"{journey.at.host} gave an answer we cannot read. We try again later by ourselves."
        raise FetchFailed(told) from error


class _Journey:
    """One question from the first address to the last. at: where it is asked now."""

    def __init__(
        self,
        at: Target,
        allowed: tuple[Network, ...],
        resolve: Resolve,
        deadline: Deadline,
        most: int,
        *,
        private: bool = False,
    ) -> None:
        self.at, self.private = at, private
        self.allowed, self.resolve, self.deadline, self.most = allowed, resolve, deadline, most

    def go(self, target: Target, method: str, headers: Mapping[str, str], body, login) -> Fetched:
        first = target
        for _ in range(MOST_HOPS + 1):
            answer, location = self._ask(target, method, headers, body, login)
            if answer is not None:
                return answer
            if method in WRITES:
                raise FetchFailed(f"{target.host} sends writers elsewhere. Use the address it names as the calendar's.")
            if self.private:
                raise FetchFailed(f"{target.host} sends us on to somewhere else, and what we send is for it alone.")
            onwards = target.follow(location)
            if target.scheme == "https" and onwards.scheme != "https":
                raise BadAddress(
                    f"{target.host} sends us on to an address without encryption. Use the final address itself."
                )
            if not same_house(first, onwards):
                login = None
            target = onwards
        raise FetchFailed(
            f"{first.host} sends us round in circles. Open the address in a browser, and use the last one."
        )

    def _ask(self, target: Target, method, headers, body, login) -> tuple[Fetched | None, str]:
        """An answer, or where to ask instead."""
        self.at = target
        in_the_clear = (bool(login) or self.private) and target.scheme != "https"
        line = open_line(
            target, allowed=self.allowed, resolve=self.resolve, deadline=self.deadline, own_only=in_the_clear
        )
        speaking = http.client.HTTPConnection(target.host, target.port)
        speaking.default_port, speaking.sock = PORTS[target.scheme], line
        try:
            sent = dict(headers)
            if login:
                sent["Authorization"] = "Basic " + base64.b64encode(":".join(login).encode()).decode()
            speaking.request(method, target.path, body=body, headers=sent)
            response = speaking.getresponse()
            location = response.headers.get("Location", "")
            if response.status in REDIRECTS and location:
                return None, location
            told = {name.lower(): value for name, value in response.headers.items()}
            return Fetched(response.status, told, self._read(response, target), target), ""
        finally:
            speaking.close()
            line.hang_up()

    def _read(self, response: http.client.HTTPResponse, target: Target) -> bytes:
        packed = response.headers.get("Content-Encoding", "identity").strip().lower()
        if packed not in {"identity", "", "gzip", "x-gzip", "deflate"}:
            raise FetchFailed(f"{target.host} packs its answer in a way we did not ask for ({packed[:20]}).")
        unpack = zlib.decompressobj(zlib.MAX_WBITS | 32) if packed in {"gzip", "x-gzip", "deflate"} else None
        pieces, total, raw = [], 0, 0
        while piece := response.read(PIECE):
            raw += len(piece)
            self.deadline.left()
            # Never more than one byte past what is allowed, however small it was packed.
            piece = unpack.decompress(piece, self.most + 1 - total) if unpack else piece
            pieces.append(piece)
            total += len(piece)
            if total > self.most or raw > self.most:
                most = f"{self.most // 1_000_000} MB" if self.most >= 1_000_000 else f"{self.most} bytes"  # noqa: PLR2004
                raise TooLarge(f"{target.host} sends more than {most}. Choose a smaller calendar, or part of this one.")
        if response.length or (unpack and total and not unpack.eof):
            raise FetchFailed(f"{target.host} stopped in the middle of its answer. We try again later by ourselves.")
        return b"".join(pieces)


def same_house(one: Target, other: Target) -> bool:
    """Whether what one server may know, the other may: the same one, or of a family known to work that way."""
    if one.origin == other.origin:
        return True
    if one.scheme != "https" or other.scheme != "https":
        return False
    return any(_of(one.host, family) and _of(other.host, family) for family in FAMILIES)


def _of(host: str, family: str) -> bool:
    return host == family or host.endswith(f".{family}")
