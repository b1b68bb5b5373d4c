"""What a push message and a webhook say: the letter of the same news, in short."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from quarterhour.engines.understand import short_question
from quarterhour.matching.models import Ring
from quarterhour.notifications import (
    action_reminders,
    addresses,
    along,
    deciding,
    following_letters,
    mailings,
    off_call,
    writing,
)
from quarterhour.notifications.letters import Scene
from quarterhour.notifications.models import Channel, Notice
from quarterhour.notifications.reasons import (
    ACTION_DUE,
    ALONG,
    ALONG_OFF,
    ASKED,
    BROUGHT,
    CANCELLED,
    CARD,
    DECLINED,
    FOLLOW_UP,
    FREED,
    IN_WRITING,
    INVITATION,
    LONGER,
    LOOK_BACK,
    MISSED,
    MOVED,
    NUDGE,
    OFF_CALL,
    OFFERED,
    PASSED,
    RELOCATED,
    REMIND_DAY,
    REMIND_SOON,
    RING,
    SETTLED,
    SHOWN,
    TEST,
    THANKED,
    TO_WRITE,
    UNANSWERED,
    WITH_COMPANIONS,
    WORKED,
    WRITTEN,
    WRITTEN_ANSWER,
    WRITTEN_NO,
    WRITTEN_NUDGE,
    Reason,
)

# The kind of news, in words that stay for as long as somebody's program reads them.
TYPES = {
    INVITATION: "session.booked",
    MOVED: "session.moved",
    LONGER: "session.longer",
    RELOCATED: "session.place",
    CANCELLED: "session.released",
    ASKED: "session.asked",
    NUDGE: "session.nudge",
    OFFERED: "session.other_times",
    PASSED: "session.passed_on",
    THANKED: "session.thanked",
    UNANSWERED: "session.unanswered",
    DECLINED: "session.declined",
    CARD: "session.over",
    MISSED: "session.missed",
    SETTLED: "session.settled",
    FREED: "waitlist.freed",
    REMIND_DAY: "session.reminder",
    REMIND_SOON: "session.reminder",
    RING: "now.ring",
    OFF_CALL: "now.ended",
    WRITTEN: "writing.asked",
    WRITTEN_NUDGE: "writing.nudge",
    WRITTEN_ANSWER: "writing.answered",
    WRITTEN_NO: "writing.closed",
    FOLLOW_UP: "session.follow_up",
    WORKED: "session.worked",
    ACTION_DUE: "action.due",
    LOOK_BACK: "decision.look_back",
    SHOWN: "decision.shown",
    BROUGHT: "session.companion",
    ALONG: "session.along",
    ALONG_OFF: "session.along_off",
    TEST: "test",
}
LONGEST_QUESTION = 2_000
ON_A_SCREEN = 160  # characters of a question on a phone's screen


@dataclass(frozen=True, kw_only=True)
class Note:
    """A short message. tag: two with the same replace each other. lasts: how long it is worth waiting for a phone."""

    type: str
    title: str
    text: str
    url: str
    tag: str
    lasts: timedelta
    urgent: bool = False
    data: dict = field(default_factory=dict)


def note_for(row: Notice, *, now: datetime) -> Note | None:
    """What this row says as things stand; None if it is no longer true. Raises NotNow in quiet hours."""
    reason = Reason.read(row.reason)
    if reason.mail == TEST:
        return _test(row)
    if reason.mail == OFF_CALL:
        return _off_call(row, now=now)
    if reason.mail == RING:
        return _ring(row, reason.session_id, now=now)
    if reason.mail == FOLLOW_UP:
        return _follow_up(row, now=now)
    if reason.mail in {ACTION_DUE, LOOK_BACK, SHOWN}:
        return _action_due(row, now=now) if reason.mail == ACTION_DUE else _deciding(row, reason, now=now)
    if reason.mail in IN_WRITING or reason.mail in WITH_COMPANIONS:
        return (_in_writing if reason.mail in IN_WRITING else _along)(row, reason, now=now)
    session = mailings.true_session(reason, row, now=now)
    if session is None:
        return None
    page = addresses.asked(session.need) if reason.mail in {OFFERED, PASSED} else addresses.session(session)
    page = addresses.how_kept(session) if reason.mail in {MISSED, SETTLED} else page
    # Here everybody is signed in, so what a mail does by a link of its own is done on the page.
    scene = Scene(session=session, reader=row.person, now=now, links=defaultdict(lambda: page))
    letter = mailings.letter_for(reason, scene, in_calendar=False)
    soon = reason.mail == REMIND_SOON
    freed = reason.mail == FREED
    return Note(
        type=TYPES[reason.mail],
        title=letter.subject,
        text=letter.preview,
        url=addresses.card(session)
        if reason.mail in {CARD, WORKED}
        else addresses.people_for(session.need)
        if freed
        else page,
        tag=f"session-{session.pk}",
        lasts=session.starts_at - now if soon else session.held_until - now if freed else timedelta(hours=12),
        urgent=soon or freed,
        data={
            "session": str(session.pk),
            "starts_at": session.starts_at.isoformat(),
            "ends_at": session.ends_at.isoformat(),
            "sequence": session.sequence,
            "with": scene.name,
            "question": scene.question[:LONGEST_QUESTION],
        },
    )


def _ring(row: Notice, ring_id: UUID, *, now: datetime) -> Note | None:
    """Who asks now, as long as the ring is open: a few seconds."""
    rings = Ring.objects.within(row.org_id).open().filter(pk=ring_id, until__gt=now)
    ring = rings.select_related("place__need", "place__mentee").first()
    if ring is None:
        return None
    question = ring.place.need.text
    return Note(
        type=TYPES[RING],
        title=f"{ring.place.mentee.first_name} asks for you now",
        text=short_question(question, limit=ON_A_SCREEN),
        url=addresses.today(),
        tag=f"ring-{ring.pk}",
        lasts=ring.until - now,
        urgent=True,
        data={
            "ring": str(ring.pk),
            "until": ring.until.isoformat(),
            "minutes": ring.place.minutes,
            "with": ring.place.mentee.called,
            "question": question[:LONGEST_QUESTION],
        },
    )


def _off_call(row: Notice, *, now: datetime) -> Note | None:
    """On call no more: why, and where to go on call again."""
    letter = off_call.letter_for(row, now=now)
    return letter and Note(
        type=TYPES[OFF_CALL],
        title=letter.subject,
        text=letter.preview,
        url=addresses.on_call(),
        tag="off-call",
        lasts=timedelta(hours=12),
    )


def _follow_up(row: Notice, *, now: datetime) -> Note | None:
    """Did it help: on a screen of the person's own one press answers, as from the mail."""
    found = following_letters.true_follow_up(row, now=now)
    if found is None:
        return None
    page = addresses.my_actions()
    links = defaultdict(lambda: page)
    if row.channel == Channel.PUSH:
        links.update(following_letters.links_of(found, row, now=now))
    letter = following_letters.letter_for(found, now=now, links=links)
    session = found.session
    return Note(
        type=TYPES[FOLLOW_UP],
        title=letter.subject,
        text=letter.preview,
        url=links[following_letters.FOLLOWED],
        tag=f"follow-up-{found.pk}",
        lasts=timedelta(hours=24),
        data={"session": str(session.pk), "with": session.mentor.called, "after": found.kind},
    )


