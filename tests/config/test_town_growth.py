from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest

from quarterhour.config.town import written
from quarterhour.config.town.diary import DAYS, awake, week_of
from quarterhour.config.town.growth import grow
from quarterhour.config.town.names import cultures, slug_of
from quarterhour.config.town.plan import COMMONS, Town
from quarterhour.config.town.sayings import sayings, ways
from quarterhour.engines.hours import Hours, window, windows_of
from quarterhour.people.languages import NAMES

NOW = datetime(2026, 11, 26, 9, 4, tzinfo=UTC)
TAKING_TIME = {"asked", "confirmed", "ended"}


@lru_cache(maxsize=4)
def town(seed: int = 915, now: datetime = NOW) -> Town:
    return grow(seed=seed, now=now)


def told(each: Town) -> list[tuple]:
    """Everything somebody could read in a town, without the objects around it."""
    return [
        *((r.email, r.name, r.zone, r.headline, r.joined, str(r.languages)) for r in each.residents),
        *((q.mentee.slug, q.text, q.stated_at, q.closed_at) for q in each.questions),
        *((m.mentor.slug, m.mentee.slug, m.start, m.status, str(m.card), m.helped) for m in each.meetings),
    ]


def test_the_same_seed_and_moment_give_the_same_town():
    assert told(grow(seed=915, now=NOW)) == told(town())


def test_another_seed_gives_other_people_around_the_same_written_ones():
    other = town(seed=7)

    assert told(other) != told(town())
    assert {m["name"] for m in written.mentors()} <= {r.name for r in other.residents}


@pytest.mark.parametrize("now", [datetime(2027, 7, 4, 3, 30, tzinfo=UTC), datetime(2029, 2, 28, 23, 59, tzinfo=UTC)])
def test_the_town_is_fresh_whenever_it_is_grown(now):
    later = town(now=now)
    latest = max(m.start for m in later.meetings if m.status == "ended")

    assert now - timedelta(days=7) < latest < now
    assert min(m.start for m in later.meetings) > now - timedelta(days=480)


def test_the_town_has_the_size_it_promises():
    each = town()
    asking = [r for r in each.residents if not r.is_mentor and not r.operator and "manager" not in r.places.values()]

    assert sum(r.source == "mentors" for r in each.mentors) == 160
    assert len(asking) == 1200
    assert sum(m.status == "ended" and m.card is not None for m in each.meetings) == 2000
    assert [o.slug for o in each.organisations] == [COMMONS, "mare-energy", "larkfield-hospitals", "quilla-schools"]


def test_nobody_shares_a_name_or_an_address():
    slugs = Counter(r.slug for r in town().residents)
    names = Counter(r.name for r in town().residents)

    assert slugs.most_common(1)[0][1] == names.most_common(1)[0][1] == 1


def test_addresses_are_plain_letters():
    assert all(slug.replace("-", "").isascii() and slug.replace("-", "").isalnum() for slug in map(slug_of, _names()))


def _names():
    return [r.name for r in town().residents]


def test_zones_exist_and_languages_are_known():
    zones = available_timezones()
    for resident in town().residents:
        assert resident.zone in zones, resident.name
        assert resident.languages, resident.name
        assert resident.speaks <= NAMES.keys(), resident.name


def test_grown_people_live_where_their_names_are_common_or_where_they_work():
    at_home = {(place.country, place.zone) for culture in cultures().values() for place in culture.places}
    at_work = {tuple(place.split(", ")[1:]) for row in written.lines("organisations.jsonl") for place in row["places"]}
    for resident in town().residents:
        if resident.source in {"grown", "decisions"}:
            assert (resident.country, resident.zone) in at_home | at_work, resident.name


def test_there_are_names_of_many_cultures():
    assert len(cultures()) >= 25
    for culture in cultures().values():
        assert len(culture.women) + len(culture.men) >= 24, culture.key
        assert min(len(culture.family_of_women), len(culture.family_of_men)) >= 20, culture.key


def test_nobody_is_in_two_places_at_once():
    spans = defaultdict(list)
    for meeting in town().meetings:
        if meeting.status in TAKING_TIME:
            for who in (meeting.mentor, meeting.mentee):
                spans[who.slug].append((meeting.start, meeting.start + timedelta(minutes=meeting.minutes)))

    for slug, taken in spans.items():
        for (_, end), (start, _) in pairwise(sorted(taken)):
            assert end <= start, slug


def test_sessions_lie_inside_the_hours_their_mentors_give():
    for meeting in town().meetings:
        mentor = meeting.mentor
        hours = Hours(mentor.zone, {DAYS.index(d): [window(*w) for w in ws] for d, ws in mentor.hours.items()})
        day = meeting.start.astimezone(ZoneInfo(mentor.zone)).date()
        end = meeting.start + timedelta(minutes=meeting.minutes)
        assert any(w.start <= meeting.start and end <= w.end for w in windows_of(hours, day)), mentor.name


def test_no_mentor_gives_more_minutes_than_their_week_has():
    given = Counter()
    for meeting in town().meetings:
        if meeting.status in TAKING_TIME:
            given[meeting.mentor, week_of(meeting.start, meeting.mentor.zone)] += meeting.minutes

    assert all(minutes <= mentor.weekly_minutes for (mentor, _), minutes in given.items())


def test_nobody_asks_in_their_sleep():
    assert all(awake(m.mentee.zone, m.start, m.start + timedelta(minutes=m.minutes)) for m in town().meetings)


