"""Blocks of text on paper: A4, a font that knows Latin, Greek and Cyrillic, no network, no system packages."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import XPos, YPos

FONT, PACKAGE = "Noto Sans", "fontpkg_noto_sans"
MARGIN, INDENT = 20, 6
NOT_THERE = "?"
# Size in points, space before in millimetres.
LOOKS = {"title": (20, 0), "head": (14, 7), "sub": (11, 4), "text": (11, 2), "item": (11, 1), "quote": (11, 1)}


@dataclass(frozen=True, slots=True)
class Block:
    """kind: "title", "head", "sub", "text", "item" or "quote"."""

    kind: str
    text: str


def printed(blocks: list[Block], *, at: datetime) -> bytes:
    """A PDF of these blocks. at: the moment it says it was made, so that the same board gives the same bytes.

    A character the font does not have becomes a question mark; the Markdown has them all.
    """
    paper = FPDF(format="A4")
    paper.set_creation_date(at)
    paper.set_title(next((each.text for each in blocks if each.kind == "title"), ""))
    paper.set_margin(MARGIN)
    paper.set_auto_page_break(auto=True, margin=MARGIN)
    paper.add_font(FONT, fname=_font())
    signs = set(paper.fonts[FONT.lower()].cmap)
    paper.add_page()
    for block in blocks:
        size, before = LOOKS[block.kind]
        paper.set_font(FONT, size=size)
        paper.ln(before)
        set_in = INDENT if block.kind in {"item", "quote"} else 0
        paper.set_x(paper.l_margin + set_in)
        text = f"\u2022 {block.text}" if block.kind == "item" else block.text
        told = "".join(sign if ord(sign) in signs or sign == "\n" else NOT_THERE for sign in text)
        paper.set_text_color(*((90, 80, 75) if block.kind == "sub" else (35, 28, 24)))
        paper.multi_cell(0, size * 0.5, told, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    return bytes(paper.output())


@cache
def _font() -> Path:
    """The font's file, from its package. Raises LookupError where the package is not installed."""
    found = find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise LookupError(f"The package {PACKAGE} is missing. Install requirements/core.lock.")
    logging.getLogger("fontTools").setLevel(logging.ERROR)  # it reports each table it leaves out
    return next(path for path in (Path(found.origin).parent / "files").iterdir() if path.name.startswith("NotoSans["))
