"""Commitments that name their owner first: "T to ask", "T asks", "T: ask"."""

import re

from quarterhour.engines.takeaway import cues
from quarterhour.engines.takeaway.case import Case, Commitment
from quarterhour.engines.takeaway.model import Owner, Weakness
from quarterhour.engines.takeaway.stance import Stance, stance
from quarterhour.engines.takeaway.subject import Subject, subject_at
from quarterhour.engines.takeaway.unnamed import dated_noun

ONE_WORD = re.compile(r"[\w'’]+\s?")
NO_COMMITMENT = ("fact", "past", "modal", "never", "nothing")


def by_subject(case: Case, subject: Subject) -> Commitment | None:
    """What the named one commits to, or None."""
    text, end, cast = case.text, case.clause.end, case.cast
    owner = subject.owner or case.around.last
    quoted = text[subject.end : end].lstrip()[:1] in cues.QUOTES
    if owner is None or quoted or subject.form == "fact":
        return None
    owner, subject = _behind_the_label(case, owner, subject)
    if subject.pronoun in cast.words.second and cues.YOU_GET.match(cast.folded, subject.end):
        return _delivered(case, owner, subject)
    said = stance(text, subject.end, end, cast, labelled=subject.form != "plain")
    if case.around.over and said.kind not in ("promise", "task", "deed"):
        return None
    if subject.form == "plain":
        return _plain(case, subject, owner, said)
    return _labelled(case, owner, said, told_by_name=not subject.pronoun)


def _delivered(case: Case, owner: Owner, subject: Subject) -> Commitment | None:
    """What "you have it back on Sunday" promises: the one who says so delivers."""
    giver = owner if subject.form == "given" or owner == "both" else case.cast.people.other(owner)
    return Commitment(giver, subject.end) if case.around.dated else None


def _behind_the_label(case: Case, owner: Owner, subject: Subject) -> tuple[Owner, Subject]:
    """Who acts when the words behind "T:" begin with a person again ("T: I'll send it", "T: you send it")."""
    text, end, cast = case.text, case.clause.end, case.cast
    inner = subject_at(text, subject.end, end, cast) if subject.form in ("colon", "dash") else None
    if inner is None:
        return owner, subject
    if inner.pronoun in cast.words.first:
        return owner, Subject(owner, "plain", inner.start, inner.end)
    if inner.pronoun in cast.words.second and cues.YOU_GET.match(cast.folded, inner.end):
        return owner, Subject(owner, "given", inner.start, inner.end, inner.pronoun)
    if inner.pronoun in cast.words.second and owner != "both":
        other = cast.people.other(owner)
        return other, Subject(other, "plain", inner.start, inner.end, inner.pronoun)
    if inner.form == "plain" and stance(text, inner.end, end, cast).kind in ("promise", "deed"):
        return inner.owner or owner, inner
    return owner, subject


def _plain(case: Case, subject: Subject, owner: Owner, said: Stance) -> Commitment | None:
    """A name and its verb: "T asks", "T to ask", "T occ health appointment by Friday"."""
    folded = case.folded(said.verb)
    if said.kind == "promise":
        return Commitment(owner, said.verb)
    if said.kind == "modal":
        verb = ONE_WORD.match(case.text, said.verb)
        return Commitment(owner, verb.end()) if verb and cues.TAKEN_UP.search(folded) else None
    if said.kind in NO_COMMITMENT or _no_plan(case, said, folded):
        return None
    settled = case.around.settled
    weak: Weakness = "" if settled else "undated"
    if said.kind in ("deed", "perhaps"):
        begin = said.verb if case.cast.words.code == "en" else subject.end
        both_nouns = said.kind == "perhaps" and subject.pronoun == "both"
        return None if both_nouns else Commitment(owner, begin, deed=True, weak=weak)
    if said.kind == "task" and subject.pronoun in case.cast.words.second and not settled:
        return None
    if said.kind == "task":
        return case.by(owner, said, weak="" if owner == "both" else weak)
    return case.by(owner, said) if settled and not subject.pronoun else None


def _no_plan(case: Case, said: Stance, folded: str) -> bool:
    """Whether the verb tells of a habit, a question, or something that happens by itself."""
    if not case.around.settled and (cues.HABIT.search(folded) or cues.WONDERS.match(folded)):
        return True
    starts = cues.STARTS.match(folded) is not None and dated_noun(case, said.verb)
    return starts or case.cast.words.event.match(folded) is not None


def _labelled(case: Case, owner: Owner, said: Stance, *, told_by_name: bool) -> Commitment | None:
    """A name and a task: "T: count the requests", "M – airport visit – Tues next week"."""
    folded, around = case.folded(said.verb), case.around
    if said.kind in NO_COMMITMENT or cues.NO_TASK.match(folded):
        return None
    tells = said.kind in ("thing", "perhaps") and cues.STATES.search(folded)
    advises = said.kind == "task" and owner == "mentor" and around.labels == "speeches" and not around.listed
    if tells or advises:
        return None
    if said.kind == "task" and owner != "both" and told_by_name and cues.TO_ME.match(folded):
        return case.by(case.cast.people.other(owner), said)
    own_list = owner == "mentee" and (said.kind in ("task", "deed") or (said.kind == "thing" and around.waits))
    own_list = own_list or (around.labels == "tasks" and said.kind in ("task", "deed"))
    if said.kind == "promise" or around.settled or own_list:
        return Commitment(owner, said.verb, said.kind == "deed")
    return None
