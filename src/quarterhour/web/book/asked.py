"""Who has a question, as the page of its owner draws it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from quarterhour.matching.following import next_best
from quarterhour.needs.models import Need
from quarterhour.people.models import Person
from quarterhour.sessions import queries
from quarterhour.sessions.models import Ask, MentoringSession, Status
from quarterhour.sessions.quotas import quota_of
from quarterhour.web import when
from quarterhour.web.book.releasing import release_ask
from quarterhour.web.keys import fresh_key
from quarterhour.web.match.waitlist import waitlist_row
from quarterhour.web.writing.page import on_question

A_DAY = timedelta(minutes=settings.POLICY["nudge_after"])
NUMBERS = {1: "One person has", 2: "Two people have", 3: "Three people have"}


def asked_page(need: Need, person: Person, *, now: datetime) -> dict:
    """Everybody who was asked with how things stand, what is left of the time, the quota, who would be next, and the
    place on the waitlist. A constant number of queries.
    """
    rows = list(queries.asked_of(need.pk, visible_to=person))
    asks = [_row(row, now=now) for row in rows if row.status != Status.CANCELLED]
    open_ = [row for row in rows if row.status == Status.ASKED]
    booked = next((row for row in rows if row.status == Status.CONFIRMED), None)
    for row in asks:
        row["let_go"] = [each.mentor for each in open_ if each.pk != row["session"].pk]
    written = on_question(need, person, now=now)
    quota = quota_of(person, org=need.org_id, now=now)
    had = {row.mentor_id for row in rows} | written["asked"]
    room = len(open_) < settings.POLICY["parallel_asks"] and not quota.is_used_up
    return {
        "need": need,
        "asks": asks,
        "title": _title(len(open_), booked, written["title"], now=now),
        "written": written,
        "asked_at": _asked_at(rows, now=now),
        "open": len(open_),
        "many": NUMBERS.get(len(open_), "").split(" ")[0].lower(),
        "booked": booked,
        "left": _left(open_, now=now),
        "quota": quota,
        "quota_part": 100 * quota.this_week / quota.most_a_week,
        "room": room,
        "next": next_best(need, had=had, now=now) if room and booked is None else None,
        "waitlist": waitlist_row(need, person, _skills(need), now=now) if booked is None else None,
        "key": fresh_key(),
    }


def _skills(need: Need) -> list[str]:
    return [topic.skill_id for topic in need.topics.all()]


def _row(session: MentoringSession, *, now: datetime) -> dict:
    ask = getattr(session, "ask", None) or Ask(session=session)
    at = f"{when.day_within(session.starts_at, now=now)} {when.span(session.starts_at, session.ends_at)}"
    offers = session.status == Status.ASKED and bool(ask.offered)
    minutes = session.minutes
    return {
        "session": session,
        "other": session.mentor,
        "there": when.there(now, session.mentor.zone, whom=session.mentor.first_name),
        "at": at,
        "state": "offers" if offers else "passed" if ask.passed_to else str(session.status),
        "ask": ask,
        "release": release_ask(session, session.mentee, now=now, offers=offers),
        "read": _moment(ask.read_at, now=now),
        "will_nudge": bool(session.answer_by and session.asked_at and session.answer_by - session.asked_at > A_DAY),
        "nudged": _moment(ask.nudged_at, now=now),
        "until": _moment(session.answer_by, now=now),
        "days": when.by_day(ask.offered, minutes=minutes, now=now) if offers else [],
    }


def _moment(moment: datetime | None, *, now: datetime) -> str:
    """As in "10:41" today, "Fri 27 Nov 10:41" on another day; "" for none."""
    if moment is None:
        return ""
    day, clock = when.day_within(moment, now=now), when.clock(moment)
    return clock if day == "today" else f"{day} {clock}"


def _title(open_: int, booked: MentoringSession | None, written: str, *, now: datetime) -> str:
    if booked is not None:
        at = f"{when.day_within(booked.starts_at, now=now)} at {when.clock(booked.starts_at)}"
        return f"{booked.mentor.first_name} said yes: {at}."
    if open_ == 0:
        return written or "Nobody has your question at the moment."
    has = f"{NUMBERS.get(open_, f'{open_} people have')} your question."
    return f"{has} The first yes wins." if open_ > 1 else has


def _asked_at(rows: list[MentoringSession], *, now: datetime) -> str:
    moments = [row.asked_at for row in rows if row.asked_at]
    if not moments:
        return ""
    day = when.day_within(min(moments), now=now)
    return f"Asked {f'at {when.clock(min(moments))} today' if day == 'today' else _moment(min(moments), now=now)}"


def _left(open_: list[MentoringSession], *, now: datetime) -> dict | None:
    """What is left until the last request closes: numbers for the ring, and words. None where nothing is open."""
    last = max(((row.answer_by or row.starts_at, row.asked_at or row.created_at) for row in open_), default=None)
    if last is None:
        return None
    end, begun = last
    minutes = max(int((end - now) / timedelta(minutes=1)), 0)
    words = f"{minutes // 60} h {minutes % 60:02}" if minutes >= 60 else f"{minutes} min"  # noqa: PLR2004
    whole = max(int((end - begun) / timedelta(minutes=1)), 1)
    until, here = _moment(end, now=now), timezone.localtime(end)
    short = until if here.date() == timezone.localdate(now) else f"{here:%a} {when.clock(end)}"
    told = f"{minutes // 60} hours {minutes % 60} minutes of {round(whole / 60)} hours left"
    return {
        "minutes": minutes,
        "whole": whole,
        "words": words,
        "until": until,
        "short": short,
        "label": told,
        "end": end,
    }
