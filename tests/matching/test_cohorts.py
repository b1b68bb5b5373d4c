"""A cohort out of the people of an organisation: who is read, who may meet, what is kept, what another rule changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.factories import MentorFactory, NeedFactory, PersonFactory, make_session

from quarterhour.core.errors import Invalid, NotFound
from quarterhour.core.models import Organisation
from quarterhour.engines.hours import Hours, window
from quarterhour.matching import cohorts, tasks
from quarterhour.matching.cohort_models import CohortRun
from quarterhour.matching.cohort_people import hours_of_week, people_of
from quarterhour.matching.cohort_rules import CohortRules, Plan, places_from, rules_from
from quarterhour.matching.indexing import index_mentors
from quarterhour.needs.models import NeedTopic
from quarterhour.people import services as people_services
from quarterhour.people.models import Profile, Skill, Topic
from quarterhour.sessions.models import Status
from quarterhour.web.program.cohort_words import Names, alone_rows, keys_of, why
from quarterhour.web.program.spread import fit_words

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
FREE = CohortRules(shared_hours=0, fairness=0.0, new_pairs=False)


@pytest.fixture
def hanna(commons):
    return PersonFactory(name="Hanna Lindqvist", org=commons, org__role="manager")


@pytest.fixture(autouse=True)
def known_skills(db):
    for skill in ("hiring", "leadership", "moving-into-management", "pricing"):
        told = {"label": skill, "area": "leading", "spellings": skill}
        Skill.objects.update_or_create(pk=skill, defaults=told)


def asks(commons, now, *skills, name="", languages=("en",), **given):
    """Somebody with a question about these skills."""
    person = PersonFactory(org=commons, **({"name": name} if name else {}))
    need = NeedFactory(mentee=person, org=commons, stated_at=now - timedelta(days=1), **given)
    for skill in skills:
        NeedTopic.objects.create(org=commons, need=need, skill_id=skill, proposed=False)
    Profile.objects.create(org=commons, person=person, language_codes=list(languages))
    return person


def gives(commons, *skills, name="", languages=("en",), industry="", **given):
    """Somebody who knows these skills."""
    mentor = MentorFactory(org=commons, **({"name": name} if name else {}), **given)
    profile = Profile.objects.within(commons).get(person=mentor)
    for place, skill in enumerate(skills):
        Topic.objects.create(org=commons, profile=profile, name=skill, skill_id=skill, level="lived", position=place)
    Profile.objects.within(commons).filter(pk=profile.pk).update(language_codes=list(languages), industry=industry)
    return mentor


def run(commons, hanna, now, mentees, mentors, rules=FREE, **given) -> CohortRun:
    """Pair these people, a place each, or as `mentors` says."""
    places = {m.pk: n for m, n in mentors.items()} if isinstance(mentors, dict) else {m.pk: 1 for m in mentors}
    plan = Plan(mentees=tuple(m.pk for m in mentees), places=places, rules=rules)
    kept = cohorts.pair_cohort(org=commons, by=hanna, plan=plan, now=now, **given)
    return cohorts.run_for(kept.pk, visible_to=hanna, org=commons)


def who(kept: CohortRun) -> set[tuple[str, str]]:
    return {(row["mentee"], row["mentor"]) for row in kept.pairs}


# --- who is read -----------------------------------------------------------------------------------


def test_members_with_a_question_or_something_to_learn_ask_and_the_others_do_not(commons, now):
    lately = asks(commons, now, "hiring")
    goal = PersonFactory(org=commons)
    Profile.objects.create(org=commons, person=goal, goals="I want to get better at negotiating my salary.")
    old = PersonFactory(org=commons)
    NeedFactory(mentee=old, org=commons, stated_at=now - timedelta(days=400), closed_at=now)
    PersonFactory(org=commons)
    gone = asks(commons, now, "hiring")
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)

    people = people_of(commons.pk, now=now)

    assert {key for key, one in people.items() if one.asks} == {lately.pk, goal.pk}
    assert people[lately.pk].wants == {"hiring": 1.0}
    assert any("negotiat" in skill for skill in people[goal.pk].wants)
    assert gone.pk not in people


def test_places_are_what_the_weekly_minutes_allow(commons, now):
    hour = gives(commons, rules={"weekly_minutes": 60})
    little = gives(commons, rules={"weekly_minutes": 20})
    much = gives(commons, rules={"weekly_minutes": 2000})
    away = gives(commons)
    Profile.objects.within(commons).filter(person=away).update(paused_until=now.date() + timedelta(days=5))
    people = people_of(commons.pk, now=now)
    assert [people[m.pk].places for m in (hour, little, much, away)] == [2, 0, 12, 0]


def test_hours_of_the_week_are_those_in_which_a_session_fits():
    lisbon = Hours("Europe/Lisbon", {0: [window("09:00", "10:20")], 6: [window("23:00", "01:00")]})
    assert hours_of_week(lisbon, monday=MONDAY).nonzero()[0].tolist() == [0, 9, 167]
    tokyo = Hours("Asia/Tokyo", {0: [window("08:00", "10:00")]})  # Sunday evening and Monday midnight in UTC
    assert hours_of_week(tokyo, monday=MONDAY).nonzero()[0].tolist() == [0, 167]


@pytest.mark.parametrize("many", [2, 12])
def test_it_costs_the_same_however_many_take_part(commons, hanna, now, many, django_assert_num_queries):
    mentees = [asks(commons, now, "hiring") for _ in range(many)]
    mentors = [gives(commons, "hiring") for _ in range(many)]
    index_mentors(org=commons, mentor_ids=[m.pk for m in mentors])
    plan = Plan(mentees=tuple(m.pk for m in mentees), places={m.pk: 1 for m in mentors}, rules=CohortRules())
    # The run; members, profiles, topics, needs, their topics, hours in two; what they say; blocks; who met; the run.
    with django_assert_num_queries(12):
        cohorts.pair_cohort(org=commons, by=hanna, plan=plan, now=now)


def test_two_of_whom_one_blocked_the_other_are_never_paired_and_nobody_reads_why(commons, hanna, now):
    ana, ben = asks(commons, now, "hiring"), asks(commons, now, "hiring")
    mentor = gives(commons, "hiring", rules={"weekly_minutes": 600})
    people_services.block(other=ana, by=mentor, org=commons, now=now)
    people_services.block(other=mentor, by=ben, org=commons, now=now)
    kept = run(commons, hanna, now, [ana, ben], {mentor: 2})
    assert who(kept) == set()
    assert [row["ruled"] for row in kept.alone] == [{}, {}]
    told = alone_rows(kept, Names(commons, keys_of(kept)))
    assert all("too little in common" in row["what"] for row in told)


# --- who meets whom --------------------------------------------------------------------------------


def test_everybody_meets_who_knows_what_they_ask_about(commons, hanna, now):
    ana, ben = asks(commons, now, "hiring"), asks(commons, now, "pricing")
    knows_pricing, knows_hiring = gives(commons, "pricing"), gives(commons, "hiring")

    kept = run(commons, hanna, now, [ana, ben], [knows_pricing, knows_hiring])

    assert who(kept) == {(str(ana.pk), str(knows_hiring.pk)), (str(ben.pk), str(knows_pricing.pk))}
    [first] = [row for row in kept.pairs if row["mentee"] == str(ana.pk)]
    assert first["topics"] == [["hiring", "hiring", "lived"]]
    assert first["language"] == "en"
    assert first["hours"] == 15  # three on each of five weekdays, within the day of whoever named no hours
    assert (kept.status, kept.made_by, kept.alone) == ("done", hanna, [])
    assert kept.total == pytest.approx(sum(row["score"] for row in kept.pairs), abs=1e-3)


def test_what_the_mentor_likes_to_be_asked_counts_as_well(commons, hanna, now):
    decides = asks(commons, now, "hiring", kind="decide")
    practises = asks(commons, now, "hiring", kind="practise")
    mentor = gives(commons, "hiring")  # decide, unblock
    kept = run(commons, hanna, now, [practises, decides], [mentor])
    assert who(kept) == {(str(decides.pk), str(mentor.pk))}


def test_hard_rules_hold(commons, hanna, now):
    ana = asks(commons, now, "hiring", languages=["pt"])
    ben = asks(commons, now, "hiring")
    speaks, elsewhere = gives(commons, "hiring", languages=["pt"]), gives(commons, "hiring")
    met = make_session(ben.needs.get(), elsewhere, now - timedelta(days=9), status=Status.ENDED)

    kept = run(commons, hanna, now, [ana, ben], [speaks, elsewhere], replace(FREE, new_pairs=True))

    assert met.mentee == ben
    assert who(kept) == {(str(ana.pk), str(speaks.pk))}
    [alone] = kept.alone
    assert alone["mentee"] == str(ben.pk)
    assert alone["ruled"] == {"no shared language": 1, "met before, or kept apart": 1}
    again = run(commons, hanna, now, [ana, ben], [speaks, elsewhere], FREE)
    assert len(again.pairs) == 2


def test_nobody_meets_themselves_or_somebody_of_the_same_area_if_so_wished(commons, hanna, now):
    both = gives(commons, "hiring", industry="energy")
    need = NeedFactory(mentee=both, org=commons, stated_at=now)
    NeedTopic.objects.create(org=commons, need=need, skill_id="hiring")
    near, far = gives(commons, "hiring", industry="Energy "), gives(commons, "hiring", industry="banking")
    kept = run(commons, hanna, now, [both], [both, near, far], replace(FREE, other_area=True))
    assert who(kept) == {(str(both.pk), str(far.pk))}
    only = run(commons, hanna, now, [both], [both], FREE)
    assert (only.pairs, only.alone[0]["ruled"]) == ([], {})


def test_who_is_left_out_hears_who_was_nearest(commons, hanna, now):
    mentees = [asks(commons, now, "hiring") for _ in range(3)]
    mentor, other = gives(commons, "hiring"), gives(commons, "pricing")
    kept = run(commons, hanna, now, mentees, {mentor: 1, other: 0})
    assert [(row["fit"], row["nearest"], row["ruled"]) for row in kept.alone] == [(1, str(mentor.pk), {})] * 2


def test_people_of_other_organisations_never_take_part(commons, hanna, now):
    mare = Organisation.objects.create(name="Maré Energy", slug="mare")
    stranger, elsewhere = asks(mare, now, "hiring"), gives(mare, "hiring")
    ana, mentor = asks(commons, now, "hiring"), gives(commons, "hiring")
    kept = run(commons, hanna, now, [ana, stranger], {mentor: 5, elsewhere: 5})
    assert who(kept) == {(str(ana.pk), str(mentor.pk))}
    assert kept.alone == []
    with pytest.raises(Invalid):
        run(commons, hanna, now, [stranger], [elsewhere])


def test_fairness_never_gives_up_more_than_it_says(commons, hanna, now):
    mentees = [
        asks(commons, now, *pair) for pair in [("hiring",), ("pricing",), ("leadership",), ("hiring", "pricing")]
    ]
    mentors = [gives(commons, skill) for skill in ("hiring", "pricing", "moving-into-management")]
    kept = run(commons, hanna, now, mentees, mentors, replace(FREE, fairness=1.0))
    assert 0 <= kept.given_up <= 0.003
    assert kept.worst_tenth >= kept.plain_worst


# --- what is refused -------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["nan", "inf", "-0.1", "1.1", "", "much", "1" * 40, None])
def test_a_fairness_that_is_none_is_refused_beside_its_field(text):
    with pytest.raises(Invalid) as refused:
        rules_from({"fairness": text, "shared_hours": "1"})
    assert list(refused.value.fields) == ["fairness"]


def test_numbers_may_have_a_comma_and_hours_are_whole():
    assert rules_from({"fairness": "0,5", "shared_hours": "2"}).fairness == 0.5
    for hours in ("1.5", "-1", "41", "nan"):
        with pytest.raises(Invalid) as refused:
            rules_from({"fairness": "0", "shared_hours": hours})
        assert list(refused.value.fields) == ["shared_hours"]


@pytest.mark.parametrize("text", ["-1", "51", "1e9", "2.5", "many", "", "nan"])
def test_absurd_places_are_refused(text):
    with pytest.raises(Invalid, match="from 0 to 50"):
        places_from(text)


def test_nobody_chosen_and_too_many_are_refused(commons, hanna, now):
    mentor = gives(commons, "hiring")
    with pytest.raises(Invalid) as refused:
        run(commons, hanna, now, [], {mentor: 0})
    assert set(refused.value.fields) == {"mentees", "places"}
    crowd = tuple(mentor.pk for _ in range(10_001))
    with pytest.raises(Invalid, match="Nobody could meet") as refused:
        cohorts.pair_cohort(org=commons, by=hanna, plan=Plan(mentees=crowd, places={mentor.pk: 1}, rules=FREE), now=now)
    assert "10,000 at most" in refused.value.fields["mentees"]
    assert not CohortRun.objects.within(commons).exists()


def test_rules_that_contradict_the_people_are_told_beside_them(commons, hanna, now):
    ana = asks(commons, now, "hiring", languages=["pt"])
    Profile.objects.within(commons).filter(person=ana).update(industry="energy")
    mentor = gives(commons, "hiring", languages=["en"], industry="energy")
    with pytest.raises(Invalid) as refused:
        run(commons, hanna, now, [ana], [mentor], CohortRules(shared_hours=20, other_area=True))
    assert set(refused.value.fields) == {"share_a_language", "shared_hours", "other_area"}
    assert "more than 15 hours" in refused.value.fields["shared_hours"]


# --- what is kept ----------------------------------------------------------------------------------


def test_two_runs_are_compared(commons, hanna, now):
    ana, ben = asks(commons, now, "hiring"), asks(commons, now, "hiring", "pricing")
    one, two = gives(commons, "hiring"), gives(commons, "pricing")
    first = run(commons, hanna, now, [ana, ben], {one: 1, two: 0})
    second = run(commons, hanna, now, [ana, ben], {one: 1, two: 1}, before=first)

    changed = cohorts.difference(first, second)

    assert second.before == first
    assert len(changed.gained) + len(changed.moved) >= 1
    assert len(changed.kept) + len(changed.moved) + len(changed.gained) == 2
    assert changed.total > 0
    assert set(cohorts.difference(second, first).lost) == set(changed.gained)


def test_runs_are_private_to_managers_and_operators_of_their_organisation(commons, hanna, now):
    kept = run(commons, hanna, now, [asks(commons, now, "hiring")], [gives(commons, "hiring")])
    operator = PersonFactory(org=commons)
    operator.is_operator = True
    elsewhere = Organisation.objects.create(name="Maré Energy", slug="mare")
    stranger = PersonFactory(org=elsewhere, org__role="manager")
    assert cohorts.run_for(kept.pk, visible_to=operator, org=commons) == kept
    assert cohorts.runs_of(commons, visible_to=hanna) == [kept]
    for person, org in ((PersonFactory(org=commons), commons), (stranger, elsewhere), (stranger, commons)):
        with pytest.raises(NotFound):
            cohorts.run_for(kept.pk, visible_to=person, org=org)


@pytest.fixture
def large(monkeypatch):
    monkeypatch.setattr(cohorts, "AT_ONCE", 1)
    deferred = []
    monkeypatch.setattr(tasks.pair_kept_cohort, "defer", lambda **given: deferred.append(given["run_id"]))
    return deferred


def test_a_large_cohort_is_paired_by_a_job(commons, hanna, now, large, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        kept = run(commons, hanna, now, [asks(commons, now, "hiring")], [gives(commons, "hiring")])
    assert (kept.status, kept.pairs, large) == ("waiting", [], [str(kept.pk)])

    tasks.pair_kept_cohort(str(kept.pk))
    tasks.pair_kept_cohort(str(kept.pk))

    kept.refresh_from_db()
    assert (kept.status, kept.step, len(kept.pairs)) == ("done", 3, 1)


def test_a_job_that_finds_a_contradiction_says_so(commons, hanna, now, large):
    kept = run(
        commons, hanna, now, [asks(commons, now, "hiring", languages=["pt"])], [gives(commons, "hiring")], CohortRules()
    )
    tasks.pair_kept_cohort(str(kept.pk))
    kept.refresh_from_db()
    assert kept.status == "failed"
    assert "No language is spoken on both sides" in kept.told


def test_old_runs_are_forgotten(commons, hanna, now):
    kept = run(commons, hanna, now, [asks(commons, now, "hiring")], [gives(commons, "hiring")])
    assert cohorts.forget_old_runs(now=now + timedelta(days=20)) == 0
    assert cohorts.forget_old_runs(now=now + timedelta(days=4_000)) == 1
    assert not CohortRun.objects.within(commons).filter(pk=kept.pk).exists()


@pytest.mark.parametrize(("score", "told"), [(0.5, "what else they wrote"), (0.2, "the best that was left")])
def test_the_reason_of_a_pair_agrees_with_how_well_it_fits(commons, leila, amara, score, told):
    row = {"mentee": str(leila.pk), "mentor": str(amara.pk), "topics": [], "language": "", "hours": 1, "told": False}
    says = why(row | {"score": score}, Names(commons, [row["mentee"], row["mentor"]]))

    assert told in says
    assert "A session could begin in one hour of their week, if Leila has time all day." in says
    assert ("the best that was left" in says) is (fit_words(score) == "loosely")
