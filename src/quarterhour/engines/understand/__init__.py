"""Reading a question: what it is about, what kind of help it wants, how long, when, in which language.

    reading = read_question(text, now=now, zone="Europe/Lisbon", skills=skills())
    mended = Speller(known, near, ours).mend(text, words)
    brief = brief_quality(text, tried, good_outcome, reading.decide_by)
    title = short_question(text)

How each part is read, and how often it is right: docs/algorithms/understanding.md.
"""

from quarterhour.engines.understand.kinds import KINDS, Kind, Wish, wish
from quarterhour.engines.understand.languages import language_of
from quarterhour.engines.understand.practical import LENGTHS, WHENS, When
from quarterhour.engines.understand.quality import QUARTERS, Brief, brief_quality
from quarterhour.engines.understand.reading import Reading, read_question
from quarterhour.engines.understand.sentences import Sentence, sentences
from quarterhour.engines.understand.short import short_question
from quarterhour.engines.understand.skill import Skill
from quarterhour.engines.understand.spelling import Mended, Speller
from quarterhour.engines.understand.topical import Topic, leanings, topics

__all__ = [
    "KINDS",
    "LENGTHS",
    "QUARTERS",
    "WHENS",
    "Brief",
    "Kind",
    "Mended",
    "Reading",
    "Sentence",
    "Skill",
    "Speller",
    "Topic",
    "When",
    "Wish",
    "brief_quality",
    "language_of",
    "leanings",
    "read_question",
    "sentences",
    "short_question",
    "topics",
    "wish",
]
