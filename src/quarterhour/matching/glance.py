"""Everybody who might help, found in one statement and asked about once: wider rules need no second look.

Each way finds the same people in the same order whatever the rules are; the rules leave some of them out. So every way
looks a little further than it has to, each person is asked about once, however many ways found them, and a set of rules
takes the first who pass it. A way that stopped before there were enough of them is asked again, by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from quarterhour.core.statements import Statement, send
from quarterhour.matching import candidates
from quarterhour.matching.candidates import DEEP, DEEPEST, LATEST, MOST, NEW_BELOW, Found, Sought
from quarterhour.matching.eligibility import Eligible

FURTHER = 1.25
ROOM = {way: round(FURTHER * most) + 8 for way, most in MOST.items()}


Seen = tuple[UUID | None, UUID, bool | None, bool | None]  # piece, mentor, speaks, free; None who may not be shown


class Glance:
    """What is found for the narrowest rules, and for each wider set of them: without the window, in any language."""

    def __init__(self, sought: Sought, narrowest: Eligible) -> None:
        self.sought, self.narrowest = sought, narrowest
        self._ways: Mapping[str, list[Seen]] | None = None

    def find(self, eligible: Eligible) -> Found:
        """A message at first; one more for rules that leave so many out that a way has to look further."""
        if self._ways is None:
            self._ways = self._look()
        found: dict[str, Sequence[tuple]] = {}
        for way, seen in self._ways.items():
            passing = [one[:2] for one in seen if _passes(one, eligible)][: MOST[way]]
            if len(passing) == MOST[way] or len(seen) < ROOM[way]:
                found[way] = passing
        return candidates.find(self.sought, eligible, found)

    def _look(self) -> dict[str, list[Seen]]:
        seen: dict[str, list[Seen]] = {way: [] for way in MOST}
        if statement := asking(self.sought, self.narrowest):
            for way, *row in send(*candidates.widely(self.sought.pieces), statement)[-1].rows:
                seen[way].append((row[0], row[1], row[2], row[3]))
        return seen


def _passes(seen: Seen, eligible: Eligible) -> bool:
    _, _, speaks, free = seen
    here = speaks is not None
    return here and bool(speaks or not eligible.languages) and bool(free or not eligible.asks_when)


def asking(sought: Sought, eligible: Eligible) -> Statement | None:
    """Each way in its order, and what each person found passes; None where there is nothing to look with."""
    parts = _parts(sought, eligible.org_id)
    if not parts:
        return None
    named = [eligible.org_id, list(sought.skill_ids)] if sought.skill_ids else []
    ordered = (
        f"(SELECT '{way}' AS way, row_number() OVER () AS place, piece, mentor FROM ({sql}) AS {way})"
        for way, (sql, _) in parts.items()
    )
    return Statement(
        f"WITH {NAMED if named else ''}found AS MATERIALIZED ({' UNION ALL '.join(ordered)}), known AS MATERIALIZED ("
        "SELECT mentor, speaks, free FROM (SELECT DISTINCT mentor FROM found) AS one, LATERAL ("
        f"SELECT {eligible.flags} FROM people_profile p WHERE p.org_id = %s AND p.person_id = one.mentor"
        f" AND{eligible.here} OFFSET 0) AS rules)"
        " SELECT way, piece, mentor, speaks, free FROM found LEFT JOIN known USING (mentor) ORDER BY way, place",
        [
            *named,
            *(value for _, values in parts.values() for value in values),
            *eligible.flag_values,
            eligible.org_id,
            *eligible.here_values,
        ],
    )


# Who named one of the skills, read once for three ways.
NAMED = (
    f"named AS MATERIALIZED (SELECT profile_id, sum({DEEP}) AS deep, max({DEEP}) AS deepest FROM people_topic"
    " WHERE org_id = %s AND skill_id = ANY(%s) GROUP BY profile_id), "
)
NEAR = (
    "SELECT id AS piece, mentor_id AS mentor FROM (SELECT id, mentor_id, vector <=> %s::halfvec AS far"
    " FROM matching_evidence WHERE org_id = %s ORDER BY vector <=> %s::halfvec LIMIT %s) AS near ORDER BY far + 0, id"
)
TOPICS = (
    "SELECT NULL::uuid AS piece, who.person_id AS mentor FROM (SELECT profile_id, deep FROM named"
    " ORDER BY deep DESC, profile_id LIMIT %s) AS first JOIN people_profile who ON who.id = first.profile_id"
    " ORDER BY deep DESC, profile_id"
)
STANDING = (
    "SELECT NULL::uuid AS piece, c.mentor_id AS mentor FROM (SELECT profile_id FROM named"
    f" ORDER BY deepest DESC, profile_id LIMIT {DEEPEST}) AS first"
    " JOIN people_profile who ON who.id = first.profile_id JOIN matching_capacity c ON c.org_id = who.org_id"
    " AND c.mentor_id = who.person_id WHERE c.helped > 0 ORDER BY c.helped DESC, c.mentor_id LIMIT %s"
)
NEWCOMERS = (
    "SELECT NULL::uuid AS piece, who.person_id AS mentor FROM (SELECT profile_id FROM named"
    f" ORDER BY profile_id DESC LIMIT {LATEST}) AS latest JOIN people_profile who ON who.id = latest.profile_id"
    " WHERE NOT EXISTS (SELECT FROM matching_capacity c WHERE c.org_id = who.org_id AND c.mentor_id = who.person_id"
    f" AND c.rated >= {NEW_BELOW}) ORDER BY who.mentor_since DESC NULLS LAST, who.person_id LIMIT %s"
)


def _parts(sought: Sought, org_id: UUID) -> dict[str, tuple[str, list]]:
    """The ways that have something to look with: their people in order, by no rule but the organisation."""
    parts: dict[str, tuple[str, list]] = {}
    if sought.lexemes:
        sql, values = candidates.words_in_order(sought.lexemes, org_id)
        parts["words"] = f"SELECT id AS piece, mentor_id AS mentor FROM ({sql} LIMIT %s) AS e", [*values, ROOM["words"]]
    if sought.vector is not None:
        told = candidates.as_told(sought.vector)
        parts["meaning"] = NEAR, [told, org_id, told, ROOM["meaning"]]
    if sought.helped:
        unnested = "SELECT NULL::uuid AS piece, mentor FROM unnest(%s::uuid[]) AS mentor LIMIT %s"
        parts["past"] = unnested, [list(sought.helped), ROOM["past"]]
    if sought.skill_ids:
        parts["topics"] = TOPICS, [ROOM["topics"]]
        parts["standing"] = STANDING, [ROOM["standing"]]
        parts["newcomers"] = NEWCOMERS, [ROOM["newcomers"]]
    return parts
