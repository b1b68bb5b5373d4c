"""A piece of sound as a browser records it, opened: 16,000 numbers a second, and never more than half a minute."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

RATE = 16_000  # a second, as Whisper reads it
MOST_SECONDS = 30  # what Whisper reads at once
BYTES = 1_000_000
# What the first bytes say, and who opens it: nobody guesses, so nothing else of FFmpeg is reached.
KINDS = ((0, b"\x1aE\xdf\xa3", "matroska"), (0, b"OggS", "ogg"), (4, b"ftyp", "mp4"), (0, b"RIFF", "wav"))
CODECS = {"opus", "libopus", "vorbis", "aac", "pcm_s16le", "pcm_f32le"}


class NotSound(ValueError):
    """It cannot be read, with a sentence for whoever sent it."""

    status = 400


class TooLong(NotSound):
    status = 413


def open_sound(sound: bytes) -> np.ndarray:
    """The samples of a WebM, Ogg, MP4 or WAV, one channel, from -1.0 to 1.0. Raises NotSound, TooLong."""
    import av
    import numpy as np

    kind = next((kind for at, mark, kind in KINDS if sound[at : at + len(mark)] == mark), None)
    if kind is None:
        raise NotSound("The file is no WebM, Ogg, MP4 or WAV.")
    pieces, length = [], 0
    try:
        with av.open(io.BytesIO(sound), format=kind) as box:
            if not box.streams.audio:
                raise NotSound("There is no sound in the file.")
            stream = box.streams.audio[0]
            if stream.codec_context.name not in CODECS:
                raise NotSound("The sound is neither Opus, Vorbis, AAC nor PCM.")
            even = av.AudioResampler(format="s16", layout="mono", rate=RATE)
            for frame in _and_the_end(box.decode(stream)):
                for piece in even.resample(frame):
                    length += piece.samples
                    if length > MOST_SECONDS * RATE:
                        raise TooLong(f"The sound is longer than {MOST_SECONDS} seconds.")
                    pieces.append(piece.to_ndarray()[0])
    except (av.FFmpegError, UnicodeDecodeError) as error:  # the second: of its title, which some releases read
        raise NotSound("The file cannot be read to its end.") from error
    if not pieces:
        raise NotSound("There is no sound in the file.")
    return np.concatenate(pieces).astype(np.float32) / 32_768


def _and_the_end(frames):
    """None is what has a resampler give out the rest."""
    yield from frames
    yield None
