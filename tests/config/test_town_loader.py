from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection
from tests.double_booking import assert_nobody_is_booked_twice_or_half
from tests.factories import NeedFactory, make_session

from quarterhour.advice.models import Takeaway
from quarterhour.config import town
from quarterhour.config.town import TownTrouble
from quarterhour.config.town.loader import empty, state_of
from quarterhour.core.models import Organisation, OutboxEvent
from quarterhour.matching.models import Evidence
from quarterhour.needs.models import Need
from quarterhour.people.models import Membership, Person, Profile, Topic
from quarterhour.people.queries import acting_in, manages
from quarterhour.sessions.models import AttendanceEvent, MentoringSession, Notes, Status, TimeClaim
from quarterhour.sessions.rules import can_join

pytestmark = pytest.mark.xdist_group("town")

NOW = datetime(2026, 11, 26, 9, 4, tzinfo=UTC)
SIZE = 380  # the town's own mentors in Commons, and a few dozen of a crowd


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """A database with the town and a small crowd in it, loaded once and emptied at the end."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "MODEL", False)  # words are enough here, and twenty seconds quicker
        yield town.load(SIZE, now=NOW, progress=False)
        empty()


def person(slug: str) -> Person:
    return Person.objects.get(email=f"{slug}@town.example")


def commons() -> Organisation:
    return Organisation.objects.get(slug="commons")


def test_the_whole_town_is_there(loaded, db):
    assert Profile.objects.within(commons()).mentors().count() == SIZE
    assert (loaded.mentors, loaded.elsewhere) == (SIZE, 24)
    assert f"{SIZE:,} mentors in Commons, 24 in 3 other organisations" in loaded.told
    assert Organisation.objects.count() == 4
    assert Takeaway.objects.of_every_tenant(because="test").count() == 2000


def test_topics_of_the_town_are_pinned_to_skills(loaded, db):
    written = Topic.objects.within(commons()).exclude(profile__person__email__regex=r"-\d+@")
    pinned = written.exclude(skill=None).count()

    assert pinned > 0.95 * written.count()


def test_whatever_takes_time_is_claimed_for_both(loaded, db):
    taking = MentoringSession.objects.of_every_tenant(because="test").filter(
        status__in=[Status.ENDED, Status.ASKED, Status.CONFIRMED]
    )

    assert TimeClaim.objects.count() == 2 * taking.count()
    assert_nobody_is_booked_twice_or_half()


def test_notes_of_the_written_sessions_are_kept(loaded, db):
    text = Notes.objects.of_every_tenant(because="test").get(session__mentor__name="Dwayne Pettaway").text

    assert "keep ur TIG hand alive at night school" in text


def test_every_mentor_can_be_found_by_words(loaded, db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT p.name FROM matching_evidence e JOIN people_person p ON p.id = e.mentor_id"
            " WHERE e.words @@ plainto_tsquery('english', 'review date offer trial')"
        )
        found = {name for (name,) in cursor.fetchall()}

    assert "Amara Okafor" in found
    assert Evidence.objects.within(commons()).values("mentor").distinct().count() == SIZE


def test_the_indexes_of_the_evidence_are_back_after_a_crowd_came(loaded, db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = 'matching_evidence'")
        names = {name for (name,) in cursor.fetchall()}

    assert {"evidence_by_nearness", "evidence_by_word", "evidence_of_a_mentor"} <= names


def test_the_demo_people_begin_where_they_should(loaded, db):
    hanna, jonas, leila = person("hanna-lindqvist"), person("jonas-brandt"), person("leila-haddad")

    assert manages(hanna, acting_in(hanna))
    assert acting_in(hanna).name == "Maré Energy"
    assert acting_in(leila).slug == "commons"
    assert jonas.is_operator
    assert not any(p.has_usable_password() for p in (hanna, jonas, leila))
    assert Membership.objects.filter(role="manager").count() == 1


def test_leila_finds_a_decision_on_which_two_contradict_each_other(loaded, db):
    from quarterhour.advice.decision_queries import board_of, decisions_of
    from quarterhour.advice.perspectives import laid_out

    leila = person("leila-haddad")
    (hers,) = decisions_of(leila, org=commons())
    board = board_of(hers, reader=leila)
    assert [bool(each.side) for each in board.pieces] == [True, True, False]
    assert [each.exact for each in laid_out(board).conflicts] == [True]


def test_keys_tell_when_things_happened(loaded, db):
    needs = Need.objects.of_every_tenant(because="test")
    oldest, newest = needs.order_by("pk").first(), needs.order_by("pk").last()

    assert oldest.stated_at < newest.stated_at
    assert newest.stated_at > NOW - timedelta(days=2)


def test_loading_twice_says_that_the_town_is_there(loaded, db):
    again = town.load(now=NOW, progress=False)

    assert not again.fresh
    assert "here already" in again.told
    assert Organisation.objects.count() == 4


def test_leila_and_amara_can_enter_their_room_at_once(loaded, db):
    today = town.refresh(now=NOW)

    assert today.asks == 2
    assert timedelta() < today.next.starts_at - NOW <= timedelta(minutes=9)
    assert can_join(person("leila-haddad"), today.next, now=NOW)
    assert can_join(person("amara-okafor"), today.next, now=NOW)
    assert OutboxEvent.objects.filter(name="SessionConfirmed").count() == 1


def test_refreshing_twice_changes_nothing(loaded, db):
    first, second = town.refresh(now=NOW), town.refresh(now=NOW + timedelta(minutes=2))

    assert first.next.pk == second.next.pk
    assert OutboxEvent.objects.filter(name="SessionAsked").count() == 2


def test_when_the_day_is_over_the_next_start_makes_a_new_one(loaded, db):
    first = town.refresh(now=NOW)
    later = NOW + timedelta(days=3, hours=11)
    second = town.refresh(now=later)

    assert second.next.pk != first.next.pk
    assert can_join(person("leila-haddad"), second.next, now=later)
    assert not MentoringSession.objects.within(commons()).filter(pk=first.next.pk).exists()
    assert second.asks == 2


def test_a_restart_makes_a_session_in_minutes_though_the_two_meet_later_today(loaded, db):
    first = town.refresh(now=NOW).next
    org, (leila, amara) = commons(), (person("leila-haddad"), person("amara-okafor"))
    AttendanceEvent.objects.create(org=org, session=first, person=leila, kind="joined", connection=first.pk, at=NOW)
    later = first.ends_at + timedelta(minutes=20)
    make_session(NeedFactory(mentee=leila, org=org), amara, later + timedelta(hours=6))
    second = town.refresh(now=later).next

    assert second.pk != first.pk
    assert can_join(leila, second, now=later)


@pytest.mark.parametrize("hours", range(0, 24, 5))
def test_at_whatever_hour_the_demo_starts_there_is_a_session(loaded, db, hours):
    now = NOW + timedelta(hours=hours)

    assert can_join(person("amara-okafor"), town.refresh(now=now).next, now=now)


def test_leila_finds_her_question_about_becoming_a_lead(loaded, db):
    town.refresh(now=NOW)
    need = Need.objects.visible_to(person("leila-haddad")).get(text__startswith="I have been offered")

    assert need.text.endswith("I have to answer by Friday 4 December.")
    assert f"{need.decide_by:%A}" == "Friday"
    assert need.matched_at is None
    assert NOW - need.stated_at == timedelta(minutes=4)
    assert {t.skill_id for t in need.topics.all()}


def test_a_crowd_speaks_with_words_of_its_own_numbers(loaded, db):
    crowd = Profile.objects.within(commons()).filter(person__email__regex=r"-\d+@").select_related("person")

    assert crowd.count() == SIZE - 343
    assert len({each.about for each in crowd}) > 0.9 * crowd.count()
    assert all(each.stories.count() >= 2 and each.person.zone for each in crowd)


def test_a_guest_in_the_town_does_not_make_it_a_real_place(loaded, db):
    from tests.factories import PersonFactory

    PersonFactory(email="visitor@firm.example")

    assert state_of() == "town"


def test_only_a_demo_empties_its_town(loaded, db):
    assert not settings.DEMO

    with pytest.raises(TownTrouble, match="--fresh"):
        town.load(now=NOW, fresh=True, progress=False)
    assert state_of() == "town"
