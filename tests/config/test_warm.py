"""A worker reads what stays before somebody waits for it."""

from __future__ import annotations

import gc

from quarterhour.config import warm
from quarterhour.matching import embedding


def test_a_new_worker_has_the_model_and_leaves_it_to_no_collector(monkeypatch):
    read = []
    monkeypatch.setattr(embedding, "embed", read.append)
    before, threshold = gc.get_freeze_count(), gc.get_threshold()
    try:
        warm.warm().join(60)
        assert read == [["A question that somebody asks."]]
        assert gc.get_freeze_count() > before
    finally:
        gc.unfreeze()
        gc.set_threshold(*threshold)
