"""Who is rung next, and what becomes of a ring: whenever something changed, and every second.

One organisation's line is served by one transaction at a time (an advisory lock); whether somebody may be rung, and
whose yes counts, is decided by the unique index and the row of the place, not by a check before it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from quarterhour.core import events
from quarterhour.core.errors import Changed, NotFound
from quarterhour.core.ids import uuid7
from quarterhour.engines.dispatch import OnCall as Engaged
from quarterhour.engines.dispatch import Place as Waiting
from quarterhour.engines.dispatch import Policy, next_rings
from quarterhour.matching.models import OnCall, Place, Ring
from quarterhour.matching.now import bell_news, oncall
from quarterhour.matching.now.events import MentorRung, PlaceAnswered
from quarterhour.people.models import Person
from quarterhour.sessions.models import MentoringSession
from quarterhour.sessions.now import talk_now

MOST = 1_000  # places that are looked at in one go, those who waited longest first
POLITE = timedelta(seconds=3)  # a yes on its way when the wave ended still counts, if nobody was quicker


def tick(*, now: datetime) -> int:
    """One round of the timer: rings that nobody heard end, people who are gone leave, the next are rung.

    Returns how many rings began. Running it in several processes at once rings nobody twice.
    """
    from quarterhour.matching.now import line

    if not _anybody(now):
        return 0
    miss_overdue(now=now)
    oncall.end_by_itself(now=now)
    line.let_lapse(now=now)
    because = "the line moves on in every organisation"
    waiting = Place.objects.of_every_tenant(because=because).filter(state=Place.State.WAITING)
    begun = 0
    for org_id in sorted(set(waiting.values_list("org", flat=True))):
        with transaction.atomic():
            begun += ring_line(org_id=org_id, now=now)
    return begun


def _anybody(now: datetime) -> bool:
    """Whether anybody is on call, or stands in line. On most seconds of most sites nobody does."""
    because = "the line moves on in every organisation"
    return (
        OnCall.objects.of_every_tenant(because=because).filter(until__gt=now).exists()
        or Place.objects.of_every_tenant(because=because).open().exists()
        or Ring.objects.of_every_tenant(because=because).open().exists()
    )


def ring_line(*, org_id: UUID, now: datetime) -> int:
    """Ring whoever is next for each who waits in this organisation. Returns how many rings began.

    Within a transaction. Five queries and one insert, however long the line is.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", [f"line {org_id}"])
    engaged, room = on_call(org_id, now=now)
    waiting = _waiting(org_id) if any(each.free for each in engaged) else []
    if not waiting:
        return 0
    apart = _kept_apart([place.mentee_id for place in waiting])
    rings = _rings([place.pk for place in waiting])
    line = [_seen(place, rings[place.pk], apart[place.mentee_id], room) for place in waiting]
    policy = Policy(seconds=settings.POLICY["now_wave"])
    by_id = {place.pk: place for place in waiting}
    found = next_rings(line, engaged, policy=policy)
    return _begin([(by_id[each.place], UUID(each.mentor)) for each in found], now=now)


def answer(*, ring: Ring, by: Person, now: datetime) -> MentoringSession:
    """The mentor says yes, and the room opens. Of several who say yes, one does so first; the others see it at once.

    Raises NotFound for anybody else's ring; Changed, with what happened, where it is over. A ring that was called off
    stays so, and whoever read it like that waits for nobody's lock.
    """
    if ring.mentor_id == by.pk and ring.answer == Ring.Answer.WITHDRAWN:
        raise Changed(_too_late(ring.place))
    with transaction.atomic():
        ring, place = _both(ring, by)
        if ring.answer == Ring.Answer.ACCEPTED and place.session_id:
            return place.session  # pressed twice
        if place.state != Place.State.WAITING or ring.answer == Ring.Answer.WITHDRAWN:
            raise Changed(_too_late(place))
        if ring.answer or ring.until + POLITE < now:
            raise Changed("This ring is over, and the next person was asked. You stay on call.")
        session = talk_now(need=place.need, mentor=by, minutes=place.minutes, now=now)
        _close(ring, Ring.Answer.ACCEPTED, now=now)
        place.state, place.ended_at, place.session = Place.State.ANSWERED, now, session
        place.save(update_fields=["state", "ended_at", "session"])
        withdraw(place.pk, now=now)
        _count([by.pk], org_id=place.org_id, missed=False, answered=1)
        events.publish(PlaceAnswered(org_id=place.org_id, place_id=place.pk, session_id=session.pk), now=now)
        bell_news.tell([place.mentee_id, by.pk])
    return session


