"""What a page of the room tells its script: addresses, people, hours, time boxes, and a ticket."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from quarterhour.engines.agenda import cue_at, time_boxes
from quarterhour.engines.attendance import GRACE, WAITED
from quarterhour.people.models import Person
from quarterhour.sessions import rules
from quarterhour.sessions.models import Companion, MentoringSession
from quarterhour.sessions.room import hearing, tickets

WORDS = {
    "context": ("Context", "What is going on, in a few sentences"),
    "dig": ("Dig", "What is behind it, and what was tried"),
    "options": ("Options", "At least two, with what each costs"),
    "commit": ("Commit", "What happens next, and by when"),
}


def boxes(session: MentoringSession) -> list[dict]:
    """The agenda with its words: name, label, words, starts and minutes."""
    rows = []
    for box in time_boxes(session.minutes):
        label, words = WORDS[box.name]
        rows.append({"name": box.name, "label": label, "words": words, "starts": box.starts, "minutes": box.minutes})
    return rows


def boot(
    session: MentoringSession, me: Person, mine: Companion | None = None, *, place: str, login: str, now: datetime
) -> dict:  # fmt: skip
    """The script's beginning. Times are milliseconds since 1970; `place` is "early", "lobby" or "room".

    mine: what lets somebody in who comes along. Of two who negotiate a connection the mentee is polite, and of a pair
    with a companion whoever has the later key.
    """
    other = mine.brought_by if mine else session.other(me)
    lobby = reverse("room:lobby", args=[session.pk])
    return {
        "place": place,
        "elsewhere": session.is_elsewhere,
        "session": str(session.pk),
        "me": _person(me),
        "other": _person(other),
        "along": bool(mine),
        "polite": str(me.pk) > str(other.pk) if mine else me.pk == session.mentee_id,
        "zone": timezone.get_current_timezone_name(),
        "now": _ms(now),
        "opens": _ms(rules.lobby_opens(session)),
        "starts": _ms(session.starts_at),
        "ends": _ms(session.ends_at),
        "closes": _ms(rules.lobby_closes(session)),
        "grace": _seconds(GRACE),
        "waited": _seconds(WAITED),
        "more": settings.POLICY["more"],
        "boxes": boxes(session),
        "cue": cue_at(session.minutes),
        "hears": hearing.host(),
        "hearsHere": hearing.is_here(session),
        "socket": f"{settings.REALTIME_URL}/room/{session.pk}",
        "ticket": tickets.make(person=me, session_id=session.pk, now=now, login=login) if place != "early" else "",
        "urls": {
            "lobby": lobby,
            "room": reverse("room:room", args=[session.pk]),
            "ticket": reverse("room:ticket", args=[session.pk]),
            "card": reverse("book:sessions") if mine else reverse("advice:card", args=[session.pk]),
            "out": reverse("along:out", args=[session.pk]),
            "sessions": reverse("book:sessions"),
            "sign_in": f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': lobby})}",
        },
    }


def _person(person: Person) -> dict[str, str]:
    return {"id": str(person.pk), "name": person.called, "first": person.first_name}


def _seconds(length: timedelta) -> int:
    return int(length.total_seconds())


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
