"""Which addresses may be fetched at all: how they are written, and where they lead."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import quote, unquote, urljoin, urlsplit

from quarterhour.core.errors import Invalid

Ip = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

LONGEST = 2_000
PORTS = {"http": 80, "https": 443}
LOWEST_PORT = 1024  # below it only the two above: an address of ours is no way to speak to a mail server
UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")
HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?\.?|[0-9a-f:.]+")

# Closed even where `is_global` says otherwise, on whichever release of Python.
CLOSED = tuple(
    ip_network(each)
    for each in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/3", "::/128", "::1/128", "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16",
        "fc00::/7", "fe80::/9", "ff00::/8",
    )
)  # fmt: skip
# An IPv6 address that carries an IPv4 address: where it begins, in bits from the left, and whether it is inverted.
CARRIERS = (
    (ip_network("::ffff:0:0/96"), 96, False),  # IPv4-mapped
    (ip_network("::/96"), 96, False),  # IPv4-compatible
    (ip_network("::ffff:0:0:0/96"), 96, False),  # IPv4-translated
    (ip_network("64:ff9b::/96"), 96, False),  # NAT64
    (ip_network("64:ff9b:1::/48"), 96, False),  # NAT64 of a local network
    (ip_network("2002::/16"), 16, False),  # 6to4
    (ip_network("2001::/32"), 96, True),  # Teredo
)
ISATAP = 0x5EFE


class BadAddress(Invalid):
    """The address cannot be fetched, as it is written."""


class NotPublic(BadAddress):
    """The address leads into a network of somebody's own."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address, taken apart. host: lower case, ASCII, without brackets. path: with its query."""

    scheme: str
    host: str
    port: int
    path: str
    user: str = ""
    password: str = ""

    @property
    def origin(self) -> tuple[str, str, int]:
        return self.scheme, self.host, self.port

    @property
    def whole_origin(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """The address without user and password."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"

    def follow(self, location: str) -> Target:
        """Where a redirect or a link of a document leads; without user and password. Raises BadAddress."""
        return replace(read_address(urljoin(self.url, location)), user="", password="")


def read_address(typed: str) -> Target:
    """An address as a person or a server wrote it. `webcal://` means https.

    Raises BadAddress with what to write instead.
    """
    text = typed.strip()
    if not text:
        raise BadAddress("Write the address of the calendar; it begins with https:// or webcal://.")
    if len(text) > LONGEST:
        raise BadAddress(f"This address is longer than {LONGEST} characters. Copy it once more.")
    if UNSAFE.search(text):
        raise BadAddress("There is a space in this address, or a character that no address has. Copy it once more.")
    text = re.sub(r"^webcals?://", "https://", text, flags=re.IGNORECASE)
    if "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        host, port = (parts.hostname or "").lower(), parts.port
        host = host if host.isascii() else host.encode("idna").decode().lower()
    except (ValueError, UnicodeError) as error:
        raise BadAddress("This is not an address we can read. Copy it once more, from https:// to its end.") from error
    scheme = parts.scheme.lower()
    if scheme not in PORTS:
        raise BadAddress(f"“{scheme}://” cannot be read here. The address begins with https:// or webcal://.")
    if not HOST.fullmatch(host) or len(host) > 253:  # noqa: PLR2004 - the longest name there is
        raise BadAddress("The name of the server in this address is not one. Copy it once more.")
    port = PORTS[scheme] if port is None else port
    if port not in PORTS.values() and port < LOWEST_PORT:
        raise BadAddress(f"Port {port} is not one of a calendar. Leave it out, or use one from {LOWEST_PORT} on.")
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = f"?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?[]')}" if parts.query else ""
    return Target(scheme, host, port, path + query, unquote(parts.username or ""), unquote(parts.password or ""))


def is_public(address: Ip) -> bool:
    """Whether this is an address of the public internet, also by whatever IPv4 address it carries inside."""
    if isinstance(address, IPv6Address):
        if address.scope_id:
            return False
        inner = carried(address)
        if inner is not None:
            return is_public(inner)
    if any(address.version == each.version and address in each for each in CLOSED):
        return False
    return address.is_global and not address.is_multicast


def carried(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address inside an IPv6 address that leads there; None for an ordinary one."""
    number = int(address)
    for network, begins, inverted in CARRIERS:
        if address in network and number > 1:  # ::1 is itself
            bits = number >> (128 - begins - 32) & 0xFFFFFFFF
            return IPv4Address(bits ^ 0xFFFFFFFF if inverted else bits)
    if number >> 32 & 0xFFFF == ISATAP and number >> 48 & 0xFFFF in {0, 0x200}:
        return IPv4Address(number & 0xFFFFFFFF)
    return None


def may_reach(text: str, allowed: Iterable[Network]) -> bool:
    """Whether a connection to this numeric address is fine: public, or of a network the operator allowed."""
    address = _numeric(text)
    return address is not None and (is_public(address) or is_allowed(text, allowed))


def is_allowed(text: str, allowed: Iterable[Network]) -> bool:
    """Whether the operator allowed this address by naming its network; only as it is, never inside another."""
    address = _numeric(text)
    return address is not None and any(address.version == each.version and address in each for each in allowed)


def _numeric(text: str) -> Ip | None:
    try:
        return ip_address(text)
    except ValueError:
        return None
