"""How a session was kept, where somebody did not come: told to both, with the way to say that it was otherwise."""

from __future__ import annotations

from datetime import datetime

from quarterhour.engines.attendance import Verdict, in_words
from quarterhour.notifications import addresses, outgoing, reasons
from quarterhour.notifications.letters import LONGEST_QUOTE, Action, Letter, Line, Scene
from quarterhour.notifications.reasons import Reason
from quarterhour.notifications.words import clock_time, date_words, one_line, shorten
from quarterhour.sessions import appeals
from quarterhour.sessions.attendance import read
from quarterhour.sessions.events import SessionEvent
from quarterhour.sessions.models import HowKept, MentoringSession

# What was decided, as it reads after "It counts as".
DECIDED = {
    Verdict.HELD: "held",
    Verdict.SHORT: "held, if short",
    Verdict.MISSED_BY_MENTOR: "missed by {mentor}",
    Verdict.MISSED_BY_MENTEE: "missed by {mentee}",
    Verdict.MISSED_BY_BOTH: "missed by both of you",
    Verdict.TECHNICAL: "failed for technical reasons, which is nobody’s fault",
    Verdict.UNKNOWN: "neither held nor missed",
}


def tell_of_miss(event: SessionEvent, *, now: datetime) -> None:
    """Over, and one of the two did not come: both hear how it was kept."""
    kept = _kept(event)
    if kept is not None and kept.is_missed:
        _tell(reasons.MISSED, kept.session, now)


def tell_of_settling(event: SessionEvent, *, now: datetime) -> None:
    """Somebody decided how it was: both hear it. What a rule sees otherwise stands on the page alone."""
    kept = _kept(event)
    if kept is not None and kept.settled_at is not None:
        _tell(reasons.SETTLED, kept.session, now)


def is_true(reason: Reason, session: MentoringSession) -> bool:
    """Whether this is still how it is seen."""
    kept = HowKept.objects.within(session.org_id).filter(session=session).first()
    if kept is None:
        return False
    settled = kept.settled_at is not None
    return settled if reason.mail == reasons.SETTLED else kept.is_missed and not settled


def missed(scene: Scene) -> Letter:
    kept = _of(scene.session)
    mine = kept.word in {Verdict.MISSED_BY_BOTH, _missed_by(scene)}
    both = kept.word == Verdict.MISSED_BY_BOTH
    who = (
        "You missed each other" if both else f"{scene.first} waited for you" if mine else f"{scene.first} did not come"
    )
    way = _way_on(scene)
    paused = mine and scene.is_mentor and kept.paused
    return Letter(
        subject=scene.subject(f"{who}, {date_words(scene.start, scene.zone, now=scene.now)}"),
        preview=_reason(kept, scene),
        day=f"{date_words(scene.start, scene.zone, now=scene.now)}, {scene.span} with {scene.name}",
        headline=f"{who}.",
        where=_reason(kept, scene),
        quote=shorten(scene.question, LONGEST_QUOTE),
        actions=(way,) if way else (),
        below=(
            *((Line("It is the second time in a row, so nobody finds you until you come back: one press on your day."),)
              if paused else ()),
            *((Line("What you asked this week does not count it, and neither does the line for now."),)
              if not mine and not scene.is_mentor else ()),
            Line(
                "Was it otherwise?",
                Action("Say how it was", addresses.how_kept(scene.session)),
                f" within {appeals.WITHIN.days} days.",
            ),
        ),
        foot=("The links ask you to sign in if you are not.", scene.why),
    )  # fmt: skip


def settled(scene: Scene) -> Letter:
    kept = _of(scene.session)
    names = {"mentor": one_line(scene.session.mentor.first_name), "mentee": one_line(scene.session.mentee.first_name)}
    decided = DECIDED[Verdict(kept.word)].format(**names)
    on = date_words(scene.start, scene.zone, now=scene.now)
    return Letter(
        subject=scene.subject(f"It was looked into, {on} with {scene.first}"),
        preview=f"It counts as {decided}.",
        day=f"{on}, {scene.span} with {scene.name}",
        headline="It was looked into.",
        where=f"It counts as {decided}. That is the last word.",
        quote=shorten(scene.question, LONGEST_QUOTE),
        actions=(Action("See how it was kept", addresses.how_kept(scene.session), primary=True),),
        foot=("The link asks you to sign in if you are not.", scene.why),
    )


def _missed_by(scene: Scene) -> Verdict:
    return Verdict.MISSED_BY_MENTOR if scene.is_mentor else Verdict.MISSED_BY_MENTEE


def _way_on(scene: Scene) -> Action | None:
    if scene.is_mentor or scene.session.need is None:
        return None
    return Action("Find another time", addresses.how_kept(scene.session), primary=True)


def _reason(kept: HowKept, scene: Scene) -> str:
    return in_words(
        read(kept),
        mentor=one_line(kept.session.mentor.first_name),
        mentee=one_line(kept.session.mentee.first_name),
        clock=lambda at: clock_time(at, scene.zone),
    )


def _of(session: MentoringSession) -> HowKept:
    return HowKept.objects.within(session.org_id).select_related("session__mentor", "session__mentee").get(
        session=session
    )  # fmt: skip


def _kept(event: SessionEvent) -> HowKept | None:
    rows = HowKept.objects.within(event.org_id).select_related("session")
    return rows.filter(session=event.session_id).first()


def _tell(what: str, session: MentoringSession, now: datetime) -> None:
    both = [session.mentee_id, session.mentor_id]
    outgoing.tell_people(session.org_id, both, Reason(what, session.pk, session.sequence), now=now)
