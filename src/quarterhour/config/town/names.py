"""Names of many cultures, matched with a place and a language.

Every list in data/names.txt is common given names and common family names of one region, in the Latin
spelling people there use, in the order in which a name is said. Nobody in particular is meant.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from quarterhour.config.town.written import DATA, LATIN

# Letters Unicode does not take apart; the others lose their marks by themselves.
_PLAIN = dict(zip("øłđıßæþðœə", ["o", "l", "d", "i", "ss", "ae", "th", "d", "oe", "e"], strict=True))
DOUBLE = 0.55  # how many people with two family names say both


@dataclass(frozen=True)
class Place:
    city: str
    country: str
    zone: str


@dataclass(frozen=True)
class Culture:
    """How people are called in one region, where they live, and what they speak, mother tongue first."""

    key: str
    places: tuple[Place, ...]
    speaks: tuple[str, ...]
    women: tuple[str, ...]
    men: tuple[str, ...]
    family_of_women: tuple[str, ...]
    family_of_men: tuple[str, ...]
    family_first: bool = False
    double: bool = False


@lru_cache(maxsize=1)
def cultures() -> dict[str, Culture]:
    """Every culture of data/names.txt, by its heading."""
    found = {}
    for block in (DATA / "names.txt").read_text(encoding="utf-8").strip().split("\n\n"):
        heading, *rows = block.splitlines()
        given = dict(row.split(": ", 1) for row in rows)
        key = heading.removeprefix("# ")
        found[key] = Culture(
            key=key,
            places=tuple(place(each) for each in given["places"].split("; ")),
            speaks=_list(given["speaks"]),
            women=_list(given["women"]),
            men=_list(given["men"]),
            family_of_women=_list(given.get("family") or given["family of women"]),
            family_of_men=_list(given.get("family") or given["family of men"]),
            family_first=given.get("order") == "family first",
            double=given.get("double") == "yes",
        )
    return found


@lru_cache(maxsize=1)
def spoken_in() -> dict[str, tuple[str, ...]]:
    """The languages of a country as far as the town knows it, mother tongue first."""
    found: dict[str, tuple[str, ...]] = {}
    for each in cultures().values():
        for where in each.places:
            found.setdefault(where.country, each.speaks)
    return found


def place(text: str) -> Place:
    """The place written "city, country, zone"."""
    return Place(*(part.strip() for part in text.split(",")))


def slug_of(name: str) -> str:
    """The part of an address before the @: "Inês Carvalho" becomes "ines-carvalho".

    >>> slug_of("Þórdís Hallgrímsdóttir"), slug_of("Zvonimir Perković"), slug_of("森永 大智")
    ('thordis-hallgrimsdottir', 'zvonimir-perkovic', 'daichi-morinaga')
    """
    spelled = LATIN.get(name, name)
    plain = "".join(_PLAIN.get(letter, letter) for letter in spelled.lower())
    plain = unicodedata.normalize("NFKD", plain)
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


class Names:
    """Gives out names, each once. Names that are taken from the start are never given."""

    def __init__(self, rng: Random, taken: set[str]) -> None:
        self.rng = rng
        self.taken = {slug_of(name) for name in taken}

    def new(self, culture: Culture, *, woman: bool) -> str:
        """A name nobody has yet."""
        for attempt in range(10_000):
            name = self._name(culture, woman=woman, longer=attempt > 20)  # noqa: PLR2004 - the short ones are gone
            slug = slug_of(name)
            if slug not in self.taken:
                self.taken.add(slug)
                return name
        raise LookupError(f"All names of {culture.key} are taken. Add some to data/names.txt.")

    def _name(self, culture: Culture, *, woman: bool, longer: bool) -> str:
        rng = self.rng
        given = rng.choice(culture.women if woman else culture.men)
        families = culture.family_of_women if woman else culture.family_of_men
        family = rng.choice(families)
        if longer or (culture.double and rng.random() < DOUBLE):
            second = rng.choice([each for each in families if each != family])
            family = f"{family} {second}" if culture.double else f"{family}-{second}"
        return f"{family} {given}" if culture.family_first else f"{given} {family}"


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(","))
