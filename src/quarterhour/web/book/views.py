"""Booking: confirm what is held, see it, move it, release it."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST, require_safe

from quarterhour.core.errors import Invalid, QuarterhourError
from quarterhour.core.text import clean
from quarterhour.engines.agenda import time_boxes
from quarterhour.matching import handing_over
from quarterhour.matching.waitlist import joining
from quarterhour.needs.services import add_tried
from quarterhour.notifications.invitations import for_person, written
from quarterhour.sessions import coming, companions, queries, services
from quarterhour.sessions.models import MentoringSession, Status
from quarterhour.sessions.rules import WrongState, lobby_closes, lobby_opens
from quarterhour.sessions.services import SpanTaken
from quarterhour.web import when
from quarterhour.web.along.views import comes_along
from quarterhour.web.ask.brief import brief_of
from quarterhour.web.book.asking import asked_or_booked
from quarterhour.web.book.diary import diary
from quarterhour.web.book.links import calendar_links
from quarterhour.web.book.releasing import as_it_stands, release_ask
from quarterhour.web.kept.words import how_kept
from quarterhour.web.keys import key_of, pressed_once
from quarterhour.web.room import where

AHEAD = timedelta(days=21)


@login_required
@require_safe
def sessions(request):
    """The diary: what comes, what waits for a yes, what is behind. `side` is asked or helped."""
    page = diary(
        request.user,
        org=request.org,
        side=request.GET.get("side", ""),
        before=request.GET.get("before", ""),
        now=request.now,
    )
    if request.htmx:
        return render(request, "book/sessions.html#past", page)
    return render(request, "book/sessions.html", page | {"comes_along": comes_along(request)})


@login_required
@require_safe
def booked(request, pk):
    """One session, for either of the two."""
    return _page(request, queries.session_for(pk, visible_to=request.user))


@login_required
@require_POST
def confirm(request, pk):
    """The second click."""
    session = queries.session_for(pk, visible_to=request.user)

    given = where.sent(request)
    there = where.chosen(given)

    def book() -> dict:
        done = services.confirm(session=session, by=request.user, now=request.now, **there)
        return {"status": done.status}

    try:
        key_of(request)  # nothing is booked by a form without one
        done = pressed_once(request, "confirm", {"session": pk} | there, book)
    except QuarterhourError as refused:
        if refused.fields:
            request.session["where_given"] = given
        return _sent_back(request, session, refused)
    session.status = done["status"]
    return asked_or_booked(request, session)


@login_required
@require_POST
def give_back(request, pk):
    """Let a held time go."""
    session = queries.session_for(pk, visible_to=request.user)
    joining.pass_on(session=session, by=request.user, now=request.now)
    return redirect("match:need", pk=session.need_id) if session.need_id else redirect("ask:ask")


@login_required
@require_POST
def left(request, pk):
    """The page that holds a time was closed: it is free for others soon, unless the page comes back."""
    services.leave(session=queries.session_for(pk, visible_to=request.user), by=request.user, now=request.now)
    return HttpResponse(status=204)


@login_required
@require_POST
def here(request, pk):
    """The page is open, after a reload for one."""
    services.come_back(session=queries.session_for(pk, visible_to=request.user), by=request.user, now=request.now)
    return HttpResponse(status=204)


@login_required
@require_POST
def cannot_come(request, pk):
    """One press for a mentor who is ill: somebody else takes the time, or it is released."""
    session = queries.session_for(pk, visible_to=request.user)
    note = clean(request.POST.get("note", ""))

    def act() -> dict:
        done = handing_over.cannot_come(session=session, by=request.user, now=request.now, note=note)
        return {"to": done.mentor.called if done.pk != session.pk else ""}

    done = pressed_once(request, "cannot come", {"session": pk, "note": note}, act)
    first = session.mentee.first_name
    if done["to"]:
        messages.success(request, f"{done['to']} takes it over. {first} is told, and keeps the time.")
    else:
        messages.success(request, f"Released. {first} is told, and sees three other times. Get well.")
    return redirect("book:sessions")


@login_required
@require_POST
def move(request, pk):
    """Another time for the same session."""
    session = queries.session_for(pk, visible_to=request.user)
    try:
        start = when.moment_from(request.POST.get("start", ""))

        def act() -> dict:
            services.move(session=session, start=start, by=request.user, now=request.now)
            return {}

        pressed_once(request, "move", {"session": pk, "start": start}, act)
    except QuarterhourError as refused:
        return _page(request, session, refused=refused, status=refused.status)
    until = start + timedelta(minutes=session.minutes)
    day, clock = when.day_within(start, now=request.now), when.span(start, until)
    messages.success(request, f"Moved to {day} {clock}. {session.other(request.user).first_name} is told.")
    return redirect("book:booked", pk=pk)


@login_required
@require_POST
def say_coming(request, pk):
    """“I will be there”, for the other one to see."""
    session = queries.session_for(pk, visible_to=request.user)
    try:
        coming.say_coming(session=session, by=request.user, now=request.now)
    except WrongState as refused:
        return as_it_stands(request, session, refused)
    messages.success(request, f"{session.other(request.user).first_name} sees that you will be there.")
    return redirect("book:booked", pk=pk)


@login_required
@require_POST
def answer(request, pk):
    """The mentor says yes or no to a request."""
    session = queries.session_for(pk, visible_to=request.user)
    yes, note = request.POST.get("answer") == "yes", clean(request.POST.get("note", ""))

    def act() -> dict:
        if yes:
            done = services.accept(session=session, by=request.user, now=request.now)
        else:
            done = services.decline(session=session, by=request.user, now=request.now, note=note)
        return {"status": done.status}

    try:
        pressed_once(request, "answer", {"session": pk, "yes": yes, "note": note}, act)
    except WrongState as refused:
        return as_it_stands(request, session, refused)
    if yes:
        messages.success(request, f"Booked. {session.mentee.first_name} is told, and the invitation is on its way.")
        return redirect("mentor:brief", pk=pk)
    messages.success(request, f"Declined. {session.mentee.first_name} is told kindly, and finds others.")
    return redirect("mentor:today")


@login_required
@require_POST
def tried(request, pk):
    """What was tried, added to the question before the two meet."""
    session = queries.session_for(pk, visible_to=request.user)
    if session.need is None or session.mentee_id != request.user.pk:
        raise Invalid("Only the person whose question it is can add to it.")
    try:
        add_tried(need=session.need, text=request.POST.get("tried", ""))
    except QuarterhourError as refused:
        return _page(request, session, refused=refused, status=refused.status, tried=request.POST.get("tried", ""))
    messages.success(request, f"Added. {session.mentor.first_name} reads it before you meet.")
    return redirect("book:booked", pk=pk)


@login_required
@require_GET
def calendar_file(request, pk):
    """The invitation as a file, the same one the mail carries."""
    session = queries.session_for(pk, visible_to=request.user)
    method = "REQUEST" if session.status == Status.CONFIRMED else "CANCEL"
    if session.status not in {Status.CONFIRMED, Status.CANCELLED}:
        raise Invalid("There is nothing to put into a calendar yet: the time is not booked.")
    content = written(for_person(session, request.user, now=request.now), method)
    response = HttpResponse(content, content_type=f"text/calendar; charset=utf-8; method={method}")
    response["Content-Disposition"] = 'attachment; filename="quarterhour.ics"'
    return response


def _page(request, session, *, refused: QuarterhourError | None = None, status: int = 200, tried: str | None = None):
    other, now = session.other(request.user), request.now
    movable = session.status == Status.CONFIRMED and session.starts_at > now
    expected = coming.said_by(session) if movable else set()
    starts = _others(session, now) if movable and refused is None else getattr(refused, "starts", [])
    need = session.need if session.mentee_id == request.user.pk else None
    page = {
        "session": session,
        "other": other,
        "asked": session.mentee_id == request.user.pk,
        "until": when.until(session.starts_at, now=now),
        "day": when.day_label(session.starts_at, now=now),
        "day_within": when.day_within(session.starts_at, now=now),
        "span": when.span(session.starts_at, session.ends_at),
        "place": when.here(),
        "there": when.there(session.starts_at, other.zone, whom=other.first_name),
        "status_word": Status(session.status).label,
        "is_on": session.status == Status.CONFIRMED and now < lobby_closes(session),
        "waits": session.status == Status.ASKED,
        "door": lobby_opens(session),
        "doors_open": lobby_opens(session) <= now < lobby_closes(session),
        "days": when.by_day(starts, minutes=session.minutes, now=now),
        "refused": refused,
        "boxes": [{"name": box.name.capitalize(), "minutes": box.minutes} for box in time_boxes(session.minutes)],
        "movable": movable,
        "found": how_kept(session, request.user, now=now) if session.status == Status.ENDED else None,
        "taken_over": getattr(session.instead_of, "mentor", None),
        "instead": _instead(session, request.user, now),
        "release": release_ask(session, request.user, now=now),
        "thanked": _thanked(session, request.user),
        "i_come": request.user.pk in expected,
        "they_come": other.pk in expected,
        "meet": where.told(session),
        "along": companions.along(session) if session.status == Status.CONFIRMED else [],
        "calendar": calendar_links(session, request.user, now=now) if session.status == Status.CONFIRMED else None,
    }
    if need is not None:
        brief = brief_of(need.text, tried or need.tried, need.good_outcome, need.decide_by)
        page |= {"need": need, "brief_of": brief, "tried": need.tried if tried is None else tried}
    return render(request, "book/booked.html", page, status=status)


def _thanked(session, reader) -> list:
    """Who had the same question, for the person whose question it is, while the session is ahead or on."""
    if session.status != Status.CONFIRMED or session.mentee_id != reader.pk:
        return []
    return queries.who_has(session.need_id, visible_to=reader, status=Status.THANKED)


def _instead(session, reader, now) -> dict:
    """What there is in place of a session its mentor released: whoever took it over, or three times of others."""
    if session.status != Status.CANCELLED or session.changed_by_id != session.mentor_id:
        return {}
    other = MentoringSession.objects.visible_to(reader).filter(instead_of=session).select_related("mentor").first()
    if reader.pk == session.mentor_id:
        return {"handed": hasattr(session, "handed_to")}
    if other is not None:
        return {"session": other}
    near = handing_over.others_near(session, now=now)
    rows = [{"mentor": one.mentor, "days": when.by_day([one.start], minutes=one.minutes, now=now)} for one in near]
    return {"others": rows}


def _others(session, now) -> list:
    """A handful of other times of the same mentor, spread over the days."""
    found = queries.free_starts(
        mentor_ids=[session.mentor_id], org=session.org_id, minutes=session.minutes, between=(now, now + AHEAD),
        now=now, each=None, mentee=session.mentee, but_for=session.pk,
    ).get(session.mentor_id, [])  # fmt: skip
    return when.spread([start for start in when.waking(found) if start != session.starts_at], days=3, each=3)


def _sent_back(request, session, refused: QuarterhourError):
    """The hold could not be booked: back to the matches, the question kept, with other times where we know some."""
    messages.error(request, refused.told)
    if isinstance(refused, SpanTaken) and refused.starts:
        request.session["other_starts"] = [start.isoformat() for start in refused.starts]
    return redirect("match:need", pk=session.need_id) if session.need_id else redirect("ask:ask")
