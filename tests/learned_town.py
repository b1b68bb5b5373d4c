"""A made-up site that shows people and sees what comes of it, with a taste and with looks that only we know."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from quarterhour.engines.learned import Shown, numbers_of, place_of
from quarterhour.engines.market import SHIPPED, Offer, place

LOOKS = np.array([1.0, 0.7, 0.5, 0.25, 0.12, 0.05])
PEOPLE, LOOKED_AT = 40, 15


def by_topics(words, meaning, topics):
    """A taste the default does not have: topics alone, and steeply."""
    return -4 + 7 * topics - 2 * meaning


def by_default(words, meaning, topics):
    """The default's own taste."""
    return -3.5 + 2.2 * (words + meaning + 0.6 * topics)


def no_taste(words, meaning, topics):
    return np.full(len(words), -1.6)


def shown(
    *, weeks: int, a_week: int, seed: int, taste: Callable = by_topics, looks=LOOKS, ids=range(PEOPLE)
) -> list[Shown]:
    """The default places people; they are looked at, picked, say yes and help, each by chance."""
    random = np.random.default_rng(seed)
    rated = random.integers(0, 40, PEOPLE) * (random.random(PEOPLE) < 0.7)
    helped = random.binomial(rated, random.beta(8, 3, PEOPLE))
    asks = random.random(PEOPLE) < 0.4
    found = []
    for week in range(weeks):
        for number in range(a_week):
            who = random.choice(PEOPLE, LOOKED_AT, replace=False)
            words, meaning, topics = random.random((3, LOOKED_AT)) * np.array([[0.6], [0.8], [1.0]])
            parts = np.zeros((LOOKED_AT, 7), dtype=np.float32)
            parts[:, :3], parts[:, 6] = np.column_stack([words, meaning, topics]), topics
            fit = 1 / (1 + np.exp(4 - 4 * (words + meaning + 0.6 * topics)))
            offers = tuple(
                Offer(
                    id=ids[m], fit=float(f), mentor_accepts=0.75 if asks[m] else 1.0, rated=int(rated[m]),
                    helped=int(helped[m]), budget=60, needs_minutes=0,
                )
                for m, f in zip(who, fit, strict=True)
            )  # fmt: skip
            lot = int(random.integers(2**60))
            order = {each.offer.id: at for at, each in enumerate(place(offers, seed=lot, policy=SHIPPED), start=1)}
            at = np.array([order[offer.id] for offer in offers])
            like = 1 / (1 + np.exp(-taste(words, meaning, topics)))
            picked = (random.random(LOOKED_AT) < looks[place_of(at)]) & (random.random(LOOKED_AT) < like)
            yes = random.random(LOOKED_AT) < np.where(asks[who], 0.6, 1.0)
            held = picked & yes
            said = (random.random(LOOKED_AT) < 0.3 + 0.6 * like).astype(float)
            said[random.random(LOOKED_AT) < 0.2] = np.nan
            found.append(
                Shown(
                    need=(week, number), week=week, seed=lot, numbers=numbers_of(parts, offers), at=at, picked=picked,
                    accepted=np.where(picked, yes.astype(float), np.nan), held=held,
                    helped=np.where(held, said, np.nan),
                )
            )  # fmt: skip
    return found
