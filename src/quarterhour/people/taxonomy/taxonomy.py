"""The skill taxonomy: read once from the tables beside this file, searched while somebody types.

Plain Python without Django, so that commands, tests and engines' evaluations can use it alone.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from math import log
from typing import NamedTuple

from quarterhour.engines.understand.skill import Skill
from quarterhour.engines.words import Spellings, singular, tokens

__all__ = ["Area", "Found", "Skill", "areas", "search", "skill_of", "skills", "town_topics"]

# How much of a word's worth remains in another form ("conversations"), not typed in full, or not typed right.
EXACT, FORM, BEGUN, SLIP, SLIPS = 1.0, 0.95, 0.8, 0.6, 0.35
# A whole name found is worth more than the best partial one; an English label breaks ties.
# A name that mostly stands beside the point ("salary") steps behind names made of it ("salary negotiation").
WHOLE, IN_FRONT, LABEL, EVERYDAY = 1.0, 0.25, 0.05, -0.5
LEAST = 0.45
MANY_WORDS = 12


class Area(NamedTuple):
    """A group of skills, with the name of its icon."""

    id: str
    label: str
    icon: str


class Found(NamedTuple):
    """A skill somebody may mean, the wording that led to it, and how well it fits (higher is better)."""

    skill: Skill
    wording: str
    score: float


@cache
def skills() -> tuple[Skill, ...]:
    """Every skill, sorted by id. Read once a process."""
    labels: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
    for skill_id, language, label, words in _rows("labels.tsv"):
        labels[skill_id][language] = (label, *_parts(words))
    return tuple(_skill(row, labels.get(row[0], {})) for row in _rows("skills.tsv"))


@cache
def _by_id() -> dict[str, Skill]:
    return {skill.id: skill for skill in skills()}


def skill_of(skill_id: str) -> Skill | None:
    """The skill with that id."""
    return _by_id().get(skill_id)


@cache
def areas() -> dict[str, Area]:
    """Every area by its id."""
    return {row[0]: Area(*row) for row in _rows("areas.tsv")}


@cache
def town_topics() -> dict[str, str]:
    """What the mentors of the demo town call their topics -> id of the skill."""
    return dict(_rows("town_topics.tsv"))


def search(text: str, limit: int = 8) -> list[Found]:
    """Skills whose names fit what somebody has typed so far, best first.

    The last word may be unfinished, any word may be mistyped, any language of the tables will do.
    Returns at most `limit`, each skill once; nothing for text without words.

    >>> [found.skill.label for found in search("k8s", 1)], [found.wording for found in search("burnuot", 1)]
    (['Kubernetes'], ['burnout'])
    """
    return _index().search(text, limit)


def _rows(name: str) -> Iterator[list[str]]:
    table = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return (line.split("\t") for line in table.splitlines()[1:])


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split("|") if part)


def _skill(row: list[str], labels: dict[str, tuple[str, ...]]) -> Skill:
    skill_id, area, broader, label, synonyms, cues = row
    names = (label, *_parts(synonyms))
    marked = {mark: frozenset(name[1:] for name in names if name[0] == mark) for mark in "~?^"}
    bare = tuple(name.lstrip("~?^") for name in names)
    return Skill(
        skill_id, bare[0], area, broader, bare[1:], _parts(cues), labels, marked["~"], marked["?"], marked["^"]
    )


@cache
def _index() -> "_Index":
    return _Index(skills())


class _Wording(NamedTuple):
    skill: Skill
    text: str
    words: tuple[str, ...]
    is_label: bool


class _Index:
    """Word -> the wordings that hold it."""

    def __init__(self, entries: tuple[Skill, ...]) -> None:
        self.wordings = [wording for skill in entries for wording in _wordings(skill)]
        self.holders: dict[str, list[int]] = defaultdict(list)
        for number, wording in enumerate(self.wordings):
            for word in set(wording.words):
                self.holders[word].append(number)
        self.vocabulary = sorted(self.holders)
        self.spellings = Spellings(self.vocabulary)
        self.forms: dict[str, list[str]] = defaultdict(list)
        for word in self.vocabulary:
            self.forms[singular(word)].append(word)

    def search(self, text: str, limit: int) -> list[Found]:
        typed = [token.folded for token in tokens(text)][:MANY_WORDS]
        if not typed:
            return []
        weights = [self._weight(word) for word in typed]
        total = sum(weights)
        worth: dict[int, float] = defaultdict(float)
        for place, word in enumerate(typed):
            best: dict[int, float] = {}
            for meant, share in self._meant(word, unfinished=place == len(typed) - 1):
                for number in self.holders[meant]:
                    best[number] = max(best.get(number, 0.0), share)
            for number, share in best.items():
                worth[number] += share * weights[place] / total
        found: dict[str, Found] = {}
        for number, value in worth.items():
            if value < LEAST:
                continue
            wording = self.wordings[number]
            score = value + self._bonus(wording, typed, value)
            known = found.get(wording.skill.id)
            if known is None or score > known.score:
                found[wording.skill.id] = Found(wording.skill, wording.text, score)
        return sorted(found.values(), key=lambda one: (-one.score, len(one.wording), one.skill.id))[:limit]

    def _weight(self, word: str) -> float:
        return 1 + log(len(self.wordings) / (1 + len(self.holders.get(word, ()))))

    def _meant(self, word: str, *, unfinished: bool) -> Iterator[tuple[str, float]]:
        if word in self.holders:
            yield word, EXACT
        forms = [form for form in self.forms.get(singular(word), ()) if form != word]
        for form in forms:
            yield form, FORM
        if unfinished:
            at = bisect_left(self.vocabulary, word)
            while at < len(self.vocabulary) and self.vocabulary[at].startswith(word):
                yield self.vocabulary[at], BEGUN
                at += 1
        if word not in self.holders and not forms:
            for meant, errors in self.spellings.near(word):
                yield meant, SLIP if errors == 1 else SLIPS

    @staticmethod
    def _bonus(wording: _Wording, typed: list[str], value: float) -> float:
        words = wording.words
        bonus = LABEL * wording.is_label + EVERYDAY * (wording.text in wording.skill.everyday)
        bonus += value * min(1.0, len(typed) / len(words)) * WHOLE
        if words[: len(typed) - 1] == tuple(typed[:-1]) and words[len(typed) - 1 :][:1]:
            bonus += IN_FRONT * words[len(typed) - 1].startswith(typed[-1])
        return bonus


def _wordings(skill: Skill) -> Iterator[_Wording]:
    known = set()
    translated = (word for words in skill.labels.values() for word in words)
    for place, name in enumerate((*skill.names(), *translated)):
        words = tuple(token.folded for token in tokens(name))
        if words and words not in known:
            known.add(words)
            yield _Wording(skill, name.rstrip("*"), words, is_label=place == 0)
