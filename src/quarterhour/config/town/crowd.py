"""A town of any size, for measuring: the written mentors recombined, with other names in other places.

Nobody should mistake a crowd for people. Each of its mentors takes the headline, the description and the
topics of one of the 160, two or three stories of that one or of a neighbour in the same area, changes the
numbers and leaves out a sentence. Names may occur twice. Vectors are those of the source, moved towards two other
pieces of the town (see NEAR): a model would need hours for half a million texts, and what is measured is the search.
Noise drawn by lot would not do: a graph finds its way among texts, not in a cloud without any direction. Where more
pieces are asked for, the rest are sentences of stories, as if quoted from sessions, with vectors further away.

Rows are streamed in turns of a few thousand, so that memory does not grow with the crowd; the indexes of the
evidence are dropped first and built at the end, which takes a fraction of the time. If it breaks off, the
town is loaded again with --fresh.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

import numpy as np
from django.db import DatabaseError, connection, transaction

from quarterhour.availability.models import Availability
from quarterhour.config.town import written
from quarterhour.config.town.names import Culture, cultures, slug_of
from quarterhour.config.town.plan import COMMONS, DOMAIN
from quarterhour.config.town.rows import NOBODY_KNOWS_IT
from quarterhour.config.town.sheets import Sheet, copied, told
from quarterhour.core.models import Organisation
from quarterhour.matching.indexing import count_words
from quarterhour.matching.models import DIMENSIONS, Evidence
from quarterhour.people.models import Membership, Person, Profile, Story, Topic
from quarterhour.people.taxonomy import town_topics

TURN = 2500  # mentors in one turn
NEAR = 0.35  # how far a vector of length 1 is moved: a cosine of about 0.94 to the source
FAR = 0.75  # the same of a quoted answer: a cosine of about 0.8 to the source, 0.64 to each other
MOVES = 997  # different moves, two for each vector; a prime, so that neighbours in the table differ
HANDS = 2  # connections that turn text into words at the same time
_NUMBER = re.compile(r"\d{2,}")
_SENTENCE = re.compile(r"(?<=[.?!。])\s+")


@dataclass
class Source:
    """One written mentor, taken apart once."""

    row: dict
    about: list[str]
    stories: list[tuple[str, list[str], int]]  # title, sentences, number of the piece
    pieces: dict[str, int]  # kind to number of the piece
    near: list[int]  # places of mentors in the same areas


def gather(size: int, *, seed: int, now: datetime, bar, pieces: int = 0) -> int:
    """Let mentors come to Commons until there are `size`. Returns the pieces of evidence added.

    pieces: how many each of them has, quoted answers after the five or six every profile gives.
    """
    org = Organisation.objects.get(slug=COMMONS)
    there = Profile.objects.within(org).mentors().count()
    if size <= there:
        return 0
    bar.more((size - there) * 2)
    begun = Evidence.objects.within(org).count()
    sources = _sources(org)
    with _without_checks(), _indexes_later(bar):
        _stage(sources)
        crowd = _Crowd(org, sources, Random(f"crowd {seed}"), now, pieces)
        for first in range(0, size - there, TURN):
            count = min(TURN, size - there - first)
            crowd.come(first, count)
            bar.told("A crowd", count)
        _evidence(org, size - there, bar)
    count_words(org.pk)
    return Evidence.objects.within(org).count() - begun


class _Crowd:
    """Makes mentors up and sends their rows."""

    def __init__(self, org: Organisation, sources: list[Source], rng: Random, now: datetime, each: int) -> None:
        self.org, self.sources, self.rng, self.now, self.each = org.pk.hex, sources, rng, now, each
        self.stamp = 0  # milliseconds the keys tell
        self.pins = town_topics()
        self.cultures = list(cultures().values())
        self.people = Sheet(Person, "id", "email", "name", "zone", "password", "joined_at")
        self.members = Sheet(Membership, "id", "org_id", "person_id", "since")
        self.profiles = Sheet(
            Profile, "id", "org_id", "person_id", "headline", "role", "industry", "employer_kind", "years", "country",
            "about", "languages", "language_codes", "is_mentor", "mentor_since", "helps_with", "values", "lengths",
            "confirm", "now_ok",
        )  # fmt: skip
        self.topics = Sheet(Topic, "id", "org_id", "profile_id", "skill_id", "name", "level", "position")
        self.stories = Sheet(Story, "id", "org_id", "profile_id", "title", "text", "position")
        self.hours = Sheet(Availability, "id", "org_id", "mentor_id", "zone", "weekly", "weekly_minutes")
        self.pieces: list[str] = []

    def come(self, first: int, count: int) -> None:
        """`count` more mentors, the first of them number `first` of the crowd."""
        for number in range(first, first + count):
            self._one(number)
        with transaction.atomic():
            for sheet in (self.people, self.members, self.profiles, self.topics, self.stories, self.hours):
                sheet.send()
            copied("town_crowd", ("mentor", "kind", "source", "title", "told", "language", "piece"), self.pieces)
        self.pieces = []

    def _one(self, number: int) -> None:
        rng, org = self.rng, self.org
        source = rng.choice(self.sources)
        row, culture = source.row, rng.choice(self.cultures)
        place = rng.choice(culture.places)
        name = _name(culture, rng)
        joined = self.now - timedelta(minutes=rng.randint(9_000, 500_000))
        since, self.stamp = joined.isoformat(), int(joined.timestamp() * 1000)
        person, profile = self._key(), self._key()
        self.people.add(person, f"{slug_of(name)}-{number}@{DOMAIN}", told(name), place.zone, NOBODY_KNOWS_IT, since)
        self.members.add(self._key(), org, person, since)
        spoken = [{"code": code, "level": "native"} for code in culture.speaks]
        if "en" not in culture.speaks:
            spoken.append({"code": "en", "level": "fluent"})
        about = _varied(source.about, rng)
        self.profiles.add(
            profile, org, person, told(row["headline"]), told(row["role"]), told(row["industry"]),
            told(row["employer_kind"]), str(rng.randint(4, 35)), told(place.country), told(about),
            told(spoken, as_json=True), told([each["code"] for each in spoken]), "t", since,
            told(row["helps_with"]), told(row["values"]), told(row["lengths"]), row["confirm"], told(row["now_ok"]),
        )  # fmt: skip
        self.hours.add(self._key(), org, person, place.zone, told(row["hours"], as_json=True), "60")
        language = row["languages"][0]["code"]
        self._piece(person, "headline", profile, f"{row['role']}, {row['industry']}", row["headline"], language, source)
        self._piece(person, "about", profile, "", about, language, source)
        self._know(person, profile, source, language)
        told_stories = self._tell(person, profile, source, language)
        self._answer(person, source, self.each - 3 - told_stories, language)

    def _know(self, person: str, profile: str, source: Source, language: str) -> None:
        topics = self.rng.sample(source.row["topics"], k=max(4, len(source.row["topics"]) - 1))
        for position, topic in enumerate(topics):
            skill = told(self.pins.get(topic["name"]))
            self.topics.add(self._key(), self.org, profile, skill, told(topic["name"]), topic["level"], str(position))
        self._piece(person, "topic", profile, "", ", ".join(topic["name"] for topic in topics), language, source)

    def _tell(self, person: str, profile: str, source: Source, language: str) -> int:
        stories = self.rng.sample(source.stories, k=2)
        if source.near and self.rng.random() < 0.5:  # noqa: PLR2004
            neighbour = self.sources[self.rng.choice(source.near)]
            stories.append(self.rng.choice(neighbour.stories))
        for position, (title, sentences, piece) in enumerate(stories):
            story, text = self._key(), _varied(sentences, self.rng)
            self.stories.add(story, self.org, profile, told(title), told(text), str(position))
            self.pieces.append(f"{person}\tstory\t{story}\t{told(title)}\t{told(text)}\t{language}\t{piece}\n")
        return len(stories)

    def _answer(self, person: str, source: Source, count: int, language: str) -> None:
        """What somebody might be quoted with: two sentences of a story, of their own or of a neighbour."""
        rng = self.rng
        for _ in range(count):
            near = self.sources[rng.choice(source.near)] if source.near and rng.random() < 0.5 else source  # noqa: PLR2004
            _, sentences, piece = rng.choice(near.stories)
            at = rng.randrange(max(1, len(sentences) - 1))
            text = told(_renumbered(" ".join(sentences[at : at + 2]), rng))
            self.pieces.append(f"{person}\tanswer\t{self._key()}\t\t{text}\t{language}\t{piece}\n")

    def _piece(self, person, kind, profile, title, text, language, source) -> None:  # noqa: PLR0917 - one line of a table
        piece = source.pieces[kind]
        self.pieces.append(f"{person}\t{kind}\t{profile}\t{told(title)}\t{told(text)}\t{language}\t{piece}\n")

    def _key(self) -> str:
        bits = self.rng.getrandbits
        return f"{self.stamp:012x}7{bits(12):03x}{8 + bits(2):x}{bits(60):015x}"


def _sources(org: Organisation) -> list[Source]:
    """The 160, and where their pieces of evidence stand: piece n of mentor m is number 16 m + n."""
    rows = written.mentors()
    areas = [set(area.mentors) for area in written.areas().values()]
    found = []
    for place, row in enumerate(rows):
        mates = set().union(*(area for area in areas if row["id"] in area)) - {row["id"]}
        stories = [
            (story["title"], _SENTENCE.split(story["text"]), 16 * place + 3 + n)
            for n, story in enumerate(row["stories"])
        ]
        found.append(
            Source(
                row=row,
                about=_SENTENCE.split(row["about"]),
                stories=stories,
                pieces={"headline": 16 * place, "about": 16 * place + 1, "topic": 16 * place + 2},
                near=[n for n, each in enumerate(rows) if each["id"] in mates],
            )
        )
    return found


def _stage(sources: list[Source]) -> None:
    """A table for what the crowd says, one for the vectors it borrows, and one for the moves."""
    slugs = [f"{slug_of(source.row['name'])}@{DOMAIN}" for source in sources]
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS town_crowd, town_source, town_move")
        cursor.execute(
            "CREATE UNLOGGED TABLE town_crowd (n bigserial, mentor uuid, kind text, source uuid, title text,"
            " told text, language text, piece int)"
        )
        cursor.execute(
            f"CREATE UNLOGGED TABLE town_move (n int PRIMARY KEY, near halfvec({DIMENSIONS}),"
            f" far halfvec({DIMENSIONS}))"
        )
        cursor.execute(SOURCES, [slugs])
        cursor.execute("SELECT vector::real[] FROM town_source WHERE vector IS NOT NULL ORDER BY piece")
        moves = _moves(np.array([row[0] for row in cursor.fetchall()]))
    lines = (f"{n}\t{_vector(row * NEAR)}\t{_vector(row * FAR)}\n" for n, row in enumerate(moves))
    copied("town_move", ("n", "near", "far"), lines)


def _moves(vectors: np.ndarray) -> np.ndarray:
    """From the middle of everything said towards one piece; two of them have a length of about 1 together."""
    rng = np.random.default_rng(MOVES)
    if not len(vectors):  # without a model nothing is moved
        return np.zeros((MOVES, DIMENSIONS))
    towards = vectors[rng.integers(0, len(vectors), MOVES)] - vectors.mean(axis=0)
    return towards / np.linalg.norm(towards, axis=1, keepdims=True) / np.sqrt(2)


def _vector(row: np.ndarray) -> str:
    return "[" + ",".join(f"{x:.4f}" for x in row) + "]"


SOURCES = """
CREATE UNLOGGED TABLE town_source AS
SELECT (16 * (who.place - 1) + CASE e.kind WHEN 'headline' THEN 0 WHEN 'about' THEN 1 WHEN 'topic' THEN 2
        ELSE 3 + s.position END)::int AS piece, e.vector
