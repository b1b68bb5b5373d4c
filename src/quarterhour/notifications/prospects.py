"""The mail that somebody can help with a question that waits."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from functools import partial

from django.db import transaction

from quarterhour.core import links
from quarterhour.engines.understand import short_question
from quarterhour.needs.events import ProspectFound
from quarterhour.needs.models import Prospect
from quarterhour.notifications import addresses, post
from quarterhour.notifications.letters import LONGEST_QUOTE, LONGEST_SUBJECT, Action, Letter, Line
from quarterhour.notifications.models import SentMail
from quarterhour.notifications.reasons import Reason
from quarterhour.notifications.words import one_line, shorten, until_words, zone_of
from quarterhour.people.models import Profile
from quarterhour.people.queries import is_blocked

FOUND, STOP = "found", "stop-waiting"


def tell_who_waits(event: ProspectFound, *, now: datetime) -> None:
    """One mail for one question and mentor; running twice writes one row."""
    from quarterhour.notifications import tasks

    prospect = _prospect(event.prospect_id, org_id=event.org_id)
    if prospect is None:
        return
    reason, reader = str(Reason(FOUND, prospect.pk, 0)), prospect.waiting.need.mentee
    row = SentMail(org_id=event.org_id, person=reader, reason=reason, made_at=now, due_at=now)
    row.message_id = post.message_id(row.pk)
    SentMail.objects.bulk_create([row], ignore_conflicts=True)
    kept = SentMail.objects.within(event.org_id).open().filter(person=reader, reason=reason)
    for pk in kept.values_list("pk", flat=True):
        # The worker defers on a connection of its own: a job made before the row commits would find no mail.
        transaction.on_commit(partial(tasks.send_mail.defer, mail_id=str(pk)))


def message_for(row: SentMail, *, now: datetime) -> EmailMessage | None:
    """The message as things stand; None once it is no longer true: closed, over, stopped, or the mentor is gone."""
    prospect = _prospect(Reason.read(row.reason).session_id, org_id=row.org_id)
    if prospect is None or not row.person.is_active:
        return None
    waiting, mentor = prospect.waiting, prospect.mentor
    profiles = Profile.objects.within(row.org_id).mentors().not_paused(now.date())
    profile = profiles.filter(person=mentor).select_related("person").first()
    stopped = waiting.stopped_at and waiting.stopped_at > prospect.found_at
    over = waiting.need.closed_at or waiting.until <= now or stopped
    if profile is None or over or is_blocked(row.person, mentor):
        return None
    subject = {"waiting": str(waiting.pk), "person": str(row.person_id)}
    secret = links.make(STOP, subject, lasts=waiting.until - now, now=now)
    letter = found(prospect, profile, stop=addresses.by_mail(STOP, secret), now=now)
    return post.built(letter, to=row.person.email, message_id=row.message_id, now=now)


def found(prospect: Prospect, profile: Profile, *, stop: str, now: datetime) -> Letter:
    """What the mail says. stop: the address at which one press ends the waiting."""
    waiting, mentor = prospect.waiting, prospect.mentor
    need, first = waiting.need, one_line(mentor.first_name)
    until = until_words(waiting.until, zone_of(need.mentee.zone), now=now)
    about = one_line(profile.headline or profile.role)
    return Letter(
        subject=shorten(one_line(f"{first} can help: {short_question(need.text)}"), LONGEST_SUBJECT),
        preview="Your question was waiting for somebody. Choose a time while there is one.",
        day="Your question was waiting for somebody",
        headline=f"{first} can help.",
        where=f"{one_line(mentor.called)}{f': {about}' if about else ''}",
        quote=shorten(need.text, LONGEST_QUOTE),
        actions=(
            Action(f"See {first}", f"{addresses.people_for(need)}#m-{mentor.pk}", primary=True),
            Action("Stop telling me", stop),
        ),
        below=(Line("Nothing is booked yet: the times are yours to choose, as long as they are free."),),
        foot=(
            f"The first link asks you to sign in if you are not. The other works once, only for you, until {until}.",
            f"You get this because you asked to hear when somebody can, at {one_line(need.org.name)}.",
        ),
    )


def _prospect(pk, *, org_id) -> Prospect | None:
    rows = Prospect.objects.within(org_id).select_related("mentor", "waiting__need__mentee", "waiting__need__org")
    return rows.filter(pk=pk).first()
