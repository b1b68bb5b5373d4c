"""Met elsewhere, or in the room again: both are told, and both calendars show where."""

from __future__ import annotations

from datetime import datetime

from quarterhour.notifications import letters, outgoing
from quarterhour.notifications.letters import Letter, Scene
from quarterhour.notifications.reasons import RELOCATED, Reason
from quarterhour.notifications.words import one_line, shorten
from quarterhour.sessions.events import SessionEvent
from quarterhour.sessions.models import Meets, MentoringSession
from quarterhour.sessions.places import site

LONGEST_PLACE = 60  # characters of a place in a subject


def tell(event: SessionEvent, *, now: datetime) -> None:
    """They meet somewhere else than they were to: both get it for their calendars."""
    session = MentoringSession.objects.within(event.org_id).get(pk=event.session_id)
    reason = Reason(RELOCATED, session.pk, event.sequence)
    outgoing.tell_people(session.org_id, [session.mentee_id, session.mentor_id], reason, now=now)


def letter(scene: Scene) -> Letter:
    session = scene.session
    who = "You" if session.changed_by_id == scene.reader.pk else scene.first
    where = {
        Meets.LINK: f"by another link, at {one_line(site(session.where))}",
        Meets.PLACE: f"in person, {shorten(one_line(session.where), LONGEST_PLACE)}",
    }.get(Meets(session.meets), "in the room here")
    return letters.booked(
        scene,
        subject=scene.subject(f"You meet {scene.first} {where}, {scene.at}"),
        opening=f"{who} changed where you meet: {where}. The time stays.",
        preview=f"{who} changed where you meet: {where}.",
        attached="Where you meet is attached for your calendar.",
    )