def pass_on(*, ring: Ring, by: Person, now: datetime) -> None:
    """Not this one: the next is rung at once, and nobody is asked why. Passing twice is no mistake."""
    with transaction.atomic():
        ring, place = _both(ring, by)
        if ring.answer == Ring.Answer.ACCEPTED:
            raise Changed("You have said yes to it. Go to the room, or release the session.")
        if ring.answer:
            return
        _close(ring, Ring.Answer.PASSED, now=now)
        _count([by.pk], org_id=place.org_id, missed=False)
        bell_news.tell([place.mentee_id, by.pk])
    # Afterwards: whoever serves the line waits for our rows, and we would wait for the line.
    if place.state == Place.State.WAITING:
        with transaction.atomic():
            ring_line(org_id=place.org_id, now=now)


@transaction.atomic
def miss_overdue(*, now: datetime) -> int:
    """Rings that nobody heard are over. Returns how many. Three statements, however many there are."""
    with connection.cursor() as cursor:
        cursor.execute(MISS, [now, now - POLITE, MOST])
        over = cursor.fetchall()
        for org_id in {org_id for org_id, *_ in over}:
            _count([mentor_id for org, mentor_id, _ in over if org == org_id], org_id=org_id, missed=True)
    bell_news.tell([person_id for _, *both in over for person_id in both])
    return len(over)


MISS = """
WITH over AS (
  UPDATE matching_ring SET answer = 'missed', answered_at = %s WHERE id IN (
    SELECT id FROM matching_ring WHERE answer = '' AND until <= %s ORDER BY until LIMIT %s FOR UPDATE SKIP LOCKED
  ) RETURNING org_id, mentor_id, place_id
)
SELECT over.org_id, over.mentor_id, p.mentee_id FROM over JOIN matching_place p ON p.id = over.place_id
"""


def withdraw(place_id: UUID, *, now: datetime, but_for: Sequence[UUID] = ()) -> None:
    """Nobody is rung for this place any more, `but_for` these: whoever is, sees at once that it is over."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE matching_ring SET answer = 'withdrawn', answered_at = %s WHERE place_id = %s AND answer = ''"
            " AND mentor_id <> ALL(%s) RETURNING mentor_id",
            [now, place_id, list(but_for)],
        )
        bell_news.tell([mentor_id for (mentor_id,) in cursor.fetchall()])


def give_up(*, mentor_id: UUID, now: datetime) -> None:
    """Pass on the ring that is open for a mentor who is not on call any more."""
    because = "a person is rung once, whatever the organisation"
    open_ring = Ring.objects.of_every_tenant(because=because).open().filter(mentor=mentor_id).first()
    if open_ring is not None:
        pass_on(ring=open_ring, by=Person.objects.get(pk=mentor_id), now=now)


def on_call(org_id: UUID, *, now: datetime) -> tuple[list[Engaged], dict[str, float]]:
    """Everybody on call and there: as the engine sees them, and how many minutes each is free from now on.

    Left out: whoever is away, no member any more, or has given the minutes of the week. Two queries.
    """
    present = now - timedelta(seconds=settings.POLICY["present"])
    with connection.cursor() as cursor:
        told = {"now": now, "ahead": now + timedelta(hours=2), "org": org_id, "present": present, "today": now.date()}
        cursor.execute(ON_CALL, told)
        rows = cursor.fetchall()
    engaged, room = [], {}
    for mentor_id, rung, answered, ringing, begins, ends in rows:
        busy = begins is not None and begins <= now
        engaged.append(
            Engaged(
                id=str(mentor_id), free=not ringing and not busy, rung=rung, answered=answered,
                free_at=ends.timestamp() if busy else now.timestamp(),
            )
        )  # fmt: skip
        room[str(mentor_id)] = (begins - now).total_seconds() / 60 if begins is not None and begins > now else 120.0
    return engaged, room


# The first time in the next two hours at which somebody is taken stands beside them: booked here, or held by a calendar
# of theirs. What that held already when they went on call does not count: they have just said that they are there.
ON_CALL = """
SELECT o.mentor_id, o.rung, o.answered, EXISTS (
    SELECT FROM matching_ring r WHERE r.mentor_id = o.mentor_id AND r.answer = ''
  ), taken.begins, taken.ends
