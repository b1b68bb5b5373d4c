"""People for a question: three with their evidence first, everybody else behind them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from quarterhour.core.errors import Invalid, NotFound, QuarterhourError
from quarterhour.core.limits import spend
from quarterhour.matching.handlers import keep_if_new
from quarterhour.matching.people import asked_of, length_for, people_for
from quarterhour.needs.models import Need
from quarterhour.needs.queries import need_for, waitings
from quarterhour.needs.services import change_need, note_matched, stop_waiting
from quarterhour.needs.services import wait as start_waiting
from quarterhour.people.models import Person
from quarterhour.sessions import services
from quarterhour.sessions.quotas import quota_of
from quarterhour.web import toasts, when
from quarterhour.web.ask.drafts import (
    draft_of,
    draft_shown,
    keep_draft,
    keep_press,
    pressed_before,
    state_draft,
    stated_draft,
)
from quarterhour.web.ask.forms import whole
from quarterhour.web.ask.views import words_of
from quarterhour.web.knowledge.page import alike_row
from quarterhour.web.match import waitlist
from quarterhour.web.match.looks import asked_in, shown_to, to_people
from quarterhour.web.match.page import TO_BEGIN_WITH, ahead_of, asked_already, people_page, rows_page
from quarterhour.web.match.taken import taken_page
from quarterhour.web.match.waiting import waiting_row
from quarterhour.web.match.ways import changed, told
from quarterhour.web.now.page import offer_for
from quarterhour.web.now.views import talk
from quarterhour.web.room import where

MOST = 60
OVER = "Your question was kept for an hour, and that is over. Write it once more."


@login_required
@require_safe
def need(request, pk):
    """People for a question that was stated."""
    asked = need_for(pk, visible_to=request.user)
    return _matches(request, words_of(asked), need=asked)


@require_safe
def draft(request):
    """People for a question asked before signing in."""
    words = draft_of(request)
    if words is None:
        return redirect("ask:ask" if request.user.is_authenticated else "front:home")
    if request.user.is_authenticated and (pressed := pressed_before(request)):
        asked = need_for(state_draft(request, words), visible_to=request.user)
        return _hold(request, asked, pressed) if pressed["start"] else to_people(request, asked.pk)
    return _matches(request, words)


@login_required
@require_POST
def broaden(request, pk):
    """Change one word of the question, and look again."""
    asked = need_for(pk, visible_to=request.user)
    chip, seen = request.POST.get("chip", ""), whole(request.POST.get("version", ""), digits=8)
    words = changed(replace(words_of(asked), settled=tuple(asked.settled)), chip)
    change_need(need=asked, words=words, seen=seen, now=request.now, today=timezone.localdate(request.now))
    toasts.tell(request, told(chip))
    return to_people(request, pk)


@require_POST
def broaden_draft(request):
    """The same before signing in."""
    words, chip = draft_of(request), request.POST.get("chip", "")
    if words is None:
        raise Invalid(OVER)
    words = changed(words, chip)
    keep_draft(request, words, shown=shown_to(request, words))
    toasts.tell(request, told(chip))
    return redirect("match:draft")


@login_required
@require_POST
def wait(request, pk):
    """Tell me when somebody can; or, with `stop`, no longer."""
    return _wait(request, need_for(pk, visible_to=request.user))


@require_POST
def wait_for_draft(request):
    """The same before signing in: the way to it leads through the sign-in page, the question is kept."""
    return _with_draft(request, _wait)


def _wait(request, asked):
    if "stop" in request.POST:
        stop_waiting(asked, now=request.now)
        toasts.tell(request, "Stopped. You hear no more about this question; it stays open.")
    else:
        until = start_waiting(need=asked, now=request.now).until
        toasts.tell(request, f"You hear from us when somebody can, until {when.last_day(until, now=request.now)}.")
    return redirect("match:need", pk=asked.pk)


@require_POST
def waitlist_for_draft(request):
    """Onto the waitlist before signing in: the way to it leads through the sign-in page, the question is kept."""
    return _with_draft(request, waitlist.press)


@login_required
@require_POST
def hold(request, pk):
    """The first click: keep a time for ten minutes."""
    return _hold(request, need_for(pk, visible_to=request.user))


@require_POST
def hold_for_draft(request):
    """The first click before signing in: the way to it leads through the sign-in page; question and time are kept."""
    return _with_draft(request, _hold)


@require_POST
def talk_for_draft(request):
    """Talk now before signing in, or before the question is stated."""
    return _with_draft(request, talk)


def _with_draft(request, act):
    """Do this with the draft of the browser, stated first; whoever is not signed in is asked who they are."""
    words = draft_of(request)
    if words is not None and not request.user.is_authenticated:
        if act in {_hold, talk}:
            keep_press(request)
        return _go(request, reverse("people:sign_in") + "?" + urlencode({"next": reverse("match:draft")}))
    pk = state_draft(request, words) if words else stated_draft(request)
    if pk is None or not request.user.is_authenticated:
        raise Invalid(OVER)
    return act(request, need_for(pk, visible_to=request.user))


def _hold(request, asked, sent=None):
    """sent: what was pressed, where it was pressed before signing in."""
    person, now, sent = request.user, request.now, sent or request.POST
    spend(
        f"hold {person.pk}",
        most=120,
        per=timedelta(hours=1),
        now=now,
        told="That was many times in an hour. Rest a little.",
    )
    try:
        start = when.moment_from(sent.get("start", ""))
        mentor = _mentor(sent.get("mentor", ""), org_id=asked.org_id)
        minutes = length_for(mentor, asked)
        services.hold(need=asked, mentor=mentor, start=start, minutes=minutes, by=person, now=now)
    except services.SpanTaken as taken:
        return taken_page(request, asked, mentor, taken, minutes=minutes)
    except QuarterhourError as refused:
        return _matches(request, words_of(asked), need=asked, refused=refused)
    note_matched(asked, now=now)
    keep_if_new(asked, now=now)
    return redirect(reverse("match:need", args=[asked.pk]) + f"#m-{mentor.pk}")


def _matches(request, words, *, need=None, refused: QuarterhourError | None = None) -> HttpResponse:
    """Three people first; those behind them when somebody gets there, or at once with `?show=10` in the address."""
    at = reverse("match:need", args=[need.pk]) if need else reverse("match:draft")
    alone = request.htmx.target == "everyone"
    listed = alone or not {"only", "show"}.isdisjoint(request.GET)
    person = request.user if request.user.is_authenticated else None
    held, booked, open_asks = ahead_of(need, person, request.now)
    settled = need.settled if need else words.settled
    waits = waitings([need.pk], visible_to=person, today=timezone.localdate(request.now)).get(need.pk) if need else None
    shown = (
        held.mentor_id if held else next((each.mentor_id for each in waits.prospects.all()), None) if waits else None
    )
    asked = asked_of(need) if need else asked_in(words)
    look = {
        "asker": person, "org": need.org if need else request.org, "zone": timezone.get_current_timezone_name(),
        "now": request.now, "need": need,
    }  # fmt: skip
    again = None if need else draft_shown(request)
    people = people_for(asked, **look, with_cards=not alone, with_rows=listed, held=shown, again=again)
    page = {
        "asked_already": asked_already(booked, now=request.now),
        "waits": waiting_row(waits, now=request.now),
        "need": need,
        "at": at,
        "listed": listed,
        "refused": refused,
    }
    if not alone:
        if person and any(card.asks_first for card in people.cards):
            page["quota"] = quota_of(person, org=need.org_id if need else request.org, now=request.now)
        page["let_go"] = [each.mentor for each in open_asks]
        guessed = "topics" not in settled
        page |= people_page(people, words=words, need=need, held=held, promised=shown, guessed=guessed, now=request.now)
        if held:
            page["meeting"] = where.fields_for(held, request.session.pop("where_given", None))
        page["waitlist"] = waitlist.waitlist_row(need, person, list(words.skills), now=request.now)
        page["now_offer"] = offer = offer_for(asked, **look)
        for card in people.cards if offer else ():
            card.on_call = offer["until"].get(card.profile.person_id)
        if offer and words.when == Need.When.NOW:
            page["late"] = ""  # the booked times are later; somebody can talk at once
        if need:
            page["alike"] = alike_row(people.ranking.asked.text, need=need, chosen=() if guessed else words.skills)
    if listed:
        only = [word for word in request.GET.getlist("only") if len(word) < 40][:4]  # noqa: PLR2004 - a facet's name
        show = min(whole(request.GET.get("show", "")) or TO_BEGIN_WITH, MOST)
        page |= rows_page(people, only=only, show=show, now=request.now)
    template = "match/matches.html#everyone" if alone else "match/matches.html"
    return render(request, template, page, status=refused.status if refused else 200)


def _mentor(text: str, *, org_id: UUID) -> Person:
    """The person whose time was pressed, somebody of this organisation: a name of another one is never told.

    Whether they may be booked is for the service to say.
    """
    try:
        return Person.objects.get(pk=UUID(text), memberships__org=org_id)
    except (ValueError, Person.DoesNotExist) as error:
        raise NotFound("This person no longer offers time here. Your question is saved.") from error


def _go(request, address: str):
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)
