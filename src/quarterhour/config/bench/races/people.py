"""Two hundred who ask and two hundred who help, in a town of others; signed in, and free at every hour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from quarterhour.config import town
from quarterhour.core import clock

TOWN = 200  # mentors besides those who race, so that pages have somebody to show
ALWAYS = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
RULES = {"notice": 0, "buffer_after": 0, "weekly_minutes": 20_000, "increment": 30}
QUESTION = "I have been offered the team lead role, and I like building. Should I say yes now or wait for another year?"
STORY = "I once took the team lead role thinking I could go back. I put a review date in the offer and wrote it down."


@dataclass(frozen=True)
class People:
    """Who races; `one` is a mentee besides.

    cookies: by person key. day: midnight of the day they race for; nothing on it is too soon.
    """

    org: object
    mentees: list
    mentors: list
    one: object
    cookies: dict
    day: datetime

    def needs(self, mentees: Sequence) -> list:
        """A new question of each of these people."""
        from quarterhour.needs.models import Need

        told = {"org": self.org, "text": QUESTION, "kind": "decide", "minutes": 25, "languages": ["en"]}
        now = clock.now()
        return Need.objects.bulk_create([Need(mentee=each, stated_at=now, **told) for each in mentees])

    def asks(self, person, path: str, *, who: object = None, find: dict | None = None, **form: object) -> dict:
        """What this person's browser sends; `who` tells one browser from another of theirs."""
        given = {name: str(value) for name, value in form.items()}
        return {"who": who or str(person.pk), "path": path, "cookie": self.cookies[person.pk], "form": given} | (
            {"find": find} if find else {}
        )


def gather(count: int) -> People:
    """So many of each, in a town that is loaded anew."""
    from quarterhour.availability.models import Availability
    from quarterhour.matching.indexing import count_words, index_mentors
    from quarterhour.people.models import Membership, Person, Profile, Story, Topic
    from quarterhour.people.queries import commons, pins_for

    now = clock.now()
    town.load(TOWN, now=now, fresh=True, progress=False)
    org, pin = commons(), pins_for(["moving into management"])
    people = Person.objects.bulk_create(
        Person(email=f"race{n}@town.example", name=f"Racer {n}", zone="UTC", password="!")  # noqa: S106 - none at all
        for n in range(2 * count + 1)
    )
    Membership.objects.bulk_create(Membership(org=org, person=person) for person in people)
    mentees, mentors, one = people[:count], people[count:-1], people[-1]
    told = {"headline": "Director", "role": "Director", "about": "I lead now.", "lengths": [25], "is_mentor": True}
    told |= {"languages": [{"code": "en", "level": "fluent"}], "language_codes": ["en"], "mentor_since": now}
    profiles = Profile.objects.bulk_create(Profile(org=org, person=each, **told) for each in mentors)
    Topic.objects.bulk_create(
        Topic(org=org, profile=each, name=name, skill_id=skill, level="lived")
        for each in profiles for name, skill in pin.items()
    )  # fmt: skip
    Story.objects.bulk_create(Story(org=org, profile=each, title="A review date", text=STORY) for each in profiles)
    Availability.objects.bulk_create(
        Availability(org=org, mentor=each, zone="UTC", weekly=ALWAYS, **RULES) for each in mentors
    )
    index_mentors(org=org, mentor_ids=[each.pk for each in mentors])
    count_words(org.pk)
    day = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=3)
    return People(org, mentees, mentors, one, {each.pk: _cookie(each) for each in people}, day)


def _cookie(person) -> str:
    from django.conf import settings
    from django.test import Client

    browser = Client(HTTP_HOST="localhost")
    browser.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}"
