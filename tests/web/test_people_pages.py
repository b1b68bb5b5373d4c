"""The profile and beginning to help, through the pages."""

from __future__ import annotations

import re

import pytest
from tests.factories import PersonFactory

from quarterhour.availability.queries import availability_of
from quarterhour.core.models import Organisation
from quarterhour.people import services
from quarterhour.people.models import Profile, Skill, Story, Topic
from quarterhour.people.queries import profile_of

pytestmark = pytest.mark.django_db


# --- the profile -----------------------------------------------------------------------------------


def profile_form(person, org, **changed):
    profile = profile_of(person, org=org)
    shown = {
        "version": profile.version,
        "name": person.name,
        "zone": person.zone,
        "headline": "Engineer",
        "confirm": "instant",
        "topic_name": ["tides", ""],
        "topic_level": ["lived", "lived"],
        "language_code": ["pt", ""],
        "language_level": ["native", "fluent"],
    }
    return shown | changed


def test_a_profile_is_saved_and_shown(client, leila, commons):
    client.force_login(leila)
    form = profile_form(
        leila, commons, about="I build wind farms.", values="fairness, calm", helps_with=["decide"], lengths=["15"]
    )
    assert client.post("/me/edit/", form).url == "/me/"
    page = client.get("/me/").content.decode()
    for words in ("Engineer", "I build wind farms.", "fairness", "tides", "Portuguese"):
        assert words in page


def test_a_topic_says_for_itself_what_a_booking_does(client, amara, commons):
    Skill.objects.update_or_create(pk="on-call-rotations", defaults={"label": "x", "area": "x", "spellings": "x"})
    client.force_login(amara)
    form = profile_form(amara, commons, topic_name=["on-call rotations", "tides", "baking"])
    form |= {"topic_level": ["lived"] * 3, "topic_confirm": ["ask", "ask"]}

    assert client.post("/me/edit/", form).url == "/me/"

    kept = Topic.objects.within(commons).values_list("name", "confirm", "skill_id")
    assert list(kept) == [
        ("on-call rotations", "ask", "on-call-rotations"),
        ("tides", "ask", None),
        ("baking", "", None),
    ]
    assert client.get("/me/").content.decode().count("asks me first") == 1
    assert "as usual: we know no name for it" in client.get("/me/").content.decode()
    assert client.get("/me/edit/").content.decode().count('<option value="ask" selected>') == 2
    page = client.get(f"/people/{amara.pk}/").content.decode()
    assert page.count("asked first") == 1
    assert "Bookings confirm at once, but for topics that say otherwise." in page


def test_a_choice_for_a_topic_that_is_none_is_told(client, amara, commons):
    client.force_login(amara)
    answer = client.post("/me/edit/", profile_form(amara, commons, topic_confirm=["perhaps"]))
    assert answer.status_code == 422
    assert "Choose for “tides” whether bookings confirm at once" in answer.content.decode()


def test_helping_more_keeps_what_a_topic_says(client, amara, commons):
    Topic.objects.within(commons).update(confirm="ask")
    client.force_login(amara)
    topics = {"topic_name": ["Moving into management", "tides"], "topic_level": ["expert", "lived"]}
    assert client.post("/join/", topics | {"minutes": "15"}).url == "/me/"
    kept = Topic.objects.within(commons).values_list("level", "confirm")
    assert list(kept) == [("expert", "ask"), ("lived", "")]


HOSTILE = {
    "ten thousand and one": "ä" * 10_001,
    "markup": "<script>alert(1)</script>",
    "template": "{{ settings.SECRET_KEY }}{% include 'x' %}",
    "right to left": "\u202eمرحبا\u202c",
    "zero bytes": "a\x00b\x00",
    "a lone surrogate": "\\ud800",
    "htmx": '<b hx-get="/sign-out/" hx-trigger="load">x</b>',
}


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("field", ["name", "headline", "about", "goals", "values", "topic_name", "style", "zone"])
def test_whatever_is_typed_is_kept_or_refused_and_never_breaks(client, leila, commons, field, words):
    client.force_login(leila)
    answer = client.post("/me/edit/", profile_form(leila, commons, **{field: words}))
    assert answer.status_code in {302, 422}
    page = (answer if answer.status_code == 422 else client.get("/me/")).content.decode()
    assert "<script>alert" not in page
    assert "<b hx-get" not in page
    if answer.status_code == 422:
        assert 'aria-invalid="true"' in page


