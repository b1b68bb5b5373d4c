"""Reading sessions and the time that is left beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from quarterhour.availability.models import Availability
from quarterhour.availability.queries import Offer, hours_as_stored, offers, rules_for
from quarterhour.core.errors import NotFound
from quarterhour.core.statements import Answer, Statement, send
from quarterhour.engines.asks_first import asks_first
from quarterhour.engines.budget import minutes_given, room_left, week_of
from quarterhour.engines.matching.family import family_of
from quarterhour.engines.slots import Hours, Taken, free_slots
from quarterhour.people.models import Person, Profile
from quarterhour.people.queries import NEVER_MET
from quarterhour.people.taxonomy import skills
from quarterhour.sessions.models import Ask, MentoringSession, Status

Pair = tuple[datetime, datetime]


def session_for(pk: UUID, *, visible_to: Person) -> MentoringSession:
    """One session with its people and its need. Raises NotFound for anybody but the two."""
    seen = MentoringSession.objects.visible_to(visible_to)
    found = seen.select_related("mentor", "mentee", "need", "org").filter(pk=pk).first()
    if found is None:
        raise NotFound("There is nothing at this address, or it is not yours to see.")
    return found


def sessions_of(person: Person, *, org) -> QuerySet[MentoringSession]:
    """The diary of one person in one organisation, both sides, soonest first, people and needs included."""
    seen = MentoringSession.objects.visible_to(person).filter(org=org)
    return seen.select_related("mentor", "mentee", "need").exclude(status=Status.DROPPED).order_by("span", "pk")


def coming(person: Person, *, org, now: datetime) -> QuerySet[MentoringSession]:
    """Booked and asked sessions that are not over, soonest first."""
    return sessions_of(person, org=org).filter(
        status__in=[Status.ASKED, Status.CONFIRMED], span__endswith__gt=_closed_by(now)
    )


def past(person: Person, *, org) -> QuerySet[MentoringSession]:
    """What is over, latest first."""
    over = sessions_of(person, org=org).filter(status=Status.ENDED)
    return over.select_related("mentor", "mentee", "need", "how_kept").order_by("-span", "-pk")


@dataclass(frozen=True, slots=True)
class Terms:
    """How a mentor may be booked in one organisation: who they are there, and the time they give.

    asks_first: whether they are asked before a booking counts, for the question at hand.
    barred: whether this mentor and the one who asks never meet, whoever of the two wanted it.
    hours: None for somebody who gives none. Then the fields after it are None as well.
    """

    is_active: bool
    is_mentor: bool
    paused_until: date | None
    lengths: list[int]
    asks_first: bool
    barred: bool
    hours: Hours | None
    increment: int
    buffer_before: int
    buffer_after: int
    notice: int
    horizon_days: int
    daily_cap: int | None
    weekly_cap: int | None
    weekly_minutes: int


def terms_of(mentor_id: UUID, *, mentee_id: UUID, org_id: UUID, need_id: UUID | None, since: date) -> Terms | None:
    """What has to be known to book one mentor, in one query. None for whoever is no member or has no profile there.

    need_id: the question it is for, None where it is gone. since: overrides of earlier dates are not read.
    """
    given = {"mentee_id": mentee_id, "org_id": org_id, "need_id": need_id, "since": since}
    return terms_from(*send(asking_terms(mentor_id, **given)))


def asking_terms(mentor_id: UUID, *, mentee_id: UUID, org_id: UUID, need_id: UUID | None, since: date) -> Statement:
    """What `terms_of` asks; `terms_from` understands the answer."""
    return Statement(TERMS, [since, need_id, mentee_id, mentee_id, org_id, mentor_id])


def terms_from(answer: Answer) -> Terms | None:
    if not answer.rows:
        return None
    key, zone, weekly, overrides, asked, known, words, confirm, *terms = answer.rows[0]
    hours = hours_as_stored(zone, weekly, overrides, of=key) if key else None
    first = wants_to_be_asked(asked or (), zip(known or (), words or (), strict=True), otherwise=confirm)
    return Terms(*terms[:4], first, terms[4], hours, *terms[5:])


def wants_to_be_asked(asked: Collection[str], topics: Iterable[tuple[str | None, str]], *, otherwise: str) -> bool:
    """`engines.asks_first` for choices as they are kept: each topic's beside its skill, and the profile's."""
    ask = Profile.Confirm.ASK
    said = [(skill_id, word == ask if word else None) for skill_id, word in topics]
    return asks_first(asked, said, otherwise=otherwise == ask, family=family_of(skills()))


TERMS = f"""
SELECT a.id, a.zone, a.weekly,
  (SELECT jsonb_object_agg(o.day, o.windows) FROM availability_dayoverride o
    WHERE o.availability_id = a.id AND o.day >= %s),
  ARRAY(SELECT skill_id FROM needs_needtopic WHERE need_id = %s), topics.known, topics.words, p.confirm,
  who.is_active, p.is_mentor, p.paused_until, p.lengths, p.person_id = ANY(ARRAY({NEVER_MET})),
  a.increment, a.buffer_before, a.buffer_after, a.notice, a.horizon_days, a.daily_cap, a.weekly_cap, a.weekly_minutes
