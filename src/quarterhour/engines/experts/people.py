"""What is known of a person before anything is asked: how active, how quick, when, and with whom."""

from collections import defaultdict
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from quarterhour.engines.experts.history import DAY, HELPS_WITHIN, History
from quarterhour.engines.experts.model import Ask
from quarterhour.engines.experts.votes import fade

__all__ = ["Acquaintance", "Clock", "Rooms", "activity"]

Floats = NDArray[np.float64]
LONG_AGO = 5000.0
AN_HOUR = 60
HALF_HOURS = 48


def activity(history: History) -> dict[str, Floats]:
    """Features of people alone, name -> one value for each. `features.TABLE` explains each of them."""
    people, age, who = history.people, history.help_age, history.who

    def total(weights: Floats) -> Floats:
        return np.bincount(who, weights=weights, minlength=people).astype(np.float64)

    def latest(of: NDArray[np.int64], ages: Floats) -> Floats:
        found = np.full(people, LONG_AGO)
        np.minimum.at(found, of, ages)
        return found

    said_age = (history.until - history.written) / DAY
    helps = total(np.ones(len(age)))
    month, quarter, half = (total((age < days).astype(float)) for days in (30, 90, 180))
    first = np.zeros(people)
    np.maximum.at(first, who, age)
    asked = _asked(history)
    known = fade(age, 180)
    weight = total(known) + 0.5
    found = {f"helps_{days}": np.log(total(fade(age, days)) / days + 1e-4) for days in (7, 15, 30, 60, 120, 365)}
    return found | {
        "helps": np.log1p(helps),
        "rising": (3 * month + 1) / (quarter + 1),
        "rising_slowly": (2 * quarter + 1) / (half + 1),
        "first_help": first,
        "last_help": latest(who, age),
        "last_seen": latest(history.writer, said_age),
        "days_of_14": _present(history, said_age, 1, 14),
        "days_of_60": _present(history, said_age, 1, 60),
        "weeks_of_20": _present(history, said_age, 7, 20),
        "asks": np.log1p(asked[0]),
        "asks_share": asked[1] / (asked[1] + helps + 1),
        "within_hour": (total(known * (history.minutes < AN_HOUR)) + 0.25) / weight,
        "minutes": (total(known * np.log1p(history.minutes)) + 2) / weight,
        "first_to_reply": (total(known * (history.order == 0)) + 0.15) / weight,
        "replies": (total(known * history.replies) + 1) / weight,
        "length": (total(known * np.log1p(history.length)) + 2) / weight,
        "helps_new": (total(known * history.is_new[history.of]) + 0.2) / weight,
        "newcomer": history.newcomers.astype(np.float64),
    }


def _present(history: History, age: Floats, days: int, many: int) -> Floats:
    """The share of the last `many` stretches of `days` days in which a person wrote anything."""
    stretch = np.floor(age / days).astype(int)
    seen = np.unique(np.stack([history.writer, stretch])[:, stretch < many], axis=1)
    return np.bincount(seen[0], minlength=history.people) / many


def _asked(history: History) -> tuple[Floats, Floats]:
    """How often each person asked: lately, and in all."""
    lately, ever = np.zeros(history.people), np.zeros(history.people)
    for past, recent in zip(history.pasts, fade(history.age, 60), strict=True):
        place = history.place.get(past.ask.asker)
        if place is not None:
            lately[place] += recent
            ever[place] += 1
    return lately, ever


class Rooms:
    """Who helps in which area."""

    HALF_LIVES = (30, 90, 365)

    def __init__(self, history: History) -> None:
        area, shape = history.area[history.of], (len(history.areas) + 1, history.people)  # the last row: never seen
        self._area_of = history.area_of
        self._helps = {}
        for days in self.HALF_LIVES:
            self._helps[days] = np.zeros(shape)
            np.add.at(self._helps[days], (area, history.who), fade(history.help_age, days))
        self._last = np.full(shape, LONG_AGO)
        np.minimum.at(self._last, (area, history.who), history.help_age)
        self._all = self._helps[365].sum(axis=0)

    def of(self, ask: Ask) -> dict[str, Floats]:
        area = self._area_of(ask)
        found = {f"area_{days}": np.log(self._helps[days][area] / days + 1e-4) for days in self.HALF_LIVES}
        share = (self._helps[365][area] + 0.1) / (self._all + 1)
        return found | {"area_share": share, "area_last": self._last[area]}


class Clock:
    """At what time of day and on which days of the week people write, compared with everybody."""

    AHEAD = {"hour_now": 2, "hours_3": 6, "hours_12": 24}

    def __init__(self, history: History) -> None:
        weight = fade((history.until - history.written) / DAY, 120)
        half_hour = (history.written % DAY / 1800).astype(int)
        weekday = (history.written // DAY).astype(int) % 7
        self._day = _compared(history, half_hour, weight, HALF_HOURS, doubt=6.0, blur=2.0)
        self._week = _compared(history, weekday, weight, 7, doubt=7.0, blur=0.0)

    def of(self, ask: Ask) -> dict[str, Floats]:
        """Log of how much likelier than usual a person is to write in the hours after `ask`."""
        now = int(ask.opened % DAY / 1800)
        found = {
            name: np.log(np.mean([self._day[:, (now + step) % HALF_HOURS] for step in range(many)], axis=0))
            for name, many in self.AHEAD.items()
        }
        return found | {"weekday": np.log(self._week[:, int(ask.opened // DAY) % 7])}


def _compared(
    history: History, bins: NDArray[np.int64], weight: Floats, many: int, *, doubt: float, blur: float
) -> Floats:
    """Each person's share of messages in each bin, over everybody's; `doubt` messages pull towards everybody's."""
    table = np.zeros((history.people, many))
    np.add.at(table, (history.writer, bins), weight)
    usual = (table.sum(axis=0) + 1) / (table.sum() + many)
    table += doubt * usual
    if blur:
        steps = np.minimum(np.arange(many), many - np.arange(many))
        bell = np.exp(-0.5 * (steps / blur) ** 2)
        around = (np.arange(many)[:, None] - np.arange(many)) % many
        table, usual = table @ bell[around], usual @ bell[around] / bell.sum()
    shares: Floats = table / table.sum(axis=1, keepdims=True) / usual
    return shares


class Acquaintance:
    """Who has met whom: helped them, was helped by them, or helped beside them."""

    HALF_LIFE = 200

    def __init__(self, history: History) -> None:
        self._people = history.people
        self._helped: Mapping[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
        self._was_helped: Mapping[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
        self._beside: Mapping[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
        for past, weight in zip(history.pasts, fade(history.age, self.HALF_LIFE), strict=True):
            asker = past.ask.asker
            helped = sorted({said.person for said in past.replies if said.minutes <= HELPS_WITHIN} - {asker})
            places = [history.place[person] for person in helped if person in history.place]
            for place in places:
                self._helped[asker][place] += weight
            for person in helped:
                if asker in history.place:
                    self._was_helped[person][history.place[asker]] += weight
                for place in places:
                    self._beside[person][place] += weight

    def of(self, ask: Ask) -> dict[str, Floats]:
        helped = self._row(self._helped, ask.asker)
        return {
            "helped_asker": np.log1p(helped),
            "helped_asker_share": helped / (1 + helped.sum()),
            "was_helped": np.log1p(self._row(self._was_helped, ask.asker)),
            "beside_asker": np.log1p(self._row(self._beside, ask.asker)),
        }

    def _row(self, table: Mapping[str, dict[int, float]], person: str) -> Floats:
        row = np.zeros(self._people)
        for place, weight in table.get(person, {}).items():
            row[place] = weight
        return row