def _action_due(row: Notice, *, now: datetime) -> Note | None:
    """What somebody took on is due today."""
    action = action_reminders.true_action(row, now=now)
    if action is None:
        return None
    page = addresses.my_actions()
    letter = action_reminders.letter_for(action, row.person, now=now, links=defaultdict(lambda: page))
    return Note(
        type=TYPES[ACTION_DUE],
        title=letter.subject,
        text=letter.preview,
        url=page,
        tag=f"action-{action.pk}",
        lasts=timedelta(hours=12),
        data={"action": str(action.pk), "text": action.text, "day": action.day.isoformat()},
    )


def _deciding(row: Notice, reason: Reason, *, now: datetime) -> Note | None:
    """A day to look back has come, or a decision is shown to somebody."""
    decision = deciding.true_decision(row, now=now)
    if decision is None:
        return None
    page = addresses.whole(f"/decide/{decision.pk}/")
    letter = deciding.letter_for(decision, row, stop=page, now=now)
    return Note(
        type=TYPES[reason.mail],
        title=letter.subject,
        text=letter.preview,
        url=page,
        tag=f"decision-{decision.pk}",
        lasts=timedelta(hours=12),
        data={"decision": str(decision.pk), "question": decision.question},
    )


def _in_writing(row: Notice, reason: Reason, *, now: datetime) -> Note | None:
    """A question in writing, or what came of it."""
    ask = writing.true_ask(row, now=now)
    if ask is None:
        return None
    page = addresses.written(ask) if reason.mail in TO_WRITE else addresses.asked(ask.need)
    letter = writing.letter_for(reason.mail, ask, now=now, link=page)
    return Note(
        type=TYPES[reason.mail],
        title=letter.subject,
        text=letter.preview,
        url=page,
        tag=f"written-{ask.pk}",
        lasts=timedelta(hours=12),
        data={
            "written": str(ask.pk),
            "with": ask.other(row.person).called,
            "question": ask.need.text[:LONGEST_QUESTION],
        },
    )


def _along(row: Notice, reason: Reason, *, now: datetime) -> Note | None:
    """Somebody is brought along, or comes along themselves."""
    letter = along.letter_for(row, now=now)
    if letter is None:
        return None
    session = along.session_of(row)
    page = addresses.room(session) if reason.mail != BROUGHT else addresses.whole(f"/along/{session.pk}/")
    return Note(
        type=TYPES[reason.mail],
        title=letter.subject,
        text=letter.preview,
        url=page,
        tag=f"along-{reason.session_id}",
        lasts=timedelta(hours=12),
        data={"session": str(session.pk), "starts_at": session.starts_at.isoformat()},
    )


def _test(row: Notice) -> Note:
    return Note(
        type="test",
        title="It works",
        text="What is news to you will reach you here.",
        url=addresses.wishes(),
        tag=f"test-{row.pk}",
        lasts=timedelta(minutes=5),
        urgent=True,
    )
