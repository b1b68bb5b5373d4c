"""Opening and closing channels: browsers that take push messages, and a person's webhook."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from quarterhour.core import audit, fetching, limits
from quarterhour.core.errors import Invalid, NotFound
from quarterhour.core.ids import uuid7
from quarterhour.core.text import clean
from quarterhour.notifications import channels, outgoing, seals, webhooks, webpush
from quarterhour.notifications.delivering import WEBHOOK_SEAL
from quarterhour.notifications.models import Channel, Notice, PushBrowser, Webhook
from quarterhour.notifications.reasons import TEST, Reason
from quarterhour.people.models import Person

MOST_BROWSERS = 10
MOST_TESTS = 10  # an hour
NOTHING = "There is nothing at this address, or it is not yours to see."


@transaction.atomic
def add_browser(*, person: Person, endpoint: str, p256dh: str, auth: str, name: str, now: datetime) -> PushBrowser:
    """From now on a browser of this person takes push messages. Whoever had it before has it no more.

    Raises Invalid if what it gave are no address and no keys.
    """
    _checked(endpoint, "This browser gave an address we cannot send to. Try again, or choose another channel.")
    try:
        webpush.keys_from(p256dh, auth)
    except webpush.BadKeys as error:
        raise Invalid("This browser gave keys we cannot read. Reload the page and try again.") from error
    called = clean(name)[:60] or "A browser"
    row, new = PushBrowser.objects.update_or_create(
        endpoint_hash=hashlib.sha256(endpoint.encode()).hexdigest(),
        defaults={
            "person": person, "endpoint": endpoint, "p256dh": p256dh, "auth": auth, "name": called, "made_at": now,
        },
    )  # fmt: skip
    keep = list(PushBrowser.objects.filter(person=person).order_by("-made_at").values_list("pk", flat=True))
    PushBrowser.objects.filter(pk__in=keep[MOST_BROWSERS:]).delete()
    if new and len(keep) == 1:
        channels.hear_also(person, Channel.PUSH)
    return row


def remove_browser(*, person: Person, pk: UUID) -> None:
    """It hears nothing any more. Raises NotFound for those of others, and for what is gone already."""
    if not PushBrowser.objects.filter(person=person, pk=pk).delete()[0]:
        raise NotFound(NOTHING)


@transaction.atomic
def set_webhook(*, person: Person, url: str, now: datetime) -> str:
    """From now on an address hears the person's news. Returns the new secret, which is shown once.

    Raises Invalid if nothing can be sent there.
    """
    told = "Write an address that begins with https:// and that everybody can reach."
    target = _checked(url, told)
    if target.user:
        raise Invalid("Leave the password out of the address: what we send is signed instead.")
    secret = webhooks.new_secret()
    values = {"url": target.url, "sealed_secret": seals.seal(WEBHOOK_SEAL, secret), "made_at": now}
    _, new = Webhook.objects.update_or_create(person=person, defaults={**values, "reached_at": None, "failed": ""})
    audit.note(act="webhook set", on=f"person {person.pk}", by=str(person.pk), now=now, host=target.host)
    if new:
        channels.hear_also(person, Channel.WEBHOOK)
    return secret


def remove_webhook(*, person: Person, now: datetime) -> None:
    if Webhook.objects.filter(person=person).delete()[0]:
        audit.note(act="webhook removed", on=f"person {person.pk}", by=str(person.pk), now=now)


@transaction.atomic
def try_out(*, person: Person, org, target: UUID, now: datetime) -> None:
    """Send a word to this browser or webhook of the person's own, as news would be sent.

    Raises NotFound for those of others, TooMany for who tries too often.
    """
    channel = _channel_of(person, target)
    limits.spend(
        f"try {person.pk}", most=MOST_TESTS, per=timedelta(hours=1), now=now,
        told="You have tried that ten times within an hour. Try again later.",
    )  # fmt: skip
    why = Reason(TEST, uuid7(), 0)
    row = {"org": org, "person": person, "reason": str(why), "made_at": now, "due_at": now}
    Notice.objects.create(**row, channel=channel, target=target)
    outgoing.wake(mails=0, notices=1)


def _channel_of(person: Person, target: UUID) -> str:
    for channel, rows in ((Channel.PUSH, PushBrowser.objects), (Channel.WEBHOOK, Webhook.objects)):
        if rows.filter(person=person, pk=target).exists():
            return channel
    raise NotFound(NOTHING)


def _checked(address: str, told: str) -> fetching.Target:
    """The address, if it is one we may send to. What it leads to is looked at whenever something is sent."""
    try:
        target = fetching.read_address(address)
    except fetching.BadAddress as error:
        raise Invalid(told, fields={"url": told}) from error
    if target.scheme != "https" and settings.HTTPS:
        raise Invalid(told, fields={"url": told})
    return target
