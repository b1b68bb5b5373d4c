"""The manager's page in words: exceptions by harm, figures with their base, and who carries it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.urls import reverse
from django.utils.text import slugify

from quarterhour.web.program.figures import HIDDEN, SMALL, Waiting, base_of, by_age, part_of, share
from quarterhour.web.program.queries import Load, Reach

SHOWN = 20  # mentors in the list before somebody asks for all of them
FEW = 3  # mentors who should not carry most of it
MUCH = 40  # per cent of all minutes
WHO = {"matched": "were matched"}
WAITS = "and have met nobody"
NEEDS = ("Nothing needs you", "One thing to look at", "Two things to look at", "Three things to look at")

DEFINITIONS = {
    "Members": "people who belong to the organisation today and can sign in.",
    "Asked": "members who stated at least one question in the last 30 days.",
    "Matched": "those who asked and were shown people for at least one of these questions.",
    "Booked": "those who asked and had a time for one of these questions, also one that is ahead or was missed.",
    "Met": "those who asked and talked about at least one of these questions: both were in the room together, or "
    "nobody was seen there and one of the two wrote a card or said how it went. Sessions somebody missed do not count.",
    "Acted": "those who met, and something the two had agreed on is done, by either of them.",
    "Helped": "those who met and said that it helped a lot, or more. Who did not answer is not in the base.",
    "Reached": "members who met: the same people as under Met, beside all members.",
    "Have met nobody": "have an open question, talked to nobody about it and have nothing booked. The oldest counts.",
    "Minutes given": "the booked length of sessions in the last 30 days that are over, and not missed by the mentor.",
}


def definitions(rows: Sequence[dict], steps: Sequence[dict]) -> list[tuple[str, str, str]]:
    """What the words mean that stand on the page: each step and figure, and the exceptions if there are such.

    Each with the name its numbers lead to.
    """
    left_out = set() if any(row["what"].endswith(WAITS) for row in rows) else {"Have met nobody"}
    if "Reached" not in {step["word"] for step in steps}:
        left_out.add("Reached")
    return [(anchor(word), word, told) for word, told in DEFINITIONS.items() if word not in left_out]


def anchor(word: str) -> str:
    return f"means-{slugify(word)}"


def funnel(reach: Reach) -> list[dict]:
    """From question to help, step by step: each number with its base, a bar, and where its word is explained.

    No step stands so near a larger one that the few between them could be told: it is "all but <5" of that one then.
    """
    rows = [_step("Asked", reach.asked, reach.members, "members")]
    last = (reach.asked, "asked")
    for word in ("matched", "booked", "met", "acted"):
        part = getattr(reach, word)
        row = _step(word.capitalize(), part, reach.asked, "who asked")
        if part >= SMALL and 0 < last[0] - part < SMALL:
            row = _step(word.capitalize(), part, last[0], f"who {last[1]}")
        elif part >= SMALL:
            last = (part, WHO.get(word, word))
        rows.append(row)
    rows.append(_step("Helped", reach.helped, reach.answered, "who met and answered"))
    met = next(row for row in rows if row["word"] == "Met")
    if met["number"].startswith("all"):
        return rows  # beside all members the same people would be told after all
    return [*rows, _step("Reached", reach.met, reach.members, "members")]


def _step(word: str, part: int, whole: int, base: str) -> dict:
    number = part_of(part, whole)
    drawn = 0 if number == HIDDEN else 100 if number.startswith("all") else share(part, whole)
    return {"word": word, "number": number, "of": f"{base_of(whole)} {base}", "part": drawn, "means": anchor(word)}


def exceptions(
    waiting: Sequence[datetime], *, ran_out: int, never_asked: int, reach: Reach, loads: Sequence[Load], now: datetime
) -> list[dict]:
    """What should be looked at, most harm first: harm, what, so. Groups of fewer than 5 people are not told."""
    rows = [_waiting(row, more=n > 0) for n, row in enumerate(by_age(waiting, now=now))]
    if ran_out >= SMALL:
        so = "A request lives 48 hours. More people on these topics, or more hours, would answer them."
        rows.append({"harm": "middle", "what": f"{ran_out} people’s requests ran out without an answer", "so": so})
    if told := _carried(loads):
        rows.append(told)
    if never_asked >= SMALL:
        what = f"{part_of(never_asked, reach.members)} of {reach.members} members have never asked anything"
        rows.append({"harm": "", "what": what, "so": "People who offer time are not counted here."})
    order = {"high": 0, "middle": 1, "": 2}
    return sorted(rows, key=lambda row: order[row["harm"]])


def title_of(rows: Sequence[dict]) -> str:
    return NEEDS[len(rows)] if len(rows) < len(NEEDS) else f"{len(rows)} things to look at"


def _waiting(row: Waiting, *, more: bool) -> dict:
    what = f"{row.people}{' more' if more else ''} people asked {row.days} days ago or longer, {WAITS}"
    return {
        "harm": row.harm, "what": what, "so": "Their questions are open, and nothing is booked for them.",
        "at": reverse("program:cohorts"), "way": "Pair them with somebody",
    }  # fmt: skip


def _carried(loads: Sequence[Load]) -> dict | None:
    """Whether a few mentors carry most of it. Told only where there are enough of them to choose from."""
    whole = sum(row.minutes for row in loads)
    most = share(sum(row.minutes for row in loads[:FEW]), whole)
    if len(loads) <= FEW + 1 or most <= MUCH:
        return None
    first = loads[0]
    so = f"{first.profile.person.called} gave {first.minutes} in the last 30 days."
    what = f"{FEW} of {len(loads)} mentors give {most} % of all minutes"
    return {"harm": "middle", "what": what, "so": so, "at": "#who", "way": "See who carries it"}


def carriers(loads: Sequence[Load], *, everyone: bool, today: date) -> dict:
    """The list of mentors, the most minutes first, each with a bar beside the busiest one."""
    most = max((row.minutes for row in loads), default=0)
    shown = loads if everyone else loads[:SHOWN]
    return {
        "rows": [
            {
                "person": row.profile.person,
                "line": row.profile.role,
                "minutes": row.minutes,
                "sessions": row.sessions,
                "ahead": row.ahead,
                "part": share(row.minutes, most),
                "away": _away(row, today),
            }
            for row in shown
        ],
        "all": len(loads),
        "more": len(loads) - len(shown),
        "none": sum(1 for row in loads if not row.minutes),
        "minutes": sum(row.minutes for row in loads),
    }


def _away(row: Load, today: date) -> date | None:
    until = row.profile.paused_until
    return until if until and until > today else None
