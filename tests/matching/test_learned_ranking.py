"""A learned ranker at work: it places people where it is in force, can be replayed, and steps aside when it cannot."""

from __future__ import annotations

import sys
from time import perf_counter

import numpy as np
import pytest
from structlog.testing import capture_logs
from tests.factories import MentorFactory, NeedFactory

from quarterhour.engines.learned import FEATURES, VERSION, Curve, rows_of
from quarterhour.matching.capacity import count_capacity
from quarterhour.matching.indexing import index_mentors
from quarterhour.matching.kept import PLAIN, explained, keep
from quarterhour.matching.learned import RankerUnusable, checksum, heads_of_row, probe, row_of, usable
from quarterhour.matching.learned_models import LearnedRanker
from quarterhour.matching.models import Capacity, KeptRanking
from quarterhour.matching.people import ranking_for
from quarterhour.matching.ranker_booster import Lessons, UnreadableTrees, grown, heads_of, kept_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(commons, now):
    people = [MentorFactory(org=commons, name=f"Mentor {number}") for number in range(8)]
    ids = [person.pk for person in people]
    index_mentors(org=commons, mentor_ids=ids)
    count_capacity(org_id=commons.pk, mentor_ids=ids, now=now)
    for number, mentor in enumerate(ids):  # so that quality tells them apart
        Capacity.objects.within(commons).filter(mentor=mentor).update(rated=10 + number, helped=10 - number)
    return people


def trees(liked="quality", seed=1) -> str:
    """Trees that prefer a high value of one feature."""
    random = np.random.default_rng(seed)
    rows = np.tile(rows_of(probe()), (200, 1)) + random.normal(0, 0.2, (1000, len(FEATURES))).astype(np.float32)
    column = rows[:, [feature.name for feature in FEATURES].index(liked)]
    happened = (random.random(1000) < 1 / (1 + np.exp(-8 * (column - 0.5)))).astype(float)
    one = Lessons(rows, np.full(1000, 0.5), np.ones(1000), happened, np.arange(1000) // 50)
    return grown({"pick": one, "accept": one, "help": one}, seed=seed, tell=lambda *_: None)["pick"]["trees"]


def ranker(org, now, *, heads=None, active=True, **changes) -> LearnedRanker:
    heads = {"pick": kept_form(Curve(-2.0, 0.0), trees())} if heads is None else heads
    given = {
        "version": VERSION,
        "features": [feature.name for feature in FEATURES],
        "checksum": checksum(heads),
    } | changes
    return LearnedRanker.objects.create(
        org=org, made_at=now, since=now, until=now, seed=1, heads=heads, report={}, taken=True, active=active, **given
    )


def placed_by(leila, commons, now) -> KeptRanking:
    need = NeedFactory(mentee=leila, org=commons)
    return keep(ranking_for(need, now=now), need=need, now=now)


def test_the_ranker_in_force_places_people_and_the_ranking_says_so(town, leila, commons, now):
    by_default = placed_by(leila, commons, now)
    row = ranker(commons, now)
    by_row = placed_by(leila, commons, now)

    assert (by_default.learned_id, by_row.learned_id) == (None, row.pk)
    assert set(PLAIN) <= set(by_row.columns)
    assert not set(PLAIN) & set(by_default.columns)
    believed = [[numbers["fit"] for *_, numbers in explained(kept.pk).places] for kept in (by_default, by_row)]
    assert believed[0] != believed[1]


def test_only_one_ranker_of_an_organisation_is_in_force_and_another_organisation_keeps_its_own(
    town, leila, commons, now
):
    from django.db import IntegrityError, transaction

    from quarterhour.core.models import Organisation

    elsewhere = Organisation.objects.create(name="Elsewhere", slug="elsewhere")
    ranker(elsewhere, now)
    assert placed_by(leila, commons, now).learned_id is None
    ranker(commons, now)
    with pytest.raises(IntegrityError), transaction.atomic():
        ranker(commons, now)


def test_a_ranking_is_replayed_with_the_ranker_of_then(town, leila, commons, now):
    row = ranker(commons, now)
    kept = placed_by(leila, commons, now)
    LearnedRanker.objects.within(commons).filter(pk=row.pk).update(active=False)
    found = explained(kept.pk)

    assert found.same
    assert found.known
    assert found.judged == pytest.approx([numbers["fit"] for *_, numbers in found.places], abs=1e-9)
    assert found.why_not == ""


def test_looking_again_after_a_switch_moves_nobody(town, leila, commons, now):
    kept = placed_by(leila, commons, now)
    ranker(commons, now)
    again = ranking_for(kept.need, now=now)
    assert [each.offer.id for each in again.placed] == kept.mentors
    assert [fit.mentor.id for fit in again.three] == kept.shown


@pytest.mark.parametrize(
    "spoilt",
    [
        {"checksum": "0" * 64},
        {"version": "learned-0"},
        {"features": ["words"]},
        {"heads": {"pick": {"at_zero": "inf", "by_base": 1.0, "trees": ""}}},
        {"heads": {"pick": kept_form(Curve(), "tree\nnonsense")}},
        {"heads": {"guess": {}}},
        {"heads": {"welcome": 0.5}},
    ],
    ids=["checksum", "version", "features", "infinite", "nonsense", "unknown head", "unwelcoming"],
)
def test_a_spoilt_ranker_steps_aside_and_the_log_says_so(town, leila, commons, now, spoilt):
    ranker(commons, now, **spoilt)
    with capture_logs() as told:
        assert placed_by(leila, commons, now).learned_id is None
    assert [line["event"] for line in told if line["event"].startswith("learned")] == ["learned_ranker_left_out"]


def test_without_lightgbm_the_default_places_people(town, leila, commons, now, monkeypatch):
    ranker(commons, now)
    monkeypatch.setitem(sys.modules, "lightgbm", None)
    with capture_logs() as told:
        assert placed_by(leila, commons, now).learned_id is None
    assert any("not installed" in line.get("why", "") for line in told)


def test_a_curve_alone_needs_no_library(commons, now, monkeypatch):
    row = ranker(commons, now, heads={"pick": kept_form(Curve(-1.0, 0.5), "")})
    monkeypatch.setitem(sys.modules, "lightgbm", None)
    assert heads_of_row(row).of["pick"].trees is None


def test_trees_that_are_too_long_are_refused():
    with pytest.raises(UnreadableTrees):
        heads_of({"pick": kept_form(Curve(), "tree\n" + "x" * 1_000_001)})


def test_a_ranker_that_is_not_there_is_said(db):
    from uuid import uuid4

    with pytest.raises(RankerUnusable, match="rank models"):
        row_of(uuid4())
    assert usable(uuid4()) is None


def test_sixty_people_are_judged_in_less_than_three_milliseconds():
    from quarterhour.engines.learned import numbers_of, offered
    from quarterhour.engines.market import Offer

    text = trees()
    heads = heads_of({name: kept_form(Curve(), text) for name in ("pick", "accept", "help")})
    random = np.random.default_rng(1)
    offers = tuple(Offer(id=at, fit=float(random.random()), rated=at, helped=at // 2) for at in range(60))
    numbers = numbers_of(random.random((60, 7)).astype(np.float32), offers)
    times = []
    for _ in range(30):
        begun = perf_counter()
        offered(numbers, heads.chances(numbers))
        times.append(perf_counter() - begun)
    assert min(times) < 0.003
    print(f"60 people: {1000 * min(times):.2f} ms")
