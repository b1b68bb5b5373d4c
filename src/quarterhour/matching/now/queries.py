"""How many could answer, how long it takes, and how one's own place in the line stands."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Q

from quarterhour.core.errors import NotFound
from quarterhour.engines.dispatch import Place as Waiting
from quarterhour.engines.dispatch import Policy, Wait, likely_wait
from quarterhour.matching.models import OnCall, Place, Ring
from quarterhour.matching.now.ringing import on_call
from quarterhour.people.models import Person
from quarterhour.sessions.models import Status, TimeClaim

BEFORE = 200  # people in the line who are looked at for a forecast
ENOUGH = 5  # answers of today from which their middle is told


@dataclass(frozen=True, slots=True)
class Offer:
    """How many mentors could answer now, and how long that would take.

    until: when each of them stops. names: as one calls them, whoever fits best in front.
    """

    able: int
    wait: Wait
    until: Mapping[UUID, datetime]
    names: tuple[str, ...]


def is_booked(person: Person, *, minutes: int, now: datetime) -> bool:
    """Whether a conversation of so many minutes from now on would run into one they have. One query."""
    claims = TimeClaim.objects.filter(person=person, during__overlap=(now, now + timedelta(minutes=minutes)))
    return claims.exclude(session__status=Status.HELD).exists()


def offer_now(fits: Mapping[UUID, float], *, org_id: UUID, minutes: int, now: datetime) -> Offer | None:
    """What a button "Talk now" may promise somebody with these `fits`; None where nobody of them is on call.

    Four queries at most, one where none of them is on call.
    """
    there_now = _there(org_id, list(fits), now=now)
    if not there_now:
        return None
    engaged, room = on_call(org_id, now=now)
    there = {each.id for each in engaged if room[each.id] >= minutes}
    able = {str(key): chance for key, chance in fits.items() if str(key) in there}
    if not able:
        return None
    place = Waiting(id="", asked_at=now.timestamp(), fits=able)
    wait = likely_wait(place, _line(org_id), engaged, now=now.timestamp(), policy=_policy())
    answering = sorted((row for row in there_now if str(row.mentor_id) in able), key=lambda row: -fits[row.mentor_id])
    until = {row.mentor_id: row.until for row in answering}
    return Offer(len(able), wait, until, tuple(row.mentor.first_name for row in answering))


def wait_of(place: Place, *, now: datetime) -> Wait:
    """How long this place will wait from now on. Five queries."""
    engaged, room = on_call(place.org_id, now=now)
    rings = list(Ring.objects.within(place.org_id).filter(place=place).values_list("mentor", "answer"))
    passed = {str(key) for key, said in rings if said == Ring.Answer.PASSED}
    missed = [str(key) for key, said in rings if said == Ring.Answer.MISSED]
    mine = Waiting(
        id=str(place.pk),
        asked_at=place.asked_at.timestamp(),
        fits={key: chance for key, chance in place.fits.items() if room.get(key, 0) >= place.minutes},
        helped=place.helped,
        wave=place.wave,
        passed=frozenset(passed),
        missed={key: missed.count(key) for key in set(missed)},
    )
    others = [each for each in _line(place.org_id) if each.id != mine.id]
    return likely_wait(mine, others, engaged, now=now.timestamp(), policy=_policy())


def place_for(pk: UUID, *, visible_to: Person) -> Place:
    """A place with its question. Raises NotFound for anybody else's."""
    rows = Place.objects.visible_to(visible_to).filter(pk=pk).select_related("need", "session")
    found = rows.first()
    if found is None:
        raise NotFound("There is nothing at this address, or it is not yours to see.")
    return found


def standing(person: Person) -> Place | None:
    """The place in which somebody stands in line, if they do."""
    return Place.objects.visible_to(person).open().select_related("need").first()


def rings_of(place: Place) -> list[Ring]:
    """Who was rung for this place, in order, with their names. One query."""
    rows = Ring.objects.within(place.org_id).filter(place=place).select_related("mentor")
    return list(rows.order_by("rung_at", "pk"))


def ring_for(mentor: Person) -> Ring | None:
    """The ring that waits for this mentor's answer, with its question. One query."""
    rows = Ring.objects.visible_to(mentor).open().select_related("place__need", "place__mentee")
    return rows.first()


def own_ring(pk: UUID, *, visible_to: Person) -> Ring:
    """Raises NotFound for anybody else's."""
    found = Ring.objects.visible_to(visible_to).filter(pk=pk).select_related("place").first()
    if found is None:
        raise NotFound("There is nothing at this address, or it is not yours to see.")
    return found


def own_call(mentor: Person, *, org) -> OnCall | None:
    """How this mentor is, or last was, on call here."""
    return OnCall.objects.visible_to(mentor).filter(org=org, mentor=mentor).first()


def answered_within(org_id: UUID, *, now: datetime) -> timedelta | None:
    """Within how long half of today's places were answered; None where too few were to say."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM ended_at - asked_at))"
            " FROM matching_place WHERE org_id = %s AND state = 'answered' AND ended_at > %s",
            [org_id, now - timedelta(hours=24)],
        )
        count, middle = cursor.fetchone()
    return timedelta(seconds=middle) if count >= ENOUGH else None


def _there(org_id: UUID, mentor_ids: Collection[UUID], *, now: datetime) -> list[OnCall]:
    """Those of them who are on call and hear a ring, with their names. One query."""
    rows = OnCall.objects.within(org_id).filter(mentor__in=mentor_ids, until__gt=now)
    present = now - timedelta(seconds=settings.POLICY["present"])
    return list(rows.filter(Q(elsewhere=True) | Q(seen_at__gt=present)).select_related("mentor").order_by("pk"))


def _line(org_id: UUID) -> list[Waiting]:
    rows = Place.objects.within(org_id).filter(state=Place.State.WAITING).order_by("asked_at")[:BEFORE]
    return [
        Waiting(id=str(pk), asked_at=asked_at.timestamp(), fits=fits, helped=helped, wave=wave)
        for pk, asked_at, fits, helped, wave in rows.values_list("pk", "asked_at", "fits", "helped", "wave")
    ]


def _policy() -> Policy:
    return Policy(seconds=settings.POLICY["now_wave"])
