"""The time people give, written down."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date, datetime

from django.db import IntegrityError, transaction

from quarterhour.availability import queries, rules
from quarterhour.availability.events import AvailabilityChanged
from quarterhour.availability.models import Availability, DayOverride
from quarterhour.availability.rules import Clock, Days, Week
from quarterhour.core.errors import Changed, Invalid
from quarterhour.core.events import publish
from quarterhour.core.models import Organisation
from quarterhour.core.places import checked
from quarterhour.people import services as people
from quarterhour.people.models import Person, Profile
from quarterhour.people.rules import StoryWords, TopicWords

CHANGED = (
    "These hours were changed in another tab or on another device. What you typed is kept here. "
    "Look at what stands there now, then save yours or leave it."
)
OVERRIDE, TIME_OFF = "override", "time_off"
MOST_DAYS = 800


@transaction.atomic
def save_week(*, person: Person, org: Organisation, week: Week, seen: int, now: datetime) -> Availability:
    """Write the usual week and its rules, whole or not at all.

    seen: the version the form was made from, 0 for a week nobody wrote yet.
    Raises Changed if there is a newer one by now.
    """
    row = _locked(person, org)
    if (row.version if row else 0) != seen:
        raise Changed(CHANGED)
    row = row or Availability(org=org, mentor=person, version=0)
    for each in fields(week):
        setattr(row, each.name, getattr(week, each.name))
    row.version += 1
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Changed(CHANGED) from error
    _tell(row, now=now)
    return row


@transaction.atomic
def meet_usually(*, person: Person, org: Organisation, meets: str, where: str) -> Availability:
    """Where this person's sessions take place from now on, unless somebody chooses otherwise for one of them.

    What is booked stays where it is. Raises Invalid with the field for an address that is none.
    """
    there = checked(meets, where)
    row = _or_empty(person, org)
    row.meets, row.where = there["meets"], there["where"]
    row.save(update_fields=["meets", "where"])
    return row


@transaction.atomic
def add_days(*, person: Person, org: Organisation, days: Days, now: datetime) -> list[DayOverride]:
    """Make dates differ from the week. Raises Invalid if one of them does already: nothing is overwritten."""
    row = _or_empty(person, org)
    differing = list(row.overrides.filter(day__gte=days.first, day__lte=days.last).order_by("day"))
    if differing:
        told = f"{differing[0].day:%-d %B} already differs. Remove it first, or leave that day out."
        raise Invalid(told, fields={"first": told})
    if row.overrides.count() + len(days.dates) > MOST_DAYS:
        told = "More dates differ than a calendar can show. Remove some that are over."
        raise Invalid(told, fields={"first": told})
    reason = OVERRIDE if days.windows else TIME_OFF
    rows = [DayOverride(org=org, availability=row, day=day, windows=days.windows, reason=reason) for day in days.dates]
    _tell(row, now=now)
    return DayOverride.objects.bulk_create(rows)


@transaction.atomic
def remove_days(*, person: Person, org: Organisation, first: date, last: date, now: datetime) -> list[dict]:
    """Let dates follow the week again. Returns what `restore_days` needs; JSON can hold it."""
    row = _locked(person, org)
    if row is None:
        return []
    gone = row.overrides.filter(day__gte=first, day__lte=last)
    remains = [{"day": each.day.isoformat(), "windows": each.windows, "reason": each.reason} for each in gone]
    gone.delete()
    _tell(row, now=now)
    return remains


@transaction.atomic
def restore_days(*, person: Person, org: Organisation, remains: Iterable[dict], now: datetime) -> None:
    """Bring dates back that were just removed; those that differ again by now stay as they are."""
    row = _or_empty(person, org)
    rows = [
        DayOverride(
            org=org,
            availability=row,
            day=date.fromisoformat(each["day"]),
            windows=each["windows"],
            reason=each["reason"],
        )
        for each in remains
    ]
    DayOverride.objects.bulk_create(rows, ignore_conflicts=True)
    _tell(row, now=now)


@transaction.atomic
def offer_once(*, person: Person, org: Organisation, day: date, given: Clock, now: datetime) -> list[dict]:
    """One stretch more on this date, beside whatever is given then: a date of its own, the week stays as it is.

    Returns what `put_back` needs; JSON can hold it. Raises Invalid for a stretch that cannot be, or is given already.
    """
    row = _or_empty(person, org)
    before = row.overrides.filter(day=day).first()
    stands = before.windows if before else queries.usual_windows(row, day)
    told = rules.day_windows([*stands, given], f"{day:%A}")
    kept = [rules.texts(each) for each in told]
    DayOverride.objects.within(org).update_or_create(
        availability=row, day=day, defaults={"org": org, "windows": kept, "reason": OVERRIDE}
    )
    _tell(row, now=now)
    return [{"day": day.isoformat(), "windows": before.windows, "reason": before.reason}] if before else []


@transaction.atomic
def put_back(
    *, person: Person, org: Organisation, first: date, last: date, before: Iterable[dict], now: datetime
) -> None:
    """These dates as they were `before`; those that are not in it follow the week again."""
    remove_days(person=person, org=org, first=first, last=last, now=now)
    restore_days(person=person, org=org, remains=before, now=now)


@transaction.atomic
def start_offering(
    *,
    person: Person,
    org: Organisation,
    topics: Sequence[TopicWords],
    story: StoryWords | None,
    week: Week,
    now: datetime,
) -> Profile:
    """Begin to help: topics, a story and hours in one step. Raises Invalid with the fields that are missing."""
    profile = people.offer_time(person=person, org=org, topics=topics, story=story, now=now)
    row = _locked(person, org)
    save_week(person=person, org=org, week=week, seen=row.version if row else 0, now=now)
    return profile


def _tell(row: Availability, *, now: datetime) -> None:
    publish(AvailabilityChanged(org_id=row.org_id, mentor_id=row.mentor_id), now=now)


def _locked(person: Person, org: Organisation) -> Availability | None:
    return Availability.objects.within(org).select_for_update().filter(mentor=person).first()


def _or_empty(person: Person, org: Organisation) -> Availability:
    """The row of this person, locked; an empty week in their own zone if there was none."""
    Availability.objects.within(org).get_or_create(mentor=person, org=org, defaults={"zone": person.zone, "weekly": {}})
    return Availability.objects.within(org).select_for_update().get(mentor=person)
