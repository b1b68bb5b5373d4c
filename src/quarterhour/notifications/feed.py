"""A person's sessions, and the days of what they took on, as a calendar that programs ask for again and again."""

from __future__ import annotations

from datetime import datetime, timedelta

from icalendar import Calendar, vDuration

from quarterhour.advice import actions
from quarterhour.notifications import action_entries, invitations
from quarterhour.people.models import Person
from quarterhour.sessions.models import MentoringSession, Status

BACK = timedelta(days=60)
MOST = 500
SHOWN = (Status.CONFIRMED, Status.ASKED, Status.ENDED)


def written(person: Person, *, busy_only: bool, now: datetime) -> bytes:
    """The feed: what was in the last two months and what is to come, from every organisation. Three queries.

    busy_only: neither names nor questions nor addresses, only when; and no actions, for which nobody is busy. The same
    sessions and actions give the same bytes.
    """
    calendar = invitations.empty_calendar()
    calendar.add("x-wr-calname", "Quarterhour, busy" if busy_only else "Quarterhour")
    every = vDuration(timedelta(minutes=15))
    every.params["VALUE"] = "DURATION"
    calendar.add("refresh-interval", every)
    calendar.add("x-published-ttl", "PT15M")
    for session in sessions_of(person, now=now):
        add(calendar, session, person, busy_only=busy_only)
    if not busy_only:
        for action in actions.dated(person, since=(now - BACK).date())[:MOST]:
            calendar.add_component(action_entries.day_of(action, person))
    return calendar.to_ical()


def sessions_of(person: Person, *, now: datetime) -> list[MentoringSession]:
    rows = MentoringSession.objects.visible_to(person).filter(status__in=SHOWN, span__endswith__gt=now - BACK)
    return list(rows.select_related("mentor", "mentee", "need").order_by("span", "pk")[:MOST])


def add(calendar: Calendar, session: MentoringSession, person: Person, *, busy_only: bool) -> None:
    """One session as its owner's calendar shows it; a request nobody has answered is tentative."""
    # The stamp is the session's own, so that the same sessions give the same bytes.
    told = invitations.for_person(session, person, now=session.created_at)
    event = invitations.bare_event(told) if busy_only else invitations.event_of(told, invitations.PUBLISH, remind=False)
    if session.status == Status.ASKED:
        event["status"] = "TENTATIVE"
    calendar.add_component(event)
