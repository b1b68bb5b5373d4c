"""Appeals, for whoever runs the programs of an organisation: the oldest first, each with all there is to see."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from quarterhour.engines.attendance import Verdict
from quarterhour.sessions import appeals as said
from quarterhour.web import when
from quarterhour.web.kept.words import SAID, reason
from quarterhour.web.keys import pressed_once
from quarterhour.web.program.cohorts import check_runs_programs


@login_required
@require_safe
def appeals(request):
    """What waits to be settled, a row for each session. No question and nothing that was written is shown."""
    check_runs_programs(request)
    rows: dict = {}
    for each in said.waiting(request.org):
        row = rows.setdefault(each.session_id, _row(each.session, request))
        row["said"].append(each)
    return render(request, "kept/appeals.html", {"rows": list(rows.values())})


@login_required
@require_POST
def settle(request, pk):
    """Decide how a session was kept, for good."""
    check_runs_programs(request)
    verdict = request.POST.get("verdict", "")

    def act() -> dict:
        done = said.settle(
            session_id=pk, org_id=request.org.pk, verdict=verdict, by=request.user, now=request.now
        )  # fmt: skip
        return {"word": done.word}

    done = pressed_once(request, "settle", {"session": pk, "verdict": verdict}, act)
    messages.success(request, f"Settled: {done['word']}. Both of them hear of it.")
    return redirect("kept:appeals")


def _row(session, request) -> dict:
    names = {
        Verdict.MISSED_BY_MENTOR: f"{session.mentor.first_name} did not come",
        Verdict.MISSED_BY_MENTEE: f"{session.mentee.first_name} did not come",
        Verdict.MISSED_BY_BOTH: "They missed each other",
    }
    words = SAID | names
    return {
        "session": session,
        "day": when.day_label(session.starts_at, now=request.now),
        "span": when.span(session.starts_at, session.ends_at),
        "word": words[Verdict(session.how_kept.word)],
        "reason": reason(session.how_kept, session),
        "said": [],
        "verdicts": [
            {"value": each.value, "words": words[each], "stands": each.value == session.how_kept.word}
            for each in Verdict
        ],
    }
