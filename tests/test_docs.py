"""The manual is part of the product: its links lead somewhere, its commands exist, its words are one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_lead_somewhere(page):
    lost = [
        link
        for link in LINK.findall(page.read_text())
        if "://" not in link and not link.startswith("mailto:") and not (page.parent / link).exists()
    ]
    assert lost == []


def test_commands_in_the_manual_exist():
    from quarterhour.config.cli import COMMANDS
    from quarterhour.config.cli.evaluate import WHAT

    told = {
        (page, *found)
        for page in PAGES
        for found in re.findall(r"(?:`|    |/)quarterhour (\w+)(?: (\w+))?", page.read_text())
    }
    assert {name for _, name, _ in told} <= set(COMMANDS)
    assert {what for _, name, what in told if name == "evaluate" and what} <= set(WHAT)
    assert {"serve", "doctor", "bench"} <= {name for _, name, _ in told}


def test_the_readme_names_the_two_commands_and_shows_a_picture():
    readme = (ROOT / "README.md").read_text()
    assert "bin/demo" in readme
    assert "bin/test" in readme
    assert re.search(r"!\[[^\]]{20,}\]\(docs/pictures/\w+\.png\)", readme)


@pytest.mark.parametrize("page", sorted((ROOT / "docs" / "decisions").glob("*.md")), ids=named)
def test_a_decision_says_what_why_and_what_it_costs_in_about_thirty_lines(page):
    text = page.read_text()
    assert re.match(r"# \d+\. ", text)
    assert "## What had to be decided" in text
    assert "## What we chose, and why" in text
    assert len(text.splitlines()) <= 40


def test_files_stay_small():
    long = {
        str(path.relative_to(ROOT)): count
        for folder in ("src", "frontend")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".js"} and "built" not in path.parts
        if (count := len(path.read_text().splitlines())) > 450
    }
    assert long == {}
