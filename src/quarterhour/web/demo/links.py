"""Who a visitor of the demo can be, and the links that let them in. There are none outside a demo."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.http import urlencode

from quarterhour.people.models import Person

SALT = "quarterhour.demo.enter"
LASTS = 30 * 24 * 3600  # seconds; a link printed by a demo that has run for a month is forgotten


@dataclass(frozen=True)
class Role:
    """Somebody of the town, and what there is to see as them."""

    who: str
    email: str
    called: str
    does: str
    sees: str

    @property
    def label(self) -> str:
        return f"{self.called}, {self.does}"


ROLES = {
    role.who: role
    for role in (
        Role(
            "mentee", "leila-haddad@town.example", "Leila", "who asks",
            "A question about becoming a lead, a session that begins in minutes, and actions from earlier ones.",
        ),
        Role(
            "mentor", "amara-okafor@town.example", "Amara", "who helps",
            "Her day: the session in minutes, two people who ask for her, the minutes left this week.",
        ),
        Role(
            "manager", "hanna-lindqvist@town.example", "Hanna", "who runs a program",
            "Maré Energy from above: who got help, who did not, and what to do about it.",
        ),
        Role(
            "operator", "jonas-brandt@town.example", "Jonas", "who runs the server",
            "Whether jobs run, mail goes out and the database has room.",
        ),
    )
}  # fmt: skip


VISITOR = "mentee"  # whom a visitor who came without one of our links may be
TOWN = "@town.example"


def visitors_door(onward: str = "") -> dict | None:
    """What the sign-in page of a demo offers beside a mail: to be somebody of the town, and go on to `onward`.

    The one role is offered that sees nobody's affairs but its own. None outside a demo, or without the town.
    """
    role = ROLES[VISITOR]
    if not settings.DEMO or not Person.objects.filter(email=role.email, is_active=True).exists():
        return None
    address = reverse("demo:enter", args=[role.who, token_for(role.who)])
    return {"role": role, "url": f"{address}?{urlencode({'next': onward})}" if onward else address}


def is_of_the_town(email: str) -> bool:
    """Whether this may be somebody we made. An address of the town that nobody has yet is a visitor's own."""
    return email.lower().endswith(TOWN) and Person.objects.filter(email__iexact=email).exists()


def token_for(who: str) -> str:
    """The part of a link that proves that this installation made it."""
    return signing.TimestampSigner(salt=SALT).sign(who).removeprefix(f"{who}:")


def role_of(who: str, token: str) -> Role | None:
    """The role a link is for, or None for whatever we did not make or made too long ago."""
    try:
        signing.TimestampSigner(salt=SALT).unsign(f"{who}:{token}", max_age=LASTS)
    except signing.BadSignature:
        return None
    return ROLES.get(who)


def links(base_url: str) -> list[tuple[str, str]]:
    """What to print when the demo is ready: who one can be, and the address that signs in as them."""
    base = base_url.rstrip("/")
    return [(role.label, base + reverse("demo:enter", args=[role.who, token_for(role.who)])) for role in ROLES.values()]
