"""Sentences spoken by espeak-ng, as a browser sends them. No person speaks so: it shows that words come through."""

from __future__ import annotations

import io
import subprocess

import av


def spoken(text: str, *, voice: str = "en-us") -> bytes:
    """A WAV."""
    told = ["espeak-ng", "-v", voice, "-s", "150", "--stdout", text]
    return subprocess.run(told, check=True, capture_output=True).stdout


def as_opus(wav: bytes, kind: str = "webm", *, codec: str = "libopus") -> bytes:
    """The same as Opus in WebM, Ogg or MP4, or as something else in it."""
    out = io.BytesIO()
    with av.open(io.BytesIO(wav)) as given, av.open(out, "w", format=kind) as box:
        track = box.add_stream(codec, rate=48_000, layout="mono")
        even = av.AudioResampler(format="s16", layout="mono", rate=48_000, frame_size=960)
        for frame in [*given.decode(audio=0), None]:
            for piece in even.resample(frame):
                box.mux(track.encode(piece))
        box.mux(track.encode(None))
    return out.getvalue()
