"""How the service is, for whoever looks after it: a page, and the same as JSON."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from quarterhour import __version__
from quarterhour.core.errors import NotAllowed
from quarterhour.web.operate.checks import checks

TITLES = {
    "database": "Database",
    "migrations": "Tables are of this release",
    "news": "News reaches whoever waits for it",
    "jobs": "Jobs run on time",
    "mail": "Mail goes out",
    "meaning": "Matching by meaning",
    "calls": "Calls find their way",
    "disk": "Disk has room",
}
NUMBERS = ("Nothing needs a hand", "One thing needs a hand", "Two things need a hand", "Three things need a hand")


@login_required
@require_safe
def health(request):
    """Every check with its remedy, what needs a hand first."""
    if not request.user.is_operator:
        raise NotAllowed("This page is for whoever looks after this installation.")
    rows = [{"check": check, "title": TITLES.get(check.name, check.name.capitalize())} for check in checks()]
    broken = [row for row in rows if not row["check"].well]
    page = {
        "broken": broken,
        "well": [row for row in rows if row["check"].well],
        "count": NUMBERS[len(broken)] if len(broken) < len(NUMBERS) else f"{len(broken)} things need a hand",
        "version": __version__,
    }
    return render(request, "operate/health.html", page)


@require_safe
def health_json(request):
    """The checks for programs: 200 when all is well, 503 when something needs a hand. Never a redirect."""
    if not getattr(request.user, "is_operator", False):
        told = "Sign in as somebody who looks after this installation."
        return JsonResponse({"status": 403, "code": "not-allowed", "detail": told}, status=403)
    found = checks()
    well = all(check.well for check in found)
    told = {"version": __version__, "well": well, "at": request.now, "checks": [check.as_dict() for check in found]}
    return JsonResponse(told, status=200 if well else 503)