FROM matching_oncall o
  JOIN people_person who ON who.id = o.mentor_id AND who.is_active
  JOIN people_profile p ON p.org_id = o.org_id AND p.person_id = o.mentor_id AND p.is_mentor
  JOIN people_membership m ON m.org_id = o.org_id AND m.person_id = o.mentor_id
  LEFT JOIN matching_capacity c ON c.org_id = o.org_id AND c.mentor_id = o.mentor_id
  LEFT JOIN LATERAL (
    SELECT lower(t.during) AS begins, upper(t.during) AS ends FROM mentoring_sessions_timeclaim t
      JOIN mentoring_sessions_mentoringsession s
        ON s.id = t.session_id AND (s.status <> 'held' OR s.held_until > %(now)s)
    WHERE t.person_id = o.mentor_id AND t.during && tstzrange(%(now)s, %(ahead)s)
    UNION ALL
    SELECT lower(gone), upper(gone) FROM availability_busytime b, unnest(b.busy) AS gone
    WHERE b.person_id = o.mentor_id AND gone && tstzrange(%(now)s, %(ahead)s) AND lower(gone) > o.since
    ORDER BY 1 LIMIT 1
  ) taken ON true
WHERE o.org_id = %(org)s AND o.until > %(now)s AND (o.elsewhere OR o.seen_at > %(present)s)
  AND (p.paused_until IS NULL OR p.paused_until <= %(today)s)
  AND (c.minutes_budget IS NULL OR c.minutes_given < c.minutes_budget)
