"""Looking for people in the database, with wider rules each time, and reading nobody twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from uuid import UUID

from quarterhour.core.statements import Answer, Statement, send
from quarterhour.engines import matching as engine
from quarterhour.matching import candidates
from quarterhour.matching.eligibility import Eligible
from quarterhour.matching.glance import Glance
from quarterhour.matching.placing import asking_standing
from quarterhour.matching.reading import Reading
from quarterhour.people.taxonomy import skills
from quarterhour.sessions.queries import wants_to_be_asked

MOST_MENTORS = 60  # looked at closely; the ways of finding agree on the good ones long before
SMOOTHING = 60  # of reciprocal rank fusion
LEANING = 0.2  # a skill the question leans towards at least so much is looked for among topics


@dataclass(frozen=True, slots=True)
class Looked:
    """What is known of a question before anybody is looked for. stems: by the lexeme of full text.

    alike: how much similar past needs speak for a mentor.
    """

    asked: engine.Asked
    reading: Reading
    stems: Mapping[str, str]
    counts: Mapping[str, int]
    total: int
    alike: Mapping[UUID, float]
    seed: int
    now: datetime
    including: UUID | None
    before: Mapping[UUID, Mapping[str, float]] | None
    about: tuple[str, ...]
    without: frozenset[UUID] = frozenset()

    @property
    def frequency(self) -> dict[str, int]:
        """In how many pieces each telling stem stands."""
        return {stem: self.counts.get(lexeme, 0) for lexeme, stem in self.stems.items()}


@dataclass(frozen=True, slots=True)
class Sight:
    """Who was found for one set of rules, the best fitting first, and whether the first of them have been there."""

    fits: list[engine.Fit]
    confident: bool


class Looking:
    """Looks for people again and again, with wider rules each time, and reads nobody twice."""

    def __init__(self, looked: Looked) -> None:
        self.looked = looked
        self.standing: list[tuple] = []
        self.checked: dict[UUID, frozenset[str]] = {}
        self._mentors: dict[UUID, engine.Mentor] = {}
        self._pieces: dict[UUID, engine.Piece] = {}
        self._read: set[UUID] = set()
        self._sought = _sought(looked)
        self._glance: Glance | None = None
        self._sights: dict[Eligible, Sight] = {}
        self._judging = engine.Judging(looked.asked, family=engine.family_of(skills()))
        self._judged: dict[tuple[UUID, ...], tuple[int, Sight]] = {}

    def __call__(self, eligible: Eligible) -> Sight:
        """Two messages at first; wider rules need none, or one for those who were not read yet."""
        if eligible not in self._sights:
            self._sights[eligible] = self._look(eligible)
        return self._sights[eligible]

    @property
    def total(self) -> int:
        """How many pieces there are. What was written since they were counted is not less than what was read."""
        return max(self.looked.total, len(self._pieces))

    def _look(self, eligible: Eligible) -> Sight:
        looked = self.looked
        if eligible.among:
            found = candidates.find(self._sought, eligible)
        else:
            self._glance = self._glance or Glance(self._sought, eligible)
            found = self._glance.find(eligible)
        ways = (found.by_words, found.by_meaning, found.by_topic, found.by_past, found.by_standing, found.newcomers)
        ids = [mentor_id for mentor_id in fused(*ways) if mentor_id not in looked.without][:MOST_MENTORS]
        if looked.including and looked.including not in ids:
            ids.append(looked.including)
        self._read_of(ids, found.pieces, org_id=eligible.org_id)
        return self._sight_of(tuple(mentor_id for mentor_id in ids if mentor_id in self._mentors))

    def _sight_of(self, ids: tuple[UUID, ...]) -> Sight:
        """These people ranked. The same ones again, with nothing more read of anybody, are not ranked anew."""
        many, sight = self._judged.get(ids, (-1, Sight([], confident=False)))
        if many == len(self._pieces):
            return sight
        asked = self.looked.asked
        fits = self._judging(
            [self._mentors[mentor_id] for mentor_id in ids],
            self._sorted_pieces(),
            frequency=self.looked.frequency,
            total=self.total,
        )
        family = engine.family_of(skills())
        sight = Sight(fits, bool(fits) and engine.is_confident(asked, fits, family=family))
        self._judged[ids] = (len(self._pieces), sight)
        return sight

    def _sorted_pieces(self) -> list[engine.Piece]:
        """By their keys, as numbers: to compare keys takes ten times as long."""
        return [self._pieces[pk] for pk in sorted(self._pieces, key=attrgetter("int"))]

    def _read_of(self, ids: Sequence[UUID], found: Sequence[tuple[UUID, UUID]], *, org_id: UUID) -> None:
        """Read those of these mentors who were not read yet, and the answers of any of them that were found."""
        looked, here = self.looked, set(ids)
        new = [pk for pk in ids if pk not in self._read]
        answers = [pk for pk, mentor_id in found if mentor_id in here and pk not in self._pieces]
        if not (new or answers):
            return
        people, said, standing = send(
            asking_mentors(new, org_id=org_id),
            candidates.pieces_of(ids, vector=looked.reading.vector, whole=new, answers=answers, org_id=org_id),
            asking_standing(new, org_id=org_id, now=looked.now),
        )
        mentors, checked = mentors_from(people, looked.about)
        self._mentors |= mentors
        self.checked |= checked
        self._pieces |= {piece.id: piece for piece in candidates.pieces_from(said)}
        self.standing += standing.rows
        self._read.update(new)


def _sought(looked: Looked) -> candidates.Sought:
    return candidates.Sought(
        lexemes=candidates.telling(list(looked.stems), looked.counts),
        vector=looked.reading.vector,
        skill_ids=[skill for skill, weight in looked.reading.leanings.items() if weight >= LEANING],
        helped=sorted(looked.alike, key=lambda mentor: (-looked.alike[mentor], mentor))[: candidates.MOST["past"]],
        pieces=looked.total,
    )


def fused(*lists: Iterable[UUID]) -> list[UUID]:
    """One order out of several, each list's best first.

    Source: reciprocal rank fusion, G. Cormack, C. Clarke, S. Büttcher, SIGIR 2009, 758-759.
    """
    score: dict[int, float] = defaultdict(float)
    found: dict[int, UUID] = {}  # by the key as a number: to look up a key takes ten times as long
    for each in lists:
        numbered = {mentor_id.int: mentor_id for mentor_id in each}
        found |= numbered
        for place, number in enumerate(numbered):
            score[number] += 1 / (SMOOTHING + place)
    return [found[number] for number in sorted(score, key=lambda number: (-score[number], number))]


def asking_mentors(ids: Sequence[UUID], *, org_id: UUID) -> Statement:
    """What these people say of themselves; `mentors_from` understands the answer."""
    return Statement(MENTORS, [org_id, list(ids)])


def mentors_from(answer: Answer, about: Sequence[str]) -> tuple[dict[UUID, engine.Mentor], dict[UUID, frozenset[str]]]:
    """What the engine knows of each mentor, and the skills that were checked; no rows of our own.

    Sixty profiles with their topics cost a page 10 ms as models, and 2 ms like this.
    """
    mentors, checked = {}, {}
    for (
        mentor_id,
        languages,
        helps_with,
        not_for,
        confirm,
        names,
        skill_ids,
        levels,
        words,
        proven,
        *road,
    ) in answer.rows:
        mentors[mentor_id] = engine.Mentor(
            id=mentor_id,
            topics=tuple(map(engine.Topic, names or (), skill_ids or (), levels or ())),
            languages=frozenset(languages),
            helps_with=frozenset(helps_with),
            not_for=not_for,
            not_for_skills=_refused(not_for),
            asks_first=wants_to_be_asked(about, zip(skill_ids or (), words or (), strict=True), otherwise=confirm),
            road=frozenset(f"{name}:{told}" for name, told in zip(ROAD, road, strict=True) if told),
        )
        checked[mentor_id] = frozenset(proven or ())
    return mentors, checked


ROAD = ("country", "industry", "employer_kind")
MENTORS = """
SELECT p.person_id, p.language_codes, p.helps_with, p.not_for, p.confirm,
  t.names, t.skills, t.levels, t.words, t.proven, p.country, p.industry, p.employer_kind
FROM people_profile p, LATERAL (
  SELECT array_agg(name ORDER BY position, id) AS names, array_agg(skill_id ORDER BY position, id) AS skills,
    array_agg(level ORDER BY position, id) AS levels, array_agg(confirm ORDER BY position, id) AS words,
    array_agg(skill_id) FILTER (WHERE checked_at IS NOT NULL) AS proven
  FROM people_topic WHERE profile_id = p.id
) t WHERE p.org_id = %s AND p.person_id = ANY(%s)
"""

_refusals: dict[str, frozenset[str]] = {}


def _refused(words: str) -> frozenset[str]:
    """The skills that "not for" names. Kept, because the same people are read for one question after another."""
    if not words:
        return frozenset()
    if words not in _refusals:
        if len(_refusals) > 4096:  # noqa: PLR2004 - a bound, not a figure
            _refusals.clear()
        _refusals[words] = engine.refused_skills(words, skills())
    return _refusals[words]
