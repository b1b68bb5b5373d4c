"""What there was to see of a session when somebody reported it, taken down once and sealed by a fingerprint.

What was spoken is not in it: no sound reaches us, and captions are the two people's own, promised to be deleted.
"""

from __future__ import annotations

import hashlib
import json
from uuid import UUID

from quarterhour.sessions.models import AttendanceEvent, ChatLine, Companion, MentoringSession, Notes

VERSION = 2  # 1 did not tell who came along
NO_COMING = [AttendanceEvent.Kind.HEARTBEAT, AttendanceEvent.Kind.MEDIA_CONNECTED, AttendanceEvent.Kind.MEDIA_FAILED]


def taken_down(session: MentoringSession) -> dict:
    """The question, the chat so far, the notes as they are kept now, who came, went and came along; four queries.

    The room keeps what is typed within half a second, so the notes may lack the last word.
    """
    lines = ChatLine.objects.within(session.org_id).filter(session=session).order_by("at", "pk")
    notes = Notes.objects.within(session.org_id).filter(session=session).first()
    along = Companion.objects.within(session.org_id).filter(session=session, accepted_at__isnull=False)
    came = AttendanceEvent.objects.within(session.org_id).filter(session=session).exclude(kind__in=NO_COMING)
    return {
        "version": VERSION,
        "session": {
            "id": str(session.pk),
            "starts": session.starts_at.isoformat(),
            "ends": session.ends_at.isoformat(),
            "mentor": str(session.mentor_id),
            "mentee": str(session.mentee_id),
        },
        "question": session.need.text if session.need else "",
        "chat": [
            {"person": str(line.person_id), "at": line.at.isoformat(), "text": line.text} for line in lines
        ],
        "notes": {"text": notes.text, "saved": notes.saved_at.isoformat()} if notes else None,
        "there": [
            {"person": str(each.person_id), "at": each.at.isoformat(), "kind": each.kind}
            for each in came.order_by("at", "pk")
        ],
        "along": [
            {
                "person": str(each.person_id),
                "since": each.accepted_at.isoformat(),
                "out": each.out_at.isoformat() if each.out_at else None,
            }
            for each in along.order_by("accepted_at", "pk")
        ],
    }  # fmt: skip


def inside(taken: dict) -> list[UUID]:
    """The two, and everybody who came along, whether they still do or not."""
    two = [taken["session"]["mentor"], taken["session"]["mentee"]]
    return [UUID(each) for each in dict.fromkeys(two + [each["person"] for each in taken["along"]])]


def fingerprint(kept: dict) -> str:
    """The same for the same words, whatever the order of their keys; 64 hexadecimal digits."""
    return hashlib.sha256(json.dumps(kept, sort_keys=True, ensure_ascii=True).encode()).hexdigest()
