"""A mentor who cannot come: handed over to somebody who can, or released with three others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.double_booking import assert_nobody_is_booked_twice_or_half
from tests.factories import MentorFactory, NeedFactory, PersonFactory, make_session

from quarterhour.core.errors import NotAllowed, NotFound
from quarterhour.core.models import OutboxEvent
from quarterhour.matching.handing_over import cannot_come, others_near
from quarterhour.matching.indexing import count_words, index_mentors
from quarterhour.people import services as people
from quarterhour.people.models import Profile, Skill, Topic
from quarterhour.sessions import services
from quarterhour.sessions.models import MentoringSession, Status
from quarterhour.sessions.rules import WrongState

pytestmark = pytest.mark.django_db

SKILL = "moving-into-management"
AT_TEN = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)  # in Lisbon, as Leila


@pytest.fixture
def town(commons):
    """Mentors who fit the question, read by matching."""

    def build(*mentors):
        Skill.objects.update_or_create(pk=SKILL, defaults={"label": "x", "area": "x", "spellings": "x"})
        Topic.objects.within(commons).update(skill=SKILL)
        index_mentors(org=commons, mentor_ids=[each.pk for each in mentors])
        count_words(commons.pk)
        return mentors

    return build


@pytest.fixture
def booked(need, amara):
    return make_session(need, amara, AT_TEN)


@pytest.fixture
def ines(commons):
    return MentorFactory(name="Inês Carvalho", org=commons)


def news() -> list[str]:
    return list(OutboxEvent.objects.order_by("pk").values_list("name", flat=True))


def test_somebody_who_fits_and_is_free_takes_the_same_time(town, booked, amara, ines, leila, now):
    town(amara, ines)

    taken = cannot_come(session=booked, by=amara, now=now, note="I am ill.")

    assert (taken.mentor, taken.mentee, taken.starts_at, taken.status) == (ines, leila, AT_TEN, Status.CONFIRMED)
    assert taken.instead_of == booked
    assert taken.ical_uid != booked.ical_uid  # a new mentor is a new session: calendars let go of the old one
    booked.refresh_from_db()
    assert (booked.status, booked.sequence, booked.note, booked.handed_to) == (Status.CANCELLED, 1, "I am ill.", taken)
    assert news() == ["SessionCancelled", "SessionConfirmed"]
    assert_nobody_is_booked_twice_or_half()


@pytest.mark.parametrize(
    "why", ["elsewhere", "asks first", "away", "apart from her", "apart from the mentor", "another length"]
)
def test_nobody_is_handed_what_they_cannot_or_must_not_take(town, booked, amara, ines, leila, commons, now, why):
    town(amara, ines)
    profile = Profile.objects.within(commons).filter(person=ines)
    {
        "elsewhere": lambda: make_session(NeedFactory(mentee=PersonFactory(org=commons), org=commons), ines, AT_TEN),
        "asks first": lambda: profile.update(confirm="ask"),
        "away": lambda: profile.update(paused_until=now.date() + timedelta(days=3)),
        "apart from her": lambda: people.block(other=ines, by=leila, org=commons, now=now),
        "apart from the mentor": lambda: people.block(other=amara, by=ines, org=commons, now=now),
        "another length": lambda: profile.update(lengths=[15]),
    }[why]()

    released = cannot_come(session=booked, by=amara, now=now)

    assert (released.pk, released.status) == (booked.pk, Status.CANCELLED)
    assert not MentoringSession.objects.within(commons).filter(mentor=ines, mentee=leila).exists()


def test_who_was_booked_a_moment_ago_is_passed_over(town, booked, amara, ines, commons, now, monkeypatch):
    second = MentorFactory(name="Jun Takahashi", org=commons)
    town(amara, ines, second)
    real, tried = services.book, []

    def book(*, mentor, **given):
        tried.append(mentor)
        if len(tried) == 1:
            raise services.SpanTaken("just booked")
        return real(mentor=mentor, **given)

    monkeypatch.setattr(services, "book", book)
    taken = cannot_come(session=booked, by=amara, now=now)

    assert taken.mentor == tried[1] != tried[0]
    assert news() == ["SessionCancelled", "SessionConfirmed"]  # the failed try left nothing behind


def test_only_the_mentor_hands_over_and_only_before_it_begins(booked, amara, leila, commons, now):
    with pytest.raises(NotAllowed):
        cannot_come(session=booked, by=leila, now=now)
    with pytest.raises(NotFound):
        cannot_come(session=booked, by=PersonFactory(org=commons), now=now)
    with pytest.raises(WrongState):
        cannot_come(session=booked, by=amara, now=AT_TEN)
    booked.refresh_from_db()
    assert booked.status == Status.CONFIRMED


def test_refusing_a_time_that_was_handed_over_is_never_late(town, booked, amara, ines, leila, now):
    town(amara, ines)
    taken = cannot_come(session=booked, by=amara, now=now)
    booked.refresh_from_db()
    assert booked.released_late  # less than three hours before, by the mentor

    refused = services.cancel(session=taken, by=leila, now=now)
    assert (refused.status, refused.released_late) == (Status.CANCELLED, False)


def test_three_times_of_three_others_near_the_old_one(town, booked, amara, ines, commons, now):
    far = MentorFactory(name="Bettina Kraus", org=commons, weekly={"fri": [["15:00", "16:00"]]})
    near = MentorFactory(name="Jun Takahashi", org=commons, weekly={"thu": [["11:00", "12:00"]]})
    blocked = MentorFactory(name="Ruth Abrams", org=commons)
    people.block(other=blocked, by=booked.mentee, org=commons, now=now)
    town(amara, ines, far, near, blocked)
    services.cancel(session=booked, by=amara, now=now)

    others = others_near(booked, now=now)

    assert [(each.mentor.first_name, each.start) for each in others] == [
        ("Inês", AT_TEN),
        ("Jun", AT_TEN + timedelta(hours=1)),
        ("Bettina", datetime(2026, 11, 27, 15, tzinfo=UTC)),
    ]


def test_one_other_person_has_all_three(town, booked, amara, ines, now):
    town(amara, ines)
    services.cancel(session=booked, by=amara, now=now)

    others = others_near(booked, now=now)
    assert len({each.start for each in others}) == 3
    assert {each.mentor for each in others} == {ines}
    assert others_near(booked, now=AT_TEN + timedelta(hours=1)) == []


def test_all_three_are_locked_before_anything_is_written(town, booked, amara, ines, leila, now):
    """Of two who hand over to each other at once, neither waits for the other."""
    town(amara, ines)
    with CaptureQueriesContext(connection) as queries:
        assert cannot_come(session=booked, by=amara, now=now).mentor == ines
    written = [each["sql"] for each in queries]
    first = next(sql for sql in written if "FOR NO KEY UPDATE" in sql or sql.startswith("UPDATE"))
    assert all(person.pk.hex in first.replace("-", "") for person in (amara, ines, leila))
