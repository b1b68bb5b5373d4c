"""What stands around every page: the four words, my time and zone, and me."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from quarterhour.core import clock
from quarterhour.people.queries import manages

# Words, icon, address, and the pages at which the word is the current one.
ASK = ("Ask", "pen-line", "ask:ask", ("ask:", "match:", "assist:", "knowledge:"))
SESSIONS = ("Sessions", "calendar", "book:sessions", ("book:", "room:", "advice:", "actions:", "kept:kept"))
TODAY = ("Today", "clock", "mentor:today", ("mentor:",))
HOURS = ("Availability", "calendar-plus", "availability:week", ("availability:", "calendars:"))
PROFILE = ("Profile", "file-text", "people:profile", ("people:",))
DECIDE = ("Decide", "scale", "decide:decisions", ("decide:",))
NETWORK = ("Network", "waypoints", "network:home", ("network:",))
PROGRAM = ("Program", "building-2", "program:home", ("program:", "kept:appeals", "reports:"))
HEALTH = ("Health", "activity", "operate:health", ("operate:", "reports:"))
# Four words for each role, the first one being where they begin.
WORDS = {
    "mentee": (ASK, SESSIONS, DECIDE, NETWORK),
    "mentor": (TODAY, ASK, SESSIONS, HOURS),
    "manager": (PROGRAM, ASK, SESSIONS, PROFILE),
    "operator": (HEALTH, ASK, SESSIONS, PROFILE),
}
THEMES = ("light", "dark")


def surroundings(request) -> dict:
    """For every template: navigation, here, home_url, sign_in_url, me_url, theme; in a
    demo also post_url and town_url.

    The database is asked when the navigation is drawn, not before.
    """
    return {
        "navigation": SimpleLazyObject(lambda: navigation(request)),
        "here": here(request),
        "home_url": address("front:home") or "/",
        "sign_in_url": address("people:sign_in"),
        "me_url": address("people:profile"),
        "post_url": address("demo:post") if settings.DEMO else "",
        "town_url": address("demo:who") if settings.DEMO else "",
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
    """The words of this person's role, as label, icon, url, current and count.

    Nobody who is not signed in, or belongs nowhere, gets any. A page that does not exist is not linked.
    current: "page" on the page itself, "true" within its part of the product, or "". count: what waits there,
    or None; a page that knows better puts it in.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or not (user.places or user.is_operator):
        return []
    match = request.resolver_match
    view = match.view_name if match else ""
    words = [word for word in WORDS[role_of(user, request.org)] if address(word[2])]
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


def role_of(person, org) -> str:
    """What a person is here above all, as a key of WORDS."""
    if person.is_operator:
        return "operator"
    if manages(person, org):
        return "manager"
    return "mentor" if person.profiles.filter(org=org, is_mentor=True).exists() else "mentee"


def address(name: str) -> str:
    """The address of a page, or nothing where there is no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
