"""Now: press, wait, be on call, be rung."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from quarterhour.core.errors import Changed, Invalid, QuarterhourError
from quarterhour.matching.following import best_to_write_to
from quarterhour.matching.models import Place
from quarterhour.matching.now import bell, oncall, queries, ringing
from quarterhour.matching.now import line as the_line
from quarterhour.matching.now.fitting import fits_now
from quarterhour.needs.queries import need_for
from quarterhour.needs.services import note_matched
from quarterhour.notifications.channels import BOOKINGS, ways_of
from quarterhour.sessions.room import tickets
from quarterhour.sessions.room.goodbyes import SIGNED_OUT
from quarterhour.web.ask.brief import brief_of
from quarterhour.web.ask.forms import whole
from quarterhour.web.now.page import waiting_page
from quarterhour.web.toasts import tell


@login_required
@require_POST
def press(request, pk):
    """Take a place in line with this question. Pressing twice leads to the same place."""
    return talk(request, need_for(pk, visible_to=request.user))


def talk(request, need):
    """The same for a question at hand."""
    try:
        fits = partial(fits_now, need, now=request.now)
        place = the_line.press(need=need, fits=fits, minutes=need.minutes, by=request.user, now=request.now)
    except QuarterhourError as refused:
        tell(request, refused.told, wrong=True)
        standing = queries.standing(request.user)
        return redirect("now:line", standing.pk) if standing else redirect("match:need", need.pk)
    note_matched(need, now=request.now)
    return redirect("now:line", place.pk)


@login_required
@require_safe
def line(request, pk):
    """One's own place: how long, who is rung, what else there is. Once somebody said yes: the way into the room."""
    place = queries.place_for(pk, visible_to=request.user)
    if place.state == Place.State.ANSWERED:
        return _go(request, reverse("room:lobby", args=[place.session_id]))
    if place.state not in {Place.State.WAITING, Place.State.RESTING}:
        return _go(request, reverse("match:need", args=[place.need_id]))
    oncall.seen([request.user.pk], now=request.now)
    wait = queries.wait_of(place, now=request.now)
    half = queries.answered_within(place.org_id, now=request.now)
    page = waiting_page(place, queries.rings_of(place), wait, half, now=request.now)
    if not request.htmx:  # the page asks again for what changes alone, and this stands beside it
        need = place.need
        page["to_write_to"] = best_to_write_to(need, now=request.now)
        page["brief"] = brief_of(need.text, need.tried, need.good_outcome, need.decide_by)
    return render(request, "now/line.html", page | {"bell": socket(request)})


@login_required
@require_POST
def rest(request, pk):
    """Later, but keep my place."""
    return _with_place(request, pk, the_line.rest)


@login_required
@require_POST
def come_back(request, pk):
    """I am here again."""
    return _with_place(request, pk, the_line.come_back)


@login_required
@require_POST
def leave(request, pk):
    """Leave the line."""
    place = queries.place_for(pk, visible_to=request.user)
    try:
        the_line.leave(place=place, by=request.user, now=request.now)
    except Changed as refused:
        tell(request, refused.told, wrong=True)
        return redirect("now:line", pk)
    tell(request, "You have left the line. Your question is saved.")
    return redirect("match:need", place.need_id)


def _with_place(request, pk, deed):
    place = queries.place_for(pk, visible_to=request.user)
    try:
        deed(place=place, by=request.user, now=request.now)
    except Changed as refused:
        tell(request, refused.told, wrong=True)
    return redirect("now:line", pk)


@login_required
@require_POST
def on_call(request):
    """Be on call from now on."""
    minutes = whole(request.POST.get("minutes", ""))
    try:
        if minutes is None:
            raise Invalid("Choose how long you want to be on call.")
        until = request.now + timedelta(minutes=minutes)
        chosen = request.POST.getlist("topic")
        every = len(chosen) == (whole(request.POST.get("topics", "")) or -1)
        row = oncall.go_on_call(
            mentor=request.user, org=request.org, until=until, skills=[] if every else chosen,
            elsewhere=bool(ways_of([request.user.pk]).elsewhere(request.user.pk, BOOKINGS)), now=request.now,
        )  # fmt: skip
    except QuarterhourError as refused:
        tell(request, refused.told, wrong=True)
        return redirect("mentor:today")
    ends = timezone.localtime(row.until)
    where = "We ring you here and on your devices." if row.elsewhere else "Keep a page open, and we ring you."
    tell(request, f"You are on call until {ends:%H:%M}. {where}")
    return redirect("mentor:today")


@login_required
@require_POST
def stop(request):
    """Not on call any more."""
    oncall.stop(mentor=request.user, org=request.org, now=request.now)
    tell(request, "You are not on call any more.")
    return redirect("mentor:today")


@login_required
@require_safe
def ring(request):
    """The ring that waits for this person, for whichever page they are on; empty where none does."""
    found = queries.ring_for(request.user)
    return render(request, "now/ring.html", {"ring": found})


@login_required
@require_POST
def yes(request, pk):
    """The mentor says yes; both are in the lobby."""
    found = queries.own_ring(pk, visible_to=request.user)
    try:
        session = ringing.answer(ring=found, by=request.user, now=request.now)
    except QuarterhourError as refused:
        tell(request, refused.told, wrong=True)
        return redirect("mentor:today")
    return redirect("room:lobby", session.pk)


@login_required
@require_POST
def pass_on(request, pk):
    """Not this one."""
    try:
        ringing.pass_on(ring=queries.own_ring(pk, visible_to=request.user), by=request.user, now=request.now)
    except Changed as refused:
        tell(request, refused.told, wrong=True)
    return redirect("mentor:today")


@require_safe
def ticket(request):
    """A fresh ticket for the socket that says "look"."""
    if not request.user.is_authenticated:
        return JsonResponse({"told": SIGNED_OUT.told, "word": SIGNED_OUT.word, "go": "sign-in"}, status=401)
    return JsonResponse({"ticket": _ticket(request)})


def socket(request) -> dict[str, str]:
    """What the script needs to hear news: see frontend/parts/bell.js."""
    return {
        "socket": f"{settings.REALTIME_URL}/now",
        "ticket": _ticket(request),
        "tickets": reverse("now:ticket"),
        "ring": reverse("now:ring"),
    }


def _ticket(request) -> str:
    login = request.session.session_key or ""
    return tickets.make(person=request.user, session_id=bell.DOOR, now=request.now, login=login)


def _go(request, address: str) -> HttpResponse:
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)
