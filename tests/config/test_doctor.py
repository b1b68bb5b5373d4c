"""`quarterhour doctor`, as somebody types it: in a process of its own, where nothing is loaded yet."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection


@pytest.mark.django_db
def test_it_answers_in_a_process_of_its_own():
    there = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}"))
    done = subprocess.run(
        [sys.executable, "-m", "quarterhour.config.cli.start", "doctor", "--json"],
        env=os.environ | {"DATABASE_URL": there},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stderr == ""
    told = {row["name"]: row for row in json.loads(done.stdout)}
    assert told["database"]["well"]
    assert told["learning"]["well"]
    assert done.returncode == (0 if all(row["well"] for row in told.values()) else 1)