"""


def _waiting(org_id: UUID) -> list[Place]:
    """Who waits for a ring, their rows locked. Whoever is being rung for waits for their wave to end."""
    ringing = Ring.objects.within(org_id).open().filter(place=OuterRef("pk"))
    rows = Place.objects.within(org_id).filter(~Exists(ringing), state=Place.State.WAITING).order_by("asked_at")
    return list(rows.select_for_update(of=("self",), skip_locked=True)[:MOST])


def _rings(place_ids: Collection[UUID]) -> dict[UUID, list[tuple[str, str]]]:
    """(mentor, answer) of every ring of these places."""
    found: dict[UUID, list[tuple[str, str]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT place_id, mentor_id::text, answer FROM matching_ring WHERE place_id = ANY(%s)", [list(place_ids)]
        )
        for place_id, mentor_id, said in cursor.fetchall():
            found[place_id].append((mentor_id, said))
    return found


def _kept_apart(mentee_ids: Collection[UUID]) -> dict[UUID, set[str]]:
    """For each who waits, whom they never meet."""
    apart: dict[UUID, set[str]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT blocker_id, blocked_id FROM people_block WHERE blocker_id = ANY(%s)"
            " UNION ALL SELECT blocked_id, blocker_id FROM people_block WHERE blocked_id = ANY(%s)",
            [list(mentee_ids), list(mentee_ids)],
        )
        for mine, theirs in cursor.fetchall():
            apart[mine].add(str(theirs))
    return apart


def _seen(place: Place, rings: list[tuple[str, str]], apart: set[str], room: dict[str, float]) -> Waiting:
    """A place as the engine sees it. Whoever is booked before this conversation would end does not fit now."""
    missed: dict[str, int] = defaultdict(int)
    for mentor_id, said in rings:
        missed[mentor_id] += said == Ring.Answer.MISSED
    return Waiting(
        id=place.pk,
        asked_at=place.asked_at.timestamp(),
        fits={m: c for m, c in place.fits.items() if room.get(m, 0) >= place.minutes and m not in apart},
        helped=place.helped,
        wave=place.wave,
        passed=frozenset(m for m, said in rings if said == Ring.Answer.PASSED),
        missed={m: n for m, n in missed.items() if n},
        ringing=frozenset(m for m, said in rings if not said),
    )


def _begin(found: list[tuple[Place, UUID]], *, now: datetime) -> int:
    """Write the rings, and tell whoever is concerned. Somebody who is rung elsewhere at this moment is left out."""
    until = now + timedelta(seconds=settings.POLICY["now_wave"])
    begun = 0
    with connection.cursor() as cursor:
        for place, mentor_id in found:
            key = uuid7()
            cursor.execute(RING, [key, place.org_id, place.pk, mentor_id, place.wave, now, until])
            if cursor.rowcount == 0:
                continue
            begun += 1
            events.publish(MentorRung(org_id=place.org_id, ring_id=key, mentor_id=mentor_id), now=now)
            bell_news.tell([mentor_id, place.mentee_id])
    rung = {place.pk for place, _mentor in found}
    if rung:
        org_id = found[0][0].org_id
        with connection.cursor() as cursor:
            cursor.execute("UPDATE matching_place SET wave = wave + 1 WHERE id = ANY(%s)", [list(rung)])
            cursor.execute(
                "UPDATE matching_oncall SET rung = rung + 1 WHERE org_id = %s AND mentor_id = ANY(%s)",
                [org_id, [mentor_id for _place, mentor_id in found]],
            )
    return begun


RING = """
INSERT INTO matching_ring (id, org_id, place_id, mentor_id, wave, rung_at, until, answer)
VALUES (%s, %s, %s, %s, %s, %s, %s, '') ON CONFLICT DO NOTHING
"""


def _both(ring: Ring, by: Person) -> tuple[Ring, Place]:
    """The ring and its place as they stand, the place's row locked first: the order in which everybody locks."""
    if ring.mentor_id != by.pk:
        raise NotFound("There is nothing at this address, or it is not yours to see.")
    places = Place.objects.within(ring.org_id).select_for_update(of=("self",))
    # What is joined is read before the lock is waited for, so only what never changes is joined.
    place = places.select_related("need__mentee").get(pk=ring.place_id)
    return Ring.objects.within(ring.org_id).select_for_update(of=("self",)).get(pk=ring.pk), place


def _close(ring: Ring, said: str, *, now: datetime) -> None:
    ring.answer, ring.answered_at = said, now
    ring.save(update_fields=["answer", "answered_at"])


def _count(mentor_ids: Collection[UUID], *, org_id: UUID, missed: bool, answered: int = 0) -> None:
    """How they answer: a yes or a no ends a row of missed rings."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE matching_oncall SET missed = CASE WHEN %s THEN missed + 1 ELSE 0 END, answered = answered + %s"
            " WHERE org_id = %s AND mentor_id = ANY(%s)",
            [missed, answered, org_id, list(mentor_ids)],
        )


def _too_late(place: Place) -> str:
    if place.state == Place.State.ANSWERED:
        return "Somebody else said yes a moment earlier. Thank you; you stay on call."
    return f"{place.mentee.first_name} has left the line. Thank you; you stay on call."
