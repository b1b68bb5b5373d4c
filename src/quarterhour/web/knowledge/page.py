"""What others were told, as its templates draw it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from quarterhour.matching.knowledge.searching import FoundPiece, Knowledge, asked_alike
from quarterhour.needs.models import Need
from quarterhour.people.languages import NAMES

TO_BEGIN_WITH, MORE, MOST = 10, 25, 100
LEVELS = {
    "lived": "From somebody who has lived through it",
    "expert": "From somebody who knows it inside out",
    "strong": "From somebody who knows it well",
}
SMALL = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve")
MONTH, YEAR = 30, 365


def results_page(
    found: Knowledge, *, asked: Mapping[str, object], only: Sequence[str], show: int, now: datetime
) -> dict:
    """The pieces, the facets with their counts, and how many people stand behind them.

    asked: what the address says of it: `q` with the words, or `need` with the key of a question, or nothing.
    """
    today = timezone.localdate(now)
    many = len(found.pieces)
    return {
        "asked": asked.get("q", ""),
        "found": found,
        "title": _title(many, asked=bool(asked)),
        "rows": [_row(each, today) for each in found.pieces[:show]],
        "left": max(many - show, 0),
        "show_more": _query(asked, only, show + MORE),
        "facets": [
            {
                "key": each.key,
                "label": _label(each.key),
                "count": each.count,
                "on": each.key in only,
                "query": _query(asked, _pressed(only, each.key)),
            }
            for each in found.facets
        ],
        "only": only,
        "wider": _query(asked, ()),
    }


def alike_row(text: str, *, need: Need, chosen: Sequence[str]) -> dict | None:
    """ "Three people asked something like this", with the way there; None where nobody did. One query.

    text, chosen: the question as its ranking read it. The address names the question, not its words.
    """
    people = asked_alike(text, reader=need.mentee, org=need.org, chosen=chosen)
    if not people:
        return None
    told = f"{_number(people)} {'person' if people == 1 else 'people'} asked something like this."
    return {"told": told, "address": reverse("knowledge:search") + "?" + urlencode({"need": need.pk})}


def _row(piece: FoundPiece, today: date) -> dict:
    return {"piece": piece, "words": "".join(text for text, _ in piece.parts)[:60]} | {
        "age": age(piece.said_on, today),
        "level": LEVELS.get(piece.level, ""),
        "otherwise": _otherwise(piece.otherwise.people),
        "language": "" if piece.language == "en" else piece.language,
    }


def _otherwise(people: int) -> str:
    """ "Two people may contradict this one": never more than that they may."""
    if not people:
        return ""
    return f"{_number(people)} {'person' if people == 1 else 'people'} may contradict this one"


def age(said_on: date, today: date) -> str:
    """How long ago, no finer than a month: a day could tell whose session it was."""
    days = (today - said_on).days
    if days < MONTH:
        return "Said within the last month"
    if days < YEAR:
        months = days // MONTH
        return f"Said {months} month{'s' if months > 1 else ''} ago"
    years = days // YEAR
    return f"Said {years} year{'s' if years > 1 else ''} ago"


def _title(many: int, *, asked: bool) -> str:
    if not many:
        return "Nothing like it yet" if asked else "Nothing here yet"
    return f"{_number(many)} piece{'s' if many > 1 else ''} of advice" if asked else "The latest advice"


def _number(many: int) -> str:
    return SMALL[many] if many < len(SMALL) else str(many)


def _label(key: str) -> str:
    code = key.removeprefix("language-")
    return {"tried": "It was tried", "year": "This year"}.get(key) or NAMES.get(code, code)


def _pressed(only: Sequence[str], key: str) -> list[str]:
    return [each for each in only if each != key] if key in only else [*only, key]


def _query(asked: Mapping[str, object], only: Sequence[str], show: int = 0) -> str:
    parts = [(key, str(value)) for key, value in asked.items()]
    parts += [("only", each) for each in only]
    parts += [("show", str(show))] if show else []
    return "?" + urlencode(parts)
