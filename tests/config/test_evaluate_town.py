"""`quarterhour evaluate town` on files of a few lines: what it writes, what it counts and what it refuses."""

import argparse
import json

import pytest

from quarterhour.config.cli import evaluate_town
from quarterhour.config.cli.labelled_needs import TOWN, LabelledNeed, mistyped, needs_of
from quarterhour.config.cli.labelled_town import mended, town_of
from quarterhour.config.cli.town_figures import Placed, figures_of, ndcg, table


def mentor(name, topic, story, **changes):
    row = {
        "id": name, "name": name.title(), "headline": f"{topic} for a railway", "role": "Engineer", "about": "",
        "topics": [{"name": topic, "level": "lived"}], "languages": [{"code": "en", "level": "fluent"}],
        "stories": [{"title": topic, "text": story}], "helps_with": ["unblock"], "not_for": "None",
    }  # fmt: skip
    return row | changes


MENTORS = [
    mentor("ada", "PostgreSQL", "I once locked the bookings table at nine in the morning and nothing was sold."),
    mentor("ben", "salary negotiation", "I once named my salary first, and wrote three figures on paper."),
    mentor("cleo", "burnout", "I burned out as a nurse and came back on half days after a winter."),
    mentor("dora", "wine and sommelier", "I poured wine in a hall of mirrors."),
]
NEEDS = [
    {"id": "n1", "text": "My bookings table in PostgreSQL is locked and nothing is sold.", "language": "en"},
    {"id": "n2", "text": "How do I name my salary in a salary negotiation?", "language": "en", "tried": None},
    {"id": "n3", "text": "Comment préparer une négociation salariale ?", "language": "fr", "good_outcome": ""},
]
LABELS = [
    {"need": "n1", "relevant": {"ada": 3}, "trap": ["dora"], "perspectives": []},
    {"need": "n2", "relevant": {"ben": 3, "cleo": 1}, "trap": [], "perspectives": ["ben"]},
    {"need": "n3", "relevant": {"ben": 1}, "trap": ["ben"]},
]


def lines(rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.fixture
def judged(tmp_path, capsys):
    def run(*more, mentors=None, needs=None, labels=None):
        files = {"mentors": mentors, "needs": needs} | ({"labels": labels} if labels is not None else {})
        given = []
        for name, text in files.items():
            (tmp_path / name).write_text(text)
            given += [f"--{name}", str(tmp_path / name)]
        parser = argparse.ArgumentParser()
        evaluate_town.add_arguments(parser)
        out = tmp_path / "ranking.tsv"
        code = evaluate_town.run(parser.parse_args([*given, "--out", str(out), "--no-model", *more]))
        said = capsys.readouterr()
        return code, said.out, said.err, out.read_text() if out.is_file() else ""

    return lambda *more, **given: run(
        *more, **({"mentors": lines(MENTORS), "needs": lines(NEEDS), "labels": lines(LABELS)} | given)
    )


def test_the_file_holds_everybody_in_the_order_of_the_product(judged):
    code, _, _, ranking = judged()
    rows = [line.split("\t") for line in ranking.splitlines()]

    assert code == 0
    assert [row[0] for row in rows] == ["n1"] * 4 + ["n2"] * 4 + ["n3"] * 4
    assert [row[1] for row in rows] == ["1", "2", "3", "4"] * 3
    assert {row[2] for row in rows[:4]} == {"ada", "ben", "cleo", "dora"}
    assert [rows[0][2], rows[4][2], rows[8][2]] == ["ada", "ben", "ben"]
    for need in ("n1", "n2", "n3"):
        scores = [float(row[3]) for row in rows if row[0] == need]
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= score <= 1 for score in scores)


def test_labels_change_figures_and_never_the_ranking(judged):
    with_labels, without = judged(), judged(labels=None)

    assert with_labels[3] == without[3]
    assert "nDCG@10" in with_labels[1]
    assert "nDCG@10" not in without[1]


