"""CalDAV (RFC 4791), as much of it as reading busy time and writing sessions takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from html import escape
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from quarterhour.core.fetching import BadAddress, Fetched, FetchFailed, Target, fetch, read_address

SPACES = {"D": "DAV:", "C": "urn:ietf:params:xml:ns:caldav", "S": "http://calendarserver.org/ns/"}
HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
NAMES = " ".join(f'xmlns:{short}="{name}"' for short, name in SPACES.items())
XML = {"Content-Type": "application/xml; charset=utf-8"}
MOST_LISTED = 100
LISTING_BYTES = 3_000_000
MULTISTATUS, NOT_FOUND = 207, 404
Login = tuple[str, str]


class Refused(FetchFailed):
    """The server answered, and the answer was no. answered: its HTTP status. wait: seconds it asked for."""

    def __init__(self, told: str, *, answered: int, wait: int = 0) -> None:
        super().__init__(told)
        self.answered, self.wait = answered, wait


@dataclass(frozen=True, slots=True)
class Found:
    """What an account has: calendars as (name, address), and where its owner is invited."""

    calendars: list[tuple[str, str]]
    addresses: list[str]


def said_no(answer: Fetched) -> Refused:
    """An answer that is none, as a sentence."""
    host, code = answer.address.host, answer.status
    told = {
        401: f"{host} does not accept this user name and password. Type them once more.",
        403: f"{host} does not let this account read there. Look at what it is allowed to.",
        404: f"{host} has nothing at this address any more. Copy the address once more.",
        410: f"{host} has nothing at this address any more. Copy the address once more.",
        429: f"{host} asks us to come less often. We wait, and try again by ourselves.",
    }.get(code)
    if told is None and code >= 500:  # noqa: PLR2004 - the server's own trouble
        told = f"{host} has trouble of its own ({code}). We try again by ourselves."
    wait = answer.headers.get("retry-after", "")
    seconds = int(wait) if re.fullmatch(r"\d{1,6}", wait) else 0
    return Refused(told or f"{host} answered with {code}. Look at the address once more.", answered=code, wait=seconds)


def look_into(address: str, login: Login) -> Found:
    """The calendars of an account, found from whatever address of it somebody knows (RFC 6764).

    Raises FetchFailed or BadAddress with a sentence.
    """
    target = read_address(address)
    ways = [target, *([] if "/.well-known/" in target.path else [target.follow("/.well-known/caldav")])]
    trouble: FetchFailed | None = None
    for way in ways:
        try:
            found = _from(way, login)
        except Refused as error:
            if error.answered in {401, 403}:
                raise
            trouble = trouble or error
            continue
        if found.calendars:
            return found
    if trouble is not None and trouble.status != Refused.status:
        raise trouble
    raise FetchFailed(f"{target.host} shows no calendars at this address. Look for its CalDAV address, and use that.")


PROPS = (
    "<D:resourcetype/><D:displayname/><D:current-user-principal/><C:calendar-home-set/>"
    "<C:calendar-user-address-set/><C:supported-calendar-component-set/>"
)


def _from(target: Target, login: Login) -> Found:
    """Follow the signs from this address: a calendar, the home of calendars, or the person they belong to."""
    calendars: dict[str, str] = {}
    addresses: set[str] = set()
    waiting, seen = [(target, "0")], set()
    while waiting and len(seen) < 5:  # noqa: PLR2004 - address, principal, home, and two to spare
        at, depth = waiting.pop(0)
        if (at.url, depth) in seen:
            continue
        seen.add((at.url, depth))
        base, answers = _ask_for(at, PROPS, depth, login)
        for href, props in answers:
            here = base.follow(href)
            if props.find("D:resourcetype/C:calendar", SPACES) is not None and _has_events(props):
                name = (props.findtext("D:displayname", "", SPACES) or "").strip()
                calendars.setdefault(here.url, name or unquote(here.path.rstrip("/").rpartition("/")[2]))
            for each in props.findall("C:calendar-user-address-set/D:href", SPACES):
                if (each.text or "").lower().startswith("mailto:"):
                    addresses.add(each.text.strip().lower().removeprefix("mailto:")[:320])
            if depth == "0":
                homes = props.findall("C:calendar-home-set/D:href", SPACES)
                waiting += [(base.follow(each.text or ""), "1") for each in homes]
                people = props.findall("D:current-user-principal/D:href", SPACES)
                waiting += [] if homes else [(base.follow(each.text or ""), "0") for each in people]
    listed = [(name[:120], address) for address, name in calendars.items()]
    return Found(listed[:MOST_LISTED], sorted(addresses)[:5])


def _has_events(props: ET.Element) -> bool:
    named = [each.get("name") for each in props.findall("C:supported-calendar-component-set/C:comp", SPACES)]
    return not named or "VEVENT" in named


def tag_of(address: str, login: Login) -> str:
    """What the server calls the present state of a calendar; nothing if it has no name for it."""
    _, answers = _ask_for(read_address(address), "<S:getctag/><D:sync-token/>", "0", login)
    for _, props in answers:
        for name in ("S:getctag", "D:sync-token"):
            if told := (props.findtext(name, "", SPACES) or "").strip():
                return told[:200]
    return ""


def events_of(address: str, login: Login, *, lo: datetime, hi: datetime, seconds: float) -> bytes:
    """Every event of a calendar that has to do with `[lo, hi)`, as one iCalendar stream. lo, hi: in UTC."""
    within = f'<C:time-range start="{lo:%Y%m%dT%H%M%SZ}" end="{hi:%Y%m%dT%H%M%SZ}"/>'
    body = (
        f"{HEAD}<C:calendar-query {NAMES}><D:prop><C:calendar-data/></D:prop><C:filter>"
        f'<C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">{within}</C:comp-filter></C:comp-filter>'
        "</C:filter></C:calendar-query>"
    )
    headers = XML | {"Depth": "1"}
    answer = fetch(address, method="REPORT", headers=headers, body=body.encode(), login=login, seconds=seconds)
    if answer.status != MULTISTATUS:
        raise said_no(answer)
    texts = []
    for _, props in _responses(answer):
        text = props.findtext("C:calendar-data", None, SPACES)
        if not text:
            raise FetchFailed(
                f"{answer.address.host} left an event out of its answer, so it is not used. We try again."
            )
        texts.append(text.strip())
    return ("\r\n".join(texts) or "BEGIN:VCALENDAR\r\nEND:VCALENDAR").encode()


def put(address: str, login: Login, event: bytes, *, tag: str) -> tuple[int, str]:
    """Write an event at its address: a new one with an empty tag, else only over the one of that tag.

    Returns the status (412: somebody changed it meanwhile) and the new tag. Raises FetchFailed.
    """
    headers = {"Content-Type": "text/calendar; charset=utf-8", **({"If-Match": tag} if tag else {"If-None-Match": "*"})}
    answer = fetch(address, method="PUT", headers=headers, body=event, login=login, most_bytes=LISTING_BYTES)
    if answer.status not in {200, 201, 204, 412}:
        raise said_no(answer)
    return answer.status, answer.headers.get("etag", "")[:300]


def tag_at(address: str, login: Login) -> str:
    """The tag of one event; nothing if it is not there."""
    answer = fetch(address, login=login, most_bytes=LISTING_BYTES)
    if answer.status == NOT_FOUND:
        return ""
    if answer.status != 200:  # noqa: PLR2004
        raise said_no(answer)
    return answer.headers.get("etag", "")[:300]


def delete(address: str, login: Login) -> None:
    """Remove an event; one that is gone already is gone. Raises FetchFailed."""
    answer = fetch(address, method="DELETE", login=login, most_bytes=LISTING_BYTES)
    if answer.status not in {200, 202, 204, 404, 410}:
        raise said_no(answer)


def _ask_for(target: Target, props: str, depth: str, login: Login) -> tuple[Target, list[tuple[str, ET.Element]]]:
    body = f"{HEAD}<D:propfind {NAMES}><D:prop>{props}</D:prop></D:propfind>"
    headers = XML | {"Depth": depth}
    answer = fetch(
        target, method="PROPFIND", headers=headers, body=body.encode(), login=login, most_bytes=LISTING_BYTES
    )
    if answer.status != MULTISTATUS:
        raise said_no(answer)
    return answer.address, list(_responses(answer))


def _responses(answer: Fetched) -> Iterator[tuple[str, ET.Element]]:
    """Of each resource: its address, and the properties it has."""
    host = answer.address.host
    # Entities are the one way in which a small document becomes a large one; no CalDAV server uses them.
    if b"<!" in answer.body.replace(b"<![CDATA[", b"") or b"\0" in answer.body:
        raise FetchFailed(f"{host} gave an answer that is no CalDAV. Look for its CalDAV address, and use that.")
    try:
        root = ET.fromstring(answer.body)  # noqa: S314 - without entities, see above
    except ET.ParseError as error:
        raise FetchFailed(f"{host} gave an answer we cannot read. We try again by ourselves.") from error
    for response in root.iterfind("D:response", SPACES):
        href = (response.findtext("D:href", "", SPACES) or "").strip()
        for each in response.iterfind("D:propstat", SPACES):
            props = each.find("D:prop", SPACES)
            if props is not None and " 200" in (each.findtext("D:status", "", SPACES) or ""):
                yield href, props


def event_address(calendar: str, name: str) -> str:
    """Where an event of this name lies in a calendar. Raises BadAddress."""
    return read_address(calendar).follow(f"{read_address(calendar).path.rstrip('/')}/{escape(name)}.ics").url


__all__ = [
    "BadAddress",
    "Found",
    "Refused",
    "delete",
    "event_address",
    "events_of",
    "look_into",
    "put",
    "tag_at",
    "tag_of",
]
