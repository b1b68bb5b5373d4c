"""`quarterhour simulate now`: a day of pressing and ringing, in a table and a picture."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import pytest

from quarterhour.config.cli import main

SMALL = ["simulate", "now", "--asks", "200", "--mentors", "150", "--seed", "3"]


def test_a_day_is_told_in_a_table(capsys):
    assert main([*SMALL, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert set(told) == {"one at a time", "as shipped"}
    row = told["as shipped"]
    assert row["asks"] == "200"
    assert 0 < float(row["seconds to a yes, p50"]) < 180
    assert 0.5 < float(row["of these answered"].rstrip("%")) / 100 <= 1


def test_the_table_for_people_and_the_picture(tmp_path, capsys):
    picture = tmp_path / "day.svg"
    assert main([*SMALL, "--plot", str(picture)]) == 0
    assert "seconds to a yes, p90" in capsys.readouterr().out
    svg = "{http://www.w3.org/2000/svg}"
    drawn = ET.parse(picture).getroot()
    assert len(drawn.findall(f".//{svg}circle")) == 2
    points = drawn.find(f".//{svg}polyline").get("points").split()
    heights = [float(point.split(",")[1]) for point in points]
    assert heights == sorted(heights, reverse=True), "the share that was answered only grows"


@pytest.mark.parametrize("bad", [["--asks", "3"], ["--mentors", "0"], ["--asks", "1000000"]])
def test_a_day_that_makes_no_sense_is_refused_in_words(bad, capsys):
    assert main(["simulate", "now", *bad]) == 2
    assert "Play 10 to 100,000 asks" in capsys.readouterr().err
