"""Who comes along to a session: asked, seen, refused or taken out by either of the two."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from quarterhour.core.errors import NotFound, QuarterhourError
from quarterhour.sessions import companions, queries
from quarterhour.sessions.companions import companion_for, room_for
from quarterhour.sessions.models import MentoringSession
from quarterhour.sessions.room import larger
from quarterhour.web import when
from quarterhour.web.keys import pressed_once


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def along(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who is asked and who comes, a press against each, and one address to ask."""
    session = queries.session_for(pk, visible_to=request.user)
    if request.method != "POST":
        return _page(request, session)
    email = request.POST.get("email", "")

    def act() -> dict:
        companions.bring(session=session, email=email, by=request.user, now=request.now)
        return {}

    try:
        pressed_once(request, "bring along", {"session": pk, "email": email}, act)
    except QuarterhourError as refused:
        return _page(request, session, email=email, refused=refused)
    other = session.other(request.user).first_name
    messages.success(request, f"Asked by mail. {other} is told, and may say no.")
    return redirect("along:along", pk=pk)


@login_required
@require_POST
def out(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One of them does not come along. From the room it is answered in a word, since the call goes on."""
    found = _meant(request, pk)
    companions.take_out(companion=found, by=request.user, now=request.now)
    told = f"{found.called} does not come along."
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"told": told})
    messages.success(request, told)
    return redirect("along:along", pk=pk)


@login_required
@require_POST
def not_coming(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who was to come along says that they do not."""
    session, mine = room_for(pk, visible_to=request.user)
    if mine is None:
        raise NotFound(companions.NOT_HERE)
    companions.take_out(companion=mine, by=request.user, now=request.now)
    messages.success(request, f"{session.mentor.first_name} and {session.mentee.first_name} see that you do not come.")
    return redirect("book:sessions")


def comes_along(request: HttpRequest) -> list[dict]:
    """What the reader comes along to, as rows of their sessions page. One query."""
    return [
        {
            "row": row,
            "other": row.session.other(row.brought_by),
            "day": when.day_label(row.session.starts_at, now=request.now),
            "span": when.span(row.session.starts_at, row.session.ends_at),
        }
        for row in companions.comes_along(request.user, org=request.org, now=request.now)
    ]


def _meant(request: HttpRequest, pk: UUID):
    """By its key, or, from the room, by the person. Raises NotFound."""
    try:
        key = UUID(request.POST.get("companion") or request.POST.get("person", ""))
    except ValueError as error:
        raise NotFound(companions.NOT_HERE) from error
    if request.POST.get("companion"):
        return companion_for(key, session=pk, visible_to=request.user)
    session = queries.session_for(pk, visible_to=request.user)
    found = next((row for row in companions.along(session) if row.person_id == key), None)
    if found is None:
        raise NotFound(companions.NOT_HERE)
    return found


def _page(request: HttpRequest, session: MentoringSession, *, email: str = "", refused: QuarterhourError | None = None):
    rows, most = companions.along(session), larger.most_companions()
    page = {
        "session": session,
        "other": session.other(request.user),
        "at": f"{when.day_label(session.starts_at, now=request.now)}, {when.span(session.starts_at, session.ends_at)}",
        "along": rows,
        "open": session.status == "confirmed" and session.ends_at > request.now,
        "left": most - len(rows),
        "most": larger.WORDS[most],
        "in_all": larger.WORDS[most + 2],
        "larger": larger.is_set_up(),
        "email": email,
        "refused": refused,
    }
    return render(request, "along/along.html", page, status=refused.status if refused else 200)
