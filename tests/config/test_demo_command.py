"""`quarterhour demo`: where it listens, and with `--fresh`, that nothing of the town before is left."""

import argparse
import os

import pytest

from quarterhour.config.cli import demo


def test_mails_of_a_town_that_is_gone_go_with_it(tmp_path):
    (tmp_path / "1.eml").write_text("a letter with a link")
    (tmp_path / "notes.txt").write_text("somebody's own")
    demo._empty_the_post_office(tmp_path)
    demo._empty_the_post_office(tmp_path / "not there")
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def parsed(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    demo.add_arguments(parser)
    return parser.parse_args(words)


@pytest.mark.parametrize(
    ("words", "before", "address"),
    [
        ((), {}, "http://localhost:8100"),
        ((), {"QUARTERHOUR_PORT": "8300"}, "http://localhost:8300"),
        ((), {"QUARTERHOUR_URL": "https://town.example"}, "https://town.example"),
        (("--port", "8200"), {}, "http://localhost:8200"),
        (("--port", "8200"), {"QUARTERHOUR_PORT": "8300", "QUARTERHOUR_URL": "http://x"}, "http://localhost:8200"),
    ],
)
def test_a_port_that_is_asked_for_is_the_one_it_listens_at(monkeypatch, words, before, address):
    monkeypatch.setattr(os, "environ", dict(before))
    demo._listen_at(parsed(*words).port)
    assert os.environ["QUARTERHOUR_URL"] == address
    assert os.environ.get("QUARTERHOUR_PORT", "") == ("8200" if words else before.get("QUARTERHOUR_PORT", ""))


@pytest.mark.parametrize("port", ["0", "65535", "-1", "http", ""])
def test_what_is_no_port_is_said(capsys, port):
    with pytest.raises(SystemExit):
        parsed(f"--port={port}")
    assert "is no port. Choose 1 to 65534" in capsys.readouterr().err
