"""Which English words there are: the dictionary of pyspellchecker and the words of the taxonomy. No database."""

from __future__ import annotations

from functools import cache

from quarterhour.engines.understand import Speller
from quarterhour.engines.words import tokens
from quarterhour.people.taxonomy import skills

READ = frozenset({"en", None})  # the languages it is asked about; short questions show none


@cache
def speller() -> Speller:
    """160,000 words as films count them, and those our skills are named with. Read once, in .25 s."""
    from spellchecker import SpellChecker

    english = SpellChecker(language="en", distance=1)
    ours = {token.folded for skill in skills() for name in skill.names() for token in tokens(name)}
    return Speller(english.word_frequency.dictionary, lambda word: english.candidates(word) or (), ours)
