"""Why a mail is sent, as a short key that tells everything else: which mail, which session, which version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self
from uuid import UUID

from quarterhour.engines.reminding import Kind
from quarterhour.notifications import channels

INVITATION, MOVED, CANCELLED = "invitation", "moved", "cancelled"
LONGER = "longer"  # both agreed to more time
RELOCATED = "relocated"  # they meet somewhere else
ASKED, DECLINED, CARD = "asked", "declined", "card"
NUDGE, OFFERED, PASSED = "nudge", "offered", "passed"  # a request waits; other times; somebody better
THANKED, UNANSWERED = "thanked", "unanswered"  # somebody else was first; the mentor let it run out
WRITTEN, WRITTEN_NUDGE = "written", "written-nudge"  # a question in writing, for its mentor
WRITTEN_ANSWER, WRITTEN_NO = "written-answer", "written-no"  # what came of it, for whoever asked
TO_WRITE = (WRITTEN, WRITTEN_NUDGE)
IN_WRITING = (*TO_WRITE, WRITTEN_ANSWER, WRITTEN_NO)
OFF_CALL = "off-call"  # on call no more, and not by themselves; the key is of their time on call
RING = "ring"  # somebody asks for a mentor on call now; the key is the ring's
MISSED, SETTLED = "missed", "settled"  # somebody did not come; it was looked into
FREED = "freed"  # a time came free for somebody who waits
FOLLOW_UP = "follow-up"  # what became of it, a week or a month later; the key is the follow-up's
WORKED = "worked"  # a month later it helped: thanks to the mentor
ACTION_DUE = "action-due"  # what somebody took on is due today; the key is the action's, the number its day
LOOK_BACK, SHOWN = "look-back", "decision-shown"  # of a decision: how did it turn out; a mentor may look
REPORTED, REPORT_ANSWERED, WARNED = "reported", "report-answered", "warned"  # by mail alone; see reports.py
REPORT_APPEALED, APPEAL_ANSWERED = "report-appealed", "appeal-answered"  # who was judged answers; what came of it
REPORT_LATE = "report-late"  # once: the number is 0 for a report, 1 for an appeal against its answer
OF_REPORTS = (REPORTED, REPORT_ANSWERED, WARNED, REPORT_APPEALED, APPEAL_ANSWERED, REPORT_LATE)
BROUGHT = "brought"  # somebody is brought along, for the other one of the two; the key is the companion's
ALONG, ALONG_OFF = "along", "along-off"  # for who comes along: the time, or not any more; the key is the same
WITH_COMPANIONS = (BROUGHT, ALONG, ALONG_OFF)
TEST = "test"  # somebody tries a channel of their own; about no session
REMIND_DAY, REMIND_SOON = "remind-day", "remind-soon"
IN_CALENDAR = (INVITATION, MOVED, LONGER, RELOCATED)  # mails that put the session into somebody's calendar

REMINDER_OF = {Kind.DAY: REMIND_DAY, Kind.SOON: REMIND_SOON}
KIND_OF = {mail: kind for kind, mail in REMINDER_OF.items()}
# The kind of news each mail is, as people choose channels for it.
NEWS_OF = (
    dict.fromkeys((INVITATION, MOVED, LONGER, RELOCATED, CANCELLED, ASKED, DECLINED, FREED), channels.BOOKINGS)
    | dict.fromkeys((NUDGE, OFFERED, PASSED, THANKED, UNANSWERED, OFF_CALL), channels.BOOKINGS)
    | dict.fromkeys((MISSED, SETTLED), channels.BOOKINGS)
    | dict.fromkeys((*IN_WRITING, *WITH_COMPANIONS), channels.BOOKINGS)
    | dict.fromkeys(KIND_OF, channels.REMINDERS)
    | dict.fromkeys((CARD, WORKED), channels.CARDS)
    | dict.fromkeys((LOOK_BACK, SHOWN), channels.CARDS)
    | {FOLLOW_UP: channels.FOLLOW_UPS, ACTION_DUE: channels.ACTIONS}
)


@dataclass(frozen=True)
class Reason:
    """As in "moved 0192... 2": the mail, the session, and its calendar sequence at that moment."""

    mail: str
    session_id: UUID
    sequence: int

    def __str__(self) -> str:
        return f"{self.mail} {self.session_id} {self.sequence}"

    @classmethod
    def read(cls, text: str) -> Self:
        mail, session_id, sequence = text.split(" ")
        return cls(mail, UUID(session_id), int(sequence))


def into_calendars(session_id: UUID, sequence: int) -> list[str]:
    """The reasons for which this session can have come into a calendar, up to this sequence."""
    moves = [Reason(mail, session_id, n) for n in range(1, sequence + 1) for mail in (MOVED, LONGER, RELOCATED)]
    return [str(each) for each in (Reason(INVITATION, session_id, 0), *moves)]
