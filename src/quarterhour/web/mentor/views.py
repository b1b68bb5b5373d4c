"""A mentor's own two pages: today, and the brief before a session."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from quarterhour.advice.queries import outcomes_of, waiting_for
from quarterhour.engines.agenda import time_boxes
from quarterhour.engines.budget import week_of
from quarterhour.matching.now.queries import own_call, ring_for
from quarterhour.people.languages import named
from quarterhour.people.models import Person, Profile
from quarterhour.sessions.asking import note_read
from quarterhour.sessions.models import Status
from quarterhour.sessions.queries import minutes_this_week
from quarterhour.sessions.silence import is_paused_for_it
from quarterhour.sessions.writing import to_answer
from quarterhour.trust.queries import helped_by, this_week
from quarterhour.web import when
from quarterhour.web.mentor import pages, queries
from quarterhour.web.now.page import call_panel
from quarterhour.web.now.views import socket


@login_required
@require_safe
def today(request):
    """Next session, requests, minutes left this week, and what became of earlier advice; htmx asks again for who comes
    and who asks.
    """
    me, org, now = request.user, request.org, request.now
    mine = queries.own_offer(me, org=org)
    diary = queries.diary(me, org=org, now=now)
    coming = _coming(diary, mine, me, org=org, now=now)
    if request.htmx:
        return render(request, "mentor/today.html#diary", coming)
    given, budget = minutes_this_week(me, org=org, now=now)
    page = coming | {
        "away": mine and mine.paused_until and mine.paused_until > timezone.localtime(now).date(),
        "given": given,
        "budget": budget,
        "left": max(budget - given, 0),
        "advice": pages.advice_figures(
            outcomes_of(me, org=org), helped_by([me.pk], org=org, until=this_week(request.now)).get(me.pk)
        ),
        "call": call_panel(
            own_call(me, org=org),
            mine.topics.all() if mine else [],
            booked=diary.next.starts_at if diary.next else None,
            now=now,
        ),
        "ring": ring_for(me),
        "bell": socket(request),
        "cards": [{"card": each, "other": each.session.other(me)} for each in waiting_for(me, org=org)],
    }
    if page["away"]:
        page["silent"] = is_paused_for_it(me, org=org)
    return render(request, "mentor/today.html", page)


def _coming(diary: queries.Diary, mine: Profile | None, me: Person, *, org, now: datetime) -> dict:
    """Who comes next and who waits for an answer; with this the mentor has read it."""
    shown = [*diary.asks, *([diary.next] if diary.next else [])]
    profiles = queries.profiles_of([each.mentee_id for each in shown], org=org)
    topics = queries.topics_of([each.need_id for each in shown if each.need_id], org=org)
    beside = queries.asked_beside(diary.asks, me, org=org)
    note_read(diary.asks, by=me, now=now)
    part = {
        "mine": mine,
        "written": to_answer(me, org=org, now=now),
        "next": pages.meeting(diary.next, profiles.get(diary.next.mentee_id), now=now) if diary.next else None,
        "later": diary.later,
        "asks": [
            pages.meeting(each, profiles.get(each.mentee_id), now=now, beside=beside[each.need_id])
            for each in diary.asks
        ],
        "asks_title": pages.how_many(len(diary.asks)),
        "reasons": pages.REASONS,
    }
    if diary.next:
        part["sheet"] = pages.sheet(diary.next, topics.get(diary.next.need_id, []), mine, with_question=True)
    return part


@login_required
@require_safe
def brief(request, pk):
    """One screen before a session, for whoever gives it."""
    me, now = request.user, request.now
    session = queries.given_by(me, pk)
    mine = queries.own_offer(me, org=session.org_id)
    profile = queries.profiles_of([session.mentee_id], org=session.org_id).get(session.mentee_id)
    topics = queries.topics_of([session.need_id] if session.need_id else [], org=session.org_id)
    given, budget = minutes_this_week(me, org=session.org_id, now=now)
    before = queries.earlier(session, visible_to=me)
    note_read([session], by=me, now=now)
    page = {
        "meeting": pages.meeting(session, profile, now=now),
        "session": session,
        "sheet": pages.sheet(session, topics.get(session.need_id, []), mine, with_question=False),
        "languages": [named(code) for code in (session.need.languages if session.need else [])],
        "place": when.here(),
        "status_word": Status(session.status).label,
        "waits": session.status == Status.ASKED,
        "booked": session.status == Status.CONFIRMED,
        "over": session.status == Status.ENDED,
        "boxes": [{"name": box.name.capitalize(), "minutes": box.minutes} for box in time_boxes(session.minutes)],
        "reasons": pages.REASONS,
        "before": before,
        "before_day": when.day_within(before.last.starts_at, now=now) if before else "",
        "left": max(budget - given, 0),
        "budget": budget if week_of(session.starts_at, me.zone) == week_of(now, me.zone) else 0,
    }
    return render(request, "mentor/brief.html", page)
