"""How somebody comes in: a link in a mail, used once, by a press."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from quarterhour.core import limits, links
from quarterhour.core.models import SingleUseLink
from quarterhour.notifications.sign_in import send_sign_in_link
from quarterhour.people.models import Person

PURPOSE = "sign-in"
LASTS = timedelta(minutes=settings.POLICY["mail_link"])
LONGEST_PATH = 2_000

# A mailbox is spared first; a whole house behind one address may still come in.
MOST_PER_ADDRESS, PER_ADDRESS = 5, timedelta(minutes=15)
MOST_PER_SOURCE, PER_SOURCE = 100, timedelta(minutes=15)
TOO_MANY_ADDRESS = (
    "We have written to this address five times in a quarter of an hour. "
    "The latest link works. Look for it, or wait fifteen minutes."
)
TOO_MANY_SOURCE = "Very many links were asked for from where you are. Wait fifteen minutes, then try again."


def local_path(text: str | None) -> str:
    """A path on this server to go on to, or "" if it leads anywhere else.

    >>> local_path("/sessions/?day=2"), local_path("//elsewhere.example"), local_path("https://elsewhere.example/")
    ('/sessions/?day=2', '', '')
    """
    told = text or ""
    if not told.startswith("/") or len(told) > LONGEST_PATH or any(ord(letter) < 32 for letter in told):  # noqa: PLR2004
        return ""
    return told if url_has_allowed_host_and_scheme(told, allowed_hosts=None) else ""


def source_of(request) -> str:
    """Where a request comes from, for limits.

    Headers are believed only as far as the operator says that proxies stand in front: the address the
    nearest trusted one wrote down. With none, it is the address of the connection.
    """
    proxies = settings.PROXIES
    if proxies:
        told = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        if len(told) >= proxies and told[-proxies]:
            return told[-proxies][:64]
    return request.META.get("REMOTE_ADDR", "")[:64]


def send_link(*, email: str, onward: str, zone: str, source: str, now) -> None:
    """Mail a link that signs this address in, and stop the links sent before.

    The same is done for every address, known or not: the answer must not tell which. Raises TooMany.
    """
    limits.spend(f"sign-in:source:{source}", most=MOST_PER_SOURCE, per=PER_SOURCE, now=now, told=TOO_MANY_SOURCE)
    limits.spend(
        f"sign-in:address:{_mark(email)}", most=MOST_PER_ADDRESS, per=PER_ADDRESS, now=now, told=TOO_MANY_ADDRESS
    )
    subject = {"email": email, "next": onward, "zone": zone}
    secret = links.make(PURPOSE, subject, lasts=LASTS, now=now, family=family_of(email))
    url = f"{settings.SITE_URL}{reverse('people:enter', args=[secret])}"
    send_sign_in_link(email=email, url=url, now=now, zone=zone or "UTC")


def family_of(email: str) -> str:
    """The family of an address's links: a newer one stops the others, and so does giving the address up."""
    return f"sign-in:{_mark(email)}"


def let_in(request, person: Person, *, how: str) -> None:
    """Sign this person in: allauth's way, with a new session key. What an anonymous visitor wrote stays.

    The entrance counts as having just shown who they are, so that a lost passkey can be removed.
    """
    stay(request)
    get_adapter().login(request, person)
    record_authentication(request, person, how, reauthenticated=True)


def stay(request) -> None:
    """The session of somebody signed in lasts as long as sessions do, not only the hour a draft is kept."""
    request.session.set_expiry(None)
    request.session.pop("sent", None)


def onward_of(link: SingleUseLink) -> str:
    return local_path(link.subject.get("next"))


def _mark(email: str) -> str:
    return sha256(email.encode()).hexdigest()[:32]
