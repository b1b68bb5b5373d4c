"""Who lives in the town: the written people as they are, and the grown ones around them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from quarterhour.config.town import written
from quarterhour.config.town.names import Culture, Names, Place, cultures, place, slug_of, spoken_in
from quarterhour.config.town.plan import COMMONS, Resident
from quarterhour.config.town.sayings import spoken
from quarterhour.people.taxonomy import town_topics

MENTEES = 1200
ONE_IN_EIGHT = 1 / 8
ASKED_BY_EVERYONE = ("boss", "pay", "strength", "words", "job")

# Evenings and lunch hours, as people give them away.
PATTERNS: tuple[dict[str, list[list[str]]], ...] = (
    {"mon": [["18:00", "19:30"]], "wed": [["18:00", "19:30"]]},
    {"tue": [["12:00", "13:00"]], "thu": [["18:30", "20:00"]]},
    {"wed": [["07:30", "08:30"]], "fri": [["17:00", "18:30"]]},
    {"mon": [["19:30", "21:00"]], "thu": [["19:30", "21:00"]]},
    {"tue": [["17:30", "19:00"]], "sat": [["10:00", "11:30"]]},
    {"thu": [["12:30", "13:30"]], "sun": [["16:00", "17:30"]]},
)

# What people of a country speak where names.txt has no region for it.
ALSO_SPOKEN = {
    "Albania": "sq", "Bulgaria": "bg", "Croatia": "hr", "Haiti": "fr", "Kosovo": "sq", "Latvia": "lv",
    "Lithuania": "lt", "Malta": "en", "Myanmar": "my", "Slovakia": "sk", "Sri Lanka": "si", "Venezuela": "es",
}  # fmt: skip


def written_mentors(now: datetime) -> dict[str, Resident]:
    """The 160 by their number ("m001"), as they wrote themselves."""
    return {row["id"]: _mentor(row, now=now, source="mentors", places=[COMMONS]) for row in written.mentors()}


def story_mentors(now: datetime) -> list[Resident]:
    """Amara, Tomasz and Inês. They help in Commons and as guests of Maré Energy."""
    rows = written.lines("story_mentors.jsonl")
    return [_mentor(row, now=now, source="story", places=[COMMONS, "mare-energy"]) for row in rows]


def company_mentors(now: datetime) -> list[Resident]:
    """Who helps inside the organisations."""
    rows = written.lines("company_mentors.jsonl")
    return [_mentor(row, now=now, source="company", places=[row["organisation"]]) for row in rows]


def session_people(now: datetime) -> dict[str, tuple[Resident, Resident]]:
    """By written session ("s001"): who gave it, and who asked."""
    found = {}
    for row in written.lines("session_mentors.jsonl"):
        mentee = row["mentee"]
        known = [mentee["language"], *spoken_in().get(mentee["country"], ())]
        asked = Resident(
            slug=slug_of(mentee["name"]), name=mentee["name"], zone=mentee["zone"], country=mentee["country"],
            headline=mentee["headline"], languages=_languages(known, english="fluent"),
            places={COMMONS: "member"}, source="sessions",
        )  # fmt: skip
        found[row["session"]] = (_mentor(row, now=now, source="sessions", places=[COMMONS]), asked)
    return found


def need_people() -> dict[str, Resident]:
    """By written need ("n001"): who has it."""
    found = {}
    for row in written.needs():
        who = row["mentee"]
        mother = spoken_in().get(who["country"]) or (ALSO_SPOKEN[who["country"]],)
        in_english = row["language"] == "en"
        spoken_here = mother if in_english else (row["language"], *mother)
        found[row["id"]] = Resident(
            slug=slug_of(who["name"]), name=who["name"], zone=who["zone"], country=who["country"],
            headline=who["headline"], years=who["years"],
            languages=_languages(spoken_here, english="fluent" if in_english else "working"),
            places={COMMONS: "member"}, source="needs",
        )  # fmt: skip
    return found


def story_people() -> list[Resident]:
    """Leila, Hanna, Jonas and those they meet."""
    people = []
    for row in written.story()["people"]:
        manages = row.get("manages")
        person = Resident(
            slug=row["slug"], name=row["name"], zone=row["zone"], country=row["country"],
            languages=row["languages"], headline=row["headline"], role=row["role"], industry=row["industry"],
            years=row["years"], pronouns=row.get("pronouns", ""), about=row.get("about", ""),
            places={org: "manager" if org == manages else "member" for org in row["organisations"]},
            operator=row.get("operator", False), source="story",
        )  # fmt: skip
        people.append(person)
    return people


class Grower:
    """Makes people up. Everything comes from the seed; nobody is called like somebody who is there."""

    def __init__(self, rng: Random, known: Iterable[Resident]) -> None:
        self.rng = rng
        self.names = Names(rng, {each.name for each in known})
        self.cultures = list(cultures().values())

    def advisers(self, owners: dict[str, Resident], now: datetime) -> dict[str, Resident]:
        """By piece of advice ("d001-a"): who said it, awake when the owner of the decision is.

        They are taking a break, so nobody finds them.
        """
        found = {}
        for decision in written.decisions():
            topics = written.owners()[decision["id"]].topics
            near = self._near(owners[decision["id"]].zone, now)
            for advice in decision["advice"]:
                headline = advice["mentor"]["headline"]
                culture, where = self.rng.choice(near)
                woman = _is_woman(headline, self.rng)
                person = self.person(headline, woman=woman, culture=culture, where=where, fluent=True)
                person.topics = [{"name": name, "level": "lived"} for name in topics]
                person.mentor_in, person.source = (COMMONS,), "decisions"
                person.hours = self.rng.choice(PATTERNS)
                person.lengths, person.confirm = [15, 25], self.rng.choice(["instant", "ask"])
                person.helps_with = ["decide", "unblock"]
                person.paused_until = (now + timedelta(days=self.rng.randint(25, 120))).date()
                person.joined = now - timedelta(days=self.rng.randint(440, 800))
                found[advice["id"]] = person
        return found

    def owners(self) -> dict[str, Resident]:
        """By decision ("d001"): who had it."""
        found = {}
        for key, owner in written.owners().items():
            found[key] = self.person(owner.headline, woman=owner.woman, fluent=True)
            found[key].source = "decisions"
        return found

    def mentees(self, count: int, *, org: dict[str, Any] | None = None) -> list[Resident]:
        """People who ask: of every trade and culture, or of an organisation's own."""
        rng = self.rng
        trades = [written.trades()[key] for key in org["fields"]] if org else list(written.trades().values())
        found = []
        for _ in range(count):
            trade = rng.choice(trades)
            person = self.person(
                spoken(rng.choice(trade.headlines), rng),
                woman=rng.random() < 0.53,  # noqa: PLR2004
                culture=cultures()[rng.choice(org["cultures"])] if org else None,
                where=place(rng.choice(org["places"])) if org else None,
                local=org["language"] if org else "",
                org=org["slug"] if org else COMMONS,
            )
            person.asks = (*trade.areas, *rng.sample(ASKED_BY_EVERYONE, 2))
            person.years = rng.choice([None, *range(1, 24)])
            found.append(person)
        return found

    def _near(self, zone: str, now: datetime) -> list[tuple[Culture, Place]]:
        """Cultures and their places within an hour of a zone's clock."""
        here = _offset(zone, now)
        return [
            (culture, where)
            for culture in self.cultures
            for where in culture.places
            if abs(_offset(where.zone, now) - here) <= timedelta(hours=1)
        ]

    def person(
        self,
        headline: str,
        *,
        woman: bool,
        culture: Culture | None = None,
        where: Place | None = None,
        local: str = "",
        org: str = COMMONS,
        fluent: bool = False,
    ) -> Resident:
        """Somebody new. local: the language of the place, if it is not their own. fluent: speaks English well."""
        rng = self.rng
        culture = culture or rng.choice(self.cultures)
        where = where or rng.choice(culture.places)
        name = self.names.new(culture, woman=woman)
        english = "fluent" if fluent else rng.choices(["fluent", "working", ""], [64, 29, 7])[0]
        languages = _languages([*culture.speaks, *filter(None, [local])], english=english)
        return Resident(
            slug=slug_of(name), name=name, zone=where.zone, country=where.country, languages=languages,
            headline=headline, pronouns=rng.choice(["", "she/her" if woman else "he/him"]),
            places={org: "member"},
        )  # fmt: skip


