"""Who is here again: whoever asks a question is present, and present people help.

A history ends, the questions go on. Each question that comes in tells, by who asked it and when, something that no
history knew: a person long silent is back. Nothing is read here of who answered.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from quarterhour.engines.experts.history import DAY, History
from quarterhour.engines.experts.model import Ask
from quarterhour.engines.experts.people import LONG_AGO
from quarterhour.engines.experts.votes import fade

__all__ = ["Presence"]

Floats = NDArray[np.float64]
LATELY = 14.0
A_LATE_ASK = 3.0


class Presence:
    """Counts who has asked since the history ended. `of` knows the questions noted before, and no other."""

    def __init__(self, history: History, last_seen: Floats, *, deaf: bool = False) -> None:
        """last_seen: for each person, days between their last word and the end of the history. deaf: notes nothing."""
        self._deaf = deaf
        self._place: Mapping[str, int] = history.place
        self._until, self._people = history.until, history.people
        self._last = history.until - np.minimum(last_seen, LONG_AGO) * DAY
        self._lately, self._since = np.zeros(self._people), np.zeros(self._people)
        self._here: dict[str, Floats] = {}
        self._faded = history.until

    def note(self, ask: Ask) -> None:
        """Somebody asked. Questions are noted in the order of time, each after it was ranked."""
        place = self._place.get(ask.asker)
        if place is not None and not self._deaf:
            self._lately *= self._worth(ask)
            self._faded = ask.opened
            self._lately[place] += 1
            self._since[place] += 1
            self._here.setdefault(ask.area, np.zeros(self._people))[place] += 1
            self._last[place] = ask.opened

    def gone(self, ask: Ask) -> Floats:
        """For each person the days since they last wrote, or asked, before `ask`: 0 to 5000."""
        days: Floats = np.clip((ask.opened - self._last) / DAY, 0, LONG_AGO)
        return days

    def lately(self, ask: Ask) -> Floats:
        """For each person how much they asked since the history ended; a question counts half after two weeks."""
        counted: Floats = self._lately * self._worth(ask)
        return counted

    def of(self, ask: Ask) -> dict[str, Floats]:
        """Features by name, see `table.TABLE`."""
        return {
            "days_gone": self.gone(ask),
            "asks_lately": np.log1p(A_LATE_ASK * self.lately(ask)),
            "asks_since": np.log1p(self._since),
            "asks_here": np.log1p(self._here.get(ask.area, np.zeros(self._people))),
        }

    def _worth(self, ask: Ask) -> Floats:
        """What one question of the last count is worth now."""
        return fade(np.array((ask.opened - self._faded) / DAY), LATELY)
