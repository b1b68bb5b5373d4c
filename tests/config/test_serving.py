"""The processes of a node: revived when they fall, stopped cleanly by Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

SCRIPT = """
import sys
from pathlib import Path
from quarterhour.config.serving.processes import Process
from quarterhour.config.serving.supervisor import keep_running

folder = Path(sys.argv[1])
body = "import os, sys, time; open(sys.argv[1] + '/' + str(os.getpid()), 'w').close(); time.sleep(60)"
sys.exit(keep_running([Process("sleeper", [sys.executable, "-c", body, str(folder)])]))
"""


@pytest.fixture
def supervisor(tmp_path):
    running = subprocess.Popen([sys.executable, "-c", SCRIPT, str(tmp_path)], stderr=subprocess.PIPE, text=True)
    yield running
    if running.poll() is None:
        running.kill()
        running.wait()
    for path in tmp_path.iterdir():
        if alive(int(path.name)):
            os.kill(int(path.name), signal.SIGKILL)


def started(folder: Path, many: int, patience: float = 10) -> list[int]:
    """The process ids of the sleepers, in the order they were started."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        found = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns)
        if len(found) >= many:
            return [int(path.name) for path in found]
        time.sleep(0.05)
    raise AssertionError(f"Only {len(list(folder.iterdir()))} of {many} started.")


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "zombie" not in Path(f"/proc/{pid}/status").read_text()


def gone(pid: int, patience: float = 10) -> bool:
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if not alive(pid):
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_cleanly_and_takes_everybody_along(supervisor, tmp_path, how):
    (sleeper,) = started(tmp_path, 1)
    supervisor.send_signal(how)
    assert supervisor.wait(timeout=10) == 0
    assert gone(sleeper)


def test_a_process_that_falls_is_started_again(supervisor, tmp_path):
    (first,) = started(tmp_path, 1)
    os.kill(first, signal.SIGKILL)
    second = started(tmp_path, 2)[1]
    assert alive(second)
    supervisor.send_signal(signal.SIGINT)
    assert supervisor.wait(timeout=10) == 0
    assert gone(second)
    assert "sleeper stopped" in supervisor.stderr.read()


def test_each_kind_of_process_can_run_on_a_machine_of_its_own():
    from quarterhour.config.serving.processes import processes

    names = [process.name for process in processes("postgresql://x")]
    assert names == ["pages", "rooms", "jobs", "mail", "calendars"]
    for name in names:
        only, *along = processes("postgresql://x", only=name)
        assert only.name == name
        assert [each.name for each in along] == (["mail", "calendars"] if name == "jobs" else [])
        assert only.env["DATABASE_URL"] == "postgresql://x"


def test_captions_of_this_machine_run_beside_the_rooms_on_the_port_after_theirs(settings, monkeypatch):
    from quarterhour.config import captions
    from quarterhour.config.env import BadSetting
    from quarterhour.config.serving.processes import processes

    settings.CAPTIONS_LOCAL, settings.CAPTIONS_PORT = True, captions.port_beside(8200)
    assert [process.name for process in processes("postgresql://x")][-1] == "captions"
    assert [process.name for process in processes("postgresql://x", only="rooms")] == ["rooms", "captions"]
    assert [process.name for process in processes("postgresql://x", only="pages")] == ["pages"]
    command = processes("postgresql://x")[-1].command
    at = [command[command.index(word) + 1] for word in ("--host", "--port")]
    assert at == ["127.0.0.1", "8202"]  # nobody else hears it
    assert [captions.port_beside(port) for port in (443, 65_533, 65_534)] == [8102, 65_535, 8102]

    monkeypatch.setattr(captions.util, "find_spec", lambda _name: None)
    assert [process.name for process in processes("postgresql://x", only="jobs")] == ["jobs", "mail", "calendars"]
    with pytest.raises(BadSetting, match="captions"):
        processes("postgresql://x")


def test_mail_and_calendars_wait_in_queues_of_their_own_and_no_queue_is_forgotten():
    from procrastinate.contrib.django import app

    from quarterhour.config.serving.jobs import queues_of

    assert queues_of("mail") == ["mail"]
    assert queues_of("calendars") == ["calendars"]
    assert not {"mail", "calendars"} & {*queues_of("jobs")}
    assert {*queues_of("jobs"), "mail", "calendars"} == {task.queue for task in app.tasks.values()}


def test_the_command_says_what_it_can(capsys):
    from quarterhour.config.cli import COMMANDS, main

    with pytest.raises(SystemExit) as stopped:
        main(["--help"])
    assert stopped.value.code == 0
    told = capsys.readouterr().out
    assert all(f"    {name} " in told for name in COMMANDS)


