"""Reporting the other of the two: a page of its own, and the same form as a dialog in the room."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from quarterhour.core.errors import Invalid, NotFound, QuarterhourError
from quarterhour.sessions import queries
from quarterhour.sessions.models import MentoringSession
from quarterhour.trust import reports
from quarterhour.trust.report_models import Because, Outcome, Report
from quarterhour.web import when
from quarterhour.web.keys import fresh_key, pressed_once

KEPT = "Reported, with what there was to see. You hear by mail what comes of it, within two days."


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def make(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What is said, and whether the two meet again. The room asks for JSON and stays where it is."""
    session = queries.session_for(pk, visible_to=request.user)
    if session.status not in reports.MET:
        raise NotFound(reports.NOT_HERE)
    if request.method != "POST":
        return _page(request, session, {})
    given = {name: request.POST.get(name, "") for name in ("because", "text", "block")}

    def act() -> dict:
        made = reports.report(
            session=session, by=request.user, because=given["because"], text=given["text"],
            block=bool(given["block"]), now=request.now,
        )  # fmt: skip
        return {"id": str(made.pk)}

    in_room = request.accepts("application/json") and not request.accepts("text/html")
    try:
        pressed_once(request, "report", {"session": pk, **given}, act)
    except QuarterhourError as refused:
        if in_room:
            return JsonResponse({"told": refused.told, "fields": refused.fields}, status=refused.status)
        if isinstance(refused, Invalid):
            return _page(request, session, given, refused=refused)
        raise
    if in_room and not given["block"]:
        return JsonResponse({"told": KEPT, "go": "", "key": fresh_key()})
    first = session.other(request.user).first_name
    messages.success(request, f"{KEPT} You and {first} do not meet here any more." if given["block"] else KEPT)
    go = reverse("book:sessions") if given["block"] else reverse("reports:make", args=[pk])
    return JsonResponse({"told": KEPT, "go": go}) if in_room else redirect(go)


def _page(request: HttpRequest, session: MentoringSession, given: dict, *, refused: Invalid | None = None):
    mine = Report.objects.visible_to(request.user).filter(session=session).prefetch_related("answers")
    page = {
        "session": session,
        "other": session.other(request.user),
        "day": when.day_label(session.starts_at, now=request.now),
        "span": when.span(session.starts_at, session.ends_at),
        "mine": [{"at": each.made_at, "because": each.get_because_display(), "came": _came(each)} for each in mine],
        "given": given,
        "refused": refused,
    }
    return render(request, "reports/make.html", page | choices(), status=refused.status if refused else 200)


def choices() -> dict:
    """What the form offers."""
    return {"reasons": Because.choices, "longest": reports.MOST}


def _came(made: Report) -> str:
    """What came of it, as far as whoever reported is told."""
    first = next(iter(made.answers.all()), None)
    if first is None:
        return "It is being looked into."
    return "No rule was broken." if first.outcome == Outcome.NOTHING else "We acted on it."
