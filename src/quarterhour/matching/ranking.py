"""A question meets the database: read, looked for, ranked by the engine, and put in the order to show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from quarterhour.core.statements import Answer, send
from quarterhour.engines import matching as engine
from quarterhour.engines.market import Placed
from quarterhour.engines.matching.helped import PastHelp, votes
from quarterhour.matching import candidates
from quarterhour.matching.capacity import Window
from quarterhour.matching.eligibility import Eligible
from quarterhour.matching.looking import Looked, Looking, Sight
from quarterhour.matching.past_needs import asking_needs, needs_from
from quarterhour.matching.placing import placed, seed_of
from quarterhour.matching.reading import Reading, reading_of
from quarterhour.matching.spelling import mended
from quarterhour.people.languages import NAMES
from quarterhour.people.taxonomy import skills

TOLD_APART = 12  # the first so many may change places so that three different roads are shown
TELLING = 2  # pieces of each that are compared for it
SHOWN = 3
CHIPS = {"when any": "at any time", "language": "in another language"}


@dataclass(frozen=True, slots=True)
class Ranking:
    """Everybody who might help, in the order to show them; `three` to begin with; whether somebody has been there.

    placed: the same people with what put them there. alike: how much similar past needs speak for a mentor.
    relaxed: what one chip less would bring, where that was asked for.
    checked: the skills for which somebody looked at a mentor's proof. rules: by which they were found; wider than asked
    for, where those found too few.
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
    rules: Eligible


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
    without: Sequence[UUID] = (),
    about: Sequence[str] = (),
) -> Ranking:
    """Rank the mentors of `org` for a question. A constant number of queries.

    window: when somebody has to be free. Where fewer than three fit within it, or share a language, everybody is
    looked at once more: a good person on Thursday beats nobody today, and the card says so.
    with_relaxed: also say what one chip less would bring, which costs as much again. including: somebody who is looked
    at whatever the rules say, because the asker holds a time of theirs. before: see `placing.placed`.
    among: only these mentors, if any are named; once all of them are found, nobody is looked for again. without: nobody
    of these. about: the skills that stand beside the question, chosen or read; they say who wants to be asked first,
    as they will when it is booked.
    chosen: ids of skills the asker settled on; empty leaves the reading to us. The same text ranks the same
    people the same way: nothing here knows who was right.
    """
    reading, asked = read_as_meant(text, kind=kind, languages=languages, chosen=chosen, org_id=org.pk)
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
        without=frozenset(without),
    )
    look = Looking(looked)
    found, rules = look(eligible), eligible
    everybody = len(set(among) - looked.without)
    strict = bool(eligible.languages or (window and window.mask))
    for wider in _wider(eligible):
        if (found.confident and len(found.fits) >= SHOWN) or (among and len(found.fits) == everybody):
            break
        more = look(wider)
        if (more.confident, len(more.fits)) > (found.confident, len(found.fits)):
            found, rules, strict = more, wider, False
    relaxed = _relaxed(look, eligible) if strict and with_relaxed else None
    return _ranking(look, found, relaxed, rules)


def read_as_meant(
    text: str, *, kind: str, languages: Sequence[str], chosen: Sequence[str], org_id: UUID
) -> tuple[Reading, engine.Asked]:
    """What a question says, and the question for the engine: with its typing errors put right."""
    meant = mended(text, org_id=org_id).text
    reading = reading_of(meant, tuple(chosen))
    return reading, engine.Asked(meant, kind, reading.leanings, frozenset(languages), reading.language, reading.meant)


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


def _relaxed(look: Looking, eligible: Eligible) -> engine.Relaxed | None:
    """What one chip less would bring: the time somebody asked for, or their languages."""
    everybody = look(replace(eligible, window=None, languages=()))
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
    asked = replace(look.looked.asked, languages=frozenset())
    found = engine.counterfactual(asked, everybody.fits, in_the_way, CHIPS, family=engine.family_of(skills()))
    return found if found is None or found.chip != "language" else _in_one_language(found, everybody.fits)


def _in_one_language(relaxed: engine.Relaxed, fits: Sequence[engine.Fit]) -> engine.Relaxed:
    """The same, with the one language more that brings the most of them: "in German, too", as a person would add it."""
    spoken = {fit.mentor.id: fit.mentor.languages for fit in fits}
    counts = Counter(code for mentor_id in relaxed.gained for code in spoken[mentor_id])
    code = min(counts, key=lambda one: (-counts[one], one))
    gained = tuple(mentor_id for mentor_id in relaxed.gained if code in spoken[mentor_id])
    return engine.Relaxed(f"language {code}", f"in {NAMES.get(code, code)}, too", gained)


def _ranking(look: Looking, found: Sight, relaxed: engine.Relaxed | None, rules: Eligible) -> Ranking:
    """Those who were found, in the order to show them."""
    looked = look.looked
    here = {fit.mentor.id: fit for fit in found.fits}
    standing = [row for row in look.standing if row[0] in here]
    order = placed(
        looked.asked,
        found.fits,
        family=engine.family_of(skills()),
        alike=looked.alike,
        standing=Answer(standing, len(standing)),
        seed=looked.seed,
        before=looked.before,
    )
    return Ranking(
        asked=looked.asked,
        fits=[here[each.offer.id] for each in order],
        three=_three(order, here, org_id=rules.org_id, kind=looked.asked.kind, including=looked.including),
        confident=found.confident,
        placed=order,
        relaxed=relaxed,
        seed=looked.seed,
        alike=looked.alike,
        checked=look.checked,
        frequency=looked.frequency,
        total=look.total,
        rules=rules,
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


def _with_vectors(fits: Sequence[engine.Fit], org_id: UUID) -> list[engine.Fit]:
    """The same fits, their best pieces with vectors, so that near copies are told apart by meaning."""
    ids = [piece.id for fit in fits for piece in fit.pieces[:TELLING]]
    vectors = candidates.vectors_of(ids, org_id=org_id)

    def lent(piece: engine.Piece) -> engine.Piece:
        vector: NDArray[np.float32] | None = vectors.get(piece.id)
        return piece if vector is None else replace(piece, embedding=vector)

    return [replace(fit, pieces=tuple(map(lent, fit.pieces))) for fit in fits]
