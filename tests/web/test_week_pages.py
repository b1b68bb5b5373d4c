"""The week of a mentor, and which pages want to know who one is."""

from __future__ import annotations

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from tests.factories import MentorFactory, make_session

from quarterhour.availability.models import Availability
from quarterhour.availability.queries import availability_of
from quarterhour.core.models import Organisation
from quarterhour.people.models import Membership, Profile

pytestmark = pytest.mark.django_db


# --- the week --------------------------------------------------------------------------------------


def week_form(version=1, **changed):
    return {
        "version": version,
        "zone": "Africa/Lagos",
        "weekly_minutes": "60",
        "daily_cap": "2",
        "weekly_cap": "",
        "notice": "720",
        "buffer_before": "0",
        "buffer_after": "5",
        "horizon_days": "28",
        "increment": "15",
        "mon-start": ["09:00", ""],
        "mon-end": ["09:45", ""],
    } | changed


def test_hours_are_saved_by_typing_alone(client, leila, commons):
    client.force_login(leila)
    assert client.get("/hours/").status_code == 200
    assert client.post("/hours/", week_form(version=0)).url == "/hours/"
    hours = availability_of(leila, org=commons)
    assert (hours.weekly, hours.notice, hours.daily_cap, hours.weekly_cap) == (
        {"mon": [["09:00", "09:45"]]},
        720,
        2,
        None,
    )
    assert 'value="09:45"' in client.get("/hours/").content.decode()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"mon-start": ["09:00", "09:30"], "mon-end": ["10:00", "11:00"]}, "overlap"),
        ({"mon-start": ["10:00"], "mon-end": ["09:00"]}, "Swap the two times"),
        ({"mon-start": ["09:00"], "mon-end": ["09:00"]}, "empty"),
        ({"mon-start": ["nine"], "mon-end": ["ten"]}, "not a time of day"),
        ({"mon-start": ["09:00"], "mon-end": []}, "no other end"),
        ({"mon-start": ["\x00" * 50 + "09:00"], "mon-end": ["0" * 9000]}, "not a time of day"),
        ({"zone": "Europe/Atlantis"}, "We know no time zone"),
        ({"zone": ""}, "We know no time zone"),
        ({"weekly_minutes": "1000000"}, "Choose 15 to 600"),
        ({"notice": "soon"}, "Choose one from the list"),
        ({"increment": "0"}, "Choose one from the list"),
    ],
)
def test_a_week_that_cannot_be_is_told_kept_and_not_written(client, amara, commons, changed, told):
    before = availability_of(amara, org=commons)
    client.force_login(amara)
    answer = client.post("/hours/", week_form(**changed))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert told in page
    assert 'aria-invalid="true"' in page
    if "mon-start" in changed and "\x00" not in changed["mon-start"][0]:
        assert f'value="{changed["mon-start"][0]}"' in page
    after = availability_of(amara, org=commons)
    assert (after.weekly, after.version) == (before.weekly, before.version)


def marks(page: str) -> dict[str, str]:
    """By the start that stands in a row of Monday: "wrong", "crossed" or ""."""
    rows = re.findall(r'name="mon-start" value="([^"]*)"([^>]*)>', page)
    return {start: next((m for m in ("invalid", "crossed") if m in rest), "") for start, rest in rows if start}


CROSSED = {"09:00": "crossed", "11:00": "invalid"}


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ([("09:00", "12:00"), ("11:00", "13:00")], CROSSED),
        ([("11:00", "13:00"), ("09:00", "12:00")], CROSSED),
        ([("08:00", "10:30"), ("10:00", "13:00")], {"08:00": "crossed", "10:00": "invalid"}),
        ([("09:00", "12:00"), ("11:00", "13:00"), ("15:00", "16:00")], CROSSED | {"15:00": ""}),
        ([("09:00", "12:00"), ("11:00", "noon")], {"09:00": "", "11:00": "invalid"}),
        ([("09:00", "12:00"), ("09:00", "12:00")], {"09:00": "invalid"}),
        (
            [(f"{n:02}:00", f"{n:02}:30") for n in range(13)],
            {f"{n:02}:00": "invalid" if n == 12 else "" for n in range(13)},
        ),
    ],
)
def test_of_two_rows_that_cross_the_one_that_was_changed_is_wrong(client, amara, commons, typed, told):
    """Amara's Monday, as it is saved, is 09:00 to 12:00."""
    client.force_login(amara)
    starts, ends = zip(*typed, strict=True)
    answer = client.post("/hours/", week_form(**{"mon-start": [*starts], "mon-end": [*ends]}))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert marks(page) == told
    assert page.count('id="mon-error"') == 1


@pytest.mark.parametrize("version", ["0", "", "x", "9" * 30])
def test_a_second_tab_with_an_older_week_is_told(client, amara, commons, version):
    client.force_login(amara)
    answer = client.post("/hours/", week_form(version=version))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Monday 09:00 to 12:00" in page
    assert 'value="09:45"' in page
    version = re.search(r'name="version" value="(\d+)"', page).group(1)
    assert client.post("/hours/", week_form(version=version)).status_code == 302


