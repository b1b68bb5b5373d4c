"""The written part of the town, as it lies in data/. Read once a process."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from quarterhour.config.town.sayings import Saying, sayings

DATA = Path(__file__).parent / "data"

# Names written in scripts an address cannot carry, as their owners would spell them on a keyboard.
LATIN = {
    "森永 大智": "Daichi Morinaga",
    "عمر الحدادين": "Omar Haddadin",
    "राजेश तिवारी": "Rajesh Tiwari",
    "سلام القضاة": "Salam Qudah",
    "大塚 昭彦": "Akihiko Otsuka",
    "अभिषेक पटेल": "Abhishek Patel",
}


@dataclass(frozen=True)
class Area:
    """A part of working life: who can be asked about it, and under which topics."""

    key: str
    mentors: tuple[str, ...]
    topics: tuple[str, ...]


@dataclass(frozen=True)
class Trade:
    """What people do for a living, and the areas they ask about."""

    key: str
    areas: tuple[str, ...]
    headlines: tuple[str, ...]


@dataclass(frozen=True)
class Owner:
    """Who had one of the written decisions."""

    decision: str
    woman: bool
    headline: str
    topics: tuple[str, ...]


def lines(name: str) -> list[dict[str, Any]]:
    """The objects of a JSON lines file."""
    with (DATA / name).open(encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


@lru_cache(maxsize=1)
def mentors() -> list[dict[str, Any]]:
    """The 160, with every story."""
    return lines("mentors.jsonl")


@lru_cache(maxsize=1)
def needs() -> list[dict[str, Any]]:
    return lines("needs.jsonl")


@lru_cache(maxsize=1)
def labels() -> dict[str, dict[str, Any]]:
    """By need: who fits (mentor to grade), whose advice would differ, and who only shares words."""
    return {row["need"]: row for row in lines("needs_labels.jsonl")}


@lru_cache(maxsize=1)
def sessions() -> list[dict[str, Any]]:
    return lines("sessions.jsonl")


@lru_cache(maxsize=1)
def decisions() -> list[dict[str, Any]]:
    return lines("decisions.jsonl")


@lru_cache(maxsize=1)
def story() -> dict[str, Any]:
    """The people and the sessions one meets first: Leila, Amara and their friends."""
    return json.loads((DATA / "story.json").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def cases() -> dict[str, list[Saying]]:
    """By mentor: questions only this mentor could have answered so."""
    return _by_key("cases.txt")


@lru_cache(maxsize=1)
def questions() -> dict[str, list[Saying]]:
    """By area: questions many people have."""
    return _by_key("questions.txt")


@lru_cache(maxsize=1)
def areas() -> dict[str, Area]:
    return {key: Area(key, tuple(who.split()), _list(topics, ";")) for key, who, topics in _columns("areas.txt")}


@lru_cache(maxsize=1)
def owners() -> dict[str, Owner]:
    return {
        key: Owner(key, sex == "woman", headline, _list(topics, ";"))
        for key, sex, headline, topics in _columns("decision_people.txt")
    }


@lru_cache(maxsize=1)
def trades() -> dict[str, Trade]:
    found = {}
    for block in (DATA / "jobs.txt").read_text(encoding="utf-8").strip().split("\n\n"):
        heading, about, *headlines = block.splitlines()
        key = heading.removeprefix("# ")
        found[key] = Trade(key, _list(about.removeprefix("areas: "), ","), tuple(headlines))
    return found


@lru_cache(maxsize=1)
def asides() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What people put before a question, and after it."""
    rows = [row.split(": ", 1) for row in (DATA / "asides.txt").read_text(encoding="utf-8").splitlines()]
    return tuple(r[1] for r in rows if r[0] == "before"), tuple(r[1] for r in rows if r[0] == "after")


def _by_key(name: str) -> dict[str, list[Saying]]:
    found: dict[str, list[Saying]] = {}
    for each in sayings((DATA / name).read_text(encoding="utf-8")):
        found.setdefault(each.key, []).append(each)
    return found


def _columns(name: str) -> list[list[str]]:
    rows = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in row.split("|")] for row in rows if row and not row.startswith("#")]


def _list(text: str, mark: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(mark) if part.strip())
