"""`quarterhour evaluate conflicts FILE.jsonl`: which pairs of advice pull in different directions?

One pair a line, with `a`, `b`, and what is decided: `decision`, `question` or `claim`; perhaps `id`, and `options`,
a list. Where every line says what is right, as `label` (conflict, agree, compatible, unrelated) or as `conflict`
(1 or 0), the figures are printed as well.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np

from quarterhour.config.perspectives.judging import LABELS, figures, lines_of
from quarterhour.engines.perspectives import Piece, Verdict, compare, lay_out
from quarterhour.matching.embedding import available, embed_together

ASKED = ("decision", "question", "claim")
MOST_KEPT = 20_000  # vectors
A_BOARD = 30  # pieces, as many as lie on a full one


class PairsFileError(ValueError):
    """The file cannot be read as pairs of advice; the text says where and what to do."""


class Embedder:
    """The sentence model, each text read once."""

    def __init__(self) -> None:
        self._kept: dict[str, Any] = {}

    def __call__(self, texts: Sequence[str]) -> Any:
        """Vectors for these texts, or None without a model."""
        new = [text for text in dict.fromkeys(texts) if text not in self._kept]
        if new:
            if len(self._kept) > MOST_KEPT:
                self._kept.clear()
                new = list(dict.fromkeys(texts))
            vectors = embed_together(new)
            if vectors is None:
                return None
            self._kept.update(zip(new, vectors, strict=True))
        return np.array([self._kept[text] for text in texts])


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of the command to `parser`."""
    parser.add_argument("pairs", metavar="FILE.jsonl", type=Path, help="pairs of advice, one a line")
    parser.add_argument(
        "--out", metavar="SCORES.jsonl", type=Path, required=True, help="a label and a chance for each pair, one a line"
    )
    parser.add_argument("--no-model", action="store_true", help="without the sentence model, by words alone")


def run(args: argparse.Namespace) -> int:
    """Write the scores and print the figures. 0, or 2 if the file cannot be read or the scores cannot be written."""
    try:
        rows = pairs_of(args.pairs)
        vectors = None if args.no_model or not available() else Embedder()
        verdicts, seconds = judged(rows, vectors)
        _write(args.out, rows, verdicts)
    except PairsFileError as error:
        print(error, file=sys.stderr)
        return 2
    told = "read with the sentence model" if vectors else "read by words alone"
    print(f"{len(rows)} pairs, {told}, {1000 * float(np.median(seconds)):.1f} ms of one core a pair")
    pieces, board = board_of(rows, None if vectors is None else Embedder())
    print(f"The first pair took {1000 * seconds[0]:.1f} ms, a board of {pieces} pieces {1000 * board:.0f} ms")
    labels = [label_of(row) for row in rows]
    known = [label for label in labels if label is not None]
    if len(known) == len(rows):
        found = figures(known, [verdict.conflict for verdict in verdicts], [verdict.label for verdict in verdicts])
        print(lines_of({"all": found}))
        print(json.dumps(found))
    elif known:
        print(f"Only {len(known)} of them say what is right, so nothing was counted.", file=sys.stderr)
    return 0


def judged(rows: Sequence[Mapping[str, Any]], vectors: Embedder | None) -> tuple[list[Verdict], list[float]]:
    """A verdict on each pair, and the seconds of processor time it took."""
    if vectors:
        vectors(["The model is loaded before anything is timed."])
    verdicts, seconds = [], []
    for row in rows:
        began = process_time()
        verdicts.append(compare(asked_of(row), row["a"], row["b"], options=row.get("options") or (), vectors=vectors))
        seconds.append(process_time() - began)
    return verdicts, seconds


def board_of(rows: Sequence[Mapping[str, Any]], vectors: Embedder | None) -> tuple[int, float]:
    """How many pieces of the file, thirty at most, were laid on one board, and the seconds of processor time it took.

    Nothing is remembered of the pairs that were read before.
    """
    texts = list(dict.fromkeys(text for row in rows for text in (row["a"], row["b"])))[:A_BOARD]
    pieces = [Piece(str(number), text) for number, text in enumerate(texts)]
    began = process_time()
    lay_out(asked_of(rows[0]), rows[0].get("options") or (), pieces, vectors=vectors)
    return len(pieces), process_time() - began


def pairs_of(file: Path) -> list[dict[str, Any]]:
    """The rows of the file. Raises PairsFileError with the number of the line that is wrong."""
    try:
        lines = file.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeError) as error:
        raise PairsFileError(f"{file} cannot be read: {error}") from error
    rows = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise PairsFileError(f"Line {number} of {file} is not JSON: {error}.") from error
        if trouble := _trouble(row):
            raise PairsFileError(f"Line {number} of {file} is no pair of advice: {trouble}.")
        rows.append(row | {"row": number})
    if not rows:
        raise PairsFileError(f"{file} holds no pair. Each line needs a, b, and a decision, question or claim.")
    return rows


def asked_of(row: Mapping[str, Any]) -> str:
    """What is decided."""
    return next(str(row[name]) for name in ASKED if isinstance(row.get(name), str))


def label_of(row: Mapping[str, Any]) -> str | None:
    """What is right, "other" where only that it is no conflict; None where the row does not say."""
    if row.get("label") is not None:
        return str(row["label"])
    if row.get("conflict") is None:
        return None
    return "conflict" if row["conflict"] else "other"


def _trouble(row: Any) -> str:
    """What is wrong with a row, "" for nothing."""
    if not isinstance(row, dict):
        return "it is not an object"
    for name in ("a", "b"):
        if not isinstance(row.get(name), str):
            return f"“{name}” is not text"
    if not any(isinstance(row.get(name), str) for name in ASKED):
        return "it has no decision, question or claim"
    options = row.get("options")
    if options is not None and not (isinstance(options, list) and all(isinstance(each, str) for each in options)):
        return "“options” is not a list of texts"
    if row.get("label") is not None and row["label"] not in LABELS:
        return f"“label” is none of {', '.join(LABELS)}"
    if row.get("conflict") is not None and row["conflict"] not in (0, 1):
        return "“conflict” is neither 0 nor 1"
    return ""


def _write(file: Path, rows: Sequence[Mapping[str, Any]], verdicts: Sequence[Verdict]) -> None:
    lines = []
    for row, verdict in zip(rows, verdicts, strict=True):
        name = "row" if row.get("id") is None else "id"
        lines.append(json.dumps({name: row[name], "label": verdict.label, "conflict": verdict.conflict}))
    try:
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    except OSError as error:
        raise PairsFileError(f"{file} cannot be written: {error}") from error
