"""The words that tell a commitment from a statement, language by language."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

from quarterhour.engines.dates import fold
from quarterhour.engines.takeaway.words import de, en, es, fr, it, pt

MODULES: dict[str, ModuleType] = {"en": en, "de": de, "fr": fr, "es": es, "pt": pt, "it": it}


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language. Words are folded: no capitals, no accents.

    facts: verbs that describe and never promise.     past: verb forms of what is over.
    modals: "could", "should".                        deeds: verbs of doing, third person.
    orders: the same verbs as one writes a task.      passing: words between subject and verb.
    The patterns look into a clause; each is one flat alternation.
    """

    code: str
    facts: frozenset[str]
    past: frozenset[str]
    past_endings: re.Pattern[str]
    modals: frozenset[str]
    deeds: frozenset[str]
    orders: frozenset[str]
    passing: frozenset[str]
    never: frozenset[str]
    we: frozenset[str]
    first: frozenset[str]
    second: frozenset[str]
    he: frozenset[str]
    she: frozenset[str]
    joins: frozenset[str]
    common: frozenset[str]
    promise: re.Pattern[str]
    maybe: re.Pattern[str]
    condition: re.Pattern[str]
    asking: re.Pattern[str]
    offer: re.Pattern[str]
    event: re.Pattern[str]
    cancel: re.Pattern[str]
    then: re.Pattern[str]
    before: re.Pattern[str]
    instead: re.Pattern[str]
    agreed: re.Pattern[str]
    request: re.Pattern[str]
    others: re.Pattern[str]
    should: re.Pattern[str]
    to_do: frozenset[str]
    not_to_do: frozenset[str]
    neutral: frozenset[str]


def _set(module: ModuleType, name: str) -> frozenset[str]:
    return frozenset(fold(getattr(module, name, "")).split())


def _phrases(module: ModuleType, name: str) -> frozenset[str]:
    return frozenset(line.strip() for line in getattr(module, name, "").split("\n") if line.strip())


def alternation(phrases: Iterable[str]) -> re.Pattern[str]:
    """One pattern for whole words; a phrase may use the syntax of regular expressions."""
    wanted = [phrase for phrase in phrases if phrase]
    return re.compile(rf"(?<!\w)(?:{'|'.join(wanted)})(?!\w)" if wanted else r"(?!)")


@cache
def lexicon(code: str) -> Lexicon:
    """The words of that language; English for one we do not know."""
    code = code if code in MODULES else "en"
    module = MODULES[code]
    sets = ("facts", "past", "modals", "passing", "never", "we", "first", "second", "he", "she", "joins", "common")
    patterns = [
        "promise",
        "maybe",
        "condition",
        "asking",
        "offer",
        "event",
        "cancel",
        "then",
        "before",
        "instead",
        "agreed",
        "request",
        "others",
        "should",
    ]
    orders = _set(module, "ORDERS")
    deeds = frozenset(map(en.third_person, orders)) if code == "en" else _set(module, "DEEDS")
    parts: dict[str, Any] = {name: _set(module, name.upper()) for name in sets}
    parts |= {name: alternation(sorted(_phrases(module, name.upper()))) for name in patterns}
    return Lexicon(
        code=code,
        deeds=deeds,
        orders=orders,
        past_endings=re.compile(getattr(module, "PAST_ENDINGS", r"(?!)")),
        to_do=_phrases(module, "TO_DO") | _phrases(en, "TO_DO"),
        not_to_do=_phrases(module, "NOT_TO_DO") | _phrases(en, "NOT_TO_DO"),
        neutral=_phrases(module, "NEUTRAL") | _phrases(en, "NEUTRAL"),
        **parts,
    )
