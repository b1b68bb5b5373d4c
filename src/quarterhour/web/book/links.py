"""Links that put a session into somebody's calendar without a mail."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from quarterhour.engines.understand import short_question


def calendar_links(session, person, *, now) -> dict[str, str]:
    """Addresses for Google's and Outlook's web calendars, and our own file for everybody else's."""
    other = session.other(person)
    title = f"Quarterhour with {other.called}"
    question = short_question(session.need.text, limit=200) if session.need else ""
    room = settings.SITE_URL + reverse("room:lobby", args=[session.pk])
    where = session.where or room
    told = "\n\n".join(part for part in (question, session.where, room) if part)
    google = {
        "action": "TEMPLATE",
        "text": title,
        "dates": f"{session.starts_at:%Y%m%dT%H%M%SZ}/{session.ends_at:%Y%m%dT%H%M%SZ}",
        "details": told,
        "location": where,
    }
    outlook = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": title,
        "startdt": f"{session.starts_at:%Y-%m-%dT%H:%M:%SZ}",
        "enddt": f"{session.ends_at:%Y-%m-%dT%H:%M:%SZ}",
        "body": told,
        "location": where,
    }
    return {
        "google": "https://calendar.google.com/calendar/render?" + urlencode(google),
        "outlook": "https://outlook.office.com/calendar/0/deeplink/compose?" + urlencode(outlook),
        "file": reverse("book:calendar_file", args=[session.pk]),
    }