def test_two_people_meet_in_a_language_both_speak():
    grown = [m for m in town().meetings if m.source in {"grown", "cases", "needs"}]

    assert all(m.mentor.speaks & m.mentee.speaks for m in grown)
    assert all(m.question.languages[0] in m.mentor.speaks for m in grown)


def test_newcomers_have_no_past():
    held = {m.mentor.slug for m in town().meetings if m.status == "ended"}

    assert not held & {r.slug for r in town().mentors if r.newcomer}


def test_everything_past_is_past_and_in_order():
    for meeting in town().meetings:
        assert meeting.question.stated_at <= meeting.created_at, meeting.question.text
        assert meeting.question.mentee.joined <= meeting.question.stated_at
        assert meeting.mentor.joined <= meeting.created_at
        if meeting.status == "ended":
            assert meeting.created_at < meeting.start < NOW
        if meeting.card:
            assert meeting.start < meeting.card.written_at < NOW
            assert all(deed.fate_at is None or deed.fate_at < NOW for deed in meeting.card.deeds)
            assert all((deed.fate == "open") == (deed.fate_at is None) for deed in meeting.card.deeds)


@pytest.mark.parametrize("row", written.sessions(), ids=lambda row: row["id"])
def test_every_written_session_appears_whole(row):
    meeting = next(m for m in town().meetings if m.source == "sessions" and m.question.text == row["need_text"])
    card, gold = meeting.card, row["gold"]
    held = meeting.start.astimezone(ZoneInfo(meeting.mentor.zone)).date()
    moved = held - date.fromisoformat(row["date"])

    assert moved.days % 7 == 0
    assert (meeting.mentor.name, meeting.mentee.name) == (row["mentor"]["name"], row["mentee"]["name"])
    assert meeting.mentor.headline == row["mentor"]["headline"]
    assert meeting.minutes == row["length_min"]
    assert meeting.notes == row["notes"]
    assert meeting.chat == [(line["who"], line["text"]) for line in row["chat"]]
    assert card.insight == gold["insight"]
    assert card.advice == [(a["text"], a["applies_when"] or "") for a in gold["advice"]]
    dues = [date.fromisoformat(a["due"]) + moved if a["due"] else None for a in gold["actions"]]
    assert [(d.owner, d.text, d.due) for d in card.deeds] == [
        (a["owner"], a["text"], due) for a, due in zip(gold["actions"], dues, strict=True)
    ]


def test_every_piece_of_advice_on_a_decision_is_said_by_somebody_of_that_trade():
    said = {m.card.advice[0][0]: m for m in town().meetings if m.source == "decisions"}
    advice = [(d, a) for d in written.decisions() for a in d["advice"]]

    assert len(advice) == len(said) == 135
    for decision, each in advice:
        assert said[each["text"]].mentor.headline == each["mentor"]["headline"]
        assert said[each["text"]].question.text == decision["question"]


def test_written_needs_are_answered_by_mentors_who_fit():
    fitting = {n["text"]: written.labels()[n["id"]]["relevant"] for n in written.needs()}
    number = {slug_of(m["name"]): m["id"] for m in written.mentors()}
    answered = [m for m in town().meetings if m.source == "needs"]

    assert len(answered) > 60
    assert all(fitting[m.question.text][number[m.mentor.slug]] >= 2 for m in answered)


def test_no_question_is_asked_twice_in_the_same_words():
    texts = Counter(q.text for q in town().questions)

    assert texts.most_common(1)[0][1] == 1


def test_only_advice_that_somebody_said_once_may_be_quoted():
    quoted = Counter(
        (m.mentor.slug, text) for m in town().meetings if m.card and m.card.quotable for text, _ in m.card.advice
    )

    assert len(quoted) > 400
    assert quoted.most_common(1)[0][1] == 1


def test_no_choice_is_left_open_in_a_text():
    texts = [q.text for q in town().questions] + [r.headline for r in town().residents]
    texts += [text for m in town().meetings if m.card for text, _ in m.card.advice]
    texts += [m.card.insight for m in town().meetings if m.card]

    assert not [text for text in texts if "{" in text or "}" in text or "|" in text]


def test_questions_can_be_said_in_many_ways():
    bank = [saying for found in written.questions().values() for saying in found]

    assert len(bank) >= 300
    assert sum(ways(each.question) for each in bank) >= 600


def test_every_mentor_who_is_not_new_has_two_questions_of_their_own():
    assert {key: len(found) for key, found in written.cases().items()} == {
        m["id"]: 2 for m in written.mentors() if not m["newcomer"]
    }


def test_leila_begins_with_a_day_that_tells_her_story():
    leila = town().who("leila-haddad")
    past = [m for m in town().meetings if m.mentee is leila]

    assert list(leila.places) == [COMMONS, "mare-energy"]
    assert [m.mentor.name for m in sorted(past, key=lambda m: m.start)] == [
        "Mateusz Wrona", "Amara Okafor", "Tomasz Zieliński", "Ingrid Solbakken",
    ]  # fmt: skip
    fates = Counter(deed.fate for m in past for deed in m.card.deeds)
    assert fates == {"done": 4, "doing": 1, "open": 1, "dropped": 1}, "her page of actions shows each kind"


def test_one_manager_and_one_operator_look_after_the_town():
    assert [r.name for r in town().residents if "manager" in r.places.values()] == ["Hanna Lindqvist"]
    assert [r.name for r in town().residents if r.operator] == ["Jonas Brandt"]


def test_a_block_without_advice_is_named():
    with pytest.raises(ValueError, match="leading"):
        sayings("# leading\n?decide To be or not?\n")
