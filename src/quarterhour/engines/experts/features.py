"""What can be known of a person and a question before anybody answers: one row of numbers for each person.

`TABLE` names every feature with its unit, its range and the reason why it is there. Nothing here looks at who
answered the question itself.
"""

from collections.abc import Collection
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from quarterhour.engines.experts.history import DAY, History, Terms
from quarterhour.engines.experts.meaning import Meaning
from quarterhour.engines.experts.model import Ask
from quarterhour.engines.experts.people import Acquaintance, Clock, Rooms, activity
from quarterhour.engines.experts.presence import Presence
from quarterhour.engines.experts.table import BY_VECTORS, GROUPS, SPREAD, TABLE
from quarterhour.engines.experts.votes import Expectation, Votes, fade, hours_apart, summed, top
from quarterhour.engines.experts.words import WordIndex
from quarterhour.engines.matching.terms import terms_of

__all__ = ["Signals", "names_of"]

Floats = NDArray[np.float64]
ANSWERS_OF_DAYS = 700
NEIGHBOURS = 50


def names_of(*, vectors: bool, without: Collection[str] = ()) -> tuple[str, ...]:
    """The names of the columns, in their order. vectors: whether a sentence model read. without: names of GROUPS."""
    left_out = frozenset().union(*(GROUPS[group] for group in without), () if vectors else BY_VECTORS)
    plain = [name for name in TABLE if name not in left_out]
    return (*plain, *(f"{name}_z" for name in plain if name in SPREAD))


class _Likeness(NamedTuple):
    """How much a question is like each past ask. meaning, vector: cosines; vector is None without a model."""

    words: Floats
    thread: Floats
    title: Floats
    meaning: Floats
    vector: Floats | None


