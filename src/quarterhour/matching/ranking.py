"""A question meets the database: read, looked for in three ways, and ranked by the engine."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from quarterhour.core.statements import Answer, Statement, send
from quarterhour.engines import matching as engine
from quarterhour.engines.market import Placed
from quarterhour.engines.matching.helped import PastHelp, votes
from quarterhour.engines.matching.terms import telling
from quarterhour.engines.understand import language_of, leanings
from quarterhour.engines.words import tokens
from quarterhour.matching import candidates
from quarterhour.matching.capacity import Window
from quarterhour.matching.eligibility import Eligible
from quarterhour.matching.embedding import embed
from quarterhour.matching.past_needs import asking_needs, needs_from
from quarterhour.matching.placing import asking_standing, placed, seed_of
from quarterhour.matching.skill_vectors import NEARBY, query_vector, similar_skills
from quarterhour.people.languages import NAMES
from quarterhour.people.taxonomy import skills
from quarterhour.sessions.queries import wants_to_be_asked

MOST_MENTORS = 60  # looked at closely; the three ways of finding agree on the good ones long before
SMOOTHING = 60  # of reciprocal rank fusion
LEANING = 0.2  # a skill the question leans towards at least so much is looked for among topics
TOLD_APART = 12  # the first so many may change places so that three different roads are shown
TELLING = 2  # pieces of each that are compared for it
SHOWN = 3
CHIPS = {"when any": "at any time", "language": "in another language"}
READ_WELL = "en"  # the language the sentence model knows


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a question says: its language, the skills it leans towards, how near each of them is in meaning, the vector
    to look with, and the stem of each telling word. Nothing of it depends on who asks, or on the database.
    """

    language: str | None
    leanings: Mapping[str, float]
    meant: Mapping[str, float]
    vector: NDArray[np.float32] | None
    stems: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Ranking:
    """Everybody who might help, in the order to show them; `three` to begin with; whether somebody has been there.

    placed: the same people with what put them there. alike: how much similar past needs speak for a mentor.
    relaxed: what one chip less would bring, where that was asked for.
    checked: the skills for which somebody looked at a mentor's proof.
    """

    asked: engine.Asked
    fits: list[engine.Fit]
    three: list[engine.Fit]
    confident: bool
    placed: list[Placed]
    relaxed: engine.Relaxed | None
    seed: int
    alike: Mapping[UUID, float]
    checked: Mapping[UUID, frozenset[str]]
    frequency: Mapping[str, int]
    total: int


def rank(
    text: str,
    *,
    kind: str,
    languages: Sequence[str],
    chosen: Sequence[str],
    org,
    asker_id: UUID,
    now: datetime,
    window: Window | None = None,
    with_relaxed: bool = False,
    including: UUID | None = None,
    before: Mapping[UUID, Mapping[str, float]] | None = None,
    among: Sequence[UUID] = (),
    about: Sequence[str] = (),
) -> Ranking:
    """Rank the mentors of `org` for a question. A constant number of queries.

    window: when somebody has to be free. Where fewer than three fit within it, or share a language, everybody is
    looked at once more: a good person on Thursday beats nobody today, and the card says so.
    with_relaxed: also say what one chip less would bring, which costs as much again. including: somebody who is looked
    at whatever the rules say, because the asker holds a time of theirs. before: see `placing.placed`.
    among: only these mentors, if any are named. about: the skills that stand beside the question, chosen or read; they
    say who wants to be asked first, as they will when it is booked.
    chosen: ids of skills the asker settled on; empty leaves the reading to us. The same text ranks the same
    people the same way: nothing here knows who was right.
    """
    reading = reading_of(text, tuple(chosen))
    asked = engine.Asked(text, kind, reading.leanings, frozenset(languages), reading.language, reading.meant)
    eligible = Eligible(
        org_id=org.pk, asker=asker_id, today=now.date(), languages=tuple(languages), window=window, among=tuple(among)
    )  # fmt: skip
    known, past = _known(reading, org_id=org.pk)
    looked = Looked(
        asked=asked,
        reading=reading,
        stems={lexeme: reading.stems[word] for lexeme, word in known.words.items()},
        counts=known.counts,
        total=known.total,
        alike=votes(past, now=now),
        seed=seed_of(text),
        now=now,
        including=including,
        before=before,
        about=tuple(about),
    )
    found = _rank(looked, eligible)
    strict = bool(eligible.languages or (window and window.mask))
    for wider in _wider(eligible):
        if found.confident and len(found.fits) >= SHOWN:
            break
        more = _rank(looked, wider)
        if (more.confident, len(more.fits)) > (found.confident, len(found.fits)):
            found, strict = more, False
    return replace(found, relaxed=_relaxed(looked, eligible)) if strict and with_relaxed else found


