"""Where nobody fits: what those who are shown all the same really share with a question, said as it is.

A word two people use by chance is no subject they share. Such a card says which word it is; who shares not even that is
not shown as a card.
"""

from __future__ import annotations

from collections.abc import Iterable

from quarterhour.engines.matching import Fit
from quarterhour.matching.cards import Card
from quarterhour.matching.people import People

# From these on a mentor's topics or the meaning of what they say have something of the question: see `Parts`.
OF_TOPICS, OF_MEANING = 0.1, 0.3
MOST_WORDS = 3


def is_near(fit: Fit | None) -> bool:
    """Whether a mentor shares something of the subject with the question, not words alone."""
    return fit is None or fit.parts.topics >= OF_TOPICS or fit.parts.meaning >= OF_MEANING


def all_far(people: People) -> bool:
    """Whether nobody fits, and those who come nearest share words at most."""
    return bool(not people.confident and people.ranking and not any(map(is_near, people.ranking.three)))


def say_what_is_shared(people: People, *, held: object = None) -> list[Card]:
    """The cards to show. Where nobody fits, whoever shares words alone says so in place of reasons; whoever shares
    nothing is left out, but for the mentor whose time is `held`.
    """
    if people.confident or people.ranking is None:
        return people.cards
    fits = {fit.mentor.id: fit for fit in people.ranking.three}
    shown = []
    for card in people.cards:
        key = card.profile.person_id
        if not is_near(fits.get(key)):
            words = shared_words(card)
            if not words and key != held:
                continue
            card.reasons = _told(words)
        shown.append(card)
    return shown


def shared_words(card: Card) -> list[str]:
    """The words of the question that stand marked in what is quoted, each once, as the mentor wrote them."""
    marked = (text.strip() for quote in card.quotes for text, is_marked in quote.parts if is_marked)
    return list({text.casefold(): text for text in marked}.values())[:MOST_WORDS]


def _told(words: Iterable[str]) -> str:
    quoted = [f"“{word}”" for word in words]
    if not quoted:
        return "Shares nothing with your question that we can see."
    *others, last = quoted
    words = f"words {', '.join(others)} and {last}" if others else f"word {last}"
    return f"Shares the {words} with your question, and nothing else that we can see."
