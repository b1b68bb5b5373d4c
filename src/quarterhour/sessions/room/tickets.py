"""Tickets for the web socket: sealed by the pages, opened by the realtime process, good for minutes."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import digest
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from quarterhour.people.models import Person
from quarterhour.sessions.room.goodbyes import NO_TICKET, Leave

LASTS = timedelta(minutes=5)


@dataclass(frozen=True)
class Ticket:
    """Who may knock at which session's door. The door looks at both again.

    login: the key of the browser's sign-in, or "" where there is none to watch.
    """

    person_id: UUID
    session_id: UUID
    login: str


def make(*, person: Person, session_id: UUID, now: datetime, login: str = "") -> str:
    """A sealed ticket. What is inside cannot be read in the page, so the key of the sign-in stays a secret."""
    inside = {"person": str(person.pk), "session": str(session_id), "login": login}
    return _seal().encrypt_at_time(json.dumps(inside).encode(), int(now.timestamp())).decode()


def read(text: str, *, session_id: UUID, now: datetime) -> Ticket:
    """Open a ticket. Raises Leave with NO_TICKET if it is not ours, too old, or for another door."""
    try:
        inside = _seal().decrypt_at_time(text, int(LASTS.total_seconds()), int(now.timestamp()))
        known = json.loads(inside)
        ticket = Ticket(UUID(known["person"]), UUID(known["session"]), known["login"])
    except (InvalidToken, ValueError, KeyError, TypeError) as error:
        raise Leave(NO_TICKET) from error
    if ticket.session_id != session_id:
        raise Leave(NO_TICKET)
    return ticket


def _seal() -> Fernet:
    return Fernet(urlsafe_b64encode(digest(settings.SECRET_KEY.encode(), b"quarterhour.room.ticket", sha256)))
