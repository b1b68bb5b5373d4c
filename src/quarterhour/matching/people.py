"""People for a question: found in the database, ranked by the engine, shown with their evidence and times."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Prefetch

from quarterhour.engines.quality import Helped
from quarterhour.matching import candidates
from quarterhour.matching.embedding import embed
from quarterhour.matching.ranking import Ranked, ranked_for
from quarterhour.people.languages import NAMES
from quarterhour.people.models import Person, Profile, Topic
from quarterhour.sessions.queries import free_starts
from quarterhour.sessions.rules import length_offered
from quarterhour.trust.queries import helped_by

NOBODY = UUID(int=0)
AHEAD = timedelta(days=28)
CARDS = 3
NEW = timedelta(days=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody looks for. skills: ids of the taxonomy. languages: ISO codes, best first."""

    text: str
    kind: str
    minutes: int
    when: str
    languages: Sequence[str]
    skills: Sequence[str]
    decide_by: date | None = None


@dataclass(slots=True)
class Quote:
    """A mentor's own words: (text, marked) parts, where they were said, and their language if not English."""

    parts: list[tuple[str, bool]]
    source: str
    language: str = ""


@dataclass(slots=True)
class Card:
    profile: Profile
    anchor: str
    line: str
    minutes: int
    why: str
    view: str
    quotes: list[Quote]
    missing: str
    quality: Helped | None
    spoken: str
    checked: bool
    starts: list[datetime]
    days: list = field(default_factory=list)
    held: object = None


@dataclass(slots=True)
class Row:
    profile: Profile
    line: str
    minutes: int
    why: str
    start: datetime | None
    facets: frozenset[str]


@dataclass(frozen=True, slots=True)
class Facet:
    key: str
    label: str
    count: int


@dataclass(slots=True)
class People:
    """confident: whether somebody says that they have been there. Cards first, everybody else as rows."""

    cards: list[Card]
    rows: list[Row]
    facets: list[Facet]
    confident: bool


def people_for(asked: Asked, *, asker: Person | None, org, zone: str, now: datetime) -> People:
    """Who could help with `asked` in `org`. A constant number of queries, however many mentors.

    asker: left out of the result; their own booked time is left out of the free times.
    zone: the reader's IANA zone; "today" is theirs.
    """
    ranked, confident = ranked_for(asked, asker_id=asker.pk if asker else NOBODY, org=org, now=now)
    ids = [each.mentor_id for each in ranked]
    profiles = _profiles(ids, org)
    ranked = [each for each in ranked if each.mentor_id in profiles]
    first = ranked[:CARDS]
    between = (now, now + AHEAD)
    shown_first = [each.mentor_id for each in first]
    lengths = {mentor_id: length_offered(profile, asked.minutes) for mentor_id, profile in profiles.items()}
    starts = free_starts(
        mentor_ids=shown_first, org=org, minutes=lengths, between=between, now=now, each=60, mentee=asker
    )
    later = [each.mentor_id for each in ranked[CARDS:]]
    soonest = free_starts(mentor_ids=later, org=org, minutes=lengths, between=between, now=now, each=1, mentee=asker)
    quality = helped_by(shown_first, org=org)
    today = now.astimezone(ZoneInfo(zone)).date()
    cards = [
        _card(
            each,
            profiles[each.mentor_id],
            asked,
            starts.get(each.mentor_id, []),
            quality,
            today=today,
            zone=zone,
            now=now,
        )
        for each in first
    ]
    rows = [
        _row(each, profiles[each.mentor_id], soonest.get(each.mentor_id, []), asked, today=today, zone=zone, now=now)
        for each in ranked[CARDS:]
    ]
    return People(cards=cards, rows=rows, facets=_facets(rows), confident=confident)


def _profiles(ids: Sequence[UUID], org) -> dict[UUID, Profile]:
    rows = (
        Profile.objects.within(org)
        .filter(person__in=list(ids))
        .select_related("person")
        .prefetch_related(Prefetch("topics", Topic.objects.within(org)))
    )
    return {row.person_id: row for row in rows}


def _card(each: Ranked, profile: Profile, asked: Asked, starts, quality, *, today, zone, now) -> Card:
    wanted = [start for start in starts if _in_time(start, asked, today, zone)]
    missing = list(each.missing)
    if not starts:
        missing.append("No free time in the next four weeks.")
    elif not wanted:
        missing.append(
            {"now": "No free time today.", "today": "No free time today."}.get(asked.when, "No free time this week.")
        )
    asked_topics = set(asked.skills)
    return Card(
        profile=profile,
        anchor=f"m-{profile.person_id}",
        line=line_of(profile),
        minutes=length_offered(profile, asked.minutes),
        why=each.why,
        view=each.view,
        quotes=each.quotes,
        missing=" ".join(missing),
        quality=quality.get(each.mentor_id),
        spoken=", ".join(NAMES.get(code, code) for code in profile.language_codes[:3]),
        checked=any(t.checked_at and t.skill_id in asked_topics for t in profile.topics.all()),
        starts=wanted or starts,
    )


def _row(each: Ranked, profile: Profile, starts, asked: Asked, *, today, zone, now) -> Row:
    start = starts[0] if starts else None
    facets = {f"lang-{code}" for code in profile.language_codes if code != "en"}
    if start and _local(start, zone) == today:
        facets.add("today")
    if start and _local(start, zone) < today + timedelta(days=7):
        facets.add("week")
    if profile.confirm == Profile.Confirm.INSTANT:
        facets.add("instant")
    if profile.mentor_since and now - profile.mentor_since < NEW:
        facets.add("new")
    if asked.kind in profile.helps_with:
        facets.add("kind")
    return Row(
        profile=profile,
        line=line_of(profile),
        minutes=length_offered(profile, asked.minutes),
        why=each.why,
        start=start,
        facets=frozenset(facets),
    )


def _facets(rows: Sequence[Row]) -> list[Facet]:
    """What narrows the list, with counts: times first, then ways, then the languages most spoken."""
    counts = Counter(facet for row in rows for facet in row.facets)
    named = [
        ("today", "Free today"),
        ("week", "Free this week"),
        ("instant", "Confirms at once"),
        ("kind", "Likes this kind of question"),
        ("new", "New mentors"),
    ]
    found = [Facet(key, label, counts[key]) for key, label in named if counts[key]]
    spoken = sorted(((n, key) for key, n in counts.items() if key.startswith("lang-")), key=lambda x: (-x[0], x[1]))
    return found + [Facet(key, NAMES.get(key[5:], key[5:]), n) for n, key in spoken[:5]]


def length_for(mentor: Person, need) -> int:
    """The length a session of this mentor for this need has."""
    profile = Profile.objects.within(need.org_id).filter(person=mentor).first()
    return length_offered(profile, need.minutes) if profile else need.minutes


def line_of(profile: Profile) -> str:
    """ "Director of engineering, Lagos"."""
    place = profile.person.zone.rpartition("/")[2].replace("_", " ")
    return ", ".join(filter(None, [profile.role, place if profile.person.zone != "UTC" else profile.country]))


def _in_time(start: datetime, asked: Asked, today: date, zone: str) -> bool:
    day = _local(start, zone)
    if asked.when in {"now", "today"}:
        return day == today
    if asked.when == "week":
        return day < today + timedelta(days=7)
    return asked.decide_by is None or day <= asked.decide_by


def _local(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()


__all__ = ["Asked", "Card", "Facet", "People", "Quote", "Row", "candidates", "embed", "people_for"]
