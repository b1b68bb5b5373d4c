"""Ten minutes after the start somebody waits alone: one press ends it, and the rest of the time is theirs again."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from quarterhour.core.errors import Changed
from quarterhour.engines.attendance import GRACE, MET, MISSED_BY, WAITED
from quarterhour.people.models import Person
from quarterhour.sessions import attendance, claims, rules, services
from quarterhour.sessions.models import MentoringSession, Status


class NotAlone(Changed):
    """The other one is there, or was."""


class TooEarly(Changed):
    """Nobody has waited long enough yet."""


@transaction.atomic
def nobody_came(*, session: MentoringSession, by: Person, now: datetime) -> MentoringSession:
    """End a session whose other side did not come; what the log of the room says decides.

    Whoever comes late enters under the lock that is taken here (see `room.store.arrive`): of a press and an entry in
    the same second one is first, and the other hears so.
    Raises NotFound for strangers, WrongState unless it is booked, TooEarly, NotAlone.
    """
    rules.check_party(by, session)
    claims.lock_people(session.mentor_id, session.mentee_id)
    rows = MentoringSession.objects.within(session.org_id).select_for_update(of=("self",), no_key=True)
    session = rows.select_related("mentor", "mentee").get(pk=session.pk)
    rules.check_is(session, Status.CONFIRMED)
    if session.is_elsewhere:
        raise NotAlone("You meet elsewhere, where the room sees nobody. Write to them, or release it.")
    if now < session.starts_at + GRACE:
        raise TooEarly("Ten minutes after the start is soon enough. Many who come late come before.")
    found, mine = attendance.found(session, now=now), attendance.side_of(by.pk, session)
    first = session.other(by).first_name
    if attendance.is_there(session.other(by), session, now=now):
        raise NotAlone(f"{first} has just come.")
    if found.together >= MET:
        raise NotAlone(f"You and {first} have met. It ends by itself, or once both of you keep its card.")
    if found.verdict != MISSED_BY[mine.other]:
        alone = found.of(mine).waited
        if alone < WAITED:
            left = (WAITED - alone) // timedelta(minutes=1) + 1
            raise TooEarly(f"Wait in the room for {left} more minute{'' if left == 1 else 's'}, then press again.")
        raise NotAlone(f"{first} was there as well. It ends by itself, and either of you can say how it was.")
    session = services.end(session=session, now=now)
    if now < session.ends_at:
        claims.cut(session.pk, now=now)
    return session
