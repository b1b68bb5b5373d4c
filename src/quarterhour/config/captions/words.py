"""Which of the words a model offers were spoken. It offers some for every noise, so its own doubts decide.

The three figures are those of Whisper, section 4.5 of Radford et al., Robust Speech Recognition via Large-Scale Weak
Supervision (2022). Nothing is decided by a list of words: whoever says "Thank you" is written down.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

UNSURE = -1.0  # the mean logarithm of a token's probability: below it the words are guessed
RATHER_UNSURE = -0.7  # the same, where it is likely that nobody spoke
NOBODY = 0.6  # how likely it is that nobody speaks
ROUND_IN_CIRCLES = 2.4  # how many times smaller the text is packed: above it the model repeats itself


class Offered(Protocol):
    """A stretch of text and what the model thinks of it."""

    text: str
    avg_logprob: float
    no_speech_prob: float
    compression_ratio: float


def was_said(offered: Offered) -> bool:
    if offered.avg_logprob < UNSURE or offered.compression_ratio > ROUND_IN_CIRCLES:
        return False
    return offered.no_speech_prob <= NOBODY or offered.avg_logprob >= RATHER_UNSURE


def text_of(offered: Iterable[Offered]) -> str:
    """What was said, in one line; empty where nothing was."""
    return " ".join(each.text.strip() for each in offered if was_said(each)).strip()
