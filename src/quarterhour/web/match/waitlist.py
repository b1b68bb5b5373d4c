"""If a quarter comes free: joining the waitlist, where one stands, and what is kept."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from quarterhour.core.errors import NotFound
from quarterhour.matching.models import Waiter
from quarterhour.matching.waitlist import joining, queries
from quarterhour.needs.models import Need
from quarterhour.needs.queries import need_for
from quarterhour.people.models import Person
from quarterhour.people.taxonomy import skill_of
from quarterhour.sessions.models import MentoringSession
from quarterhour.sessions.queries import session_for, terms_of
from quarterhour.web import toasts, when

ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth"}


def waitlist_row(need: Need | None, person: Person | None, skills: list[str], *, now: datetime) -> dict | None:
    """What the panel tells; None before the question is stated. skills: what the question is about.

    One query: who waits. For somebody who does two more, where one stands and what is kept; where something is, one
    more, whether its mentor is asked first.
    """
    waiter = queries.waiter_for(need, visible_to=person) if need and person else None
    if waiter is None:
        return None
    waits = not waiter.ended and waiter.until > now and need.closed_at is None
    row = {"waits": waits, "silent": waiter.ended == Waiter.Ended.SILENT, "with": waiter.mentor}
    if waits:
        place, many = queries.standing(waiter, now=now)
        kept = queries.kept_time(waiter, now=now)
        row |= {
            "place": ORDINALS.get(place, f"number {place}"),
            "many": many,
            "about": " and ".join(skill.label for skill in map(skill_of, skills[:2]) if skill),
            "until": when.last_day(waiter.until, now=now),
            "kept": kept,
            "kept_day": when.day_within(kept.starts_at, now=now) if kept else "",
            "asks_first": kept is not None and _asks_first(kept),
        }
    return row


def _asks_first(kept: MentoringSession) -> bool:
    given = {"mentee_id": kept.mentee_id, "org_id": kept.org_id, "need_id": kept.need_id}
    terms = terms_of(kept.mentor_id, **given, since=kept.starts_at.date())
    return terms is not None and terms.asks_first


@login_required
@require_POST
def waitlist(request, pk):
    """Ring me if a quarter comes free; or, with `stop`, no longer."""
    return press(request, need_for(pk, visible_to=request.user))


def press(request, asked: Need):
    """The same for a question at hand."""
    if "stop" in request.POST:
        joining.leave(need=asked, by=request.user, now=request.now)
        toasts.tell(request, "You wait no longer. Your question stays open.")
    else:
        mentor = _mentor(request.POST.get("mentor", ""), org_id=asked.org_id)
        waiter = joining.join(need=asked, by=request.user, mentor=mentor, now=request.now)
        until = when.last_day(waiter.until, now=request.now)
        toasts.tell(request, f"You hear from us when a quarter comes free, until {until}.")
    return redirect("match:need", pk=asked.pk)


@login_required
@require_POST
def not_this(request, pk):
    """Let a kept time go to the next."""
    session = session_for(pk, visible_to=request.user)
    joining.pass_on(session=session, by=request.user, now=request.now)
    toasts.tell(request, "Passed on to the next. You keep your place.")
    return redirect("match:need", pk=session.need_id) if session.need_id else redirect("ask:ask")


def _mentor(key: str, *, org_id: UUID) -> Person | None:
    """Whom somebody waits for; None for whoever fits. A name of another organisation is never told."""
    if not key:
        return None
    try:
        return Person.objects.get(pk=UUID(key), memberships__org=org_id)
    except (ValueError, Person.DoesNotExist) as error:
        raise NotFound("This person no longer offers time here. Your question is saved.") from error
