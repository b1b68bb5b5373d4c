"""What managers and operators see: counts with their base, never small groups, never what was said."""

from __future__ import annotations

import csv
import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.urls import reverse
from tests.factories import MentorFactory, NeedFactory, PersonFactory, make_session

from quarterhour.advice.models import Action, Takeaway
from quarterhour.advice.services import CardWords, write_card
from quarterhour.core import clock
from quarterhour.core.models import Organisation
from quarterhour.matching import cohorts as pairing
from quarterhour.matching.cohort_models import CohortRun
from quarterhour.needs.models import NeedTopic
from quarterhour.people.models import Membership, Person, Profile, Skill, Topic
from quarterhour.sessions.models import Status
from quarterhour.trust.services import say_how_it_helped
from quarterhour.web.program import figures, pages, queries
from quarterhour.web.program.cohorts import safe

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 26, 10, 2, tzinfo=UTC)
HOME, HEALTH, HEALTH_JSON = "program:home", "operate:health", "operate:health_json"


@pytest.fixture(autouse=True)
def this_morning(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def hanna(commons):
    return PersonFactory(name="Hanna Lindqvist", org=commons, org__role="manager")


@pytest.fixture
def jonas(commons):
    return PersonFactory(name="Jonas Brandt", org=commons, is_operator=True)


def page(client, person, name) -> str:
    client.force_login(person)
    response = client.get(reverse(name))
    assert response.status_code == 200
    return response.content.decode()


def asks(commons, *, days=3, mentor=None, quarters=None, card=False, matched=True, **given):
    """One more person with one question; with a mentor they met, and the rest tells how it went."""
    stated = NOW - timedelta(days=days)
    mentee = PersonFactory(org=commons)
    need = NeedFactory(mentee=mentee, org=commons, stated_at=stated, matched_at=stated if matched else None, **given)
    if mentor is not None:
        start = stated + timedelta(hours=1, minutes=30 * mentor.sessions_given.count())
        held = make_session(need, mentor, start, status=Status.ENDED, now=stated)
        if card:
            words = CardWords(insight="A secret insight")
            write_card(
                session=held, by=mentee, words=words, seen=0, may_quote=False, held_on=date(2026, 11, 1), now=NOW
            )
        if quarters is not None:
            say_how_it_helped(session=held, by=mentee, quarters=quarters, note="A secret note", now=NOW)
    return need


# --- who may ---------------------------------------------------------------------------------------

ALLOWED = {"hanna": {HOME}, "jonas": {HEALTH, HEALTH_JSON}, "leila": set(), "amara": set()}


@pytest.mark.parametrize("name", [HOME, HEALTH, HEALTH_JSON])
@pytest.mark.parametrize("who", ALLOWED)
def test_each_page_is_for_its_people_alone(client, request, who, name):
    client.force_login(request.getfixturevalue(who))
    response = client.get(reverse(name))
    assert response.status_code == (200 if name in ALLOWED[who] else 403)


def test_who_is_not_signed_in_is_asked_to(client, db):
    assert client.get(reverse(HOME)).status_code == 302
    assert client.get(reverse(HEALTH)).status_code == 302
    told = client.get(reverse(HEALTH_JSON))
    assert (told.status_code, told.json()["code"]) == (403, "not-allowed")


def test_a_manager_manages_their_own_organisation_alone(client, commons, hanna):
    other = Organisation.objects.create(name="Maré Energy", slug="mare")
    Membership.objects.create(person=hanna, org=other)
    for _ in range(6):
        asks(other)
    assert queries.reach(org=commons, now=NOW).asked == 0
    assert "Commons" in page(client, hanna, HOME)

    session = client.session
    session["org"] = str(other.pk)
    session.save()
    assert client.get(reverse(HOME)).status_code == 403


# --- the figures -----------------------------------------------------------------------------------


def test_people_are_counted_once_from_question_to_help(commons, amara):
    for quarters in (4, 3, 3, 1):
        asks(commons, mentor=amara, quarters=quarters)
    asks(commons, mentor=amara, card=True)
    asks(commons, mentor=amara)  # over, and nobody knows whether they met
    twice = asks(commons, matched=False)
    NeedFactory(mentee=twice.mentee, org=commons, stated_at=NOW - timedelta(days=1))
    asks(commons, days=40, mentor=amara, quarters=4)

    told = queries.reach(org=commons, now=NOW)
    assert told == queries.Reach(members=9, asked=7, matched=6, booked=6, met=5, acted=0, answered=4, helped=3)


def test_small_groups_are_never_told():
    for part in range(5):
        assert figures.part_of(part, 100) == "<5"
    assert figures.part_of(5, 100) == "5"
    assert [figures.part_of(part, 12) for part in (7, 8, 11, 12)] == ["7", "all but <5", "all but <5", "12"]
    assert figures.base_of(4) == "of fewer than 5"


def test_a_small_place_shows_no_number_that_points_at_somebody(client, commons, hanna, amara):
    asks(commons, mentor=amara, quarters=4)
    asks(commons, days=20)
    text = page(client, hanna, HOME)
    numbers = steps(text)
    words = ["Asked", "Matched", "Booked", "Met", "Acted", "Helped", "Reached"]
    assert dict(numbers) == dict.fromkeys(words, "&lt;5")
    assert "Nothing needs you" in text
    explained = dict(re.findall(r'<li id="(means-\w+)"[^>]*><strong>([A-Z]\w+):</strong>', text))
    assert set(explained.values()) >= set(words), "each figure is explained"
    assert set(re.findall(r'href="#(means-\w+)"', text)) == {f"means-{word.lower()}" for word in words}
    assert not re.search(r"--part: *[1-9]", text[text.index("funnel") : text.index("Who carries it")]), (
        "nothing is drawn"
    )
    assert "Have met nobody" not in text, "and nothing that does not stand there"


def steps(text: str) -> list[tuple[str, str]]:
    return re.findall(r'<a href="#means-[^>]*>(\w+)</a></span><span class="meta"><strong>([^<]*)<', text)


def test_what_was_agreed_on_and_done_counts_as_acted(commons, amara):
    for fate in ("done", "open", "dropped"):
        need = asks(commons, mentor=amara, card=True)
        card = Takeaway.objects.within(commons).get(session__need=need)
        Action.objects.create(org=commons, takeaway=card, text="x", fate=fate)
        Action.objects.create(org=commons, takeaway=card, text="y", owner="mentor", fate="open")
    make_session(asks(commons), amara, NOW + timedelta(days=2))
    make_session(asks(commons), amara, NOW + timedelta(days=3), status=Status.ASKED)
    told = queries.reach(org=commons, now=NOW)
    assert (told.asked, told.booked, told.met, told.acted) == (5, 4, 3, 1)


def test_the_steps_never_tell_the_few_between_two_of_them():
    told = {"members": 90, "asked": 40, "matched": 40, "booked": 30, "met": 28, "acted": 27, "answered": 20}
    rows = pages.funnel(queries.Reach(**told, helped=12))
    assert [(row["word"], row["number"], row["of"], row["part"]) for row in rows] == [
        ("Asked", "40", "of 90 members", 44),
        ("Matched", "40", "of 40 who asked", 100),
        ("Booked", "30", "of 40 who asked", 75),
        ("Met", "all but <5", "of 30 who booked", 100),
        ("Acted", "all but <5", "of 30 who booked", 100),
        ("Helped", "12", "of 20 who met and answered", 60),
    ], "and not how many of all members they are, which would tell it after all"


def test_nothing_that_was_said_reaches_a_manager(client, commons, hanna, amara):
    for _ in range(6):
        need = asks(commons, mentor=amara, quarters=4, card=True, text="My secret question")
    text = page(client, hanna, HOME)
    for secret in ("secret", need.mentee.called, need.mentee.email):
        assert secret not in text


def test_whoever_met_nobody_comes_first_and_longest_first(client, commons, hanna, amara):
    for days, people in ((20, 6), (9, 5), (3, 5), (1, 9)):
        for _ in range(people):
            asks(commons, days=days)
    booked = asks(commons, days=25)
    make_session(booked, amara, NOW + timedelta(days=1))
    closed = asks(commons, days=25)
    type(closed).objects.within(commons).filter(pk=closed.pk).update(closed_at=NOW)
    asks(commons, days=25, mentor=amara, quarters=2)

    waiting = queries.without_help(org=commons, now=NOW)
    assert len(waiting) == 25
    assert waiting == sorted(waiting)
    rows = [(row.people, row.days, row.harm) for row in figures.by_age(waiting, now=NOW)]
    assert rows == [(6, 14, "high"), (5, 7, "middle"), (5, 2, "")]
    text = page(client, hanna, HOME)
    first, second = (
        text.index(words)
        for words in ("6 people asked 14 days ago or longer", "5 more people asked 7 days ago or longer")
    )
    assert first < second


def test_requests_that_ran_out_are_counted_in_people(commons, amara):
    for n in range(5):
        make_session(asks(commons), amara, NOW - timedelta(days=1, hours=n), status=Status.EXPIRED, now=NOW)
    old = asks(commons)
    make_session(old, amara, NOW - timedelta(days=50), status=Status.EXPIRED, now=NOW - timedelta(days=50))
    assert queries.ran_out(org=commons, now=NOW) == 5


def test_members_who_never_asked_are_those_who_do_not_help_either(commons, amara, leila, need):
    PersonFactory(org=commons)
    PersonFactory(org=commons, is_active=False)
    assert queries.never_asked(org=commons) == 1


def test_the_load_is_told_by_mentor_the_busiest_first(client, commons, hanna, amara, tomasz):
    for n in range(3):
        asks(commons, days=2 + n, mentor=amara)
    asks(commons, mentor=tomasz)
    make_session(asks(commons), tomasz, NOW + timedelta(days=1), minutes=45)
    quiet = MentorFactory(org=commons, name="Inês Carvalho")
    Profile.objects.within(commons).filter(person=quiet).update(paused_until=date(2026, 12, 24))

    rows = queries.loads(org=commons, now=NOW)
    assert [(row.profile.person.name, row.minutes, row.sessions, row.ahead) for row in rows] == [
        ("Amara Okafor", 75, 3, 0), ("Tomasz Zieliński", 25, 1, 45), ("Inês Carvalho", 0, 0, 0),
    ]  # fmt: skip
    text = page(client, hanna, HOME)
    for words in ("75 min", "45 min booked ahead", "away until 24 Dec", "100 minutes, 3 mentors, 1 gave none"):
        assert words in text


def test_a_few_who_carry_most_are_an_exception_where_there_is_a_choice(commons, amara):
    mentors = [amara, *(MentorFactory(org=commons) for _ in range(6))]
    for mentor in mentors:
        asks(commons, mentor=mentor)
    loads, reach = queries.loads(org=commons, now=NOW), queries.reach(org=commons, now=NOW)
    told = pages.exceptions([], ran_out=0, never_asked=0, reach=reach, loads=loads, now=NOW)
    assert [row["what"] for row in told] == ["3 of 7 mentors give 43 % of all minutes"]
    assert pages.title_of(told) == "One thing to look at"


@pytest.mark.parametrize("many", [1, 12])
def test_the_program_costs_the_same_however_many_take_part(client, commons, hanna, many, django_assert_num_queries):
    for _ in range(many):
        asks(commons, mentor=MentorFactory(org=commons), quarters=3)
        asks(commons, days=9)
    client.force_login(hanna)
    client.get(reverse(HOME))
    # Login, person, place, manages; reach in two, waiting, ran out, never asked, loads in two, appeals, reports; menu.
    with django_assert_num_queries(12):
        client.get(reverse(HOME))


def test_a_long_list_of_mentors_is_cut_until_asked_for(client, commons, hanna):
    for _ in range(23):
        MentorFactory(org=commons)
    assert "Show 3 more" in page(client, hanna, HOME)
    assert "Show " not in client.get(reverse(HOME) + "?all").content.decode()


# --- a cohort --------------------------------------------------------------------------------------

COHORTS = "/program/cohorts/"


@pytest.fixture
def cohort(commons):
    """Ana and =Ben ask about hiring; Mia knows it and has two places, Zoé has none."""
    told = {"label": "hiring", "area": "leading", "spellings": "hiring"}
    skill, _ = Skill.objects.update_or_create(pk="hiring", defaults=told)
    for name in ("Ana Reis", "=Ben Cohen"):
        need = NeedFactory(mentee=PersonFactory(name=name, org=commons), org=commons, text="My secret question")
        NeedTopic.objects.create(org=commons, need=need, skill=skill, proposed=False)
    for name, minutes in (("Mia Vogt", 50), ("Zoé Löw", 20)):
        mentor = MentorFactory(name=name, org=commons, rules={"weekly_minutes": minutes})
        profile = Profile.objects.within(commons).get(person=mentor)
        Topic.objects.create(org=commons, profile=profile, name="hiring", skill=skill, level="expert")
    return {person.name.split()[0]: person for person in Person.objects.exclude(name__startswith="Hanna")}


def sent(people, *, out=(), places=None, **rules) -> dict:
    """The form as a browser sends it: everybody of the page ticked, but for those of `out`."""
    asking = [people["Ana"].pk, people["=Ben"].pk]
    typed = {f"places-{people[name].pk}": value for name, value in (places or {}).items()}
    told = {"share_a_language": "on", "new_pairs": "on", "shared_hours": "1", "fairness": "0.5", "do": "pair"} | rules
    ticked = [str(key) for key in asking if key not in [people[name].pk for name in out]]
    shown = {"shown": " ".join(map(str, asking)), "asks": ticked, "key": str(uuid4())}
    return {name: value for name, value in (told | shown | typed).items() if value is not None}


def paired(client, hanna, form) -> str:
    """The page of the run this form leads to."""
    client.force_login(hanna)
    response = client.post(COHORTS, form, follow=True)
    assert response.status_code == 200, response.content.decode()
    return unescape(response.content.decode())


def test_a_manager_pairs_a_cohort_and_reads_why(client, hanna, cohort):
    assert COHORTS in page(client, hanna, HOME)
    choosing = page(client, hanna, "program:cohorts")
    assert "2 of 2 take part" in choosing
    assert "2 places" in choosing

    text = paired(client, hanna, sent(cohort))

    assert "<h1>2 pairs, nobody alone</h1>" in text
    assert "Ana asks about hiring, and Mia is asked by others. Both speak English. A session could begin" in text
    assert "in 15 different hours of their week" in text
    assert "Download" in text
    assert 'role="img" aria-label="2 pairs: 2 fit very well."' in text
    assert "secret" not in text


def test_whoever_is_alone_is_told_with_the_next_step(client, hanna, cohort):
    text = paired(client, hanna, sent(cohort, places={"Mia": "1"}))
    assert "1 pair, one person still alone" in text
    assert "the one who would suit, Mia Vogt, is taken" in text
    assert "One more place with Mia Vogt would do." in text
    assert "2 ask, and there are 1 places" in text


def test_who_is_unticked_or_left_out_elsewhere_does_not_take_part(client, hanna, cohort):
    text = paired(client, hanna, sent(cohort, out=["Ana"]))
    assert "1 pair, nobody alone" in text
    assert "Ana" not in text
    searched = sent(cohort, find_asks="ben") | {
        "shown": str(cohort["=Ben"].pk), "asks": [str(cohort["=Ben"].pk)],
        "out": str(cohort["Ana"].pk), "kept": f"{cohort['Zoé'].pk}:2 {cohort['Mia'].pk}:0", "find_gives": "nobody",
    }  # fmt: skip
    again = paired(client, hanna, searched)
    assert "Zoé Löw" in again
    assert "Ana" not in again


def test_people_are_found_by_name_and_nobody_is_lost_meanwhile(client, hanna, cohort):
    client.force_login(hanna)
    text = client.post(COHORTS, sent(cohort, find_asks="reis", find_gives="LOW", do="find")).content.decode()
    assert "Ana Reis" in text
    assert "=Ben" not in text
    assert "2 of 2 take part. 1 found." in text
    assert "Zoé Löw" in text
    nobody = client.post(COHORTS, sent(cohort, do="none", find_asks="reis")).content.decode()
    assert "1 of 2 take part." in nobody


def test_what_if_changes_a_rule_and_shows_the_difference_at_once(client, hanna, cohort):
    paired(client, hanna, sent(cohort))
    run = CohortRun.objects.visible_to(hanna).get()
    stricter = {"shared_hours": "15", "fairness": "0", "share_a_language": "on", "key": str(uuid4())}
    text = unescape(client.post(reverse("program:cohort_again", args=[run.pk]), stricter, follow=True).content.decode())
    assert "The same pairs" in text
    assert "“have not met before” unticked; shared hours 15, before 1; fairness 0.0, before 0.5" in text
    assert "2 kept their pair" in text
    refused = client.post(reverse("program:cohort_again", args=[run.pk]), stricter | {"shared_hours": "16"})
    assert (refused.status_code, "already sent with other words" in refused.content.decode()) == (422, True)
    stricter |= {"shared_hours": "16", "key": str(uuid4())}
    refused = client.post(reverse("program:cohort_again", args=[run.pk]), stricter)
    assert (refused.status_code, "more than 15 hours a week" in refused.content.decode()) == (422, True)


def test_two_runs_are_compared_on_the_page(client, hanna, cohort):
    paired(client, hanna, sent(cohort))
    fewer = paired(client, hanna, sent(cohort, out=["Ana"]))
    first, second = CohortRun.objects.visible_to(hanna).order_by("made_at", "pk")
    assert "Compare with another run" in fewer
    text = client.get(reverse("program:cohort", args=[second.pk]), {"with": str(first.pk)}).content.decode()
    assert "No longer paired: 1" in text
    assert "Other people, or other places." in text
    assert client.get(reverse("program:cohort", args=[second.pk]), {"with": "x"}).status_code == 404


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"fairness": "nan"}, "Fairness is a number from 0"),
        ({"shared_hours": "many"}, "whole number of hours from 0 to 40"),
        ({"shared_hours": "30"}, "No two people chosen share more than 15 hours"),
        ({"places": {"Mia": "0"}}, "Nobody has a place"),
        ({"places": {"Mia": "4000"}}, "whole number of places from 0 to 50"),
        ({"out": ["Ana", "=Ben"]}, "Nobody is chosen to ask"),
    ],
)  # fmt: skip
def test_what_cannot_be_paired_is_told_beside_its_field_and_kept(client, hanna, cohort, form, sentence):
    client.force_login(hanna)
    given = sent(cohort, **({"shared_hours": "2"} | form))
    response = client.post(COHORTS, given)
    text = unescape(response.content.decode())
    assert response.status_code == 422
    assert sentence in text
    assert f'value="{given["shared_hours"]}"' in text
    assert text.count('value="4000"') == ("4000" in str(form))
    assert text.count(" checked> <span>=Ben") == ("out" not in form)
    assert not CohortRun.objects.within(hanna.places[0].org).exists()


