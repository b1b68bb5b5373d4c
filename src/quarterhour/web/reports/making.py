"""Reporting the other of the two, or who came along: a page of its own, and the same form as a dialog in the room."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from quarterhour.core.errors import Invalid, NotFound, QuarterhourError
from quarterhour.notifications.words import counted
from quarterhour.people.models import Person
from quarterhour.sessions import queries
from quarterhour.sessions.models import MentoringSession
from quarterhour.trust import reports
from quarterhour.trust.report_models import Because, Outcome, Report
from quarterhour.trust.report_rules import looked_at_by
from quarterhour.web import when
from quarterhour.web.keys import fresh_key, pressed_once

CAME = {
    Outcome.NOTHING: "No rule was broken.",
    Outcome.STANDS: "We acted on it, and looked at it once more: it stands.",
    Outcome.UNDONE: "We looked at it once more, and find that no rule was broken.",
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def make(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What is said, and whether the two meet again. The room asks for JSON and stays where it is."""
    session = queries.session_for(pk, visible_to=request.user)
    if session.status not in reports.MET:
        raise NotFound(reports.NOT_HERE)
    people = reports.reportable(session, by=request.user)
    if request.method != "POST":
        return _page(request, session, people, {})
    given = {name: request.POST.get(name, "") for name in ("about", "because", "text", "block")}

    def act() -> dict:
        made = reports.report(
            session=session, by=request.user, about=about, because=given["because"], text=given["text"],
            block=bool(given["block"]), now=request.now,
        )  # fmt: skip
        return {"id": str(made.pk)}

    in_room = request.accepts("application/json") and not request.accepts("text/html")
    try:
        about = _meant(people, given["about"])
        pressed_once(request, "report", {"session": pk, **given}, act)
    except QuarterhourError as refused:
        if in_room:
            return JsonResponse({"told": refused.told, "fields": refused.fields}, status=refused.status)
        if isinstance(refused, Invalid):
            return _page(request, session, people, given, refused=refused)
        raise
    over = bool(given["block"]) and about == session.other(request.user)
    kept = told_when_kept()
    if given["block"]:
        kept += f" You and {about.first_name} do not meet here any more."
    if in_room and not over:
        return JsonResponse({"told": kept, "go": "", "key": fresh_key()})
    messages.success(request, kept)
    go = reverse("book:sessions") if over else reverse("reports:make", args=[pk])
    return JsonResponse({"told": kept, "go": go}) if in_room else redirect(go)


def _meant(people: list[Person], key: str) -> Person:
    """Whom it is about. Raises Invalid where there is a choice, and none was made of it."""
    if len(people) == 1 and not key:
        return people[0]
    found = next((each for each in people if str(each.pk) == key), None)
    if found is None:
        raise Invalid("Choose whom it is about.", fields={"about": "Choose whom it is about."})
    return found


def _page(
    request: HttpRequest, session: MentoringSession, people: list[Person], given: dict,
    *, refused: Invalid | None = None,
) -> HttpResponse:  # fmt: skip
    mine = Report.objects.visible_to(request.user).filter(session=session).select_related("about")
    mine = mine.prefetch_related("answers")
    page = {
        "session": session,
        "other": session.other(request.user),
        "people": people,
        "day": when.day_label(session.starts_at, now=request.now),
        "span": when.span(session.starts_at, session.ends_at),
        "mine": [
            {
                "at": each.made_at,
                "because": each.get_because_display(),
                "about": each.about.first_name,
                "came": _came(each),
            }
            for each in mine
        ],
        "given": given,
        "refused": refused,
    }
    return render(request, "reports/make.html", page | choices(), status=refused.status if refused else 200)


def choices() -> dict:
    """What the form offers."""
    return {"reasons": Because.choices, "longest": reports.MOST}


def told_when_kept() -> str:
    """What whoever reported is told at once."""
    within = counted(settings.POLICY["report_days"], "day")
    return (
        f"Reported, with what there was to see. It is looked at within {within}, and you hear by mail what comes of it."
    )


def _came(made: Report) -> str:
    """What came of it, as far as whoever reported is told."""
    given = [each.outcome for each in made.answers.all() if each.outcome != Outcome.LIFTED]
    if not given:
        until = timezone.localtime(looked_at_by(made.made_at))
        return f"It is looked at by {until:%A} {until.day} {until:%B}."
    return CAME.get(Outcome(given[-1]), "We acted on it.")
