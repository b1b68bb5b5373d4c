"""The way in: a link to an address that may belong to nobody here yet, so it is bound to no organisation.

The job carries the address and the link sealed: neither a copy of the database nor a log of failed
jobs lets anybody in.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from smtplib import SMTPRecipientsRefused

import structlog
from django.conf import settings

from quarterhour.core.ids import uuid7
from quarterhour.notifications import breaker, letters, post, seals, sending, tasks

log = structlog.get_logger(__name__)

SEAL = "sign-in mail"


def send_sign_in_link(email: str, url: str, now: datetime, *, zone: str = "UTC", code: str = "") -> None:
    """Mail a sign-in link, through a job. Called by the page that made the link.

    email: an address that has passed validation. url: whole, with its secret; it is kept nowhere in the open.
    zone: the asker's, as far as the page knows it. code: the six figures that do the same, if there are any.
    """
    letter = {"to": email, "url": url, "code": code, "zone": zone, "made": now.isoformat(), "key": str(uuid7())}
    tasks.send_sign_in.defer(sealed=seals.seal(SEAL, json.dumps(letter)))


def send(sealed: str, *, now: datetime) -> bool:
    """Send one, unless its link is over. Returns whether it went out.

    Raises breaker.Away while the server is to be left in peace, and what it raises otherwise: its job tries again.
    """
    told = json.loads(seals.unseal(SEAL, sealed))
    until = datetime.fromisoformat(told["made"]).astimezone(UTC) + timedelta(minutes=settings.POLICY["mail_link"])
    if now >= until:
        return False
    if not breaker.may_try(now=now):
        raise breaker.Away
    letter = letters.sign_in(url=told["url"], now=now, until=until, zone=told["zone"], code=told["code"])
    try:
        with breaker.watched(now=now):
            post.hand_over(post.built(letter, to=told["to"], message_id=post.message_id(told["key"]), now=now))
    except SMTPRecipientsRefused as refused:
        if not sending.refused_for_good(refused):
            raise
        log.warning("sign_in_refused")
        return False
    return True