FROM people_profile p JOIN people_person who ON who.id = p.person_id
  CROSS JOIN LATERAL (SELECT array_agg(skill_id) AS known, array_agg(confirm) AS words
    FROM people_topic WHERE profile_id = p.id) topics
  JOIN people_membership place ON place.org_id = p.org_id AND place.person_id = p.person_id
  LEFT JOIN availability_availability a ON a.org_id = p.org_id AND a.mentor_id = p.person_id
WHERE p.org_id = %s AND p.person_id = %s
"""  # noqa: S608 - put together from our own words


def taken_time(
    person_ids: Iterable[UUID],
    between: Pair,
    *,
    now: datetime,
    but_for: UUID | None = None,
    not_held_by: UUID | None = None,
    elsewhere: Iterable[UUID] | None = None,
    together: UUID | None = None,
) -> dict[UUID, Taken]:
    """The time that is gone for each person around `between`, one query.

    Sessions a person gives count as booked, once where several times are kept for one request, and those that are over
    with the minutes they took; as busy count sessions they ask for, and what their calendars of elsewhere hold. Left
    out: the session `but_for`, holds that have run out, and holds of the mentee `not_held_by`, who may change their
    mind.
    elsewhere: whose other calendars count; None for everybody's. A mentee decides themselves when to talk.
    together: a question whose own requests leave its mentee free, to ask another mentor for the same hour.
    """
    given = {"but_for": but_for, "not_held_by": not_held_by, "elsewhere": elsewhere, "together": together}
    return taken_from(*send(asking_taken(person_ids, between, now=now, **given)))


def asking_taken(
    person_ids: Iterable[UUID],
    between: Pair,
    *,
    now: datetime,
    but_for: UUID | None = None,
    not_held_by: UUID | None = None,
    elsewhere: Iterable[UUID] | None = None,
    together: UUID | None = None,
) -> Statement:
    """What `taken_time` asks; `taken_from` understands the answer."""
    people = list(person_ids)
    others = people if elsewhere is None else list(elsewhere)
    return Statement(TAKEN, [people, *between, but_for, together, now, not_held_by, *between, others])


def taken_from(answer: Answer) -> dict[UUID, Taken]:
    busy: dict[UUID, list[Pair]] = defaultdict(list)
    booked: dict[UUID, list[Pair]] = defaultdict(list)
    for person, start, end, given in answer.rows:
        (booked if given else busy)[person].append((start, end))
    return {person: Taken(busy=busy[person], booked=booked[person]) for person in {*busy, *booked}}


TAKEN = """
SELECT c.person_id, lower(c.during), upper(c.during),
  s.mentor_id = c.person_id AND (c.during = s.span OR s.status = 'ended')
