"""One quarter more in two clicks, and every change of hours taken back with one."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from tests.factories import MentorFactory

from quarterhour.availability.models import Availability
from quarterhour.availability.queries import availability_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def mentor(client, commons):
    found = MentorFactory(org=commons, zone="Europe/Lisbon", weekly={"mon": [["09:00", "10:00"]]})
    client.force_login(found)
    return found


def shown(client) -> str:
    return client.get(reverse("availability:week")).content.decode()


def press(client, name, **words) -> str:
    return client.post(reverse(f"availability:{name}"), words, follow=True).content.decode()


def hours(mentor, org) -> tuple:
    mine = availability_of(mentor, org=org)
    return mine.weekly, mine.weekly_minutes, [(each.day, each.windows) for each in mine.overrides.all()]


def undo(client, page: str) -> str:
    assert f'action="{reverse("availability:undo")}"' in page
    return press(client, "undo")


def test_half_an_hour_more_is_one_press_on_the_page_and_one_to_undo(client, mentor, commons):
    before = hours(mentor, commons)
    page = shown(client)
    start, words = re.search(r'name="start" value="([^"]+)">Offer ([^<]+)<', page).groups()
    answer = press(client, "offer_once", start=start)
    assert f"Offered: {words}. People find you for it now." in answer
    assert len(hours(mentor, commons)[2]) == 1
    assert f'value="{start}"' not in answer  # what is given is not proposed again
    begins = words.split(" ")[-3].removeprefix("0")
    assert f"{begins} once<span" in answer, "it is drawn in the week"
    assert "Once, on a date of the coming seven days" in answer
    assert "Once, on a date" not in page
    assert "Taken back. Everything is as it was." in undo(client, answer)
    assert hours(mentor, commons) == before
    assert "There is nothing to take back." in press(client, "undo")


@pytest.mark.parametrize("start", ["", "soon", "2020-01-01T10:00Z", "2120-01-01T10:00Z"])
def test_a_time_that_is_over_or_far_is_refused(client, mentor, commons, start):
    before = hours(mentor, commons)
    assert client.post(reverse("availability:offer_once"), {"start": start}).status_code == 422
    assert hours(mentor, commons) == before


def test_a_saved_week_is_taken_back(client, mentor, commons):
    before = hours(mentor, commons)
    form = {
        "version": "1", "zone": "Europe/Lisbon", "weekly_minutes": "90", "increment": "15", "buffer_before": "0",
        "buffer_after": "5", "notice": "60", "horizon_days": "28", "tue-start": "09:00", "tue-end": "11:00",
    }  # fmt: skip
    answer = press(client, "week", **form)
    assert hours(mentor, commons)[:2] == ({"tue": [["09:00", "11:00"]]}, 90)
    undo(client, answer)
    assert hours(mentor, commons) == before


def test_a_week_changed_elsewhere_since_is_not_overwritten(client, mentor, commons):
    form = {"version": "1", "zone": "Europe/Lisbon", "weekly_minutes": "90", "increment": "15", "buffer_before": "0"}
    form |= {"buffer_after": "5", "notice": "60", "horizon_days": "28"}
    press(client, "week", **form)
    Availability.objects.within(commons).update(version=9, weekly_minutes=30)
    assert "changed in another tab" in press(client, "undo")
    assert hours(mentor, commons)[1] == 30


def test_a_date_that_was_added_is_taken_back(client, mentor, commons):
    before = hours(mentor, commons)
    answer = press(client, "add_days", first="2027-01-04", last="2027-01-08")
    assert len(hours(mentor, commons)[2]) == 5
    undo(client, answer)
    assert hours(mentor, commons) == before