def test_what_is_wrong_stands_beside_its_field_and_the_rest_is_kept(client, leila, commons):
    client.force_login(leila)
    form = profile_form(leila, commons, zone="Europe/Atlantis", about="I build.", topic_level=["godlike", "lived"])
    answer = client.post("/me/edit/", form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "We know no time zone called" in page
    assert "Choose how well you know “tides”." in page
    assert "I build." in page
    assert 'value="tides"' in page
    assert not Topic.objects.within(commons).exists()


def test_a_second_tab_sees_both_versions_and_may_still_save_its_own(client, leila, commons):
    client.force_login(leila)
    first, second = profile_form(leila, commons, headline="First"), profile_form(leila, commons, headline="Second")
    client.post("/me/edit/", first)

    answer = client.post("/me/edit/", second)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "changed in another tab" in page
    assert "<dd>First</dd>" in page
    assert 'value="Second"' in page
    assert profile_of(leila, org=commons).headline == "First"

    version = re.search(r'name="version" value="(\d+)"', page).group(1)
    assert client.post("/me/edit/", second | {"version": version}).status_code == 302
    assert profile_of(leila, org=commons).headline == "Second"


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 40, "1.5"])
def test_a_version_that_is_none_overwrites_nothing(client, leila, commons, version):
    client.force_login(leila)
    answer = client.post("/me/edit/", profile_form(leila, commons, version=version))
    assert answer.status_code in {409, 422}
    assert profile_of(leila, org=commons).headline == ""


def test_rows_that_lost_their_half_are_no_harm(client, leila, commons):
    client.force_login(leila)
    form = profile_form(leila, commons, topic_name=["a topic", "b topic"], topic_level=["lived"])
    assert client.post("/me/edit/", form).status_code == 422
    assert (
        client.post("/me/edit/", profile_form(leila, commons, language_code=["pt"] * 3, language_level=[])).status_code
        == 422
    )


def test_a_story_is_told_corrected_removed_and_brought_back(client, leila, commons):
    client.force_login(leila)
    assert client.post("/me/stories/", {"text": "", "title": "x"}).status_code == 422
    assert client.post("/me/stories/", {"text": "I once sailed to Faial.", "year": "2019"}).url == "/me/"
    story = Story.objects.within(commons).get()
    page = client.get(f"/me/stories/{story.pk}/").content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', page).group(1)

    form = {"text": "I once sailed to Faial and back.", "title": "Faial", "year": "2019", "seen": seen}
    assert client.post(f"/me/stories/{story.pk}/", form).url == "/me/"
    again = client.post(f"/me/stories/{story.pk}/", form | {"text": "Otherwise."})
    assert again.status_code == 409
    assert "I once sailed to Faial and back." in again.content.decode()
    assert "Otherwise." in again.content.decode()

    client.post(f"/me/stories/{story.pk}/remove/")
    page = client.get("/me/").content.decode()
    assert 'action="/me/stories/restore/"' in page
    assert not Story.objects.within(commons).exists()
    client.post("/me/stories/restore/")
    client.post("/me/stories/restore/")
    assert [s.text for s in Story.objects.within(commons)] == ["I once sailed to Faial and back."]


def test_looking_never_removes(client, amara, commons):
    client.force_login(amara)
    story = Story.objects.within(commons).get()
    for path in (f"/me/stories/{story.pk}/remove/", "/me/stories/restore/", "/me/pause/", "/me/stop/"):
        assert client.get(path).status_code == 405
    assert Story.objects.within(commons).filter(pk=story.pk).exists()


def test_the_story_of_somebody_else_is_not_there(client, leila, amara, commons):
    client.force_login(leila)
    story = Story.objects.within(commons).get()
    assert client.get(f"/me/stories/{story.pk}/").status_code == 404
    assert client.post(f"/me/stories/{story.pk}/", {"text": "Mine now"}).status_code == 404
    assert client.post(f"/me/stories/{story.pk}/remove/").status_code == 404


def test_a_fellow_member_sees_a_mentor_and_a_stranger_sees_nothing(client, leila, amara, commons):
    outside = Organisation.objects.create(name="Maré Energy", slug="mare-energy")
    stranger = PersonFactory(org=outside)
    client.force_login(leila)
    page = client.get(f"/people/{amara.pk}/")
    assert page.status_code == 200
    assert "Amara Okafor" in page.content.decode()
    assert amara.email not in page.content.decode()

    assert client.get(f"/people/{leila.pk}/").status_code == 404
    client.force_login(stranger)
    assert client.get(f"/people/{amara.pk}/").status_code == 404
    client.logout()
    assert client.get(f"/people/{amara.pk}/").url.startswith("/sign-in/")


def test_a_paused_mentor_offers_no_time(client, leila, amara, commons, clock):
    client.force_login(leila)
    assert "Free next" in client.get(f"/people/{amara.pk}/").content.decode()
    Profile.objects.within(commons).filter(person=amara).update(paused_until="2026-12-24")
    page = client.get(f"/people/{amara.pk}/").content.decode()
    assert "Free next" not in page
    assert "Back on 24 December" in page


