"""Who might help: by words, by meaning, by topic. Generated without knowing who was right.

Eligibility is part of each query: a member of the organisation, account open, offering time, not paused, not the asker.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from quarterhour.core.ids import made_at
from quarterhour.core.statements import Answer, Statement, send
from quarterhour.engines.matching import Piece
from quarterhour.matching.eligibility import Eligible

# How many each way finds: pieces of evidence by words and by meaning, mentors by the others.
MOST = {"words": 240, "meaning": 120, "topics": 120, "past": 60, "standing": 20, "newcomers": 10}
LATEST, DEEPEST = 120, 1_000
DEEP = "CASE level WHEN 'lived' THEN 20 WHEN 'expert' THEN 18 ELSE 15 END"  # as the engine weighs them
NEW_BELOW = 3  # sessions somebody rated, as in `engines.market.Policy.newcomer`
MOST_ROWS = 4_000  # a word in more pieces than this tells little and costs much (docs/algorithms/candidates.md)
LEAST_WIDE, MOST_WIDE = 160, 1000  # the second is the most pgvector takes


def widely(pieces: int) -> tuple[Statement, ...]:
    """Look far enough in the graph of so many vectors, for the rest of this transaction: docs/algorithms/candidates.md.

    The hard rules may ask for more than lies near, so it goes on looking. No helpers: starting them takes longer than
    any of these statements.
    """
    wide = min(MOST_WIDE, max(LEAST_WIDE, round(pieces**0.5)))
    return (
        Statement("SET LOCAL hnsw.ef_search = %s", [wide]),
        Statement("SET LOCAL hnsw.iterative_scan = relaxed_order"),
        Statement("SET LOCAL max_parallel_workers_per_gather = 0"),
    )


NOBODY = Statement("SELECT NULL::uuid, NULL::uuid LIMIT 0")

# The rules are asked of one person after another, in the order found, until there are enough. As a join the planner
# would now and then begin with everybody who may be shown, which takes longer the more people there are.
MAY_BE_SHOWN = "(SELECT true FROM people_profile p WHERE p.org_id = %s AND p.person_id = {} AND{})"


@dataclass(frozen=True, slots=True)
class Found:
    """Who was found in which way, each way's best first. pieces: those of their evidence that were found, and whose."""

    by_words: Sequence[UUID]
    by_meaning: Sequence[UUID]
    by_topic: Sequence[UUID]
    by_past: Sequence[UUID]
    by_standing: Sequence[UUID]
    newcomers: Sequence[UUID]
    pieces: Sequence[tuple[UUID, UUID]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Known:
    """Which words full text knows, by their stem there; in how many pieces each stem stands; how many pieces there are.

    The small words of a language have no stem. counts: without those that stand nowhere.
    """

    words: Mapping[str, str]
    counts: Mapping[str, int]
    total: int


def asking_words(words: Sequence[str], *, org_id: UUID) -> Statement:
    """What is `Known` of these words; `words_from` understands the answer."""
    return Statement(
        "SELECT read.word, stem, pieces FROM (SELECT word, place, (tsvector_to_array(to_tsvector('english',"
        " unaccent(word))))[1] FROM unnest(%s::text[]) WITH ORDINALITY AS asked(word, place)"
        " UNION ALL SELECT '', 0, '') AS read(word, place, stem)"
        " LEFT JOIN matching_wordcount c ON c.org_id = %s AND c.word = read.stem WHERE stem IS NOT NULL ORDER BY place",
        [list(words), org_id],
    )


def words_from(answer: Answer) -> Known:
    (_, _, total), *rows = answer.rows  # the empty word stands for all pieces
    counts = {stem: pieces for _, stem, pieces in rows if pieces is not None}
    return Known({stem: word for word, stem, _ in rows}, counts, total or 0)


def said_from(answer: Answer) -> set[str]:
    """Those of the words `asking_words` asked for that stand in any piece."""
    return {word for word, _, pieces in answer.rows if word and pieces}


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for.

    lexemes: the telling ones. vector: of the question, None without a model. helped: who met needs like this one, the
    likest first, no more than are found by it. pieces: how many there are to look among.
    """

    lexemes: Sequence[str]
    vector: Sequence[float] | None
    skill_ids: Sequence[str]
    helped: Sequence[UUID]
    pieces: int


def find(sought: Sought, eligible: Eligible, known: Mapping[str, Sequence[tuple]] | None = None) -> Found:
    """Look in every way at once, in one message; not in those whose rows are `known`, and in none if all are."""
    rows = {**(known or {})}
    asked = {
        "words": lambda: by_words(sought.lexemes, eligible),
        "meaning": lambda: by_meaning(sought.vector, eligible),
        "topics": lambda: by_topic(sought.skill_ids, eligible),
        "past": lambda: still_eligible(sought.helped, eligible),
        "standing": lambda: by_standing(sought.skill_ids, eligible),
        "newcomers": lambda: newcomers(sought.skill_ids, eligible),
    }
    if ways := [way for way in MOST if way not in rows]:
        answers = send(*widely(sought.pieces), *(asked[way]() for way in ways))[-len(ways) :]
        rows |= {way: answer.rows for way, answer in zip(ways, answers, strict=True)}
    mentors = {way: [row[-1] for row in rows[way]] for way in MOST}
    allowed = set(mentors["past"])
    return Found(
        by_words=mentors["words"],
        by_meaning=mentors["meaning"],
        by_topic=mentors["topics"],
        by_past=[mentor_id for mentor_id in sought.helped if mentor_id in allowed],
        by_standing=mentors["standing"],
        newcomers=mentors["newcomers"],
        pieces=[(row[0], row[1]) for row in (*rows["words"], *rows["meaning"])],
    )


def by_words(lexemes: Sequence[str], eligible: Eligible) -> Statement:
    """Pieces that hold any of the lexemes, the best ranked first: id, mentor.

    Of a single word that stands in very many, whichever come first: it tells them apart no better.
    """
    if not lexemes:
        return NOBODY
    sql, values = words_in_order(lexemes, eligible.org_id, of_these=_of_these(eligible), these=_these(eligible))
    return Statement(
        f"SELECT id, mentor_id FROM ({sql} OFFSET 0) e WHERE "
        + MAY_BE_SHOWN.format("e.mentor_id", eligible.sql)
        + " LIMIT %s",
        [*values, eligible.org_id, *eligible.values, MOST["words"]],
    )


def words_in_order(
    lexemes: Sequence[str], org_id: UUID, *, of_these: str = "", these: Sequence = ()
) -> tuple[str, list]:
    """The same by no rule but the organisation, and what goes into it. of_these: one rule more, over the pieces."""
    query = " | ".join("'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'" for lexeme in lexemes)
    sql = (
        "SELECT id, mentor_id FROM (SELECT id, mentor_id, ts_rank(words, asked, 1) AS rank FROM (SELECT id, mentor_id,"
        f" words, asked FROM matching_evidence, to_tsquery('simple', %s) AS asked WHERE org_id = %s AND words @@ asked"
        f"{of_these} LIMIT %s) AS held) AS ranked ORDER BY rank DESC, id"
    )
    return sql, [query, org_id, *these, 2 * MOST_ROWS]


def by_meaning(vector: Sequence[float] | None, eligible: Eligible) -> Statement:
    """The pieces nearest in meaning: id, mentor. Nothing without a model."""
    if vector is None:
        return NOBODY
    told = as_told(vector)
    return Statement(  # the graph gives them nearly in order; + 0, or the planner would believe that they are
        "SELECT id, mentor_id FROM (SELECT e.id, e.mentor_id, e.vector <=> %s::halfvec AS far FROM matching_evidence e"
        " WHERE e.org_id = %s"
        + _of_these(eligible)
        + " AND "
        + MAY_BE_SHOWN.format("e.mentor_id", eligible.sql)
        + " ORDER BY e.vector <=> %s::halfvec LIMIT %s) AS near ORDER BY far + 0, id",
        [told, eligible.org_id, *_these(eligible), eligible.org_id, *eligible.values, told, MOST["meaning"]],
    )


def _of_these(eligible: Eligible) -> str:
    """The rules know it as well; said of the pieces themselves, a few people are found by an index."""
    return " AND mentor_id = ANY(%s)" if eligible.among else ""


def _these(eligible: Eligible) -> list:
    return [list(eligible.among)] if eligible.among else []


def by_topic(skill_ids: Sequence[str], eligible: Eligible) -> Statement:
    """Mentors who named one of the skills, more of them and deeper ones first."""
    if not skill_ids:
        return NOBODY
    return Statement(
        f"SELECT person_id FROM (SELECT profile_id, sum({DEEP}) AS deep FROM people_topic"
        " WHERE org_id = %s AND skill_id = ANY(%s) GROUP BY profile_id ORDER BY deep DESC, profile_id OFFSET 0) t,"
        " LATERAL (SELECT p.person_id FROM people_profile p WHERE p.id = t.profile_id AND"
        + eligible.sql
        + " OFFSET 0) e"
        " LIMIT %s",
        [eligible.org_id, list(skill_ids), *eligible.values, MOST["topics"]],
    )


def by_standing(skill_ids: Sequence[str], eligible: Eligible) -> Statement:
    """Mentors who named one of the skills and have helped most, as counted beside their hours.

    Of the thousand who know it deepest: everybody who ever helped are more, the longer a place lives.
    """
    if not skill_ids:
        return NOBODY
    return Statement(
        "SELECT person_id FROM (SELECT c.mentor_id AS person_id FROM (SELECT profile_id FROM people_topic"
        " WHERE org_id = %s AND skill_id = ANY(%s) GROUP BY profile_id"
        f" ORDER BY max({DEEP}) DESC, profile_id LIMIT %s) AS named"
        " JOIN people_profile who ON who.id = named.profile_id JOIN matching_capacity c ON c.org_id = who.org_id"
        " AND c.mentor_id = who.person_id WHERE c.helped > 0 ORDER BY c.helped DESC, c.mentor_id OFFSET 0) e WHERE "
        + MAY_BE_SHOWN.format("e.person_id", eligible.sql)
        + " LIMIT %s",
        [eligible.org_id, list(skill_ids), DEEPEST, eligible.org_id, *eligible.values, MOST["standing"]],
    )


def newcomers(skill_ids: Sequence[str], eligible: Eligible) -> Statement:
    """Mentors who named one of the skills and whom fewer than three have rated, the latest first.

    Of the latest profiles: their keys sort by time, so that nobody else's has to be read.
    """
    if not skill_ids:
        return NOBODY
    return Statement(
        "SELECT person_id FROM (SELECT who.person_id, who.mentor_since FROM (SELECT DISTINCT profile_id"
        " FROM people_topic WHERE org_id = %s AND skill_id = ANY(%s) ORDER BY profile_id DESC LIMIT %s) AS latest"
        " JOIN people_profile who ON who.id = latest.profile_id"
        " WHERE NOT EXISTS (SELECT FROM matching_capacity c WHERE c.org_id = who.org_id AND c.mentor_id = who.person_id"
        " AND c.rated >= %s) ORDER BY who.mentor_since DESC NULLS LAST, who.person_id OFFSET 0) e WHERE "
        + MAY_BE_SHOWN.format("e.person_id", eligible.sql)
        + " LIMIT %s",
        [eligible.org_id, list(skill_ids), LATEST, NEW_BELOW, eligible.org_id, *eligible.values, MOST["newcomers"]],
    )


def still_eligible(mentor_ids: Sequence[UUID], eligible: Eligible) -> Statement:
    """Which of these may be shown."""
    if not mentor_ids:
        return NOBODY
    return Statement(
        "SELECT p.person_id FROM people_profile p WHERE p.org_id = %s AND p.person_id = ANY(%s) AND" + eligible.sql,
        [eligible.org_id, list(mentor_ids), *eligible.values],
    )


READ = (
    "SELECT id, mentor_id, kind, title, text, language, said_on, source_id, 1 - (vector <=> %s::halfvec)"
    " FROM matching_evidence WHERE org_id = %s AND"
)


def pieces_of(
    mentor_ids: Sequence[UUID],
    *,
    vector: Sequence[float] | None,
    whole: Sequence[UUID],
    answers: Sequence[UUID],
    org_id: UUID,
) -> Statement:
    """Everything the mentors of `whole` say of themselves, and those of the `answers` that any of `mentor_ids` gave.

    vector: of the question, to compare each piece with; None leaves the similarity open. See `pieces_from`.
    """
    told = None if vector is None else as_told(vector)
    read = f"{READ} mentor_id = ANY(%s) AND"
    return Statement(
        f"{read} kind <> 'answer' UNION ALL {read} kind = 'answer' AND id = ANY(%s)",
        [told, org_id, list(whole), told, org_id, list(mentor_ids), list(answers)],
    )


def these_pieces(ids: Sequence[UUID], *, vector: Sequence[float] | None, org_id: UUID) -> Statement:
    """Pieces by their keys, read as `pieces_of` reads them; whoever withdrew one has none here."""
    told = None if vector is None else as_told(vector)
    return Statement(f"{READ} id = ANY(%s)", [told, org_id, list(ids)])


def pieces_from(answer: Answer) -> list[Piece]:
    return [
        Piece(pk, mentor, kind, text, title, said_on, similarity, language, None, made_at(source) if source else None)
        for pk, mentor, kind, title, text, language, said_on, source, similarity in answer.rows
    ]


def vectors_of(ids: Sequence[UUID], *, org_id: UUID) -> dict[UUID, NDArray[np.float32]]:
    """The vectors of some pieces; one query."""
    (answer,) = send(
        Statement(
            "SELECT id, halfvec_send(vector) FROM matching_evidence WHERE org_id = %s AND id = ANY(%s)"
            " AND vector IS NOT NULL",
            [org_id, list(ids)],
        )
    )
    # Two numbers of two bytes come first: how many follow, and nothing.
    return {pk: np.frombuffer(sent, dtype=">f2", offset=4).astype(np.float32) for pk, sent in answer.rows}


def as_told(vector: Sequence[float]) -> str:
    """A vector as the database reads it."""
    return "[" + ",".join([f"{x:.5f}" for x in vector]) + "]"


def telling(lexemes: Sequence[str], counts: Mapping[str, int], *, most: int = 24) -> list[str]:
    """The rarest known lexemes, together in no more than MOST_ROWS pieces."""
    rows, chosen = 0, []
    for lexeme in sorted((x for x in lexemes if x in counts), key=lambda x: (counts[x], x)):
        rows += counts[lexeme]
        if len(chosen) >= most or (chosen and rows > MOST_ROWS):
            break
        chosen.append(lexeme)
    return chosen
