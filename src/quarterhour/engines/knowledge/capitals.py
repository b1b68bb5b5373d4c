"""Names nobody told us: by their capital letter in mid-sentence, by the words around them, by being no word at all."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from quarterhour.engines.knowledge import lists
from quarterhour.engines.knowledge.model import INSTEAD, Found, Kind
from quarterhour.engines.knowledge.names import Ordinary
from quarterhour.engines.knowledge.traced import begins
from quarterhour.engines.words import fold

_WORD = re.compile(r"[^\W_](?:[^\W_]|['’\-&.](?=[^\W_]))*")
_CUE = re.compile(rf"\b(?:{lists.WORKS_FOR})\s+(?:the\s+)?(?=[^\W_])", re.IGNORECASE)
_TEAM = re.compile(rf"\b(?:(?:our|my|the|their|a)\s)?(?:{lists.TEAMS})\s+(?:called\s+|named\s+)?$", re.IGNORECASE)
_PRODUCT = re.compile(rf"\b(?:(?:our|my|the|their|a)\s)?(?:{lists.PRODUCTS})\s+(?:called\s+|named\s+)?$", re.IGNORECASE)
_TEAM_AFTER = re.compile(rf"\s(?:{lists.TEAMS})\b", re.IGNORECASE)
_PRODUCT_AFTER = re.compile(rf"\s(?:{lists.PRODUCTS})\b", re.IGNORECASE)
_PERSON = re.compile(rf"\b(?:{lists.PEOPLE_BEFORE})\.?,?\s+$", re.IGNORECASE)
_PERSON_AFTER = re.compile(rf"(?:,?\s(?:{lists.PEOPLE_AFTER})\b|['’]s\b)", re.IGNORECASE)
_PLACE = re.compile(rf"\b(?:{lists.PLACES_BEFORE})\s+$", re.IGNORECASE)
_AT = re.compile(r"\b(?:at|bei|chez|joined|left|leave|leaving|quit)\s+$", re.IGNORECASE)
_ARTICLE = re.compile(r"\b(?:the|a|an|our|my|their|your|his|her|its)\s+$", re.IGNORECASE)
_MEASURE = re.compile(
    r"(?i)^(?:\d+(?:st|nd|rd|th|h|hrs?|mins?|s|d|wks?|w|m|km|kg|g|x|pm|am|y|yrs?|d|er|e|º)?|[a-z]\d|\d[a-z])$"
)
_FEW = re.compile(r"^[^\W\d_]{1,2}$")
_CASELESS = (
    "\u0590-\u05ff\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\u0900-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\ud7ff"
    "\uf900-\ufaff\ufb1d-\ufdff\ufe70-\ufeff\U00020000-\U0003ffff"
)
_SCRIPT = re.compile(rf"[{_CASELESS}](?:[\s\d,،、;؛:'\"()\-{_CASELESS}]*[{_CASELESS}])?")
_LATIN, _ALIKE = re.compile(r"[a-zA-Z]"), re.compile(r"[\u0370-\u03ff\u0400-\u052f]")
_OURS = frozenset(word for words in INSTEAD.values() for word in words.split())
SHORT = 4  # letters: "IN WRITING, you MAY" is somebody's stress more often than somebody's name
_SMALL = frozenset(["of", "&", "de", "do", "da", "du", "des", "von", "van", "la", "le", "del"])


@dataclass(frozen=True, slots=True)
class Language:
    """What tells a name from a word. ordinary: whether a lower-case word is a word of the language; None: not known.

    terms: words of trade that may stand in any case. keep: folded words the author says identify nobody.
    """

    code: str
    ordinary: Ordinary | None
    terms: frozenset[str]
    keep: frozenset[str]

    def is_word(self, said: str) -> bool:
        """Whether this is a word anybody uses, and no common name of a person, a place or a house."""
        folded = fold(said)
        if folded in _OURS:
            return True
        if folded in lists.GIVEN | lists.PLACES | lists.COMPANIES:
            return False
        if self.ordinary is None or folded in self.terms | lists.COMMON_LETTERS | lists.YOUNG:
            return True
        lower = said.lower().replace("’", "'")
        if self.ordinary(lower):
            return True
        parts = re.split(r"['\-&.]", lower)
        return len(parts) > 1 and all(len(part) < 3 or part in self.terms or self.ordinary(part) for part in parts)  # noqa: PLR2004

    def may_stand(self, said: str) -> bool:
        """Whether a capital on this word says nothing."""
        folded = fold(re.split(r"['’]", said)[0])
        if folded in _OURS | lists.CALENDAR | lists.TITLES | lists.COMMON_LETTERS or folded in self.terms:
            return True
        shouted = said.isupper() and len(said) > 1
        nouns = self.code == "de" and not shouted
        also = folded in lists.ALSO_WORDS and len(folded) > SHORT
        return (shouted or nouns) and self.ordinary is not None and not also and self.is_word(said)


def find_scripts(text: str, language: Language) -> Iterator[Found]:
    """Writing without capitals, in which we cannot tell a name; and words mixed of scripts, which hide one."""
    for match in _SCRIPT.finditer(text):
        if fold(match.group()) not in language.keep:
            yield Found(*match.span(), "script", sure=False)
    for word in _WORD.finditer(text):
        if _LATIN.search(word.group()) and _ALIKE.search(word.group()):
            yield Found(*word.span(), "disguise")


def find_names(text: str, language: Language) -> Iterator[Found]:
    """Names by their capital, by the words around them, or because no dictionary has them."""
    words = list(_WORD.finditer(text))
    at = 0
    while at < len(words):
        run = _run(text, words, at, language)
        if run:
            yield from _found(text, words[at].start(), words[at + run - 1].end(), language)
            at += run
            continue
        yield from _small(text, words[at], language)
        at += 1
    for cue in _CUE.finditer(text):
        word = _WORD.match(text, cue.end())
        if (
            word
            and language.ordinary
            and not language.is_word(word.group())
            and fold(word.group()) not in language.keep
        ):
            yield Found(*word.span(), "organisation")


def _run(text: str, words: list[re.Match[str]], at: int, language: Language) -> int:
    """How many words from this one on are one name by their capitals; 0 where this word is none."""
    first = words[at]
    if not _is_candidate(text, first, language):
        return 0
    many = 1
    while at + many < len(words) and _joined(text, words[at + many - 1], words[at + many]):
        if _is_candidate(text, words[at + many], language, inside=True):
            many += 1
        elif (
            words[at + many].group().lower() in _SMALL
            and at + many + 1 < len(words)
            and _joined(text, words[at + many], words[at + many + 1])
            and _is_candidate(text, words[at + many + 1], language, inside=True)
        ):
            many += 2
        else:
            break
    return many


def _is_candidate(text: str, word: re.Match[str], language: Language, *, inside: bool = False) -> bool:
    said = word.group()
    if not any(letter.isupper() for letter in said):
        return False
    if not said[0].isupper():  # iPhone, McDonald's inside out
        return not language.may_stand(said) and not _MEASURE.match(said)
    if said in {"I", "A", "O", "Y"} or re.match(r"I['’](?:m|d|ll|ve)$", said) or language.may_stand(said):
        return False
    if len(said) == 1:
        return not _in_a_row(text, word)
    if inside or not begins(text, word.start()):
        return True
    return _odd_at_the_beginning(text, word, language)


def _in_a_row(text: str, word: re.Match[str]) -> bool:
    """Whether one capital letter is a letter of a row, as in "plan B"."""
    before = text[max(0, word.start() - 20) : word.start()].split()[-1:]
    return bool(before) and before[0].strip("(“\"'").lower() in lists.BEFORE_A_LETTER


def _odd_at_the_beginning(text: str, word: re.Match[str], language: Language) -> bool:
    """Whether a word that has its capital from the sentence is a name all the same."""
    said = re.split(r"['’]s$", word.group())[0]
    if not language.is_word(said) or any(letter.isupper() for letter in said[1:]):
        return True
    following = _WORD.match(text, word.end() + 1)
    next_to_it = following.group() if following and text[word.end()] == " " else ""
    if fold(said) not in lists.OPENERS and next_to_it[:1].isupper() and not language.may_stand(next_to_it):
        return len(next_to_it) > 1 and not next_to_it.startswith(("I'", "I’"))
    return (
        fold(said) in lists.ALSO_WORDS - lists.RATHER_WORDS
        and bool(_PERSON_AFTER.match(text, word.end()))
        and not _FEW.match(said)
    )


def _joined(text: str, one: re.Match[str], other: re.Match[str]) -> bool:
    return text[one.end() : other.start()] in {" ", " & ", ". "} and (
        text[one.end() : other.start()] != ". " or len(one.group()) == 1
    )


def _found(text: str, start: int, end: int, language: Language) -> Iterator[Found]:
    """The name at this place, with its kind, and with its article where other words stand for all of it."""
    if text[start:end].endswith(("'s", "’s")):
        end -= 2
    if fold(text[start:end]) in language.keep:
        return
    kind, sure = _kind(text, start, end, language)
    if kind in {"team", "product"}:
        start, end = _whole(text, start, end, kind)
    elif kind in {"organisation", "place", "word"} and (article := _ARTICLE.search(text, max(0, start - 8), start)):
        start = article.start()
    yield Found(start, end, kind, sure=sure)


def _kind(text: str, start: int, end: int, language: Language) -> tuple[Kind, bool]:
    before, parts = text[max(0, start - 40) : start], fold(text[start:end]).replace("-", " ").split()
    if _TEAM.search(before) or (_TEAM_AFTER.match(text, end) and not begins(text, start)):
        return "team", True
    if _PRODUCT.search(before) or (_PRODUCT_AFTER.match(text, end) and not begins(text, start)):
        return "product", True
    if lists.COMPANIES & set(parts) or (len(parts) > 1 and parts[-1] in lists.HOUSES):
        return "organisation", True
    if (lists.PLACES | lists.GIVEN) & set(parts):
        return ("place" if lists.PLACES & set(parts) else "name"), True
    if _AT.search(before) or any(cue.end() == start for cue in _CUE.finditer(text, max(0, start - 40), start + 1)):
        return "organisation", True
    if _PERSON_AFTER.match(text, end):
        return "name", True
    if _PLACE.search(before):
        return "place", False
    return ("name", False) if _PERSON.search(before) else ("word", False)


def _whole(text: str, start: int, end: int, kind: Kind) -> tuple[int, int]:
    """ "our team Phoenix" or "the Phoenix team", whole."""
    cue, after = (_TEAM, _TEAM_AFTER) if kind == "team" else (_PRODUCT, _PRODUCT_AFTER)
    if found := cue.search(text, max(0, start - 40), start):
        return found.start(), end
    found, article = after.match(text, end), _ARTICLE.search(text, max(0, start - 8), start)
    return article.start() if article else start, found.end() if found else end


def _small(text: str, word: re.Match[str], language: Language) -> Iterator[Found]:
    """A word without a capital that no dictionary has, or that is a common name typed in a hurry."""
    said = word.group()
    if said[0].isdigit() or any(letter.isdigit() for letter in said):
        mixed = any(letter.isalpha() for letter in said)
        if (
            mixed
            and not _MEASURE.match(said)
            and not set(fold(said).split("-")) <= language.terms | lists.COMMON_LETTERS
        ):
            yield from _unless_kept(Found(*word.span(), "code", sure=False), said, language)
        return
    bare = re.split(r"['’]s?$", said)[0]
    if _FEW.match(said) or language.is_word(bare) or language.is_word(said):
        return
    folded = fold(bare)
    kind: Kind = "word"
    for names, meant in ((lists.GIVEN, "name"), (lists.PLACES, "place"), (lists.COMPANIES, "organisation")):
        if folded in names:
            kind = meant  # type: ignore[assignment]
    yield from _unless_kept(Found(word.start(), word.start() + len(bare), kind, sure=False), bare, language)


def _unless_kept(found: Found, said: str, language: Language) -> Iterator[Found]:
    if fold(said) not in language.keep:
        yield found
