"""`quarterhour evaluate conflicts`: a label and a chance for every pair, and figures where labels are given."""

import argparse
import json
import re

import pytest

from quarterhour.config.cli import evaluate_conflicts
from quarterhour.config.cli.evaluate_conflicts import Embedder, add_arguments, run
from quarterhour.config.perspectives.judging import auc, figures

PULL = {"a": "Accept it, chances like that come once.", "b": "Decline, you would regret it."}
PAIRS = [
    {"id": "p1", "decision": "Should I accept the offer?", **PULL, "label": "conflict"},
    {"id": "p2", "question": "Should I accept the offer?", "a": PULL["a"], "b": PULL["a"], "label": "agree"},
    {"claim": "The offer is good", "a": "It pays well.", "b": "It pays nobody well.", "label": "conflict"},
]


def judged(tmp_path, *rows, out=None, more=("--no-model",)):
    file = tmp_path / "pairs.jsonl"
    file.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), encoding="utf-8")
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return run(parser.parse_args([str(file), "--out", str(out or tmp_path / "scores.jsonl"), *more]))


def scores(tmp_path):
    return [json.loads(line) for line in (tmp_path / "scores.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("more", [(), ("--no-model",)])
def test_every_pair_gets_a_label_and_a_chance(tmp_path, capsys, more):
    assert judged(tmp_path, *PAIRS, more=more) == 0

    found = scores(tmp_path)
    assert [row.get("id", row.get("row")) for row in found] == ["p1", "p2", 3]
    assert [sorted(row) for row in found] == [["conflict", "id", "label"]] * 2 + [["conflict", "label", "row"]]
    assert [row["label"] for row in found[:2]] == ["conflict", "agree"]
    assert all(0 <= row["conflict"] <= 1 for row in found)
    lines = capsys.readouterr().out.splitlines()
    told = json.loads(lines[-1])
    assert re.fullmatch(r"The first pair took \d+\.\d ms, a board of 4 pieces \d+ ms", lines[1])
    assert (told["pairs"], told["conflicts"], told["false alarms on agree"]) == (3, 2, 0.0)
    assert told["false alarms on compatible"] is None
    assert set(told) >= {"precision", "recall", "f1", "auc"}


def test_conflict_alone_is_enough_to_count(tmp_path, capsys):
    rows = [{**PAIRS[0], "label": None, "conflict": 1}, {**PAIRS[1], "label": None, "conflict": 0}]

    assert judged(tmp_path, *rows) == 0

    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (told["precision"], told["recall"], told["f1"], told["auc"]) == (1.0, 1.0, 1.0, 1.0)
    assert "label right" not in told


def test_without_labels_nothing_is_counted(tmp_path, capsys):
    bare = [{name: value for name, value in row.items() if name != "label"} for row in PAIRS]

    assert judged(tmp_path, *bare) == 0
    assert len(scores(tmp_path)) == 3
    assert capsys.readouterr().out.count("\n") == 2, "pairs and their time, and that of a board"


def test_labels_on_some_rows_only_are_not_half_counted(tmp_path, capsys):
    assert judged(tmp_path, PAIRS[0], {**PAIRS[1], "label": None}) == 0

    said = capsys.readouterr()
    assert "Only 1 of them say what is right" in said.err
    assert "precision" not in said.out


def test_options_tell_which_way_is_which(tmp_path):
    row = {"decision": "The house?", "options": ["A Buy it", "B Rent it"], "a": "Buy it.", "b": "Rent it."}

    assert judged(tmp_path, row, "", "  ") == 0
    assert scores(tmp_path)[0]["row"] == 1


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("{", "Line 1 of"),
        ("[1]", "not an object"),
        ('{"a": "x", "b": 2, "decision": "?"}', "“b” is not text"),
        ('{"a": "x", "b": "y"}', "no decision, question or claim"),
        ('{"a": "x", "b": "y", "claim": "z", "label": "maybe"}', "“label” is none of"),
        ('{"a": "x", "b": "y", "claim": "z", "conflict": 2}', "neither 0 nor 1"),
        ('{"a": "x", "b": "y", "claim": "z", "conflict": [1]}', "neither 0 nor 1"),
        ('{"a": "x", "b": "y", "claim": "z", "options": "A"}', "“options” is not a list"),
        ("[" * 100_000, "not JSON"),
        ("", "holds no pair"),
    ],
    ids=["cut", "list", "number", "undecided", "label", "two", "list-of-one", "options", "deep", "empty"],
)
def test_a_file_that_holds_no_pairs_is_told_in_a_sentence(tmp_path, capsys, row, said):
    assert judged(tmp_path, row) == 2

    told = capsys.readouterr().err
    assert said in told
    assert "pairs.jsonl" in told
    assert not (tmp_path / "scores.jsonl").exists()


def test_a_file_that_is_not_there_and_one_that_cannot_be_written(tmp_path, capsys):
    parser = argparse.ArgumentParser()
    add_arguments(parser)

    assert run(parser.parse_args([str(tmp_path / "none.jsonl"), "--out", str(tmp_path / "o")])) == 2
    assert "cannot be read" in capsys.readouterr().err
    assert judged(tmp_path, PAIRS[0], out=tmp_path / "no" / "folder.jsonl") == 2
    assert "cannot be written" in capsys.readouterr().err


def test_each_text_is_read_once(monkeypatch):
    asked = []

    def embed(texts):
        asked.extend(texts)
        return [[float(len(text))] for text in texts]

    monkeypatch.setattr(evaluate_conflicts, "embed_together", embed)
    reads = Embedder()

    assert reads(["a", "bb", "a"]).tolist() == [[1.0], [2.0], [1.0]]
    assert reads(["bb", "ccc"]).tolist() == [[2.0], [3.0]]
    assert asked == ["a", "bb", "ccc"]


def test_figures_by_hand():
    found = figures(
        ["conflict", "conflict", "agree", "compatible", "unrelated", "compatible"],
        [0.9, 0.3, 0.6, 0.1, 0.1, 0.5],
        ["conflict", "agree", "conflict", "compatible", "compatible", "compatible"],
    )

    assert (found["precision"], found["recall"], found["f1"]) == (0.5, 0.5, 0.5)
    assert found["auc"] == pytest.approx(6 / 8)
    assert (found["false alarms on agree"], found["false alarms on compatible"]) == (1.0, 0.0)
    assert found["label right"] == pytest.approx(3 / 6)
    assert auc([True, True], [0.1, 0.2]) is None