def _known(reading: Reading, *, org_id: UUID) -> tuple[candidates.Known, list[PastHelp]]:
    """What is known of the words, and past needs like this one; in one message where a vector says what is like it."""
    words = candidates.asking_words(list(reading.stems), org_id=org_id)
    if reading.vector is not None:
        *_, told, past = send(*candidates.widely(0), words, asking_needs(reading.vector, (), org_id=org_id))
        return candidates.words_from(told), needs_from(past)
    known = candidates.words_from(*send(words))
    return known, needs_from(*send(asking_needs(None, list(known.words), org_id=org_id)))


def _wider(eligible: Eligible) -> Iterator[Eligible]:
    """Where to look next where too few fit: at any time first, then in any language."""
    if eligible.window and eligible.window.mask:
        yield replace(eligible, window=None)
    if eligible.languages:
        yield replace(eligible, window=None, languages=())


def _relaxed(looked: Looked, eligible: Eligible) -> engine.Relaxed | None:
    """What one chip less would bring: the time somebody asked for, or their languages."""
    everybody = _rank(looked, replace(eligible, window=None, languages=()))
    ids = [fit.mentor.id for fit in everybody.fits]
    answers = send(
        candidates.still_eligible(ids, replace(eligible, languages=())),
        candidates.still_eligible(ids, replace(eligible, window=None)),
    )
    free, speak = ({row[0] for row in answer.rows} for answer in answers)
    in_the_way = {
        mentor_id: frozenset(
            {*(() if mentor_id in free else ("when any",)), *(() if mentor_id in speak else ("language",))}
        )
        for mentor_id in ids
    }
    asked = replace(looked.asked, languages=frozenset())
    by_fit = sorted(everybody.fits, key=lambda fit: -fit.score)
    found = engine.counterfactual(asked, by_fit, in_the_way, CHIPS, family=engine.family_of(skills()))
    return found if found is None or found.chip != "language" else _in_one_language(found, everybody.fits)


def _in_one_language(relaxed: engine.Relaxed, fits: Sequence[engine.Fit]) -> engine.Relaxed:
    """The same, with the one language more that brings the most of them: "in German, too", as a person would add it."""
    spoken = {fit.mentor.id: fit.mentor.languages for fit in fits}
    counts = Counter(code for mentor_id in relaxed.gained for code in spoken[mentor_id])
    code = min(counts, key=lambda one: (-counts[one], one))
    gained = tuple(mentor_id for mentor_id in relaxed.gained if code in spoken[mentor_id])
    return engine.Relaxed(f"language {code}", f"in {NAMES.get(code, code)}, too", gained)


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


def _rank(looked: Looked, eligible: Eligible) -> Ranking:
    asked, reading, org_id = looked.asked, looked.reading, eligible.org_id
    found = candidates.find(
        candidates.telling(list(looked.stems), looked.counts),
        reading.vector,
        [skill for skill, weight in reading.leanings.items() if weight >= LEANING],
        sorted(looked.alike, key=lambda mentor_id: (-looked.alike[mentor_id], mentor_id))[:MOST_MENTORS],
        eligible,
        pieces=looked.total,
    )
    ways = (found.by_words, found.by_meaning, found.by_topic, found.by_past, found.by_standing, found.newcomers)
    ids = fused(*ways)[:MOST_MENTORS]
    if looked.including and looked.including not in ids:
        ids.append(looked.including)
    people, said, standing = send(
        Statement(MENTORS, [org_id, ids]),
        candidates.pieces_of(ids, vector=reading.vector, answers=found.pieces, org_id=org_id),
        asking_standing(ids, org_id=org_id, now=looked.now),
    )
    mentors, checked = _mentors(people, looked.about)
    pieces = candidates.pieces_from(said)
    frequency = {stem: looked.counts.get(lexeme, 0) for lexeme, stem in looked.stems.items()}
    family = engine.family_of(skills())
    fits = engine.rank(
        asked,
        [mentors[mentor_id] for mentor_id in ids if mentor_id in mentors],
        pieces,
        family=family,
        frequency=frequency,
        total=max(looked.total, len(pieces)),
    )
    order = placed(
        asked,
        fits,
        family=family,
        alike=looked.alike,
        standing=standing,
        seed=looked.seed,
        before=looked.before,
    )
    by_id = {fit.mentor.id: fit for fit in fits}
    shown = [by_id[each.offer.id] for each in order]
    return Ranking(
        asked=asked,
        fits=shown,
        three=_three(order, by_id, org_id=org_id, kind=asked.kind, including=looked.including),
        confident=bool(fits) and engine.is_confident(asked, fits, family=family),
        placed=order,
        relaxed=None,
        seed=looked.seed,
        alike=looked.alike,
        checked=checked,
        frequency=frequency,
        total=max(looked.total, len(pieces)),
    )


