"""Finding what we know must go: the names of people, organisations and places, however they are written."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from quarterhour.engines.knowledge.lists import ALSO_WORDS, BEFORE_A_LETTER, PARTICLES
from quarterhour.engines.knowledge.model import Found, Kind
from quarterhour.engines.knowledge.traced import bare, begins, read_as_letters
from quarterhour.engines.takeaway.people import NICKS

MOST_READ = 300  # characters of one name
SURE = 4  # letters: shorter names are looked for with their capital only
WITHIN = 5  # letters: names that are found inside other words
_PARTS = re.compile(r"[^\W_]+")
_BETWEEN = r"[-._*·•/|~\\]?"  # at most one such sign between two letters
_APART = r"[\s\-._*·•/|~\\]{1,2}"  # or one or two between all of them
_EDGE, _END = r"(?<![^\W_])", r"(?:s|en|in)?(?![^\W_])"
_WORD = re.compile(r"[^\W_]+")

Ordinary = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Known:
    """Something to be taken out. cased: only where it is written with a capital, for it is a word as well."""

    letters: str
    kind: Kind
    cased: bool = False


def known(names: Iterable[str], kind: Kind) -> list[Known]:
    """Each part of these names, the whole without its spaces, and short forms of first names.

    >>> [each.letters for each in known(["Amara Okafor-Bello"], "name")]
    ['amaraokaforbello', 'amara', 'okafor', 'bello']
    """
    rows: dict[str, Known] = {}
    for name in names:
        parts = [bare(part).letters.strip() for part in _PARTS.findall(name[:MOST_READ])]
        parts = [part for part in parts if part]
        whole = "".join(parts)
        if len(parts) > 1:
            rows.setdefault(whole, Known(whole, kind))
        short = [nick for part in parts[:1] for nick in sorted(NICKS.get(part, ()))] if kind == "name" else []
        for part in [*parts, *short]:
            if part in PARTICLES or len(part) == 1:
                continue
            cased = part in ALSO_WORDS or (len(part) < SURE and part.isascii())
            rows.setdefault(part, Known(part, kind, cased))
    return list(rows.values())


def find_known(text: str, them: Sequence[Known], ordinary: Ordinary | None) -> Iterator[Found]:
    """Where any of these stands: in any case, with or without accents, spaced out, in figures, inside another word."""
    if not them:
        return
    skeleton = bare(text)
    plain, read = skeleton.letters, read_as_letters(skeleton.letters)
    for each in them:
        line = read if len(each.letters) >= SURE else plain
        meant = read_as_letters(each.letters) if len(each.letters) >= SURE else each.letters
        for match in _pattern(meant).finditer(line):
            start, end = skeleton.at[match.start()], skeleton.at[match.end() - 1] + 1
            if not each.cased or _is_a_name(text, start, end, each.letters):
                yield Found(start, end, each.kind)
    inside = [each for each in them if len(each.letters) >= WITHIN and not each.cased]
    for word in _WORD.finditer(plain) if inside else ():
        if any(each.letters in word.group() and each.letters != word.group() for each in inside) and not (
            ordinary and ordinary(word.group())
        ):
            kind = next(each.kind for each in inside if each.letters in word.group())
            yield Found(skeleton.at[word.start()], skeleton.at[word.end() - 1] + 1, kind)


def find_letters(text: str, names: Iterable[str]) -> Iterator[Found]:
    """The initials of these people: two or three together, or one with a full stop, a colon, or alone."""
    together, alone = set(), set()
    for name in names:
        parts = [part for part in _PARTS.findall(name[:MOST_READ]) if bare(part).letters.strip() not in PARTICLES]
        letters = "".join(part[0].upper() for part in parts)
        if len(letters) > 1:
            together |= {letters, letters[0] + letters[-1], letters[:2]}
        alone |= set(letters)
    for match in re.finditer(r"(?<![\w'’&])[^\W\d_]{1,3}(?![\w'’])", text):
        said = match.group()
        whole = len(said) > 1 and said in together and said not in ALSO_LETTERS
        if whole or (said in alone and _stands_for_somebody(text, match)):
            yield Found(*match.span(), "name")


ALSO_LETTERS = frozenset({"AI", "HR", "IT", "PM", "AM", "CV", "OK", "US", "UK", "TV", "PR", "QA", "BA", "MA", "UX"})


def _stands_for_somebody(text: str, match: re.Match[str]) -> bool:
    """One letter is somebody unless it is a word ("I", "A team") or a letter in a row ("plan B")."""
    letter, before = match.group(), text[: match.start()].split()[-1:]
    if letter in "IA" and not re.match(r"[:.]", text[match.end() : match.end() + 1]):
        return False
    if letter in "IAYOE" and text[match.end() : match.end() + 1] in {",", " "}:
        return False
    return not (before and before[0].strip("(“\"'").lower() in BEFORE_A_LETTER)


def _pattern(letters: str) -> re.Pattern[str]:
    close = _BETWEEN.join(re.escape(letter) for letter in letters)
    forms = [close, _APART.join(re.escape(letter) for letter in letters)] if len(letters) >= SURE else [letters]
    return re.compile(_EDGE + "(?:" + "|".join(forms) + ")" + (_END if len(letters) >= SURE else r"s?(?![^\W_])"))


def _is_a_name(text: str, start: int, end: int, letters: str) -> bool:
    """Whether a word that is also a name is written as one. At the beginning of a sentence we rather take it out."""
    if not text[start].isupper():
        return False
    shouted = text[start:end].isupper() and len(letters) >= SURE and text.isupper()
    return not shouted or not begins(text, start)
