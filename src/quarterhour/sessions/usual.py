"""Where a session begins to take place: where whoever books it says, or else where its mentor usually meets people."""

from __future__ import annotations

from quarterhour.availability.queries import usual_place
from quarterhour.core.places import checked
from quarterhour.sessions.models import MentoringSession

USUAL = "usual"


def place_of(session: MentoringSession, meets: str, where: str) -> dict[str, str]:
    """The columns `meets` and `where` of a session that is booked now; a query where nobody chose.

    meets: a word of `Meets`; USUAL, or nothing, for what the mentor keeps for all their sessions.
    Raises Invalid with the field for an address that is none.
    """
    if meets in {"", USUAL}:
        return usual_place(session.mentor_id, org_id=session.org_id)
    return checked(meets, where)
