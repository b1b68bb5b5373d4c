"""`quarterhour evaluate takeaways` counts what a careful reader would count."""

import argparse
import json

import pytest

from quarterhour.config.cli.evaluate_takeaways import add_arguments, evaluate, matched, run

SESSION = {
    "id": "x1",
    "language": "en",
    "date": "2026-03-03",
    "mentor": {"name": "Beatriz Almeida"},
    "mentee": {"name": "Jonas Keller"},
    "notes": "J asks HR by Fri\nB sends the sheet tomorrow\nJ sells the van by May, maybe\nJ calls Sam on Monday",
    "chat": [{"who": "mentee", "text": "I'll mail Ana tonight"}],
    "gold": {
        "actions": [
            {"owner": "mentee", "due": "2026-03-06", "source": "J asks HR by Fri"},
            {
                "owner": "mentee",
                "due": "2026-03-05",
                "due_also": ["2026-03-04"],
                "source": "B sends the sheet tomorrow",
            },
            {"owner": "mentee", "due": "2026-03-04", "source": "I'll mail Ana tonight"},
            {"owner": "mentee", "due": None, "source": "J sells the van by May"},
        ],
        "not_actions": ["J calls Sam on Monday", "maybe"],
    },
}


def judged(tmp_path, *rows, out=None):
    file = tmp_path / "sessions.jsonl"
    file.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), encoding="utf-8")
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return run(parser.parse_args([str(file), *(["--out", str(out)] if out else [])]))


def test_matches_owners_days_and_lookalikes_are_counted():
    figures = evaluate([SESSION])["all"].figures()

    assert (figures["actions"], figures["extracted"], figures["matched"]) == (4, 4, 3)
    assert (figures["precision"], figures["recall"], figures["f1"]) == (0.75, 0.75, 0.75)
    assert figures["owner_accuracy"] == pytest.approx(2 / 3, abs=1e-4)  # the sheet is the mentor's
    assert figures["date_accuracy"] == pytest.approx(2 / 3, abs=1e-4)  # tonight is not tomorrow, and also-days count
    assert (figures["lookalikes"], figures["lookalikes_taken_in"]) == (2, 1)


def test_other_languages_are_told_apart():
    french = {**SESSION, "language": "fr", "notes": "Jonas appelle la banque demain", "chat": []}
    french["gold"] = {
        "actions": [{"owner": "mentee", "due": "2026-03-04", "source": french["notes"]}],
        "not_actions": [],
    }
    tallies = evaluate([SESSION, french])

    assert [tallies[name].sessions for name in ("all", "English", "not English")] == [2, 1, 1]
    assert tallies["not English"].figures()["f1"] == 1.0


def test_as_many_actions_match_as_can_each_once_and_by_the_largest_overlap():
    assert matched([(None, 0, 10), (None, 12, 20)], [(None, 0, 20), (None, 1, 9)]) == {0: 1, 1: 0}
    assert matched([(None, 0, 10)], [(None, 0, 4), (None, 0, 9)]) == {0: 1}
    assert matched([(None, 0, 10)], [(None, 8, 30), (0, 0, 10)]) == {}
    assert matched([None], [(None, 0, 10)]) == {}


def test_it_ends_in_json_and_writes_every_miss(tmp_path, capsys):
    out = tmp_path / "figures.json"

    assert judged(tmp_path, SESSION, out=out) == 0

    told = capsys.readouterr().out.splitlines()
    assert json.loads(told[-1])["all"]["matched"] == 3
    written = json.loads(out.read_text(encoding="utf-8"))
    assert written["figures"]["all"]["extracted"] == 4
    assert {"session": "x1", "wanted": SESSION["gold"]["actions"][3], "got": None} in written["wrong"]


@pytest.mark.parametrize("row", ["{", "[]", '{"date": "soon"}', ""])
def test_a_file_that_holds_no_sessions_is_told_in_a_sentence(tmp_path, capsys, row):
    assert judged(tmp_path, row) == 2
    assert "sessions.jsonl" in capsys.readouterr().err