def test_plainer_methods_and_an_ablation_stand_beside_it(judged):
    figures = json.loads(judged("--json")[1])["methods"]

    assert {"the default ranker", "BM25 over profiles", "without topics", "without not for"} <= set(figures)
    ours = figures["the default ranker"]["all"]
    assert ours["ndcg_10"][0] > 0.95
    assert ours["success_3"][3] == 2
    assert ours["traps_unanswerable"] == [1.0, 0.025, 1.0, 1]
    assert set(figures["the default ranker"]) == {"all", "not English"}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"mentors": "{}\n"}, "Line 1 of"),
        ({"mentors": lines([MENTORS[0] | {"topics": [{"name": "x", "level": "guru"}]}])}, "guru"),
        ({"mentors": lines([MENTORS[0], MENTORS[0]])}, "two mentors alike"),
        ({"mentors": ""}, "no mentor"),
        ({"needs": lines([NEEDS[0]]) + "[1]\n"}, "Line 2 of"),
        ({"needs": '{"id": "n1"}\n'}, "no need"),
        ({"needs": lines([NEEDS[0] | {"text": 5}])}, "no need"),
        ({"needs": lines([NEEDS[0], NEEDS[0]])}, "two needs alike"),
        ({"needs": "\n"}, "holds no need"),
        ({"needs": lines([NEEDS[0] | {"mentee": {"zone": "Mars/Olympus"}}])}, "Mars/Olympus"),
        ({"needs": lines([NEEDS[0] | {"text": "half \ud83d"}])}, "half a character"),
        ({"labels": lines([{"need": "n1", "relevant": {"ada": 9}}])}, "no label"),
        ({"labels": lines([{"need": "else", "relevant": {"ada": 3}}])}, "grades none of these needs"),
        ({"labels": lines([{"need": "n1", "relevant": {"zed": 3}}])}, "zed"),
        ({"labels": "not json\n"}, "Line 1 of"),
    ],
)
def test_a_bad_line_is_refused_in_a_sentence(judged, given, told):
    code, out, error, ranking = judged(**given)

    assert (code, out, ranking) == (2, "", "")
    assert told in error
    assert "Traceback" not in error


def test_a_file_that_is_missing_or_cannot_be_written_is_told(judged, tmp_path):
    assert "cannot be written" in judged("--out", str(tmp_path / "no" / "such" / "place"))[2]
    assert "cannot be read" in judged("--needs", str(tmp_path / "nowhere"))[2]
    (tmp_path / "latin").write_bytes(b"\xff\xfe")
    assert "UTF-8" in judged("--needs", str(tmp_path / "latin"))[2]


# --- figures ---------------------------------------------------------------------------------------------


def need(name, relevant, **changes):
    given = {
        "text": "x", "kind": "unblock", "length": 25, "when": "week", "language": "en", "decision_date": None,
        "zone": "UTC", "skills": frozenset(),
    }  # fmt: skip
    return LabelledNeed(id=name, relevant=relevant, **(given | changes))


def test_figures_count_what_they_say():
    needs = [
        need("good", {"a": 3, "b": 2, "c": 2}, perspectives=frozenset("abc")),
        need("bad", {"a": 3}, trap=frozenset("x")),
        need("none", {"a": 1}, trap=frozenset("y")),
    ]
    ranked = {
        "good": [Placed("a", 0.9), Placed("b", 0.9), Placed("z", 0.1)],
        "bad": [Placed("x", 0.4), Placed("y", 0.4), Placed("z", 0.4), Placed("a", 0.4)],
        "none": [Placed("z", 0.7), Placed("a", 0.2)],
    }
    figures = figures_of(needs, ranked)["all"]

    assert figures["success_3"][:1] == (0.5,)
    assert figures["ndcg_3"].share == pytest.approx((ndcg("abz", needs[0].relevant, 3) + 0) / 2, abs=1e-4)
    assert (figures["traps"].share, figures["traps"].of) == (0.5, 2)
    assert (figures["traps_answerable"].share, figures["traps_unanswerable"].share) == (1, 0)
    assert figures["perspectives"].share == pytest.approx(2 / 3, abs=1e-4)
    assert (figures["kept"].share, figures["wrongly_sure"].share) == (0.5, 1)
    assert figures["ndcg_10"].low <= figures["ndcg_10"].share <= figures["ndcg_10"].high
    assert "not English" not in figures_of(needs, ranked)
    assert "nDCG@10" in table({"ours": figures_of(needs, ranked)})


def test_none_of_eight_is_not_told_as_certain():
    needs = [need(str(number), {"a": 1}) for number in range(8)]
    figures = figures_of(needs, {each.id: [Placed("a", 0.1)] for each in needs})["all"]

    assert figures["wrongly_sure"].share == 0
    assert figures["wrongly_sure"].high == pytest.approx(0.369, abs=1e-3)
    assert figures["ndcg_10"] is None


def test_typing_errors_are_the_same_each_time_and_are_read_as_they_were_meant():
    needs = [need for need in needs_of(TOWN) if need.language == "en"]
    typed = [mistyped(need, 3) for need in needs]
    assert typed == [mistyped(need, 3) for need in needs]
    assert sum(one.text != need.text for one, need in zip(typed, needs, strict=True)) > 0.95 * len(needs)
    assert all(one.text.split()[0][0] == need.text.split()[0][0] for one, need in zip(typed, needs, strict=True))

    read = mended(typed, town_of(TOWN / "mentors.jsonl", model=False))
    wrong = sum(a != b for one, need in zip(read, needs, strict=True) for a, b in _words(one, need))
    were = sum(a != b for one, need in zip(typed, needs, strict=True) for a, b in _words(one, need))
    assert were > 2.5 * len(needs)
    assert wrong < were / 4  # most of the others are words of five letters once one is gone


def _words(one, other) -> list[tuple[str, str]]:
    return list(zip(one.text.split(), other.text.split(), strict=True))
