"""Either of the two may bring somebody along: asked by mail, accepted by themselves, refused or taken out by either.

A companion is in the room, and nowhere else: no claim of time, no side in the verdict, no card.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from quarterhour.core import audit, events, limits, links, retention
from quarterhour.core.errors import Changed, Invalid, NotAllowed, NotFound
from quarterhour.people.models import Person
from quarterhour.people.queries import is_blocked
from quarterhour.people.rules import address
from quarterhour.people.services import join
from quarterhour.sessions import claims, queries, rules
from quarterhour.sessions.events import CompanionAsked, CompanionComes, CompanionEvent, CompanionOut
from quarterhour.sessions.models import Companion, MentoringSession, Status
from quarterhour.sessions.room import larger, news

A_DAY = 20
KEPT = timedelta(days=30)  # after the session: the address of somebody who may have no account here
GONE = "This invitation is no longer open. Write to whoever sent it to you."
NOT_HERE = "There is nothing at this address, or it is not yours to see."


@transaction.atomic
def bring(*, session: MentoringSession, email: str, by: Person, now: datetime) -> Companion:
    """`by` asks somebody along, and the other one of the two hears of it at once.

    Raises NotFound for strangers, WrongState unless it is booked and not over, Invalid for an address that is none
    or cannot be asked, and where as many come along as may; TooMany after twenty in a day.
    """
    rules.check_party(by, session)
    email = _address(email)
    session = _locked(session)
    check_open(session, now=now)
    check_may_be_asked(session, email, by=by)
    told = f"You asked {A_DAY} people along in a day. Tomorrow you can ask again."
    limits.spend(f"along {by.pk}", most=A_DAY, per=timedelta(days=1), now=now, told=told)
    made = Companion.objects.create(
        org_id=session.org_id, session=session, brought_by=by, email=email, asked_at=now
    )  # fmt: skip
    _tell(CompanionAsked, made, session, now=now)
    _note("asked somebody along", made, by=by, now=now)
    return made


def check_may_be_asked(session: MentoringSession, email: str, *, by: Person) -> None:
    """Raises Invalid, which says why this address cannot come along. Whether anybody blocked anybody is never told."""
    if email in {session.mentor.email.lower(), session.mentee.email.lower()}:
        _refuse("That is one of you two.")
    rows = Companion.objects.within(session.org_id).filter(session=session)
    asked = {row.email for row in rows.in_force()}
    if email in asked:
        _refuse("They are asked already.")
    other = session.other(by)
    if rows.filter(email=email, out_by=other).exists():
        _refuse(f"{other.first_name} would rather talk without them.")
    most = larger.most_companions()
    if len(asked) >= most:
        come, are = larger.WORDS[most].capitalize(), larger.WORDS[most + 2]
        _refuse(f"{come} come along already. With you two that is {are}, as many as the room holds.")


@transaction.atomic
def accept(*, companion: Companion, by: Person, now: datetime) -> Companion:
    """They come along, with their own account; where everybody is let in, they are a member from then on.

    Accepted twice, it is accepted once. Raises NotAllowed for an account of another address or outside the
    organisation, NotFound once it is not open any more; who was blocked by one of the two is told the same.
    """
    session = _locked(companion.session)
    row = _again(companion)
    if row.out_at or session.status != Status.CONFIRMED or rules.lobby_closes(session) <= now:
        raise NotFound(GONE)
    check_is_theirs(row, by)
    if rules.is_party(by, session) or is_apart(by, session):
        raise NotFound(GONE)
    if row.person_id == by.pk:
        return row
    if Companion.objects.within(row.org_id).in_force().filter(session=session, person=by).exists():
        raise Changed("You come along already.")
    if row.org_id not in by.org_ids:
        join(person=by, org=row.org, now=now)
    row.person, row.accepted_at = by, now
    row.save(update_fields=["person", "accepted_at"])
    _tell(CompanionComes, row, session, now=now)
    _note("came along", row, by=by, now=now)
    return row


def check_is_theirs(companion: Companion, by: Person) -> None:
    """Raises NotAllowed unless this account has the address that was asked, and belongs to the organisation or may."""
    if by.email.lower() != companion.email:
        raise NotAllowed("This invitation was sent to another address. Sign in with the one it came to.")
    if companion.org_id not in by.org_ids and not companion.org.open_to_all:
        raise NotAllowed(
            f"This session belongs to {companion.org.name}, and you are no member there yet. "
            f"Ask {companion.brought_by.first_name} how to become one."
        )


@transaction.atomic
def decline(*, companion: Companion, by: Person, now: datetime) -> Companion:
    """Whose address was asked says no, before they accepted. Raises NotAllowed for an account of another address."""
    check_is_theirs(companion, by)
    session = _locked(companion.session)
    row = _again(companion)
    return row if row.out_at else _out(row, session, by=by, now=now)


@transaction.atomic
def take_out(*, companion: Companion, by: Person, now: datetime) -> Companion:
    """Either of the two, or they themselves, say that they do not come along; the room closes for them within a second.

    For good: the same address can be asked again by whoever took it out. Twice changes nothing. Raises NotFound.
    """
    session = _locked(companion.session)
    row = _again(companion)
    if not rules.is_party(by, session) and by.pk != row.person_id:
        raise NotFound(NOT_HERE)
    return row if row.out_at else _out(row, session, by=by, now=now)


@transaction.atomic
def part(other: Person, by: Person, *, now: datetime) -> int:
    """These two never meet again: whoever of them comes along to a session of the other does not any more."""
    because = "whoever blocked somebody meets them in no organisation"
    rows = Companion.objects.of_every_tenant(because=because).in_force().filter(session__status=Status.CONFIRMED)
    pairs = [(one, two) for one, two in ((other, by), (by, other))]
    found = [
        row
        for along, party in pairs
        for row in rows.filter(person=along).select_related("session")
        if rules.is_party(party, row.session)
    ]
    for row in found:
        _out(row, row.session, by=by, now=now)
    return len(found)


def forget(*, now: datetime) -> int:
    """Remove who came along to what is long over, addresses and all. Returns how many."""
    everywhere = Companion.objects.of_every_tenant(because="housekeeping runs for every organisation")
    return retention.forget(everywhere.filter(session__span__endswith__lt=now - KEPT))


# --- reading -----------------------------------------------------------------------------------------


def along(session: MentoringSession) -> list[Companion]:
    """Who is asked along or comes, for a page of somebody who may see the session. One query."""
    rows = Companion.objects.within(session.org_id).in_force().filter(session=session)
    return list(rows.select_related("person", "brought_by").order_by("asked_at", "pk"))


def comes_along(person: Person, *, org, now: datetime) -> list[Companion]:
    """The booked sessions of others that this person comes along to and whose rooms have not closed, soonest first."""
    closed_by = now - timedelta(minutes=settings.POLICY["lobby_closes"])
    rows = Companion.objects.visible_to(person).in_force().filter(org=org, person=person)
    rows = rows.filter(session__status=Status.CONFIRMED, session__span__endswith__gt=closed_by)
    return list(rows.select_related("session__mentor", "session__mentee", "brought_by").order_by("session__span"))


def companion_for(pk: UUID, *, session: UUID, visible_to: Person) -> Companion:
    """One of them, for one of the two. Raises NotFound."""
    rows = Companion.objects.visible_to(visible_to).filter(pk=pk, session=session)
    found = rows.select_related("session__mentor", "session__mentee", "person", "brought_by").first()
    if found is None:
        raise NotFound(NOT_HERE)
    return found


def room_for(pk: UUID, *, visible_to: Person) -> tuple[MentoringSession, Companion | None]:
    """The session whose room this person may enter: one of the two, or who comes along. Raises NotFound."""
    try:
        return queries.session_for(pk, visible_to=visible_to), None
    except NotFound:
        rows = Companion.objects.visible_to(visible_to).in_force().filter(session=pk, person=visible_to)
        mine = rows.select_related("session__mentor", "session__mentee", "session__need", "session__org").first()
        if mine is None or is_apart(visible_to, mine.session):
            raise
        return mine.session, mine


def is_apart(person: Person, session: MentoringSession) -> bool:
    """Whether this person and one of the two never meet. Two queries at most."""
    return is_blocked(person, session.mentor) or is_blocked(person, session.mentee)


def check_open(session: MentoringSession, *, now: datetime) -> None:
    """Raises WrongState unless it is booked and not over."""
    rules.check_is(session, Status.CONFIRMED)
    if session.ends_at <= now:
        raise rules.WrongState(rules.SAID[Status.ENDED])


def family(companion: Companion) -> str:
    """All links of one invitation."""
    return f"along {companion.pk.hex}"


# --- the parts ---------------------------------------------------------------------------------------


def _out(row: Companion, session: MentoringSession, *, by: Person, now: datetime) -> Companion:
    row.out_at, row.out_by = now, by
    row.save(update_fields=["out_at", "out_by"])
    links.revoke(family(row), now=now)
    _tell(CompanionOut, row, session, now=now)
    _note("took somebody out", row, by=by, now=now)
    return row


def _locked(session: MentoringSession) -> MentoringSession:
    claims.lock_people(session.mentor_id, session.mentee_id)
    rows = MentoringSession.objects.within(session.org_id).select_for_update(of=("self",), no_key=True)
    return rows.select_related("mentor", "mentee").get(pk=session.pk)


def _again(companion: Companion) -> Companion:
    rows = Companion.objects.within(companion.org_id).select_for_update(of=("self",), no_key=True)
    return rows.select_related("brought_by", "org", "session").get(pk=companion.pk)


def _tell(kind: type[CompanionEvent], row: Companion, session: MentoringSession, *, now: datetime) -> None:
    told = kind(org_id=row.org_id, session_id=session.pk, sequence=session.sequence, companion_id=row.pk)
    events.publish(told, now=now)
    news.tell(session.pk, "companion")


def _note(act: str, row: Companion, *, by: Person, now: datetime) -> None:
    on = f"session {row.session_id}"
    audit.note(act=act, on=on, by=str(by.pk), org_id=row.org_id, now=now, companion=str(row.pk))


def _address(text: str) -> str:
    try:
        return address(text)
    except Invalid as error:
        raise Invalid(error.told, fields={"email": error.told}) from error


def _refuse(told: str) -> None:
    raise Invalid(told, fields={"email": told})
