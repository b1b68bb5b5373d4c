"""Where nobody fits, or nobody has time: a clear answer, and what to press next."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.factories import MentorFactory, NeedFactory, make_session

from quarterhour.core import clock
from quarterhour.core.errors import Invalid
from quarterhour.engines.hours import awake
from quarterhour.engines.matching import Relaxed
from quarterhour.matching.cards import Asked, Card
from quarterhour.matching.indexing import count_words, index_mentors
from quarterhour.matching.people import People, people_for
from quarterhour.matching.ranking import _in_one_language
from quarterhour.needs.models import Need, NeedTopic
from quarterhour.needs.services import NeedWords
from quarterhour.people.models import Profile, Topic
from quarterhour.people.services import load_skills
from quarterhour.web import when
from quarterhour.web.match import page as match_page
from quarterhour.web.match.ways import Way, changed, nobody_in_time, ways_on

NINE = datetime(2026, 11, 26, 9, 4, tzinfo=UTC)
ALL_DAY = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


def card(*starts, name="Bettina", codes=("en",)) -> Card:
    profile = SimpleNamespace(person=SimpleNamespace(first_name=name), language_codes=list(codes), person_id=name)
    return Card(profile, "", "", 25, "", "", [], "", "", None, "", checked=False, starts=list(starts))


def words(**given) -> NeedWords:
    return NeedWords(**({"text": "How do I say no?", "languages": ("en",), "skills": ("hiring", "pricing")} | given))


def people(*cards, confident=False, lacking="") -> People:
    return People(cards=list(cards), rows=[], facets=[], confident=confident, others=57, lacking=lacking)


# --- nobody has time -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "first", "told"),
    [
        ({"when": "now"}, timedelta(minutes=20), ""),
        (
            {"when": "now"},
            timedelta(hours=7),
            "None of them is free right now. The first free time is today at 16:04",
        ),
        ({"when": "today", "settled": ("when",)}, timedelta(hours=7), ""),
        ({"when": "today"}, timedelta(days=3), ""),
        ({"when": "today"}, timedelta(days=8), "None of them is free this week. "),
        ({"when": "today", "decide_by": date(2026, 11, 27)}, timedelta(days=1), ""),
        ({"when": "today", "decide_by": date(2026, 11, 27)}, timedelta(days=2), "None of them is free by Friday"),
        (
            {"when": "today", "settled": ("when",)},
            timedelta(days=1),
            "None of them is free today. The first free time is tomorrow at 09:04",
        ),
        ({"when": "week"}, timedelta(days=6), ""),
        ({"when": "week"}, timedelta(days=8), "None of them is free this week. "),
        ({"when": "week", "decide_by": date(2026, 11, 27)}, timedelta(days=1), ""),
        ({"when": "week", "decide_by": date(2026, 11, 27)}, timedelta(days=2), "None of them is free by Friday"),
        ({"when": "week", "decide_by": date(2026, 12, 27)}, timedelta(days=8), "None of them is free this week. "),
        ({"when": "any"}, timedelta(days=27), ""),
        ({"when": "any", "decide_by": date(2026, 11, 27)}, timedelta(days=1), ""),
        (
            {"when": "any", "decide_by": date(2026, 11, 27)},
            timedelta(days=2),
            "None of them is free by Friday",
        ),
    ],
)
def test_it_is_said_when_nobody_is_free_in_the_time_asked_for(asked, first, told):
    with timezone.override("Europe/Lisbon"):
        cards = [card(NINE + first + timedelta(days=1), name="Amara"), card(NINE + first)]
        said = nobody_in_time(cards, words(**asked), now=NINE)
    assert said.startswith(told)
    assert bool(said) == bool(told)
    assert not said or said.endswith("with Bettina.")


def test_nobody_at_all_is_said_as_well():
    assert nobody_in_time([card()], words(when="week"), now=NINE) == (
        "None of them is free this week, nor in the next four weeks."
    )
    assert nobody_in_time([], words(when="now"), now=NINE) == ""


# --- one word changed ------------------------------------------------------------------------------


def test_the_topic_nobody_knows_can_be_left_out_while_another_remains(db):
    load_skills()
    lone = people(card(), lacking="hiring")
    assert ways_on(lone, words(), late=False)[0].chip == "topic hiring"
    assert ways_on(lone, words(skills=("hiring",)), late=False) == []
    assert ways_on(people(card(), lacking="leadership"), words(), late=False) == []
    left = changed(words(), "topic hiring")
    assert (left.skills, left.settled) == (["pricing"], ("topics",))


def test_the_language_most_of_them_speak_is_one_press_where_none_is_shared():
    cards = [card(codes=["de"]), card(codes=["de", "fr"]), card(codes=["fr"])]
    assert ways_on(people(*cards), words(), late=False) == [Way("language de", "In German, too")]
    assert ways_on(people(*cards, card(codes=["en"])), words(), late=False) == []
    assert ways_on(people(*cards, confident=True), words(), late=False) == []
    more = changed(words(), "language de")
    assert (more.languages, more.settled) == (("en", "de"), ("language",))


def test_any_time_is_one_press_where_nobody_is_free_in_time():
    assert ways_on(people(card(), confident=True), words(when="today"), late=True) == [Way("when any", "At any time")]
    assert ways_on(people(card(), confident=True), words(when="any"), late=True) == []
    assert changed(words(when="today"), "when any").when == "any"


@pytest.mark.parametrize(
    "chip", ["", "when", "when now", "topic", "topic leadership", "language xx", "minutes 15", "\0"]
)
def test_what_is_no_word_of_it_changes_nothing(chip):
    with pytest.raises(Invalid, match="Reload the page"):
        changed(words(), chip)
    with pytest.raises(Invalid):
        changed(words(skills=("hiring",)), "topic hiring")


# --- on the page -----------------------------------------------------------------------------------


@pytest.fixture
def town(commons):
    load_skills()
    mentors = [MentorFactory(org=commons, weekly=ALL_DAY, name=f"Mentor {n}") for n in range(5)]
    for mentor in mentors:
        profile = Profile.objects.within(commons).get(person=mentor)
        Topic.objects.create(org=commons, profile=profile, name="leadership", skill_id="leadership", level="lived")
    index_mentors(org=commons, mentor_ids=[mentor.pk for mentor in mentors])
    count_words(commons.pk)
    return mentors


@pytest.fixture
def asked(client, leila, commons, town):
    client.force_login(leila)
    return NeedFactory(mentee=leila, org=commons, stated_at=clock.now())


def shows(monkeypatch, **found):
    """The matches page as if matching had found so."""
    from quarterhour.web.match import views

    real = views.people_for

    def people_for(*args, **how):
        people = real(*args, **how)
        for name, value in found.items():
            setattr(people, name, value)
        return people

    monkeypatch.setattr(views, "people_for", people_for)


def page_of(client, need, **query) -> str:
    return client.get(reverse("match:need", args=[need.pk]), query).content.decode()


def test_a_list_behind_nobody_is_called_what_it_is(client, asked, monkeypatch):
    shows(monkeypatch, confident=False, lacking="")
    page = page_of(client, asked, show="10")
    assert "Nobody fits yet" in page
    assert re.search(r'href="#everyone">2 in nearby fields</a>', page)
    assert "People in nearby fields" in page
    assert "Everyone who could help" not in page
    assert "2 more" not in page


def test_one_guessed_topic_nobody_knows_does_not_make_nobody_fit(client, asked, commons, monkeypatch):
    for position, skill in enumerate(("leadership", "pricing")):
        NeedTopic.objects.create(org=commons, need=asked, skill_id=skill, position=position)
    shows(monkeypatch, confident=False, lacking="pricing")
    page = page_of(client, asked)
    assert "Nobody fits yet" not in page
    assert "Three people who come near" in page
    assert "Nobody here names “pricing”." in page

    Need.objects.within(commons).filter(pk=asked.pk).update(settled=["topics"])
    assert "Nobody fits yet" in page_of(client, asked), "who chose the topic is told that nobody knows it"


def test_topics_we_guessed_are_read_as_guesses_before_and_after_signing_in(client, asked, commons, monkeypatch):
    seen = []
    from quarterhour.web.match import views

    real = views.people_for
    monkeypatch.setattr(views, "people_for", lambda one, **how: seen.append(one.settled) or real(one, **how))
    page_of(client, asked)
    Need.objects.within(commons).filter(pk=asked.pk).update(settled=["topics"])
    page_of(client, asked)
    assert seen == [False, True]


def test_one_press_changes_the_word_and_shows_the_result(client, asked, commons, monkeypatch):
    for position, skill in enumerate(("leadership", "pricing")):
        NeedTopic.objects.create(org=commons, need=asked, skill_id=skill, position=position)
    with monkeypatch.context() as once:
        shows(once, confident=False, lacking="pricing")
        page = page_of(client, asked)
    assert '<button class="button quiet small" type="submit" name="chip" value="topic pricing">' in page
    version = re.search(r'name="version" value="(\d+)"', page).group(1)
    way = reverse("match:broaden", args=[asked.pk])
    response = client.post(way, {"chip": "topic pricing", "version": version}, follow=True)
    assert "Now looked for without “pricing”." in response.content.decode()
    asked.refresh_from_db()
    assert [topic.skill_id for topic in asked.topics.all()] == ["leadership"]
    assert asked.settled == ["topics"], "the other words stay guesses"
    assert client.post(way, {"chip": "topic pricing", "version": version}).status_code == 422


def test_a_press_from_an_older_page_changes_nothing(client, asked):
    way = reverse("match:broaden", args=[asked.pk])
    assert client.post(way, {"chip": "when any", "version": asked.version}).status_code == 302
    assert client.post(way, {"chip": "language de", "version": asked.version}).status_code == 409
    asked.refresh_from_db()
    assert (asked.when, asked.languages) == ("any", ["en"])


def test_what_one_chip_less_brings_is_one_press(client, asked, monkeypatch):
    shows(monkeypatch, relaxed=Relaxed("language de", "in German, too", ("x", "y")))
    listed = page_of(client, asked, show="10")
    assert re.search(r'name="chip" value="language de">In German, too: 2 more\.</button>', listed)


def test_a_draft_is_broadened_before_signing_in(client, commons, town):
    client.post(reverse("ask:ask"), {"text": "How do I say no to a big customer today?", "when": "today"})
    response = client.post(reverse("match:broaden_draft"), {"chip": "when any"})
    assert response.url == reverse("match:draft")
    assert client.session["draft"]["when"] == "any"
    assert "Any time" in client.get(reverse("match:draft")).content.decode()
    assert client.post(reverse("match:broaden_draft"), {"chip": "nonsense"}).status_code == 422


# --- no times in the night -------------------------------------------------------------------------


@pytest.mark.parametrize(("hour", "up"), [(0, False), (6, False), (7, True), (21, True), (22, False)])
def test_people_are_up_from_seven_to_ten(hour, up):
    assert awake(datetime(2026, 11, 26, hour, 59, tzinfo=UTC)) == up


def test_times_in_the_night_are_proposed_where_there_are_no_others():
    two, nine = NINE.replace(hour=2), NINE.replace(hour=9)
    with timezone.override("UTC"):
        assert when.waking([two, nine]) == [nine]
        assert when.waking([two]) == [two]
    with timezone.override("Asia/Tokyo"):  # 11:00 and 18:00 there
        assert when.waking([two, nine]) == [two, nine]


@pytest.mark.parametrize(("asked_for", "shown"), [("week", 9), ("now", 2)])
def test_a_card_begins_with_a_time_at_which_the_reader_is_up(asked_for, shown):
    midnight = NINE.replace(hour=0)
    found = people(card(midnight.replace(hour=2), midnight.replace(hour=9)), confident=True)
    with timezone.override("UTC"):
        page = match_page.people_page(
            found,
            words=words(when=asked_for),
            need=None,
            held=None,
            promised=None,
            guessed=True,
            now=midnight,
        )
    assert page["people"].cards[0].days[0]["slots"][0]["start"].hour == shown


@pytest.mark.parametrize(("asked_for", "hours"), [("week", {7}), ("now", {2})])
def test_a_row_begins_with_such_a_time_as_well(leila, commons, town, asked_for, hours):
    two = NINE.replace(hour=2, minute=0)
    asked = Asked(text=NeedFactory.text, kind="decide", minutes=25, when=asked_for, languages=("en",), skills=())
    found = people_for(asked, asker=leila, org=commons, zone="UTC", now=two)
    assert {row.start.hour for row in found.rows} == hours


def test_the_language_that_brings_most_is_named_alone():
    def fit(key, *codes):
        return SimpleNamespace(mentor=SimpleNamespace(id=key, languages=frozenset(codes)))

    fits = [fit("a", "de"), fit("b", "de", "fr"), fit("c", "fr", "pl"), fit("d", "pl")]
    one = _in_one_language(Relaxed("language", "in another language", ("a", "b", "c")), fits)
    assert (one.chip, one.says) == ("language de", "In German, too: 2 more.")
    assert one.gained == ("a", "b")


# --- after booking, and in words -------------------------------------------------------------------


@pytest.mark.parametrize(("status", "said"), [("confirmed", "You booked"), ("asked", "You asked")])
def test_who_comes_back_after_booking_reads_whom_they_asked(client, asked, town, status, said):
    start = (clock.now() + timedelta(days=2)).replace(minute=0, second=0, microsecond=0)
    session = make_session(asked, town[0], start, status=status)
    page = page_of(client, asked)
    assert f"{said} Mentor for " in page
    way = {
        "confirmed": f'href="{reverse("book:booked", args=[session.pk])}">See the session</a>',
        "asked": f'href="{reverse("book:asked", args=[asked.pk])}">See who has your question</a>',
    }[status]
    assert way in page
    session.span = (start - timedelta(days=9), start - timedelta(days=9, minutes=-25))
    session.save(update_fields=["span"])
    assert way not in page_of(client, asked)


def test_the_chip_says_the_languages_the_next_page_says(client, commons, leila):
    client.force_login(leila)
    Profile.objects.create(org=commons, person=leila, language_codes=["en", "ar", "pt"])
    form = {"text": "How do I tell my best engineer that the date slips?"}
    page = client.post(reverse("ask:read"), form).content.decode()
    assert re.search(r'<option value="en,ar,pt" selected>English, Arabic or Portuguese</option>', page)

    client.post(reverse("ask:ask"), form | {"language": "en,ar,pt", "read-language": "en,ar,pt"})
    need = Need.objects.within(commons).get()
    assert (need.languages, "language" in need.settled) == (["en", "ar", "pt"], False)
    chosen = form | {"language": "pt", "read-language": "en,ar,pt"}
    assert 'value="pt" selected' in client.post(reverse("ask:read"), chosen).content.decode()


def test_a_page_that_says_no_has_the_menu(client, leila, amara, commons):
    client.force_login(leila)
    session = make_session(NeedFactory(mentee=leila, org=commons), amara, clock.now() + timedelta(minutes=8))
    refused = client.get(reverse("advice:card", args=[session.pk]))
    assert refused.status_code == 409
    page = refused.content.decode()
    assert 'aria-label="Main"' in page
    assert f'href="{reverse("room:lobby", args=[session.pk])}"' in page
    client.logout()
    assert 'aria-label="Main"' not in client.get("/nowhere/").content.decode()


def test_a_kind_of_help_we_guessed_is_held_against_nobody(client, asked, commons):
    Need.objects.within(commons).filter(pk=asked.pk).update(kind="practise", when="any")
    assert "does not usually offer practice runs" not in page_of(client, asked)
    Need.objects.within(commons).filter(pk=asked.pk).update(settled=["kind"])
    assert "does not usually offer practice runs" in page_of(client, asked)