FROM unnest(%s::text[]) WITH ORDINALITY AS who (email, place)
JOIN people_person p ON p.email = who.email
JOIN matching_evidence e ON e.mentor_id = p.id AND e.kind <> 'answer'
LEFT JOIN people_story s ON s.id = e.source_id
"""

WORDS = """
INSERT INTO matching_evidence (id, org_id, mentor_id, kind, source_id, title, text, language, words, vector)
SELECT gen_random_uuid(), %s, c.mentor, c.kind, c.source, left(c.title, 200), c.told, c.language,
  to_tsvector('english', unaccent(CASE WHEN c.title = '' THEN c.told ELSE c.title || '. ' || c.told END)),
  l2_normalize(s.vector + CASE c.kind WHEN 'answer' THEN z.far + y.far ELSE z.near + y.near END)
FROM town_crowd c LEFT JOIN town_source s USING (piece)
  JOIN town_move z ON z.n = c.n %% %s JOIN town_move y ON y.n = (c.n / %s) %% %s
WHERE c.n BETWEEN %s AND %s
"""


def _evidence(org: Organisation, mentors: int, bar) -> None:
    """Turn what the crowd says into words and vectors, on as many connections as there are hands."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(n), 0) FROM town_crowd")
        last = cursor.fetchone()[0]
        cursor.execute("CREATE INDEX ON town_crowd (n)")
        cursor.execute("ANALYZE town_crowd, town_source, town_move")
    turn = max(1, round(last * TURN / mentors))
    turns = [(at, at + turn - 1) for at in range(1, last + 1, turn)]

    def write(span: tuple[int, int]) -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                _trust(cursor)
                cursor.execute(WORDS, [org.pk, MOVES, MOVES, MOVES, *span])
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=HANDS) as pool:
        left = mentors
        for _ in pool.map(write, turns):
            bar.told("What the crowd says", min(TURN, left))
            left = max(0, left - TURN)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE town_crowd, town_source, town_move")


