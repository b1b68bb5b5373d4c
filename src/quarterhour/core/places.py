"""Where two people can meet: in the room here, by a link of their own, or in person; and what such a link may be."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.db import models

from quarterhour.core.errors import Invalid
from quarterhour.core.text import clean


class Meets(models.TextChoices):
    """Where the two see each other; what the room keeps beside it is the same."""

    ROOM = "room", "in the room here"
    LINK = "link", "by another link"
    PLACE = "place", "in person"


LONGEST = {Meets.LINK: 400, Meets.PLACE: 200}
NO_LINK = "That is no address of a meeting. It begins with https:// and names a site, such as https://meet.example/abc."


def checked(meets: str, where: str) -> dict[str, str]:
    """`meets` and `where` as they are kept; the room for a word we do not know. Raises Invalid as `as_written` does."""
    return {"meets": Meets(meets) if meets in Meets.values else Meets.ROOM, "where": as_written(meets, where)}


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
