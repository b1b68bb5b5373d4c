"""Links in mails: a secret of 256 bits, kept as a hash, used once, and only by a press."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
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


def make_again(secrets_: Mapping[str, str], subject: dict, *, lasts: timedelta, now: datetime, family: str) -> None:
    """Links with secrets the caller chose, by purpose: the same secret twice is one link. Older ones stop working.

    One of them that a newer letter has replaced meanwhile stays replaced.
    """
    hashes = {purpose: _hash(secret) for purpose, secret in secrets_.items()}
    older = SingleUseLink.objects.filter(family=family, used_at=None, revoked_at=None)
    known = SingleUseLink.objects.filter(secret_hash__in=hashes.values()).exists()
    if not known:
        older.update(revoked_at=now)
    rows = [
        SingleUseLink(
            secret_hash=hashed, purpose=purpose, subject=subject, made_at=now, expires_at=now + lasts, family=family
        )
        for purpose, hashed in hashes.items()
    ]
    SingleUseLink.objects.bulk_create(rows, ignore_conflicts=True)


def secret_of(key: object, purpose: str) -> str:
    """A secret of 256 bits that this installation alone can work out, and always alike."""
    told = f"quarterhour link {purpose} {key}".encode()
    return base64.urlsafe_b64encode(hmac.digest(settings.SECRET_KEY.encode(), told, "sha256")).decode().rstrip("=")


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
