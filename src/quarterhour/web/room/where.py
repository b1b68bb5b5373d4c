"""Where the two meet: shown beside the session, and changed by either of them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from quarterhour.core.errors import Invalid
from quarterhour.sessions import places, queries
from quarterhour.sessions.models import Meets, MentoringSession
from quarterhour.web import when

KINDS = (
    (Meets.ROOM, "In the room here"),
    (Meets.LINK, "By another link"),
    (Meets.PLACE, "In person"),
)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def where(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Choose the room, another link or a place; the other one is told, and both calendars follow."""
    session = queries.session_for(pk, visible_to=request.user)
    if request.method != "POST":
        return _page(request, session, {"meets": session.meets, session.meets: session.where})
    given = {name: request.POST.get(name, "") for name in ("meets", Meets.LINK, Meets.PLACE)}
    words = given.get(given["meets"], "") if given["meets"] != "meets" else ""
    try:
        places.meet(session=session, meets=given["meets"], where=words, by=request.user, now=request.now)
    except Invalid as refused:
        return _page(request, session, given, refused=refused)
    messages.success(request, f"{session.other(request.user).first_name} is told, and both calendars follow.")
    return redirect("book:booked", pk=pk)


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
