"""Where nobody fits, or nobody has time: what one word less, or one more, would bring, each as one press."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils import timezone

from quarterhour.core.errors import Invalid
from quarterhour.matching.cards import Card
from quarterhour.matching.people import People
from quarterhour.needs.models import Need
from quarterhour.needs.services import MOST_LANGUAGES, NeedWords
from quarterhour.people.languages import NAMES
from quarterhour.people.taxonomy import skill_of
from quarterhour.web import when

AT_ONCE = timedelta(minutes=30)  # a first free time within it still is "now"
DAYS = 7  # of a week from today


@dataclass(frozen=True, slots=True)
class Way:
    """One word of the question changed. chip: "when any", "language de" or "topic hiring", as the form sends it."""

    chip: str
    label: str


def ways_on(people: People, words: NeedWords, *, late: bool) -> list[Way]:
    """What to press where nobody fits or has time, the likeliest first. late: nobody is free in the time asked for."""
    found = []
    if people.lacking in words.skills and len(words.skills) > 1 and (skill := skill_of(people.lacking)):
        found.append(Way(f"topic {people.lacking}", f"Look without “{skill.label}”"))
    if not people.confident and (code := _spoken_instead(people.cards, words.languages)):
        found.append(Way(f"language {code}", f"In {NAMES.get(code, code)}, too"))
    if late and words.when != Need.When.ANY:
        found.append(Way("when any", "At any time"))
    return found


def _spoken_instead(cards: Sequence[Card], languages: Sequence[str]) -> str:
    """The language most of those speak with whom none is shared; none where somebody shares one."""
    spoken = [set(card.profile.language_codes) for card in cards]
    if not all(spoken) or any(not codes.isdisjoint(languages) for codes in spoken):
        return ""
    counts = Counter(code for codes in spoken for code in codes)
    return min(counts, key=lambda code: (-counts[code], code), default="")


def changed(words: NeedWords, chip: str) -> NeedWords:
    """The question with this one word changed. Raises Invalid for whatever is no word of it."""
    name, _, value = chip.partition(" ")
    settled = tuple(dict.fromkeys([*words.settled, "topics" if name == "topic" else name]))
    if name == "when" and value == Need.When.ANY:
        return replace(words, when=value, settled=settled)
    if name == "language" and value in NAMES and len(words.languages) < MOST_LANGUAGES:
        return replace(words, languages=tuple(dict.fromkeys([*words.languages, value])), settled=settled)
    if name == "topic" and value in words.skills and len(words.skills) > 1:
        return replace(words, skills=[each for each in words.skills if each != value], settled=settled)
    raise Invalid("This was changed already. Reload the page to see your question as it stands.")


def told(chip: str) -> str:
    """What a press has changed, for the foot of the next page."""
    name, _, value = chip.partition(" ")
    if name == "topic":
        skill = skill_of(value)
        return f"Now looked for without “{skill.label if skill else value}”."
    return f"Now looked for in {NAMES.get(value, value)}, too." if name == "language" else "Now looked for at any time."


def nobody_in_time(cards: Sequence[Card], words: NeedWords, *, now: datetime) -> str:
    """That none of these people is free when it was asked for, and who is first; "" where somebody is."""
    firsts = sorted((card.starts[0], card.profile.person.first_name) for card in cards if card.starts)
    too_late = _too_late(words, now)
    if too_late is None or not cards or (firsts and firsts[0][0] < too_late[1]):
        return ""
    if not firsts:
        return f"None of them is free {too_late[0]}, nor in the next four weeks."
    start, name = firsts[0]
    at = f"{when.day_within(start, now=now)} at {timezone.localtime(start):%H:%M}"
    return f"None of them is free {too_late[0]}. The first free time is {at}, with {name}."


def _too_late(words: NeedWords, now: datetime) -> tuple[str, datetime] | None:
    """The time asked for in words, and the moment from which on it is over.

    "Today" may be our own reading of a near day: then that day is what counts, and without one a week is in time.
    """
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    if words.when == Need.When.NOW:
        return "right now", now + AT_ONCE
    guessed = words.when == Need.When.TODAY and "when" not in words.settled
    if words.when == Need.When.TODAY and not guessed:
        return "today", midnight + timedelta(days=1)
    sooner = words.decide_by and (words.decide_by - midnight.date()).days < DAYS
    if (words.when == Need.When.WEEK and not sooner) or (guessed and not words.decide_by):
        return "this week", midnight + timedelta(days=DAYS)
    if words.decide_by:
        day = f"{words.decide_by:%A} {words.decide_by.day} {words.decide_by:%B}"
        return f"by {day}", midnight + timedelta(days=(words.decide_by - midnight.date()).days + 1)
    return None
