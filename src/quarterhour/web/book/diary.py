"""The diary of one person, as the sessions page draws it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from quarterhour.advice.queries import is_behind, kept_by
from quarterhour.people.models import Profile
from quarterhour.sessions import queries
from quarterhour.sessions.models import Status
from quarterhour.sessions.rules import lobby_closes, lobby_opens
from quarterhour.sessions.writing import in_writing
from quarterhour.web import when
from quarterhour.web.kept.words import title

A_PAGE = 12
AT_HAND = timedelta(hours=1)


def diary(person, *, org, side: str, before: str, now: datetime) -> dict:
    """Coming, waiting and past sessions of one side; a constant number of queries.

    side: "helped" or "asked"; a mentor begins with what they give. before: key of the last past row shown.
    """
    mentors = Profile.objects.within(org).filter(person=person, is_mentor=True).exists()
    helped = side == "helped" or (not side and mentors)
    mine = {"mentor": person} if helped else {"mentee": person}
    booked = list(queries.coming(person, org=org, now=now).filter(**mine).select_related("ask")[:50])
    kept = kept_by(person, booked, now=now)
    ahead = [_row(s, person, now) for s in booked if not is_behind(s, kept=kept, now=now)]
    # Over, but the room is open still: behind them already, and the way back stays.
    just_over = [_row(s, person, now) for s in reversed(booked) if is_behind(s, kept=kept, now=now) and not before]
    behind = queries.past(person, org=org).filter(**mine)
    if (last := _uuid(before)) and (row := behind.filter(pk=last).first()):
        behind = behind.filter(span__lt=row.span)
    past = [_row(s, person, now) for s in behind[: A_PAGE + 1]]
    coming = [row for row in ahead if row["session"].status == Status.CONFIRMED]
    waiting = [row for row in ahead if row["session"].status == Status.ASKED]
    written = [] if before else in_writing(person, org=org, helped=helped, most=A_PAGE)
    if coming and coming[0]["today"]:
        coming[0]["next"] = True
    return {
        "coming": coming,
        "waiting": waiting,
        "written": [_written(each, person, now) for each in written],
        "past": just_over + past[:A_PAGE],
        "more": past[A_PAGE - 1]["session"].pk if len(past) > A_PAGE else None,
        "helped": helped,
        "mentors": mentors,
    }


def at_hand(person, *, org, now: datetime) -> dict | None:
    """The session of this person that is on, or begins within the hour, as a row of the diary; None on a quiet day.

    One query, one more while a session is on.
    """
    soon = queries.coming(person, org=org, now=now).filter(status=Status.CONFIRMED, span__startswith__lt=now + AT_HAND)
    booked = list(soon)
    kept = kept_by(person, booked, now=now)
    row = next((_row(each, person, now) for each in booked if not is_behind(each, kept=kept, now=now)), None)
    return row and row | {"next": True}


def _written(ask, person, now: datetime) -> dict:
    """A question in writing, for either side. over: whether its time went by without an answer."""
    answered = ask.state == ask.State.ANSWERED
    moment = ask.ended_at if answered else ask.answer_by
    return {
        "ask": ask,
        "other": ask.other(person),
        "answered": answered,
        "over": not answered and ask.answer_by <= now,
        "at": f"{when.day_within(moment, now=now)} {when.clock(moment)}",
    }


def _row(session, person, now: datetime) -> dict:
    other = session.other(person)
    day = when.day_label(session.starts_at, now=now)
    return {
        "session": session,
        "missed": queries.was_missed(session) and title(session.how_kept, session, person),
        "other": other,
        "day": day,
        "day_within": when.day_within(session.starts_at, now=now),
        "today": day == "Today",
        "begun": session.starts_at <= now < session.ends_at,
        "span": when.span(session.starts_at, session.ends_at),
        "until": when.until(session.starts_at, now=now) if session.ends_at > now else "",
        "there": when.there(session.starts_at, other.zone, whom=other.first_name),
        "door": lobby_opens(session),
        "open": lobby_opens(session) <= now < lobby_closes(session),
        "left": _left(session, now),
        "next": False,
    }


def _left(session, now: datetime) -> dict | None:
    """What is left of the time to answer a request, or to choose among the times offered, as a share and in words."""
    if session.status != Status.ASKED or session.answer_by is None:
        return None
    whole = (session.answer_by - session.created_at).total_seconds() or 1
    left = max((session.answer_by - now).total_seconds(), 0)
    offers = hasattr(session, "ask") and session.ask.offered
    words = when.to_answer(session.answer_by, now=now, what="choose" if offers else "answer")
    return {"part": 100 * left / whole, "words": words}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