FROM mentoring_sessions_timeclaim c JOIN mentoring_sessions_mentoringsession s ON s.id = c.session_id
WHERE c.person_id = ANY(%s) AND c.during && tstzrange(%s, %s) AND s.id IS DISTINCT FROM %s::uuid
  AND c.together IS DISTINCT FROM %s::uuid
  AND NOT (s.status = 'held' AND (s.held_until <= %s OR s.mentee_id IS NOT DISTINCT FROM %s::uuid))
UNION ALL
SELECT b.person_id, lower(gone), upper(gone), false
FROM availability_busytime b, unnest(b.busy * tstzmultirange(tstzrange(%s, %s))) AS gone WHERE b.person_id = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class Free:
    """What has to be known to say when mentors are free. offered: who gives time. elsewhere: where the mentee is."""

    offered: Mapping[UUID, Offer]
    gone: Mapping[UUID, Taken]
    elsewhere: Sequence[Pair]

    def taken(self, mentor_id: UUID) -> Taken:
        return self.gone.get(mentor_id, Taken())


def free_of(
    mentor_ids: Sequence[UUID],
    *,
    org,
    between: Pair,
    now: datetime,
    mentee: Person | None = None,
    but_for: UUID | None = None,
    together: UUID | None = None,
) -> Free:
    """What `free_starts` reads; three queries, however many mentors."""
    offered = offers(mentor_ids, org=org, since=min(now, between[0]).date() - timedelta(days=2))
    everyone = [*offered, *([mentee.pk] if mentee else [])]
    reach = (between[0] - timedelta(days=10), between[1] + timedelta(days=10))
    mine = mentee.pk if mentee else None
    given = {"but_for": but_for, "not_held_by": mine, "elsewhere": offered, "together": together}
    gone = taken_time(everyone, reach, now=now, **given)
    return Free(offered, gone, _all(gone.get(mentee.pk)) if mentee else [])


def free_starts(
    *,
    mentor_ids: Sequence[UUID],
    org,
    minutes: int | Mapping[UUID, int],
    between: Pair,
    now: datetime,
    each: int | Mapping[UUID, int] | None = 4,
    mentee: Person | None = None,
    but_for: UUID | None = None,
    together: UUID | None = None,
) -> dict[UUID, list[datetime]]:
    """The first free starts of each mentor, at most `each`; three queries, however many mentors.

    minutes, each: one for all, or each mentor's own.

    With a `mentee`, times at which they are elsewhere themselves are left out; not those for which they asked others
    with the question `together`.
    """
    free = free_of(
        mentor_ids, org=org, between=between, now=now, mentee=mentee, but_for=but_for, together=together
    )  # fmt: skip
    found: dict[UUID, list[datetime]] = {}
    for mentor_id, offer in free.offered.items():
        found[mentor_id] = starts_of(
            offer.hours,
            offer.availability,
            free.taken(mentor_id),
            minutes=minutes if isinstance(minutes, int) else minutes[mentor_id],
            between=between,
            now=now,
            each=each[mentor_id] if isinstance(each, Mapping) else each,
            elsewhere=free.elsewhere,
        )
    return found


def starts_of(
    hours: Hours,
    asked: Availability | Terms,
    taken: Taken,
    *,
    minutes: int,
    between: Pair,
    now: datetime,
    each: int | None = None,
    elsewhere: Sequence[Pair] = (),
) -> list[datetime]:
    """Free starts of one mentor: the slot engine's, within the week's minutes, when the mentee can be there."""
    rules = rules_for(asked, minutes=minutes)
    length = timedelta(minutes=minutes)
    fits = room_left(minutes=minutes, booked=taken.booked, budget=asked.weekly_minutes, zone=hours.zone)
    found: list[datetime] = []
    lower = between[0]
    # A week at a time, and no further than asked: most pages want the first few of four weeks.
    while lower < between[1]:
        upper = min(lower + timedelta(days=7), between[1])
        for start in free_slots(hours, rules, taken, now=now, between=(lower, upper)):
            if fits(start) and not any(a < start + length and start < b for a, b in elsewhere):
                found.append(start)
                if len(found) == each:
                    return found
        lower = upper
    return found