def test_a_double_press_pairs_once(client, hanna, cohort):
    form = sent(cohort)
    paired(client, hanna, form)
    paired(client, hanna, form)
    assert CohortRun.objects.visible_to(hanna).count() == 1


def test_a_table_holds_no_formula(client, hanna, cohort):
    paired(client, hanna, sent(cohort))
    run = CohortRun.objects.visible_to(hanna).get()
    response = client.get(reverse("program:cohort_csv", args=[run.pk]))
    rows = list(csv.reader(response.content.decode("utf-8-sig").splitlines()))
    assert {row[0] for row in rows[1:]} == {"Ana Reis", "'=Ben Cohen"}
    assert response["Content-Disposition"].startswith("attachment")
    assert [safe(cell)[0] for cell in ("=1", " +1", "-1", "@x", "\tx", "＝1")] == ["'"] * 6


def test_cohorts_are_for_managers_and_operators_of_the_organisation_alone(client, hanna, jonas, leila, cohort):
    paired(client, hanna, sent(cohort))
    run = CohortRun.objects.visible_to(hanna).get()
    elsewhere = Organisation.objects.create(name="Maré Energy", slug="mare")
    stranger = PersonFactory(org=elsewhere, org__role="manager")
    pages = [COHORTS, *(reverse(f"program:{name}", args=[run.pk]) for name in ("cohort", "cohort_csv"))]
    for person, answers in ((hanna, [200] * 3), (jonas, [200] * 3), (leila, [403] * 3), (stranger, [200, 404, 404])):
        client.force_login(person)
        assert [client.get(path).status_code for path in pages] == answers
    assert "Ana" not in client.get(COHORTS).content.decode()
    assert client.post(reverse("program:cohort_again", args=[run.pk]), {}).status_code == 404


