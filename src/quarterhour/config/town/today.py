"""What is about to happen in the town: renewed at each start, so that a visitor never finds an empty day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from quarterhour.config.town import written
from quarterhour.config.town.plan import COMMONS, DOMAIN
from quarterhour.core import events
from quarterhour.core.ids import uuid7
from quarterhour.core.models import Organisation
from quarterhour.needs.models import Need, NeedTopic
from quarterhour.people.models import Person
from quarterhour.people.taxonomy import town_topics
from quarterhour.sessions import claims
from quarterhour.sessions.events import SessionAsked, SessionConfirmed
from quarterhour.sessions.models import AttendanceEvent, MentoringSession, Status
from quarterhour.sessions.queries import free_starts

FIVE = timedelta(minutes=5)
SOON = timedelta(days=2)
IN_MINUTES = timedelta(minutes=10)
STILL_TIME = timedelta(minutes=5)  # a session that ends sooner than this is no use to a visitor


@dataclass(frozen=True)
class Today:
    """What a visitor finds: the session the demo people can enter, and how many requests wait."""

    next: MentoringSession | None
    asks: int


@transaction.atomic
def refresh(*, now: datetime) -> Today:
    """See to it that Leila and Amara meet in a few minutes, that two people wait for Amara, and that
    Leila's question about becoming a lead is on her page.

    Does nothing for whatever is there already, and nothing where the town does not live.
    """
    org = Organisation.objects.filter(slug=COMMONS).first()
    if org is None or not Person.objects.filter(email=_email("leila-haddad")).exists():
        return Today(None, 0)
    coming = written.story()["coming"]
    soon = next(row for row in coming if row["day"] == "soon")
    booked = _booked(org, soon, now) or _book(org, soon, now)
    asks = sum(_asked(org, row, now) for row in coming if row["status"] == "asked")
    for row in written.story()["open"]:
        _open(org, row, now)
    return Today(booked, asks)


def _booked(org: Organisation, row: dict, now: datetime) -> MentoringSession | None:
    """The session the two are in or about to begin, or the one of this row later today, if there is one."""
    rows = MentoringSession.objects.within(org).filter(
        mentor__email=_email(row["mentor"]), mentee__email=_email(row["mentee"]), status=Status.CONFIRMED
    )
    ahead = rows.filter(span__endswith__gt=now + STILL_TIME, span__startswith__lt=now + timedelta(hours=18))
    # What a visitor booked for tonight is no session that begins in minutes.
    soon = Q(span__startswith__lte=now + IN_MINUTES) | Q(need__text=row["question"])
    return ahead.filter(soon).order_by("span").first()


def _book(org: Organisation, row: dict, now: datetime) -> MentoringSession | None:
    """A session a few minutes from now, its lobby open already. What nobody came to is forgotten."""
    mentor, mentee = _person(row["mentor"]), _person(row["mentee"])
    need = _need(org, mentee, row, now)
    missed = MentoringSession.objects.within(org).filter(
        need=need, mentor=mentor, takeaway=None, span__endswith__lte=now + STILL_TIME
    )
    missed.exclude(pk__in=AttendanceEvent.objects.within(org).values("session")).delete()
    first = _next_five(now + timedelta(minutes=4))
    for start in (first + FIVE * n for n in range(48)):
        session = _session(need, mentor, start, Status.CONFIRMED, now)
        if _kept(session):
            news = SessionConfirmed(org_id=org.pk, session_id=session.pk, sequence=session.sequence)
            events.publish(news, now=now)
            return MentoringSession.objects.within(org).get(pk=session.pk)
    return None


def _asked(org: Organisation, row: dict, now: datetime) -> bool:
    """Whether this person waits for an answer, or was answered for a time to come; asked anew otherwise."""
    mentor, mentee = _person(row["mentor"]), _person(row["mentee"])
    need = _need(org, mentee, row, now)
    alive = MentoringSession.objects.within(org).filter(
        need=need, mentor=mentor, status__in=[Status.ASKED, Status.CONFIRMED], span__startswith__gt=now
    )
    if alive.exists():
        return True
    between = (now + timedelta(hours=row["answer_hours"]), now + timedelta(days=9))
    minutes = row["minutes"]
    starts = free_starts(mentor_ids=[mentor.pk], org=org, minutes=minutes, between=between, now=now, mentee=mentee)
    for start in starts.get(mentor.pk, []):
        session = _session(need, mentor, start, Status.ASKED, now)
        session.answer_by = now + timedelta(hours=row["answer_hours"])
        if _kept(session):
            events.publish(SessionAsked(org_id=org.pk, session_id=session.pk, sequence=session.sequence), now=now)
            return True
    return False


def _open(org: Organisation, row: dict, now: datetime) -> None:
    """The question Leila has not found anybody for: stated minutes ago, unless a visitor went on with it."""
    mentee = _person(row["mentee"])
    beginning = row["question"].partition("{day}")[0]
    here = now.astimezone(ZoneInfo(mentee.zone)).date()
    decide_by = here + timedelta(days=row["decide_in"] - (here + timedelta(days=row["decide_in"])).weekday() + 4)
    text = row["question"].replace("{day}", f"{decide_by:%A %-d %B}")
    need = Need.objects.within(org).filter(mentee=mentee, text__startswith=beginning).order_by("stated_at").last()
    if need is None:
        need = _need(org, mentee, row | {"question": text}, now)
    elif need.closed_at or need.sessions.exists() or (need.decide_by and need.decide_by > here + SOON):
        return
    asked = {"text": text, "decide_by": decide_by, "matched_at": None}
    Need.objects.within(org).filter(pk=need.pk).update(stated_at=now - timedelta(minutes=row["minutes_ago"]), **asked)


def _need(org: Organisation, mentee: Person, row: dict, now: datetime) -> Need:
    """The question of a row, kept from an earlier start if it is there."""
    need = Need.objects.within(org).filter(mentee=mentee, text=row["question"]).order_by("stated_at").last()
    if need is not None:
        return need
    need = Need.objects.create(
        org=org, mentee=mentee, text=row["question"], kind=row["kind"], minutes=row["minutes"],
        when=row.get("when", "week"), languages=row.get("languages", ["en"]), tried=row.get("tried", ""),
        good_outcome=row.get("good_outcome", ""), stated_at=now - timedelta(hours=7),
        matched_at=now - timedelta(hours=7) if "mentor" in row else None,
    )  # fmt: skip
    known = town_topics()
    skills = [known[name] for name in row.get("topics", ()) if name in known]
    NeedTopic.objects.bulk_create(
        [NeedTopic(org=org, need=need, skill_id=skill, position=n) for n, skill in enumerate(skills)]
    )
    return need


def _session(need: Need, mentor: Person, start: datetime, status: str, now: datetime) -> MentoringSession:
    span = (start, start + timedelta(minutes=need.minutes))
    return MentoringSession(
        id=uuid7(), org_id=need.org_id, need=need, mentor=mentor, mentee_id=need.mentee_id, span=span, status=status,
        created_at=now,
    )  # fmt: skip


def _kept(session: MentoringSession) -> bool:
    """Whether both had the time. If not, nothing was written."""
    mark = transaction.savepoint()
    session.save(force_insert=True)
    if claims.claim(session.pk, [session.mentor_id, session.mentee_id], session.span):
        transaction.savepoint_commit(mark)
        return True
    transaction.savepoint_rollback(mark)
    return False


def _next_five(moment: datetime) -> datetime:
    """The first full five minutes at or after `moment`."""
    whole = moment.replace(second=0, microsecond=0) + (timedelta(minutes=1) if moment.second else timedelta())
    return whole + timedelta(minutes=-whole.minute % 5)


def _person(slug: str) -> Person:
    return Person.objects.get(email=_email(slug))


def _email(slug: str) -> str:
    return f"{slug}@{DOMAIN}"
