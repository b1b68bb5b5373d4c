"""What the mails about somebody who comes along say."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from quarterhour.notifications import addresses
from quarterhour.notifications.doors import way_in
from quarterhour.notifications.invitations import LONGEST_SUMMARY
from quarterhour.notifications.letters import LONGEST_SUBJECT, Action, Letter, Line
from quarterhour.notifications.words import clock_span, day_words, one_line, place, shorten, when_words, zone_of
from quarterhour.people.models import Person
from quarterhour.sessions.models import Companion

SEEN = (
    "While you are in the room you see and hear both, the question they talk about, their shared notes and the chat. "
    "The card they make of it is theirs, and you do not get it."
)


def asked(row: Companion, *, zone: str, link: str, now: datetime) -> Letter:
    """To an address that may have no account here. zone: the clock to show, as far as anybody knows."""
    by, other, clock = one_line(row.brought_by.called), _other(row), zone_of(zone)
    return _letter(
        row,
        clock,
        now=now,
        subject=f"{by} asks you along, {_when(row, clock, now)}",
        preview=f"{row.session.minutes} minutes with {by} and {other}.",
        where=f"{place(clock)} time. {by} would like you to come along to a conversation with {other}.",
        actions=(Action("Come along, or say no", link, primary=True),),
        below=(Line(SEEN), Line(f"{other} knows that you are asked, and may say no.")),
        foot=(
            "The link asks you to sign in with this address; new here, the same step makes your account.",
            f"{by} wrote your address at {one_line(row.session.org.name)}. Not for you? Leave it, and hear no more.",
        ),
    )


def brought(row: Companion, *, reader: Person, now: datetime) -> Letter:
    """To the other one of the two, at once."""
    by, clock = one_line(row.brought_by.first_name), zone_of(reader.zone)
    who = one_line(row.called)
    return _letter(
        row,
        clock,
        now=now,
        subject=f"{by} brings somebody along, {_when(row, clock, now)}",
        preview=f"{who} is asked. You may say no.",
        where=f"{by} asked {who} to come along. They are in the room if they accept, and you do not say no.",
        actions=(Action("See who comes, or say no", addresses.whole(f"/along/{row.session_id}/"), primary=True),),
        below=(Line("You can also take them out in the middle of the call, with one press."),),
        foot=("The link asks you to sign in if you are not.", _because(row)),
    )


def comes(row: Companion, *, reader: Person, now: datetime) -> Letter:
    """To the one who comes along, with the time for their calendar."""
    by, other, clock = one_line(row.brought_by.first_name), _other(row), zone_of(reader.zone)
    room = addresses.room(row.session)
    before, words, url, after = way_in(row.session, "The doors open ten minutes before:")
    return _letter(
        row,
        clock,
        now=now,
        subject=f"You come along, {_when(row, clock, now)}, with {by} and {other}",
        preview="The time is attached for your calendar.",
        where=f"{place(clock)} time, with {by} and {other}.",
        actions=(Action("See the room", room, primary=True),),
        below=(Line(before, Action(words, url), after), Line(SEEN)),
        foot=(
            "You cannot come after all? Say so on the page of the room.",
            f"You get this because {by} asked you along.",
        ),
    )


def off(row: Companion, *, reader: Person, now: datetime) -> Letter:
    """To the one who does not come along any more."""
    by, other, clock = one_line(row.brought_by.first_name), _other(row), zone_of(reader.zone)
    happened = (
        "You do not come along any more." if row.out_at else "The session was released, so the time is yours again."
    )
    return _letter(
        row,
        clock,
        now=now,
        subject=f"Not any more: {_when(row, clock, now)}, with {by} and {other}",
        preview=happened,
        where=happened,
        actions=(),
        below=(),
        foot=("Your calendar lets go of it by itself.", f"You get this because {by} had asked you along."),
    )


def summary(row: Companion) -> str:
    """As a calendar shows it."""
    return shorten(f"Quarterhour with {one_line(row.brought_by.called)} and {_other(row)}", LONGEST_SUMMARY)


def _letter(row: Companion, clock: ZoneInfo, *, now: datetime, subject: str, **words: object) -> Letter:
    session = row.session
    return Letter(
        subject=shorten(one_line(subject), LONGEST_SUBJECT),
        day=day_words(session.starts_at, clock, now=now),
        headline=clock_span(session.starts_at, session.ends_at, clock),
        **words,
    )


def _when(row: Companion, clock: ZoneInfo, now: datetime) -> str:
    told = when_words(row.session.starts_at, clock, now=now)
    return f"t{told[1:]}" if told.startswith(("Today", "Tomorrow")) else told


def _other(row: Companion) -> str:
    return one_line(row.session.other(row.brought_by).first_name)


def _because(row: Companion) -> str:
    return (
        f"You get this because you talk with {one_line(row.brought_by.first_name)} at {one_line(row.session.org.name)}."
    )
