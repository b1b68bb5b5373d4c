"""Writing down what shall leave the house: a row for each mail and each notice, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from procrastinate.exceptions import AlreadyEnqueued

from quarterhour.notifications import channels, post, reasons, tasks
from quarterhour.notifications.channels import Ways
from quarterhour.notifications.models import Notice, SentMail
from quarterhour.notifications.reasons import Reason

Told = tuple[UUID, UUID, Reason]  # organisation, person, why


def tell(told: Iterable[Told], *, ways: Ways, now: datetime) -> tuple[int, int]:
    """A mail and notices for each, as the person wishes. Told twice for one reason, the second time is nothing.

    Returns how many mails and notices this makes at most. Wakes nobody: see `wake`.
    """
    mails, notices = [], []
    for org_id, person_id, why in told:
        news = reasons.NEWS_OF[why.mail]
        row = {"org_id": org_id, "person_id": person_id, "reason": str(why), "made_at": now, "due_at": now}
        if ways.by_mail(person_id, news):
            mail = SentMail(**row)
            mail.message_id = post.message_id(mail.pk)
            mails.append(mail)
        notices += [Notice(**row, channel=name, target=to) for name, to in ways.elsewhere(person_id, news)]
    SentMail.objects.bulk_create(mails, ignore_conflicts=True)
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    return len(mails), len(notices)


def mail_people(org_id: UUID, people: Iterable[UUID], why: Reason, *, now: datetime) -> None:
    """A mail to each, and nothing elsewhere, whatever they wish. Told twice, the second time is nothing."""
    rows = [SentMail(org_id=org_id, person_id=each, reason=str(why), made_at=now, due_at=now) for each in people]
    for mail in rows:
        mail.message_id = post.message_id(mail.pk)
    SentMail.objects.bulk_create(rows, ignore_conflicts=True)
    wake(mails=len(rows), notices=0)


def tell_people(org_id: UUID, people: Iterable[UUID], why: Reason, *, now: datetime) -> None:
    """The same for one reason, with a job for each mail, so that nothing else goes before it."""
    ids = list(people)
    _, notices = tell([(org_id, each, why) for each in ids], ways=channels.ways_of(ids), now=now)
    kept = SentMail.objects.within(org_id).open().filter(reason=str(why), person__in=ids)
    for mail_id in kept.values_list("pk", flat=True):
        # The worker defers on a connection of its own: a job made before the row commits would find no mail.
        transaction.on_commit(partial(tasks.send_mail.defer, mail_id=str(mail_id)))
    wake(mails=0, notices=notices)


def wake(*, mails: int, notices: int) -> None:
    """Once this commits, somebody looks at what waits. Nobody is needed for it: they also look by themselves."""
    if mails:
        transaction.on_commit(partial(_defer, tasks.drain_mail))
    if notices:
        transaction.on_commit(partial(_defer, tasks.send_notices))


def _defer(task) -> None:
    with suppress(AlreadyEnqueued), transaction.atomic():
        task.configure(queueing_lock=f"{task.name} at once").defer()
