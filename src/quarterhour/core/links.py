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
from psycopg.types.json import Jsonb

from quarterhour.core.errors import QuarterhourError
from quarterhour.core.ids import uuid7
from quarterhour.core.models import SingleUseLink
from quarterhour.core.statements import Statement, send


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

    One of them that a newer letter has replaced meanwhile stays replaced. One message, whole or not at all.
    """
    hashes = [_hash(secret) for secret in secrets_.values()]
    rows = [
        [uuid7(), hashed, purpose, Jsonb(subject), now, now + lasts, family]
        for hashed, purpose in zip(hashes, secrets_, strict=True)
    ]
    places = ", ".join(["(%s, %s, %s, %s, %s, %s, %s)"] * len(rows))
    make = Statement(MAKE_AGAIN.format(places=places), [value for row in rows for value in row])
    send(make, Statement(REPLACE_OLDER, [now, family, hashes]))


MAKE_AGAIN = """
INSERT INTO core_singleuselink (id, secret_hash, purpose, subject, made_at, expires_at, family)
VALUES {places} ON CONFLICT (secret_hash) DO NOTHING
"""

# Keys sort by the time they were made, so that of two letters the later one stays, whichever is written again.
REPLACE_OLDER = """
UPDATE core_singleuselink SET revoked_at = %s WHERE family = %s AND used_at IS NULL AND revoked_at IS NULL
  AND id < (SELECT id FROM core_singleuselink WHERE secret_hash = ANY(%s) ORDER BY id LIMIT 1)
"""


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