@pytest.mark.parametrize(
    "typed",
    [
        {"first": ""},
        {"first": "yesterday"},
        {"first": "2026-11-25"},
        {"first": "0000-00-00"},
        {"first": "9999-12-31"},
        {"first": "2026-12-24", "last": "2026-12-20"},
        {"first": "2026-12-24", "last": "9999-12-31"},
        {"first": "2026-12-24", "start": "18:00", "end": "17:00"},
        {"first": "2026-12-24", "start": "18:00"},
    ],
)
def test_dates_that_cannot_be_are_told_and_not_kept(client, amara, commons, clock, typed):
    client.force_login(amara)
    answer = client.post("/hours/days/", typed)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    assert not list(availability_of(amara, org=commons).overrides.all())


def test_time_off_is_added_removed_and_brought_back(client, amara, commons, clock):
    client.force_login(amara)
    client.post("/hours/days/", {"first": "2026-12-21", "last": "2027-01-04"})
    assert "Mon 21 Dec to Mon 4 Jan: away" in client.get("/hours/").content.decode()
    client.post("/hours/days/remove/", {"first": "2026-12-21", "last": "2027-01-04"})
    assert 'action="/hours/days/restore/"' in client.get("/hours/").content.decode()
    client.post("/hours/days/restore/")
    assert "Mon 21 Dec to Mon 4 Jan: away" in client.get("/hours/").content.decode()


def test_the_preview_speaks_the_time_of_another_place(client, amara, commons, clock):
    client.force_login(amara)
    tokyo = client.get("/hours/preview/", {"see": "Asia/Tokyo"}).content.decode()
    assert "Fri 27 Nov" in tokyo
    assert "17:00" in tokyo
    assert client.get("/hours/preview/", {"see": "Nowhere\x00"}).status_code == 200


@pytest.mark.parametrize("many", [1, 3])
def test_what_is_booked_stands_in_the_week_with_its_name_and_is_no_offer(
    client, amara, need, commons, clock, many, django_assert_num_queries
):
    client.force_login(amara)
    assert "Booked, in the coming" not in client.get("/hours/").content.decode()
    for n in range(many):
        make_session(need, amara, clock() + timedelta(days=1, hours=n))
    make_session(need, amara, clock() + timedelta(days=8))

    with django_assert_num_queries(12):
        page = client.get("/hours/").content.decode()

    drawn = re.findall(r'<div class="block booked"[^>]*><span>([^<]*)<span class="visually-hidden">([^<]*)', page)
    at = [(clock() + timedelta(days=1, hours=n)).astimezone(ZoneInfo("Africa/Lagos")) for n in range(many)]
    assert drawn == [(f"{each:%H:%M} Leila".removeprefix("0"), ", booked, 25 min") for each in at]
    assert '<i class="swatch booked"></i> Booked, in the coming seven days' in page


def test_a_week_that_is_given_away_says_so_and_offers_no_half_hour_more(client, amara, need, commons, clock):
    client.force_login(amara)
    Availability.objects.within(commons).filter(mentor=amara).update(weekly_minutes=50)
    make_session(need, amara, clock() + timedelta(hours=3))
    page = client.get("/hours/").content.decode()
    assert "Half an hour more" in page
    assert "of this week are given" not in page
    make_session(need, amara, clock() + timedelta(hours=5))
    page = client.get("/hours/").content.decode()
    assert "50 minutes of this week are given or promised" in page
    assert "Half an hour more" not in page


@pytest.mark.parametrize("days", [1, 30])
def test_the_week_costs_the_same_however_many_dates_differ(
    client, amara, commons, clock, days, django_assert_num_queries
):
    client.force_login(amara)
    last = f"2026-12-{days:02}"
    client.post("/hours/days/", {"first": "2026-12-01", "last": last})
    client.get("/hours/")
    with django_assert_num_queries(12):  # login, person, places, side, week, dates, booked, profile, calendars, minutes
        client.get("/hours/")


def test_hours_belong_to_the_organisation_one_acts_in(client, commons):
    person = MentorFactory(org=commons)
    outside = Organisation.objects.create(name="Maré Energy", slug="mare-energy")
    Membership.objects.create(person=person, org=outside)
    client.force_login(person)
    session = client.session
    session["org"] = str(outside.pk)
    session.save()
    client.post("/hours/", week_form(version=0))
    assert availability_of(person, org=outside).weekly == {"mon": [["09:00", "09:45"]]}
    assert "mon" in availability_of(person, org=commons).weekly
    assert availability_of(person, org=commons).weekly["mon"] == [["09:00", "12:00"]]


@pytest.mark.parametrize(
    "path",
    [
        "/me/",
        "/me/edit/",
        "/me/stories/",
        "/me/settings/",
        "/join/",
        "/hours/",
        "/hours/preview/",
        "/skills/",
        "/welcome/",
    ],
)
def test_strangers_are_asked_who_they_are(client, commons, path):
    assert client.get(path).url.startswith("/sign-in/")
    assert client.post(path).status_code in {302, 405}


@pytest.mark.parametrize("page", ["profile", "edit", "join", "settings", "add_story"])
def test_looking_writes_no_profile(client, leila, commons, page):
    client.force_login(leila)
    assert client.get(reverse(f"people:{page}")).status_code == 200
    assert not Profile.objects.within(commons).exists()
