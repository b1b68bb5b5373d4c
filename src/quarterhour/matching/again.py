"""The same cards a moment later: whoever was shown is read anew, and nobody is looked for.

People look at who was found for a question several times within minutes: as soon as it is stated, with a time in hand,
coming back from it, in a second tab. What was ranked then still stands. What changes by the minute is asked again:
whether each of the three may still be shown, what they say, and when they are free. Where anything else is true than
was then, everybody is looked for anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import blake2b
from typing import Any, Self
from uuid import UUID

from quarterhour.core.statements import send
from quarterhour.engines import matching as engine
from quarterhour.matching import candidates
from quarterhour.matching.cards import ALIKE, Asked
from quarterhour.matching.eligibility import Eligible
from quarterhour.matching.looking import asking_mentors, mentors_from
from quarterhour.matching.placing import seed_of
from quarterhour.matching.ranking import Ranking, read_as_meant
from quarterhour.people.taxonomy import skills

LASTS = timedelta(hours=1)
NOBODY_LASTS = timedelta(minutes=5)  # where nobody fits, somebody may have come
LIKE_YOURS = 0.3  # votes of past needs from which a card says so


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCard:
    """What put somebody on a card. near: they come near where somebody else fits. mattered: names of signs, see
    `engine.what_mattered`. parts: in the order of `engine.Parts`. pieces: what they said, the most telling first.
    """

    mentor: UUID
    near: bool
    mattered: tuple[str, ...]
    score: float
    parts: tuple[float, ...]
    pieces: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """What it takes to show the same cards again; numbers and keys, nobody's words.

    asked_as: see `asked_as`. others: people behind the cards. lacking: see `people.People`. free, shared: whether these
    people are free when it was asked for, and share a language, as far as either was asked.
    """

    asked_as: str
    made_at: datetime
    confident: bool
    others: int
    lacking: str
    free: bool
    shared: bool
    cards: tuple[ShownCard, ...]

    def kept(self) -> dict[str, Any]:
        """As JSON holds it; `read` is the way back."""
        told = asdict(self) | {"made_at": self.made_at.isoformat()}
        told["cards"] = [
            card | {"mentor": str(card["mentor"]), "pieces": [str(pk) for pk in card["pieces"]]}
            for card in told["cards"]
        ]
        return told

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Self:
        cards = tuple(
            ShownCard(
                **card
                | {
                    "mentor": UUID(card["mentor"]),
                    "mattered": tuple(card["mattered"]),
                    "parts": tuple(card["parts"]),
                    "pieces": tuple(map(UUID, card["pieces"])),
                }
            )
            for card in told["cards"]
        )
        return cls(**{**told, "made_at": datetime.fromisoformat(told["made_at"]), "cards": cards})

    def holds(self, *, asked_as: str, now: datetime, held: UUID | None) -> bool:
        """Whether it was the same question, and is not long ago. held: somebody who has a card in any case."""
        lasts = LASTS if self.confident else NOBODY_LASTS
        same = self.asked_as == asked_as and timedelta(0) <= now - self.made_at < lasts
        return same and bool(self.cards) and (held is None or any(card.mentor == held for card in self.cards))


def asked_as(asked: Asked, *, asker: UUID, org_id: UUID, zone: str, today: date) -> str:
    """One and the same for whatever is looked for in the same way, and tells nothing of it."""
    told = (
        asked.text, asked.kind, asked.when, tuple(asked.languages), sorted(asked.skills), asked.settled,
        str(asked.decide_by or ""), sorted(map(str, asked.heard)), str(asker), str(org_id), zone, today.isoformat(),
    )  # fmt: skip
    return blake2b(repr(told).encode(), digest_size=16).hexdigest()


def again_of(ranking: Ranking, *, asked_as: str, now: datetime) -> Again:
    """What it takes to show the three of this ranking again."""
    by_fit = sorted(ranking.fits, key=lambda fit: -fit.score)
    family = engine.family_of(skills())
    near = _near(ranking, by_fit, family)
    lacking = "" if ranking.confident else engine.keeps_all_back(ranking.asked, by_fit, family=family) or ""
    shown = {fit.mentor.id for fit in ranking.three}
    return Again(
        asked_as=asked_as,
        made_at=now,
        confident=ranking.confident,
        others=sum(fit.mentor.id not in shown for fit in ranking.fits),
        lacking=lacking,
        free=ranking.rules.asks_when,
        shared=bool(ranking.rules.languages),
        cards=tuple(
            ShownCard(
                mentor=fit.mentor.id,
                near=fit.mentor.id in near,
                mattered=_mattered(ranking, fit, by_fit),
                score=fit.score,
                parts=astuple(fit.parts),
                pieces=tuple(piece.id for piece in fit.pieces),
            )
            for fit in ranking.three
        ),
    )


def _near(ranking: Ranking, by_fit: Sequence[engine.Fit], family: engine.Family) -> set[UUID]:
    """Whose chance to help is below even, where somebody else's is above: two of three of those do not fit."""
    if not ranking.confident:
        return set()
    each = engine.chances(ranking.asked, by_fit, family=family)
    return {fit.mentor.id for fit, chance in zip(by_fit, each, strict=True) if chance < engine.SURE}


