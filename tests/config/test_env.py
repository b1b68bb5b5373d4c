"""Settings are read once, explained, and refused with a sentence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from quarterhour.config.env import SETTINGS, BadSetting, database_from, kept_secret, read_settings

GUIDE = Path(__file__).parents[2] / "docs" / "guide" / "settings.md"


def test_the_manual_lists_every_setting_with_its_default_and_no_other():
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \| (.*) \|$", GUIDE.read_text(), re.MULTILINE)
    told = {name: (default.strip("`"), explains) for name, default, explains in rows}
    assert told == {s.name: (s.default or "unset", s.explains) for s in SETTINGS}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"QUARTERHOUR_WORKERS": "0"}, 'QUARTERHOUR_WORKERS is "0". Choose 1 to 64.'),
        ({"QUARTERHOUR_WORKERS": "٣"}, "Choose 1 to 64."),
        ({"QUARTERHOUR_MODE": "prod"}, "Choose one of: development, demo, production."),
        ({"DATABASE_URL": "mysql://x"}, "It starts with postgres:// or postgresql://."),
        ({"QUARTERHOUR_CAPTIONS_URL": "here"}, "It starts with http:// or https://."),
        ({"QUARTERHOUR_MODEL": "perhaps"}, 'Write "yes" or "no".'),
    ],
)
def test_a_bad_setting_is_named_with_what_to_do(given, told):
    with pytest.raises(BadSetting, match=re.escape(told)):
        read_settings(given)


def test_a_database_url_becomes_djangos_words():
    parsed = database_from("postgresql://ann:p%40ss@db.example:5433/town?sslmode=require")
    assert parsed | {"OPTIONS": {"sslmode": "require"}} == parsed
    assert (parsed["NAME"], parsed["USER"], parsed["PASSWORD"], parsed["HOST"], parsed["PORT"]) == (
        "town", "ann", "p@ss", "db.example", "5433",
    )  # fmt: skip


def test_the_secret_is_made_once_and_kept_for_its_owner(tmp_path):
    first = kept_secret(tmp_path)
    assert kept_secret(tmp_path) == first
    assert len(first) >= 48
    assert (tmp_path / "secret").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"QUARTERHOUR_URL": "https://q.example"}, "QUARTERHOUR_SECRET is missing"),
        ({"QUARTERHOUR_URL": "http://q.example", "QUARTERHOUR_SECRET": "x" * 40}, "starts with https://"),
    ],
)
def test_production_refuses_to_start_unsafely(given, told, tmp_path):
    import os
    import subprocess
    import sys

    env = os.environ | {"QUARTERHOUR_MODE": "production", "QUARTERHOUR_HOME": str(tmp_path)} | given
    done = subprocess.run(
        [sys.executable, "-c", "import quarterhour.config.settings"],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert told in done.stderr
    assert "Traceback" not in done.stderr
