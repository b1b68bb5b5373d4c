"""`quarterhour evaluate slots`: other people's cases, also those that were written in a hurry."""

import argparse
import json
from pathlib import Path

import pytest

from quarterhour.config.cli import evaluate_slots

OURS = Path(__file__).parent / "slot_cases.json"
CASE = {
    "id": "monday",
    "mentor_tz": "Europe/Lisbon",
    "weekly": {"mon": [["09:00", "10:00"]]},
    "duration_min": 30,
    "increment_min": 30,
    "now_utc": "2026-05-01T08:00:00Z",
    "range": ["2026-05-04T00:00:00Z", "2026-05-05T00:00:00Z"],
    "expected": ["2026-05-04T08:00:00Z", "2026-05-04T08:30:00Z"],
}


@pytest.fixture
def evaluate(tmp_path):
    def evaluate(*cases, wrap=lambda cases: cases):
        path = tmp_path / "cases.json"
        path.write_text(json.dumps(wrap(list(cases))), encoding="utf-8")
        return evaluate_slots.evaluate(path)

    return evaluate


def run(path):
    parser = argparse.ArgumentParser()
    evaluate_slots.add_arguments(parser)
    return evaluate_slots.run(parser.parse_args([str(path)]))


def test_our_own_cases_pass_on_the_command_line(capsys):
    assert run(OURS) == 0

    result = json.loads(capsys.readouterr().out)
    assert result == {"cases": result["passed"], "passed": result["passed"], "failed": []}
    assert result["cases"] >= 40


def test_a_difference_is_told_from_both_sides(tmp_path, capsys):
    path = tmp_path / "cases.json"
    wrong = CASE | {"expected": ["2026-05-04T10:30:00+02:00", "2026-05-04T09:00:00.250Z"]}
    path.write_text(json.dumps([CASE, wrong]), encoding="utf-8")

    assert run(path) == 1
    assert json.loads(capsys.readouterr().out) == {
        "cases": 2,
        "passed": 1,
        "failed": [
            {
                "id": "monday",
                "missing": ["2026-05-04T09:00:00.250000Z"],
                "extra": ["2026-05-04T08:00:00Z"],
            }
        ],
    }


@pytest.mark.parametrize(
    "change",
    [
        {"busy": None, "booked": None, "overrides": None, "daily_cap": None, "horizon_days": None},
        {"busy": [{"start": "2026-05-04T07:00:00Z", "end": "2026-05-04T09:00:00+01:00"}]},
        {"range": {"start": "2026-05-04T02:00:00+02:00", "end": "2026-05-04T23:59:59.999999Z"}},
        {"duration_min": 30.0, "weekly": {"mon": [{"start": "09:00", "end": "10:00"}], "tue": None}},
        {"now_utc": "2026-05-04T07:59:59.999999Z", "id": None},
        {"now_utc": "0001-01-01T00:00:00Z"},
        {"expected": ["2026-05-04T08:30:00Z", "2026-05-04T10:00:00+02:00", "2026-05-04T08:30:00Z"]},
    ],
)
def test_the_same_case_may_be_written_in_many_ways(evaluate, change):
    assert evaluate(CASE | change) == {"cases": 1, "passed": 1, "failed": []}


def test_cases_may_lie_in_an_object(evaluate):
    assert evaluate(CASE, CASE, wrap=lambda cases: {"cases": cases})["passed"] == 2


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"mentor_tz": "Europe/Atlantis"}, "Use an IANA name such as Europe/Lisbon."),
        ({"mentor_tz": 5}, "mentor_tz is 5. Write it as text."),
        ({"mentor_tz": None}, "mentor_tz is missing."),
        ({"weekly": []}, "weekly is []. Write it as a JSON object."),
        ({"weekly": {"monday": []}}, "The days are mon, tue, wed, thu, fri, sat, sun."),
        ({"weekly": {"mon": [["09:00", "09:00"]]}}, "weekly.mon: A window from 09:00 to 09:00 is empty."),
        ({"weekly": {"mon": [["9 am", "10:00"]]}}, "Write it as HH:MM"),
        ({"weekly": {"mon": [["09:00"]]}}, "Write a start and an end."),
        ({"weekly": {"mon": "09:00"}}, "Write it as a JSON list."),
        ({"overrides": {"tomorrow": []}}, "Write it as YYYY-MM-DD."),
        ({"busy": [["2026-05-04T08:00:00", "2026-05-04T09:00:00Z"]]}, "which names no offset"),
        ({"busy": [["2026-05-04T08:00:00Z", "soon"]]}, 'busy has "soon"'),
        ({"busy": ["2026-05-04T08:00:00Z"]}, "Write a start and an end."),
        ({"booked": [{"from": 1}]}, "Write a start and an end."),
        ({"duration_min": None}, "duration_min is missing."),
        ({"duration_min": 0}, "Choose at least 1 minute."),
        ({"duration_min": True}, "Write it as a whole number."),
        ({"increment_min": 7.5}, "Write it as a whole number."),
        ({"increment_min": float("nan")}, "Write it as a whole number."),
        ({"weekly_cap": "two"}, "Write it as a whole number."),
        ({"range": []}, "Write a start and an end."),
        ({"expected": "none"}, "Write it as a JSON list."),
        ({"expected": None}, "expected is missing."),
    ],
)
def test_a_case_that_makes_no_sense_fails_with_a_sentence(evaluate, change, told):
    result = evaluate(CASE | change, CASE)

    assert result["passed"] == 1
    assert told in result["failed"][0]["error"]
    assert result["failed"][0]["id"] == "monday"


def test_something_that_is_no_case_fails_under_its_number(evaluate):
    result = evaluate(CASE, "hello")

    assert result["failed"] == [
        {"id": 2, "missing": [], "extra": [], "error": 'case is "hello". Write it as a JSON object.'}
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("5", "holds no cases"),
        ('{"case": []}', "holds no cases"),
        (None, "cannot be read: No such file or directory"),
    ],
    ids=["cut off", "too deep", "a number", "no list", "no file"],
)
def test_a_file_without_cases_is_told_in_one_sentence(tmp_path, capsys, content, told):
    path = tmp_path / "cases.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")

    assert run(path) == 2
    spoken = capsys.readouterr()
    assert told in spoken.err
    assert spoken.out == ""
    assert spoken.err.count("\n") == 1


def test_a_folder_is_not_a_file_of_cases(tmp_path, capsys):
    assert run(tmp_path) == 2
    assert "cannot be read" in capsys.readouterr().err
