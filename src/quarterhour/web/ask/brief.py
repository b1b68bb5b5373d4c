"""The four quarters of a question, as the `brief` component draws them."""

from __future__ import annotations

from datetime import date

from quarterhour.engines.understand import brief_quality

DRAWN = {"there": "there", "next": "next", "empty": ""}


def brief_of(text: str, tried: str, good_outcome: str, decide_by: date | None) -> dict:
    """quarters: four of "there", "next", ""; hint: what to add next, in a sentence."""
    brief = brief_quality(text, tried, good_outcome, decide_by)
    return {"quarters": [DRAWN[state] for state in brief.quarters.values()], "hint": brief.hint}
