"""The choice, its reason, and how it turned out."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from quarterhour.advice import decisions
from quarterhour.advice.decision_queries import decision_for
from quarterhour.core.errors import Changed, Invalid, QuarterhourError
from quarterhour.core.text import clean
from quarterhour.web.ask.forms import day_from
from quarterhour.web.decide import pages
from quarterhour.web.decide.forms import UNREADABLE, key_from, seen
from quarterhour.web.keys import pressed_once
from quarterhour.web.toasts import tell


@login_required
@require_POST
def record(request, pk):
    """What I choose, because, and the day to look back on."""
    decision = decision_for(pk, visible_to=request.user)
    typed = {name: clean(request.POST.get(name, "")) for name in ("choice", "reason", "look_back_on")}
    version = seen(request)

    def run() -> dict:
        day = day_from(typed["look_back_on"])
        if typed["look_back_on"] and day is None:
            raise Invalid("Some of it needs another look.", fields={"look_back_on": UNREADABLE})
        if typed["choice"] and key_from(typed["choice"]) is None:
            raise Invalid("Some of it needs another look.", fields={"choice": "Choose one of the options."})
        decisions.record(
            decision=decision, by=request.user, option=key_from(typed["choice"]), reason=typed["reason"],
            look_back_on=day, seen=version, today=timezone.localtime(request.now).date(), now=request.now,
        )  # fmt: skip
        return {}

    try:
        pressed_once(request, "record decision", {"decision": pk, "seen": version, **typed}, run)
    except QuarterhourError as refused:
        return _again(request, pk, {"typed": typed, "version": version}, refused)
    messages.success(request, "Recorded." if typed["choice"] else "Open again.")
    return redirect(f"{reverse('decide:board', args=[pk])}#yours")


@login_required
@require_POST
def looked_back(request, pk):
    """How it turned out, said or said anew."""
    decision = decision_for(pk, visible_to=request.user)
    typed = {name: clean(request.POST.get(name, "")) for name in ("outcome", "outcome_words")}
    quarters = int(typed["outcome"]) if typed["outcome"] in pages.ANSWERS else None
    try:
        decisions.look_back(
            decision=decision, by=request.user, quarters=quarters, words=typed["outcome_words"], now=request.now
        )  # fmt: skip
    except QuarterhourError as refused:
        return _again(request, pk, {"back": typed}, refused)
    messages.success(request, "Thank you. It stands beside your reason.")
    return redirect(f"{reverse('decide:board', args=[pk])}#yours")


@login_required
@require_POST
def ask_back(request, pk):
    """Do not ask me how it went, or do."""
    decision = decision_for(pk, visible_to=request.user)
    stop = request.POST.get("ask") != "on" and "on" not in request.GET
    decisions.do_not_ask(decision=decision, by=request.user, stop=stop, now=request.now)
    undo = f"{reverse('decide:ask_back', args=[pk])}?on" if stop else ""
    tell(request, "We will not ask." if stop else "We will ask on that day.", undo=undo)
    return redirect(f"{reverse('decide:board', args=[pk])}#yours")


def _again(request, pk, given: dict, refused: QuarterhourError):
    """The board once more, with what was typed and what is wrong with it."""
    decision = decision_for(pk, visible_to=request.user)
    if isinstance(refused, Changed):
        given["version"] = decision.version
    page = pages.board_page(decision, request.user, now=request.now, refused=refused, **given)
    return render(request, "decide/board.html", page, status=refused.status)
