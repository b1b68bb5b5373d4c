"""`quarterhour simulate`: the town under several policies, in a table and a picture."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from quarterhour.config.cli import main, simulate

MENTORS = [{"weekly_minutes": 60 + 30 * (n % 3), "confirm": "ask" if n % 2 else "instant"} for n in range(24)]


@pytest.fixture
def small(monkeypatch):
    rng = np.random.default_rng(1)
    helps = rng.beta(1, 2, (10, 24))
    monkeypatch.setattr(simulate, "believed", lambda: (np.clip(helps + 0.05, 0, 1), helps, MENTORS))


def test_each_policy_has_a_row_and_no_minute_is_given_beyond_a_budget(small, capsys):
    assert main(["simulate", "--weeks", "8", "--seeds", "1", "--arrivals", "20", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert set(told) == set(simulate.POLICIES)
    assert all(row["over"] == 0 for row in told.values())
    assert told["as shipped"]["helped"] > told["by lot"]["helped"]


def test_the_table_is_for_reading_and_the_picture_is_a_picture(small, capsys, tmp_path):
    picture = tmp_path / "policies.svg"
    assert main(["simulate", "--weeks", "8", "--seeds", "1", "--arrivals", "20", "--plot", str(picture)]) == 0
    assert "first session, weeks" in capsys.readouterr().out
    drawn = ET.parse(picture).getroot()
    assert len(drawn.findall(".//{http://www.w3.org/2000/svg}rect")) == 1 + 4 * len(simulate.POLICIES)


@pytest.mark.parametrize("bad", [["--weeks", "1"], ["--seeds", "0"], ["--arrivals", "-3"], ["--arrivals", "nan"]])
def test_what_cannot_be_played_is_said(capsys, bad):
    assert main(["simulate", *bad]) == 2
    assert "Play 8 to 520 weeks" in capsys.readouterr().err
