"""Two sides of a cohort as the engine compares them: arrays out of people, and the rules that would leave nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from quarterhour.core.errors import Invalid
from quarterhour.engines.cohort import Rules, Side
from quarterhour.engines.matching.family import family_of
from quarterhour.matching.cohort_people import HOURS_OF_WEEK, Someone
from quarterhour.matching.embedding import DIMENSIONS
from quarterhour.matching.skill_vectors import query_vector
from quarterhour.people.taxonomy import skills

LEVELS = {"lived": 1.0, "strong": 0.9, "expert": 1.0}
BLOCK = 1024
OTHER_KIND = 0.3  # what a mentor makes of a question of a kind they did not name
Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sides:
    """Both sides, and who stands in which row."""

    asking: list[Someone]
    giving: list[Someone]
    mentees: Side
    mentors: Side


def sides_of(
    asking: Sequence[Someone], giving: Sequence[Someone], places: Mapping[UUID, int], *, org_id: UUID
) -> Sides:
    """Rows in the order given. One query, for what the mentors say."""
    columns = _Columns(asking, giving)
    areas = _numbers(one.area for one in (*asking, *giving))
    spoken = _numbers(code for one in (*asking, *giving) for code in one.languages)
    said = _said(org_id, [one.id for one in giving])
    mentees = Side(
        ids=tuple(one.id for one in asking),
        wants=columns.wanted(asking),
        offers=columns.kinds_of(asking),
        languages=_marked([[spoken[code] for code in one.languages] for one in asking], len(spoken)),
        hours=_hours(asking),
        group=_groups(asking, areas),
        places=np.ones(len(asking), dtype=np.int64),
        meaning=_meaning([query_vector(None, one.wants) for one in asking]),
    )
    mentors = Side(
        ids=tuple(one.id for one in giving),
        wants=columns.kinds_wished(giving),
        offers=columns.offered(giving),
        languages=_marked([[spoken[code] for code in one.languages] for one in giving], len(spoken)),
        hours=_hours(giving),
        group=_groups(giving, areas),
        places=np.array([places[one.id] for one in giving], dtype=np.int64),
        meaning=_meaning(
            [said[one.id] if one.id in said else query_vector(None, dict.fromkeys(one.gives, 1.0)) for one in giving]
        ),
    )
    return Sides(list(asking), list(giving), mentees, mentors)


class _Columns:
    """A column for each skill somebody wants, then one for each set of kinds some mentor named.

    A set is one column, because a mentor who named three kinds is content with any of them.
    """

    def __init__(self, asking: Sequence[Someone], giving: Sequence[Someone]) -> None:
        self.skills = _numbers(skill for one in asking for skill in one.wants)
        self.sets = _numbers(one.helps_with for one in giving if one.helps_with)
        self.wide = len(self.skills) + len(self.sets)

    def wanted(self, asking: Sequence[Someone]) -> Matrix:
        matrix = self._empty(asking)
        for row, one in enumerate(asking):
            for skill, weight in one.wants.items():
                matrix[row, self.skills[skill]] = weight
        return matrix

    def offered(self, giving: Sequence[Someone]) -> Matrix:
        """What each brings towards each skill: the nearest of their topics, as far as they know it."""
        matrix = self._empty(giving)
        known = _numbers(skill for one in giving for skill in one.gives)
        family = family_of(skills())
        near = np.array([[family.nearness(asked, own) for own in known] for asked in self.skills], dtype=np.float32)
        if near.size:
            for row, one in enumerate(giving):
                if one.gives:
                    level = np.array([LEVELS.get(each, 1.0) for each in one.gives.values()], dtype=np.float32)
                    own = near[:, [known[skill] for skill in one.gives]] * level
                    matrix[row, : len(self.skills)] = own.max(axis=1)
        return matrix

    def kinds_wished(self, giving: Sequence[Someone]) -> Matrix:
        matrix = self._empty(giving)
        for row, one in enumerate(giving):
            if one.helps_with:
                matrix[row, len(self.skills) + self.sets[one.helps_with]] = 1.0
        return matrix

    def kinds_of(self, asking: Sequence[Someone]) -> Matrix:
        matrix = self._empty(asking)
        for row, one in enumerate(asking):
            for named, column in self.sets.items():
                suits = not one.kinds or not one.kinds.isdisjoint(named)
                matrix[row, len(self.skills) + column] = 1.0 if suits else OTHER_KIND
        return matrix

    def _empty(self, people: Sequence[Someone]) -> Matrix:
        return np.zeros((len(people), self.wide), dtype=np.float32)


def check_rules(sides: Sides, rules: Rules) -> None:
    """Refuse rules that could not leave a single pair, whoever is chosen. Raises Invalid, a sentence for each."""
    wrong: dict[str, str] = {}
    mentees, mentors = sides.mentees, sides.mentors
    if rules.share_a_language and not (mentees.languages.any(axis=0) & mentors.languages.any(axis=0)).any():
        told = "No language is spoken on both sides, so nobody could meet. Choose others, or untick it."
        wrong["share_a_language"] = told
    most = _most_shared(mentees.hours, mentors.hours) if rules.shared_hours else 0
    if rules.shared_hours > most:
        wrong["shared_hours"] = f"No two people chosen share more than {most} hours a week. Choose {most} or fewer."
    groups = {*mentees.group.tolist(), *mentors.group.tolist()}
    if rules.other_group and len(groups) == 1 and -1 not in groups:
        wrong["other_area"] = "Everybody chosen works in the same area, so nobody could meet. Untick it."
    if wrong:
        raise Invalid("Under these rules nobody could meet. What you chose is kept.", fields=wrong)


def _most_shared(mine: NDArray[np.bool_], theirs: NDArray[np.bool_]) -> int:
    """The most hours any two share."""
    columns = theirs.T.astype(np.float32)
    blocks = (mine[at : at + BLOCK].astype(np.float32) @ columns for at in range(0, len(mine), BLOCK))
    return int(max((block.max(initial=0) for block in blocks), default=0))


def _numbers(names) -> dict:
    """A number for each different name, in the order they come."""
    return {name: number for number, name in enumerate(dict.fromkeys(names))}


def _marked(rows: Sequence[Sequence[int]], wide: int) -> NDArray[np.bool_]:
    matrix = np.zeros((len(rows), wide), dtype=bool)
    for row, marks in enumerate(rows):
        matrix[row, marks] = True
    return matrix


def _hours(people: Sequence[Someone]) -> NDArray[np.bool_]:
    rows = [one.hours for one in people if one.hours is not None]
    return np.array(rows, dtype=bool).reshape(len(people), HOURS_OF_WEEK)


def _groups(people: Sequence[Someone], areas: Mapping[str, int]) -> NDArray[np.int64]:
    return np.array([areas[one.area] if one.area else -1 for one in people], dtype=np.int64)


def _meaning(rows: Sequence[Matrix | None]) -> Matrix:
    nothing = np.zeros(DIMENSIONS, dtype=np.float32)
    return np.array([nothing if row is None else row for row in rows], dtype=np.float32).reshape(-1, DIMENSIONS)


def _said(org_id: UUID, mentor_ids: Sequence[UUID]) -> dict[UUID, Matrix]:
    """The mean of what each of these mentors says, by the meaning of the words, at unit length."""
    with connection.cursor() as cursor:
        cursor.execute(MEANS, [org_id, list(mentor_ids)])
        rows = [(key, np.fromstring(text[1:-1], dtype=np.float32, sep=",")) for key, text in cursor.fetchall()]
    return {key: vector / length for key, vector in rows if (length := float(np.linalg.norm(vector))) > 0}


MEANS = """
SELECT mentor_id, avg(vector)::text FROM matching_evidence
WHERE org_id = %s AND mentor_id = ANY(%s) AND vector IS NOT NULL GROUP BY mentor_id
"""
