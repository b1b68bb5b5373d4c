"""The lobby, the room, and tickets for its socket."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from quarterhour.sessions import captions, companions, queries, rules
from quarterhour.sessions.companions import room_for
from quarterhour.sessions.models import Companion, MentoringSession, Status
from quarterhour.sessions.room import hearing, ice, larger, tickets
from quarterhour.sessions.room.goodbyes import SIGNED_OUT
from quarterhour.web import when
from quarterhour.web.reports.making import choices
from quarterhour.web.room import where
from quarterhour.web.room.boot import boot, boxes
from quarterhour.web.room.last_time import last_time


@login_required
@require_safe
def lobby(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Before going in: devices, who is there, one button. Out of hours: when, or what became of it."""
    session, mine = room_for(pk, visible_to=request.user)
    state = standing(session, now=request.now)
    if state != "open":
        template = "along/closed.html" if mine else "room/closed.html"
        return render(request, template, _page(request, session, mine, place="early") | {"state": state})
    return render(request, "room/lobby.html", _page(request, session, mine, place="lobby"))


@login_required
@require_safe
def room(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The room itself. While it is closed the lobby knows the reason."""
    session, mine = room_for(pk, visible_to=request.user)
    if standing(session, now=request.now) != "open":
        return redirect("room:lobby", pk)
    return render(request, "room/room.html", _page(request, session, mine, place="room"))


@require_safe
def ticket(request: HttpRequest, pk: UUID) -> JsonResponse:
    """A fresh ticket for a page that lost its socket. Strangers are told what they are told everywhere."""
    if not request.user.is_authenticated:
        return JsonResponse({"told": SIGNED_OUT.told, "word": SIGNED_OUT.word, "go": "sign-in"}, status=401)
    session, _ = room_for(pk, visible_to=request.user)
    if standing(session, now=request.now) != "open":
        return JsonResponse({"told": "The room is closed."}, status=409)
    secret = tickets.make(person=request.user, session_id=pk, now=request.now, login=request.session.session_key or "")
    return JsonResponse({"ticket": secret})


@login_required
@require_POST
def erase_said(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the captions wrote down is gone at once, for both."""
    session = queries.session_for(pk, visible_to=request.user)
    captions.erase(session=session, by=request.user, now=request.now)
    messages.success(request, "Deleted, for both of you. The notes and the chat stay.")
    return redirect("advice:card", pk)


def standing(session: MentoringSession, *, now: datetime) -> str:
    """Which page there is to see: "open", "early", "over", "released" or "unbooked"."""
    if session.status == Status.ENDED:
        return "over"
    if session.status != Status.CONFIRMED:
        return "released" if session.status == Status.CANCELLED else "unbooked"
    if now < rules.lobby_opens(session):
        return "early"
    return "open" if now < rules.lobby_closes(session) else "over"


def _page(request: HttpRequest, session: MentoringSession, mine: Companion | None, *, place: str) -> dict:
    """mine: what lets them in who are not one of the two; to them, the other one is who brought them."""
    now, other = request.now, mine.brought_by if mine else session.other(request.user)
    login = request.session.session_key or ""
    coming = [row.person for row in companions.along(session) if row.person]
    company = [person for person in coming if person.pk != request.user.pk]
    return {
        "session": session,
        "missed": queries.was_missed(session),
        "other": other,
        "mentors": request.user.pk == session.mentor_id,
        "mine": mine,
        "people": [other, *company],  # of whom a report may be, where they are one of the two
        "company": [session.other(other), *company] if mine else company,
        "boot": boot(session, request.user, mine, place=place, login=login, now=now),
        "boxes": boxes(session),
        **choices(),
        "span": when.span(session.starts_at, session.ends_at),
        "day": when.day_label(session.starts_at, now=now),
        "until": when.until(session.starts_at, now=now),
        "opens": rules.lobby_opens(session),
        "closes": rules.lobby_closes(session),
        "zone_here": when.here(),
        "there": when.there(session.starts_at, other.zone, whom=other.first_name),
        "said": rules.SAID[Status(session.status)],
        "relay": ice.has_relay(),
        "larger": larger.is_set_up(),
        "forwarded": larger.is_forwarded(len(coming)),
        "hears": hearing.host(),
        "hears_here": hearing.is_here(session),
        "meet": where.told(session),
        "last_time": last_time(session, visible_to=request.user, now=now) if place != "early" and not mine else None,
    }
