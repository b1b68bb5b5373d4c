"""The first page: for whoever is new, the one box; for whoever belongs here, their own first page."""

from __future__ import annotations

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from quarterhour import __version__
from quarterhour.web.ask.forms import OPENINGS
from quarterhour.web.context import WORDS, role_of
from quarterhour.web.front.queries import figures, story_of_the_day


@require_safe
def home(request):
    """Where this person begins: an operator at the checks, a manager at the program, a mentor at today."""
    person = request.user
    if not person.is_authenticated:
        return landing(request)
    return redirect(WORDS[role_of(person, request.org)][0][2])


@require_safe
def landing(request):
    """The landing page; its ask box works before signing in."""
    draft = request.session.get("draft") or {}
    return render(
        request,
        "front/landing.html",
        {
            "openings": OPENINGS,
            "version": __version__,
            "demo": settings.DEMO,
            "draft": draft.get("text", ""),
            "figures": figures(request.org),
            "story": story_of_the_day(request.org, today=request.now.date()),
        },
    )


@require_safe
def alive(request):
    """The process answers. No database is asked."""
    return HttpResponse("alive\n", content_type="text/plain")


@require_safe
def ready(request):
    """The database can be written. 503 with the reason while it cannot."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_is_in_recovery()")
            writable = not cursor.fetchone()[0]
    except DatabaseError as error:
        return JsonResponse({"ready": False, "why": type(error).__name__}, status=503)
    return JsonResponse({"ready": writable}, status=200 if writable else 503)
