"""The word to a mentor who was taken off call: why, and how to go on call again. Never to one who went themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

from django.conf import settings

from quarterhour.matching.models import OnCall
from quarterhour.matching.now.events import OnCallEnded
from quarterhour.matching.now_models import DEAF
from quarterhour.notifications import addresses, outgoing, post
from quarterhour.notifications.letters import Action, Letter, Line
from quarterhour.notifications.models import Outgoing, SentMail
from quarterhour.notifications.reasons import OFF_CALL, Reason
from quarterhour.notifications.words import clock_time, counted, lasting, one_line, place, zone_of
from quarterhour.people.models import Profile


@dataclass(frozen=True)
class Why:
    """What happened, and what to do about it."""

    happened: str
    so: str


UNHEARD = (
    "Whoever asked was passed on to the next, so nobody is waiting for you. It says nothing about you: we only "
    "stop ringing where nobody hears it."
)
AWAY = "To be on call without a page, let a browser or a phone of yours hear of bookings, and go on call then."


def unheard() -> str:
    """That so many rings as take somebody off call found nobody, by the policy in force."""
    misses = settings.POLICY["on_call_misses"]
    rings = f"{counted(misses, 'ring')} in a row" if misses > 1 else "A ring"
    return f"{rings[0].upper()}{rings[1:]} found nobody."


def why_of(call: OnCall) -> Why:
    """What ended it, in the measures of the policy in force."""
    silent = round(settings.POLICY["on_call_silent"] / 60)
    if call.why == DEAF:
        return Why(unheard(), UNHEARD)
    return Why(f"No page of yours was open for {lasting(silent)}, so a ring would have found nobody.", AWAY)


def tell(event: OnCallEnded, *, now: datetime) -> None:
    """One mail, and a notice for each of their devices; running twice writes nothing more."""
    row = OnCall.objects.within(event.org_id).filter(mentor=event.mentor_id).first()
    if row is not None and _number(row) == event.since:
        why = Reason(OFF_CALL, row.pk, event.since)
        outgoing.tell_people(event.org_id, [event.mentor_id], why, now=now)


def message_for(row: SentMail, *, now: datetime) -> EmailMessage | None:
    """The message as things stand; None once they are on call again."""
    letter = letter_for(row, now=now)
    return letter and post.built(letter, to=row.person.email, message_id=row.message_id, now=now)


def letter_for(row: Outgoing, *, now: datetime) -> Letter | None:
    """What is said. None for whoever went on call again meanwhile, is away, or offers no time any more."""
    reason = Reason.read(row.reason)
    call = OnCall.objects.within(row.org_id).filter(pk=reason.session_id, until__lte=now).select_related("org").first()
    if call is None or _number(call) != reason.sequence or not row.person.is_active:
        return None
    offers = Profile.objects.within(row.org_id).mentors().not_paused(now.date()).filter(person=row.person_id)
    if not offers.exists():
        return None
    why, zone = why_of(call), zone_of(row.person.zone)
    return Letter(
        subject="You are off call",
        preview=f"{why.happened} One press puts you on call again.",
        day=f"{clock_time(call.until, zone)}, {place(zone)} time",
        headline="You are off call.",
        where=why.happened,
        actions=(
            Action("Go on call again", addresses.on_call(), primary=True),
            Action("What reaches me", addresses.wishes()),
        ),
        below=(Line(why.so), Line("What is booked stays booked.")),
        foot=(
            "The links ask you to sign in if you are not.",
            f"You get this because you were on call at {one_line(call.org.name)}, and did not end it yourself.",
        ),
    )


def _number(call: OnCall) -> int:
    """The second at which it began tells this time on call from the next one."""
    return int(call.since.timestamp())
