"""Which skills is a question about? Names and cues of the taxonomy, found in its words."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import log
from typing import NamedTuple

from quarterhour.engines.understand.sentences import ends
from quarterhour.engines.understand.skill import Skill
from quarterhour.engines.words import Spellings, Token, singular, stem, tokens

__all__ = ["Topic", "leanings", "topics"]

# How sure a single find makes us, from 0 to 1, by what was found. Tuned on half of the town's needs.
WHOLE_NAME, ONE_WORD, EVERYDAY, CUE, WORD_CUE = 0.72, 0.55, 0.16, 0.42, 0.26
AMBIGUOUS, SCATTERED, MISTYPED, FOREIGN = 0.12, 0.30, 0.7, 0.6
# A name of two words like "team lead" says less than one of rare words.
PLAIN = 0.55
# Share of a find that also speaks for the broader skill.
UPWARD = 0.25
# What a meaning read by the model may add: nothing below the first, all above the second.
DISTANT, CLOSE, MEANT = 0.25, 0.50, 0.60
LEAST, SHARE_OF_BEST, MOST = 0.30, 0.50, 5
# For ranking, faint leanings count too, a sure one more than several faint ones.
FAR, FAINT, SHARE_FAINT, MANY, SHARPER, GUESSED = 0.15, 0.02, 0.05, 20, 1.5, 0.6
MOST_READ = 7000
WINDOW = 7
PLACES = 4
MOST_SKIPPED = 4  # in a row
# Words that may stand between the words of a name: "negotiate my salary" is salary negotiation.
SKIPPED = frozenset(
    re.findall(
        r"\w+",
        "a an the my our your his her their its this that these those some any own to of for in on at and with is are "
        "be been being am was were i me we us you it as from by s do does did",
    )
)


class Topic(NamedTuple):
    """A skill a question may be about.

    confidence: 0 to 1, how sure the reading is. words: what led there, as written, in reading order.
    """

    skill_id: str
    confidence: float
    words: tuple[str, ...]


class _Term(NamedTuple):
    skill: int
    weight: float
    capitals: tuple[str, ...]
    words: int


@dataclass(slots=True)
class _Node:
    """The words that may follow, and the terms that end here."""

    next: dict[str, "_Node"] = field(default_factory=dict)
    ends: list[_Term] = field(default_factory=list)


class _Find(NamedTuple):
    first: int
    last: int
    skill: int
    weight: float


def topics(
    text: str,
    skills: tuple[Skill, ...],
    *,
    language: str | None = "en",
    similarity: Mapping[str, float] | None = None,
    limit: int = MOST,
) -> list[Topic]:
    """The skills `text` is about, surest first: what to propose as chips.

    skills: the taxonomy; pass the same tuple again and again, its index is kept.
    language: of the text; names in English and in this language are looked for, all languages if None.
    similarity: skill id -> cosine similarity of text and skill, where a model has read both.
    Returns at most `limit`; nothing where nothing is likely enough.
    """
    index = _index_of(skills)
    text = ends(text, MOST_READ)
    words = tokens(text)
    sure, spans = _weighed(text, words, index, language)
    _add_meaning(sure, similarity or {}, index, DISTANT)
    return [
        Topic(skills[number].id, round(confidence, 3), _said(text, words, spans[number]))
        for number, confidence in _chosen(sure, index, limit, least=LEAST, share=SHARE_OF_BEST)
    ]


def leanings(
    text: str,
    skills: tuple[Skill, ...],
    *,
    language: str | None = "en",
    similarity: Mapping[str, float] | None = None,
    chosen: Iterable[str] = (),
    removed: Iterable[str] = (),
) -> dict[str, float]:
    """Skill id -> how much `text` leans towards it, 0 to 1: what to rank mentors by.

    As `topics`, but with the many faint ones that nobody wants to see as chips.
    chosen: skills the person picked themselves; they count in full, and what we only guess counts for less.
    removed: skills the person took away.
    """
    index = _index_of(skills)
    text = ends(text, MOST_READ)
    sure, _ = _weighed(text, tokens(text), index, language)
    _add_meaning(sure, similarity or {}, index, FAR)
    faint = _chosen(sure, index, MANY, least=FAINT, share=SHARE_FAINT)
    picked = list(chosen)
    guess = GUESSED if picked else 1.0
    weights = {skills[number].id: round(guess * confidence**SHARPER, 4) for number, confidence in faint}
    weights |= dict.fromkeys(picked, 1.0)
    return {skill_id: weight for skill_id, weight in weights.items() if skill_id not in set(removed)}


def _weighed(
    text: str, words: Sequence[Token], index: "_Index", language: str | None
) -> tuple[dict[int, float], dict[int, set[tuple[int, int]]]]:
    """Skill number -> how sure the words make us, and where they stand."""
    sure: dict[int, float] = defaultdict(float)
    spans: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for find in _longest(list(index.finds(text, words, language))):
        sure[find.skill] = _either(sure[find.skill], find.weight)
        spans[find.skill].add((find.first, find.last))
    for number, confidence in list(sure.items()):
        above = index.broader[number]
        if above is not None:
            sure[above] = _either(sure[above], confidence * UPWARD)
    return sure, spans


def _add_meaning(sure: dict[int, float], similarity: Mapping[str, float], index: "_Index", distant: float) -> None:
    for skill_id, cosine in similarity.items():
        near = min(max((cosine - distant) / (CLOSE - distant), 0.0), 1.0) * MEANT
        if near > 0 and skill_id in index.number:
            number = index.number[skill_id]
            sure[number] = _either(sure[number], near)


def _either(one: float, other: float) -> float:
    """How sure two independent signs make us together."""
    return 1 - (1 - one) * (1 - other)


def _said(text: str, words: Sequence[Token], spans: Iterable[tuple[int, int]]) -> tuple[str, ...]:
    said = (text[words[first].start : words[last].end] for first, last in sorted(spans))
    return tuple(dict.fromkeys(said))


def _chosen(
    sure: Mapping[int, float], index: "_Index", limit: int, *, least: float, share: float
) -> list[tuple[int, float]]:
    """The likeliest, without a broader skill that only repeats its part."""
    ranked = sorted(sure.items(), key=lambda item: (-round(item[1], 3), item[0]))
    best = ranked[0][1] if ranked else 0.0
    least = max(least, best * share)
    chosen: list[tuple[int, float]] = []
    covered: set[int] = set()
    for number, confidence in ranked:
        if confidence < least or len(chosen) == limit:
            break
        if number in covered and confidence < best:
            continue
        chosen.append((number, confidence))
        above = index.broader[number]
        while above is not None:
            covered.add(above)
            above = index.broader[above]
    return chosen


def _longest(finds: list[_Find]) -> list[_Find]:
    """Finds that do not lie inside a longer, at least as weighty find: "data engineer" is no "engineer"."""
    finds = sorted(set(finds), key=lambda find: (find.first - find.last, -find.weight, find))
    kept: list[_Find] = []
    over: dict[int, list[_Find]] = defaultdict(list)
    for find in finds:
        inside = any(
            find.last <= other.last
            and other.last - other.first > find.last - find.first
            and other.weight >= find.weight * 0.6
            for other in over[find.first]
        )
        if not inside:
            kept.append(find)
            for place in range(find.first, find.last + 1):
                over[place].append(find)
    return kept


@lru_cache(maxsize=4)
def _index_of(skills: tuple[Skill, ...]) -> "_Index":
    return _Index(skills)


class _Index:
    """The names and cues of a taxonomy, as trees of stems, one for each language."""

    def __init__(self, skills: tuple[Skill, ...]) -> None:
        self.total = max(len(skills), 2)
        self.number = {skill.id: number for number, skill in enumerate(skills)}
        self.broader = [self.number.get(skill.broader) for skill in skills]
        self.holders: dict[str, set[int]] = defaultdict(set)
        for number, skill in enumerate(skills):
            for name in (*skill.names(), *skill.cues):
                for word in _kept(name):
                    self.holders[word].add(number)
        self.english = _Node()
        self.scattered: dict[frozenset[str], list[tuple[int, float]]] = defaultdict(list)
        self.foreign: dict[str, _Node] = defaultdict(_Node)
        self.beginnings: dict[str, set[str]] = defaultdict(set)
        for number, skill in enumerate(skills):
            self._add_english(number, skill)
            for language, names in skill.labels.items():
                for name in names:
                    self._add_foreign(number, language, name)
        self.sorted_beginnings = {code: sorted(words) for code, words in self.beginnings.items()}
        self.of_word: dict[str, list[frozenset[str]]] = defaultdict(list)
        for bag in self.scattered:
            # The rarest word of a name leads to it.
            self.of_word[min(bag, key=lambda word: (len(self.holders[word]), word))].append(bag)
        spellings = Spellings(
            word
            for word in _raw_words(skills)
            if len(word) >= 6  # noqa: PLR2004 - short words collide
        )
        # The same words come again and again, most of them not in the vocabulary.
        self.near = lru_cache(maxsize=20_000)(spellings.near)

    def _add_english(self, number: int, skill: Skill) -> None:
        plain = {_kept(name) for name in skill.everyday}
        for name in (*skill.names(), *skill.cues):
            words = _kept(name, every=name in skill.proper)
            if not words:
                continue
            weight = self._weight(skill, name, words, plain)
            capitals = tuple(part for part in name.split() if part != part.lower()) if name in skill.proper else ()
            node = self.english
            for word in words:
                node = node.next.setdefault(word, _Node())
            node.ends.append(_Term(number, weight, capitals, len(words)))
            if 2 <= len(set(words)) <= 4 and name not in {*skill.cues, *skill.ambiguous, *skill.proper}:  # noqa: PLR2004
                self.scattered[frozenset(words)].append((number, weight))

    def _weight(self, skill: Skill, name: str, words: tuple[str, ...], plain: set[tuple[str, ...]]) -> float:
        if name in skill.ambiguous:
            return AMBIGUOUS
        if words in plain:
            return EVERYDAY
        many = len(words) > 1
        if name in skill.cues:
            return CUE if many else WORD_CUE
        if not many:
            return ONE_WORD
        rare = sum(log(self.total / len(self.holders[word])) for word in words) / len(words) / log(self.total)
        return WHOLE_NAME * min(1.0, PLAIN + rare * 0.6)

    def _add_foreign(self, number: int, language: str, name: str) -> None:
        parts = [token.folded for token in tokens(name)]
        if not parts:
            return
        starred = [part.endswith("*") for part in name.split()]
        node = self.foreign[language]
        for place, part in enumerate(parts):
            key = stem(part, language) if _is_arabic(part) else part
            if place < len(starred) and starred[place] and len(starred) == len(parts):
                key += "*"
                self.beginnings[language].add(key[:-1])
            node = node.next.setdefault(key, _Node())
        many = len(parts) > 1 and not _is_paired(parts[0])
        node.ends.append(_Term(number, WHOLE_NAME * 0.9 if many else ONE_WORD * 0.8, (), len(parts)))

    def finds(self, text: str, words: Sequence[Token], language: str | None) -> Iterator[_Find]:
        in_english = language in ("en", None)
        stemmed = [singular(word.folded) for word in words]
        yield from self._in_english(text, words, stemmed, 1.0 if in_english else FOREIGN)
        if in_english:
            yield from self._scattered(stemmed)
        for code in self.foreign if language is None else (language,):
            if code in self.foreign:
                yield from self._in_foreign(words, code)

    def _in_english(self, text: str, words: Sequence[Token], stemmed: Sequence[str], share: float) -> Iterator[_Find]:
        meant = [self._corrected(word, stemmed[place]) for place, word in enumerate(words)]
        for first, (beginning, _) in enumerate(meant):
            if beginning not in self.english.next:
                continue
            node, errors, at, skipped = self.english, 0, first, 0
            while at < len(words):
                word, wrong = meant[at]
                step = node.next.get(word)
                if step is None and at > first and skipped < MOST_SKIPPED and words[at].folded in SKIPPED:
                    at, skipped = at + 1, skipped + 1
                    continue
                if step is None:
                    break
                node, errors, skipped = step, errors + wrong, 0
                for term in node.ends:
                    if _capitalised(term.capitals, text[words[first].start : words[at].end]):
                        weight = term.weight * (MISTYPED if errors else 1.0)
                        yield _Find(first, at, term.skill, weight * (share if term.words == 1 else 1.0))
                at += 1

    def _corrected(self, word: Token, stemmed: str) -> tuple[str, bool]:
        folded = word.folded
        if len(folded) < 6 or stemmed in self.holders or not folded.isascii():  # noqa: PLR2004
            return stemmed, False
        near = self.near(folded)
        if near and near[0][1] == 1 and near[0][0] != folded:
            return singular(near[0][0]), True
        return stemmed, False

    def _scattered(self, stemmed: Sequence[str]) -> Iterator[_Find]:
        """Names whose words stand near each other in any order: "peers ... I now manage"."""
        places: dict[str, list[int]] = defaultdict(list)
        for place, word in enumerate(stemmed):
            if word in self.holders and len(places[word]) < PLACES:
                places[word].append(place)
        for word, at in places.items():
            for bag in self.of_word.get(word, ()):
                if not all(other in places for other in bag):
                    continue
                reach = [_reach([_nearest(places[other], place) for other in bag]) for place in at]
                first, last = min(reach, key=lambda one: one[1] - one[0])
                if last - first < WINDOW:
                    for number, weight in self.scattered[bag]:
                        yield _Find(first, last, number, min(weight, SCATTERED))

    def _in_foreign(self, words: Sequence[Token], language: str) -> Iterator[_Find]:
        folded = [stem(word.folded, language) if _is_arabic(word.folded) else word.folded for word in words]
        keys = [self._keys(word, language) for word in folded]
        for first in range(len(words)):
            nodes = [self.foreign[language]]
            at = first
            while at < len(words) and nodes:
                nodes = [node.next[key] for node in nodes for key in keys[at] if key in node.next]
                for node in nodes:
                    for term in node.ends:
                        yield _Find(first, at, term.skill, term.weight)
                at += 1

    def _keys(self, word: str, language: str) -> list[str]:
        """The word itself, and every starred beginning of it."""
        keys = [word]
        known = self.sorted_beginnings.get(language, [])
        for length in range(2, len(word) + 1):
            at = bisect_left(known, word[:length])
            if at < len(known) and known[at] == word[:length]:
                keys.append(word[:length] + "*")
        return keys


def _kept(name: str, *, every: bool = False) -> tuple[str, ...]:
    """A name's words without those that may be missing, unless fewer than two would be left of several."""
    folded = [token.folded for token in tokens(name)]
    kept = folded if every else [word for word in folded if word not in SKIPPED]
    return tuple(singular(word) for word in (kept if len(kept) > 1 or len(folded) == 1 else folded))


def _raw_words(skills: tuple[Skill, ...]) -> set[str]:
    return {token.folded for skill in skills for name in skill.names() for token in tokens(name)}


def _capitalised(capitals: tuple[str, ...], written: str) -> bool:
    """Whether each part that has capitals in the name has them in the text."""
    parts = written.split()
    return all(any(part.strip(".,;:!?()\"'") == capital for part in parts) for capital in capitals)


def _nearest(places: list[int], to: int) -> int:
    return min(places, key=lambda place: abs(place - to))


def _reach(places: list[int]) -> tuple[int, int]:
    return min(places), max(places)


def _is_arabic(word: str) -> bool:
    return "\u0600" <= word[0] <= "\u06ff"


def _is_paired(word: str) -> bool:
    return "\u0e00" <= word[0] <= "\u0eff" or "\u3040" <= word[0] <= "\ud7af"
