"""The files of `quarterhour evaluate experts`: past asks, questions, the pool, and who really helped."""

from __future__ import annotations

import gzip
import json
import lzma
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

import numpy as np
from numpy.typing import NDArray

from quarterhour.engines.experts import Ask, Past, Reply

ROUNDED = 6
OPENERS = {".xz": lzma.open, ".gz": gzip.open}


class ExpertsFileError(ValueError):
    """A file cannot be read; the text says which line and what to do."""


def pasts_of(paths: Sequence[Path]) -> list[Past]:
    """The threads of one or more files, plain JSON lines or packed as .xz or .gz. Raises ExpertsFileError."""
    found: dict[str, Past] = {}
    for path in paths:
        for number, row in _rows(path):
            try:
                past = Past(_ask(row), [_reply(each) for each in row.get("replies") or ()])
            except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
                raise _unclear(
                    path, number, error, "id, opened, asker and replies as [person, minutes, text]"
                ) from error
            found[past.ask.id] = past  # the same thread in two files counts once
    return list(found.values())


def asks_of(path: Path) -> list[Ask]:
    """The questions of a file, each once. Raises ExpertsFileError."""
    found: dict[str, Ask] = {}
    for number, row in _rows(path):
        try:
            ask = _ask(row)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise _unclear(path, number, error, "id, text, opened and asker") from error
        found[ask.id] = ask
    if not found:
        raise ExpertsFileError(f"{path} holds no question. One JSON object a line is needed.")
    return list(found.values())


def pool_of(path: Path) -> list[str]:
    """The people of a file, one a line, each once. Raises ExpertsFileError."""
    with _opened(path) as lines:
        found = list(dict.fromkeys(name for line in lines if (name := line.strip())))
    if not found:
        raise ExpertsFileError(f"{path} names nobody. One person a line is needed.")
    return found


def relevant_of(path: Path) -> dict[str, set[str]]:
    """Question -> who really helped: two or more columns apart by tabs, with or without a heading."""
    found: dict[str, set[str]] = {}
    with _opened(path) as lines:
        for number, line in enumerate(lines, start=1):
            cells = line.rstrip("\r\n").split("\t")
            if cells[0].strip().lower() in {"", "query"}:
                continue
            if len(cells) < 2 or not cells[1].strip():  # noqa: PLR2004 - a question and a person
                raise ExpertsFileError(f"{path}, line {number}: a question and a person are needed, apart by a tab.")
            found.setdefault(cells[0].strip(), set()).add(cells[1].strip())
    return found


def write_rankings(path: Path, rankings: Mapping[str, Sequence[tuple[str, float]]]) -> None:
    """Tab-separated query, rank from 1, person, score."""
    try:
        out = path.open("w", encoding="utf-8", newline="\n")
    except OSError as error:
        raise ExpertsFileError(f"{path} cannot be written: {error.strerror or error}.") from error
    with out:
        for query, people in rankings.items():
            for place, (person, score) in enumerate(people, start=1):
                out.write(f"{query}\t{place}\t{person}\t{round(score, ROUNDED)}\n")


def known_vectors(path: Path) -> dict[str, NDArray[np.float32]]:
    """Vectors kept by an earlier run, by `key_of` their ask; none if there is no such file yet."""
    if not path.exists():
        return {}
    try:
        with np.load(path, allow_pickle=False) as kept:
            return dict(zip(kept["texts"].tolist(), kept["vectors"], strict=True))
    except (OSError, KeyError, ValueError) as error:
        raise ExpertsFileError(
            f"{path} does not hold kept vectors: {error}. Delete it, and it is made anew."
        ) from error


def keep_vectors(path: Path, vectors: Mapping[str, NDArray[np.float32]]) -> None:
    """Keep vectors for the next run."""
    with path.open("wb") as out:
        np.savez(out, texts=np.array(list(vectors)), vectors=np.array(list(vectors.values()), dtype=np.float32))


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    with _opened(path) as lines:
        try:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    row = json.loads(line)
                    if not isinstance(row, dict):
                        raise ExpertsFileError(f"{path}, line {number}: one JSON object a line is needed.")
                    yield number, row
        except json.JSONDecodeError as error:
            raise ExpertsFileError(f"{path}: a line is not JSON ({error}). Is the file complete?") from error
        except (UnicodeDecodeError, lzma.LZMAError, EOFError, OSError) as error:
            raise ExpertsFileError(f"{path} cannot be read to its end: {error}. Fetch it again.") from error


def _opened(path: Path) -> TextIO:
    opener = OPENERS.get(path.suffix, open)
    try:
        return opener(path, "rt", encoding="utf-8-sig")
    except OSError as error:
        raise ExpertsFileError(f"{path} cannot be read: {error.strerror or error}.") from error


def _ask(row: Mapping[str, Any]) -> Ask:
    opened = float(row["opened"])
    if not math.isfinite(opened):
        raise ValueError("opened is not a time")
    words = [str(row.get(name) or "") for name in ("area", "title", "text")]
    return Ask(str(row["id"]), *words, opened, str(row.get("asker") or ""))


def _reply(row: Sequence[Any]) -> Reply:
    minutes = float(row[1])
    if not math.isfinite(minutes):
        raise ValueError("minutes is not a number")
    return Reply(str(row[0]), max(minutes, 0.0), str(row[2] or "") if len(row) > 2 else "")  # noqa: PLR2004


def _unclear(path: Path, number: int, error: Exception, needed: str) -> ExpertsFileError:
    return ExpertsFileError(f"{path}, line {number}: {type(error).__name__} {error}. A line needs {needed}.")
