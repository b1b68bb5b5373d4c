"""Teach the detector of `engines.perspectives`, and say how well it does on what it was not taught.

    python -m quarterhour.config.perspectives.train --claims FOLDER [--out weights.json] [--picture calibration.svg]

FOLDER holds perspectrum_stance_train.jsonl and perspectrum_pairs_train.jsonl (CC BY-SA 4.0; not part of this
project, see docs/algorithms/perspectives.md). The rest of the lessons is our own and lies beside this module and in
the town. The same files give the same weights. It also prints how decisions fared that had taught nothing: they are
cut into eight parts, and each part is judged by what the other seven teach.
"""

import argparse
import json
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from quarterhour.config.perspectives.judging import Judged, picture_of, table_of
from quarterhour.config.perspectives.lessons import Pair, Said, Vectors, claims, pairs, pieces, texts
from quarterhour.engines.perspectives import features
from quarterhour.engines.perspectives.features import Taken
from quarterhour.engines.perspectives.reading import read
from quarterhour.engines.perspectives.weights import HEADS
from quarterhour.matching.embedding import embed_together

Floats = NDArray[np.float64]

OUT = Path(features.__file__).with_name("weights.json")
FOLDS = 8
DIGITS = 4
# How far from nothing a weight is kept, by head; chosen by leaving decisions out.
RIDGE = {"side": 5.0, "takes_a_side": 40.0, "claim_side": 1000.0, "claim_conflict": 5.0}
USUAL = 5.0
STEPS, ENOUGH = 60, 1e-7


def learned(rows: Floats, yes: Floats, counts: Floats, *, ridge: float) -> Floats:
    """Weights of a logistic regression, the constant last, by Newton's method with a ridge (not on the constant)."""
    table = np.hstack([rows, np.ones((len(rows), 1))])
    keep = np.full(table.shape[1], ridge)
    keep[-1] = 1e-6
    weights: Floats = np.zeros(table.shape[1])
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-np.clip(table @ weights, -30, 30)))
        slope = table.T @ (counts * (chance - yes)) + keep * weights
        bend = (table * (counts * chance * (1 - chance))[:, None]).T @ table + np.diag(keep)
        step = np.linalg.solve(bend, slope)
        weights = weights - step
        if float(np.abs(step).max()) < ENOUGH:
            break
    return weights


class School:
    """Examples as numbers, once, for learning from any part of them."""

    def __init__(self, said: Sequence[Said], two: Sequence[Pair], vectors: Vectors | None, *, claim: bool) -> None:
        self.said, self.two, self.vectors, self.claim = said, two, vectors, claim
        self.sides = np.array([each.side for each in said], dtype=np.float64)
        self.groups = np.array([each.group for each in said])
        self.pair_groups = np.array([each.group for each in two])
        self.labels = np.array([each.label for each in two])
        self.counts = np.array([each.counts for each in two])
        self.of_side = np.array([self._side(each, each.text) for each in said])
        self.pair_sides = np.array([[self._side(each, each.a), self._side(each, each.b)] for each in two])
        if not claim:
            self.of_taking = np.array([self._takes(each, each.text) for each in said])
            self.pair_taking = np.array([[self._takes(each, each.a), self._takes(each, each.b)] for each in two])

    def learn(self, without: AbstractSet[str] = frozenset()) -> dict[str, Floats]:
        """The heads of one piece, from all examples but those of some groups."""
        in_ = ~np.isin(self.groups, list(without))
        sided = in_ & (np.abs(self.sides) == 1)
        name = "claim_side" if self.claim else "side"
        heads = {name: _fit(name, self.of_side[sided], self.sides[sided] > 0)}
        if not self.claim:
            heads["takes_a_side"] = _fit("takes_a_side", self.of_taking[in_], self.sides[in_] != 0)
        return heads

    def compared(self, heads: dict[str, Floats], which: NDArray[np.intp]) -> Floats:
        """Features of some pairs, as those heads read their pieces."""
        return np.array([self._between(heads, number).all for number in which])

    def _between(self, heads: dict[str, Floats], number: int) -> features.Between:
        pair = self.two[number]
        sides = heads["claim_side" if self.claim else "side"]
        takens = []
        for place, text in enumerate((pair.a, pair.b)):
            lean = float(self.pair_sides[number, place] @ sides[:-1] + sides[-1])
            taking = heads.get("takes_a_side")
            side = 0.0 if taking is None else float(self.pair_taking[number, place] @ taking[:-1] + taking[-1])
            takens.append(Taken(read(text), lean, side, self.vectors.of(text) if self.vectors else None))
        meaning = self.vectors.meaning(pair.asked) if self.vectors else None
        return features.between(takens[0], takens[1], meaning, claim=self.claim)

    def _side(self, each: Said | Pair, text: str) -> Floats:
        look = features.claim_side if self.claim else features.side
        if self.vectors is None:
            return look(each.asked, text, None, None)
        return look(each.asked, text, self.vectors.of(text), self.vectors.meaning(each.asked))

    def _takes(self, each: Said | Pair, text: str) -> Floats:
        if self.vectors is None:
            return features.takes_a_side(each.asked, text, None, None)
        return features.takes_a_side(each.asked, text, self.vectors.of(text), self.vectors.meaning(each.asked))


