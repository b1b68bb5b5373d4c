"""Words that tell: which words of a question are worth looking for, and how well a piece holds them."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from itertools import chain
from math import fsum, log

from quarterhour.engines.understand.languages import SMALL_WORDS
from quarterhour.engines.words import Token, fold, stem, tokens

__all__ = ["WordScores", "brief", "placed_terms", "prose", "rarity", "telling_terms", "terms_of"]

K1, B = 1.2, 0.75
# Of the words of a told sentence at least this share are small ones; shorter texts than SHORT words are not judged.
SMALL_SHARE, SHORT = 0.25, 12
# A headline or a list of topics says what it says in so many telling words; a longer one counts less.
LIST = 40
# The words a question could be expected to share with one good piece. Of fewer than FEW a single one says little:
# whoever asks for "a raise" shares the word with whoever raised prices.
EXPECTED, FEW = 12, 4

_SMALL = """
a about after again ago all almost already also always am an and another any anyone anybody anything are as ask asked
asking at away back be became because been before being best better between big both but by call came can cannot come
could day days did do does doing done down each either else end enough etc even ever every everybody everyone
everything far few find first for from full get gets getting give given go goes going good got great had half has have
having he help her here hers him his how i if in into is it its just keep kept know known last less let like little
long look lot made make makes many may maybe me mean might mine more most much must my near need needs never new next
no nobody none nor not nothing now of off often old on once one only or other others our out over own part people
perhaps person please put quite rather really right said same saw say says see seem seen should show since small so
some somebody someone something sometimes soon still such sure take taken tell than that the their them then there
these they thing things think this those though thought three through time times to today together told tomorrow too
took tried try two under until up upon us use used very want wants was way we week weeks well went were what when
where whether which while who whole whom whose why will with within without word words work worked works would year
years yes yesterday yet you your
"""
# The days of the week say when, not what: "afraid of Fridays" is no question about a Friday.
_DAYS = {
    "en": "monday tuesday wednesday thursday friday saturday sunday",
    "de": "montag dienstag mittwoch donnerstag freitag samstag sonntag",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
    "pt": "segunda terça quarta quinta sexta feira sábado domingo",
    "it": "lunedì martedì mercoledì giovedì venerdì sabato domenica",
}
_NONE: frozenset[str] = frozenset()
STOPS = frozenset(stem(word) for word in (_SMALL + _DAYS["en"]).split()) | frozenset(
    ["s", "t", "m", "re", "ve", "ll", "d"]
)


def terms_of(text: str, language: str | None = "en") -> list[str]:
    """The stems of the words of `text` that can tell one subject from another, in reading order."""
    return list(_terms(text, language))


@lru_cache(maxsize=8192)
def _terms(text: str, language: str | None) -> tuple[str, ...]:
    """Kept, because the same stories are read for one question after another."""
    return tuple(term for token in tokens(text) if (term := telling(token, language)))


def placed_terms(text: str, language: str | None, start: int, end: int) -> Sequence[tuple[int, int, str]]:
    """(start, end, stem) of each word of `text[start:end]`, the stem "" for small words; places count from the text's
    beginning. The words are those the part has by itself.
    """
    alone = (start == 0 or text[start - 1].isspace()) and (end >= len(text) or text[end].isspace())
    if not alone:  # cut within a word or a run of characters, which the whole text reads otherwise
        part = _placed(text[start:end], language)
        return [(start + first, start + last, term) for first, last, term in part]
    words = _placed(text, language)
    return words[bisect_left(words, (start,)) : bisect_left(words, (end,))]


@lru_cache(maxsize=4096)
def _placed(text: str, language: str | None) -> tuple[tuple[int, int, str], ...]:
    """Kept, because the same stories are quoted for one question after another."""
    return tuple((token.start, token.end, telling(token, language)) for token in tokens(text))


def telling(token: Token, language: str | None = "en") -> str:
    """The stem of a word, or "" if it is one of the small words of every text."""
    term = stem(token.folded, language or "en")
    small = term in STOPS or (len(term) == 1 and term.isascii() and not term.isdigit())
    return "" if small or token.folded in _small_words(language) else term


@lru_cache(maxsize=8192)
def prose(text: str, language: str | None = "en") -> float:
    """0 to 1: how much a text reads like something told. Keywords in a row have none of the small words people use.

    Only English is judged: 1 for other languages, whose small words we do not know well enough, and for a few words.
    """
    words = tokens(text)
    if language not in ("en", None) or len(words) < SHORT:
        return 1.0
    small = sum(not telling(word, language) for word in words) / len(words)
    return min(1.0, small / SMALL_SHARE) ** 2


@lru_cache(maxsize=8192)
def brief(text: str, language: str | None = "en") -> float:
    """0 to 1: how much of a headline or a list of topics counts; 1 up to LIST telling words."""
    many = len(_terms(text, language))
    return min(1.0, LIST / many) if many else 1.0


@cache
def _small_words(language: str | None) -> frozenset[str]:
    """The small words of other languages, as the detector of languages knows them."""
    if language in ("en", None):
        return _NONE
    return frozenset(fold(word) for word in f"{SMALL_WORDS.get(language, '')} {_DAYS.get(language, '')}".split())


def rarity(frequency: int, total: int) -> float:
    """How telling a word is that stands in `frequency` of `total` pieces: its inverse document frequency.

    Never below 0; a word that stands nowhere counts like one that stands once.
    """
    frequency = min(max(frequency, 1), max(total, 1))
    return log(1 + (max(total, 1) - frequency + 0.5) / (frequency + 0.5))


def telling_terms(terms: Iterable[str], frequency: Mapping[str, int], total: int, limit: int = 12) -> list[str]:
    """The terms of a long question to look for: known ones, the rarest first, at most `limit`.

    frequency: term -> number of pieces that hold it. total: number of pieces. Equal ones in reading order.

    >>> telling_terms(["table", "kubernetes", "team"], {"team": 90, "kubernetes": 2, "table": 30}, 100, 2)
    ['kubernetes', 'table']
    """
    known = [term for term in dict.fromkeys(terms) if frequency.get(term, 0) > 0]
    return sorted(known, key=lambda term: -rarity(frequency[term], total))[:limit]


class WordScores:
    """BM25 over a handful of pieces.

    Source: S. Robertson, H. Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, Foundations and
    Trends in Information Retrieval 3 (2009), 333-389. k1 is 1.2, b 0.75; a term counts once in the question.
    """

    def __init__(
        self,
        documents: Sequence[Sequence[str]],
        *,
        frequency: Mapping[str, int] | None = None,
        total: int | None = None,
    ) -> None:
        """documents: the terms of each piece. frequency, total: of the whole collection, if it is larger."""
        self.documents = documents
        self.mean = sum(map(len, documents)) / len(documents) if documents else 0.0
        self.total = max(total or 0, len(documents))
        self._scale = self.total / len(documents) if documents else 1.0
        self._given = frequency or {}

    def frequency_of(self, terms: Iterable[str]) -> dict[str, int]:
        """In how many pieces of the collection each of these terms stands, of those that stand in a piece here."""
        wanted = frozenset(terms)
        here = Counter(chain.from_iterable(map(wanted.intersection, self.documents)))
        return {term: self._given.get(term) or round(many * self._scale) for term, many in here.items()}

    def scores(self, terms: Iterable[str]) -> list[float]:
        """For each piece a share of what the question's rarest words could give, 0 to about 1."""
        asked = frozenset(terms)
        return self.of_terms(self.frequency_of(asked), asked=len(asked))

    def of_terms(self, frequencies: Mapping[str, int], *, asked: int) -> list[float]:
        """The same for terms whose `frequency_of` is in hand. asked: how many there are, found anywhere or not."""
        wanted = {term: rarity(many, self.total) for term, many in frequencies.items()}
        possible = sum(sorted(wanted.values(), reverse=True)[:EXPECTED])
        if not possible:
            return [0.0] * len(self.documents)
        possible *= max(1.0, FEW / asked)
        rare = frozenset(wanted)
        return [
            self._score(document, held, wanted) / possible if (held := rare.intersection(document)) else 0.0
            for document in self.documents
        ]

    def _score(self, document: Sequence[str], held: Iterable[str], wanted: Mapping[str, float]) -> float:
        saturation = K1 * (1 - B + B * len(document) / self.mean)
        counts = [(term, document.count(term)) for term in held]
        return fsum(  # the same in whatever order the words come out of the set
            wanted[term] * count * (K1 + 1) / (count + saturation) for term, count in counts
        )
