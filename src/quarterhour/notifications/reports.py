"""Reports: whoever judges them hears that one waits; both sides hear what came of it, and nobody who reported.

By mail alone, whatever channels somebody chose: a word in private is no news for a lock screen.
"""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage

from quarterhour.notifications import addresses, outgoing, post
from quarterhour.notifications.letters import Action, Letter
from quarterhour.notifications.models import SentMail
from quarterhour.notifications.reasons import REPORT_ANSWERED, REPORTED, WARNED, Reason
from quarterhour.notifications.words import date_words, one_line, zone_of
from quarterhour.people.models import Membership, Person
from quarterhour.trust.events import ReportAnswered, ReportMade
from quarterhour.trust.report_models import Outcome, Report, ReportAnswer
from quarterhour.trust.reports import TO_BE_TOLD, WITHIN


def tell_who_judges(event: ReportMade, *, now: datetime) -> None:
    """Whoever may judge it: the managers of the organisation, and whoever looks after the installation."""
    made = Report.objects.within(event.org_id).get(pk=event.report_id)
    managers = Membership.objects.filter(org=event.org_id, role=Membership.Role.MANAGER).values("person")
    judges = Person.objects.filter(pk__in=managers) | Person.objects.filter(is_operator=True)
    able = judges.filter(is_active=True).exclude(pk__in=[made.reporter_id, made.about_id])
    outgoing.mail_people(made.org_id, able.values_list("pk", flat=True), Reason(REPORTED, made.pk, 0), now=now)


def tell_both(event: ReportAnswered, *, now: datetime) -> None:
    """What came of it: to whoever reported, and the words to the one it is about."""
    made = ReportAnswer.objects.within(event.org_id).select_related("report").get(pk=event.answer_id)
    if made.outcome == Outcome.LIFTED:
        return
    told, why = made.report, Reason(REPORT_ANSWERED, made.pk, 0)
    outgoing.mail_people(made.org_id, [told.reporter_id], why, now=now)
    if made.outcome in TO_BE_TOLD:
        outgoing.mail_people(made.org_id, [told.about_id], Reason(WARNED, made.pk, 0), now=now)


def message_for(row: SentMail, *, now: datetime) -> EmailMessage | None:
    """The message as things stand; None for a report that was answered before anybody heard of it."""
    letter = letter_for(row, now=now)
    return letter and post.built(letter, to=row.person.email, message_id=row.message_id, now=now)


def letter_for(row: SentMail, *, now: datetime) -> Letter | None:
    """What is said. Nothing in it shows what was reported, by whom, or in which session."""
    reason = Reason.read(row.reason)
    if reason.mail == REPORTED:
        waiting = Report.objects.within(row.org_id).open().filter(pk=reason.session_id).select_related("org").first()
        return waiting and _waiting(waiting, row)
    made = ReportAnswer.objects.within(row.org_id).select_related("report", "org").get(pk=reason.session_id)
    return _word(made, row) if reason.mail == WARNED else _answered(made, row)


def _waiting(made: Report, row: SentMail) -> Letter:
    zone = zone_of(row.person.zone)
    until = date_words(made.made_at + WITHIN, zone, now=made.made_at)
    return Letter(
        subject="A report waits for you",
        preview=f"Somebody at {one_line(made.org.name)} reported somebody. Answer it by {until}.",
        day=one_line(made.org.name),
        headline="A report waits for you.",
        where=f"What there was to see is kept with it. Answer it by {until}.",
        actions=(Action("Read it", addresses.report(made.pk), primary=True),),
        foot=("The link asks you to sign in if you are not.", "You get this because you judge reports here."),
    )


def _answered(made: ReportAnswer, row: SentMail) -> Letter:
    acted = made.outcome in TO_BE_TOLD
    came = "We acted on it. How stays between us and them." if acted else "We found that no rule was broken."
    return Letter(
        subject="What you reported was looked into",
        preview=came,
        day=one_line(made.org.name),
        headline="What you reported was looked into.",
        where=came,
        actions=(Action("My sessions", addresses.sessions()),),
        foot=("The link asks you to sign in if you are not.", "You get this because you reported something."),
    )


def _word(made: ReportAnswer, row: SentMail) -> Letter:
    closed = made.outcome == Outcome.SUSPENDED
    headline = "Your account is closed." if closed else "A word in private."
    return Letter(
        subject=headline.rstrip("."),
        preview=made.words.partition("\n")[0],
        day=one_line(made.org.name),
        headline=headline,
        where=made.words,
        foot=(
            "Somebody read what there was, and decided this. If it is a mistake, answer whoever runs this place."
            if closed
            else "Somebody read what there was, and decided this. Nobody else is told.",
        ),
    )
