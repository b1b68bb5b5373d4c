"""Sending notices that are due: to push services and to webhooks, several at once, never inside a transaction.

As with mail: a row is taken for a while, then sent, then noted. A worker killed in between leaves a row that falls
due again, and the same notice goes out under the same key: `Topic` and `tag` for a browser, `webhook-id` for a program.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from django.conf import settings

from quarterhour.core import fetching
from quarterhour.notifications import attempts, notices, push_keys, seals, webhooks, webpush
from quarterhour.notifications.attempts import NotNow
from quarterhour.notifications.models import Channel, Notice, PushBrowser, Webhook
from quarterhour.notifications.notices import Note
from quarterhour.notifications.turns import turn

log = structlog.get_logger(__name__)

AT_ONCE = 8
A_HANDFUL = 40
SECONDS = 10.0  # for one delivery, all in all
MOST_BYTES = 100_000  # of an answer nobody reads
GONE = {404, 410}
LATER = {408, 425, 429}
REST = timedelta(seconds=30)  # nobody asks a host that said nothing for so long, so that the others need not wait
WEBHOOK_SEAL = "webhook secret"


_silent: dict[str, datetime] = {}  # hosts that said nothing, and when: known to this worker alone


class Refused(Exception):
    """The server answered, and not with a yes. `status` is what it said."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True)
class Parcel:
    """A notice ready to go: nothing in it wants the database."""

    row: Notice
    address: str
    headers: dict[str, str]
    body: bytes


def drain(*, seconds: float, clock: Callable[[], datetime]) -> int:
    """Send what is due, for so long at most. Returns how many were accepted. One worker of all at a time."""
    sent, until = 0, time.monotonic() + seconds
    with turn("send notices") as mine, ThreadPoolExecutor(AT_ONCE) as pool:
        while mine and time.monotonic() < until:
            waiting = due(now=clock())
            if not waiting:
                break
            sent += send(waiting, pool=pool, now=clock())
    return sent


def due(*, now: datetime, limit: int = A_HANDFUL) -> list[UUID]:
    """Notices to try now, the longest waiting first."""
    waiting = _all().open().filter(due_at__lte=now)
    return list(waiting.order_by("due_at").values_list("pk", flat=True)[:limit])


def send(notice_ids: list[UUID], *, pool: ThreadPoolExecutor, now: datetime) -> int:
    """Send these unless somebody else is at them. A failure is noted and tried again later, never raised."""
    parcels = [parcel for each in notice_ids if (parcel := _packed(each, now)) is not None]
    on_the_way = {pool.submit(knock, parcel): parcel for parcel in parcels}
    sent = 0
    for done in as_completed(on_the_way):
        parcel, error = on_the_way[done], done.exception()
        if isinstance(error, fetching.Silent):
            _silent[_host(parcel.address)] = now
        else:
            _silent.pop(_host(parcel.address), None)
        _noted(parcel.row, error, now)
        sent += error is None
    return sent


def knock(parcel: Parcel) -> None:
    """The one place where a notice leaves: through the door that looks at every address. Raises Refused and more."""
    answer = fetching.fetch(
        parcel.address, method="POST", headers=parcel.headers, body=parcel.body, seconds=SECONDS, most_bytes=MOST_BYTES
    )
    if not 200 <= answer.status < 300:  # noqa: PLR2004 - every yes of HTTP
        raise Refused(answer.status)


def _packed(notice_id: UUID, now: datetime) -> Parcel | None:
    """Take the row and write what it says; None if there is nothing to send."""
    rows = _all().filter(pk=notice_id)
    if not attempts.take(rows, now=now):
        return None
    row = rows.select_related("person").get()
    try:
        note = notices.note_for(row, now=now)
        parcel = _parcel(row, note, now) if note else None
    except NotNow as asleep:
        attempts.put_off(rows, row, until=asleep.until)
        return None
    except Exception as error:  # noqa: BLE001 - whatever goes wrong with one notice, the others go on
        attempts.postpone(rows, row, error, now=now, for_good=False)
        return None
    if parcel is None:
        rows.update(overtaken_at=now)
        return None
    since = _silent.get(_host(parcel.address))
    if since is not None and since <= now < since + REST:
        attempts.put_off(rows, row, until=since + REST)
        return None
    return parcel


