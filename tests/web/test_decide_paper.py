"""What paper cannot print is said on it, in a sentence, and never left to be guessed from boxes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from fpdf import FPDF

from quarterhour.web.decide.printing import NOT_PRINTED, Block, printed

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture
def lines(monkeypatch) -> list[str]:
    """What is put on the paper, cell by cell."""
    said: list[str] = []
    put = FPDF.multi_cell

    def cell(self, width, height, text, **how):
        said.append(text)
        return put(self, width, height, text, **how)

    monkeypatch.setattr(FPDF, "multi_cell", cell)
    return said


@pytest.mark.parametrize("word", ["نعم", "待つ", "हाँ", "🤷", "ไม่"])
def test_letters_that_are_not_there_are_told_of_below_the_title(lines, word):
    assert printed([Block("title", "Yes?"), Block("item", f"She said {word}.")], at=NOON).startswith(b"%PDF-")
    assert lines == ["Yes?", NOT_PRINTED, f"\u2022 She said {'?' * len(word)}."]


@pytest.mark.parametrize("word", ["Zieliński", "Ω", "Жизнь", "tiếng Việt", "two\nlines"])
def test_where_all_can_be_printed_nothing_is_told(lines, word):
    printed([Block("title", word), Block("quote", word)], at=NOON)
    assert lines == [word, word]
