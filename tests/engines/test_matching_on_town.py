"""The promises of docs/algorithms/matching.md and understanding.md, kept on the demo town without the model."""

import argparse

import pytest

from quarterhour.config.cli import evaluate_matching, evaluate_understanding
from quarterhour.config.cli.labelled_needs import TOWN, NeedsFileError, needs_of
from quarterhour.config.cli.labelled_town import ranking, town_of


@pytest.fixture(scope="module")
def town():
    return town_of(TOWN / "mentors.jsonl", model=False)


@pytest.fixture(scope="module")
def figures(town):
    needs = needs_of(TOWN)
    return evaluate_matching.evaluate(needs, {need.id: ranking(town, need) for need in needs})


def test_people_are_found_clearly_better_than_by_plain_words(figures):
    print({name: (part["ndcg_3"], part["ndcg_10"], part["success_3"]) for name, part in figures.items()})

    for half in ("tuned half", "other half"):
        assert figures[half]["ndcg_3"] > 0.55  # plain BM25 over the whole town: 0.42
        assert figures[half]["ndcg_10"] > 0.55  # 0.41
        assert figures[half]["success_3"] > 0.72  # 0.65


def test_most_of_what_the_town_can_answer_is_shown_and_most_of_the_rest_is_not(figures):
    answered, of = map(int, figures["all"]["confident"].split("/"))
    wrong, unanswerable = map(int, figures["unanswerable"]["confident"].split("/"))

    assert answered / of > 0.7  # with the model 0.87
    assert wrong / unanswerable <= 0.25  # with the model none


def test_questions_are_read_as_meant(capsys):
    parser = argparse.ArgumentParser()
    evaluate_understanding.add_arguments(parser)

    assert evaluate_understanding.run(parser.parse_args(["--no-model"])) == 0
    told = capsys.readouterr().out
    read = evaluate_understanding.evaluate(TOWN, model=False)

    print(told)
    assert "kind as meant" in told
    assert read["other half"]["kind"] > 0.6
    assert read["all"]["language"] > 0.97
    assert read["all"]["topic_near"] > 0.7


def test_the_cards_of_one_need_can_be_read(town, capsys):
    need = next(need for need in needs_of(TOWN) if need.id == "n005")

    assert evaluate_matching._show(town, need) == 0
    told = capsys.readouterr().out
    assert "Gurleen Sandhu" in told
    assert "[Refused]" in told
    assert evaluate_matching._show(town, None) == 2


def test_gains_are_counted_as_the_paper_does():
    assert evaluate_matching.ndcg(["a", "b"], {"a": 3, "b": 2}, 3) == 1
    assert evaluate_matching.ndcg(["x", "a"], {"a": 3}, 3) == pytest.approx(0.6309, abs=1e-4)
    assert evaluate_matching.ndcg(["x"], {}, 3) == 0


def test_a_folder_without_needs_is_told_in_a_sentence(tmp_path, capsys):
    parser = argparse.ArgumentParser()
    evaluate_matching.add_arguments(parser)

    assert evaluate_matching.run(parser.parse_args(["--town", str(tmp_path), "--no-model"])) == 2
    assert "cannot be read" in capsys.readouterr().err
    (tmp_path / "needs.jsonl").write_text("not json\n")
    (tmp_path / "needs_labels.jsonl").write_text("")
    with pytest.raises(NeedsFileError, match="one JSON object a line"):
        needs_of(tmp_path)
