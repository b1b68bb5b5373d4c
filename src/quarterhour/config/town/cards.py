"""What comes out of a meeting: a card, what became of its actions, and how much it helped."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from quarterhour.config.town.plan import Card, Deed
from quarterhour.config.town.sayings import Saying, spoken

DUE_AFTER = (2, 3, 4, 5, 7, 7, 7, 10, 14)
# Of actions whose time has come: what people told us when we asked.
FATES = (("done", 62), ("doing", 8), ("dropped", 14), ("open", 16))
TELL = 0.7
WHY = (("solved", 30), ("other_first", 26), ("not_my_case", 16), ("too_big", 14), ("tried", 14))
# Quarters 0 to 4 that a mentee gives, for a mentor who rarely helps and for one who mostly does.
SELDOM, MOSTLY = (8, 17, 32, 30, 13), (1, 3, 11, 40, 45)


def card_of(saying: Saying, *, end: datetime, now: datetime, rng: Random, quotable: bool = False) -> Card:
    """The card of a session in which `saying` was asked."""
    day = end.date()
    written_at = end + timedelta(minutes=rng.randint(1, 90))
    deeds = [aged(Deed(spoken(text, rng), due=_due(day, rng)), asked=day, now=now, rng=rng) for text in saying.actions]
    confirmed = ("mentee", "mentor") if quotable else rng.choices(CONFIRMED, [78, 16, 6])[0]
    return Card(
        insight=spoken(saying.insight, rng),
        advice=[(spoken(saying.advice, rng), saying.applies_when)],
        deeds=deeds,
        written_at=written_at,
        quotable=quotable,
        confirmed=confirmed,
    )


CONFIRMED: tuple[tuple[str, ...], ...] = (("mentee", "mentor"), ("mentee",), ())


def written_card(gold: dict[str, Any], *, end: datetime, moved: timedelta, now: datetime, rng: Random) -> Card:
    """The card of a written session, its dates moved with the session."""
    deeds = []
    for action in gold["actions"]:
        due = date.fromisoformat(action["due"]) + moved if action["due"] else None
        deeds.append(aged(Deed(action["text"], action["owner"], due), asked=end.date(), now=now, rng=rng))
    advice = [(each["text"], each["applies_when"] or "") for each in gold["advice"]]
    return Card(gold["insight"], advice, deeds, written_at=end + timedelta(minutes=rng.randint(2, 50)), quotable=True)


def story_card(row: dict[str, Any], *, end: datetime, now: datetime) -> Card:
    """The card of a session of the story, where what became of it is written as well."""
    deeds = []
    for each in row.get("actions", ()):
        done_at = end + timedelta(days=each["after"]) if each["after"] is not None else None
        if done_at and done_at > now:
            done_at = now - timedelta(hours=2)
        due = end.date() + timedelta(days=each["days"])
        told_at = done_at if each["fate"] != "open" else None
        said = {"helped": each.get("helped"), "why": each.get("why", "")}
        deeds.append(Deed(each["text"], each["owner"], due, each["fate"], told_at, **said))
    advice = [(text, when) for text, when in row["advice"]]
    return Card(
        row["insight"], advice, deeds,
        written_at=end + timedelta(minutes=9), quotable=row.get("quotable", False), thanks=row.get("after", ""),
    )  # fmt: skip


def aged(deed: Deed, *, asked: date, now: datetime, rng: Random) -> Deed:
    """The deed as it stands now: open while there is time, then mostly done."""
    told = now - timedelta(hours=rng.randint(2, 30))
    day = deed.due or asked + timedelta(days=14)
    late = timedelta(days=rng.choices([-1, 0, 1, 2, 5, 9], [18, 30, 20, 14, 12, 6])[0])
    when = datetime.combine(max(day + late, asked), told.time(), tzinfo=now.tzinfo)
    fate = rng.choices([name for name, _ in FATES], [weight for _, weight in FATES])[0]
    if fate != "open" and when < told:
        deed.fate, deed.fate_at = fate, when
        _say(deed)
    return deed


def _say(deed: Deed) -> None:
    """What whoever took it on says of it: many that doing it helped, most why they dropped it."""
    rng = Random(f"{deed.text} {deed.fate_at}")  # of its own, so that the rest of the town stays as it is
    if deed.fate == "done" and rng.random() < TELL:
        deed.helped = quarters(rng.random(), rng)
    elif deed.fate == "dropped" and rng.random() < TELL:
        deed.why = rng.choices([why for why, _ in WHY], [weight for _, weight in WHY])[0]


def quality_of(slug: str, seed: int) -> float:
    """How much of what a mentor says helps, from 0 to 1: most are good, a few are not."""
    return Random(f"{seed} {slug}").betavariate(5, 2)


def quarters(quality: float, rng: Random) -> int:
    """How much a session helped, 0 to 4 quarters."""
    weights = [low + (high - low) * quality for low, high in zip(SELDOM, MOSTLY, strict=True)]
    return rng.choices(range(5), weights)[0]


def _due(day: date, rng: Random) -> date | None:
    return None if rng.random() < 0.12 else day + timedelta(days=rng.choice(DUE_AFTER))  # noqa: PLR2004


def said_most(cards: Iterable[Saying], words: set[str]) -> Saying:
    """The saying that shares most words with a question."""
    return max(cards, key=lambda each: len(words & set(f"{each.question} {each.advice}".lower().split())))
