"""Words of advice without what could tell who said them, to whom, and where.

Rules alone, no model: what they take out, what they miss and how often is in docs/algorithms/knowledge.md.
"""

import re
from collections.abc import Collection, Iterable, Sequence

from quarterhour.engines.knowledge.addresses import find_addresses
from quarterhour.engines.knowledge.capitals import Language, find_names, find_scripts
from quarterhour.engines.knowledge.figures import find_figures
from quarterhour.engines.knowledge.model import Cleaned, Doubt, Found, Removed
from quarterhour.engines.knowledge.names import Known, Ordinary, find_known, find_letters, known
from quarterhour.engines.knowledge.speakers import speakers
from quarterhour.engines.knowledge.traced import Traced
from quarterhour.engines.knowledge.usual import Usual
from quarterhour.engines.words import fold

__all__ = ["MOST", "Cleaned", "Doubt", "Ordinary", "Removed", "Usual", "clean", "speakers"]

READ = 20_000  # characters looked at; more is not advice
MOST = 2_000  # characters of what comes out
ROUNDS = 6
MOST_NAMES = 200


def clean(
    text: str,
    *,
    names: Sequence[str] = (),
    organisations: Sequence[str] = (),
    places: Sequence[str] = (),
    language: str | None = "en",
    ordinary: Ordinary | None = None,
    terms: Collection[str] = (),
    keep: Iterable[str] = (),
) -> Cleaned:
    """`text` as it may be shown to somebody who must not learn whom it is about.

    names, organisations, places: what we know must go, in any spelling. ordinary: whether a word in small letters is
    one of the language; without it only capitals and the words around tell a name. terms: words of trade that may
    stand. keep: doubts, as their `said` told them, of which the author says that they identify nobody.

    At most 2,000 characters come out, and cleaning them again changes nothing. Never raises for any text. What cannot
    be brought to rest, which no text should do, comes out empty.

    >>> clean("Amara said: ask Contoso's HR by 3 May, amara@contoso.example", names=["Amara Okafor"]).text
    "Somebody said: ask their company's HR by a certain day, an address"
    """
    them = [
        *known(names[:MOST_NAMES], "name"),
        *known(organisations[:MOST_NAMES], "organisation"),
        *known(places[:MOST_NAMES], "place"),
    ]
    tongue = Language(
        code=(language or "").partition("-")[0].lower(),
        ordinary=ordinary,
        terms=frozenset(fold(term) for term in terms),
        keep=frozenset(fold(word) for word in keep),
    )
    traced, told = Traced.of(text[:READ]), list[Removed | Doubt]()
    for _ in range(ROUNDS):
        plain = _cut(traced.plain())
        found = _apart(plain.text, _all_found(plain.text, them, names[:MOST_NAMES], tongue))
        after, news = plain.without(found)
        told = [each for each in told if not _within(each, news)] + news
        if after.text == traced.text:
            break
        traced = after
    else:
        traced = Traced.of("")
    told.sort(key=lambda each: each.start)
    return Cleaned(
        traced.text,
        tuple(each for each in told if isinstance(each, Removed)),
        tuple(each for each in told if isinstance(each, Doubt)),
    )


def _all_found(text: str, them: Sequence[Known], names: Sequence[str], tongue: Language) -> list[Found]:
    found = list(find_addresses(text))
    found += find_known(text, them, tongue.ordinary)
    found += find_letters(text, names)
    found += find_figures(text)
    found += find_scripts(text, tongue)
    found += find_names(text, tongue)
    return found


def _apart(text: str, found: list[Found]) -> list[Found]:
    """The same without overlaps: what was found first counts most; neighbours of one kind are one."""
    kept: list[Found] = []
    taken = bytearray(len(text))
    for each in found:
        if any(taken[each.start : each.end]):
            # A stretch that reaches out of what is taken leaves its rest in the open: take the rest as well.
            kept += _rest(text, each, taken)
        else:
            kept.append(each)
        taken[each.start : each.end] = b"\x01" * (each.end - each.start)
    kept.sort(key=lambda each: each.start)
    joined: list[Found] = []
    for each in kept:
        last = joined[-1] if joined else None
        between = text[last.end : each.start] if last else ""
        if last and between in {"", " ", "-"} and last.kind == each.kind:
            joined[-1] = Found(last.start, each.end, last.kind, sure=last.sure or each.sure)
        else:
            joined.append(each)
    return joined


def _rest(text: str, each: Found, taken: bytearray) -> list[Found]:
    """What `taken` leaves of a stretch, word by word."""
    free = "".join(" " if taken[at] else text[at] for at in range(each.start, each.end))
    return [
        Found(each.start + part.start(), each.start + part.end(), each.kind, each.sure)
        for part in re.finditer(r"\w[\w'’]*", free)
    ]


def _within(each: Removed | Doubt, news: list[Removed | Doubt]) -> bool:
    return any(one.start <= each.start and each.end <= one.end for one in news)


def _cut(traced: Traced) -> Traced:
    """At most MOST characters, cut between two words, without blanks at either end."""
    text = traced.text
    end = len(text)
    if end > MOST:
        blank = max(text.rfind(" ", 0, MOST + 1), text.rfind("\n", 0, MOST + 1))
        end = blank if blank > 0 else MOST
    end = len(text[:end].rstrip())
    start = min(len(text) - len(text.lstrip()), end)
    return Traced(text[start:end], traced.origin[start:end])
