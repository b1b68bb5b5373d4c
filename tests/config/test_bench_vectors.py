"""What the benchmark says of the vector step is so."""

from __future__ import annotations

from uuid import UUID

import numpy as np
import pytest

from quarterhour.config.bench import vectors
from quarterhour.matching.models import Evidence

pytestmark = pytest.mark.django_db


@pytest.fixture
def pieces(amara, commons):
    """Three hundred pieces in different directions, and their vectors."""
    made = np.random.default_rng(3).normal(size=(300, 384)).astype(np.float32)
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    Evidence.objects.bulk_create(
        Evidence(org=commons, mentor=amara, kind="answer", source_id=UUID(int=n), text="x", vector=v)
        for n, v in enumerate(made)
    )
    return made


def test_vectors_come_as_they_are_kept(pieces, commons):
    keys, kept = vectors._all(commons.pk)
    assert len(keys) == 300
    assert np.abs(np.sort(kept, axis=0) - np.sort(pieces, axis=0)).max() < 1e-3


def test_finding_all_of_the_nearest_is_one_and_finding_none_is_nought(pieces, commons):
    keys, kept = vectors._all(commons.pk)
    near = kept @ pieces[0]
    order = np.argsort(-near)
    last = near[order[vectors.NEAREST - 1]]
    best, worst = ([bytes(keys[place]) for place in places] for places in (order[:120], order[-120:]))
    assert vectors._recall(best, keys, near, last=last) == 1
    assert vectors._recall(best[:60], keys, near, last=last) == 0.5
    assert vectors._recall(worst, keys, near, last=last) == 0


def test_both_ways_stand_beside_each_other(pieces, commons):
    rows = {row["name"]: row["figure"] for row in vectors.measure("here", list(pieces[:2]), org_id=commons.pk)}
    assert rows["here: vectors"] == 300
    assert rows["here: found of the nearest 120"] > 0.9
    assert {
        "here: nearest by the graph, 50 of 100 within",
        "here: nearest by numpy, exact, 50 of 100 within",
    } <= rows.keys()


def test_a_place_without_vectors_has_no_row(commons):
    assert vectors.measure("here", [np.ones(384, dtype=np.float32)], org_id=commons.pk) == []
