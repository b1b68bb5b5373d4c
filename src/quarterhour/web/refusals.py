"""Pages for what cannot be done: what happened, and one way on."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.models import AnonymousUser
from django.db import InterfaceError, OperationalError
from django.shortcuts import render

BUSY = "We are very busy for a moment. Your words are kept where you typed them. Try again in a few seconds."


def refusal(request, *, status: int, title: str, told: str, way: tuple[str, str] | None = None):
    """A small page with the sentence, and a link onwards as (address, words)."""
    if getattr(request, "htmx", False):
        response = render(request, "components/note.html", {"kind": "differ", "told": told}, status=status)
        response["HX-Retarget"], response["HX-Reswap"] = "#notices", "innerHTML"
        return response
    way = way or ("/", "Back to the start")
    return render(request, "refusal.html", {"title": title, "told": told, "way": way}, status=status)


def is_away(error: BaseException | None) -> bool:
    """Whether this error says that the database cannot be asked at the moment."""
    return isinstance(error, OperationalError | InterfaceError)


def unavailable(request):
    """The page of the minutes without a database. Nothing on it asks for one."""
    way = (request.get_full_path(), "Try again") if request.method == "GET" else None
    with _nobody(request):
        response = refusal(request, status=503, title="One moment", told=BUSY, way=way)
    response["Retry-After"] = "5"
    return response


@contextmanager
def _nobody(request) -> Iterator[None]:
    """The request as if nobody were signed in. Afterwards it is whose it was: nobody is signed out by an outage."""
    names = ("user", "session", "_messages")
    known = {name: getattr(request, name) for name in names if hasattr(request, name)}
    request.user, request._messages = AnonymousUser(), []  # noqa: SLF001 - where Django keeps them
    if "session" in known:
        request.session = type(known["session"])()
    try:
        yield
    finally:
        for name, value in known.items():
            setattr(request, name, value)


def csrf(request, reason=""):
    told = "This page was open too long, or cookies are off. Reload it, and send it again: what you wrote is kept."
    return refusal(request, status=403, title="Please reload the page", told=told)


def not_found(request, exception=None):
    told = "There is nothing at this address, or it is not yours to see."
    return refusal(request, status=404, title="Not here", told=told)


def forbidden(request, exception=None):
    return refusal(request, status=403, title="Not for you", told="This page belongs to somebody else.")


def bad_request(request, exception=None):
    told = "We could not read that. Go back, reload the page, and try again."
    return refusal(request, status=400, title="That did not arrive well", told=told)


def broken(request):
    if is_away(sys.exc_info()[1]):
        return unavailable(request)
    told = "That was us, not you. It is written down; your words are saved where you typed them. Try again in a minute."
    return refusal(request, status=500, title="Something broke", told=told)
