"""`quarterhour evaluate experts`: a small community of our own making, ranked and judged."""

import argparse
import json
import lzma
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from quarterhour.config.cli import evaluate_experts
from quarterhour.config.cli.expert_files import ExpertsFileError, keep_vectors, known_vectors

DAY = 86_400
SUBJECTS = {"ana": "goats and their milk", "bo": "taxes of a small shop", "cy": "an old van that will not start"}


def thread(number, person, day):
    text = f"What would you do about {SUBJECTS[person]}, case {number}?"
    return {
        "id": f"t{number}",
        "area": "help",
        "title": SUBJECTS[person],
        "text": text,
        "opened": day * DAY,
        "asker": "zoe",
        "resolved": False,
        "replies": [["zoe", 1.0, "anybody?"], [person, 20.0, f"I know {SUBJECTS[person]} well"]],
    }


@pytest.fixture
def files(tmp_path):
    threads = [thread(number, list(SUBJECTS)[number % 3], 100 + number) for number in range(30)]
    questions = [thread(100 + number, person, 200 + number) for number, person in enumerate(SUBJECTS)]
    with lzma.open(tmp_path / "past.jsonl.xz", "wt", encoding="utf-8") as packed:
        packed.writelines(json.dumps(row) + "\n" for row in threads[:20])
    (tmp_path / "more.jsonl").write_text("".join(json.dumps(row) + "\n" for row in threads[15:]))
    kept = ("id", "area", "title", "text", "opened", "asker")
    rows = [{name: row[name] for name in kept} for row in questions]
    (tmp_path / "queries.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "pool.txt").write_text("ana\nbo\n\ncy\nzoe\nnew\n")
    (tmp_path / "qrels.tsv").write_text(
        "query\tperson\tminutes\n" + "".join(f"t{100 + n}\t{p}\t20.0\n" for n, p in enumerate(SUBJECTS))
    )
    return tmp_path


def run(files, *more, out="ranking.tsv", history=("past.jsonl.xz", "more.jsonl")):
    parser = argparse.ArgumentParser()
    evaluate_experts.add_arguments(parser)
    given = [part for name in history for part in ("--history", str(files / name))]
    given += ["--queries", str(files / "queries.jsonl"), "--pool", str(files / "pool.txt"), "--out", str(files / out)]
    return evaluate_experts.run(parser.parse_args([*given, *more]))


def rows(files, out="ranking.tsv"):
    return [line.split("\t") for line in (files / out).read_text().splitlines()]


def test_the_ranking_names_whoever_helped_with_such_things(files, capsys):
    assert run(files, "--qrels", str(files / "qrels.tsv"), "--json") == 0

    told = json.loads(capsys.readouterr().out)
    assert told["figures"]["MRR"]["value"] == 1.0
    assert told["seconds"]["p50"] > 0
    first = {query: person for query, place, person, _score in rows(files) if place == "1"}
    assert first == {"t100": "ana", "t101": "bo", "t102": "cy"}


def test_each_question_has_places_from_one_without_the_asker(files):
    run(files)
    for query in ("t100", "t101", "t102"):
        mine = [row for row in rows(files) if row[0] == query]
        assert [int(row[1]) for row in mine] == [1, 2, 3, 4]
        assert {row[2] for row in mine} == {"ana", "bo", "cy", "new"}
        assert sorted((float(row[3]) for row in mine), reverse=True) == [float(row[3]) for row in mine]


def test_the_same_seed_gives_the_same_file(files):
    run(files, out="one.tsv")
    run(files, out="two.tsv")
    assert (files / "one.tsv").read_bytes() == (files / "two.tsv").read_bytes()


def test_figures_are_printed_with_intervals_for_people(files, capsys):
    run(files, "--qrels", str(files / "qrels.tsv"))
    said = capsys.readouterr()
    assert "seconds a question: p50" in said.out
    assert [line.split()[0] for line in said.out.splitlines()[-7:]] == [
        "R@10",
        "R@100",
        "MRR",
        "nDCG@10",
        "cold",
        "coverage@10",
        "Gini",
    ]
    assert "Ranking" in said.err


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("more.jsonl", '{"id": "t1"}\n', "line 1: KeyError 'opened'"),
        ("more.jsonl", "{not json\n", "not JSON"),
        ("more.jsonl", '{"id": 1, "opened": NaN, "asker": "a"}\n', "not a time"),
        ("more.jsonl", '["a"]\n', "one JSON object a line"),
        ("pool.txt", "\n", "names nobody"),
        ("queries.jsonl", "", "holds no question"),
        ("past.jsonl.xz", "no archive", "Fetch it again"),
    ],
)
def test_a_broken_file_is_named_with_its_line_and_what_to_do(files, capsys, name, content, said):
    (files / name).write_text(content)
    assert run(files) == 2
    assert name in (error := capsys.readouterr().err)
    assert said in error


def test_a_missing_file_is_named(files, capsys):
    assert run(files, history=("none.jsonl",)) == 2
    assert "none.jsonl cannot be read" in capsys.readouterr().err


def test_half_filled_lines_are_ranked_all_the_same(files):
    (files / "more.jsonl").write_text('{"id": "x", "opened": 8640000, "text": null, "replies": [["ana", 3]]}\n')
    (files / "queries.jsonl").write_text('{"id": "q", "opened": 1, "text": "🐐"}\n{"id": "r", "opened": 9e9}\n')
    assert run(files) == 0
    assert len(rows(files)) == 2 * 5


def test_the_curve_is_drawn_and_said(files, capsys):
    run(files, "--qrels", str(files / "qrels.tsv"), "--curve", str(files / "curve.svg"))
    lines = capsys.readouterr().out.splitlines()
    assert "newcomer" in lines[-31]
    root = ET.parse(files / "curve.svg").getroot()
    assert root.tag.endswith("svg")
    assert len(root.findall(".//{*}circle")) == 2 * 30 + 5


def test_a_curve_needs_to_know_who_helped(files, capsys):
    assert run(files, "--curve", str(files / "curve.svg")) == 2
    assert "--qrels" in capsys.readouterr().err


def test_too_little_past_to_learn_from_is_said(files, capsys, monkeypatch):
    monkeypatch.setenv("QUARTERHOUR_MODEL", "no")
    assert run(files, "--mode", "learned", "--no-model") == 2
    assert "--mode default" in capsys.readouterr().err
    assert not (files / "ranking.tsv").exists()


def test_vectors_are_kept_for_the_next_run(tmp_path):
    path = tmp_path / "kept.npz"
    assert known_vectors(path) == {}
    keep_vectors(path, {"b0a7": np.ones(3, np.float32), "c3": np.zeros(3, np.float32)})
    kept = known_vectors(path)
    assert list(kept) == ["b0a7", "c3"]
    assert kept["b0a7"].tolist() == [1, 1, 1]
    path.write_bytes(b"nothing")
    with pytest.raises(ExpertsFileError, match="Delete it"):
        known_vectors(path)


def test_a_ranking_that_cannot_be_written_is_said(files, capsys):
    assert run(files, out="no/such/folder.tsv") == 2
    assert "cannot be written" in capsys.readouterr().err
