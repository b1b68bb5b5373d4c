"""How the service is, for whoever looks after it: a page, and the same as JSON."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from quarterhour import __version__
from quarterhour.core import outbox
from quarterhour.core.errors import Invalid, NotAllowed, NotFound
from quarterhour.core.limits import spend
from quarterhour.engines.matching import FEATURES
from quarterhour.matching import kept
from quarterhour.sessions.room import larger
from quarterhour.sessions.room.ice import has_relay
from quarterhour.trust import report_rules
from quarterhour.web.operate.checks import calls_tried, checks

TITLES = {
    "database": "Database",
    "migrations": "Tables are of this release",
    "news": "News reaches whoever waits for it",
    "given-up": "Nothing was given up",
    "jobs": "Jobs run on time",
    "mail": "Mail goes out",
    "reminders": "Reminders come in time",
    "calendars": "Other calendars are read",
    "meaning": "Matching by meaning",
    "learning": "Learning from outcomes",
    "calls": "Calls find their way",
    "captions": "Captions are written down",
    "assistant": "First thoughts of an assistant",
    "reports": "Reports are looked at in time",
    "disk": "Disk has room",
}
NUMBERS = ("Nothing needs a hand", "One thing needs a hand", "Two things need a hand", "Three things need a hand")


@login_required
@require_safe
def health(request):
    """Every check with its remedy, what needs a hand first."""
    check_operator(request)
    rows = [{"check": check, "title": TITLES.get(check.name, check.name.capitalize())} for check in checks()]
    broken = [row for row in rows if not row["check"].well]
    page = {
        "broken": broken,
        "well": [row for row in rows if row["check"].well],
        "count": NUMBERS[len(broken)] if len(broken) < len(NUMBERS) else f"{len(broken)} things need a hand",
        "version": __version__,
        "relay": has_relay(),
        "larger": larger.is_set_up(),
        "reports": report_rules.waiting_for(request.user, org=request.org).count(),
    }
    return render(request, "operate/health.html", page)


@require_safe
def health_json(request):
    """The checks for programs: 503 while something grave is not well, 200 otherwise. Never a redirect."""
    if not getattr(request.user, "is_operator", False):
        told = "Sign in as somebody who looks after this installation."
        return JsonResponse({"status": 403, "code": "not-allowed", "detail": told}, status=403)
    found = checks()
    well, fit = all(check.well for check in found), all(check.well or not check.grave for check in found)
    told = {
        "version": __version__,
        "well": well,
        "fit": fit,
        "at": request.now,
        "checks": [check.as_dict() for check in found],
    }
    return JsonResponse(told, status=200 if fit else 503)


@login_required
@require_POST
def given_up(request):
    """News that was given up: tried again, or let go."""
    check_operator(request)
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Invalid("Choose whether to try it again or to let it go.")
    how_many = act(by=str(request.user.pk), now=request.now)
    many = "One" if how_many == 1 else str(how_many)
    told = "is tried again within seconds." if act is outbox.try_again else "let go. Nobody hears of it any more."
    messages.success(request, f"{many} {told}" if how_many else "There is nothing left that was given up.")
    return redirect("operate:health")


@login_required
@require_POST
def relay(request):
    """Ask the relay for a place and Janus for a room, now: whoever set them up sees whether calls will get through."""
    check_operator(request)
    told = f"operator {request.user.pk}"
    spend(told, most=20, per=timedelta(minutes=10), now=request.now, told="That was often. Try again in ten minutes.")
    found = calls_tried()
    say = messages.success if found.well else messages.error
    say(request, f"{found.told[:1].upper()}{found.told[1:]}. {'' if found.well else found.remedy}".strip())
    return redirect("operate:health")


ACTS = {"again": outbox.try_again, "go": outbox.let_go}


@login_required
@require_safe
def rankings(request):
    """The rankings kept last: what was shown, and whom people chose."""
    check_operator(request)
    return render(request, "operate/rankings.html", {"lines": kept.latest()})


@login_required
@require_safe
def ranking(request, pk):
    """Why these people, in this order: every number of one ranking, and whether it would be so again."""
    check_operator(request)
    found = kept.explained(pk)
    if found is None:
        raise NotFound("There is no ranking of that number. They are kept as long as their question is.")
    features = [feature for feature in FEATURES if feature.name in found.ranking.columns]
    rows = [
        {
            "place": number,
            "name": name,
            "shown": mentor in found.ranking.shown,
            "score": score,
            "features": [numbers[feature.name] for feature in features],
            "numbers": numbers,
        }
        for number, (mentor, name, score, numbers) in enumerate(found.places, start=1)
    ]
    page = {"found": found, "rows": rows, "features": features}
    return render(request, "operate/ranking.html", page)


def check_operator(request) -> None:
    if not request.user.is_operator:
        raise NotAllowed("This page is for whoever looks after this installation.")
