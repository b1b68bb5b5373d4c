"""The past as arrays: who helped whom, when, how soon and with how many words."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from quarterhour.engines.experts.model import Ask, Past
from quarterhour.engines.matching.terms import terms_of

__all__ = ["DAY", "HELPS_WITHIN", "History", "candidates_of", "earlier_helps", "helpers"]

DAY = 86_400.0
# A reply within three days is help; later ones belong to another conversation.
HELPS_WITHIN = 72 * 60
POOL_HELPS = 2
FEW_HELPS = 10
Terms = Callable[[str], Sequence[str]]


def helpers(past: Past, *, within: float = HELPS_WITHIN) -> dict[str, tuple[float, int, int]]:
    """Who helped, in the order of their first reply: minutes to it, number of replies, characters written."""
    found: dict[str, tuple[float, int, int]] = {}
    for reply in sorted(past.replies, key=lambda reply: reply.minutes):
        if reply.person != past.ask.asker and reply.minutes <= within:
            first, many, length = found.get(reply.person, (reply.minutes, 0, 0))
            found[reply.person] = (first, many + 1, length + len(reply.text))
    return found


def earlier_helps(pasts: Sequence[Past]) -> dict[str, int]:
    """Person -> in how many asks of others they replied, however late."""
    counts: dict[str, int] = {}
    for past in pasts:
        for person in {reply.person for reply in past.replies} - {past.ask.asker}:
            counts[person] = counts.get(person, 0) + 1
    return counts


def candidates_of(pasts: Sequence[Past]) -> list[str]:
    """The pool where none is given: those who helped others at least twice, in the order of their names."""
    return sorted(person for person, many in earlier_helps(pasts).items() if many >= POOL_HELPS)


class History:
    """The past up to `until`, seen from there. Nothing that happened later has any influence.

    Arrays over past asks: `age` (days before `until`), `area`, `opened`, `is_new` (the asker had asked less than
    twice). Arrays over helps, one for each ask and helper of the pool: `of` (place of the ask), `who` (place of the
    person), `minutes`, `order` (0 for the first helper), `replies`, `length`. Arrays over messages of the pool, asks
    and replies: `writer`, `written` (Unix seconds).
    """

    def __init__(self, pasts: Sequence[Past], pool: Sequence[str], *, until: float) -> None:
        """pasts: in any order; asks and replies at or after `until` are left out. pool: whom to rank, each once."""
        known = sorted((past for past in pasts if past.ask.opened < until), key=lambda past: past.ask.opened)
        self.pasts = [_known(past, until) for past in known]
        self.pool = list(dict.fromkeys(pool))
        self.until = until
        self.place: Mapping[str, int] = {person: place for place, person in enumerate(self.pool)}
        self.opened = np.array([past.ask.opened for past in self.pasts], dtype=np.float64)
        self.age = (until - self.opened) / DAY
        self.areas: dict[str, int] = {}
        self.area = np.array([self.areas.setdefault(past.ask.area, len(self.areas)) for past in self.pasts], dtype=int)
        self._read_helps()
        self._read_messages()
        self._read_askers()
        self.earlier_helps = earlier_helps(self.pasts)

    @property
    def people(self) -> int:
        return len(self.pool)

    @property
    def newcomers(self) -> NDArray[np.bool_]:
        """For each person of the pool whether they have helped less than ten times."""
        return np.array([self.earlier_helps.get(person, 0) < FEW_HELPS for person in self.pool], dtype=bool)

    @property
    def help_age(self) -> NDArray[np.float64]:
        """Days before `until` at which each help's question was asked."""
        ages: NDArray[np.float64] = self.age[self.of]
        return ages

    def question_terms(self, read: Terms = terms_of) -> list[list[str]]:
        """The words of each past ask. read: text -> its terms; pass one that remembers to read a text once."""
        return [[*read(past.ask.title), *read(past.ask.text)] for past in self.pasts]

    def thread_terms(self, read: Terms = terms_of) -> list[list[str]]:
        """The words of each past ask and of the replies that count as help."""
        return [
            [*question, *(term for said in past.replies if said.minutes <= HELPS_WITHIN for term in read(said.text))]
            for question, past in zip(self.question_terms(read), self.pasts, strict=True)
        ]

    def answer_terms(self, *, days: float, read: Terms = terms_of) -> list[list[str]]:
        """For each person of the pool the words of all their replies of the last `days`."""
        words: list[list[str]] = [[] for _ in self.pool]
        for past, age in zip(self.pasts, self.age, strict=True):
            if age <= days:
                for reply in past.replies:
                    if reply.person in self.place:
                        words[self.place[reply.person]].extend(read(reply.text))
        return words

    def _read_helps(self) -> None:
        rows = [
            (ask, self.place[person], minutes, order, many, length)
            for ask, past in enumerate(self.pasts)
            for order, (person, (minutes, many, length)) in enumerate(helpers(past).items())
            if person in self.place
        ]
        table = np.array(rows, dtype=np.float64).reshape(-1, 6).T
        self.of, self.who = table[0].astype(int), table[1].astype(int)
        self.minutes, self.order, self.replies, self.length = table[2:]

    def _read_messages(self) -> None:
        said = [
            (self.place[writer], when)
            for past in self.pasts
            for writer, when in [
                (past.ask.asker, past.ask.opened),
                *((reply.person, past.ask.opened + 60 * reply.minutes) for reply in past.replies),
            ]
            if writer in self.place
        ]
        table = np.array(said, dtype=np.float64).reshape(-1, 2).T
        self.writer, self.written = table[0].astype(int), table[1]

    def _read_askers(self) -> None:
        self.asks_of: dict[str, int] = {}
        new = []
        for past in self.pasts:
            asked = self.asks_of.get(past.ask.asker, 0)
            new.append(asked < POOL_HELPS)
            self.asks_of[past.ask.asker] = asked + 1
        self.is_new = np.array(new, dtype=np.float64)

    def area_of(self, ask: Ask) -> int:
        """The number of an ask's area; -1 for one that was never seen."""
        return self.areas.get(ask.area, -1)


def _known(past: Past, until: float) -> Past:
    """What was said by `until`."""
    heard = [reply for reply in past.replies if past.ask.opened + 60 * reply.minutes < until]
    return past if len(heard) == len(past.replies) else Past(past.ask, heard)
