"""Letting a booked or requested time go: what follows is said first, in a dialog or on a page of its own."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from quarterhour.core.text import clean
from quarterhour.people.models import Person
from quarterhour.sessions import queries, rules, services
from quarterhour.sessions.models import MentoringSession, Status
from quarterhour.web import when
from quarterhour.web.keys import pressed_once
from quarterhour.web.refusals import refusal


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def release(request, pk):
    """Let a booked or requested time go. The other side is told at once."""
    session = queries.session_for(pk, visible_to=request.user)
    if request.method != "POST":
        ask = release_ask(session, request.user, now=request.now)
        return render(request, "book/release.html", {"ask": ask}) if ask else redirect("book:booked", pk=pk)
    note = clean(request.POST.get("note", ""))

    def act() -> dict:
        return {"status": services.cancel(session=session, by=request.user, now=request.now, note=note).status}

    try:
        pressed_once(request, "release", {"session": pk, "note": note}, act)
    except rules.WrongState as refused:
        return as_it_stands(request, session, refused)
    messages.success(
        request, f"Released. {session.other(request.user).first_name} is told, and the question stays open."
    )
    return redirect("book:sessions")


def as_it_stands(request, session: MentoringSession, refused: rules.WrongState):
    """Another tab, the other of the two or the clock was quicker: what it is by now, and the way to it."""
    way = (reverse("book:booked", args=[session.pk]), "See the session as it is now")
    return refusal(request, status=refused.status, title="That has changed meanwhile", told=refused.told, way=way)


def release_ask(session: MentoringSession, reader: Person, *, now: datetime, offers: bool = False) -> dict | None:
    """What is asked before a time is let go, and what follows: who is told, what becomes of the time and the question.

    offers: the mentor has offered other times. None where there is nothing to let go.
    """
    if session.status not in {Status.ASKED, Status.CONFIRMED} or session.ends_at <= now:
        return None
    other, mine = session.other(reader), session.mentee_id == reader.pk
    first = other.first_name
    at = f"{when.day_within(session.starts_at, now=now)} {when.clock(session.starts_at)}"
    about = {"session": session, "other": other, "go": f"Release {at}", "keep": "Keep it"}
    if session.status == Status.CONFIRMED:
        return about | {"title": f"Release {at}?", "told": _booked(session, first, mine=mine, now=now, reader=reader)}
    if not mine:
        told = f"{first} is told at once that you cannot, and finds others. The time is yours again."
        return about | {"title": f"Release {at}?", "told": told}
    told = f"{first} is told at once, and does not see your question any more. Your hour is free again"
    told += " but for others you asked; the question stays open."
    if offers:
        return about | {"title": f"Let {first}’s times go?", "told": told, "go": "Let them go", "keep": "Keep them"}
    return about | {"title": f"Take it back from {first}?", "told": told, "go": f"Take back {at}"}


def _booked(session: MentoringSession, first: str, *, mine: bool, now: datetime, reader: Person) -> str:
    begun = session.starts_at <= now
    told = [f"{first} is told at once, and it leaves both calendars." if not begun else f"{first} is told at once."]
    if rules.lobby_opens(session) <= now:
        told.append("The room closes for both of you.")
    if mine:
        told.append(
            "Your question stays open." if begun else "The time is free for others, and your question stays open."
        )
    elif not begun:
        told.append(f"{first}’s question stays open, with others who are free near that time.")
    if rules.is_late(session, by=reader, now=now):
        hours = settings.POLICY["late_cancellation"] // 60
        told.append(f"Less than {hours} hours before it counts as late, and both of you see that.")
    return " ".join(told)