@pytest.mark.parametrize("many", [1, 12])
def test_a_profile_costs_the_same_however_much_it_says(client, amara, leila, commons, many, django_assert_num_queries):
    profile = profile_of(amara, org=commons)
    for n in range(many):
        Topic.objects.create(org=commons, profile=profile, name=f"topic {n}")
        Story.objects.create(org=commons, profile=profile, title=f"story {n}", text="I once.", position=n)
    services.load_skills()
    Topic.objects.within(commons).update(skill="leadership")
    client.force_login(amara)
    with django_assert_num_queries(8):  # session, person, places, four of the profile, its side
        client.get("/me/")
    client.force_login(leila)
    with django_assert_num_queries(11):  # as above, and three for free time
        client.get(f"/people/{amara.pk}/")


@pytest.mark.parametrize("until", ["", "yesterday", "2026-11-26", "0001-01-01", "9999-12-31", "2026-13-45"])
def test_a_pause_needs_a_day_ahead(client, amara, commons, clock, until):
    client.force_login(amara)
    answer = client.post("/me/pause/", {"until": until})
    assert answer.status_code == 422
    assert 'id="id_until-error"' in answer.content.decode()


def test_a_pause_can_be_ended_early(client, amara, commons, clock):
    client.force_login(amara)
    client.post("/me/pause/", {"until": "2026-12-24"})
    assert "Paused until <strong>24 December" in client.get("/me/").content.decode()
    client.post("/me/pause/", {"resume": "yes"})
    assert profile_of(amara, org=commons).paused_until is None


@pytest.mark.parametrize(
    "typed", ["managment", "", "%", "'; DROP TABLE people_skill; --", "\x00", "a" * 5000, "&|!<->", "ü"]
)
def test_skills_are_found_though_mistyped_and_nothing_breaks_the_search(client, leila, typed):
    client.force_login(leila)
    page = client.get("/skills/", {"q": typed})
    found = client.get("/skills/", {"topic_name": typed}, headers={"Accept": "application/json"}).json()["skills"]
    assert page.status_code == 200
    if typed == "managment":
        assert any("management" in each["label"] for each in found)
        assert 'data-fill="' in page.content.decode()


def join_form(**changed):
    return {
        "topic_name": ["tides"],
        "topic_level": ["lived"],
        "text": "I once sailed to Faial.",
        "minutes": "30",
        "days": ["tue"],
        "start": "12:00",
        "end": "13:30",
        "zone": "Atlantic/Azores",
    } | changed


def test_beginning_to_help_takes_one_form(client, leila, commons):
    client.force_login(leila)
    assert client.get("/join/").status_code == 200
    assert client.post("/join/", join_form()).url == "/me/"
    hours = availability_of(leila, org=commons)
    assert profile_of(leila, org=commons).is_mentor
    assert (hours.zone, hours.weekly, hours.weekly_minutes) == ("Atlantic/Azores", {"tue": [["12:00", "13:30"]]}, 30)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"topic_name": [""]}, "Name one thing"),
        ({"text": ""}, "Say what happened"),
        ({"days": []}, "Choose at least one day"),
        ({"days": ["noday"]}, "is no day"),
        ({"start": "13:30", "end": "12:00"}, "Swap the two times"),
        ({"start": "x"}, "not a time of day"),
        ({"zone": "Nowhere"}, "We know no time zone"),
        ({"minutes": "5000"}, "Choose one of the three"),
        ({"text": "x" * 10_001}, "Keep it under"),
    ],
)
def test_what_is_missing_to_help_is_said_and_nothing_is_half_written(client, leila, commons, changed, told):
    client.force_login(leila)
    answer = client.post("/join/", join_form(**changed))
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not profile_of(leila, org=commons).is_mentor
    assert not Story.objects.within(commons).exists()
    assert availability_of(leila, org=commons).weekly == {}


def test_a_mentor_who_comes_again_keeps_hours_and_stories(client, amara, commons):
    before = availability_of(amara, org=commons).weekly
    client.force_login(amara)
    assert client.post("/join/", {"topic_name": ["tides"], "topic_level": ["lived"], "minutes": "15"}).url == "/me/"
    hours = availability_of(amara, org=commons)
    assert (hours.weekly, hours.weekly_minutes) == (before, 15)
    assert Story.objects.within(commons).count() == 1
    assert Topic.objects.within(commons).count() == 2


def test_a_profile_says_what_a_topic_is_found_under_and_names_the_town_of_its_clock(client, amara, commons):
    row = Topic.objects.within(commons).filter(profile__person=amara).first()
    client.force_login(amara)
    row.skill = None
    row.save()
    assert "your words alone" in client.get("/me/").content.decode()
    row.skill = Skill.objects.create(id="tides", label=row.name)
    row.save()

    page = client.get("/me/").content.decode()
    assert "People find it under" in page
    assert "this name" in page
    assert re.search(r"</svg>\s*Lagos</span>", page)
