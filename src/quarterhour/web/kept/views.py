"""How a session was kept, for its two people: the verdict, the way on, and the word against it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from quarterhour.core.errors import Changed, Invalid, QuarterhourError
from quarterhour.matching import handing_over
from quarterhour.matching.now import line
from quarterhour.matching.now.fitting import fits_now
from quarterhour.sessions import appeals, nearest, queries
from quarterhour.sessions import nobody_came as ending
from quarterhour.web import when
from quarterhour.web.kept.words import how_kept
from quarterhour.web.keys import pressed_once
from quarterhour.web.toasts import tell


@login_required
@require_safe
def kept(request, pk):
    """The verdict with its reason; for a mentee whose mentor did not come also the next times."""
    return _page(request, queries.session_for(pk, visible_to=request.user))


@login_required
@require_POST
def otherwise(request, pk):
    """“That is not how it was”, in a sentence."""
    session = queries.session_for(pk, visible_to=request.user)
    text = request.POST.get("otherwise", "")

    def act() -> dict:
        return {"id": str(appeals.say_otherwise(session=session, by=request.user, text=text, now=request.now).pk)}

    try:
        pressed_once(request, "otherwise", {"session": pk, "text": text}, act)
    except Invalid as refused:
        return _page(request, session, refused=refused, text=text)
    messages.success(request, f"Said. Whoever runs {session.org.name} looks into it, and both of you hear of it.")
    return redirect("kept:kept", pk=pk)


@login_required
@require_POST
def nobody_came(request, pk):
    """The press of whoever waits in the room: it is ended, and `go` says where the page goes on; or why it is not.

    `to`: "now" asks somebody else at once, anything else leads to the next times.
    """
    session = queries.session_for(pk, visible_to=request.user)

    def act() -> dict:
        return {"status": ending.nobody_came(session=session, by=request.user, now=request.now).status}

    try:
        pressed_once(request, "nobody came", {"session": pk}, act)
    except Changed as refused:
        return JsonResponse({"told": refused.told}, status=refused.status)
    place = None
    if request.POST.get("to") == "now" and session.need is not None and session.mentee_id == request.user.pk:
        place = _in_line(request, session.need)
    go = reverse("now:line", args=[place.pk]) if place else reverse("kept:kept", args=[pk])
    return JsonResponse({"go": go})


def _in_line(request, need):
    """A place in the line for now with the same question; None where there is none, and the next page says why."""
    try:
        fits = fits_now(need, now=request.now)
        return line.press(need=need, fits=fits, minutes=need.minutes, by=request.user, now=request.now)
    except QuarterhourError as refused:
        tell(request, refused.told, wrong=True)
        return None


def _page(request, session, *, refused: Invalid | None = None, text: str = ""):
    found = how_kept(session, request.user, now=request.now)
    if found is None:
        return redirect("book:booked", pk=session.pk)
    page = {
        "session": session,
        "other": session.other(request.user),
        "found": found,
        "asked": session.mentee_id == request.user.pk,
        "day": when.day_label(session.starts_at, now=request.now),
        "span": when.span(session.starts_at, session.ends_at),
        "refused": refused,
        "text": text,
    } | _way_on(session, request, missed=found["kept"].is_missed)
    return render(request, "kept/kept.html", page, status=refused.status if refused else 200)


def _way_on(session, request, *, missed: bool) -> dict:
    """Three times of the same mentor, and three of others who fit, for the mentee of a session that was missed."""
    if not missed or session.need is None or session.mentee_id != request.user.pk:
        return {}
    now = request.now
    starts = nearest.alternatives(
        None, mentor_id=session.mentor_id, org=session.org_id, minutes=session.minutes, now=now,
        mentee=request.user, near=now, together=session.need_id,
    )  # fmt: skip
    near = handing_over.others_near(session, now=now)
    return {
        "days": when.by_day(starts, minutes=session.minutes, now=now),
        "others": [
            {"mentor": one.mentor, "days": when.by_day([one.start], minutes=one.minutes, now=now)} for one in near
        ],
    }
