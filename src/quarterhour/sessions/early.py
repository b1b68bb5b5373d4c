"""A refusal that waits for nobody: whether a time is gone already, asked before anybody is locked.

Of two hundred who press for one time, all but the first few find it taken. Without this each of them would wait for the
locks of all before them, to be told what a single reading tells. Nothing is promised here: whoever is not refused goes
on to the locks, and is asked again under them.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from quarterhour.core.statements import send
from quarterhour.engines.slots import Taken
from quarterhour.needs.models import Need
from quarterhour.people.models import Person
from quarterhour.sessions import freedom, nearest, queries, rules

REACH = timedelta(days=10)  # a week in whatever zone, and the buffers


def check(need: Need, mentor: Person, start: datetime, minutes: int, *, now: datetime) -> None:
    """Raises what the booking of this time would raise, SpanTaken with three other times. One message."""
    mentee = need.mentee
    first, last = nearest.horizon(start, now)
    terms, gone = send(
        queries.asking_terms(
            mentor.pk, mentee_id=mentee.pk, org_id=need.org_id, need_id=need.pk,
            since=freedom.since(min(start, first)),
        ),
        queries.asking_taken(
            [mentor.pk, mentee.pk], (min(start, first) - REACH, last + REACH), now=now, not_held_by=mentee.pk,
            elsewhere=[mentor.pk], together=need.pk,
        ),
    )  # fmt: skip
    known, taken = freedom.known(queries.terms_from(terms), mentor), queries.taken_from(gone)
    rules.check_offers_time(known, mentor, mentee, minutes=minutes, now=now)
    try:
        freedom.check_free(start, minutes, known, taken, mentor=mentor, mentee=mentee, now=now)
    except freedom.SpanTaken as refused:
        if known.hours is not None:
            theirs, mine = taken.get(mentor.pk, Taken()), taken.get(mentee.pk, Taken())
            elsewhere = [*mine.busy, *mine.booked]
            starts = partial(
                queries.starts_of, known.hours, known, theirs, minutes=minutes, now=now, elsewhere=elsewhere
            )
            given = {"near": start, "now": now, "zone": mentee.zone}
            refused.starts = nearest.nearest(lambda between: starts(between=between), **given)
        raise
