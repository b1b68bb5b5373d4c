"""Why a mentor says no, in ready-made words; the mentee hears only that they cannot."""

from __future__ import annotations

NO_BECAUSE = {
    "time": "No time this week",
    "topic": "Not my topic",
    "people": "I know the people",
    "size": "Too big for the minutes",
    "writing": "Rather in writing",
}