def _mentor(row: dict[str, Any], *, now: datetime, source: str, places: list[str]) -> Resident:
    newcomer = row.get("newcomer", False)
    rng = Random(row["name"])
    weeks = rng.randint(1, 4) if newcomer else rng.randint(63, 130)
    checked = row.get("checked", ())
    return Resident(
        slug=slug_of(row["name"]),
        name=row["name"],
        zone=row["zone"],
        country=row["country"],
        languages=row["languages"],
        headline=row["headline"],
        role=row["role"],
        industry=row["industry"],
        employer_kind=row.get("employer_kind", ""),
        years=row["years"],
        pronouns=row["pronouns"] or "",
        about=row["about"],
        places=dict.fromkeys(places, "member"),
        mentor_in=tuple(places),
        topics=_with_choices([topic | {"checked": topic["name"] in checked} for topic in row["topics"]], row),
        stories=row.get("stories", []),
        values=row.get("values", []),
        helps_with=row.get("helps_with", ["unblock", "decide"]),
        not_for=_said(row.get("not_for")),
        style=_said(row.get("style")),
        hours=row["hours"],
        lengths=row["lengths"],
        weekly_minutes=row["weekly_minutes"],
        confirm=row["confirm"],
        now_ok=row.get("now_ok", False),
        newcomer=newcomer,
        joined=now - timedelta(weeks=weeks, hours=rng.randint(0, 60)),
        source=source,
    )


def _with_choices(topics: list[dict[str, Any]], row: dict[str, Any]) -> list[dict[str, Any]]:
    """One mentor in eight says something else for the last of their topics than for everything."""
    *_, last = [each for each in topics if each["name"] in town_topics()] or [None]
    if last and Random(f"{row['name']} chooses").random() < ONE_IN_EIGHT:
        last["confirm"] = "ask" if row["confirm"] == "instant" else "instant"
    return topics


@lru_cache(maxsize=512)
def _offset(zone: str, now: datetime) -> timedelta:
    return now.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()


def _said(text: str | None) -> str:
    return "" if text in {None, "None"} else str(text)


def _languages(known: Iterable[str], *, english: str) -> list[dict[str, str]]:
    mother, *others = dict.fromkeys(known)
    found = [{"code": mother, "level": "native"}]
    found += [{"code": code, "level": "fluent"} for code in others]
    if english and "en" not in {each["code"] for each in found}:
        found.append({"code": "en", "level": english})
    return found


def _is_woman(headline: str, rng: Random) -> bool:
    """Some headlines say it; otherwise half of them are."""
    if any(word in headline.lower() for word in ("wife", "mother", "married to a diplomat")):
        return True
    return rng.random() < 0.5  # noqa: PLR2004
