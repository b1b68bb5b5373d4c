"""Questions in writing, as their pages draw them; and what a press on the page of an answer does."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from quarterhour.core.text import MOST
from quarterhour.needs.models import Need
from quarterhour.people.models import Person
from quarterhour.sessions import writing
from quarterhour.sessions.quotas import quota_of
from quarterhour.sessions.writing_models import WrittenAsk
from quarterhour.web import when
from quarterhour.web.reasons import NO_BECAUSE

REASONS = [{"value": key, "label": NO_BECAUSE[key]} for key in ("time", "topic", "people")]


def answer_page(ask: WrittenAsk, *, now: datetime) -> dict:
    """What the mentor sees: the question, how long, and where to write; of one that is closed what became of it. The
    question itself only as long as it is theirs to answer, or where they answered it.
    """
    open_ = ask.state == WrittenAsk.State.ASKED and ask.answer_by > now
    return {
        "ask": ask,
        "other": ask.mentee,
        "open": open_,
        "shows": open_ or ask.state == WrittenAsk.State.ANSWERED,
        "until": _moment(ask.answer_by, now=now),
        "said": writing.said_of(ask, now=now),
        "reasons": REASONS,
        "most": MOST,
        "typed": {"answer": ask.answer},
    }


def preview(need: Need, to: Person, person: Person, *, now: datetime) -> dict:
    """What somebody sees before they send: their words, until when the mentor may answer, and what it costs them."""
    until = now + timedelta(minutes=settings.POLICY["answer_within"])
    return {
        "need": need,
        "to": to,
        "until": _moment(until, now=now),
        "quota": quota_of(person, org=need.org_id, now=now),
    }


def too_late(told: str, *, typed: dict) -> dict:
    """What stands where a press came too late: why, and what was typed. Nothing of the question."""
    return {"shows": False, "said": told, "typed": typed, "too_late": True}


def press(sent, *, ask: WrittenAsk, by: Person, now: datetime) -> WrittenAsk:
    """What the mentor pressed: an answer, or a kind no."""
    if sent.get("act") == "no":
        return writing.decline(ask=ask, by=by, now=now, note=NO_BECAUSE.get(sent.get("why", ""), ""))
    return writing.answer(
        ask=ask, text=sent.get("answer", ""), by=by, now=now, would_talk=sent.get("would_talk") == "yes"
    )


def done(ask: WrittenAsk) -> tuple[str, str]:
    """Title and sentence after a press."""
    first = ask.mentee.first_name
    if ask.state == WrittenAsk.State.DECLINED:
        return "Declined, kindly.", f"{first} hears only that you cannot, and finds others."
    return "Sent.", f"{first} has your answer now. How much it helped is counted with what others say."


def on_question(need: Need, person: Person, *, now: datetime) -> dict:
    """Whom its owner asked in writing and what came of it. One query."""
    rows = [_row(each, now=now) for each in writing.written_of(need.pk, visible_to=person)]
    open_ = [row for row in rows if row["state"] == WrittenAsk.State.ASKED]
    answered = [row for row in rows if row["state"] == WrittenAsk.State.ANSWERED]
    asked = {row["other"].pk for row in rows}
    return {"rows": rows, "open": open_, "answered": answered, "asked": asked, "title": _title(open_, answered)}


def _row(ask: WrittenAsk, *, now: datetime) -> dict:
    return {
        "ask": ask,
        "other": ask.mentor,
        "there": when.there(now, ask.mentor.zone, whom=ask.mentor.first_name),
        "state": ask.state,
        "until": _moment(ask.answer_by, now=now),
        "ended": _moment(ask.ended_at, now=now) if ask.ended_at else "",
    }


def _moment(moment: datetime, *, now: datetime) -> str:
    return f"{when.day_within(moment, now=now)} {when.clock(moment)}"


def _title(open_: list[dict], answered: list[dict]) -> str:
    if answered:
        return f"{answered[-1]['other'].first_name} answered in writing."
    return f"{open_[-1]['other'].first_name} has your question in writing." if open_ else ""
