"""What nobody has said yet."""

import re
from collections.abc import Sequence
from typing import Literal

from quarterhour.engines.perspectives.asking import plain_options
from quarterhour.engines.perspectives.reading import MOST
from quarterhour.engines.perspectives.shapes import Missing, Piece
from quarterhour.engines.perspectives.stances import named, position

__all__ = ["missing"]

ENOUGH_VOICES = 2
TWO = 2
LIVED = re.compile(
    r"\b(?:I|[Ww]e)(?:'ve|’ve| have)? (?:was|were|had|did|took|went|left|stayed|kept|bought|sold|paid|lost|quit|made|"
    r"said|got|gave|ran|saw|chose|began|been|done|taken|known|seen|led|taught|built|grew|wrote|sat|stood|met|found|fell|"
    r"flew|drove|spent|won|came|slept|broke|held|sent|burnt|dealt|fought|lived|\w{2,}ed)\b"
    r"|\b(?:mine|my own|happened to me|when I)\b"
)
COST = re.compile(
    r"[€$£¥]|\b(?:cost|costs|price|prices|pay|pays|paid|salary|wage|wages|money|rent|loan|debt|fee|fees|budget|savings|"
    r"afford|cheap|cheaper|expensive|euros?|dollars?|pounds|percent|per cent|income|tax|taxes|mortgage|interest)\b",
    re.IGNORECASE,
)
WHEN = re.compile(
    r"\b(?:today|tomorrow|tonight|weeks?|months?|years?|quarter|deadline|monday|tuesday|wednesday|thursday|friday|"
    r"saturday|sunday|january|february|march|april|june|july|august|september|october|november|december|spring|summer|"
    r"autumn|winter|christmas|easter|until|by the end|20\d\d)\b",
    re.IGNORECASE,
)
WHERE_IT_HOLDS = re.compile(
    r"\b(?:if|unless|provided|as long as|in case|only when|depends|assuming|should they)\b", re.IGNORECASE
)
Kind = Literal["experience", "cost", "date", "condition"]
TOLD: dict[Kind, str] = {
    "experience": "Nobody has said that they lived through it themselves.",
    "cost": "Nobody has said what it costs.",
    "date": "Nobody has said by when, or for how long.",
    "condition": "Nobody has said when their advice would not hold.",
}


def missing(options: Sequence[str], pieces: Sequence[Piece], *, english: bool = True) -> list[Missing]:
    """Voices first, then options without anybody for or against them, then what none of the texts speaks of.

    english: whether the texts can be read for that; otherwise only what was recorded counts.
    """
    if len(pieces) < ENOUGH_VOICES:
        told = "Nobody has spoken yet." if not pieces else "Only one person has spoken: a second view may differ."
        found = [Missing("voices", "", told)]
        if not pieces:
            return found
    else:
        found = []
    found += _sides(options, pieces)
    conditional = any(piece.conditions or (piece.stance and piece.stance.condition) for piece in pieces)
    if english:
        texts = [piece.text[:MOST] for piece in pieces]
        spoken: dict[Kind, bool] = {
            "experience": any(map(LIVED.search, texts)),
            "cost": any(map(COST.search, texts)),
            "date": any(map(WHEN.search, texts)),
            "condition": conditional or any(map(WHERE_IT_HOLDS.search, texts)),
        }
        found += [Missing(kind, "", told) for kind, told in TOLD.items() if not spoken[kind]]
    elif not conditional:
        found.append(Missing("condition", "", TOLD["condition"]))
    return found


def _sides(options: Sequence[str], pieces: Sequence[Piece]) -> list[Missing]:
    """Options nobody spoke for or against, once anybody's stance is recorded. Of two, for one is against the other."""
    stances = [piece.stance for piece in pieces if piece.stance]
    if not stances:
        return []
    wanted = [position(stance, options) for stance in stances]
    found = []
    for option in plain_options(options):
        spoke = {each.in_favour for each in wanted if each.option == named(option)}
        if True not in spoke:
            found.append(Missing("for", option, f"Nobody has spoken for “{option}”."))
        other = any(each.option not in ("", named(option)) for each in wanted)
        if not (False in spoke or (len(options) == TWO and other)):
            found.append(Missing("against", option, f"Nobody has spoken against “{option}”."))
    return found
