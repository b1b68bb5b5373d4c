"""`quarterhour evaluate cohort`: a file in, the pairing out, and a sentence for what makes no sense."""

from __future__ import annotations

import gzip
import json

import pytest

from quarterhour.config.cli import main

INSTANCE = {
    "mentees": ["ana", "ben", "cem"],
    "mentors": {"mia": 1, "noa": 1},
    "edges": [["ana", "mia", 0.9], ["ben", "mia", 0.8], ["ben", "noa", 0.4], ["cem", "noa", 0.1]],
}


@pytest.fixture
def judged(tmp_path):
    def judge(content, *more, name="instance.json"):
        path, out = tmp_path / name, tmp_path / "pairs.json"
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        status = main(["evaluate", "cohort", str(path), "--out", str(out), *more])
        return status, json.loads(out.read_text()) if out.exists() else None

    return judge


def test_the_pairing_is_written(judged, capsys):
    status, told = judged(INSTANCE)

    assert status == 0
    assert told["pairs"] == [["ana", "mia"], ["ben", "noa"]]
    assert told["total"] == pytest.approx(1.3)
    assert told["seconds"] >= 0
    assert list(told["unmatched"]) == ["cem"]
    assert "noa at 0.10" in told["unmatched"]["cem"]
    assert "2 of 3 mentees paired" in capsys.readouterr().out


def test_a_packed_file_is_read_alike(judged):
    _, told = judged(gzip.compress(json.dumps(INSTANCE).encode()), name="instance.json.gz")
    assert told["total"] == pytest.approx(1.3)


def test_everyone_comes_before_the_total(judged):
    edges = [["ana", "mia", 0.9], ["ben", "mia", 1.0], ["ben", "noa", 0.01]]
    given = {"mentees": ["ana", "ben"], "mentors": {"mia": 1, "noa": 1}, "edges": edges}
    assert judged(given)[1]["pairs"] == [["ben", "mia"]]
    assert judged(given, "--everyone")[1]["pairs"] == [["ana", "mia"], ["ben", "noa"]]


def test_numbers_may_name_people(judged):
    _, told = judged({"mentees": [1], "mentors": {"7": 1}, "edges": [[1, 7, 0.5]]})
    assert told["pairs"] == [[1, "7"]]


def test_nobody_to_pair_is_an_answer(judged):
    status, told = judged({"mentees": ["ana"], "mentors": {}, "edges": []})
    assert (status, told["pairs"], told["total"]) == (0, [], 0)
    assert told["unmatched"] == {"ana": "There is no mentor in this cohort. Invite some first."}


@pytest.mark.parametrize(
    ("content", "more", "told"),
    [
        (b"{", (), "This is not JSON"),
        (b"\xff\xfe", (), "This is not JSON"),
        ([], (), "An instance is an object"),
        ({"mentees": {}, "mentors": {}, "edges": []}, (), '"mentees" is a list'),
        ({"mentees": [["x"]], "mentors": {}, "edges": []}, (), "named by a text or a number"),
        ({**INSTANCE, "edges": [["ana", "mia", float("nan")]]}, (), "is nan"),
        ({**INSTANCE, "edges": [["ana", "zoe", 1]]}, (), "names 'zoe'"),
        ({**INSTANCE, "edges": [7]}, (), "An edge is a list"),
        (INSTANCE, ("--fairness", "2"), "from 0 to 1"),
    ],
)
def test_what_makes_no_sense_is_said_in_a_sentence(judged, capsys, content, more, told):
    status, written = judged(content, *more)
    assert (status, written) == (2, None)
    assert told in capsys.readouterr().err


def test_a_file_that_is_not_there_is_named(tmp_path, capsys):
    assert main(["evaluate", "cohort", str(tmp_path / "no.json"), "--out", str(tmp_path / "out.json")]) == 2
    assert "no.json" in capsys.readouterr().err
