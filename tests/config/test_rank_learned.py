"""`quarterhour rank train`, `models` and `use`: the report, the switch, and what is said where it cannot be done."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from uuid import uuid4

import pytest
from tests.learned_site import lived

from quarterhour.config.cli import main
from quarterhour.core import clock
from quarterhour.matching.learned_models import LearnedRanker

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def running(monkeypatch, now):
    @contextmanager
    def database_running():
        yield ""

    monkeypatch.setattr("quarterhour.config.cli.database.database_running", database_running)
    monkeypatch.setattr(clock, "now", lambda: now)


@pytest.fixture
def site(commons, now):
    return lived(commons, now, weeks=12, a_week=48)


def test_from_training_to_use_and_back(site, commons, capsys, tmp_path):
    assert main(["rank", "train", "--weeks", "20", "--out", str(tmp_path / "report.md")]) == 0
    told = capsys.readouterr()
    row = LearnedRanker.objects.within(commons).get()
    assert row.active
    assert f"Learned ranker {row.pk} places people from now on" in told.out
    assert "Judging" in told.err
    report = (tmp_path / "report.md").read_text()
    for heading in ("What there was", "How often places", "Helps for 100", "chances are true", "fair", "What counts"):
        assert f"{heading}" in report
    assert "| difference | +" in report

    assert main(["rank", "models"]) == 0
    assert "in force" in capsys.readouterr().out
    assert main(["rank", "use", "default"]) == 0
    assert main(["rank", "use", "default"]) == 0
    assert "as before" in capsys.readouterr().out
    assert not LearnedRanker.objects.within(commons).filter(active=True).exists()
    assert main(["rank", "use", str(row.pk)]) == 0
    assert LearnedRanker.objects.within(commons).get(active=True).pk == row.pk


def test_a_dry_run_keeps_nothing_and_json_is_for_programs(site, commons, capsys, tmp_path):
    assert main(["rank", "train", "--dry-run", "--out", str(tmp_path / "report.json")]) == 0
    told = json.loads((tmp_path / "report.json").read_text())
    assert told["gate"]["open"]
    assert {"looks", "judged", "counts", "welcome", "silent"} <= set(told)
    assert "Nothing was kept" in capsys.readouterr().out
    assert not LearnedRanker.objects.within(commons).exists()


def test_no_switch_keeps_it_aside(site, commons, capsys):
    assert main(["rank", "train", "--no-switch", "--org", commons.slug]) == 0
    assert "not in force" in capsys.readouterr().out
    row = LearnedRanker.objects.within(commons).get()
    assert (row.taken, row.active) == (True, False)
    assert main(["rank", "models", "--org", commons.slug]) == 0
    assert "taken" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["train"], "There is not enough to learn from yet: 0 weeks with questions of at least 6"),
        (["train", "--weeks", "4", "--held-out", "4"], "--held-out has to be smaller"),
        (["train", "--org", "nowhere"], "There is no organisation nowhere here. There are: commons."),
        (["use", "7"], "7 is no ranker"),
        (["use", str(uuid4())], "There is no learned ranker of that number"),
    ],
    ids=["nothing yet", "nothing left", "no such place", "no number", "nobody's number"],
)
def test_what_cannot_be_done_is_said(commons, capsys, words, said):
    assert main(["rank", *words]) == 2
    assert said in capsys.readouterr().err


def test_without_the_library_it_says_what_to_install(site, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "lightgbm", None)
    assert main(["rank", "train"]) == 2
    told = capsys.readouterr().err
    assert "quarterhour[rank]" in told
    assert "default ranker" in told


@pytest.mark.parametrize("weeks", ["0", "105", "x"])
def test_weeks_that_cannot_be_are_refused(capsys, weeks):
    with pytest.raises(SystemExit):
        main(["rank", "train", "--weeks", weeks])
    assert "--weeks" in capsys.readouterr().err


def test_nothing_learned_yet_is_said(commons, capsys):
    assert main(["rank", "models"]) == 0
    assert "No ranker was learned yet" in capsys.readouterr().out


def test_a_report_that_cannot_be_written_is_said(site, capsys, tmp_path):
    assert main(["rank", "train", "--dry-run", "--out", str(tmp_path / "nowhere" / "report.md")]) == 2
    assert "cannot be written" in capsys.readouterr().err
