"""What a mentor's pages say: times, reasons and the sheet that is read in one minute."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.formats import date_format

from quarterhour.advice.queries import Outcomes
from quarterhour.engines.quality import Helped
from quarterhour.needs.models import NeedTopic
from quarterhour.people.models import Profile
from quarterhour.sessions.models import MentoringSession, Status
from quarterhour.sessions.rules import lobby_closes, lobby_opens
from quarterhour.web import when
from quarterhour.web.reasons import NO_BECAUSE

ENOUGH = 5  # answers below which a share says nothing, and could tell whose it is
SOON = 12  # hours left to answer from which on it is said in orange
BESIDE = {1: "one other person is asked too", 2: "two others are asked too"}
NUMBERS = ("No one", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
REASONS = [{"value": words, "label": words} for words in NO_BECAUSE.values()]


def meeting(session: MentoringSession, profile: Profile | None, *, now: datetime, beside: int = 0) -> dict:
    """One session as a mentor sees it coming. beside: how many others have the same question."""
    other = session.mentee
    offered = session.ask.offered if session.status == Status.ASKED and hasattr(session, "ask") else []
    hours = (session.answer_by - now).total_seconds() / 3600 if session.answer_by else 0
    return {
        "session": session,
        "other": other,
        "line": ", ".join(filter(None, [profile.role, profile.country])) if profile else "",
        "day": when.day_label(session.starts_at, now=now),
        "day_within": when.day_within(session.starts_at, now=now),
        "span": when.span(session.starts_at, session.ends_at),
        "until": when.until(session.starts_at, now=now),
        "there": when.there(session.starts_at, other.zone, whom=other.first_name),
        "open": session.status == Status.CONFIRMED and lobby_opens(session) <= now < lobby_closes(session),
        "movable": session.status == Status.CONFIRMED and session.starts_at > now,
        "left": _left(session, offered, now=now) if session.answer_by else "",
        "hurry": hours < SOON and not offered,
        "offered": ", ".join(f"{when.day_within(start, now=now)} {when.clock(start)}" for start in sorted(offered)),
        "beside": BESIDE.get(beside, ""),
    }


def _left(session: MentoringSession, offered: list[datetime], *, now: datetime) -> str:
    """Whose turn it is, and until when."""
    if not offered:
        return when.to_answer(session.answer_by, now=now)
    by = f"{when.day_within(session.answer_by, now=now)} {when.clock(session.answer_by)}"
    return f"{session.mentee.first_name} has until {by} to choose"


def sheet(
    session: MentoringSession, topics: Iterable[NeedTopic], mine: Profile | None, *, with_question: bool
) -> list[tuple[str, ...]]:
    """What a mentor reads before a session, a row for whatever was said."""
    need = session.need
    if need is None:
        return []
    topics = list(topics)
    by = date_format(need.decide_by, "l j F") if need.decide_by else ""
    rows = [
        ("Tried", need.tried, "spoken"),
        ("Good outcome", need.good_outcome, "spoken"),
        ("Decides by", by),
        ("About", ", ".join(topic.skill.label for topic in topics)),
        ("From you", _from_you(topics, mine)),
    ]
    if with_question:
        rows.insert(0, (f"{session.mentee.first_name} asks", need.text, "spoken"))
    return [row for row in rows if row[1]]


def advice_figures(outcomes: Outcomes, helped: Helped | None) -> dict | None:
    """What became of somebody's advice, for their own eyes; None before the first conversation."""
    if not outcomes.met:
        return None
    early = helped is None or helped.of < ENOUGH
    return {
        "figures": [
            {"label": "Met", "number": outcomes.met},
            {"label": "Acted", "number": outcomes.acted},
            {"label": "Helped", "number": "–" if early else helped.helped},
        ],
        "helped": None if early else helped,
        "unknown": outcomes.unknown,
    }


def how_many(people: int) -> str:
    """As in "Two people ask for you"."""
    if people == 1:
        return "One person asks for you"
    return f"{NUMBERS[people] if people < len(NUMBERS) else people} people ask for you"


def _from_you(topics: list[NeedTopic], mine: Profile | None) -> str:
    asked = {topic.skill_id for topic in topics}
    shared = [topic.name for topic in mine.topics.all() if topic.skill_id in asked] if mine else []
    return f"You said you know {' and '.join(shared[:2])}." if shared else ""