def minutes_this_week(mentor: Person, *, org, now: datetime) -> tuple[int, int]:
    """Minutes given or promised in the mentor's present week, and the budget."""
    offer = offers([mentor.pk], org=org).get(mentor.pk)
    if offer is None:
        return 0, 0
    around = (now - timedelta(days=8), now + timedelta(days=8))
    taken = taken_time([mentor.pk], around, now=now).get(mentor.pk, Taken())
    zone = offer.availability.zone
    given = minutes_given(taken.booked, zone).get(week_of(now, zone), 0)
    return given, offer.availability.weekly_minutes


def offered(session: MentoringSession) -> list[datetime]:
    """The other times the mentor offered for a request, all of them kept. One query."""
    rows = Ask.objects.within(session.org_id).filter(session=session).values_list("offered", flat=True)
    return rows.first() or []


def asked_of(need_id: UUID, *, visible_to: Person) -> QuerySet[MentoringSession]:
    """Everybody a question was asked of, the first asked first, with what came of it."""
    rows = MentoringSession.objects.visible_to(visible_to).filter(need=need_id, asked_at__isnull=False)
    return rows.select_related("mentor", "mentee", "need", "ask__passed_to").order_by("asked_at", "pk")


def who_has(
    need_id: UUID | None, *, visible_to: Person, status: str = Status.ASKED, but_for: UUID | None = None
) -> list[Person]:
    """Those who have this question now, the first asked first; with `status=THANKED`, those who had it until somebody
    else said yes. One query, none for no question.
    """
    if need_id is None:
        return []
    return [row.mentor for row in asked_of(need_id, visible_to=visible_to).filter(status=status).exclude(pk=but_for)]


def of_needs(need_ids: Iterable[UUID], *, visible_to: Person) -> dict[UUID, list[MentoringSession]]:
    """The sessions of each need, earliest first, mentors included; one query."""
    rows = MentoringSession.objects.visible_to(visible_to).filter(need__in=list(need_ids))
    grouped: dict[UUID, list[MentoringSession]] = defaultdict(list)
    for row in rows.exclude(status=Status.DROPPED).select_related("mentor", "how_kept").order_by("span"):
        grouped[row.need_id].append(row)
    return grouped


def was_missed(session: MentoringSession) -> bool:
    """Whether one of the two, or both, did not come. Reads the verdict, once for each session that is over."""
    kept = getattr(session, "how_kept", None) if session.status == Status.ENDED else None
    return kept is not None and kept.is_missed


def overdue(now: datetime) -> QuerySet[MentoringSession]:
    """Holds and requests whose time to be answered has passed."""
    everywhere = MentoringSession.objects.of_every_tenant(because="timers run for every organisation")
    ran_out = Q(status=Status.HELD, held_until__lte=now)
    unanswered = Q(status=Status.ASKED) & (Q(answer_by__lte=now) | Q(span__startswith__lte=now))
    return everywhere.filter(ran_out | unanswered)


def finished(now: datetime) -> QuerySet[MentoringSession]:
    """Booked sessions whose room has closed."""
    everywhere = MentoringSession.objects.of_every_tenant(because="timers run for every organisation")
    return everywhere.filter(status=Status.CONFIRMED, span__endswith__lte=_closed_by(now))


def _closed_by(now: datetime) -> datetime:
    """The room of a session that ended by this moment has closed."""
    return now - timedelta(minutes=settings.POLICY["lobby_closes"])


def _all(taken: Taken | None) -> list[Pair]:
    return [] if taken is None else [*taken.busy, *taken.booked]