def _fit(head: str, rows: Floats, yes: NDArray[np.bool_], counts: Floats | None = None) -> Floats:
    counts = np.ones(len(rows)) if counts is None else counts
    return learned(rows, yes.astype(np.float64), counts, ridge=RIDGE.get(head, USUAL))


def teach(school: School) -> tuple[dict[str, Floats], Judged]:
    """All heads of a school, and how they judged pairs of groups that had taught them nothing.

    The heads that compare learn from pieces read by heads that had not seen their decision: otherwise they would
    trust the reading more than it deserves.
    """
    groups = sorted(set(school.groups) | set(school.pair_groups))
    np.random.RandomState(0).shuffle(groups)
    fold = {group: number % FOLDS for number, group in enumerate(groups)}
    folds = np.array([fold[group] for group in school.pair_groups])
    seen: dict[int, Floats] = {}
    for number in range(FOLDS):
        heads = school.learn(without={group for group in groups if fold[group] == number})
        which = np.flatnonzero(folds == number)
        seen |= dict(zip(which.tolist(), school.compared(heads, which), strict=True))
    rows = np.array([seen[number] for number in range(len(school.two))])
    chances = np.zeros((len(school.two), 4))
    for number in sorted(set(folds.tolist())):
        out = folds == number
        chances[out] = _chances(_pair_heads(school, rows, ~out), rows[out], claim=school.claim)
    heads = school.learn() | _pair_heads(school, rows, np.ones(len(rows), dtype=bool))
    return heads, Judged([pair.source for pair in school.two], list(school.labels), chances)


def _pair_heads(school: School, rows: Floats, in_: NDArray[np.bool_]) -> dict[str, Floats]:
    conflict = school.labels == "conflict"
    name = "claim_conflict" if school.claim else "conflict"
    heads = {name: _fit(name, rows[in_], conflict[in_], school.counts[in_])}
    if not school.claim:
        rest = in_ & ~conflict
        for label in ("agree", "compatible", "unrelated"):
            heads[label] = _fit(label, rows[rest], school.labels[rest] == label, school.counts[rest])
    return heads


def _chances(heads: dict[str, Floats], rows: Floats, *, claim: bool) -> Floats:
    def chance(head: str) -> Floats:
        return 1 / (1 + np.exp(-np.clip(rows @ heads[head][:-1] + heads[head][-1], -30, 30)))

    if claim:
        conflict = chance("claim_conflict")
        return np.column_stack([conflict, 1 - conflict, np.zeros_like(conflict), np.zeros_like(conflict)])
    conflict = chance("conflict")
    others = np.column_stack([chance("agree"), chance("compatible"), chance("unrelated")])
    others *= ((1 - conflict) / others.sum(axis=1))[:, None]
    return np.column_stack([conflict, others])


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=Path, required=True, metavar="FOLDER", help="with the files of PERSPECTRUM")
    parser.add_argument("--out", type=Path, default=OUT, help="where the weights go; into the engine if unset")
    parser.add_argument("--picture", type=Path, metavar="FILE.svg", help="also draw the calibration")
    given = parser.parse_args(argv)
    own, theirs = (pieces(), pairs()), claims(given.claims)
    vectors = Vectors(embed_together)
    vectors.read(texts(*own) | texts(*theirs))
    kept: dict[str, dict[str, list[float]]] = {}
    for name, known in (("meaning", vectors), ("words", None)):
        heads, judged = teach(School(*own, known, claim=False))
        claim_heads, of_claims = teach(School(*theirs, known, claim=True))
        heads |= claim_heads
        kept[name] = {head: [round(float(value), DIGITS) for value in heads[head]] for head in HEADS}
        print(f"{name}, on what was left out:")
        print(table_of(judged.and_(of_claims)))
        if name == "meaning" and given.picture:
            given.picture.write_text(picture_of(judged, of_claims), encoding="utf-8")
    given.out.write_text(json.dumps(kept, separators=(",", ":")).replace("],", "],\n") + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
