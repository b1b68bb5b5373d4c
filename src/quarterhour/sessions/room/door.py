"""Who is let in, and who has to go: asked when somebody comes, when news arrives, and every other second."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.sessions.models import Session as Login
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import JSONObject

from quarterhour.people.models import Block, Membership, Person
from quarterhour.sessions import rules
from quarterhour.sessions.models import Companion, MentoringSession, Status
from quarterhour.sessions.queries import was_missed
from quarterhour.sessions.room import goodbyes, tickets
from quarterhour.sessions.room.goodbyes import Goodbye, Leave

KNOWN = ("name", "email", "password", "is_active")  # what is asked about those who come along
GONE = {
    Status.ENDED: goodbyes.ENDED,
    Status.CANCELLED: goodbyes.CANCELLED,
}


@dataclass(frozen=True)
class Visit:
    """Somebody who may be in the room: the session as it stands, the person, and how they signed in."""

    session: MentoringSession
    person: Person
    login: str
    stamp: str

    @property
    def mentors(self) -> bool:
        return self.person.pk == self.session.mentor_id

    @property
    def along(self) -> bool:
        """Whether somebody brought them: they are not one of the two."""
        return not rules.is_party(self.person, self.session)


def admit(secret: str, *, session_id: UUID, now: datetime) -> Visit:
    """Let somebody in who knocks with a ticket. Raises Leave, which says why not. Asks the database."""
    ticket = tickets.read(secret, session_id=session_id, now=now)
    session = sessions_behind([session_id]).get(session_id)
    person = _of_those(session, ticket.person_id)
    if session is None or person is None:
        raise Leave(goodbyes.NOT_YOURS)
    visit = Visit(session, person, ticket.login, person.get_session_auth_hash())
    refused = why_not(visit, session, logins=logins_alive([ticket.login]), now=now)
    if refused is not None:
        raise Leave(refused)
    return visit


def why_not(visit: Visit, session: MentoringSession | None, *, logins: set[str], now: datetime) -> Goodbye | None:
    """Why this visitor may not be in the room (any more), or None if they may.

    session: as it stands now, with its two people and those who come along. logins: the sign-ins that are still alive.
    """
    person = _of_those(session, visit.person.pk)
    if session is None or person is None:
        return goodbyes.TAKEN_OUT if session is not None and visit.along else goodbyes.NOT_YOURS
    if not visit.along and not _is_member(person, session):
        return goodbyes.NOT_YOURS
    if not session.mentor.is_active or not session.mentee.is_active:
        return goodbyes.AWAY
    if (visit.login and visit.login not in logins) or person.get_session_auth_hash() != visit.stamp:
        return goodbyes.SIGNED_OUT
    if person.is_active and rules.is_open(session, now=now):
        return None
    if session.status != Status.CONFIRMED:
        known = GONE.get(Status(session.status), goodbyes.NOT_BOOKED)
        return goodbyes.MISSED if was_missed(session) else known
    if now >= rules.lobby_closes(session):
        return goodbyes.OVER
    return goodbyes.MOVED if session.span != visit.session.span else goodbyes.EARLY


def sessions_behind(session_ids: Iterable[UUID]) -> dict[UUID, MentoringSession]:
    """The sessions of these rooms with their people, and who comes along, whoever they are; one query."""
    rows = MentoringSession.objects.of_every_tenant(because="rooms of all organisations stand in one hall")
    rows = rows.filter(pk__in=list(session_ids)).select_related("mentor", "mentee", "how_kept")
    rows = rows.annotate(mentor_is_member=_member("mentor"), mentee_is_member=_member("mentee"), comes_along=_along())
    return {row.pk: row for row in rows}


def logins_alive(keys: Iterable[str]) -> set[str]:
    """Those of these sign-ins that have not been ended."""
    wanted = {key for key in keys if key}
    if not wanted:
        return set()
    return set(Login.objects.filter(pk__in=wanted).values_list("pk", flat=True))


def _member(side: str) -> Exists:
    return Exists(Membership.objects.filter(person=OuterRef(side), org=OuterRef("org")))


def _is_member(person: Person, session: MentoringSession) -> bool:
    return session.mentor_is_member if person.pk == session.mentor_id else session.mentee_is_member


def _along() -> ArraySubquery:
    """Who comes along and may: accepted, not out, an open account, still a member, apart from neither of the two."""
    kept_apart = Q()
    for one in (OuterRef("session__mentor"), OuterRef("session__mentee")):
        kept_apart |= Q(blocker=OuterRef("person"), blocked=one) | Q(blocked=OuterRef("person"), blocker=one)
    rows = Companion.plain.filter(session=OuterRef("pk"), out_at=None, person__is_active=True)
    rows = rows.filter(_member("person"), ~Exists(Block.plain.filter(kept_apart))).order_by("pk")
    return ArraySubquery(rows.values(known=JSONObject(id="person", **{name: f"person__{name}" for name in KNOWN})))


def _of_those(session: MentoringSession | None, person_id: UUID) -> Person | None:
    """One of the two, or one who comes along."""
    if session is None:
        return None
    two = (p for p in (session.mentor, session.mentee) if p.pk == person_id)
    along = (Person(**(known | {"id": person_id})) for known in session.comes_along if known["id"] == str(person_id))
    return next(two, None) or next(along, None)
