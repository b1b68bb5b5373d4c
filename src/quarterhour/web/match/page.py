"""The matches page, as its template draws it."""

from __future__ import annotations

import uuid
from datetime import datetime
from urllib.parse import urlencode

from django.utils import timezone

from quarterhour.matching.people import People
from quarterhour.people.languages import NAMES
from quarterhour.sessions.models import MentoringSession, Status
from quarterhour.web import when

FIRST_DAYS, A_DAY = 2, 2
TO_BEGIN_WITH = 10  # people behind the cards
NUMBERS = {1: "One person", 2: "Two people", 3: "Three people"}


def people_page(people: People, *, words, need, held: MentoringSession | None, now: datetime) -> dict:
    """Cards with their times, and the hold of this person."""
    for card in people.cards:
        mine = held if held and held.mentor_id == card.profile.person_id else None
        starts = when.spread(card.starts, days=FIRST_DAYS, each=A_DAY)
        if mine is not None and mine.starts_at not in starts:
            starts = [mine.starts_at, *starts]
        card.days = when.by_day(starts, minutes=card.minutes, now=now, held=mine.starts_at if mine else None)
        card.held = mine
    return {
        "people": people,
        "title": _title(people, words.kind),
        "words": words,
        "need": need,
        "key": uuid.uuid4(),
        "day_held": when.day_within(held.starts_at, now=now) if held else "",
        "coming": range(min(people.others, TO_BEGIN_WITH)),
        "spoken": _either([NAMES.get(code, code) for code in words.languages]),
        "when_words": {"now": "Now", "today": "Today", "week": "This week", "any": "Any time"}.get(words.when, ""),
        "now": now,
        "today": timezone.localdate(),
    }


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
        "rows": rows[:show],
        "left": max(len(rows) - show, 0),
        "show_more": _query(only, show=show + 25),
        "facets": facets,
    }


def _title(people: People, kind: str) -> str:
    if not people.confident:
        return "Nobody fits yet"
    many = NUMBERS.get(len(people.cards), "People")
    return f"{many}, {'different roads' if kind in {'decide', 'explore'} and len(people.cards) > 1 else 'and why'}"


def _either(names: list[str]) -> str:
    """ "English", "English or Arabic", "English, Arabic or Portuguese"."""
    return " or ".join(filter(None, [", ".join(names[:-1]), names[-1] if names else ""]))


def held_for(need, person, now: datetime) -> MentoringSession | None:
    """The time this person holds for this question, if it has not run out."""
    if need is None or person is None:
        return None
    mine = MentoringSession.objects.visible_to(person).filter(need=need, status=Status.HELD, held_until__gt=now)
    return mine.first()


def _pressed(only: list[str], key: str) -> str:
    """The query string with this facet pressed the other way."""
    return _query([each for each in only if each != key] if key in only else [*only, key], show=TO_BEGIN_WITH)


def _query(only: list[str], *, show: int) -> str:
    return "?" + urlencode([*(("only", each) for each in only), ("show", show)])
