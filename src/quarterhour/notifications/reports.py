"""Reports: whoever judges them hears that one waits; both sides hear what came of it, and nobody who reported.

By mail alone, whatever channels somebody chose: a word in private is no news for a lock screen.
"""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage

from quarterhour.core import links
from quarterhour.notifications import addresses, outgoing, post, report_letters
from quarterhour.notifications.letters import Letter
from quarterhour.notifications.models import SentMail
from quarterhour.notifications.reasons import (
    APPEAL_ANSWERED,
    REPORT_ANSWERED,
    REPORT_APPEALED,
    REPORT_LATE,
    REPORTED,
    WARNED,
    Reason,
)
from quarterhour.trust.events import ReportAnswered, ReportAppealed, ReportMade
from quarterhour.trust.report_models import ON_APPEAL, Outcome, Report, ReportAnswer
from quarterhour.trust.report_rules import appeal_until, judges_of, may_hear_appeal
from quarterhour.trust.reports import TO_BE_TOLD

APPEAL = "appeal"  # the link of somebody who was judged
WAITING = {REPORTED, REPORT_APPEALED, REPORT_LATE}


def tell_who_judges(event: ReportMade, *, now: datetime) -> None:
    """Whoever may judge it: the managers of the organisation, and whoever looks after the installation."""
    made = Report.objects.within(event.org_id).get(pk=event.report_id)
    able = judges_of(made).values_list("pk", flat=True)
    outgoing.mail_people(made.org_id, able, Reason(REPORTED, made.pk, 0), now=now)


def tell_who_decides(event: ReportAppealed, *, now: datetime) -> None:
    """Whoever's turn the appeal is: somebody else than the first, where there is somebody else."""
    made = Report.objects.within(event.org_id).get(pk=event.report_id)
    able = [each.pk for each in judges_of(made) if may_hear_appeal(made, each)]
    outgoing.mail_people(made.org_id, able, Reason(REPORT_APPEALED, made.pk, 0), now=now)


def tell_both(event: ReportAnswered, *, now: datetime) -> None:
    """What came of it: to whoever reported, and the words to the one it is about."""
    made = ReportAnswer.objects.within(event.org_id).select_related("report").get(pk=event.answer_id)
    if made.outcome == Outcome.LIFTED:
        return
    told, why = made.report, Reason(REPORT_ANSWERED, made.pk, 0)
    outgoing.mail_people(made.org_id, [told.reporter_id], why, now=now)
    if made.outcome in TO_BE_TOLD:
        mail = APPEAL_ANSWERED if made.outcome in ON_APPEAL else WARNED
        outgoing.mail_people(made.org_id, [told.about_id], Reason(mail, made.pk, 0), now=now)


def message_for(row: SentMail, *, now: datetime) -> EmailMessage | None:
    """The message as things stand; None for a report that was answered before anybody heard of it."""
    letter = letter_for(row, now=now)
    return letter and post.built(letter, to=row.person.email, message_id=row.message_id, now=now)


def letter_for(row: SentMail, *, now: datetime) -> Letter | None:
    """What is said. Nothing in it shows what was reported, by whom, or in which session. Makes the link to appeal."""
    reason = Reason.read(row.reason)
    if reason.mail in WAITING:
        rows = Report.objects.within(row.org_id).filter(pk=reason.session_id).select_related("org", "appeal")
        again = reason.mail == REPORT_APPEALED or reason.sequence == 1
        waiting = (rows.appealed() if again else rows.open()).first()
        late = reason.mail == REPORT_LATE
        return waiting and report_letters.waiting(waiting, row.person, again=again, late=late)
    made = ReportAnswer.objects.within(row.org_id).select_related("report", "org").get(pk=reason.session_id)
    if reason.mail == WARNED:
        return report_letters.word(made, row.person, appeal=_appeal_link(made, row, now=now))
    if reason.mail == APPEAL_ANSWERED:
        closed = made.report.answers.filter(outcome=Outcome.SUSPENDED).exists()
        return report_letters.appeal_answered(made, is_open=closed and row.person.is_active)
    return report_letters.answered(made)


def _appeal_link(made: ReportAnswer, row: SentMail, *, now: datetime) -> str:
    """It works without signing in, for whose account is closed cannot."""
    subject = {"answer": str(made.pk), "org": str(made.org_id), "person": str(row.person_id)}
    secret = links.secret_of(row.pk, APPEAL)
    lasts = appeal_until(made) - now
    links.make_again({APPEAL: secret}, subject, lasts=lasts, now=now, family=f"{APPEAL} {made.pk.hex}")
    return addresses.by_mail(APPEAL, secret)
