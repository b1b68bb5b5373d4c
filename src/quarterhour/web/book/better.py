"""Whom a mentor may name for a question that is not theirs, and the free times of whoever was named."""

from __future__ import annotations

from datetime import datetime, timedelta

from quarterhour.availability.models import Availability
from quarterhour.matching.cards import line_of
from quarterhour.matching.now.fitting import CAN_ANSWER
from quarterhour.matching.people import length_for, ranking_for
from quarterhour.people.models import Person, Profile
from quarterhour.people.queries import blocked_with
from quarterhour.sessions.asking import had_it
from quarterhour.sessions.models import MentoringSession
from quarterhour.sessions.queries import free_starts

SHOWN = 6
AHEAD = timedelta(weeks=3)


def better_people(session: MentoringSession, *, now: datetime) -> list[dict]:
    """The best for this question who may be asked, the best first: not the two, nobody kept apart from either of
    them, nobody who is away, and nobody who had it already. What each shows of themselves, as a row of a form; and
    whether they are `far`: not likely to help, as matching sees it, but the one who passes it on may know better.
    """
    if session.need is None:
        return []
    out = blocked_with(session.mentor) | had_it(session) | {session.mentor_id, session.mentee_id}
    chances = {each.offer.id: each.offer.fit for each in ranking_for(session.need, now=now).placed}
    ranked = sorted((pk for pk in chances if pk not in out), key=lambda pk: chances[pk] < CAN_ANSWER)
    hours = Availability.objects.within(session.org_id).filter(mentor__in=ranked)
    able = set(hours.values_list("mentor_id", flat=True))
    rows = Profile.objects.within(session.org_id).mentors().not_paused(now.date()).filter(person__in=able)
    known = {row.person_id: row for row in rows.select_related("person")}
    chosen = [known[pk] for pk in ranked if pk in known][:SHOWN]
    return [
        {
            "value": str(row.person_id),
            "person": row.person,
            "because": row.headline,
            "line": line_of(row),
            "far": chances[row.person_id] < CAN_ANSWER,
        }
        for row in chosen
    ]


def starts_of(mentor: Person, session: MentoringSession, *, now: datetime) -> tuple[list[datetime], int]:
    """When this mentor and the mentee of `session` are both free, and for how long they would talk. The hours for which
    the question was asked of others count as free.
    """
    minutes = length_for(mentor, session.need)
    found = free_starts(
        mentor_ids=[mentor.pk], org=session.org_id, minutes=minutes, between=(now, now + AHEAD), now=now, each=None,
        mentee=session.mentee, together=session.need_id,
    )  # fmt: skip
    return found.get(mentor.pk, []), minutes


def own_starts(session: MentoringSession, *, now: datetime) -> list[datetime]:
    """Other times of the mentor of a request at which its mentee is free, too."""
    found = free_starts(
        mentor_ids=[session.mentor_id], org=session.org_id, minutes=session.minutes, between=(now, now + AHEAD),
        now=now, each=None, mentee=session.mentee, but_for=session.pk, together=session.need_id,
    )  # fmt: skip
    return [start for start in found.get(session.mentor_id, []) if start != session.starts_at]
