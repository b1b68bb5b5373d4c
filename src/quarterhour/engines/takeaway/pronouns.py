"""Whom "I", "he" and "she" mean in these notes."""

import re

from quarterhour.engines.dates import fold
from quarterhour.engines.takeaway.model import Party
from quarterhour.engines.takeaway.people import NAME, People
from quarterhour.engines.takeaway.words import Lexicon

ENDINGS = re.compile(r"(?P<she>(?:a|ite|ette|elle|ine|lyn|een)$)|(?:o|us|um)$")
BREATH = re.compile(r"[.!?;:,\n(–—]| - ")


DECLARED = re.compile(
    r"\b(?:me|I|ich|moi|yo|eu|io)[ ]?=[ ]?(?P<name>[^\W\d_]+)"
    r"|\((?P<typing>[^\W\d_]+) (?:typing|writing|types|writes|taking notes)\)"
)
LABELLED = re.compile(r"^\W{0,6}(?:me|i|ich|moi|yo|eu|io)[ ]?[:–-]", re.IGNORECASE | re.MULTILINE)


def second_person(people: People, notes: str, writer: Party) -> Party:
    """Whom "you" means: the other one where the notes list tasks for "me", else the mentee, whom advice is for."""
    sure = LABELLED.search(notes[:20_000]) or DECLARED.search(notes[:20_000])
    return people.other(writer) if sure else "mentee"


def first_person(people: People, notes: str) -> Party:
    """Who writes "I" in these notes: whoever is never named, and the mentee when that says nothing."""
    declared = DECLARED.search(notes[:20_000])
    if declared and (party := people.who(declared["name"] or declared["typing"])):
        return party
    counts: dict[Party, int] = {"mentor": 0, "mentee": 0}
    for match in NAME.finditer(notes[:20_000]):
        party = people.who(match.group())
        if party and match.group() != "I":
            counts[party] += 1
    return "mentor" if counts["mentor"] < counts["mentee"] and not counts["mentor"] else "mentee"


def pronouns(people: People, notes: str, words: Lexicon) -> dict[str, Party]:
    """Whom "he" and "she" mean, as far as the notes show it.

    A pronoun that follows one name in the same breath speaks for that name, "her own" twice as loudly;
    the ending of a first name whispers along. What is left over belongs to the other of the two.
    """
    votes = {(party, sex): 0.0 for party in people.first for sex in ("he", "she")}
    for party, name in people.first.items():
        if match := ENDINGS.search(name):
            votes[party, "she" if match["she"] else "he"] += 1
    for breath in BREATH.split(notes[:20_000]):
        _vote(people, breath, words, votes)
    leaning = {party: votes[party, "she"] - votes[party, "he"] for party in people.first}
    gap = leaning["mentor"] - leaning["mentee"]
    if not gap:
        return {}
    she: Party = "mentor" if gap > 0 else "mentee"
    found: dict[str, Party] = {"she": she, "he": people.other(she)}
    return {sex: party for sex, party in found.items() if leaning[party] * (1 if sex == "she" else -1) >= 0}


def _vote(people: People, breath: str, words: Lexicon, votes: dict[tuple[Party, str], float]) -> None:
    named: set[Party] = set()
    found = list(NAME.finditer(breath))
    for place, match in enumerate(found):
        party = people.who(match.group())
        if party:
            named.add(party)
            continue
        folded = fold(match.group())
        sex = "he" if folded in words.he else "she" if folded in words.she else ""
        if sex and len(named) == 1:
            own = place + 1 < len(found) and found[place + 1].group() == "own"
            votes[min(named), sex] += 2 if own else 1
