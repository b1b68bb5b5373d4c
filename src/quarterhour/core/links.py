"""Links in mails: a secret of 256 bits, kept as a hash, used once, and only by a press."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from quarterhour.core.errors import QuarterhourError
from quarterhour.core.models import SingleUseLink


class LinkSpent(QuarterhourError):
    """The link was used, replaced, or is too old."""

    status = 410


def make(
    purpose: str, subject: dict, *, lasts: timedelta, now: datetime, family: str = "", replace: bool = True
) -> str:
    """A new secret for `purpose`. With a family, older unused links of it stop working."""
    secret = secrets.token_urlsafe(32)
    if family and replace:
        SingleUseLink.objects.filter(family=family, used_at=None, revoked_at=None).update(revoked_at=now)
    SingleUseLink.objects.create(
        secret_hash=_hash(secret),
        purpose=purpose,
        subject=subject,
        made_at=now,
        expires_at=now + lasts,
        family=family,
    )
    return secret


def look(purpose: str, secret: str, *, now: datetime) -> SingleUseLink:
    """The link behind a secret, unused. Looking changes nothing. Raises LinkSpent."""
    link = SingleUseLink.objects.filter(secret_hash=_hash(secret), purpose=purpose).first()
    return _in_force(link, now)


def used(purpose: str, secret: str) -> SingleUseLink | None:
    """The link behind a secret that was used up, for whoever has to tell the same once more."""
    return SingleUseLink.objects.filter(secret_hash=_hash(secret), purpose=purpose).exclude(used_at=None).first()


@transaction.atomic
def use(purpose: str, secret: str, *, now: datetime) -> SingleUseLink:
    """Use the link up. Of two presses at once, one wins. Raises LinkSpent."""
    rows = SingleUseLink.objects.select_for_update()
    link = _in_force(rows.filter(secret_hash=_hash(secret), purpose=purpose).first(), now)
    link.used_at = now
    link.save(update_fields=["used_at"])
    return link


def revoke(family: str, *, now: datetime) -> None:
    """Stop every unused link of a family."""
    SingleUseLink.objects.filter(family=family, used_at=None, revoked_at=None).update(revoked_at=now)


def _in_force(link: SingleUseLink | None, now: datetime) -> SingleUseLink:
    if link is None:
        raise LinkSpent("This link is not one of ours, or it is too old. Open the page and start from there.")
    if link.used_at:
        raise LinkSpent("This link was already used. Open the page to see how things stand.")
    if link.revoked_at:
        raise LinkSpent("A newer mail replaced this link. Use the latest one.")
    if link.expires_at <= now:
        raise LinkSpent("This link has expired. Open the page and start from there.")
    return link


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
