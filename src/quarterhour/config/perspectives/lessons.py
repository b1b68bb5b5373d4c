"""Turning what people said into examples: pieces with a side, pairs with a label."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quarterhour.config.perspectives.sayings import SIDES, labelled, sayings
from quarterhour.engines.perspectives.asking import Asked, asked
from quarterhour.engines.perspectives.detector import meant
from quarterhour.engines.perspectives.features import Meaning

TOWN = Path(__file__).resolve().parents[1] / "town" / "data" / "decisions.jsonl"
TWO = 2
TOWN_COUNTS = 2.0  # a pair of the town, longer and more like life, counts as two of the sayings


@dataclass(frozen=True, slots=True)
class Said:
    """One piece. group: what must not be split between learning and judging. side: 1, -1, 0 for neither, or not
    a number: one of two ways, neither of them for or against.
    """

    group: str
    asked: Asked
    text: str
    side: float


@dataclass(frozen=True, slots=True)
class Pair:
    """Two pieces and how they stand to each other. source: "sayings", "town", "claims"."""

    group: str
    source: str
    asked: Asked
    a: str
    b: str
    label: str
    counts: float = 1.0


def pieces() -> list[Said]:
    """Pieces of the sayings and of the town's decisions."""
    found = [
        Said(decided.name, asked(decided.question, decided.options), text, SIDES[mark])
        for decided in sayings()
        for mark, text in decided.pieces
    ]
    for row in _rows(TOWN):
        if len(row["options"]) == TWO:
            question = asked(row["question"], row["options"])
            found += [Said(row["id"], question, said["text"], _side(said["stance"])) for said in row["advice"]]
    return found


def pairs() -> list[Pair]:
    """Pairs of the sayings, and of the town's decisions, these with their options and without."""
    found = [
        Pair(decided.name, "sayings", asked(decided.question, decided.options), a, b, label)
        for decided, a, b, label in labelled(sayings())
    ]
    for row in _rows(TOWN):
        texts = {said["id"]: said["text"] for said in row["advice"]}
        for source, options in (("town", row["options"]), ("town, question alone", ())):
            question = asked(row["question"], options)
            found += [
                Pair(row["id"], source, question, texts[pair["a"]], texts[pair["b"]], pair["label"], TOWN_COUNTS)
                for pair in row["pairs"]
            ]
    return found


def claims(folder: Path, part: str = "train") -> tuple[list[Said], list[Pair]]:
    """Pieces and pairs of PERSPECTRUM, read from the folder that holds its files."""
    said = [
        Said(str(row["claim_id"]), asked(row["claim"]), row["perspective"], 1 if row["stance"] == "support" else -1)
        for row in _rows(folder / f"perspectrum_stance_{part}.jsonl")
    ]
    two = [
        Pair(str(row["claim_id"]), "claims", asked(row["question"]), row["a"], row["b"], _label(row))
        for row in _rows(folder / f"perspectrum_pairs_{part}.jsonl")
    ]
    return said, two


class Vectors:
    """Vectors by text, each read once. Pieces are read as the detector will read them, decisions to their end."""

    def __init__(self, embed: Any) -> None:
        self._embed, self._kept = embed, dict[str, NDArray[np.float64]]()

    def read(self, texts: Mapping[str, str]) -> None:
        """Read those not read before. texts: each with what of it is read."""
        new = {text: read for text, read in texts.items() if text not in self._kept}
        for text, vector in zip(new, self._embed(list(new.values())) if new else (), strict=True):
            self._kept[text] = np.asarray(vector, dtype=np.float64)

    def of(self, text: str) -> NDArray[np.float64]:
        """The vector of a text that was read."""
        return self._kept[text]

    def meaning(self, question: Asked) -> Meaning:
        """The vectors of a decision that was read."""
        return Meaning(self.of(question.text), self.of(question.first), self.of(question.second or question.first))


def texts(said: Sequence[Said], two: Sequence[Pair]) -> dict[str, str]:
    """All texts of these examples, each with what of it is read."""
    found = {each.text: meant(each.asked, each.text) for each in said}
    found |= {text: meant(each.asked, text) for each in two for text in (each.a, each.b)}
    return found | {way: way for each in (*said, *two) for way in _ways(each.asked)}


def _ways(question: Asked) -> tuple[str, ...]:
    return question.text, question.first, question.second or question.first


def _side(stance: Mapping[str, Any]) -> int:
    way = {"A": 1, "B": -1}.get(stance["option"], 0)
    return way if stance["for"] else -way


def _label(row: Mapping[str, Any]) -> str:
    return "conflict" if row["conflict"] else "agree"


def _rows(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
