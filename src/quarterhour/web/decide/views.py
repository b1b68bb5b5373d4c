"""Decisions: the list of mine, one laid out, changed, and its board."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quarterhour.advice import boards
from quarterhour.advice import decisions as services
from quarterhour.advice.decision_queries import (
    comments_on,
    decision_for,
    decisions_of,
    guest_at,
    shared_with,
)
from quarterhour.core.errors import Changed, NotFound, QuarterhourError
from quarterhour.engines.perspectives.asking import ways
from quarterhour.engines.understand import short_question
from quarterhour.needs.queries import need_for
from quarterhour.sessions.queries import session_for
from quarterhour.web.decide import pages
from quarterhour.web.decide.forms import Row, Typed, key_from, seen, typed_from, typed_of, words_of
from quarterhour.web.keys import pressed_once

LIMITS = {
    "question": services.QUESTION,
    "option": services.OPTION,
    "criterion": services.CRITERION,
    "context": services.CONTEXT,
}


@login_required
@require_safe
def decisions(request):
    """My decisions, open ones first, and those that others show me."""
    mine = [pages.row(each, now=request.now) for each in decisions_of(request.user, org=request.org)]
    return render(
        request,
        "decide/decisions.html",
        {
            "open": [each for each in mine if not each["decided"]],
            "decided": [each for each in mine if each["decided"]],
            "shared": shared_with(request.user, org=request.org),
        },
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    """A decision by hand, from a question (`?need=`), or from a card (`?session=`) whose advice is to lie on it."""
    given = request.POST if request.method == "POST" else request.GET
    need, session = _about(request, given)
    if request.method != "POST":
        known = decisions_of(request.user, org=request.org) if session else []
        return _form(
            request, _proposed(need, timezone.localtime(request.now).date()), need=need, session=session, known=known
        )
    typed = typed_from(request.POST)

    @transaction.atomic
    def make() -> dict:
        today = timezone.localtime(request.now).date()
        words = words_of(typed)
        made = services.make(
            owner=request.user, org=request.org, words=words, need=need, today=today, now=request.now
        )  # fmt: skip
        if session and session.mentee_id == request.user.pk:
            boards.lay_card(decision=made, by=request.user, session=session, now=request.now)
        return {"decision": str(made.pk)}

    try:
        body = {"typed": repr(typed), "need": need and need.pk, "session": session and session.pk}
        made = pressed_once(request, "decide", body, make)
    except QuarterhourError as refused:
        return _form(request, typed, need=need, session=session, refused=refused)
    return redirect("decide:board", pk=made["decision"])


@login_required
@require_safe
def board(request, pk):
    """The board, for its owner; for a mentor it is shared with, what they may see of it."""
    try:
        decision = decision_for(pk, visible_to=request.user)
    except NotFound:
        guest = guest_at(pk, visible_to=request.user)
        page = pages.guest_page(guest, now=request.now) | {"comments": comments_on(guest.decision, reader=request.user)}
        return render(request, "decide/guest.html", page)
    return render(request, "decide/board.html", pages.board_page(decision, request.user, now=request.now))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request, pk):
    """The words of a decision, its options, its date."""
    decision = decision_for(pk, visible_to=request.user)
    if request.method != "POST":
        return _form(request, typed_of(decision), decision=decision, version=decision.version)
    typed, version = typed_from(request.POST), seen(request)

    def run() -> dict:
        words, today = words_of(typed), timezone.localtime(request.now).date()
        services.change(decision=decision, by=request.user, words=words, seen=version, today=today, now=request.now)
        return {}

    try:
        pressed_once(request, "change decision", {"typed": repr(typed), "decision": pk, "seen": version}, run)
    except Changed as refused:
        # What stands there now is shown beside what was typed; sent once more, the typed words take its place.
        now_there = decision_for(pk, visible_to=request.user)
        given = {"decision": decision, "version": now_there.version, "stands": typed_of(now_there)}
        return _form(request, typed, refused=refused, **given)
    except QuarterhourError as refused:
        return _form(request, typed, decision=decision, version=version, refused=refused)
    return redirect("decide:board", pk=pk)


@login_required
@require_POST
def remove(request, pk):
    """The decision is gone, its cards are not. Asked for with a tick, so that no slip does it."""
    decision = decision_for(pk, visible_to=request.user)
    if request.POST.get("sure") != "on":
        messages.error(request, "Tick that you are sure, then remove it.")
        return redirect("decide:change", pk=pk)
    services.remove(decision=decision, by=request.user)
    messages.success(request, "Removed. What was said stays on its cards.")
    return redirect("decide:decisions")


def _about(request, given):
    """The question and the session a new decision is about, where there are any. Raises NotFound for strangers'."""
    session = need = None
    if key := given.get("session"):
        session = session_for(key_from(key), visible_to=request.user) if key_from(key) else None
        if session is None or session.mentee_id != request.user.pk:
            raise NotFound(boards.GONE)
        need = session.need
    elif key := given.get("need"):
        need = need_for(key_from(key), visible_to=request.user) if key_from(key) else None
        if need is None:
            raise NotFound(boards.GONE)
    return need, session


def _proposed(need, today) -> Typed:
    """What a question already says of a decision."""
    if need is None:
        return Typed()
    question = short_question(need.text, limit=services.QUESTION)
    return Typed(
        question=question,
        options=tuple(Row(n, text[: services.OPTION]) for n, text in enumerate(ways(need.text))),
        context="" if need.text.strip() == question else need.text[: services.CONTEXT],
        decide_by=need.decide_by.isoformat() if need.decide_by and need.decide_by >= today else "",
        advisers_place=True,
    )


def _form(request, typed: Typed, *, refused: QuarterhourError | None = None, **given):
    errors = refused.fields if refused else {}
    page = {"typed": typed, "errors": errors, "refused": refused, "limits": LIMITS} | given
    for name, rows in (("option", typed.option_rows), ("criterion", typed.criterion_rows)):
        page[f"{name}_rows"] = [{"row": row, "told": errors.get(f"{name}-{row.n}", "")} for row in rows]
    return render(request, "decide/form.html", page, status=refused.status if refused else 200)
