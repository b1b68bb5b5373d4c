"""What two people wrote for each other, and how they write."""

from collections.abc import Sequence

from quarterhour.engines.takeaway.cues import STATES
from quarterhour.engines.takeaway.lines import Line
from quarterhour.engines.takeaway.machine import addressed_to_a_machine, goes_on
from quarterhour.engines.takeaway.model import Labels
from quarterhour.engines.takeaway.stance import stance
from quarterhour.engines.takeaway.subject import Cast, subject_at

A_LIST = 2


def meaning_of_labels(text: str, written: Sequence[Line], cast: Cast) -> Labels:
    """What "B: ..." stands for: "tasks" where the mentee has a list of them too, "speeches" where B only talks."""
    said = asked = 0
    for line in written[:200]:
        named = subject_at(text, line.start, line.end, cast)
        if named and named.form == "colon" and not named.pronoun:
            dated = cast.days.any_within(line.start, line.end)
            tells = STATES.search(cast.folded[named.end : line.end]) is not None
            said += named.owner == "mentor" and (tells or not dated)
            asked += named.owner == "mentee" and stance(text, named.end, line.end, cast, labelled=True).kind == "task"
    if asked >= A_LIST:
        return "tasks"
    return "speeches" if said and not asked else ""


def _a_person_speaks(text: str, line: Line, cast: Cast) -> bool:
    """Whether the line opens with one of the two, whose initials may be "AI", and is harmless behind that."""
    named = subject_at(text, line.start, line.end, cast)
    said = text[line.start : line.end]
    return bool(named and not named.pronoun) and not addressed_to_a_machine(said, names_a_person=True)


def human_lines(text: str, read: Sequence[Line], cast: Cast) -> list[Line]:
    """The lines two people wrote for each other, without those that address a program."""
    kept: list[Line] = []
    silent = False
    for place, line in enumerate(read):
        said = text[line.start : line.end]
        gap = place > 0 and "\n\n" in text[read[place - 1].end : line.start].replace(" ", "")
        if addressed_to_a_machine(said) and not _a_person_speaks(text, line, cast):
            silent = goes_on(said)
            continue
        silent = silent and not gap and any(letter.isalnum() for letter in said)
        if not silent:
            kept.append(line)
    return kept