@contextmanager
def _without_checks() -> Iterator[None]:
    """Keys of the crowd are right by construction; checking four million of them takes minutes."""
    with connection.cursor() as cursor:
        trusted = _trust(cursor)
    try:
        yield
    finally:
        if trusted:
            with connection.cursor() as cursor:
                cursor.execute("SET session_replication_role = DEFAULT")


def _trust(cursor) -> bool:
    """Skip the checks of foreign keys, where we may: it takes an administrator of the database."""
    try:
        with transaction.atomic():
            cursor.execute("SET session_replication_role = replica")
    except DatabaseError:
        return False
    return True


@contextmanager
def _indexes_later(bar) -> Iterator[None]:
    """Drop the indexes of the evidence, and build them when all of it is there."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'matching_evidence'"
            " AND indexname IN (SELECT relname FROM pg_class JOIN pg_index ON indexrelid = pg_class.oid"
            " WHERE NOT indisunique)"
        )
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET maintenance_work_mem = '4GB'")  # two million vectors and their graph
            cursor.execute(f"SET max_parallel_maintenance_workers = {HANDS}")
            for name, definition in indexes:
                bar.told(f"Index {name}", 0)
                cursor.execute(definition)
            cursor.execute("RESET maintenance_work_mem")
            cursor.execute("RESET max_parallel_maintenance_workers")


def _name(culture: Culture, rng: Random) -> str:
    woman = rng.random() < 0.5  # noqa: PLR2004
    given = rng.choice(culture.women if woman else culture.men)
    family = rng.choice(culture.family_of_women if woman else culture.family_of_men)
    return f"{family} {given}" if culture.family_first else f"{given} {family}"


def _varied(sentences: list[str], rng: Random) -> str:
    """The text with other numbers and one sentence less."""
    kept = list(sentences)
    if len(kept) > 2:  # noqa: PLR2004
        del kept[rng.randrange(1, len(kept))]
    return _renumbered(" ".join(kept), rng)


def _renumbered(text: str, rng: Random) -> str:
    return _NUMBER.sub(lambda found: str(max(10, round(int(found.group()) * rng.uniform(0.8, 1.25)))), text)
