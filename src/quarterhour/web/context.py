"""What stands around every page: the four words, my time and zone, and me."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from quarterhour.core import clock

# Words, icon, address, and the pages at which the word is the current one.
ASKING = (
    ("Ask", "pen-line", "ask:ask", ("ask:", "match:", "assist:")),
    ("Sessions", "calendar", "book:sessions", ("book:", "room:", "advice:")),
    ("Decide", "scale", "advice:decide", ("advice:decide",)),
    ("Network", "waypoints", "network:home", ("network:",)),
)
HELPING = (
    ("Today", "clock", "mentor:today", ("mentor:",)),
    ("Sessions", "calendar", "book:sessions", ("book:", "room:", "advice:")),
    ("Availability", "clock", "availability:week", ("availability:",)),
    ("Profile", "file-text", "people:profile", ("people:",)),
)
THEMES = ("light", "dark")


def surroundings(request) -> dict:
    """For every template: navigation, here, home_url, sign_in_url, me_url, theme.

    The database is asked when the navigation is drawn, not before.
    """
    return {
        "navigation": SimpleLazyObject(lambda: navigation(request)),
        "here": here(request),
        "home_url": address("front:home") or "/",
        "sign_in_url": address("people:sign_in"),
        "me_url": address("people:profile"),
        "theme": theme if (theme := request.COOKIES.get("theme")) in THEMES else "",
    }


def here(request) -> dict:
    """The reader's own time: when (aware, in their zone), zone ("Europe/Lisbon"), zone_label ("Lisbon")."""
    zone = timezone.get_current_timezone()
    when = getattr(request, "now", None) or clock.now()
    name = zone.key if isinstance(zone, ZoneInfo) else "UTC"
    return {
        "when": when.astimezone(zone),
        "zone": name,
        "zone_label": name.rpartition("/")[2].replace("_", " "),
    }


def navigation(request) -> list[dict]:
    """The words of the side this page is on, as label, icon, url, current and count.

    Nobody who is not signed in gets any. A page that does not exist is not linked. current: "page" on
    the page itself, "true" within its part of the product, or "". count: what waits there, or None;
    a page that knows better puts it in.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    match = request.resolver_match
    view = match.view_name if match else ""
    words = [word for word in (HELPING if helping(user, view) else ASKING) if address(word[2])]
    at = max(
        (prefix for *_, prefixes in words for prefix in prefixes if view.startswith(prefix)),
        key=len,
        default="",
    )
    return [
        {
            "label": label,
            "icon": icon,
            "url": address(name),
            "current": "page" if view == name else "true" if at in prefixes else "",
            "count": None,
        }
        for label, icon, name, prefixes in words
    ]


def helping(person, view: str) -> bool:
    """Whether this page is on the side of those who help. Pages for both sides follow the person."""
    space = view.partition(":")[0]
    if space in {"mentor", "availability"}:
        return True
    if space in {"ask", "match", "assist", "advice", "network"}:
        return False
    return person.profiles.filter(is_mentor=True).exists()


def address(name: str) -> str:
    """The address of a page, or nothing where there is no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
