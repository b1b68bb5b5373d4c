"""A sentence as words, each with the letter of its kind (see `words`)."""

import re
import unicodedata
from functools import cache
from typing import NamedTuple

from quarterhour.engines.dates.words import LANGUAGES, SHARED

TOKEN = re.compile(
    r"w/c\b|[^\W\d_]+(?:'[^\W\d_]+)?\d?"
    r"|\d{4}-\d{1,2}-\d{1,2}(?!\d)"
    r"|\d{1,2}(?:[:.]\d{2})?[ ]?(?:am|pm|uhr|hrs)\b"
    r"|\d{1,2}:\d{2}|\d{1,2}h(?:\d{2})?\b"
    r"|\d{1,2}[./]\d{1,2}(?:[./](?:\d{4}|\d{2})?(?!\d))?(?!\d)"
    r"|2moro\b|2morrow\b|2day\b"
    r"|\d{1,9}(?:st|nd|rd|th|er|[ºª°.])?"
    r"|[^\w\s]|\n"
)
NUMERIC = re.compile(r"(\d{1,4})[-./](\d{1,2})(?:[-./](\d{1,4})?)?$")
CLOCK = re.compile(r"\d+(?::\d\d|[.:]?\d*[ ]?(?:am|pm|uhr|hrs)|h\d*)$")
LEADS_TO_A_DATE = frozenset("BRbUNTLxjiEISdnOQ")
ENDS = {".": ";", "!": ";", "?": ";", "\n": ";", "—": ",", "–": ",", "-": "", '"': "", "'": "", "’": ""}

DECEMBER = 12

Value = int | tuple[int, int] | tuple[int | None, int, int] | None


class Token(NamedTuple):
    """One word: its kind, what it counts, and where it stands."""

    kind: str
    value: Value
    start: int
    end: int


def _folding() -> dict[int, str]:
    table = {0x2019: "'", 0x2018: "'", 0xDF: "s"}
    for code in (*range(0x41, 0x250), *range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFD", chr(code))[0].lower()
        if len(base) == 1 and code not in table:
            table[code] = base
    return table


FOLDING = _folding()


def fold(text: str) -> str:
    """`text` without capitals and accents, of the same length, so that positions stay true."""
    return text.translate(FOLDING)


@cache
def vocabulary(language: str) -> dict[str, list[tuple[tuple[str, ...], str, Value]]]:
    """First word -> phrases that start with it, longest first, each with kind and value."""
    phrases: dict[str, list[tuple[tuple[str, ...], str, Value]]] = {}
    for line in LANGUAGES[language].split("\n"):
        kind, *entries = line.split() or [""]
        for entry in entries:
            words = tuple(entry.split("_"))
            phrases.setdefault(words[0], []).append((words, kind[0], _value(kind[1:])))
    for same_start in phrases.values():
        same_start.sort(key=lambda phrase: -len(phrase[0]))
    return phrases


def _value(written: str) -> Value:
    if "." in written:
        month, day = written.split(".")
        return int(month), int(day)
    return int(written) if written else None


def tokens(text: str, *, language: str, month_first: bool = False) -> list[Token]:
    """Every word and stop of `text` with its kind."""
    phrases = vocabulary(language)
    shared = SHARED.get(language, set())
    folded = fold(text)
    found = [(match[0], *match.span()) for match in TOKEN.finditer(folded)]
    read: list[Token] = []
    at = 0
    while at < len(found):
        word, start, end = found[at]
        if word not in phrases and word[0].isalpha() and not word.endswith("'s"):
            read.append(Token(".", None, start, end))
            at += 1
            continue
        kind, value, length = _kind(found, at, phrases)
        if kind == "":
            kind, value = (".", None) if word[0].isalpha() else _figure(word, language, month_first=month_first)
        elif word in shared and length == 1 and text[start].islower():
            kind = kind if _leads_to_a_date(read) or _stands_alone(kind, found, at, read) else "."
        at += length
        if kind:
            read.append(Token(kind, value, start, found[at - 1][2] if length > 1 else end))
    return read


def _leads_to_a_date(read: list[Token]) -> bool:
    """Whether the last word read does, or an article after such a word ("before the")."""
    last = [token.kind for token in read[-2:]]
    return bool(last) and (last[-1] in LEADS_TO_A_DATE or (last[-1] == "a" and last[0] in "BRbEI"))


def _stands_alone(kind: str, found: list[tuple[str, int, int]], at: int, read: list[Token]) -> bool:
    """Whether a short weekday ends its thought or stands before an hour ("sat 10:00"), as no verb would."""
    after = found[at + 1][0] if at + 1 < len(found) else "."
    after_article = bool(read) and read[-1].kind == "a"
    return (
        kind == "d"
        and not after_article
        and (after[0].isdecimal() or after in (".", ",", ";", ")", "\n", "morning", "evening", "night"))
    )


def _kind(
    found: list[tuple[str, int, int]], at: int, phrases: dict[str, list[tuple[tuple[str, ...], str, Value]]]
) -> tuple[str, Value, int]:
    word = found[at][0]
    known = phrases.get(word)
    if known is None:
        known = phrases.get(word[:-2], []) if word.endswith("'s") else []
    for words, kind, value in known:
        if len(words) == 1:
            return kind, value, 1
        places = _following(found, at, len(words))
        if tuple(word for word, _ in places) == words:
            return kind, value, places[-1][1] - at + 1
    return "", None, 1


def _following(found: list[tuple[str, int, int]], at: int, count: int) -> list[tuple[str, int]]:
    """The next `count` words from `at`, hyphens left out, with their places."""
    places: list[tuple[str, int]] = []
    for place in range(at, min(len(found), at + 2 * count)):
        if found[place][0] != "-":
            places.append((found[place][0], place))
        if len(places) == count:
            break
    return places


def _figure(word: str, language: str, *, month_first: bool) -> tuple[str, Value]:
    """Kind and value of a word that is in no vocabulary: figures, stops, or just a word."""
    if not word[0].isdecimal():
        return (".", None) if word[0].isalnum() else (ENDS.get(word, word), None)
    if CLOCK.match(word):
        hours = word.endswith("h") and language != "fr"
        return ("J", int(word[:-1])) if hours else ("C", None)
    if numeric := NUMERIC.match(word):
        return _numeric_date(word, numeric, language=language, month_first=month_first)
    digits = "".join(letter for letter in word if letter.isdecimal())
    number = int(digits)
    if 2000 <= number <= 2199 and digits == word.rstrip("."):  # noqa: PLR2004 - the years people plan in
        return "c", number
    ordinal = word != digits and (word[-1] != "." or language == "de")
    return ("O" if ordinal else "n"), number


def _numeric_date(word: str, numeric: re.Match[str], *, language: str, month_first: bool) -> tuple[str, Value]:
    first, second = int(numeric[1]), int(numeric[2])
    third = int(numeric[3]) if numeric[3] else None
    if len(numeric[1]) == 4:  # noqa: PLR2004 - a year comes first
        return ("D", (first, second, third)) if third else (".", None)
    if len(numeric[1]) > 2 or word == "24/7":  # noqa: PLR2004 - neither a day nor a month
        return ".", None
    if "." in word and third is None and not (language == "de" or word.endswith(".")):
        return ("m", (None, second, first)) if second <= DECEMBER else ("n", 0)
    if (month_first and first <= DECEMBER) or second > DECEMBER:
        first, second = second, first
    year = third + 2000 if third is not None and third < 100 else third  # noqa: PLR2004 - two digits
    sure = year is not None or first > DECEMBER
    return ("D" if sure else "M"), (year, second, first)
