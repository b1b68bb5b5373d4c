"""Pages for what cannot be done: what happened, and one way on."""

from __future__ import annotations

from django.shortcuts import render


def refusal(request, *, status: int, title: str, told: str, way: tuple[str, str] | None = None):
    """A small page with the sentence, and a link onwards as (address, words)."""
    if getattr(request, "htmx", False):
        response = render(request, "components/note.html", {"kind": "differ", "told": told}, status=status)
        response["HX-Retarget"], response["HX-Reswap"] = "#notices", "innerHTML"
        return response
    way = way or ("/", "Back to the start")
    return render(request, "refusal.html", {"title": title, "told": told, "way": way}, status=status)


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
    told = "That was us, not you. It is written down; your words are saved where you typed them. Try again in a minute."
    return refusal(request, status=500, title="Something broke", told=told)
