"""A row of nights, weeks or days, one quarter each."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

STATES = ("", "unsure", "failed")


def strip(states: Iterable[str], label: str) -> str:
    """One mark for each state, oldest first.

    states: "" for well, "unsure", "failed". Raises ValueError for another.
    label: what the row says, as a sentence; marks alone say nothing to ears.
    """
    marks = []
    for state in states:
        if state not in STATES:
            raise ValueError(f"{state!r} is no state of a strip. Choose one of {STATES}.")
        marks.append(f'<i class="{state}"></i>' if state else "<i></i>")
    return f'<div class="strip" role="img" aria-label="{escape(label)}">{"".join(marks)}</div>'
