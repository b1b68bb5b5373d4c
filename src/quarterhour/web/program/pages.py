"""The manager's page in words: exceptions by harm, figures with their base, and who carries it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from quarterhour.web.program.figures import SMALL, Waiting, base_of, by_age, part_of, share
from quarterhour.web.program.queries import Load, Reach

SHOWN = 20  # mentors in the list before somebody asks for all of them
FEW = 3  # mentors who should not carry most of it
MUCH = 40  # per cent of all minutes
WAITS = "and have met nobody"
NEEDS = ("Nothing needs you", "One thing to look at", "Two things to look at", "Three things to look at")

DEFINITIONS = {
    "Members": "people who belong to the organisation today and can sign in.",
    "Asked": "members who stated at least one question in the last 30 days.",
    "Matched": "those who asked and were shown people for at least one of these questions.",
    "Met": "those who asked and talked about at least one of these questions: both were in the room together, or "
    "nobody was seen there and one of the two wrote a card or said how it went. Sessions somebody missed do not count.",
    "Helped": "those who met and said that it helped a lot, or more. Who did not answer is not in the base.",
    "Reached": "members who met: the same people as under Met, beside all members.",
    "Have met nobody": "have an open question, talked to nobody about it and have nothing booked. The oldest counts.",
    "Minutes given": "the booked length of sessions in the last 30 days that are over, and not missed by the mentor.",
}


def definitions(rows: Sequence[dict]) -> list[tuple[str, str]]:
    """What the words mean that stand on the page: each figure, and the exceptions if there are such."""
    waits = any(row["what"].endswith(WAITS) for row in rows)
    return [(word, told) for word, told in DEFINITIONS.items() if waits or word != "Have met nobody"]


def figures(reach: Reach) -> list[dict]:
    return [
        _figure("Asked", reach.asked, reach.members, "members"),
        _figure("Matched", reach.matched, reach.asked, "who asked"),
        _figure("Met", reach.met, reach.asked, "who asked"),
        _figure("Helped", reach.helped, reach.answered, "who met and answered"),
        _figure("Reached", reach.met, reach.members, "members"),
    ]


def _figure(label: str, part: int, whole: int, base: str) -> dict:
    return {"label": label, "number": part_of(part, whole), "gloss": f"{base_of(whole)} {base}"}


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
    return {"harm": row.harm, "what": what, "so": "Their questions are open, and nothing is booked for them."}


def _carried(loads: Sequence[Load]) -> dict | None:
    """Whether a few mentors carry most of it. Told only where there are enough of them to choose from."""
    whole = sum(row.minutes for row in loads)
    most = share(sum(row.minutes for row in loads[:FEW]), whole)
    if len(loads) <= FEW + 1 or most <= MUCH:
        return None
    first = loads[0]
    so = f"{first.profile.person.called} gave {first.minutes} in the last 30 days."
    return {"harm": "middle", "what": f"{FEW} of {len(loads)} mentors give {most} % of all minutes", "so": so}


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
