"""What may stand in an account and a profile."""

from __future__ import annotations

from datetime import date

import pytest

from quarterhour.core.errors import Invalid
from quarterhour.people import rules

TODAY = date(2026, 11, 26)
FULL = {
    "name": "Leila Haddad",
    "zone": "Europe/Lisbon",
    "headline": "Energy engineer",
    "about": "I build.",
    "values": "fairness, calm, fairness",
    "languages": [("en", "fluent"), ("", "native"), ("ar", "native")],
    "helps_with": ["unblock", "decide"],
    "lengths": ["25", "15"],
    "confirm": "ask",
}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Leila@Mare-Energy.Example", "leila@mare-energy.example"),
        ("  leila@town.example \n", "leila@town.example"),
        ("leila@MARÉ.example", "leila@xn--mar-dma.example"),
        ("leila@maré.example", "leila@xn--mar-dma.example"),
        ("o'neil+ask@town.example", "o'neil+ask@town.example"),
        ("leila\x00@town.example", "leila@town.example"),
    ],
)
def test_two_spellings_of_an_address_are_one_address(typed, kept):
    assert rules.address(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "leila",
        "@town.example",
        "leila@",
        "leila@town",
        "leila haddad@town.example",
        "leila@town.example\nbcc: everybody@town.example",
        "ليلى@town.example",
        "leila@" + "a" * 300 + ".example",
        "a" * 400 + "@town.example",
        "leila@town..example",
        "leila@tоwn.example@x",
    ],
)
def test_what_is_no_address_is_refused_with_a_sentence(typed):
    with pytest.raises(Invalid) as refused:
        rules.address(typed)
    assert refused.value.told.endswith(".")


@pytest.mark.parametrize(
    "zone", ["", "Lisbon", "Europe/Atlantis", "../../etc/passwd", "Europe/Lisbon\x00x", "a" * 9000]
)
def test_a_zone_nobody_knows_is_refused(zone):
    with pytest.raises(Invalid, match="We know no time zone called"):
        rules.known_zone(zone)


def test_a_profile_is_read_as_it_was_meant():
    words = rules.profile_words(
        FULL, topics=[("Moving  into management", "lived"), ("", "strong"), ("compilers", "expert")]
    )

    assert words.columns["values"] == ["fairness", "calm"]
    assert words.columns["languages"] == [{"code": "en", "level": "fluent"}, {"code": "ar", "level": "native"}]
    assert words.columns["language_codes"] == ["en", "ar"]
    assert words.columns["helps_with"] == ["decide", "unblock"]
    assert words.columns["lengths"] == [15, 25]
    assert [(topic.name, topic.level) for topic in words.topics] == [
        ("Moving into management", "lived"),
        ("compilers", "expert"),
    ]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("name", "\x00 \x01"),
        ("name", "n" * 81),
        ("zone", "Nowhere"),
        ("headline", "h" * 201),
        ("about", "a" * 10_001),
        ("goals", "g" * 2_001),
        ("values", ",".join(f"value {n}" for n in range(11))),
        ("values", "v" * 61),
        ("languages", [("xx", "native")]),
        ("languages", [("en", "perfectly")]),
        ("helps_with", ["marry"]),
        ("lengths", ["90"]),
        ("confirm", "maybe"),
        ("not_for", "n" * 401),
    ],
)
def test_each_field_that_cannot_stay_is_told_by_itself(field, typed):
    with pytest.raises(Invalid) as refused:
        rules.profile_words(FULL | {field: typed}, topics=[])
    assert set(refused.value.fields) == {field}


def test_everything_wrong_is_told_at_once():
    with pytest.raises(Invalid) as refused:
        rules.profile_words(
            FULL | {"name": "", "zone": "Nowhere", "about": "a" * 20_000}, topics=[("x" * 121, "lived")]
        )
    assert set(refused.value.fields) == {"name", "zone", "about", "topics"}
    assert refused.value.fields["about"] == "About you has 20,000 characters. Keep it under 10,000."


def test_ten_thousand_characters_are_welcome():
    words = rules.profile_words(FULL | {"about": "ä" * 10_000}, topics=[])
    assert len(words.columns["about"]) == 10_000


def test_writing_from_right_to_left_stays_as_it_is():
    words = rules.profile_words(
        FULL | {"name": "ليلى \u200fحداد", "headline": "مهندسة طاقة"}, topics=[("قيادة", "lived")]
    )
    assert (words.name, words.columns["headline"], words.topics[0].name) == ("ليلى \u200fحداد", "مهندسة طاقة", "قيادة")


def test_one_topic_spelled_twice_is_one_topic():
    told = rules.topic_words([("Compilers", "lived"), ("compilers ", "expert")])
    assert [topic.name for topic in told] == ["Compilers"]


def test_thirty_topics_are_enough():
    with pytest.raises(Invalid, match="31 topics"):
        rules.topic_words([(f"topic {n}", "lived") for n in range(31)])


def test_a_story_without_a_title_is_called_by_its_first_words():
    story = rules.story_words(
        told="I once took the role thinking I could go back. I put a review date in the offer.", today=TODAY
    )
    assert story.title == "took the role thinking I could go back. I put a review date…"


@pytest.mark.parametrize("year", ["1929", "2027", "20266", "two", "-5", "٢٠٢٠", "9" * 5000])
def test_a_year_that_cannot_be_is_refused(year):
    with pytest.raises(Invalid) as refused:
        rules.story_words(told="I once waited.", year=year, today=TODAY)
    assert set(refused.value.fields) == {"year"}


def test_an_empty_story_is_no_story():
    with pytest.raises(Invalid) as refused:
        rules.story_words(told=" \x00\n ", today=TODAY)
    assert set(refused.value.fields) == {"text"}


@pytest.mark.parametrize("until", [None, TODAY, date(2026, 1, 1), date(2028, 1, 1), date(9999, 12, 31)])
def test_a_pause_ends_on_a_day_ahead_within_a_year(until):
    with pytest.raises(Invalid):
        rules.pause_until(until, today=TODAY)
    assert rules.pause_until(date(2026, 11, 27), today=TODAY) == date(2026, 11, 27)
