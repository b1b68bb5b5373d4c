"""A text is read once while it is remembered, gives the same vector, and is not kept in words."""

from __future__ import annotations

import numpy as np
import pytest

from quarterhour.matching import remembered


@pytest.fixture
def read(monkeypatch):
    """What the model was given, with one of ours in its place."""
    said: list[str] = []

    def embed(texts):
        said.extend(texts)
        return np.array([[len(text), text.count("e")] for text in texts], dtype=np.float32).reshape(len(texts), 2)

    monkeypatch.setattr(remembered, "embed_together", embed)
    monkeypatch.setattr(remembered, "_kept", type(remembered._kept)())
    return said


def test_a_text_is_read_once_and_says_the_same(read):
    first = remembered.embed_once(["stay", "leave", "stay"])
    again = remembered.embed_once(["leave", "wait", "stay"])
    assert read == ["stay", "leave", "wait"]
    assert first.tolist() == [[4, 0], [5, 2], [4, 0]]
    assert again.tolist() == [[5, 2], [4, 0], [4, 0]]


def test_what_was_not_asked_for_longest_goes_first(read, monkeypatch):
    monkeypatch.setattr(remembered, "MOST", 2)
    for text in ("a", "b", "a", "c", "a", "b"):
        remembered.embed_once([text])
    assert read == ["a", "b", "c", "b"]
    assert len(remembered._kept) == 2


def test_no_text_is_kept_and_any_text_can_be_read(read):
    remembered.embed_once(["a secret", "\ud800", ""])
    assert all(b"secret" not in key and len(key) == 16 for key in remembered._kept)


def test_without_a_model_there_is_none(monkeypatch):
    monkeypatch.setattr(remembered, "embed_together", lambda texts: None)
    assert remembered.embed_once(["never read before"]) is None
