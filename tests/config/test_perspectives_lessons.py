"""What the conflict detector learns from can be read, and learning finds what is there."""

import json
from math import isnan

import numpy as np
import pytest

from quarterhour.config.perspectives.judging import Judged, bins, picture_of, table_of, told_label
from quarterhour.config.perspectives.lessons import Vectors, claims, pairs, pieces, texts
from quarterhour.config.perspectives.sayings import SayingsError, labelled, sayings
from quarterhour.config.perspectives.train import School, learned, teach
from quarterhour.engines.perspectives.weights import weights

FILE = """# a comment
? Buy a boat or a bike?
= Buy a boat | Buy a bike
+ The boat, by all means.
- Take the bike.
o Ask what it costs.
> Give it a name.

? Should I go?
+ Go.
"""


def test_a_file_of_sayings_is_read_and_every_pair_of_a_decision_labelled(tmp_path):
    file = tmp_path / "sayings.txt"
    file.write_text(FILE, encoding="utf-8")

    boat, go = sayings(file)

    assert (boat.question, boat.options) == ("Buy a boat or a bike?", ("Buy a boat", "Buy a bike"))
    assert [mark for mark, _text in boat.pieces] == ["+", "-", "o", ">"]
    assert go.pieces == [("+", "Go.")]
    found = [label for decided, _a, _b, label in labelled([boat, go]) if decided is boat and label != "unrelated"]
    assert found == ["conflict", *["compatible"] * 4]
    assert {text for _, *two, label in labelled([boat, go]) if label == "unrelated" for text in two} >= {"Go."}


def test_two_ways_part_without_being_for_or_against(tmp_path):
    file = tmp_path / "sayings.txt"
    file.write_text(
        "? How should I learn?\n1 By heart.\n1 By rote.\n2 By doing.\n- Not at all.\n+ Do.\n", encoding="utf-8"
    )

    found = {frozenset((a, b)): label for _decided, a, b, label in labelled(sayings(file))}

    assert found[frozenset(("By heart.", "By rote."))] == "agree"
    assert found[frozenset(("By rote.", "By doing."))] == "conflict"
    assert found[frozenset(("By doing.", "Not at all."))] == "conflict"
    assert frozenset(("By doing.", "Do.")) not in found


def test_a_line_nobody_can_read_is_named(tmp_path):
    file = tmp_path / "sayings.txt"
    file.write_text("? Should I?\n* Yes.\n", encoding="utf-8")

    with pytest.raises(SayingsError, match="Line 2"):
        sayings(file)


def test_our_own_sayings_are_whole():
    for decided in sayings():
        marks = {mark for mark, _text in decided.pieces}
        assert marks >= {"+", "-", "o"} or marks >= {"1", "2", "o"}, decided.question
        assert len({text for _mark, text in decided.pieces}) == len(decided.pieces), decided.question
        assert len(decided.options) in (0, 2), decided.question
    assert len({decided.question for decided in sayings()}) == len(sayings())


def test_the_town_and_a_folder_of_claims_are_read(tmp_path):
    stance = {"claim_id": 7, "claim": "Tea is good", "perspective": "It warms.", "stance": "support"}
    pair = {"claim_id": 7, "question": "Tea is good", "a": "It warms.", "b": "It stains.", "conflict": 1}
    (tmp_path / "perspectrum_stance_train.jsonl").write_text(json.dumps(stance), encoding="utf-8")
    (tmp_path / "perspectrum_pairs_train.jsonl").write_text(json.dumps(pair), encoding="utf-8")

    said, two = claims(tmp_path)

    assert [(each.group, each.side, each.asked.kind) for each in said] == [("7", 1, "claim")]
    assert [(each.label, each.source) for each in two] == [("conflict", "claims")]
    assert {"sayings", "town", "town, question alone"} == {each.source for each in pairs()}
    assert {1, -1, 0} == {each.side for each in pieces() if not isnan(each.side)}


def test_learning_finds_the_weight_that_is_there():
    draw = np.random.default_rng(1)
    rows = draw.normal(size=(4000, 3))
    yes = draw.random(4000) < 1 / (1 + np.exp(-(2 * rows[:, 0] - rows[:, 2] + 0.5)))

    found = learned(rows, yes.astype(float), np.ones(4000), ridge=1.0)

    assert found == pytest.approx([2, 0, -1, 0.5], abs=0.25)


@pytest.mark.parametrize("meaning", [True, False])
def test_a_school_teaches_heads_of_the_shape_that_is_kept(meaning):
    own, two = pieces()[:60], pairs()[:120]
    vectors = Vectors(lambda given: np.random.default_rng(3).normal(size=(len(given), 384)) / 20) if meaning else None
    if vectors:
        vectors.read(texts(own, two))

    heads, judged = teach(School(own, two, vectors, claim=False))

    kept = weights(meaning=meaning).heads
    assert {name: len(head) for name, head in heads.items()} == {name: len(kept[name]) for name in heads}
    assert judged.chances.shape == (120, 4)
    assert judged.chances.sum(axis=1) == pytest.approx(np.ones(120))
    assert "auc" in table_of(judged)


def test_calibration_is_drawn_from_steps_with_enough_pairs():
    chances = np.zeros((30, 4))
    chances[:10, 0], chances[10:, 0] = 0.85, 0.05
    judged = Judged(["x"] * 30, ["conflict"] * 9 + ["agree"] * 21, chances)

    assert bins(judged) == [(pytest.approx(0.05), 0.0, 20), (pytest.approx(0.85), 0.9, 10)]
    picture = picture_of(judged, judged.and_(judged))
    assert picture.count("<circle") == 4
    assert told_label(np.array([0.1, 0.2, 0.6, 0.1])) == "compatible"
