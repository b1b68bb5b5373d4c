"""The link in a mail that asks somebody along: it wants their own account, and looking changes nothing."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from quarterhour.core import links
from quarterhour.core.errors import QuarterhourError
from quarterhour.core.links import LinkSpent
from quarterhour.notifications.reasons import ALONG
from quarterhour.sessions import companions
from quarterhour.sessions.models import Companion
from quarterhour.web import refusals, when
from quarterhour.web.links import pressing

WAY = ("/sessions/", "My sessions")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request, secret: str):
    """Who asks, when, and what one sees and does not; come along, or not."""
    try:
        link = links.used(ALONG, secret) or links.look(ALONG, secret, now=request.now)
        row = _companion(link)
        response = _answered(request, link, row, secret) if request.method == "POST" else _page(request, row)
    except LinkSpent as spent:
        response = pressing.spent(request, spent.told, way=WAY)
    except QuarterhourError as refused:
        response = refusals.refusal(
            request, status=refused.status, title="Not with this account", told=refused.told, way=WAY
        )
    return pressing.unlisted(response)


def _page(request, row: Companion):
    companions.check_is_theirs(row, request.user)
    if row.person_id:
        return redirect("room:lobby", pk=row.session_id)
    session = row.session
    page = {
        "row": row,
        "session": session,
        "other": session.other(row.brought_by),
        "day": when.day_label(session.starts_at, now=request.now),
        "span": when.span(session.starts_at, session.ends_at),
        "place": when.here(),
    }
    return render(request, "links/along.html", page)


def _answered(request, link, row: Companion, secret: str):
    """Pressed twice, it is answered once."""
    if request.POST.get("answer") == "yes":
        done = companions.accept(companion=row, by=request.user, now=request.now)
        if link.used_at is None:
            links.use(ALONG, secret, now=request.now)
        messages.success(request, f"You come along. {done.brought_by.first_name} sees it; the time comes by mail.")
        return redirect("room:lobby", pk=row.session_id)
    companions.decline(companion=row, by=request.user, now=request.now)
    told = f"{row.brought_by.first_name} sees that you do not come. You hear no more of it."
    return render(request, "links/done.html", {"title": "Said.", "told": told, "way": WAY})


def _companion(link) -> Companion:
    """Raises LinkSpent once they are out, or it is gone."""
    rows = Companion.objects.of_every_tenant(because="a link in a mail knows its own row")
    people = ("session__mentor", "session__mentee", "session__org", "org", "brought_by", "person")
    row = rows.in_force().select_related(*people).filter(pk=UUID(link.subject["companion"])).first()
    if row is None or row.session.status != "confirmed":
        raise LinkSpent(companions.GONE)
    return row
