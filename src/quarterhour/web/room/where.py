"""Where the two meet: shown beside the session, and changed by either of them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from quarterhour.availability.queries import usual_place
from quarterhour.core.errors import Invalid
from quarterhour.core.places import checked
from quarterhour.sessions import places, queries
from quarterhour.sessions.models import Meets, MentoringSession
from quarterhour.sessions.usual import USUAL
from quarterhour.web import when

KINDS = (
    (Meets.ROOM.value, "In the room here"),
    (Meets.LINK.value, "By another link"),
    (Meets.PLACE.value, "In person"),
)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def where(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Choose the room, another link or a place; the other one is told, and both calendars follow."""
    session = queries.session_for(pk, visible_to=request.user)
    if request.method != "POST":
        return _page(request, session, {"meets": session.meets, session.meets: session.where})
    given = sent(request)
    try:
        places.meet(session=session, **chosen(given), by=request.user, now=request.now)
    except Invalid as refused:
        return _page(request, session, given, refused=refused)
    messages.success(request, f"{session.other(request.user).first_name} is told, and both calendars follow.")
    return redirect("book:booked", pk=pk)


def sent(request: HttpRequest) -> dict[str, str]:
    """The fields of room/where_fields.html as they were sent."""
    return {name: request.POST.get(name, "") for name in ("meets", Meets.LINK, Meets.PLACE)}


def chosen(given: dict[str, str]) -> dict[str, str]:
    """What was chosen, with the words that belong to it: `meets` and `where`."""
    meets = given["meets"]
    return {"meets": meets, "where": given[meets] if meets in {Meets.LINK, Meets.PLACE} else ""}


def fields_for(session: MentoringSession, given: dict[str, str] | None) -> dict:
    """The choice while a time is being booked: what its mentor usually does is chosen already. A query.

    given: what was sent before, and refused. Of the mentor's own link only the site is shown before it is booked.
    """
    usual, first = usual_place(session.mentor_id, org_id=session.org_id), session.mentor.first_name
    kinds, shown = list(KINDS), "in the room here"
    if usual["meets"] != Meets.ROOM:
        shown = f"at {places.site(usual['where'])}" if usual["meets"] == Meets.LINK else usual["where"]
        kinds.insert(0, (USUAL, f"As {first} usually does: {shown}"))
    return {
        "kinds": kinds,
        "given": given or {"meets": kinds[0][0]},
        "shown": shown,
        "refused": _refused(given),
    }


def _refused(given: dict[str, str] | None) -> Invalid | None:
    """Why what was sent before was refused, where it was for its address."""
    try:
        checked(**chosen(given)) if given else None
    except Invalid as refused:
        return refused
    return None


def told(session: MentoringSession) -> dict[str, str]:
    """Where they meet, for a page: `words`, and `url` where it is an address; nothing for the room here."""
    if session.meets == Meets.LINK:
        return {"words": places.site(session.where), "url": session.where}
    return {"words": session.where} if session.meets == Meets.PLACE else {}


def _page(request: HttpRequest, session: MentoringSession, given: dict, *, refused: Invalid | None = None):
    page = {
        "session": session,
        "other": session.other(request.user),
        "at": f"{when.day_label(session.starts_at, now=request.now)}, {when.span(session.starts_at, session.ends_at)}",
        "kinds": KINDS,
        "given": given,
        "refused": refused,
    }
    return render(request, "room/where.html", page, status=refused.status if refused else 200)
