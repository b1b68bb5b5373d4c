"""How a session was kept: judged when it ends, and again when somebody says more about it.

The log of the room is read here, `engines.attendance` decides, and the verdict is kept with what it rests on.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, Q

from quarterhour.core import events, retention
from quarterhour.engines.attendance import FRESH, RULE, Attended, Found, Seen, Side, Stay, Verdict, told_besides
from quarterhour.engines.attendance import judge as judged
from quarterhour.people.models import Person
from quarterhour.sessions import claims, rules, silence
from quarterhour.sessions.events import SessionJudged
from quarterhour.sessions.models import AttendanceEvent, ChatLine, HowKept, MentoringSession


def found(session: MentoringSession, *, now: datetime, told: Collection[Side] = ()) -> Found:
    """How it was kept until now, by the log of the room. Two queries. Who came along counts for nobody."""
    two = [session.mentor_id, session.mentee_id]
    log = AttendanceEvent.objects.within(session.org_id).filter(session=session, person__in=two)
    lines = [
        Seen(side_of(person, session), str(page), kind, at)
        for person, page, kind, at in log.values_list("person", "connection", "kind", "at")
    ]
    chat = ChatLine.objects.within(session.org_id).filter(session=session, person__in=two)
    wrote = chat.order_by().values_list("person", flat=True)
    return judged(
        lines,
        Stay(session.starts_at, session.ends_at),
        opens=rules.lobby_opens(session),
        until=now,
        told=told,
        wrote={side_of(person, session) for person in wrote.distinct()},
        elsewhere=session.is_elsewhere,
    )


def is_there(person: Person, session: MentoringSession, *, now: datetime) -> bool:
    """Whether this person is in the room or its lobby: a page that has not left, and was heard of lately. One query."""
    pages = AttendanceEvent.objects.within(session.org_id).filter(session=session, person=person).order_by()
    pages = pages.values("connection").annotate(
        heard=Max("at"), left=Count("pk", filter=Q(kind=AttendanceEvent.Kind.LEFT))
    )
    return pages.filter(left=0, heard__gte=now - FRESH).exists()


def judge(session: MentoringSession, *, now: datetime, told: Collection[Side] = ()) -> HowKept:
    """Keep the verdict on a session that ends at this moment, in the transaction that ends it, under its locks."""
    how = found(session, now=now, told=told)
    kept = HowKept(org_id=session.org_id, session=session, judged_at=now)
    _put(kept, how)
    kept.paused = _let_it_count(session, how.verdict, now=now)
    kept.save(force_insert=True)
    return kept


@transaction.atomic
def hear(session_id: UUID, told: Collection[Side], *, org_id: UUID, now: datetime) -> None:
    """These sides say that they met. Told twice, or of a session that is not over, nothing happens."""
    kept = _locked(session_id, org_id)
    if kept is None or kept.settled_at is not None:
        return
    before = read(kept)
    after = told_besides(before, told)
    if after == before:
        return
    _put(kept, after)
    if after.verdict != before.verdict:
        overturn(kept, before.verdict, now=now)
    kept.save()


def overturn(kept: HowKept, before: str, *, now: datetime) -> None:
    """The verdict is another one than it was: what it set off is taken back or made up for, and told."""
    session = kept.session
    if before == Verdict.MISSED_BY_MENTOR:
        silence.heard(session.mentor_id, org_id=session.org_id)
        if kept.paused:
            silence.come_back(session.mentor, org=session.org_id, now=now)
    kept.paused = _let_it_count(session, Verdict(kept.word), now=now)
    told = SessionJudged(org_id=session.org_id, session_id=session.pk, sequence=session.sequence)
    events.publish(told, now=now)


def _locked(session_id: UUID, org_id: UUID) -> HowKept | None:
    rows = HowKept.objects.within(org_id).filter(session=session_id)
    both = rows.values_list("session__mentor", "session__mentee").first()
    if both is None:
        return None
    claims.lock_people(*both)  # before what is theirs, as in every press
    rows = rows.select_related("session__mentor", "session__mentee", "session__org")
    return rows.select_for_update(of=("self",)).get()


def _let_it_count(session: MentoringSession, verdict: Verdict, *, now: datetime) -> bool:
    """A mentor who did not come is as silent as one who did not answer. Whether it paused them."""
    if verdict == Verdict.MISSED_BY_MENTOR:
        return silence.missed(session, now=now)
    if verdict in {Verdict.HELD, Verdict.SHORT}:
        silence.heard(session.mentor_id, org_id=session.org_id)
    return False


def side_of(person_id: UUID, session: MentoringSession) -> Side:
    return Side.MENTOR if person_id == session.mentor_id else Side.MENTEE


# --- what is kept --------------------------------------------------------------------------------------


def _put(kept: HowKept, how: Found) -> None:
    kept.word, kept.rule, kept.facts = how.verdict.value, RULE, _facts(how)


def _facts(how: Found) -> dict:
    def one(attended: Attended) -> dict:
        return {
            "inside": [[stay.start.isoformat(), stay.end.isoformat()] for stay in attended.inside],
            "lobby": [[stay.start.isoformat(), stay.end.isoformat()] for stay in attended.lobby],
            "waited": attended.waited.total_seconds(),
        }

    return {
        "mentor": one(how.mentor),
        "mentee": one(how.mentee),
        "together": how.together.total_seconds(),
        "told": sorted(how.told),
    }


def read(kept: HowKept) -> Found:
    """The verdict with what it rests on, as it was kept."""

    def stays(rows: list) -> tuple[Stay, ...]:
        return tuple(Stay(datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in rows)

    def one(facts: dict) -> Attended:
        waited = timedelta(seconds=facts["waited"])
        return Attended(inside=stays(facts["inside"]), lobby=stays(facts["lobby"]), waited=waited)

    facts = kept.facts
    return Found(
        verdict=Verdict(kept.word),
        mentor=one(facts["mentor"]),
        mentee=one(facts["mentee"]),
        together=timedelta(seconds=facts["together"]),
        told=frozenset(Side(each) for each in facts["told"]),
    )


def forget_heartbeats(*, now: datetime) -> int:
    """Remove old signs of life from the attendance log; who came and went stays. Returns how many."""
    everywhere = AttendanceEvent.objects.of_every_tenant(because="housekeeping runs for every organisation")
    return retention.forget(everywhere.filter(kind=AttendanceEvent.Kind.HEARTBEAT, at__lt=now - settings.KEEP))
