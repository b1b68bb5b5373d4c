import numpy as np

from quarterhour.matching import embedding


def test_every_text_becomes_a_vector_of_unit_length():
    vectors = embedding.embed(["My boss shouts at me.", "", "\x00\ud800", "long " * 5000])

    assert vectors.shape == (4, embedding.DIMENSIONS)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_near_meanings_lie_nearer_than_far_ones():
    asked, meant, other = embedding.embed(
        ["My manager yells at me in meetings.", "dealing with a difficult boss", "replacing a sensor's battery"]
    )

    assert asked @ meant > 0.3
    assert asked @ other < 0.1


def test_a_text_reads_the_same_alone_and_in_company():
    alone = embedding.embed(["A fair rota for nurses"])[0]
    in_company = embedding.embed(["Something very different and much longer. " * 9, "A fair rota for nurses"])[1]

    assert np.array_equal(alone, in_company)


def test_without_the_wheels_there_are_no_vectors(monkeypatch):
    monkeypatch.setattr(embedding, "find_spec", lambda package: None)
    embedding._loaded.cache_clear()
    try:
        assert embedding.embed(["anything"]) is None
        assert not embedding.available()
    finally:
        embedding._loaded.cache_clear()


def test_the_operator_may_switch_the_model_off(settings):
    settings.MODEL = False

    assert embedding.embed(["anything"]) is None
    assert embedding.embed_together(["anything"]) is None
    assert not embedding.available()


def test_a_broken_file_is_told_once_and_survived(monkeypatch, tmp_path, caplog):
    broken = tmp_path / "broken"
    broken.write_bytes(b"not a model")
    monkeypatch.setattr(embedding, "_file", lambda *names: broken)
    embedding._loaded.cache_clear()
    try:
        assert embedding.embed(["anything"]) is None
        assert embedding.embed(["anything"]) is None
        assert sum("cannot be read" in record.message for record in caplog.records) == 1
    finally:
        embedding._loaded.cache_clear()


def test_read_together_texts_mean_the_same_in_any_order():
    texts = ["Wait a year.", "", "\ud800", "Should I sell my boat?", "long " * 200, "Sell your boat.", "Wait a year."]

    alone, together = embedding.embed(texts), embedding.embed_together(texts)

    assert np.allclose(alone, together, atol=1e-5)
    assert np.array_equal(embedding.embed_together(texts[::-1])[::-1], together)
    assert embedding.embed_together([]).shape == (0, embedding.DIMENSIONS)


def test_texts_of_one_length_share_a_run_and_no_run_is_endless():
    assert embedding.runs([]) == []
    assert embedding.runs([10] * 20) == [(0, 4), (4, 20)]
    assert embedding.runs([5, 200]) == [(0, 1), (1, 2)]
