"""The site with its worker, two browsers with made-up cameras, the post, and four people who are free all day."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.factories import MentorFactory
from tests.journeys.screens import PATIENCE, Post, Screen
from tests.sessions.room_browsers import chromiums  # noqa: F401 - two browsers, as two people have them

from quarterhour.matching.indexing import count_words, index_mentors
from quarterhour.people.models import Profile, Story, Topic
from quarterhour.people.queries import pins_for
from quarterhour.people.services import load_skills

ALWAYS = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
MENTORS = {
    "Amara Okafor": (
        "Africa/Lagos",
        "Director of engineering",
        ("moving into management", "manager or specialist", "building a team"),
        "A review date in the offer",
        (
            "I once took the team lead role thinking I could go back. I put a review date in the offer, and that "
            "made it a trial, not a goodbye to building."
        ),
    ),
    "Tomasz Zieliński": (
        "Europe/Warsaw",
        "Staff engineer",
        ("manager or specialist", "platform engineering", "going back to individual contributor"),
        "The lead role I gave back",
        (
            "I was offered the lead of platform engineering, said yes, and gave it back after a year. I stay an "
            "engineer, and I lead by writing designs."
        ),
    ),
    "Inês Carvalho": (
        "Europe/Lisbon",
        "Head of product",
        ("moving into management", "first-time manager"),
        "What I was afraid of losing",
        (
            "When I became a team lead I was afraid of losing the craft. Losing Tuesdays was worse: I keep one day "
            "a week without meetings."
        ),
    ),
    "Jun Takahashi": (
        "Asia/Tokyo",
        "Pastry chef",
        ("pastry", "opening a café"),
        "Butter at four in the morning",
        "I opened a shop for cakes and learned that ovens, not recipes, decide how many people a morning can feed.",
    ),
}


@pytest.fixture(scope="session", autouse=True)
def _patient():
    expect.set_options(timeout=PATIENCE)


@pytest.fixture
def mentors(commons):
    """By first name, each with a story of their own, free at any hour of any day."""
    load_skills()
    pins, found = pins_for([topic for mentor in MENTORS.values() for topic in mentor[2]]), {}
    for name, (zone, role, topics, title, text) in MENTORS.items():
        first = name.split()[0]
        address = f"{first.lower().replace('ê', 'e')}@town.example"
        person = MentorFactory(name=name, email=address, zone=zone, org=commons, weekly=ALWAYS)
        Profile.objects.within(commons).filter(person=person).update(role=role, headline=role, about=f"{role}.")
        profile = Profile.objects.within(commons).get(person=person)
        profile.topics.all().delete()
        for topic in topics:
            Topic.objects.create(org=commons, profile=profile, name=topic, skill_id=pins.get(topic), level="lived")
        Story.objects.within(commons).filter(profile__person=person).update(title=title, text=text)
        found[first] = person
    index_mentors(org=commons, mentor_ids=[person.pk for person in found.values()])
    count_words(commons.pk)
    return found


@pytest.fixture
def worked(live_site):
    """The site, and the worker that delivers its news and its mail."""
    with live_site.working():
        yield live_site


@pytest.fixture
def post(worked):
    return Post(worked)


@pytest.fixture
def screen(live_site, chromiums):  # noqa: F811
    """`screen(n, **how)` opens a window of browser 0 or 1."""
    opened = []

    def open_(browser: int = 0, **how) -> Screen:
        opened.append(Screen(chromiums[browser], live_site, **how))
        return opened[-1]

    yield open_
    for each in opened:
        each.close()
