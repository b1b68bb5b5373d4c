"""The pair of keys by which push services know this installation: made when first needed, and kept in the database."""

from __future__ import annotations

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric import ec
from django.db import transaction

from quarterhour.notifications import seals, webpush
from quarterhour.notifications.models import PushBrowser, PushKey

SEAL = "push key"


def public(*, now: datetime) -> str:
    """What a browser has to be told to subscribe with us."""
    return webpush.packed(webpush.point(private(now=now).public_key()))


@transaction.atomic
def private(*, now: datetime) -> ec.EllipticCurvePrivateKey:
    """Our key. Two workers that make it at once keep one of the two."""
    row = PushKey.objects.first() or _kept(now)
    try:
        return _read(row)
    except seals.Unreadable:
        # The secret of this installation was changed: browsers that knew the old key have to subscribe anew.
        PushBrowser.objects.all().delete()
        row.delete()
        return _read(_kept(now))


def _kept(now: datetime) -> PushKey:
    made = ec.generate_private_key(webpush.CURVE)
    number = made.private_numbers().private_value.to_bytes(32, "big")
    row = PushKey(
        public=webpush.packed(webpush.point(made.public_key())),
        sealed_private=seals.seal(SEAL, webpush.packed(number)),
        made_at=now,
    )
    PushKey.objects.bulk_create([row], ignore_conflicts=True)
    return PushKey.objects.get()


def _read(row: PushKey) -> ec.EllipticCurvePrivateKey:
    number = int.from_bytes(webpush.unpacked(seals.unseal(SEAL, row.sealed_private)), "big")
    return ec.derive_private_key(number, webpush.CURVE)
