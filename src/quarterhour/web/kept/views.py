"""How a session was kept, for its two people: the verdict, the way on, and the word against it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from quarterhour.core.errors import Invalid
from quarterhour.matching import handing_over
from quarterhour.sessions import appeals, queries
from quarterhour.web import when
from quarterhour.web.kept.words import how_kept
from quarterhour.web.keys import pressed_once


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
    starts = queries.alternatives(
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
