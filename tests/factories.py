"""People, needs and sessions for tests, believable by default."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import factory

from quarterhour.availability.models import Availability
from quarterhour.needs.models import Need
from quarterhour.people.models import Membership, Person, Profile, Story, Topic
from quarterhour.sessions.models import MentoringSession, Status, TimeClaim

WEEKDAYS_NINE_TO_TWELVE = {day: [["09:00", "12:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
MORNING = datetime(2026, 11, 26, 9, 4, tzinfo=UTC)


class PersonFactory(factory.django.DjangoModelFactory):
    """`org=` makes them a member, `role=` says as what."""

    class Meta:
        model = Person
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Person {n}")
    email = factory.Sequence(lambda n: f"person{n}@town.example")
    zone = "Europe/Lisbon"
    password = "!"  # unusable: people enter by mail link

    @factory.post_generation
    def org(self, create, org, role="member", **_):
        if org is not None:
            Membership.objects.create(person=self, org=org, role=role)


class MentorFactory(PersonFactory):
    """A person with a mentor's profile, one story and weekly hours. `confirm="ask"` for one who is asked first."""

    @classmethod
    def _create(cls, model, *args, **kwargs):
        confirm, weekly = kwargs.pop("confirm", "instant"), kwargs.pop("weekly", WEEKDAYS_NINE_TO_TWELVE)
        rules = kwargs.pop("rules", {})
        person = super()._create(model, *args, **kwargs)
        person._offer = (confirm, weekly, rules)
        return person

    confirm = "instant"
    weekly = WEEKDAYS_NINE_TO_TWELVE
    rules = factory.LazyFunction(dict)

    @factory.post_generation
    def org(self, create, org, role="member", **_):
        if org is None:
            return
        confirm, weekly, rules = self._offer
        Membership.objects.create(person=self, org=org, role=role)
        profile = Profile.objects.create(
            org=org,
            person=self,
            headline="Director of engineering",
            role="Director of engineering",
            about="I moved from building to leading, and kept one day a week for code.",
            languages=[{"code": "en", "level": "fluent"}],
            language_codes=["en"],
            is_mentor=True,
            mentor_since=MORNING - timedelta(days=200),
            helps_with=["decide", "unblock"],
            lengths=[15, 25, 45],
            confirm=confirm,
        )
        Topic.objects.create(org=org, profile=profile, name="moving into management", level="lived")
        Story.objects.create(
            org=org,
            profile=profile,
            title="A review date in the offer",
            text="I once took the role thinking I could go back. I put a review date in the offer, "
            "and that made it a trial, not a goodbye.",
        )
        defaults = {"notice": 0, "buffer_after": 0, "weekly_minutes": 600, "horizon_days": 28} | rules
        Availability.objects.create(org=org, mentor=self, zone=self.zone, weekly=weekly, **defaults)


class NeedFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Need

    text = (
        "I have been offered the team lead role. I like building, and I am afraid of losing it. "
        "Should I say yes now, or stay an engineer for another year?"
    )
    kind = "decide"
    minutes = 25
    when = "week"
    languages = factory.LazyFunction(lambda: ["en"])
    stated_at = MORNING


def make_session(need, mentor, start, *, minutes=25, status=Status.CONFIRMED, now=MORNING) -> MentoringSession:
    """A session as it stands in the database, with both claims where it takes time."""
    span = (start, start + timedelta(minutes=minutes))
    session = MentoringSession.objects.create(
        org=need.org, need=need, mentor=mentor, mentee=need.mentee, span=span, status=status, created_at=now,
        asked_at=now if status in {Status.ASKED, Status.DECLINED, Status.EXPIRED} else None,
    )  # fmt: skip
    session.refresh_from_db()
    if status in {Status.HELD, Status.ASKED, Status.CONFIRMED}:
        for person in (mentor, need.mentee):
            shared = {"together": need.pk} if person == need.mentee and status != Status.CONFIRMED else {}
            TimeClaim.objects.create(person=person, during=span, session=session, **shared)
    return session