def _host(address: str) -> str:
    return urlsplit(address).netloc


def _parcel(row: Notice, note: Note, now: datetime) -> Parcel | None:
    return _to_browser(row, note, now) if row.channel == Channel.PUSH else _to_webhook(row, note, now)


def _to_browser(row: Notice, note: Note, now: datetime) -> Parcel | None:
    browser = PushBrowser.objects.filter(pk=row.target, person=row.person_id).first()
    if browser is None:
        return None
    told = {"title": note.title, "body": note.text, "url": note.url, "tag": note.tag}
    headers = {
        "Content-Type": "application/octet-stream",
        "Content-Encoding": "aes128gcm",
        "TTL": str(max(round(note.lasts.total_seconds()), 60)),
        "Urgency": "high" if note.urgent else "normal",
        "Topic": hashlib.sha256(row.reason.encode()).hexdigest()[:32],
        "Authorization": webpush.authorization(
            browser.endpoint, private=push_keys.private(now=now), contact=contact(), now=now
        ),
    }
    body = webpush.sealed(json.dumps(told, ensure_ascii=False).encode(), p256dh=browser.p256dh, auth=browser.auth)
    return Parcel(row, browser.endpoint, headers, body)


def _to_webhook(row: Notice, note: Note, now: datetime) -> Parcel | None:
    hook = Webhook.objects.filter(pk=row.target, person=row.person_id).first()
    if hook is None:
        return None
    data = {**note.data, "title": note.title, "text": note.text, "url": note.url}
    told = {"type": note.type, "timestamp": row.made_at.isoformat(), "data": data}
    body = json.dumps(told, ensure_ascii=False).encode()
    secret = seals.unseal(WEBHOOK_SEAL, hook.sealed_secret)
    headers = webhooks.signed(body, key=str(row.pk), secret=secret, now=now)
    return Parcel(row, hook.url, {"Content-Type": "application/json; charset=utf-8", **headers}, body)


def contact() -> str:
    """Whom a push service may write to about us."""
    return f"mailto:{parseaddr(settings.MAIL_FROM)[1]}"


def _noted(row: Notice, error: BaseException | None, now: datetime) -> None:
    rows = _all().filter(pk=row.pk)
    target = (PushBrowser if row.channel == Channel.PUSH else Webhook).objects.filter(pk=row.target)
    if error is None:
        rows.update(sent_at=now, error="")
        target.update(reached_at=now, **({} if row.channel == Channel.PUSH else {"failed": ""}))
        return
    status = getattr(error, "status", 0) if isinstance(error, Refused) else 0
    if row.channel == Channel.PUSH and status in GONE:
        target.delete()  # this browser took its permission back, or is no more
    elif row.channel == Channel.WEBHOOK:
        target.update(failed=_in_words(error))
    no = 400 <= status < 500 and status not in LATER  # noqa: PLR2004 - what a server will not change its mind about
    for_good = no or isinstance(error, fetching.BadAddress)
    if isinstance(error, Exception):
        attempts.postpone(rows, row, error, now=now, for_good=for_good)


def _in_words(error: BaseException) -> str:
    """What its owner reads about a webhook that failed."""
    if isinstance(error, Refused):
        return f"It answered with {error.status}."
    if isinstance(error, fetching.NotPublic):
        return "The address leads into a private network."
    if isinstance(error, fetching.Silent):
        return "It did not answer in time."
    return "It could not be reached."


def _all():
    return Notice.objects.of_every_tenant(because="notices of all organisations leave by one door")
