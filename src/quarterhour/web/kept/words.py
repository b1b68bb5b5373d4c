"""How a session was kept, in the words of its pages."""

from __future__ import annotations

from datetime import datetime

from quarterhour.engines.attendance import Side, Verdict, in_words
from quarterhour.people.models import Person
from quarterhour.sessions import appeals
from quarterhour.sessions.attendance import read, side_of
from quarterhour.sessions.models import HowKept, MentoringSession
from quarterhour.web import when

OF = {Verdict.MISSED_BY_MENTOR: Side.MENTOR, Verdict.MISSED_BY_MENTEE: Side.MENTEE}
SAID = {
    Verdict.HELD: "Held",
    Verdict.SHORT: "Held, if short",
    Verdict.MISSED_BY_BOTH: "You missed each other",
    Verdict.TECHNICAL: "A technical failure, nobody’s fault",
    Verdict.UNKNOWN: "Nobody saw",
}


def title(kept: HowKept, session: MentoringSession, reader: Person) -> str:
    """The verdict, as this reader is told: "Held", "Amara did not come", "You did not come"."""
    word = Verdict(kept.word)
    if word in OF:
        mine = side_of(reader.pk, session) is OF[word]
        return "You did not come" if mine else f"{session.other(reader).first_name} did not come"
    return SAID[word]


def reason(kept: HowKept, session: MentoringSession) -> str:
    """What it rests on, on the reader's clock."""
    return in_words(
        read(kept), mentor=session.mentor.first_name, mentee=session.mentee.first_name, clock=when.clock
    )  # fmt: skip


def how_kept(session: MentoringSession, reader: Person, *, now: datetime) -> dict | None:
    """What the panel "How it was kept" shows; None for a session that is not over or has no verdict. Two queries."""
    kept = HowKept.objects.visible_to(reader).filter(session=session).first()
    if kept is None:
        return None
    said = appeals.of_session(session)
    mine = next((each for each in said if each.person_id == reader.pk), None)
    return {
        "kept": kept,
        "title": title(kept, session, reader),
        "reason": reason(kept, session),
        "mine": mine,
        "theirs": any(each.person_id != reader.pk and each.settled_at is None for each in said),
        "open": appeals.can_appeal(kept, now=now) and mine is None,
        "until": kept.judged_at + appeals.WITHIN,
    }