def _three(
    order: Sequence[Placed], by_id: Mapping[UUID, engine.Fit], *, org_id: UUID, kind: str, including: UUID | None
) -> list[engine.Fit]:
    """The cards: the first, and after it those who fit well and say something else; somebody new keeps their place.

    Whoever's time the asker holds has a card in any case.
    """
    lifted = [each for each in order[:SHOWN] if each.lifted]
    scored = [replace(by_id[each.offer.id], score=each.score) for each in order[:TOLD_APART] if each not in lifted]
    chosen = engine.three_views(_with_vectors(scored, org_id), kind=kind, count=SHOWN - len(lifted))
    chosen += [by_id[each.offer.id] for each in lifted]
    if including in by_id and including not in {fit.mentor.id for fit in chosen}:
        chosen = [by_id[including], *chosen[: SHOWN - 1]]
    return [replace(fit, score=by_id[fit.mentor.id].score) for fit in chosen]


@lru_cache(maxsize=128)
def reading_of(text: str, chosen: tuple[str, ...] = ()) -> Reading:
    """What a question says.

    Kept for a while: the list behind the cards, narrowing it down and holding a time ask the same once more.
    """
    language = language_of(text)
    said = _meaning_of(text) if language in {READ_WELL, None} else None
    near = {} if said is None else similar_skills(said, nearest=NEARBY)
    leaning = leanings(text, skills(), language=language, similarity=near, chosen=chosen)
    stems = {text[token.start : token.end]: telling(token, language) for token in tokens(text)}
    telling_ones = {word: stem for word, stem in stems.items() if stem}
    return Reading(
        language=language,
        leanings=leaning,
        meant=engine.meant_skills(leaning, near, frozenset(chosen)),
        vector=query_vector(said, leaning),
        stems=telling_ones,
    )


def _meaning_of(text: str) -> NDArray[np.float32] | None:
    vectors = embed([text])
    return None if vectors is None else vectors[0]


def fused(*lists: Iterable[UUID]) -> list[UUID]:
    """One order out of several, each list's best first.

    Source: reciprocal rank fusion, G. Cormack, C. Clarke, S. Büttcher, SIGIR 2009, 758-759.
    """
    score: dict[UUID, float] = defaultdict(float)
    for each in lists:
        for place, mentor_id in enumerate(dict.fromkeys(each)):
            score[mentor_id] += 1 / (SMOOTHING + place)
    return sorted(score, key=lambda mentor_id: (-score[mentor_id], mentor_id))


def _mentors(answer: Answer, about: Sequence[str]) -> tuple[dict[UUID, engine.Mentor], dict[UUID, frozenset[str]]]:
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


def _with_vectors(fits: Sequence[engine.Fit], org_id: UUID) -> list[engine.Fit]:
    """The same fits, their best pieces with vectors, so that near copies are told apart by meaning."""
    ids = [piece.id for fit in fits for piece in fit.pieces[:TELLING]]
    vectors = candidates.vectors_of(ids, org_id=org_id)

    def lent(piece: engine.Piece) -> engine.Piece:
        vector: NDArray[np.float32] | None = vectors.get(piece.id)
        return piece if vector is None else replace(piece, embedding=vector)

    return [replace(fit, pieces=tuple(map(lent, fit.pieces))) for fit in fits]
