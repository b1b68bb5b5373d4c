"""Commitments without a name in front: by heading, box, deadline, or the line before."""

import re

from quarterhour.engines.dates import fold
from quarterhour.engines.takeaway import cues
from quarterhour.engines.takeaway.case import Case, Commitment
from quarterhour.engines.takeaway.model import Owner
from quarterhour.engines.takeaway.stance import Stance, stance

TRAILING = re.compile(
    r"(?:[(\[@→:]|->| [-–—] |\|)\s?(?P<name>[^\W\d_]+(?: [^\W\d_]+)?)\.?[)\]]?\s*(?=$|[,;]| by | on )"
)
TAIL = 60
WORDS = re.compile(r"[^\W\d_][\w'-]*")
FIRST_WORD = re.compile(r"[\w'-]+[ ]?[:(–-]?[ ]?")
OTHER_NAME = re.compile(r"[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)?(?=[ :])")


def without_subject(case: Case) -> Commitment | None:
    """What a clause that names nobody first commits to, and whom, or None."""
    text, clause, cast = case.text, case.clause, case.cast
    if not _may_be_a_task(case):
        return None
    said = stance(text, clause.body, clause.end, cast)
    folded = case.folded(clause.body)
    if case.around.over or said.kind in ("past", "never", "modal", "nothing") or cues.NO_TASK.match(folded):
        return None
    if somebody_else(case):
        return None
    if trailing := trailing_owner(case):
        owner, until = trailing
        return Commitment(owner, clause.body, said.kind == "deed", until)
    if (lets := cues.LETS.match(folded)) and case.around.dated:
        return Commitment("both", clause.body + lets.end())
    return _carried_on(case, said, folded) or (_by_place(case, said, folded) if said.kind != "fact" else None)


def _may_be_a_task(case: Case) -> bool:
    """Whether anything around speaks for a task at all; most sentences end here."""
    around, clause = case.around, case.clause
    if around.settled or around.heading or around.line.follows or clause.joined or not clause.first:
        return True
    return trailing_owner(case) is not None or case.cast.words.agreed.search(case.folded(clause.body)) is not None


def _carried_on(case: Case, said: Stance, folded: str) -> Commitment | None:
    """The next task of whom the line or the clause before spoke of."""
    around, joined = case.around, case.clause.joined
    if said.kind == "promise" and around.last and joined:
        return case.by(around.last, said)
    listens = around.labels == "speeches" and around.speaker == "mentor"
    if around.speaker and not case.clause.first:
        if said.kind == "task" and around.dated and not listens and not _names_a_thing(case, said, folded):
            return case.by(around.speaker, said)
        if joined == "enum" and said.kind in ("task", "deed", "thing"):
            return case.by(around.speaker, said, weak="" if around.dated else "undated")
    if said.kind == "deed" and around.last and (around.dated or case.cast.words.agreed.search(folded)):
        return case.by(around.heading or around.last, said)
    return None


def _by_place(case: Case, said: Stance, folded: str) -> Commitment | None:
    """A task without a name: the heading, the box, the line above or a deadline makes it one."""
    around, clause = case.around, case.clause
    thing = _names_a_thing(case, said, folded)
    if thing and not around.line.mark:
        return None
    if said.kind == "thing" and (around.line.struck or cues.IS.search(folded) or _only_an_hour(case)):
        return None
    here = Commitment(around.heading or "mentee", clause.body, said.kind == "deed")
    if around.line.follows and around.parent and around.dated:
        return Commitment(around.parent, clause.body)
    if around.listed and (clause.first or around.dated):
        return here
    if around.heading == "mentor" and not around.dated:
        return None
    if around.heading and clause.first and said.kind in ("task", "deed", "perhaps", "thing"):
        return here
    return None if thing or not around.dated else _by_deadline(case, said, folded)


def _by_deadline(case: Case, said: Stance, folded: str) -> Commitment | None:
    if said.kind == "task":
        return case.by("mentee", said)
    states = cues.STATES.search(folded) or cues.OCCASION.match(folded)
    if said.kind == "thing" and case.clause.first and not states:
        return Commitment("mentee", case.clause.body, weak="unnamed")
    return None


def _names_a_thing(case: Case, said: Stance, folded: str) -> bool:
    """Whether what looks like a task is a noun ("Interview is Dec 9", "clinic answers by Fri", "mail goes out")."""
    if cues.THING_IS.match(folded, max(0, said.verb - case.clause.body)) or dated_noun(case, said.verb):
        return True
    return any(word in case.cast.words.deeds for word in WORDS.findall(folded)[1:3])


def _only_an_hour(case: Case) -> bool:
    """Whether the clause opens with a day and says no more than when and where ("9 Sept 17:00, same link")."""
    return case.clause.body > case.clause.start and case.text[case.clause.body].isdecimal()


def dated_noun(case: Case, at: int) -> bool:
    """Whether a day follows the very first word: "interview 27 March" is an event, "call Sam" a task."""
    word = FIRST_WORD.match(case.text, at)
    return word is not None and case.cast.days.end_of(word.end()) is not None


def trailing_owner(case: Case) -> tuple[Owner, int] | None:
    """Whom the end names, and where the task ends: "send the deck by Fri (Ana)", "call the bank -> T, Monday"."""
    start, end = case.clause.start, case.clause.end
    for match in TRAILING.finditer(case.text, max(start, end - TAIL), end):
        found = {case.cast.people.who(word) for word in match["name"].split()}
        owner = found.pop() if len(found) == 1 else None
        if owner:
            return owner, match.start()
    return None


def somebody_else(case: Case) -> bool:
    """Whether the clause speaks of what another person will do ("Leila will confirm the swap")."""
    words = case.cast.words
    if words.others.match(case.folded(case.clause.body)):
        return True
    named = OTHER_NAME.match(case.text, case.clause.body, case.clause.end)
    if named is None or case.text[named.end()] == ":":
        return False
    first = fold(named.group().split()[0])
    if first in words.orders or first in words.deeds:
        return False
    kind = stance(case.text, named.end(), case.clause.end, case.cast).kind
    return kind in ("promise", "deed", "fact", "past", "modal") or (kind == "perhaps" and words.code != "en")
