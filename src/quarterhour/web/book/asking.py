"""Pages around a request: who has the question, other times, somebody better."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quarterhour.core.errors import Invalid, NotFound, QuarterhourError
from quarterhour.core.text import clean
from quarterhour.matching.people import length_for
from quarterhour.needs.queries import need_for
from quarterhour.people.models import Person
from quarterhour.sessions import asking, queries, quotas, rules
from quarterhour.sessions.freedom import SpanTaken
from quarterhour.sessions.models import MentoringSession, Status
from quarterhour.web import when
from quarterhour.web.book.asked import asked_page
from quarterhour.web.book.better import better_people, own_starts, starts_of
from quarterhour.web.keys import pressed_once

DAYS, A_DAY = 5, 6
MOST_WORDS = 400


@login_required
@require_safe
def asked(request, pk):
    """Who has this question, how much time is left, and what happens next; for the person who asks."""
    need = need_for(pk, visible_to=request.user)
    return render(request, "book/asked.html", asked_page(need, request.user, now=request.now))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def other_time(request, pk):
    """The mentor offers up to three of their own free times."""
    session = _mine_to_answer(request, pk)
    refused = None
    if request.method == "POST":
        try:
            starts = [when.moment_from(each) for each in request.POST.getlist("start")]
            words = _words(request)

            def act() -> dict:
                asking.offer_times(session=session, starts=starts, by=request.user, now=request.now, words=words)
                return {}

            body = {"session": pk, "starts": [start.isoformat() for start in starts], "words": words}
            pressed_once(request, "other time", body, act)
        except QuarterhourError as error:
            refused = error
        else:
            messages.success(request, f"Offered. {session.mentee.first_name} takes one with a press.")
            return redirect("mentor:today")
    starts = own_starts(session, now=request.now)
    shown = when.spread(when.waking(starts), days=DAYS, each=A_DAY)
    page = _about(session, request) | {"days": _chips(shown, session, request.now), "refused": refused}
    return render(request, "book/other_time.html", page, status=refused.status if refused else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def pass_on(request, pk):
    """The mentor names somebody better, who does not see the question before its owner agrees."""
    session = _mine_to_answer(request, pk)
    refused = None
    if request.method == "POST":
        try:
            to, words = _person(request.POST.get("person", "")), _words(request)

            def act() -> dict:
                asking.pass_on(session=session, to=to, by=request.user, now=request.now, words=words)
                return {}

            pressed_once(request, "pass on", {"session": pk, "to": to.pk, "words": words}, act)
        except QuarterhourError as error:
            refused = error
        else:
            messages.success(request, f"Passed on. {session.mentee.first_name} decides whether to ask {to.first_name}.")
            return redirect("mentor:today")
    page = _about(session, request) | {"people": better_people(session, now=request.now), "refused": refused}
    return render(request, "book/pass_on.html", page, status=refused.status if refused else 200)


@login_required
@require_POST
def choose(request, pk):
    """The mentee takes one of the times that were offered; or, where it is gone, asks for another one shown instead."""
    session = queries.session_for(pk, visible_to=request.user)
    start = when.moment_from(request.POST.get("start", ""))

    def act() -> dict:
        take = asking.ask_for if "ask" in request.POST else asking.choose_time
        return {"status": take(session=session, start=start, by=request.user, now=request.now).status}

    try:
        done = pressed_once(request, "choose", {"session": pk, "start": start, "ask": "ask" in request.POST}, act)
    except SpanTaken as gone:
        if session.need is None:
            raise
        need = need_for(session.need_id, visible_to=request.user)
        page = asked_page(need, request.user, now=request.now) | {"gone": gone, "gone_from": session}
        page["other_days"] = when.by_day(gone.starts, minutes=session.minutes, now=request.now)
        return render(request, "book/asked.html", page, status=gone.status)
    except QuarterhourError as refused:
        messages.error(request, refused.told)
        return redirect("book:asked", pk=session.need_id) if session.need_id else redirect("book:booked", pk=pk)
    if done["status"] == Status.ASKED:
        at = f"{when.day_within(start, now=request.now)} {when.clock(start)}"
        messages.success(request, f"{session.mentor.first_name} was asked for {at} instead.")
        return redirect("book:asked", pk=session.need_id)
    messages.success(request, f"Booked: {when.day_within(start, now=request.now)} with {session.mentor.first_name}.")
    return redirect("book:booked", pk=pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask_instead(request, pk):
    """The mentee asks the person whom the mentor named, for one of their free times."""
    session = queries.session_for(pk, visible_to=request.user)
    ask = getattr(session, "ask", None)
    better = ask.passed_to if ask else None
    if better is None or session.need is None or session.mentee_id != request.user.pk:
        raise NotFound("There is nothing at this address, or it is not yours to see.")
    refused = None
    if request.method == "POST":
        try:
            start = when.moment_from(request.POST.get("start", ""))

            def act() -> dict:
                minutes = length_for(better, session.need)
                given = {"start": start, "minutes": minutes, "by": request.user, "now": request.now}
                return {"session": str(asking.ask_instead(session=session, **given).pk)}

            done = pressed_once(request, "ask instead", {"session": pk, "start": start}, act)
        except QuarterhourError as error:
            refused = error
        else:
            return asked_or_booked(request, queries.session_for(UUID(done["session"]), visible_to=request.user))
    starts, minutes = starts_of(better, session, now=request.now)
    given = {"mentee_id": session.mentee_id, "org_id": session.org_id, "need_id": session.need_id}
    terms = queries.terms_of(better.pk, **given, since=request.now.date())
    shown = when.spread(when.waking(starts), days=DAYS, each=A_DAY)
    page = _about(session, request) | {
        "better": better,
        "words": ask.words,
        "days": when.by_day(shown, minutes=minutes, now=request.now),
        "refused": refused,
        "asks_first": terms is not None and terms.asks_first,
        "quota": quotas.quota_of(request.user, org=session.org_id, now=request.now),
        "let_go": queries.who_has(session.need_id, visible_to=request.user),
    }
    return render(request, "book/ask_instead.html", page, status=refused.status if refused else 200)


def asked_or_booked(request, session: MentoringSession):
    """The next page after a time was booked or asked for, and what it says at its foot."""
    day, clock = when.day_within(session.starts_at, now=request.now), when.span(session.starts_at, session.ends_at)
    first = session.mentor.first_name
    if session.status == Status.ASKED and session.need_id:
        messages.success(request, f"{first} was asked for {day} {clock}. The time is kept for you meanwhile.")
        return redirect("book:asked", pk=session.need_id)
    messages.success(request, f"Booked: {day} {clock} with {first}.")
    return redirect("book:booked", pk=session.pk)


def _mine_to_answer(request, pk) -> MentoringSession:
    """A request to this person. Raises NotFound for the mentee and strangers, WrongState once it was answered."""
    session = queries.session_for(pk, visible_to=request.user)
    if session.mentor_id != request.user.pk:
        raise NotFound("There is nothing at this address, or it is not yours to see.")
    if request.method != "POST":  # a press twice gets its first answer
        rules.check_is(session, Status.ASKED)
    return session


def _about(session: MentoringSession, request) -> dict:
    at = f"{when.day_within(session.starts_at, now=request.now)} {when.span(session.starts_at, session.ends_at)}"
    return {"session": session, "other": session.other(request.user), "at": at}


def _chips(starts, session: MentoringSession, now) -> list[dict]:
    days = when.by_day(starts, minutes=session.minutes, now=now)
    return [
        {
            "first": day["slots"][0]["start"],
            "options": [
                {
                    "value": slot["start"].isoformat(),
                    "label": when.clock(slot["start"]),
                    "start": slot["start"],
                    "minutes": session.minutes,
                    "hidden": f"with {session.mentee.called}",
                }
                for slot in day["slots"]
            ],
        }
        for day in days
    ]


def _person(text: str) -> Person:
    try:
        found = Person.objects.filter(pk=UUID(text)).first()
    except ValueError:
        found = None
    if found is None:
        raise Invalid("Choose one of the people shown.")
    return found


def _words(request) -> str:
    return clean(request.POST.get("words", ""))[:MOST_WORDS]