def test_slots_are_evaluated_from_the_command_line(capsys):
    import json

    from quarterhour.config.cli import main

    cases = Path(__file__).parents[1] / "engines" / "slot_cases.json"
    assert main(["evaluate", "slots", str(cases)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["failed"] == []
    assert told["passed"] == told["cases"] > 40


def test_a_file_that_is_not_there_is_told_in_a_sentence(capsys):
    from quarterhour.config.cli import main

    assert main(["evaluate", "slots", "/nowhere.json"]) == 2
    assert "nowhere.json" in capsys.readouterr().err


def test_what_the_processes_rest_on_is_looked_after_whatever_it_says(capsys, monkeypatch):
    from quarterhour.config.serving import supervisor

    asked = []

    def look() -> None:
        asked.append(time.monotonic())
        if len(asked) == 2:
            os.kill(os.getpid(), signal.SIGTERM)
        raise RuntimeError("The disk is full.")

    monkeypatch.setattr(supervisor, "ROUND", 0.01)
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        assert supervisor.keep_running([], look_after=look) == 0
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert len(asked) == 2
    assert capsys.readouterr().err.splitlines() == ["The disk is full."] * 2


@pytest.mark.parametrize("answers", [True, False])
def test_the_others_are_started_once_the_first_answers_or_does_not_in_time(tmp_path, monkeypatch, answers):
    from quarterhour.config.serving import supervisor
    from quarterhour.config.serving.processes import Process

    body = "import sys, time; open(sys.argv[1], 'w').close(); time.sleep(60)"
    names = ("pages", "rooms", "jobs")
    each = [Process(name, [sys.executable, "-c", body, str(tmp_path / name)]) for name in names]
    asked, seen = [], []

    def first_answers() -> bool:
        asked.append(time.monotonic())
        there = (tmp_path / "pages").exists()
        seen.append(sorted(path.name for path in tmp_path.iterdir()))
        return answers and there

    def look() -> None:
        if len(list(tmp_path.iterdir())) == len(names):
            os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(supervisor, "ROUND", 0.01)
    monkeypatch.setattr(supervisor, "FIRST", 1.0)
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        assert supervisor.keep_running(each, look_after=look, first_answers=first_answers) == 0
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert all(names in ([], ["pages"]) for names in seen)
    assert answers or asked[-1] - asked[0] >= 0.7


def test_a_process_that_opens_what_strangers_recorded_knows_no_secret(monkeypatch, settings):
    from quarterhour.config import captions
    from quarterhour.config.serving.processes import processes
    from quarterhour.config.serving.supervisor import _Child

    settings.CAPTIONS_LOCAL, settings.CAPTIONS_PORT = True, 8102
    told = "import os; print(sorted(os.environ))"
    monkeypatch.setattr(captions, "command", lambda port: [sys.executable, "-c", told])
    monkeypatch.setenv("QUARTERHOUR_SECRET", "a secret")
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody:secret@x/x")
    *others, own = processes("postgresql://x")
    assert own.name == "captions"
    assert own.env == {"QUARTERHOUR_CAPTIONS_CORES": "1"}
    assert all(each.sees is None for each in others)
    monkeypatch.setattr(subprocess, "Popen", partial(subprocess.Popen, stdout=subprocess.PIPE, text=True))

    names = _Child(own).popen.communicate(timeout=20)[0]

    assert "QUARTERHOUR_CAPTIONS_CORES" in names
    assert "PATH" in names
    assert "SECRET" not in names
    assert "DATABASE" not in names


def test_ports_are_those_of_the_addresses_until_somebody_says_otherwise(settings):
    from quarterhour.config.serving.processes import processes

    def ports() -> list[str]:
        pages, rooms, *_ = processes("postgresql://x")
        return [each.command[each.command.index("--port") + 1] for each in (pages, rooms)]

    settings.PORT, settings.ROOMS_PORT, settings.REALTIME_URL = 8200, None, "ws://localhost:8300"
    assert ports() == ["8200", "8300"]
    settings.PORT, settings.ROOMS_PORT, settings.REALTIME_URL = 8200, 8201, "wss://q.example"
    assert ports() == ["8200", "8201"]


def test_behind_a_proxy_the_port_is_not_that_of_the_address(tmp_path):
    given = {
        "QUARTERHOUR_MODE": "production", "QUARTERHOUR_HOME": str(tmp_path), "QUARTERHOUR_SECRET": "x" * 40,
        "QUARTERHOUR_URL": "https://q.example", "QUARTERHOUR_REALTIME_URL": "wss://q.example",
        "QUARTERHOUR_PORT": "8100", "QUARTERHOUR_PROXIES": "1",
    }  # fmt: skip
    read = "from quarterhour.config.settings import *; print(PORT, ROOMS_PORT, REALTIME_URL, PROXIES)"
    done = subprocess.run(
        [sys.executable, "-c", read], env=os.environ | given, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["8100", "8101", "wss://q.example", "1"]
