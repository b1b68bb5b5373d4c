"""More time by consent: both calendars follow, by a mail that is read when it is over, so it says little."""

from __future__ import annotations

from datetime import datetime

from quarterhour.notifications import addresses, outgoing
from quarterhour.notifications.letters import LONGEST_QUOTE, Action, Letter, Scene
from quarterhour.notifications.reasons import LONGER, Reason
from quarterhour.notifications.words import clock_time, shorten
from quarterhour.sessions.events import SessionEvent
from quarterhour.sessions.models import MentoringSession


def send_new_end(event: SessionEvent, *, now: datetime) -> None:
    """Both agreed: both get the new end for their calendars."""
    session = MentoringSession.objects.within(event.org_id).get(pk=event.session_id)
    reason = Reason(LONGER, session.pk, event.sequence)
    outgoing.tell_people(session.org_id, [session.mentee_id, session.mentor_id], reason, now=now)


def letter(scene: Scene) -> Letter:
    until = clock_time(scene.session.ends_at, scene.zone)
    return Letter(
        subject=scene.subject(f"Until {until} with {scene.first}"),
        preview="You both agreed to more time. Your calendar follows.",
        day=scene.day,
        headline=scene.span,
        where=f"You and {scene.first} agreed to more time, until {until}.",
        quote=shorten(scene.question, LONGEST_QUOTE),
        actions=(Action("Back to the room", addresses.room(scene.session), primary=True),),
        foot=("The new end is attached for your calendar.", scene.why),
    )
