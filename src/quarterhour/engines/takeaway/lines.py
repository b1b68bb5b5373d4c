"""Notes as lines: bullets, boxes, numbers and headings told apart from what is written."""

import re
from dataclasses import dataclass, replace

from quarterhour.engines.dates import fold
from quarterhour.engines.takeaway.words import Lexicon

MARK = re.compile(
    r"[ \t\u00a0]*(?:"
    r"(?P<number>\(?\d{1,2}[.)/])(?=\s)"
    r"|(?P<box>\[[ xX✓✔/-]?\]|[☐☑☒✅✔✓])"
    r"|(?P<arrow>[-=]{1,2}>|[→⇒↳])"
    r"|(?P<bullet>[-*•◦▪·+>#–—]{1,6})(?=\s)"
    r"|(?P<tag>(?:todo|to do|to-do|action|ap|aktion|tarea|task|next)(?: ?\d{1,2})?\s?:(?=\s)|(?-i:TODO|AP|"
    r"ACTION|TO DO|NEXT)(?=\s))"
    r")[ \t\u00a0]*",
    re.IGNORECASE,
)
TICKED = frozenset("xX✓✔☑☒✅")
STRUCK = re.compile(r"~~[^~\n]{0,500}~~")
HEADING_WORDS = 6
TO_DO_CUE = re.compile(
    r"\b(?:to-?do|do|does|actions?|tasks?|steps?|next|homework|plan|agreed|promises?|commit\w*|will|jobs?|then)\b"
)
BACKGROUND = frozenset(
    ["context", "background", "situation", "status", "facts", "kontext", "hintergrund", "contexte", "contexto"]
)
NO_CUE = re.compile(r"\b(?:not|don't|never|later|maybe|if|pros|cons|could|should|might)\b")


@dataclass(frozen=True, slots=True)
class Line:
    """One written line.

    start, end: its words within the text, without bullet and box.
    text: the whole text with struck-out words blanked, so that places stay true.
    mark: "" or "bullet", "number", "box", "ticked", "arrow", "tag"; number: what the list calls it.
    section: "do" under a heading such as "Next steps", "not" under "Ideas" or "Done".
    after_blank: it opens a new block after one that had bullets.
    follows: the line refines the one before it (an indented arrow).
    """

    start: int
    end: int
    indent: int
    mark: str = ""
    number: int | None = None
    section: str = ""
    heading: str = ""
    struck: bool = False
    follows: bool = False
    after_blank: bool = False


def without_struck(text: str) -> str:
    """The text with ~~struck out~~ words blanked, of the same length."""
    return STRUCK.sub(lambda match: " " * len(match.group()), text) if "~~" in text else text


def lines(text: str, words: Lexicon) -> list[Line]:
    """The written lines of `text`, each with the section it stands in."""
    plain = without_struck(text)
    read: list[Line] = []
    section, marked, blank, at = "", False, False, 0
    for raw in text.split("\n"):
        if not raw.strip():
            at, blank = at + len(raw) + 1, True
            continue
        line = _line(plain, at, at + len(raw))
        at += len(raw) + 1
        if line.start >= line.end and not STRUCK.search(raw):
            blank = True
            continue
        if heading := _heading(plain[line.start : line.end], words):
            kind, length = heading
            section, marked = kind, False
            line = replace(line, start=line.start + length, heading=kind or "neutral")
        elif blank and marked:
            section = "" if not line.mark else section
            line = replace(line, after_blank=True)
        marked = marked or (bool(line.mark) and not line.heading)
        follows = line.mark == "arrow" and (line.indent > 0) and bool(read)
        read.append(replace(line, section=section, struck=bool(STRUCK.search(raw)), follows=follows))
        blank = False
    return read


def _line(text: str, start: int, end: int) -> Line:
    first = start
    mark, number = "", None
    while match := MARK.match(text, first, end):
        kind = str(match.lastgroup)
        if kind == "box":
            kind = "ticked" if TICKED & set(match["box"]) else "box"
        if kind == "number":
            number = int(re.sub(r"\D", "", match["number"]))
        mark = kind if kind in ("box", "ticked", "tag") or not mark else mark
        first = match.end()
    body = text[first:end]
    indent = len(text[start:end]) - len(text[start:end].lstrip())
    first += len(body) - len(body.lstrip())
    return Line(first, max(first, start + len(text[start:end].rstrip())), indent, mark, number)


def _heading(body: str, words: Lexicon) -> tuple[str, int] | None:
    """What a heading says about the lines below it, and how much of the line it takes."""
    title, colon, rest = body[:80].partition(":")
    folded = fold(title).strip(" \t*_#=-.–—")
    if len(folded.split()) > HEADING_WORDS:
        return None
    alone = not rest.strip()
    if (colon or alone) and folded in words.to_do:
        return "do", len(title) + len(colon)
    if (colon or alone) and folded in words.not_to_do:
        return "not", len(title) + len(colon)
    if colon and alone and TO_DO_CUE.search(folded) and not NO_CUE.search(folded):
        return "do", len(title) + len(colon)
    if colon and folded in BACKGROUND:
        return "", len(body)
    if alone and (folded in words.neutral or (colon and len(folded) > 1)):
        return "", 0
    return None
