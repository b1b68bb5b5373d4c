"""Where two people meet: in the room here, by a link of their own, or in person. Either of them may say so."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction

from quarterhour.core.errors import Invalid
from quarterhour.core.text import clean
from quarterhour.people.models import Person
from quarterhour.sessions import claims, rules, services
from quarterhour.sessions.events import SessionRelocated
from quarterhour.sessions.models import Meets, MentoringSession, Status

LONGEST = {Meets.LINK: 400, Meets.PLACE: 200}
NO_LINK = "That is no address of a meeting. It begins with https:// and names a site, such as https://meet.example/abc."


@transaction.atomic
def meet(*, session: MentoringSession, meets: str, where: str, by: Person, now: datetime) -> MentoringSession:
    """The two meet there from now on, and both hear so. What it is already is no news.

    Raises NotFound for strangers, Invalid with the field for an address that is none, WrongState unless it is booked
    and not over.
    """
    rules.check_party(by, session)
    meets, where = Meets(meets) if meets in Meets.values else Meets.ROOM, as_written(meets, where)
    claims.lock_people(session.mentor_id, session.mentee_id)
    rows = MentoringSession.objects.within(session.org_id).select_for_update(of=("self",), no_key=True)
    session = rows.select_related("mentor", "mentee").get(pk=session.pk)
    rules.check_is(session, Status.CONFIRMED)
    if session.ends_at <= now:
        raise rules.WrongState(rules.SAID[Status.ENDED])
    if (session.meets, session.where) == (meets, where):
        return session
    return services.change_booked(session, SessionRelocated, by=by, now=now, meets=meets, where=where)


def as_written(meets: str, where: str) -> str:
    """The link or the place as it is kept. Raises Invalid, which names the field that is wrong."""
    if meets not in {Meets.LINK, Meets.PLACE}:
        return ""
    where = " ".join(clean(where).split())
    longest = LONGEST[Meets(meets)]
    if len(where) > longest:
        told = f"That is {len(where)} characters long. {longest} are enough for it."
        raise Invalid(told, fields={meets: told})
    if meets == Meets.LINK:
        return _checked(where)
    if not where:
        told = "Say where: a street and a house, or how to find each other."
        raise Invalid(told, fields={meets: told})
    return where


def site(where: str) -> str:
    """The site a link leads to, as people read it."""
    return urlsplit(where).hostname or where


def _checked(link: str) -> str:
    """An address that a browser opens as a page of a site, with nobody's name or password in it."""
    try:
        parts = urlsplit(link)
        host = parts.hostname if parts.scheme == "https" and parts.port != 0 else ""
    except ValueError:
        host = ""
    if not host or "." not in host.strip(".") or any(each in link for each in ' \\"<>') or "@" in parts.netloc:
        raise Invalid(NO_LINK, fields={Meets.LINK: NO_LINK})
    return link
