"""Whether a relay (TURN) answers and takes our passwords, asked as a browser would ask it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs

from aioice import stun, turn
from django.conf import settings

from quarterhour.sessions.room import ice

WITHIN = 3.0  # seconds; a browser gives up later, and people sooner
WRONG_PASSWORD = frozenset((401, 403, 437, 438, 441))
PORT, TLS_PORT = 3478, 5349


@dataclass(frozen=True, slots=True)
class Reached:
    """One relay: its address, whether it gave us a place, and what it said in words."""

    address: str
    well: bool
    told: str
    remedy: str = ""


def ask_relays(*, now: datetime) -> list[Reached]:
    """Ask every relay of the settings for a place, and give it back. Takes three seconds at most; never raises."""
    login = next((each for each in ice.servers(person_key="operator", now=now) if "credential" in each), None)
    if login is None:
        return []
    return asyncio.run(_ask_all(list(settings.TURN), str(login["username"]), str(login["credential"])))


async def _ask_all(addresses: list[str], name: str, password: str) -> list[Reached]:
    return list(await asyncio.gather(*(_ask(address, name, password) for address in addresses)))


async def _ask(address: str, name: str, password: str) -> Reached:
    try:
        server, transport, tls = where(address)
        async with asyncio.timeout(WITHIN):
            place, _ = await turn.create_turn_endpoint(
                asyncio.DatagramProtocol, server_addr=server, username=name, password=password,
                transport=transport, ssl=tls or None,
            )  # fmt: skip
            relayed = place.get_extra_info("sockname")
            place.close()
    except stun.TransactionFailed as refused:
        code = dict(refused.response.attributes).get("ERROR-CODE", (0, ""))[0]
        return Reached(address, well=False, **_refused(code))
    except (TimeoutError, stun.TransactionTimeout):
        told = "did not answer within three seconds"
        return Reached(address, well=False, told=told, remedy="See that it runs, and that UDP and TCP get to its port.")
    except (OSError, ValueError) as error:
        told = f"cannot be reached ({error.__class__.__name__})"
        return Reached(address, well=False, told=told, remedy="Check the address in QUARTERHOUR_TURN.")
    return Reached(address, well=True, told=f"gave us a place at {relayed[0]}")


def _refused(code: int) -> dict[str, str]:
    if code in WRONG_PASSWORD:
        remedy = "QUARTERHOUR_TURN_SECRET has to be its static-auth-secret, and both clocks have to agree."
        return {"told": "refused our password", "remedy": remedy}
    return {"told": f"refused us with {code}", "remedy": "See the log of the relay."}


def where(address: str) -> tuple[tuple[str, int], str, bool]:
    """Host and port, transport and whether TLS, of an address such as "turns:turn.example.org:443?transport=tcp".

    Raises ValueError for anything that is no TURN address.

    >>> where("turn:turn.example.org"), where("turns:[::1]:443")
    ((('turn.example.org', 3478), 'udp', False), (('::1', 443), 'tcp', True))
    """
    scheme, _, rest = address.partition(":")
    if scheme not in {"turn", "turns"} or not rest:
        raise ValueError(f"{address} is no TURN address.")
    place, _, query = rest.partition("?")
    tls = scheme == "turns"
    host, port = place, ""
    if place.startswith("["):
        host, _, port = place[1:].partition("]")
        port = port.lstrip(":")
    elif ":" in place:
        host, _, port = place.rpartition(":")
    transport = parse_qs(query).get("transport", ["tcp" if tls else "udp"])[0]
    return (host, int(port or (TLS_PORT if tls else PORT))), "tcp" if tls else transport, tls
