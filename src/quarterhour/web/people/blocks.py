"""Blocking somebody, and taking it back."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from quarterhour.core.errors import NotFound
from quarterhour.people import services
from quarterhour.people.models import Block, Person
from quarterhour.people.queries import blocks_of
from quarterhour.sessions import apart
from quarterhour.sessions.models import MentoringSession, Status
from quarterhour.web import toasts, when


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def block(request, person_id):
    """What blocking somebody does, in words; then it is done."""
    if Block.objects.visible_to(request.user).filter(blocked=person_id).exists():
        return redirect(_list())
    other = apart.known_to(request.user, person_id, org=request.org)
    if request.method != "POST":
        booked = apart.before_them(other, request.user, now=request.now)
        lost = [_lost(each, request.now) for each in booked if each.status != Status.HELD]
        mailed = any(each.starts_at > request.now for each in booked if each.status != Status.HELD)
        return render(request, "people/block.html", {"other": other, "lost": lost, "mailed": mailed})
    apart.block(other=other, by=request.user, org=request.org, now=request.now)
    toasts.tell(request, f"Blocked. You and {other.first_name} do not meet here any more.")
    return redirect(_list())


@login_required
@require_POST
def unblock(request, person_id):
    """Take a block back. What it let go stays gone."""
    other = Person.objects.filter(pk__in=blocks_of(request.user).values("blocked"), pk=person_id).first()
    if other is None:
        raise NotFound("There is nothing to take back here. Your settings show whom you have blocked.")
    services.unblock(other=other, by=request.user, now=request.now)
    toasts.tell(request, f"Taken back. {other.first_name} is no longer blocked by you.")
    return redirect(_list())


def _lost(session: MentoringSession, now) -> str:
    """What becomes of one session, as a sentence."""
    at = f"{when.day_within(session.starts_at, now=now)} {when.span(session.starts_at, session.ends_at)}"
    if session.status == Status.ASKED:
        return f"The request for {at} is taken off."
    if session.starts_at <= now:
        return f"Your session of {at} ends at once, and its room closes for both of you."
    return f"Your session {at} is released."


def _list() -> str:
    return reverse("people:settings") + "#blocked"
