"""Accounts, profiles and stories, judged by what stands in the database and what was told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.factories import PersonFactory

from quarterhour.core.errors import Changed, Invalid, NotAllowed, NotFound
from quarterhour.core.models import OutboxEvent
from quarterhour.people import rules, services
from quarterhour.people.models import Membership, Person, Profile, Skill, Story
from quarterhour.people.queries import own_profile, pins_for, profile_of

pytestmark = pytest.mark.django_db


def told(name: str) -> int:
    return OutboxEvent.objects.filter(name=name).count()


def words_of(person, topics=(), **columns):
    given = {"name": person.name, "zone": person.zone, "confirm": "instant"} | columns
    return rules.profile_words(given, topics=topics)


def save(person, org, now, *, seen=1, topics=(), **columns):
    return services.save_profile(person=person, org=org, words=words_of(person, topics, **columns), seen=seen, now=now)


def test_a_new_address_makes_an_account_in_commons(commons, now):
    person = services.enter_by_mail(email="new@town.example", zone="Africa/Lagos", now=now)

    assert (person.zone, person.has_usable_password()) == ("Africa/Lagos", False)
    assert Membership.objects.filter(person=person, org=commons).exists()
    assert told("AccountOpened") == 1


def test_a_known_address_makes_no_second_account_however_it_is_spelled(leila, commons, now):
    Person.objects.filter(pk=leila.pk).update(email="Leila@Town.example")

    person = services.enter_by_mail(email=rules.address("LEILA@town.EXAMPLE"), zone="Asia/Tokyo", now=now)

    assert person.pk == leila.pk
    assert (person.zone, told("AccountOpened"), Person.objects.count()) == ("Europe/Lisbon", 0, 1)


@pytest.mark.parametrize("zone", ["", "Nowhere/Land", "../etc"])
def test_a_guess_that_is_no_zone_is_forgotten(commons, now, zone):
    assert services.enter_by_mail(email="new@town.example", zone=zone, now=now).zone == "UTC"


def test_somebody_imported_gets_the_zone_of_their_first_browser(commons, now):
    imported = PersonFactory(email="imported@town.example", zone="UTC", org=commons)

    services.enter_by_mail(email=imported.email, zone="Asia/Tokyo", now=now)

    imported.refresh_from_db()
    assert imported.zone == "Asia/Tokyo"


def test_a_member_of_an_organisation_is_not_put_into_commons(now):
    from quarterhour.core.models import Organisation

    org = Organisation.objects.create(name="Maré Energy", slug="mare-energy")
    member = PersonFactory(email="ines@mare.example", org=org)

    services.enter_by_mail(email=member.email, zone="", now=now)

    assert list(member.memberships.values_list("org", flat=True)) == [org.pk]


def test_a_closed_account_stays_closed(leila, now):
    leila.is_active = False
    leila.save()
    with pytest.raises(NotAllowed, match="closed"):
        services.enter_by_mail(email=leila.email, zone="", now=now)


def test_saving_a_profile_writes_it_whole_and_tells_matching(leila, commons, now):
    save(leila, commons, now, headline="Engineer", languages=[("pt", "native")], topics=[("tides", "lived")])

    profile = own_profile(leila, org=commons)
    assert (profile.headline, profile.language_codes, profile.version) == ("Engineer", ["pt"], 2)
    assert [topic.name for topic in profile.topics.all()] == ["tides"]
    assert told("ProfileChanged") == 1


def test_saving_the_same_words_again_tells_nobody(leila, commons, now):
    save(leila, commons, now, headline="Engineer", topics=[("tides", "lived")])
    save(leila, commons, now, seen=2, headline="Engineer", topics=[("tides", "lived")])
    assert told("ProfileChanged") == 1


def test_a_second_tab_is_told_and_nothing_of_it_is_written(leila, commons, now):
    save(leila, commons, now, headline="First")
    with pytest.raises(Changed):
        save(leila, commons, now, headline="Second", topics=[("tides", "lived")])

    profile = own_profile(leila, org=commons)
    assert (profile.headline, profile.topics.count()) == ("First", 0)


def test_a_checked_topic_stays_checked_while_its_name_stays(leila, commons, now):
    save(leila, commons, now, topics=[("Tides", "lived"), ("Wind", "lived")])
    profile = profile_of(leila, org=commons)
    profile.topics.update(checked_at=now)

    save(leila, commons, now, seen=2, topics=[("tides", "expert"), ("solar", "lived")])

    assert [(t.name, t.level, bool(t.checked_at)) for t in profile.topics.all()] == [
        ("tides", "expert", True),
        ("solar", "lived", False),
    ]


def test_a_topic_is_pinned_to_the_skill_it_clearly_means(leila, commons, now):
    services.load_skills()
    save(leila, commons, now, topics=[("postgress", "expert"), ("fax machines of Lisbon", "lived")])

    pins = {t.name: t.skill_id for t in profile_of(leila, org=commons).topics.all()}
    assert pins == {"postgress": "postgresql", "fax machines of Lisbon": None}


def test_a_word_is_not_pinned_to_a_longer_name_that_holds_it():
    services.load_skills()
    assert pins_for(["nurse", "databases", "k8s", "Führung", "xyzzy"]) == {
        "nurse": "nursing",
        "databases": "databases",
        "k8s": "kubernetes",
        "Führung": "leadership",
    }


def test_skills_are_loaded_twice_without_harm_and_keep_how_often_they_were_wanted():
    count = services.load_skills()
    Skill.objects.filter(pk="kubernetes").update(wanted=7, label="old")

    assert services.load_skills() == count == Skill.objects.count()
    kept = Skill.objects.get(pk="kubernetes")
    assert (kept.wanted, kept.label) == (7, "Kubernetes")
    assert "k8s" in kept.spellings.splitlines()


def test_one_topic_and_one_story_make_a_mentor(leila, commons, now):
    topic, story = rules.TopicWords(name="tides"), rules.StoryWords(text="I once sailed.", title="Sailing")
    with pytest.raises(Invalid) as refused:
        services.offer_time(person=leila, org=commons, now=now)
    assert set(refused.value.fields) == {"topics", "text"}
    assert not profile_of(leila, org=commons).is_mentor

    profile = services.offer_time(person=leila, org=commons, topics=[topic], story=story, now=now)

    assert (profile.is_mentor, profile.mentor_since, profile.stories.count()) == (True, now, 1)
    assert told("ProfileChanged") == 1


def test_a_mentor_may_stop_pause_and_come_back(amara, commons, now):
    today = date(2026, 11, 26)
    services.pause(person=amara, org=commons, until=today + timedelta(days=9), now=now, today=today)
    assert profile_of(amara, org=commons).paused_until == date(2026, 12, 5)
    assert services.resume(person=amara, org=commons, now=now).paused_until is None
    assert services.stop_offering(person=amara, org=commons, now=now).is_mentor is False
    assert told("ProfileChanged") == 3


def test_stories_are_added_changed_removed_and_brought_back(leila, commons, now):
    first = rules.story_words(told="I once waited.", year="2020", today=date(2026, 11, 26))
    story = services.add_story(person=leila, org=commons, words=first, now=now)
    changed = rules.StoryWords(text="I once waited a year.", title="A year")
    services.change_story(
        person=leila, org=commons, story_id=story.pk, words=changed, seen=services.mark_of(story), now=now
    )

    remains = services.remove_story(person=leila, org=commons, story_id=story.pk, now=now)
    assert Story.objects.within(commons).count() == 0
    back = services.restore_story(person=leila, org=commons, remains=remains, now=now)

    assert (back.title, back.text, back.position) == ("A year", "I once waited a year.", 0)
    assert told("ProfileChanged") == 4


def test_a_story_changed_in_a_second_tab_is_told(leila, commons, now):
    story = services.add_story(
        person=leila, org=commons, words=rules.StoryWords(text="I once waited.", title="Waiting"), now=now
    )
    with pytest.raises(Changed):
        services.change_story(
            person=leila,
            org=commons,
            story_id=story.pk,
            seen="another mark",
            now=now,
            words=rules.StoryWords(text="Mine.", title="Mine"),
        )
    story.refresh_from_db()
    assert story.text == "I once waited."


def test_nobody_touches_the_story_of_somebody_else(amara, leila, commons, now):
    story = Story.objects.within(commons).get(profile__person=amara)
    with pytest.raises(NotFound):
        services.remove_story(person=leila, org=commons, story_id=story.pk, now=now)
    assert Story.objects.within(commons).filter(pk=story.pk).exists()


def test_thirty_stories_are_enough(leila, commons, now):
    profile = Profile.objects.create(org=commons, person=leila)
    Story.objects.bulk_create(
        Story(org=commons, profile=profile, title=str(n), text="I once.", position=n) for n in range(30)
    )
    with pytest.raises(Invalid, match="30 stories"):
        services.add_story(person=leila, org=commons, words=rules.StoryWords(text="x", title="x"), now=now)


def test_looking_at_a_profile_that_is_not_there_yet_writes_none(leila, commons):
    for read in (profile_of, own_profile):
        mine = read(leila, org=commons)
        assert (mine.person, mine.version, list(mine.topics.all()), list(mine.stories.all())) == (leila, 1, [], [])
    assert not Profile.objects.within(commons).exists()


def test_the_first_words_make_one_profile(leila, commons, now):
    seen = own_profile(leila, org=commons).version
    save(leila, commons, now, seen=seen, headline="Engineer")
    assert Profile.objects.within(commons).get().headline == profile_of(leila, org=commons).headline == "Engineer"
