"""The first page, as somebody sees it who is not signed in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.factories import MentorFactory

from quarterhour.core import clock
from quarterhour.people.models import Profile, Story

TOLD = "I once took the role thinking I could go back. I put a review date in the offer, " + "and that helped. " * 4


@pytest.fixture
def mentor(commons):
    amara = MentorFactory(org=commons, name="Amara Okafor")
    Story.plain.filter(profile__person=amara).update(text=TOLD)
    return amara


def test_a_story_of_somebody_who_takes_people_stands_there(client, mentor):
    assert "Amara" in client.get("/").content.decode()


def test_a_large_number_can_be_read(client, mentor, monkeypatch):
    monkeypatch.setattr("quarterhour.web.front.views.figures", lambda org: {"sessions": 1665})
    assert "1,665 quarters of an hour so far" in client.get("/").content.decode()


@pytest.mark.parametrize("why", ["paused", "closed", "stopped"])
def test_nobody_is_shown_who_takes_nobody(client, mentor, why):
    profile = Profile.plain.filter(person=mentor)
    if why == "paused":
        profile.update(paused_until=clock.now().date() + timedelta(days=9))
    elif why == "stopped":
        profile.update(is_mentor=False)
    else:
        mentor.is_active = False
        mentor.save()

    page = client.get("/").content.decode()
    assert "Amara" not in page
    assert "review date" not in page


def test_over_tls_browsers_are_told_to_stay_there(client, commons, settings):
    assert "Strict-Transport-Security" not in client.get("/about/").headers
    settings.HTTPS, settings.SECURE_HSTS_SECONDS = True, 31_536_000
    assert client.get("/about/")["Strict-Transport-Security"] == "max-age=31536000"
