"""A program manager's home: who got help, who did not, and who carries it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from quarterhour.core.errors import NotAllowed
from quarterhour.people.queries import manages
from quarterhour.sessions import appeals
from quarterhour.trust import report_rules
from quarterhour.web.program import pages, queries


@login_required
@require_safe
def home(request):
    """The last 30 days of one organisation, for its managers. Counts and load; nobody's questions, nobody's words."""
    org, now = request.org, request.now
    if not manages(request.user, org):
        raise NotAllowed(f"This page is for the program managers of {org.name}. Ask one of them to make you one.")
    reach = queries.reach(org=org, now=now)
    loads = queries.loads(org=org, now=now)
    waiting = queries.without_help(org=org, now=now)
    ran_out, never = queries.ran_out(org=org, now=now), queries.never_asked(org=org)
    today = timezone.localtime(now).date()
    told = pages.exceptions(waiting, ran_out=ran_out, never_asked=never, reach=reach, loads=loads, now=now)
    steps = pages.funnel(reach)
    page = {
        "appeals": len({each.session_id for each in appeals.waiting(org)}),
        "reports": report_rules.waiting_for(request.user, org=org).count(),
        "since": now - queries.WINDOW,
        "funnel": steps,
        "title": pages.title_of(told),
        "exceptions": told,
        "carriers": pages.carriers(loads, everyone="all" in request.GET, today=today),
        "definitions": pages.definitions(told, steps),
    }
    return render(request, "program/home.html", page)
