"""The matches page, as its template draws it."""

from __future__ import annotations

import uuid
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from quarterhour.matching.people import People
from quarterhour.needs.models import Need
from quarterhour.people.languages import NAMES
from quarterhour.people.taxonomy import skill_of
from quarterhour.sessions.models import TAKING_TIME, MentoringSession, Status
from quarterhour.sessions.rules import held_at_most
from quarterhour.web import when
from quarterhour.web.ask.forms import either
from quarterhour.web.match.coincidence import all_far, say_what_is_shared
from quarterhour.web.match.ways import nobody_in_time, ways_on

FIRST_DAYS, A_DAY = 2, 2
TO_BEGIN_WITH = 10  # people behind the cards
NUMBERS = {1: "One person", 2: "Two people", 3: "Three people"}


def people_page(
    people: People, *, words, need, held: MentoringSession | None, promised: UUID | None, guessed: bool, now: datetime
) -> dict:
    """Cards with their times, and the hold of this person. guessed: whether we read the topics, and nobody chose them.
    promised: a mentor who has a card in any case: their time is held, or the asker was told that they can help.

    Times in the night are shown where there are no others, or where it is asked for now.
    """
    people.cards = say_what_is_shared(people, held=promised)
    late = nobody_in_time(people.cards, words, now=now)
    lacking = skill_of(people.lacking)
    near = bool(people.cards and lacking and (guessed or people.lacking not in words.skills))
    for card in people.cards:
        mine = held if held and held.mentor_id == card.profile.person_id else None
        shown = card.starts if words.when == Need.When.NOW else when.waking(card.starts)
        starts = when.spread(shown, days=FIRST_DAYS, each=A_DAY)
        if mine is not None and mine.starts_at not in starts:
            starts = [mine.starts_at, *starts]
        card.days = when.by_day(starts, minutes=card.minutes, now=now, held=mine.starts_at if mine else None)
        card.held = mine
    return {
        "people": people,
        "title": _title(people, words.kind, near=near),
        "near": near,
        "lacking": lacking.label if lacking else "",
        "late": late,
        "far": all_far(people),
        "ways": ways_on(people, words, late=bool(late)),
        "words": words,
        "need": need,
        "key": uuid.uuid4(),
        "day_held": when.day_within(held.starts_at, now=now) if held else "",
        "holding": _holding(held) if held else None,
        "coming": range(min(people.others, TO_BEGIN_WITH)),
        "spoken": either([NAMES.get(code, code) for code in words.languages]),
        "when_words": {"now": "Now", "today": "Today", "week": "This week", "any": "Any time"}.get(words.when, ""),
        "now": now,
        "today": timezone.localdate(),
    }


def _holding(held: MentoringSession) -> dict:
    """Until when a time is held, and where the page says that it was left, or is back: then the hold is whole again."""
    if held.held_until > held_at_most(held):
        return {"until": held.held_until}  # offered to them: it waits for them, whatever page they look at
    left_at, here_at = (reverse(name, args=[held.pk]) for name in ("book:left", "book:here"))
    return {"until": held_at_most(held), "left_at": left_at, "here_at": here_at}


def rows_page(people: People, *, only: list[str], show: int, now: datetime) -> dict:
    """Facets with counts, and the first `show` of the people who have all of `only`."""
    rows = [row for row in people.rows if all(facet in row.facets for facet in only)]
    for row in rows[:show]:
        row.day = when.day_label(row.start, now=now) if row.start else ""
    facets = [
        {"key": f.key, "label": f.label, "count": f.count, "on": f.key in only, "query": _pressed(only, f.key)}
        for f in people.facets
    ]
    return {
        "people": people,
        "far": all_far(people),
        "rows": rows[:show],
        "left": max(len(rows) - show, 0),
        "show_more": _query(only, show=show + 25),
        "facets": facets,
    }


def _title(people: People, kind: str, *, near: bool) -> str:
    many = NUMBERS.get(len(people.cards), "People")
    if near:
        return f"{many} who come{'s' * (len(people.cards) == 1)} near"
    if not people.confident:
        return "Nobody fits yet"
    beside = sum(card.near for card in people.cards)
    if 0 < beside < len(people.cards):
        fits = NUMBERS.get(len(people.cards) - beside, "People")
        return f"{fits}, and {NUMBERS[beside].split()[0].lower()} who come{'s' * (beside == 1)} near"
    return f"{many}, {'different roads' if kind in {'decide', 'explore'} and len(people.cards) > 1 else 'and why'}"


def ahead_of(
    need, person, now: datetime
) -> tuple[MentoringSession | None, MentoringSession | None, list[MentoringSession]]:
    """The time this person holds for this question, the first they asked for or booked, None for neither; and all
    requests that wait for a yes. A query.
    """
    if need is None or person is None:
        return None, None, []
    mine = MentoringSession.objects.visible_to(person).filter(need=need, status__in=TAKING_TIME, span__endswith__gt=now)
    rows = list(mine.select_related("mentor").order_by("span", "pk"))
    held = next((row for row in rows if row.status == Status.HELD and row.held_until > now), None)
    asked = [row for row in rows if row.status == Status.ASKED]
    return held, next((row for row in rows if row.status != Status.HELD), None), asked


def asked_already(session: MentoringSession | None, *, now: datetime) -> dict | None:
    """Whom somebody has asked or booked for a question they look at once more."""
    if session is None:
        return None
    at = f"{when.day_within(session.starts_at, now=now)} {when.span(session.starts_at, session.ends_at)}"
    first = session.mentor.first_name
    said = f"You booked {first} for {at}." if session.status == Status.CONFIRMED else f"You asked {first} for {at}."
    return {"told": said, "session": session}


def _pressed(only: list[str], key: str) -> str:
    """The query string with this facet pressed the other way."""
    return _query([each for each in only if each != key] if key in only else [*only, key], show=TO_BEGIN_WITH)


def _query(only: list[str], *, show: int) -> str:
    return "?" + urlencode([*(("only", each) for each in only), ("show", show)])
