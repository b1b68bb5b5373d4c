"""Blocks of text on paper: A4, a font that knows Latin, Greek and Cyrillic, no network, no system packages."""

from __future__ import annotations

import logging
from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import XPos, YPos

FONT, PACKAGE = "Noto Sans", "fontpkg_noto_sans"
MARGIN, INDENT = 20, 6
# Letters that join or change places. The font has some of them, but set one by one they are wrong, so none is printed.
JOINED = (range(0x0590, 0x0E00), range(0x1CD0, 0x1D00), range(0xA8E0, 0xA900))
NOT_THERE = "?"
NOT_PRINTED = (
    "Some letters could not be printed here and stand as a question mark: this paper knows Latin, Greek and Cyrillic. "
    "The Markdown file of the same decision has them all."
)
# Size in points, space before in millimetres.
LOOKS = {"title": (20, 0), "head": (14, 7), "sub": (11, 4), "text": (11, 2), "item": (11, 1), "quote": (11, 1)}


@dataclass(frozen=True, slots=True)
class Block:
    """kind: "title", "head", "sub", "text", "item" or "quote"."""

    kind: str
    text: str


def printed(blocks: list[Block], *, at: datetime) -> bytes:
    """A PDF of these blocks. at: the moment it says it was made, so that the same board gives the same bytes.

    A sign the font does not have becomes a question mark, and a sentence below the title says so: the Markdown has all.
    """
    paper = FPDF(format="A4")
    paper.set_creation_date(at)
    paper.set_title(next((each.text for each in blocks if each.kind == "title"), ""))
    paper.set_margin(MARGIN)
    paper.set_auto_page_break(auto=True, margin=MARGIN)
    paper.add_font(FONT, fname=_font())
    signs = set(paper.fonts[FONT.lower()].cmap).difference(*JOINED)
    paper.add_page()
    for block in with_what_is_missing(blocks, signs):
        size, before = LOOKS[block.kind]
        paper.set_font(FONT, size=size)
        paper.ln(before)
        set_in = INDENT if block.kind in {"item", "quote"} else 0
        paper.set_x(paper.l_margin + set_in)
        text = f"\u2022 {block.text}" if block.kind == "item" else block.text
        told = "".join(sign if _is_there(sign, signs) else NOT_THERE for sign in text)
        paper.set_text_color(*((90, 80, 75) if block.kind == "sub" else (35, 28, 24)))
        paper.multi_cell(0, size * 0.5, told, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    return bytes(paper.output())


def with_what_is_missing(blocks: list[Block], signs: Container[int]) -> list[Block]:
    """The same blocks; behind the title a sentence, where a sign of any of them is not among `signs`."""
    if all(_is_there(sign, signs) for block in blocks for sign in block.text):
        return blocks
    titles = sum(each.kind == "title" for each in blocks[:1])
    return [*blocks[:titles], Block("text", NOT_PRINTED), *blocks[titles:]]


def _is_there(sign: str, signs: Container[int]) -> bool:
    return ord(sign) in signs or sign == "\n"


@cache
def _font() -> Path:
    """The font's file, from its package. Raises LookupError where the package is not installed."""
    found = find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise LookupError(f"The package {PACKAGE} is missing. Install requirements/core.lock.")
    logging.getLogger("fontTools").setLevel(logging.ERROR)  # it reports each table it leaves out
    return next(path for path in (Path(found.origin).parent / "files").iterdir() if path.name.startswith("NotoSans["))