def _mattered(ranking: Ranking, fit: engine.Fit, by_fit: Sequence[engine.Fit]) -> tuple[str, ...]:
    told = tuple(reason.feature for reason in engine.what_mattered(ranking.asked, fit, by_fit))
    return (ALIKE, *told) if ranking.alike.get(fit.mentor.id, 0.0) >= LIKE_YOURS else told


def shown_again(again: Again, asked: Asked, rules: Eligible) -> Ranking | None:
    """The three of `again` as they are now, and nobody behind them; None where it is time to look for everybody.

    rules: who may be shown for this question, as it asks. One message.
    """
    said = {"kind": asked.kind, "languages": asked.languages, "chosen": asked.chosen}
    reading, read = read_as_meant(asked.text, **said, org_id=rules.org_id)
    rules = replace(
        rules, languages=rules.languages if again.shared else (), window=rules.window if again.free else None
    )
    ids = [card.mentor for card in again.cards]
    pieces = [pk for card in again.cards for pk in card.pieces]
    words, able, people, pieces_read = send(
        candidates.asking_words(list(reading.stems), org_id=rules.org_id),
        candidates.still_eligible(ids, rules),
        asking_mentors(ids, org_id=rules.org_id),
        candidates.these_pieces(pieces, vector=reading.vector, org_id=rules.org_id),
    )
    mentors, checked = mentors_from(people, asked.skills)
    told = {piece.id: piece for piece in candidates.pieces_from(pieces_read)}
    if {row[0] for row in able.rows} != set(ids) or len(mentors) < len(ids) or len(told) < len(set(pieces)):
        return None
    known = candidates.words_from(words)
    judged = engine.Judging(read, family=engine.family_of(skills()))(mentors.values(), ())
    met = {fit.mentor.id: fit for fit in judged}
    three = [_as_shown(card, met[card.mentor], told) for card in again.cards]
    return Ranking(
        asked=read,
        fits=three,
        three=three,
        confident=again.confident,
        placed=[],
        relaxed=None,
        seed=seed_of(asked.text),
        alike={},
        checked=checked,
        frequency={reading.stems[word]: known.counts.get(lexeme, 0) for lexeme, word in known.words.items()},
        total=max(known.total, len(told)),
        rules=rules,
    )


def _as_shown(card: ShownCard, fit: engine.Fit, told: Mapping[UUID, engine.Piece]) -> engine.Fit:
    pieces = tuple(told[pk] for pk in card.pieces)
    return replace(fit, score=card.score, parts=engine.Parts(*card.parts), pieces=pieces)
