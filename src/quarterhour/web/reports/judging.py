"""Reports, for whoever judges them: what waits, the oldest first; one case with its evidence; and the decision."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from quarterhour.core.errors import Invalid, NotFound
from quarterhour.people.models import Person
from quarterhour.trust import report_rules
from quarterhour.trust import reports as reported
from quarterhour.trust.report_models import ON_APPEAL, Outcome, Report, ReportAppeal
from quarterhour.web import when
from quarterhour.web.keys import pressed_once

CLOSED_SHOWN = 50
CAME = {"waiting": "came into the lobby", "joined": "went in", "left": "left"}
DONE = {
    Outcome.NOTHING: "Decided: no rule was broken. Whoever reported hears so.",
    Outcome.WARNED: "Decided: they read your words. Whoever reported hears that we acted.",
    Outcome.SUSPENDED: "Decided: the account is closed. Whoever reported hears that we acted.",
    Outcome.LIFTED: "The account is open again.",
    Outcome.STANDS: "Decided: it stands. Both hear so, each in a mail of their own.",
    Outcome.UNDONE: "Decided: it is taken back. Both hear so, each in a mail of their own.",
}


@login_required
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """What waits for an answer, and what was decided last."""
    mine = report_rules.to_judge(request.user, org=request.org)
    todo = report_rules.waiting_for(request.user, org=request.org)
    closed = mine.answered().exclude(pk__in=todo.values("pk")).order_by("-made_at", "-pk")[:CLOSED_SHOWN]
    page = {
        "waiting": [_row(each, now=request.now) for each in _whole(todo).order_by("made_at", "pk")],
        "closed": [_row(each, now=request.now) for each in _whole(closed)],
    }
    return render(request, "reports/reports.html", page)


def _whole(rows: QuerySet[Report]) -> QuerySet[Report]:
    return rows.select_related("org", "about", "appeal").prefetch_related("answers")


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
    rows = report_rules.to_judge(request.user, org=request.org).select_related(
        "reporter", "session__mentor", "session__mentee"
    )
    rows = rows.select_related("org", "about", "appeal").prefetch_related("answers__by")
    made = rows.filter(pk=pk).first()
    if made is None:
        raise NotFound(reported.NOT_HERE)
    answers, appeal = list(made.answers.all()), appeal_of(made)
    possible = reported.possible_after({each.outcome for each in answers}, appealed=bool(appeal))
    appealed = bool(possible.intersection(ON_APPEAL))
    page = {
        **_row(made, now=request.now),
        "reporter": made.reporter,
        "side": _side(made),
        "before": rows.filter(about=made.about).exclude(pk=pk).count(),
        "as_kept": bool(made.erased_at) or reported.is_as_kept(made),
        "day": when.day_label(made.session.starts_at, now=request.now),
        "span": when.span(made.session.starts_at, made.session.ends_at),
        "answers": answers,
        "appealed": appealed,
        "on_appeal": ON_APPEAL,
        "mine_to_decide": appealed and report_rules.may_hear_appeal(made, request.user),
        "goes_at": report_rules.kept_until(answers[-1]) if answers and not appealed and not made.erased_at else None,
        "can_lift": request.user.is_operator and Outcome.LIFTED in possible,
        "can_close": request.user.is_operator,
        "opens": appealed and reported.is_closed_by(made),
        "given": given,
        "refused": refused,
    } | (_evidence(made) if not made.erased_at else {})
    return render(request, "reports/case.html", page, status=refused.status if refused else 200)


def _side(made: Report) -> str:
    sides = {made.session.mentor_id: "the mentor", made.session.mentee_id: "the mentee"}
    return sides.get(made.about_id, "who came along")


def appeal_of(made: Report) -> ReportAppeal | None:
    return getattr(made, "appeal", None)


def _row(made: Report, *, now: datetime) -> dict:
    answers, appeal = list(made.answers.all()), appeal_of(made)
    given = {each.outcome for each in answers}
    again = bool(appeal) and not given.intersection(ON_APPEAL)
    until = report_rules.looked_at_by(appeal.said_at if again and appeal else made.made_at)
    return {
        "made": made,
        "appeal": appeal,
        "again": again,
        "until": until,
        "late": (again or not answers) and until < now,
        "outcome": answers[-1].get_outcome_display() if answers else "",
    }


def _evidence(made: Report) -> dict:
    known = (made.reporter, made.about, made.session.mentor, made.session.mentee)
    names = {str(each.pk): each.called for each in known}
    kept = made.evidence
    came = kept.get("along", [])
    names |= {str(each.pk): each.called for each in Person.objects.filter(pk__in=[each["person"] for each in came])}

    def of(row: dict) -> dict:
        return {"who": names.get(row["person"], "Somebody"), "at": datetime.fromisoformat(row["at"])}

    return {
        "question": kept["question"],
        "chat": [of(row) | {"text": row["text"]} for row in kept["chat"]],
        "notes": (kept["notes"] or {}).get("text", ""),
        "along": [
            {
                "who": names.get(each["person"], "Somebody"),
                "out": datetime.fromisoformat(each["out"]) if each["out"] else None,
            }
            for each in came
        ],
        "there": [of(row) | {"did": CAME.get(row["kind"], row["kind"])} for row in kept["there"]],
    }