class Signals:
    """Everything about a history that features are made of, prepared once for many questions."""

    def __init__(
        self,
        history: History,
        *,
        vectors: NDArray[np.float32] | None = None,
        read: Terms = terms_of,
        seed: int = 0,
        without: Collection[str] = (),
    ) -> None:
        """vectors: of unit length, one for each of `history.pasts`, or None where no model read them.

        without: groups of features to leave out, see `table.GROUPS`.
        """
        self.history, self.read, self.vectors = history, read, vectors
        self.names = names_of(vectors=vectors is not None, without=without)
        self._deaf = "presence" in without
        self._used = frozenset(name.removesuffix("_z") for name in self.names)
        questions, threads = history.question_terms(read), history.thread_terms(read)
        self._words, self._threads = WordIndex(questions), WordIndex(threads)
        self._titles = WordIndex(read(past.ask.title) for past in history.pasts)
        self._answers = WordIndex(history.answer_terms(days=ANSWERS_OF_DAYS, read=read), k1=3.0, b=0.4)
        self._meaning = Meaning(threads, seed=seed)
        self._said, self._asked = self._meaning.of(threads), self._meaning.of(questions)
        self._votes, self._rooms = Votes(history), Rooms(history)
        self._clock, self._acquaintance = Clock(history), Acquaintance(history)
        self._people = activity(history)
        self._nobody = self.presence()
        self._expected = self._expectations()
        self._centre = None if vectors is None else self._centres(vectors)

    def _expectations(self) -> dict[str, tuple[str, Expectation]]:
        """Feature -> which vector of the question it wants, and the regression."""
        kinds = {"thread": self._said, "question": self._asked}
        if self.vectors is not None:
            kinds |= {"vector": self.vectors, "both": np.hstack([self.vectors, self._said])}
        return {
            f"likely_{kind}_{days}": (kind, Expectation(self.history, rows, half_life=days))
            for kind, rows in kinds.items()
            for days in (60, 200)
        }

    def _centres(self, vectors: NDArray[np.float32]) -> Floats:
        """For each person the direction of what they helped with."""
        of = self.history.of
        rows = vectors[of] * fade(self.history.age, 250)[of, None]
        centre = summed(self.history.who, rows, self.history.people)
        unit: Floats = centre / np.maximum(np.linalg.norm(centre, axis=1, keepdims=True), 1e-6)
        return unit

    def presence(self) -> Presence:
        """Who is here after the history has ended: nobody has asked yet."""
        return Presence(self.history, self._people["last_seen"], deaf=self._deaf)

    def of(
        self, ask: Ask, vector: NDArray[np.float32] | None = None, here: Presence | None = None
    ) -> dict[str, Floats]:
        """Each feature of `TABLE`, one value for each person.

        vector: of the ask, where `vectors` were given. here: who asked since the history ended; None for nobody.
        """
        terms = [*self.read(ask.title), *self.read(ask.text)]
        meant = self._meaning.of([terms])[0]
        like = _Likeness(
            self._words.likeness(terms).astype(np.float64),
            self._threads.likeness(terms).astype(np.float64),
            self._titles.likeness(self.read(ask.title)).astype(np.float64),
            (self._said @ meant).astype(np.float64),
            None if vector is None or self.vectors is None else (self.vectors @ vector).astype(np.float64),
        )
        found = self._people | self._rooms.of(ask) | self._clock.of(ask) | self._acquaintance.of(ask)
        found |= self._voted(ask, like) | self._of_question(ask) | (here or self._nobody).of(ask)
        found["answers"] = self._answers.likeness(terms).astype(np.float64)
        rows = {"thread": meant, "question": meant}
        if vector is not None and self._centre is not None:
            rows |= {"vector": vector, "both": np.concatenate([vector, meant])}
            found["centre"] = self._centre @ vector
        for name, (kind, expected) in self._expected.items():
            found[name] = expected.of(ask, rows[kind])
        return {name: found[name] for name in TABLE if name in self._used and name in found}

    def rows(self, found: dict[str, Floats]) -> NDArray[np.float32]:
        """The features of `of` as a table, shape (people, len(names)); `_z` columns compare within the question."""
        columns = [
            _spread(found[name.removesuffix("_z")]) if name.endswith("_z") else found[name] for name in self.names
        ]
        return np.stack(columns, axis=1).astype(np.float32)

    def _voted(self, ask: Ask, like: _Likeness) -> dict[str, Floats]:
        history, votes = self.history, self._votes
        same = (history.area == history.area_of(ask)).astype(np.float64)
        near = np.exp(-0.5 * (hours_apart(history.opened, ask.opened) / 3) ** 2) + 0.05
        here, faded = same + 0.2, {days: fade(history.age, days) for days in (25, 60, 90, 120, 500)}

        def share(weights: Floats) -> Floats:
            return np.log(votes.share(weights) + 1e-4)

        thread = {power: np.exp(power * like.thread) for power in (10, 12, 14)}
        found = {
            "votes_hour": share(faded[60] * (same + 0.1) * near),
            "votes_words": share(faded[120] * here * np.exp(10 * like.words)),
            "votes_title": share(faded[120] * here * np.exp(8 * like.title)),
            "votes_thread": share(faded[120] * here * thread[10]),
            "votes_thread_hour": share(faded[90] * here * thread[14] * near),
            "votes_thread_recent": share(faded[25] * here * thread[12]),
            "votes_thread_long": share(faded[500] * (same + 0.5) * np.exp(16 * like.thread)),
            "votes_meaning": share(faded[120] * here * np.exp(8 * like.meaning)),
            "votes_mixed": share(faded[60] * here * np.exp(5 * like.meaning + 8 * like.thread) * near),
            "nearest_words": self._nearest(like.words),
            "nearest_thread": self._nearest(like.thread),
            "best_thread": votes.nearest(like.thread),
        }
        if like.vector is not None:
            mixed = np.exp(5 * like.vector + 4 * like.meaning + 7 * like.thread)
            found |= {
                "votes_vector": share(faded[120] * here * np.exp(12 * like.vector)),
                "votes_vector_hour": share(faded[90] * here * np.exp(10 * like.vector) * near),
                "votes_all": share(faded[120] * (same + 0.15) * mixed),
                "votes_all_hour": share(faded[60] * here * mixed * near),
                "nearest_vector": self._nearest(np.maximum(like.vector, 0) ** 2),
                "best_vector": votes.nearest(like.vector),
            }
        return found

    def _nearest(self, likeness: Floats) -> Floats:
        weights = top(likeness, NEIGHBOURS) * fade(self.history.age, 300)
        return np.log(self._votes.tally(weights) + 0.01)

    def _of_question(self, ask: Ask) -> dict[str, Floats]:
        history = self.history
        area = history.area_of(ask)
        values = {
            "asked_before": np.log1p(history.asks_of.get(ask.asker, 0)),
            "question_length": float(len(ask.text)),
            "area_size": float((history.area == area).mean()) if len(history.area) else 0.0,
            "days_ahead": (ask.opened - history.until) / DAY,
            "hour": ask.opened % DAY / 3600,
        }
        return {name: np.full(history.people, value) for name, value in values.items()}


def _spread(values: Floats) -> Floats:
    """How far above or below the others of the same question, in standard deviations."""
    wide = values.std()
    return (values - values.mean()) / wide if wide > 0 else np.zeros_like(values)
