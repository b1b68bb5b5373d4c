"""The link in a mail to whoever was judged: they read what was decided, and answer once. It wants no signing in."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from quarterhour.core import links
from quarterhour.core.errors import Changed, QuarterhourError
from quarterhour.core.links import LinkSpent
from quarterhour.core.models import SingleUseLink
from quarterhour.notifications.reports import APPEAL
from quarterhour.notifications.words import date_words, zone_of
from quarterhour.people.models import Person
from quarterhour.trust import report_appeals
from quarterhour.trust.report_models import ReportAnswer
from quarterhour.trust.report_rules import appeal_until, looked_at_by
from quarterhour.web.links import pressing

WAY = ("/", "To the first page")


@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request, secret: str):
    """What was decided, and the box to answer in. The same press once more is told the same."""
    sent = {"text": request.POST.get("text", "")}
    try:
        known = links.used(APPEAL, secret) if request.method == "POST" else None
        link = known or links.look(APPEAL, secret, now=request.now)
        person, made = _subject(link)
        with timezone.override(zone_of(person.zone)):
            if request.method == "POST":
                response = _pressed(request, link, made, secret=secret, sent=sent)
            else:
                response = _page(request, made)
    except LinkSpent as spent:
        response = pressing.spent(request, spent.told, way=WAY)
    return pressing.unlisted(response)


def _subject(link: SingleUseLink) -> tuple[Person, ReportAnswer]:
    """Whom it was written to, account closed or not, and what was decided. Raises LinkSpent where either is gone."""
    rows = ReportAnswer.objects.within(UUID(link.subject["org"])).select_related("report__about", "org")
    made = rows.filter(pk=UUID(link.subject["answer"])).first()
    if made is None or str(made.report.about_id) != link.subject["person"]:
        raise LinkSpent(pressing.UNKNOWN)
    return made.report.about, made


def _pressed(request, link: SingleUseLink, made: ReportAnswer, *, secret: str, sent: dict):
    def act() -> dict:
        return {"appeal": str(report_appeals.appeal(answer=made, text=sent["text"], now=request.now).pk)}

    try:
        pressing.press(link, secret, act, sent=sent, now=request.now)
    except LinkSpent:
        raise
    except Changed as over:
        raise LinkSpent(over.told) from over
    except QuarterhourError as refused:
        return _page(request, made, status=refused.status, refused=refused, typed=sent["text"])
    told = f"It is read by {_day(looked_at_by(request.now), made, request.now)}, and you hear by mail what comes of it."
    page = {"title": "Your answer is kept.", "told": told, "way": WAY}
    return render(request, "links/done.html", page)


def _page(request, made: ReportAnswer, *, status: int = 200, **more):
    over = report_appeals.refusal_of(made, now=request.now)
    if over:
        raise LinkSpent(over)
    page = {
        "made": made,
        "person": made.report.about,
        "until": _day(appeal_until(made), made, request.now),
        "longest": report_appeals.MOST,
    }
    return render(request, "links/appeal.html", page | more, status=status)


def _day(moment, made: ReportAnswer, now) -> str:
    return date_words(moment, zone_of(made.report.about.zone), now=now)
