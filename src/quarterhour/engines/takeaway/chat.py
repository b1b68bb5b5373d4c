"""What two people promise each other in the chat, where "I" and "you" are clear."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from quarterhour.engines.takeaway.case import Around, Case, Commitment
from quarterhour.engines.takeaway.clauses import Clause, clauses
from quarterhour.engines.takeaway.cues import LETS, TO_ME
from quarterhour.engines.takeaway.doubt import QUESTION, conditional, in_doubt
from quarterhour.engines.takeaway.due import stated
from quarterhour.engines.takeaway.lines import Line, without_struck
from quarterhour.engines.takeaway.machine import addressed_to_a_machine
from quarterhour.engines.takeaway.model import Party, Said
from quarterhour.engines.takeaway.reading import Reader
from quarterhour.engines.takeaway.stance import stance
from quarterhour.engines.takeaway.subject import Cast, subject_at
from quarterhour.engines.takeaway.unnamed import dated_noun, somebody_else
from quarterhour.engines.takeaway.verdict import commitment

OFFERED = re.compile(
    r"\W*(?:(?:and|or|but|also|then|ok|so) )?(?:i (?:can|could|might)(?: also)?|i'd be (?:happy|glad) to|"
    r"happy to|glad to|shall i|should i|"
    r"(?:do you )?want me to|would it help if i|ich kann|ich konnte|soll ich|je peux|je pourrais|puedo|podria|"
    r"posso|potrei)"
    r"\s+(?P<task>\w)"
)
REFUSED = re.compile(r"\W*(?:no\b|nope|nah|not\b|don't|sorry|maybe|nein|non\b|nao|better not|rather not|can't|later)")
GERUND = re.compile(
    r"\W*(?:am |i am |i'm )?(?P<task>(?:send|email|mail|book|writ|call|ask|shar|forward|text|fix|do|draft|"
    r"order)ing)\b"
)
MINE = re.compile(
    r"\W*(?:te|le|ti|lhe|vous|t'|vi) ?(?P<task>mando|envio|paso|invio|giro|envoie|escribo|scrivo|ligo|llamo|chiamo)\b"
)
WILL_DO = re.compile(
    r"(?:will do|on it|consider it done|i will|i'll do (?:it|that)|mach ich|je le fais|lo hago|lo faccio|faco)\b"
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An offer, a request or a plan with a question mark that the other has not answered yet."""

    found: Commitment
    clause: Clause
    row: int
    answerer: Party


def read_chat(reader: Reader, chat: Sequence[Said]) -> None:
    """Keep all commitments of the chat, and apply what its lines change about those before."""
    waiting: list[Waiting] = []
    for row, said in enumerate(chat):
        if addressed_to_a_machine(said.text):
            continue
        reader.open(without_struck(said.text), row)
        asked = [each for each in waiting if each.answerer == said.who]
        if asked:
            _answer(reader, asked, row)
        waiting = [each for each in waiting if each.answerer != said.who] + _read(reader, row, said.who)


def _answer(reader: Reader, asked: list[Waiting], row: int) -> None:
    """Keep what was offered or asked for if this line agrees, with the day it may name."""
    calendar, words = reader.calendars[row], reader.cast.words
    folded = calendar.folded
    agreed = words.agreed.match(folded.lstrip(" \t¡¿'\"")) or WILL_DO.search(folded)
    if not agreed or REFUSED.match(folded) or conditional(calendar.text, 0, len(folded), reader.cast):
        return
    found = stated(calendar, 0, len(folded), words)
    for each in asked:
        draft = reader.keep(each.found, each.clause, Line(each.clause.start, each.clause.end, 0), each.row, each.row)
        if found and len(asked) == 1:
            draft.due = found.date


def _read(reader: Reader, row: int, who: Party) -> list[Waiting]:
    """Keep the promises of one line; return what in it waits for an answer."""
    cast = replace(reader.cast, writer=who, reader=reader.cast.people.other(who))
    calendar = reader.calendars[row]
    waiting: list[Waiting] = []
    at = 0
    for piece in calendar.text.split("\n"):
        line = Line(at, at + len(piece), 0)
        at += len(piece) + 1
        for clause in clauses(calendar.text, line.start, line.end, cast):
            if not reader.changed(clause, line, row, row):
                waiting += _clause(reader, clause, line, row, cast)
    return waiting


def _clause(reader: Reader, clause: Clause, line: Line, row: int, cast: Cast) -> list[Waiting]:
    calendar = reader.calendars[row]
    text, other = calendar.text, cast.people.other(cast.writer)
    if opened := _opened(text, clause, cast):
        return [Waiting(opened, clause, row, other)]
    asked = QUESTION.search(text[clause.start : line.end])
    plain = replace(clause, end=clause.start + len(text[clause.start : clause.end].rstrip("?!. ")))
    around = Around(line, dated=bool(calendar.between(clause.start, clause.end)), last=cast.writer)
    found = _own_promise(Case(text, plain, cast, around))
    if found and asked:
        return [Waiting(found, plain, row, other)]
    if found:
        reader.keep(found, clause, line, row, row)
    return []


def _own_promise(case: Case) -> Commitment | None:
    """What one of the two promises with this clause alone; without a subject the writer speaks of herself."""
    text, clause, cast = case.text, case.clause, case.cast
    doubtful = in_doubt(text, clause.start, clause.end, cast)
    folded = case.folded(clause.start)
    for pattern in (GERUND, MINE):
        if not doubtful and (match := pattern.match(folded)):
            return Commitment(cast.writer, clause.start + match.start("task"))
    if clause.subject:
        return commitment(case)
    if doubtful or somebody_else(case):
        return None
    said = stance(text, clause.body, clause.end, cast)
    if (lets := LETS.match(folded)) and case.around.dated:
        return Commitment("both", clause.start + lets.end())
    if said.kind == "promise" and not WILL_DO.match(case.folded(clause.body)):
        return case.by(cast.writer, said)
    if said.kind == "task" and case.around.dated and not dated_noun(case, said.verb):
        return case.by("mentee", said)
    return None


def _opened(text: str, clause: Clause, cast: Cast) -> Commitment | None:
    """An offer of the writer or a request to the other."""
    words = cast.words
    other = cast.people.other(cast.writer)
    folded = cast.folded[clause.start : clause.end]
    if offered := OFFERED.match(folded):
        return Commitment(cast.writer, clause.start + offered.start("task"))
    asked = words.request.search(folded)
    if asked and (QUESTION.search(folded) or asked.start() == 0 or folded.rstrip(" .!").endswith(asked.group())):
        at = clause.start + (asked.end() if asked.end() < len(folded) - 1 else 0)
        named = subject_at(text, at, clause.end, cast)
        verb = stance(text, named.end if named else at, clause.end, cast).verb
        return Commitment(other, verb)
    task = stance(text, clause.start, clause.end, cast)
    if task.kind == "task" and TO_ME.match(folded) and not conditional(text, clause.start, clause.end, cast):
        return Commitment(other, task.verb)
    return None
