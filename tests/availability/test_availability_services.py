"""Weeks and dates as they are written, and as the engine reads them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.factories import MentorFactory, PersonFactory

from quarterhour.availability import queries, rules, services
from quarterhour.availability.models import Availability, DayOverride
from quarterhour.core.errors import Changed, Invalid
from quarterhour.core.models import Organisation
from quarterhour.engines.hours import windows_of
from quarterhour.people.rules import StoryWords, TopicWords

pytestmark = pytest.mark.django_db

MONDAYS = rules.Week(zone="Africa/Lagos", weekly={"mon": [["09:00", "10:00"]]}, notice=0)
TODAY = date(2026, 11, 26)
NOW = datetime(2026, 11, 26, 9, 4, tzinfo=UTC)


def away(first, last):
    return rules.Days(first=first, last=last)


def test_a_first_week_is_written_and_a_second_one_replaces_it(leila, commons):
    row = services.save_week(now=NOW, person=leila, org=commons, week=MONDAYS, seen=0)
    assert (row.version, row.zone, row.weekly) == (1, "Africa/Lagos", {"mon": [["09:00", "10:00"]]})

    later = rules.Week(zone="Europe/Lisbon", weekly={}, weekly_minutes=90)
    row = services.save_week(now=NOW, person=leila, org=commons, week=later, seen=1)
    assert (row.version, row.zone, row.weekly, row.weekly_minutes) == (2, "Europe/Lisbon", {}, 90)


@pytest.mark.parametrize("seen", [0, 2, -1])
def test_a_second_tab_is_told_and_writes_nothing(leila, commons, seen):
    services.save_week(now=NOW, person=leila, org=commons, week=MONDAYS, seen=0)
    with pytest.raises(Changed):
        services.save_week(now=NOW, person=leila, org=commons, week=rules.Week(zone="UTC", weekly={}), seen=seen)
    assert queries.availability_of(leila, org=commons).weekly == MONDAYS.weekly


def test_dates_that_differ_are_kept_shown_together_and_removed(leila, commons):
    services.save_week(now=NOW, person=leila, org=commons, week=MONDAYS, seen=0)
    services.add_days(now=NOW, person=leila, org=commons, days=away(date(2026, 12, 21), date(2027, 1, 4)))
    services.add_days(
        now=NOW,
        person=leila,
        org=commons,
        days=rules.Days(first=date(2026, 12, 1), last=date(2026, 12, 1), windows=[["17:00", "18:00"]]),
    )

    mine = queries.availability_of(leila, org=commons)
    assert [(d.first, d.last, d.windows) for d in queries.differing(mine, today=TODAY)] == [
        (date(2026, 12, 1), date(2026, 12, 1), [["17:00", "18:00"]]),
        (date(2026, 12, 21), date(2027, 1, 4), []),
    ]

    remains = services.remove_days(now=NOW, person=leila, org=commons, first=date(2026, 12, 21), last=date(2027, 1, 4))
    assert DayOverride.objects.within(commons).count() == 1
    services.restore_days(now=NOW, person=leila, org=commons, remains=remains)
    services.restore_days(now=NOW, person=leila, org=commons, remains=remains)
    assert DayOverride.objects.within(commons).count() == 16


def test_a_date_that_differs_already_is_not_overwritten(leila, commons):
    services.add_days(
        now=NOW,
        person=leila,
        org=commons,
        days=rules.Days(first=date(2026, 12, 24), last=date(2026, 12, 24), windows=[["17:00", "18:00"]]),
    )
    with pytest.raises(Invalid, match="24 December already differs"):
        services.add_days(now=NOW, person=leila, org=commons, days=away(date(2026, 12, 20), date(2027, 1, 1)))
    assert DayOverride.objects.within(commons).count() == 1


@pytest.mark.parametrize("mentors", [1, 7])
def test_many_offers_cost_two_queries(commons, django_assert_num_queries, mentors):
    people = [MentorFactory(org=commons) for _ in range(mentors)]
    for person in people:
        services.add_days(now=NOW, person=person, org=commons, days=away(date(2026, 12, 24), date(2026, 12, 26)))

    with django_assert_num_queries(2):
        found = queries.offers([person.pk for person in people], org=commons)

    assert len(found) == mentors
    assert all(len(offer.hours.overrides) == 3 for offer in found.values())


def test_offers_stay_within_their_organisation_and_know_only_who_gives_time(amara, leila, commons):
    elsewhere = Organisation.objects.create(name="Maré Energy", slug="mare-energy")
    assert queries.offers([amara.pk], org=elsewhere) == {}
    assert set(queries.offers([amara.pk, leila.pk], org=commons)) == {amara.pk}


def test_overrides_that_are_over_need_not_be_read(amara, commons):
    services.add_days(now=NOW, person=amara, org=commons, days=away(date(2026, 12, 1), date(2026, 12, 9)))
    offer = queries.offers([amara.pk], org=commons, since=date(2026, 12, 8))[amara.pk]
    assert set(offer.hours.overrides) == {date(2026, 12, 8), date(2026, 12, 9)}


@pytest.mark.parametrize("weekly", [{"mon": [["9", "10"]]}, {"mon": [["09:00"]]}, {"mon": 5}, {"mon": ["ab"]}])
def test_one_unreadable_week_does_not_hide_the_others(amara, tomasz, commons, weekly):
    Availability.objects.within(commons).filter(mentor=tomasz).update(weekly=weekly)
    assert set(queries.offers([amara.pk, tomasz.pk], org=commons)) == {amara.pk}


def test_the_preview_shows_the_same_instants_wherever_one_looks_from(leila, commons):
    week = rules.Week(zone="Africa/Lagos", weekly={"mon": [["09:00", "10:00"]]}, notice=0, increment=30)
    row = services.save_week(now=NOW, person=leila, org=commons, week=week, seen=0)
    now = datetime(2026, 11, 26, 9, 4, tzinfo=UTC)

    starts = queries.preview(row, minutes=25, now=now, limit=3)

    monday = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)  # nine in Lagos
    assert starts == [monday, monday + timedelta(minutes=30), monday + timedelta(days=7)]


def test_nobody_has_hours_before_writing_some(leila, commons, now):
    empty = queries.availability_of(leila, org=commons)
    assert (empty.zone, empty.version) == ("Europe/Lisbon", 0)
    assert queries.preview(empty, minutes=25, now=now) == []
    assert queries.differing(empty, today=TODAY) == []
    assert Availability.objects.within(commons).count() == 0


def test_beginning_to_help_writes_everything_or_nothing(commons, now):
    person = PersonFactory(org=commons)
    with pytest.raises(Invalid):
        services.start_offering(person=person, org=commons, topics=[], story=None, week=MONDAYS, now=now)
    assert Availability.objects.within(commons).count() == 0

    profile = services.start_offering(
        person=person,
        org=commons,
        topics=[TopicWords(name="tides")],
        now=now,
        week=MONDAYS,
        story=StoryWords(text="I once sailed.", title="Sailing"),
    )
    assert profile.is_mentor
    assert queries.offers([person.pk], org=commons)[person.pk].availability.weekly == MONDAYS.weekly


# --- one quarter more -------------------------------------------------------------------------------


def offered(mentor, org, day):
    hours = queries.hours_of(queries.availability_of(mentor, org=org))
    spans = [span for each in (day - timedelta(days=1), day) for span in windows_of(hours, each)]
    return [(f"{a.astimezone(UTC):%H:%M}", f"{b.astimezone(UTC):%H:%M}") for a, b in spans if a.date() >= day]


def test_a_stretch_given_once_stands_beside_what_the_week_gives(commons):
    mentor = MentorFactory(org=commons, zone="UTC")
    before = services.offer_once(person=mentor, org=commons, day=TODAY, given=("16:00", "16:30"), now=NOW)
    assert before == []
    assert offered(mentor, commons, TODAY) == [("09:00", "12:00"), ("16:00", "16:30")]
    assert queries.availability_of(mentor, org=commons).weekly["thu"] == [["09:00", "12:00"]]

    again = services.offer_once(person=mentor, org=commons, day=TODAY, given=("18:00", "18:30"), now=NOW)
    assert len(offered(mentor, commons, TODAY)) == 3
    services.put_back(person=mentor, org=commons, first=TODAY, last=TODAY, before=again, now=NOW)
    assert offered(mentor, commons, TODAY) == [("09:00", "12:00"), ("16:00", "16:30")]
    services.put_back(person=mentor, org=commons, first=TODAY, last=TODAY, before=before, now=NOW)
    assert not queries.availability_of(mentor, org=commons).overrides.exists()


def test_a_night_that_reaches_into_the_day_is_not_cut_by_it(commons):
    mentor = MentorFactory(org=commons, zone="UTC", weekly={"wed": [["22:00", "01:00"]]})
    services.offer_once(person=mentor, org=commons, day=TODAY, given=("16:00", "16:30"), now=NOW)
    assert offered(mentor, commons, TODAY) == [("00:00", "01:00"), ("16:00", "16:30")]


def test_on_a_day_off_only_what_is_given_once_is_given(commons):
    mentor = MentorFactory(org=commons, zone="UTC")
    services.add_days(person=mentor, org=commons, days=away(TODAY, TODAY), now=NOW)
    before = services.offer_once(person=mentor, org=commons, day=TODAY, given=("16:00", "16:30"), now=NOW)
    assert offered(mentor, commons, TODAY) == [("16:00", "16:30")]
    services.put_back(person=mentor, org=commons, first=TODAY, last=TODAY, before=before, now=NOW)
    assert offered(mentor, commons, TODAY) == []


def test_what_is_given_already_is_refused_and_nothing_changes(commons):
    mentor = MentorFactory(org=commons, zone="UTC")
    with pytest.raises(Invalid, match="overlap"):
        services.offer_once(person=mentor, org=commons, day=TODAY, given=("11:30", "12:30"), now=NOW)
    assert offered(mentor, commons, TODAY) == [("09:00", "12:00")]


def test_what_could_be_given_is_near_awake_and_not_given_yet(commons):
    mentor = MentorFactory(org=commons, zone="UTC", rules={"notice": 60})
    mine = queries.availability_of(mentor, org=commons)
    assert [start for start, _ in queries.could_offer(mine, now=NOW)] == [
        datetime(2026, 11, 26, hour, minute, tzinfo=UTC) for hour, minute in ((12, 0), (12, 30), (13, 0), (13, 30))
    ]
    late = datetime(2026, 11, 26, 21, 45, tzinfo=UTC)
    assert queries.could_offer(mine, now=late)[0][0] == datetime(2026, 11, 27, 7, 0, tzinfo=UTC)
    nothing_yet = queries.availability_of(PersonFactory(org=commons, zone="Europe/Lisbon"), org=commons)
    assert len(queries.could_offer(nothing_yet, now=NOW)) == 4
