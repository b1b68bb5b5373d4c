"""Reports, for whoever judges them: what waits, the oldest first; one case with its evidence; and the decision."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from quarterhour.core.errors import Invalid, NotFound
from quarterhour.trust import reports as reported
from quarterhour.trust.report_models import Outcome, Report
from quarterhour.web import when
from quarterhour.web.keys import pressed_once

CLOSED_SHOWN = 50
CAME = {"waiting": "came into the lobby", "joined": "went in", "left": "left"}
DONE = {
    Outcome.NOTHING: "Decided: no rule was broken. Whoever reported hears so.",
    Outcome.WARNED: "Decided: they read your words. Whoever reported hears that we acted.",
    Outcome.SUSPENDED: "Decided: the account is closed. Whoever reported hears that we acted.",
    Outcome.LIFTED: "The account is open again.",
}


@login_required
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """What waits for an answer, and what was decided last."""
    mine = reported.to_judge(request.user, org=request.org).select_related("org", "about").prefetch_related("answers")
    waiting = [_row(each, now=request.now) for each in mine.open().order_by("made_at", "pk")]
    closed = mine.answered().order_by("-made_at", "-pk")[:CLOSED_SHOWN]
    page = {"waiting": waiting, "closed": [_row(each, now=request.now) for each in closed]}
    return render(request, "reports/reports.html", page)


@login_required
@require_safe
def case(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One report with what there was to see when it was made."""
    return _case(request, pk, {})


@login_required
@require_POST
def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What comes of it."""
    given = {name: request.POST.get(name, "") for name in ("outcome", "words")}

    def act() -> dict:
        made = reported.answer(report_id=pk, **given, by=request.user, org=request.org, now=request.now)
        return {"outcome": made.outcome}

    try:
        done = pressed_once(request, "answer a report", {"report": pk, **given}, act)
    except Invalid as refused:
        return _case(request, pk, given, refused=refused)
    messages.success(request, DONE[Outcome(done["outcome"])])
    return redirect("reports:reports")


def _case(request: HttpRequest, pk: UUID, given: dict, *, refused: Invalid | None = None) -> HttpResponse:
    rows = reported.to_judge(request.user, org=request.org).select_related("org", "about", "reporter", "session")
    made = rows.prefetch_related("answers__by").filter(pk=pk).first()
    if made is None:
        raise NotFound(reported.NOT_HERE)
    answers = list(made.answers.all())
    page = {
        **_row(made, now=request.now),
        "reporter": made.reporter,
        "side": "mentor" if made.about_id == made.session.mentor_id else "mentee",
        "before": rows.filter(about=made.about).exclude(pk=pk).count(),
        "as_kept": reported.is_as_kept(made),
        "day": when.day_label(made.session.starts_at, now=request.now),
        "span": when.span(made.session.starts_at, made.session.ends_at),
        "answers": answers,
        "can_lift": request.user.is_operator and bool(answers) and answers[-1].outcome == Outcome.SUSPENDED,
        "can_close": request.user.is_operator,
        "given": given,
        "refused": refused,
    } | _evidence(made)
    return render(request, "reports/case.html", page, status=refused.status if refused else 200)


def _row(made: Report, *, now: datetime) -> dict:
    until = made.made_at + reported.WITHIN
    last = list(made.answers.all())[-1:]
    return {
        "made": made,
        "until": until,
        "late": not last and until < now,
        "outcome": last[0].get_outcome_display() if last else "",
    }


def _evidence(made: Report) -> dict:
    names = {str(made.reporter_id): made.reporter.called, str(made.about_id): made.about.called}
    kept = made.evidence

    def of(row: dict) -> dict:
        return {"who": names.get(row["person"], "Somebody"), "at": datetime.fromisoformat(row["at"])}

    return {
        "question": kept["question"],
        "chat": [of(row) | {"text": row["text"]} for row in kept["chat"]],
        "notes": (kept["notes"] or {}).get("text", ""),
        "there": [of(row) | {"did": CAME.get(row["kind"], row["kind"])} for row in kept["there"]],
    }
