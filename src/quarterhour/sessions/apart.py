"""Two people who never meet again: what they had before them is let go, and nobody is told why."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from quarterhour.core.errors import NotFound
from quarterhour.core.models import Organisation
from quarterhour.people import services as people
from quarterhour.people.models import Person, Profile
from quarterhour.people.queries import blocked_beside
from quarterhour.sessions import claims, companions, services, writing
from quarterhour.sessions.models import TAKING_TIME, MentoringSession, Status
from quarterhour.sessions.rules import WrongState


@transaction.atomic
def block(*, other: Person, by: Person, org: Organisation, now: datetime) -> list[MentoringSession]:
    """`by` never meets `other` again. Returns the sessions that were let go.

    A time that is held, asked for or booked is given back the way it always is, so that the mail about it says what
    it always says. A session that runs ends, its room closes, and what is left of its time is theirs again. Raises
    Invalid for oneself.
    """
    people.block(other=other, by=by, org=org, now=now)
    let_go = _let_all_go(before_them(other, by, now=now), by, now)
    writing.let_go(other, by, now=now)
    companions.part(other, by, now=now)
    return let_go


@transaction.atomic
def let_everything_go(person: Person, *, now: datetime) -> list[MentoringSession]:
    """Give back whatever this person holds, asked for or booked with anybody, as if they had released it."""
    return _let_all_go(_ahead(Q(mentor=person) | Q(mentee=person), now), person, now)


def before_them(other: Person, by: Person, *, now: datetime) -> list[MentoringSession]:
    """What these two hold, asked for or booked and is not over, in whichever organisation. One query."""
    return _ahead(Q(mentor=other, mentee=by) | Q(mentor=by, mentee=other), now)


def _ahead(whose: Q, now: datetime) -> list[MentoringSession]:
    because = "whoever blocked somebody, or may not come any more, meets them in no organisation"
    rows = MentoringSession.objects.of_every_tenant(because=because).filter(whose, status__in=TAKING_TIME)
    still = Q(span__endswith__gt=now) | Q(status=Status.CONFIRMED)  # the room stays open a while after the end
    return list(rows.filter(still).select_related("mentor", "mentee").order_by("span", "pk"))


def _let_all_go(sessions: list[MentoringSession], by: Person, now: datetime) -> list[MentoringSession]:
    let_go = []
    for session in sessions:
        with suppress(WrongState):  # a timer was quicker: it is over, or was given back already
            let_go.append(_let_go(session, by, now))
    return let_go


def _let_go(session: MentoringSession, by: Person, now: datetime) -> MentoringSession:
    if session.status == Status.HELD:
        return services.release(session=session, by=session.mentee, now=now)
    if session.status == Status.CONFIRMED and session.starts_at <= now:
        ended = services.end(session=session, now=now)
        if now < ended.ends_at:
            claims.cut(ended.pk, now=now)
        return ended
    if session.status == Status.ASKED and by.pk == session.mentor_id:
        return services.decline(session=session, by=by, now=now)
    return services.cancel(session=session, by=by, now=now)


def known_to(person: Person, pk: UUID, *, org: Organisation) -> Person:
    """Somebody whom `person` may know of here: who offers time, or with whom they had a session.

    Raises NotFound for everybody else, so that nobody learns by a key who has an account, or was blocked by whom.
    """
    offers = Profile.objects.visible_to(person).mentors().filter(~blocked_beside(person, "person"), org=org)
    shared = MentoringSession.objects.visible_to(person).filter(
        Q(mentor=OuterRef("pk")) | Q(mentee=OuterRef("pk")), Q(mentor=person) | Q(mentee=person)
    )
    known = Exists(offers.filter(person=OuterRef("pk"))) | Exists(shared.exclude(status=Status.DROPPED))
    found = Person.objects.exclude(pk=person.pk).filter(known, pk=pk).first()
    if found is None:
        raise NotFound("There is nothing at this address, or it is not yours to see.")
    return found
