"""What was said becomes a card: filled in, changed, confirmed by both, and its actions ticked off."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from quarterhour.advice.queries import action_for, card_of
from quarterhour.advice.services import FIXED, let_quote, set_fate
from quarterhour.core.commands import KeyReused
from quarterhour.core.errors import Changed, NotFound, QuarterhourError
from quarterhour.matching.knowledge.sharing import let_find
from quarterhour.people.queries import is_blocked
from quarterhour.sessions.models import Status
from quarterhour.sessions.queries import session_for
from quarterhour.sessions.rules import WrongState, can_join
from quarterhour.web import refusals, when
from quarterhour.web.advice import keeping
from quarterhour.web.advice.forms import typed_from, words_of
from quarterhour.web.advice.pages import card_page, form_page, held_on
from quarterhour.web.keys import key_of
from quarterhour.web.toasts import tell

SAID = {"done": "Done", "doing": "Under way", "dropped": "Dropped. That is an answer too", "open": "Open again"}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def card(request, pk):
    """The card of a session: as it stands, or its form where there is none yet or `?change` asks for it."""
    session = session_for(pk, visible_to=request.user)
    if not _talked(session, request.now):
        return _not_yet(request, session)
    if request.method == "POST":
        return _keep(request, session)
    kept = card_of(session, visible_to=request.user)
    change = "change" in request.GET
    if kept is None or (change and not is_blocked(session.mentor, session.mentee)):
        return _form(request, session, kept)
    refused = WrongState(FIXED) if change else None
    return render(request, "advice/card.html", card_page(session, request.user, kept, refused=refused, now=request.now))


@login_required
@require_POST
def confirm(request, pk):
    """Yes, this is what we took away."""
    session, kept = _kept(request, pk)
    typed = typed_from(request.POST)
    try:
        keeping.agree(card=kept, by=request.user, typed=typed, seen=_seen(request), now=request.now)
    except QuarterhourError as refused:
        return _as_it_stands(request, session, refused, typed)
    messages.success(request, "Confirmed. It stands here for both of you.")
    return redirect("advice:card", pk=pk)


@login_required
@require_POST
def helped(request, pk):
    """How much it helped, said or changed later."""
    session, _ = _kept(request, pk)
    typed = typed_from(request.POST)
    try:
        keeping.answer(session=session, by=request.user, typed=typed, now=request.now)
    except QuarterhourError as refused:
        return _as_it_stands(request, session, refused, typed)
    messages.success(request, "Thank you. It is kept, and nobody but you reads it.")
    return redirect("advice:card", pk=pk)


@login_required
@require_POST
def quote(request, pk):
    """Allow one's advice to be quoted, or take that back."""
    session, kept = _kept(request, pk)
    allowed = request.POST.get("may_quote") == "on"
    try:
        let_quote(card=kept, by=request.user, may_quote=allowed, now=request.now)
    except QuarterhourError as refused:
        return _as_it_stands(request, session, refused)
    messages.success(request, "You allow it to be quoted." if allowed else "Taken back. It is not quoted any more.")
    return redirect("advice:card", pk=pk)


@login_required
@require_POST
def find(request, pk):
    """Let others find the advice, or take that back."""
    session, kept = _kept(request, pk)
    allowed = request.POST.get("may_find") == "on"
    try:
        let_find(card=kept, by=request.user, allowed=allowed, now=request.now)
    except QuarterhourError as refused:
        return _as_it_stands(request, session, refused)
    if allowed and session.mentor_id == request.user.pk:
        return redirect("knowledge:share", session=pk)
    messages.success(request, "You allow it to be found." if allowed else "Taken back. Nobody finds it any more.")
    return redirect("advice:card", pk=pk)


@login_required
@require_POST
def fate(request, pk, action, fate):
    """Done, doing or dropped; the toast offers the way back."""
    row = action_for(action, of=pk, visible_to=request.user)
    before = row.fate
    set_fate(action=row, by=request.user, fate=fate, now=request.now)
    tell(request, f"{SAID[fate]}: {row.text}", undo=reverse("advice:fate", args=[pk, row.pk, before]))
    return redirect("advice:card", pk=pk)


def _keep(request, session):
    typed = typed_from(request.POST)
    kept = card_of(session, visible_to=request.user)
    day = held_on(session)
    try:
        words = words_of(typed, held_on=day, thanks=kept.thanks if kept else "")
        keeping.keep(
            session=session, by=request.user, words=words, typed=typed,
            seen=_seen(request), key=key_of(request), held_on=day, now=request.now,
        )  # fmt: skip
    except KeyReused:
        told = "This page was already kept, with other words. What you typed is below; look at both, then save again."
        return _form(request, session, card_of(session, visible_to=request.user), typed, Changed(told))
    except QuarterhourError as refused:
        return _form(request, session, card_of(session, visible_to=request.user), typed, refused)
    first = session.other(request.user).first_name
    messages.success(request, f"Kept. {first} sees the same card, and can confirm it or change it.")
    return redirect("advice:card", pk=session.pk)


def _form(request, session, kept, typed=None, refused: QuarterhourError | None = None):
    seen = _seen(request) if refused and not isinstance(refused, Changed) else None
    page = form_page(session, request.user, card=kept, typed=typed, seen=seen, refused=refused, now=request.now)
    return render(request, "advice/takeaway.html", page, status=refused.status if refused else 200)


def _as_it_stands(request, session, refused: QuarterhourError, typed=None):
    kept = card_of(session, visible_to=request.user)
    page = card_page(session, request.user, kept, typed=typed, refused=refused, now=request.now)
    return render(request, "advice/card.html", page, status=refused.status)


def _kept(request, pk):
    session = session_for(pk, visible_to=request.user)
    found = card_of(session, visible_to=request.user)
    if found is None:
        raise NotFound("There is no card yet. Open the session's takeaway and write it.")
    return session, found


def _talked(session, now) -> bool:
    return session.status in {Status.CONFIRMED, Status.ENDED} and session.starts_at <= now


def _not_yet(request, session):
    """A calm word instead of a form about a conversation that has not been."""
    first = session.other(request.user).first_name
    way = (reverse("book:booked", args=[session.pk]), "To the session")
    if can_join(request.user, session, now=request.now):
        way = (reverse("room:lobby", args=[session.pk]), "Back to the room")
    if session.status in {Status.CONFIRMED, Status.ASKED, Status.HELD}:
        day, span = when.day_within(session.starts_at, now=request.now), when.span(session.starts_at, session.ends_at)
        told = f"The card opens when you talk with {first}: {day}, {span}."
        return refusals.refusal(request, status=409, title="Not yet", told=told, way=way)
    told = f"You and {first} did not talk at that time, so there is nothing to take away."
    return refusals.refusal(request, status=409, title="No card for this one", told=told, way=way)


def _seen(request) -> int:
    given = request.POST.get("version", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 9 else -1  # noqa: PLR2004
