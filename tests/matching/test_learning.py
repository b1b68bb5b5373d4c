"""Training from a site's own outcomes: what is read, what is learned, when it is taken, and what is said when not."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from tests.factories import make_session
from tests.learned_site import lived
from tests.learned_town import by_topics, no_taste, shown

from quarterhour.core.errors import NotAllowed
from quarterhour.core.ids import uuid7
from quarterhour.core.models import AuditEntry, Organisation
from quarterhour.engines.learned import counts_of, looks_of
from quarterhour.matching.kept import explained
from quarterhour.matching.learned import heads_of_row
from quarterhour.matching.learned_models import LearnedRanker
from quarterhour.matching.learning import TooLittleSeen, keep_ranker, lessons_of, train, use_default, use_ranker
from quarterhour.matching.models import KeptRanking
from quarterhour.matching.outcomes import RIPE, seen, week_of
from quarterhour.matching.ranker_booster import grown, heads_of
from quarterhour.matching.tasks import forget_rankings
from quarterhour.needs.models import Need
from quarterhour.people.models import Person
from quarterhour.sessions.models import MentoringSession, Status
from quarterhour.trust.models import Helpfulness


def quiet(*_told) -> None:
    """Nobody watches."""


def trained(org, now, **given):
    return train(org, **{"weeks": 26, "held_out": 4, "now": now, "seed": 1, "tell": quiet} | given)


@pytest.fixture
def site(commons, now):
    return lived(commons, now, weeks=12, a_week=48)


@pytest.fixture
def quiet_site(commons, now):
    """A few questions; enough to read, too few to learn from."""
    return lived(commons, now, weeks=3, a_week=8)


def test_what_happened_is_read_as_it_was(quiet_site, commons, now):
    expected = shown(weeks=3, a_week=8, seed=0, ids=[one.pk for one in quiet_site])
    found = seen(commons, since=now - timedelta(weeks=52), now=now, tell=quiet)

    assert (len(found.rankings), found.unripe, found.of_another_version) == (24, 0, 0)
    for ours, theirs in zip(found.rankings, expected, strict=True):
        order = np.argsort(theirs.at)
        assert ours.at.tolist() == list(range(1, 16))
        assert ours.picked.tolist() == theirs.picked[order].tolist()
        assert ours.held.tolist() == theirs.held[order].tolist()
        np.testing.assert_array_equal(ours.accepted, theirs.accepted[order])
        np.testing.assert_array_equal(ours.helped, theirs.helped[order])
        np.testing.assert_array_equal(ours.numbers.parts, theirs.numbers.parts[order])
        assert [offer.id for offer in ours.numbers.offers] == [theirs.numbers.offers[n].id for n in order]


def test_reading_costs_the_same_for_many(quiet_site, commons, now, django_assert_num_queries):
    with django_assert_num_queries(7):
        seen(commons, since=now - timedelta(weeks=52), now=now, tell=quiet)


def test_what_is_younger_than_thirty_days_or_came_later_does_not_count(quiet_site, commons, now):
    last = KeptRanking.objects.within(commons).order_by("-made_at").first()
    MentoringSession.objects.within(commons).filter(need=last.need_id).delete()
    mentor = quiet_site[0]
    late = make_session(last.need, mentor, now, status=Status.ENDED, now=last.made_at)
    MentoringSession.objects.within(commons).filter(pk=late.pk).update(ended_at=last.made_at + RIPE * 2)
    whole = len(KeptRanking.objects.within(commons))
    KeptRanking.objects.within(commons).filter(pk=last.pk).update(mentors=[mentor.pk, *last.mentors[1:]])

    found = seen(commons, since=now - timedelta(weeks=52), now=now, tell=quiet).rankings
    assert len(found) == whole
    assert (found[-1].picked[0], found[-1].held[0]) == (True, False)

    KeptRanking.objects.within(commons).filter(pk=last.pk).update(made_at=now - timedelta(days=29))
    young = seen(commons, since=now - timedelta(weeks=52), now=now, tell=quiet)
    assert (len(young.rankings), young.unripe) == (whole - 1, 1)


def test_a_pick_belongs_to_the_ranking_it_was_made_from(quiet_site, commons, now):
    """The same question in other words is ranked anew; whoever is booked after that was seen in the second ranking."""
    first = KeptRanking.objects.within(commons).order_by("-made_at").first()
    MentoringSession.objects.within(commons).filter(need=first.need_id).delete()
    again = KeptRanking.objects.within(commons).get(pk=first.pk)
    again.id, again.made_at, again._state.adding = uuid7(), first.made_at + timedelta(hours=2), True
    again.save()
    by_id = dict(zip(first.mentors, range(len(first.mentors)), strict=True))
    for mentor, hours in ((first.mentors[0], 1), (first.mentors[1], 3)):
        make_session(
            first.need, Person.objects.get(pk=mentor), now + timedelta(hours=hours), status=Status.DECLINED,
            now=first.made_at + timedelta(hours=hours),
        )  # fmt: skip
    *_, one, two = seen(commons, since=now - timedelta(weeks=52), now=now, tell=quiet).rankings
    assert [np.flatnonzero(each.picked).tolist() for each in (one, two)] == [[by_id[first.mentors[0]]], [1]]


def test_a_site_with_a_taste_of_its_own_gets_a_ranker_that_has_it(site, commons, now):
    told = []
    one = trained(commons, now, tell=lambda *line: told.append(line[0]))
    row = keep_ranker(one, org=commons, switch=True, by="system", now=now)

    assert one.gate.open, one.gate.why
    assert one.report["judged"]["difference"]["low"] > 0
    assert one.report["counts"]["pick"][0][0] == "topics"
    assert {"Reading rankings", "Judging"} <= set(told)
    row.refresh_from_db()
    assert (row.active, row.taken) == (True, True)
    assert np.isfinite(heads_of_row(row).of["pick"].curve.by_base)
    entry = AuditEntry.objects.get(act="ranker switched")
    assert (entry.on, entry.detail) == (f"ranker {row.pk}", {"before": "default"})
    again = trained(commons, now)
    assert again.heads == one.heads
    assert again.report == one.report
    assert trained(commons, now, seed=2).heads != one.heads


def test_where_nobody_has_a_taste_the_default_stays(commons, now):
    lived(commons, now, weeks=12, a_week=48, seed=7, taste=no_taste)
    one = trained(commons, now)
    row = keep_ranker(one, org=commons, switch=True, by="system", now=now)

    assert not one.gate.open
    assert "above nought" in one.gate.why[0]
    assert one.gate.needed
    assert not row.active
    with pytest.raises(NotAllowed, match="not found better"):
        use_ranker(row, by="system", now=now)
    assert not LearnedRanker.objects.within(commons).filter(active=True).exists()


def test_without_a_switch_it_is_kept_and_not_in_force(site, commons, now):
    row = keep_ranker(trained(commons, now), org=commons, switch=False, by="system", now=now)
    assert (row.taken, row.active) == (True, False)
    use_ranker(row, by="x", now=now)
    assert use_default(commons, by="x", now=now)
    assert not use_default(commons, by="x", now=now)
    assert AuditEntry.objects.filter(act="ranker switched").count() == 2


def test_too_little_is_said_with_what_there_is(quiet_site, commons, now):
    with pytest.raises(TooLittleSeen, match=r"2 weeks with questions of at least 6; 16 rankings of at least 300"):
        trained(commons, now, held_out=1)
    empty = Organisation.objects.create(name="Empty", slug="empty")
    with pytest.raises(TooLittleSeen, match="0 rankings of at least 300"):
        trained(empty, now)


def test_one_kind_of_outcome_is_said(site, commons, now):
    Helpfulness.objects.within(commons).update(quarters=4)
    with pytest.raises(TooLittleSeen, match="every one helped"):
        trained(commons, now)
    Helpfulness.objects.within(commons).delete()
    MentoringSession.objects.within(commons).delete()
    with pytest.raises(TooLittleSeen, match="nobody was asked or booked"):
        trained(commons, now)


def test_other_organisations_teach_nothing(quiet_site, commons, now):
    elsewhere = Organisation.objects.create(name="Elsewhere", slug="elsewhere")
    assert seen(elsewhere, since=now - timedelta(weeks=52), now=now, tell=quiet).rankings == []


def test_rankings_of_another_release_are_left_out_and_counted(quiet_site, commons, now):
    KeptRanking.objects.within(commons).update(version="parts-1")
    found = seen(commons, since=now - timedelta(weeks=52), now=now, tell=quiet)
    assert (found.rankings, found.of_another_version) == ([], 24)


def test_a_held_time_that_is_not_taken_is_no_pick(quiet_site, commons, now):
    MentoringSession.objects.within(commons).update(status=Status.DROPPED)
    found = seen(commons, since=now - timedelta(weeks=52), now=now, tell=quiet).rankings
    assert counts_of(found).picks == 0


def test_rankers_that_rankings_point_at_are_kept_and_old_ones_go(quiet_site, commons, now, monkeypatch):
    from quarterhour.core import clock

    def row(**given):
        return LearnedRanker.objects.create(
            **{
                "org": commons, "made_at": now - timedelta(days=500), "version": "x", "features": [], "since": now,
                "until": now, "seed": 1, "heads": {}, "report": {}, "taken": True,
            }
            | given
        )  # fmt: skip

    used, in_force, young, old = row(), row(active=True), row(made_at=now), row()
    KeptRanking.objects.within(commons).filter(
        pk=KeptRanking.objects.within(commons).order_by("-made_at").first().pk
    ).update(learned=used)
    monkeypatch.setattr(clock, "now", lambda: now)
    forget_rankings.func(0)
    there = set(LearnedRanker.objects.within(commons).values_list("pk", flat=True))
    assert there == {used.pk, in_force.pk, young.pk}
    assert old.pk not in there


def test_trees_learn_the_taste_and_not_the_places():
    """Grown as if everybody looked everywhere, trees take the first card for a merit; with looks they do not."""
    rankings = shown(weeks=12, a_week=60, seed=5, taste=by_topics)
    fresh = shown(weeks=3, a_week=60, seed=5, taste=by_topics)
    looks = looks_of(rankings)
    even = type(looks)(np.ones(6), np.zeros(6), looks.rows, looks.picks)
    errors = []
    for each in (looks, even):
        heads = heads_of(grown(lessons_of(rankings, each), seed=1, tell=quiet))
        told = np.concatenate([heads.chances(one.numbers)[:, 0] for one in fresh])
        truth = np.concatenate(
            [1 / (1 + np.exp(-by_topics(*one.numbers.parts[:, :3].T.astype(float)))) for one in fresh]
        )
        errors.append(float(np.abs(told - truth).mean()))
    assert errors[0] < 0.08
    assert errors[1] > 2 * errors[0]


def test_weeks_are_whole_and_counted_from_the_end(now):
    week, second = timedelta(weeks=1), timedelta(seconds=1)
    moments = [now - second, now - week, now - week - second, now - 3 * week]
    assert [week_of(moment, until=now) for moment in moments] == [-1, -1, -2, -3]


def test_nothing_of_what_was_asked_is_kept_with_a_ranker(site, commons, now):
    row = keep_ranker(trained(commons, now), org=commons, switch=True, by="system", now=now)
    said = str(row.report) + str(row.heads)
    assert "Question" not in said
    assert not any(str(mentor.pk) in said for mentor in site)
    assert Need.objects.within(commons).count() == 576
    assert explained(KeptRanking.objects.within(commons).first().pk).judged is None
