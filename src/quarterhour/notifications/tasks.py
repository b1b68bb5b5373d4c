"""The jobs of mail: send one, look for those left behind, and the way in."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from quarterhour.core import clock
from quarterhour.notifications import breaker, post, sending


@app.task(queue="mail")
def send_mail(mail_id: str) -> None:
    sending.send(UUID(mail_id), now=clock.now())


@app.periodic(cron="* * * * * */20")
@app.task(queue="mail", queueing_lock="sweep_mail", pass_context=False)
def sweep_mail(timestamp: int) -> None:
    """Second chances: mail whose rest is over, and mail older than a minute whose job got lost."""
    for mail_id in sending.due(now=clock.now(), older_than=timedelta(minutes=1)):
        with suppress(AlreadyEnqueued), transaction.atomic():
            send_mail.configure(queueing_lock=f"mail {mail_id}").defer(mail_id=str(mail_id))


@app.periodic(cron="* * * * * */10")
@app.task(queue="mail", queueing_lock="drain_mail", pass_context=False)
def drain_mail(timestamp: int = 0) -> None:
    """Many mails at once, such as the reminders of a full hour, and those whose worker was killed."""
    sending.drain(seconds=30, clock=clock.now)


@app.periodic(cron="* * * * * */10")
@app.task(queue="mail", queueing_lock="send_notices", pass_context=False)
def send_notices(timestamp: int = 0) -> None:
    """Push messages and webhooks that are due."""
    from quarterhour.notifications import delivering

    delivering.drain(seconds=30, clock=clock.now)


@app.periodic(cron="* * * * * */5")
@app.task(queue="timers", queueing_lock="hand_over_reminders", pass_context=False)
def hand_over_reminders(timestamp: int) -> None:
    from quarterhour.notifications import reminders

    reminders.hand_over_all(seconds=30, clock=clock.now)


@app.periodic(cron="*/2 * * * *")
@app.task(queue="timers", queueing_lock="plan_missing_reminders", pass_context=False)
def plan_missing_reminders(timestamp: int) -> None:
    from quarterhour.notifications import reminders

    reminders.plan_missing(now=clock.now())


@app.periodic(cron="53 * * * *")
@app.task(queue="housekeeping", queueing_lock="forget_old_reminders", pass_context=False)
def forget_old_reminders(timestamp: int) -> None:
    from quarterhour.notifications import reminders

    reminders.forget_old(now=clock.now())


# Until its link is over: sign_in.send ends that itself. Somebody sits and waits for it, so it goes before other mail.
UNTIL_OVER = RetryStrategy(wait=20, retry_exceptions=[OSError, breaker.Away, post.NotAccepted])


@app.task(queue="mail", retry=UNTIL_OVER, priority=10)
def send_sign_in(sealed: str) -> None:
    from quarterhour.notifications import sign_in

    sign_in.send(sealed, now=clock.now())


# Until the session is over or they are not asked any more: along.send ends that itself.
@app.task(queue="mail", retry=UNTIL_OVER)
def ask_along(companion_id: str) -> None:
    from quarterhour.notifications import along

    along.send(companion_id, now=clock.now())


@app.periodic(cron="* * * * *")
@app.task(queue="mail", queueing_lock="ask_after_the_mail_server", pass_context=False)
def ask_after_the_mail_server(timestamp: int) -> None:
    """Know how the server is when nobody has written for a while; the health page tells it."""
    sending.ask_after_the_server(now=clock.now())


@app.periodic(cron="* * * * * */30")
@app.task(queue="timers", queueing_lock="hand_over_follow_ups", pass_context=False)
def hand_over_follow_ups(timestamp: int) -> None:
    """A week and a month after a session: did it help."""
    from quarterhour.notifications import following_up

    following_up.hand_over_all(seconds=30, clock=clock.now)


@app.periodic(cron="*/10 * * * *")
@app.task(queue="timers", queueing_lock="plan_missing_follow_ups", pass_context=False)
def plan_missing_follow_ups(timestamp: int) -> None:
    from quarterhour.notifications import following_up

    following_up.plan_missing(now=clock.now())


@app.periodic(cron="*/2 * * * *")
@app.task(queue="timers", queueing_lock="remind_of_actions", pass_context=False)
def remind_of_actions(timestamp: int) -> None:
    """On the morning of its day, what somebody took on."""
    from quarterhour.notifications import action_reminders

    action_reminders.hand_over_all(now=clock.now())


@app.periodic(cron="*/2 * * * *")
@app.task(queue="timers", queueing_lock="look_back", pass_context=False)
def look_back(timestamp: int) -> None:
    """On the day somebody chose, how their decision turned out."""
    from quarterhour.notifications import deciding

    deciding.hand_over_all(now=clock.now())


@app.periodic(cron="*/5 * * * *")
@app.task(queue="timers", queueing_lock="remind_of_late_reports", pass_context=False)
def remind_of_late_reports(timestamp: int) -> None:
    """Once each: whoever judges hears that a report, or an appeal, should have been looked at by now."""
    from quarterhour.notifications import report_reminders

    report_reminders.hand_over_all(now=clock.now())


@app.periodic(cron="57 * * * *")
@app.task(queue="housekeeping", queueing_lock="forget_old_follow_ups", pass_context=False)
def forget_old_follow_ups(timestamp: int) -> None:
    from quarterhour.notifications import following_up

    following_up.forget_old(now=clock.now())
