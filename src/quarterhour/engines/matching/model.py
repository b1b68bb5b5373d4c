"""What the ranker is given and what it gives back: plain values, no database."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from numpy import float32
from numpy.typing import NDArray

__all__ = ["Asked", "Fit", "Level", "Mentor", "Parts", "Piece", "PieceKind", "Topic", "Weights"]

PieceKind = Literal["headline", "about", "story", "topic", "answer"]
Level = Literal["lived", "strong", "expert"]


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Something a mentor said of themselves, or agreed to be quoted with.

    title: of a story; of a headline the role. It is read together with the text.
    said_on: when it was said or happened, if known. language: ISO code, "" for unknown.
    since: when it was first kept here; of two near copies the earlier one counts. None for unknown.
    similarity: cosine of question and piece, -1 to 1; None where no model read them, as is one that is no number.
    embedding: the piece's own vector of unit length, to tell near copies apart; may be left out.
    """

    id: Hashable
    mentor_id: Hashable
    kind: PieceKind
    text: str
    title: str = ""
    said_on: date | None = None
    similarity: float | None = None
    language: str = ""
    embedding: NDArray[float32] | None = None
    since: datetime | None = None

    @property
    def read(self) -> str:
        return f"{self.title}. {self.text}" if self.title else self.text


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic in the mentor's own words, pinned to a skill where one fits, and how they know it."""

    name: str
    skill_id: str | None = None
    level: Level = "strong"


@dataclass(frozen=True, slots=True)
class Mentor:
    """What the ranker has to know of a person.

    languages: ISO codes they can help in. helps_with: kinds of help they offer; empty means any.
    not_for: what they do not want to be asked, in their words; "" or "None" means nothing.
    not_for_skills: the skills those words name (`refused_skills`). newcomer: few sessions yet.
    asks_first: confirms by hand, where it is about a question like this (see `engines.asks_first`).
    road: where they come from, in words that compare ("region:NO", "industry:rail"), to tell views apart.
    """

    id: Hashable
    topics: Sequence[Topic] = ()
    languages: frozenset[str] = frozenset()
    helps_with: frozenset[str] = frozenset()
    not_for: str = ""
    not_for_skills: frozenset[str] = frozenset()
    newcomer: bool = False
    asks_first: bool = False
    road: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, ready to be matched.

    skills: skill id -> how much the question is about it, 0 to 1 (see `understand.leanings`).
    meant: skill id -> cosine of question and skill for the same skills, where a model read the question
        (see `meant_skills`); empty otherwise. Words can be shared by accident, words and meaning seldom are.
    languages: ISO codes the asker can speak in; empty if unknown. language: of the text, None if unknown.
    """

    text: str
    kind: str = "unblock"
    skills: Mapping[str, float] = field(default_factory=dict)
    languages: frozenset[str] = frozenset()
    language: str | None = "en"
    meant: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Weights:
    """What each sign counts; docs/algorithms/matching.md has the table and where they come from.

    words, meaning, topics, kind, language, not_for: of the parts of `Parts`.
    diminish: what each further piece counts, compared with the one before it; pieces: how many count.
    diminish_topics, topics_counted: the same for topics.
    """

    words: float = 1.0
    meaning: float = 1.0
    topics: float = 0.6
    kind: float = 0.05
    language: float = 0.1
    not_for: float = 0.6
    diminish: float = 0.6
    pieces: int = 4
    diminish_topics: float = 0.7
    topics_counted: int = 3


@dataclass(frozen=True, slots=True)
class Parts:
    """Why a mentor stands where they stand. All but `language` and `not_for` are 0 or more, 0 is "no sign".

    words: BM25 of the best pieces as a share of what the question's words could give, 0 to about 1.
    meaning: cosine of the best pieces, weighted. topics: asked skills met by topics, 0 to about 2.
    kind: 1 if they offer this kind of help. not_for: -1 to 0; counts as its square, so that a faint one is forgiven.
    language: 1 if they speak the language of a question that is not in English, -10 if none is shared.
    coverage: share of the asked skills that the topics meet, 0 to 1; not part of the score.
    """

    words: float = 0.0
    meaning: float = 0.0
    topics: float = 0.0
    kind: float = 0.0
    language: float = 0.0
    not_for: float = 0.0
    coverage: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A mentor's place in the ranking. Higher scores fit better; they compare within one question only.

    pieces: their pieces, the most telling first. met: asked skill id -> the topic that meets it best.
    """

    mentor: Mentor
    score: float
    parts: Parts
    pieces: tuple[Piece, ...] = ()
    met: Mapping[str, Topic] = field(default_factory=dict)