def test_who_has_left_is_nobody_by_name(client, hanna, cohort, commons):
    paired(client, hanna, sent(cohort))
    Membership.objects.filter(org=commons, person=cohort["Ana"]).delete()
    run = CohortRun.objects.visible_to(hanna).get()
    text = client.get(reverse("program:cohort", args=[run.pk])).content.decode()
    assert "Somebody who has left" in text
    assert "Ana" not in text


def test_a_large_cohort_shows_how_far_it_is(client, hanna, cohort, monkeypatch):
    monkeypatch.setattr(pairing, "AT_ONCE", 1)
    text = paired(client, hanna, sent(cohort))
    assert "Pairing 3 people" in text
    assert 'hx-trigger="every 2s"' in text
    run = CohortRun.objects.visible_to(hanna).get()
    pairing.pair_kept(run.pk, now=NOW)
    done = client.get(reverse("program:cohort", args=[run.pk])).content.decode()
    assert "2 pairs, nobody alone" in done
    assert "every 2s" not in done


@pytest.mark.parametrize("many", [1, 9])
def test_the_pages_of_a_cohort_cost_the_same_however_many_take_part(
    client, hanna, cohort, commons, many, django_assert_num_queries
):
    for _ in range(many):
        asks(commons)
        MentorFactory(org=commons)
    paired(client, hanna, sent(cohort))
    run = CohortRun.objects.visible_to(hanna).first()
    # Login, person, organisations; seven for the people, the runs; navigation asks nothing of a manager.
    with django_assert_num_queries(11):
        client.get(COHORTS)
    # Login, person, organisations; the run, the others, names and roles.
    with django_assert_num_queries(7):
        client.get(reverse("program:cohort", args=[run.pk]))
