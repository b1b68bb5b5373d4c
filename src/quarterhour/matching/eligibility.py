"""Who may be shown to somebody at all: the rules no score outweighs, as part of each query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from quarterhour.matching.capacity import Window
from quarterhour.matching.models import HOURS_AHEAD
from quarterhour.people.queries import NEVER_MET

HERE = (
    " p.is_mentor AND p.person_id <> %s AND (p.paused_until IS NULL OR p.paused_until <= %s)"
    " AND EXISTS (SELECT FROM people_membership place WHERE place.org_id = p.org_id AND place.person_id = p.person_id)"
    " AND EXISTS (SELECT FROM people_person who WHERE who.id = p.person_id AND who.is_active)"
)
# Read once a statement, whatever the number of mentors; nothing to compare for somebody without a block.
APART = f" AND p.person_id <> ALL(ARRAY({NEVER_MET}))"
AMONG = " p.person_id = ANY(%s)"
SPEAKS = " (p.language_codes && %s::varchar[] OR p.language_codes = '{}')"
# A mentor whose hours were not counted yet is let through: what is shown is looked up once more.
FREE = (
    " NOT EXISTS (SELECT FROM matching_capacity c WHERE c.org_id = p.org_id AND c.mentor_id = p.person_id"
    f" AND ((c.hours << ((%s::date - c.begins) * 24)) & %s::bit({HOURS_AHEAD})) = 0::bit({HOURS_AHEAD}))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligible:
    """Mentors of one organisation who are there, not paused, not the asker and not kept apart from them by a block;
    who speak one of the languages, if any are named; and who have an hour left inside the window, if there is one.
    among: only these, if any are named.
    """

    org_id: UUID
    asker: UUID
    today: date
    languages: Sequence[str] = ()
    window: Window | None = None
    among: Sequence[UUID] = ()

    @property
    def sql(self) -> str:
        """The rules over a profile called `p`."""
        asked = [(AMONG, self.among), (SPEAKS, self.languages), (FREE, self.asks_when)]
        return self.here + "".join(f" AND{rule}" for rule, applies in asked if applies)

    @property
    def values(self) -> list:
        """What the rules ask for, in their order."""
        return [*self.here_values, *([list(self.among)] if self.among else []), *self.flag_values]

    @property
    def asks_when(self) -> bool:
        """Whether somebody has to be free within a window."""
        return bool(self.window and self.window.mask)

    @property
    def here(self) -> str:
        """The rules that hold whatever is asked for."""
        return HERE + APART

    @property
    def here_values(self) -> list:
        return [self.asker, self.today, self.asker, self.asker]

    @property
    def flags(self) -> str:
        """The other rules as two columns, `speaks` and `free`; true for everybody where nothing is asked for."""
        speaks, free = SPEAKS if self.languages else "true", FREE if self.asks_when else "true"
        return f"{speaks} AS speaks, {free} AS free"

    @property
    def flag_values(self) -> list:
        told: list = [list(self.languages)] if self.languages else []
        return told + ([self.window.day, self.window.mask] if self.window and self.window.mask else [])
