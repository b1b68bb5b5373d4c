"""The server that writes down speech on this machine: what it takes, what it refuses, and what it makes of sound."""

from __future__ import annotations

import io
import threading
import wave
from concurrent.futures import ThreadPoolExecutor, as_completed
from types import SimpleNamespace

import numpy as np
import pytest
from starlette.testclient import TestClient
from tests.speech import as_opus, spoken

from quarterhour.config import captions
from quarterhour.config.captions.server import WAITING, make
from quarterhour.config.captions.sound import BYTES, NotSound, open_sound
from quarterhour.config.captions.words import text_of

HERE = f"http://{captions.HOST}:1"
SENTENCE = "Ask for a review date before you sign the contract."


def wav(samples: np.ndarray) -> bytes:
    """Numbers from -1.0 to 1.0, 16,000 a second."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes((samples * 32_000).astype("<i2").tobytes())
    return out.getvalue()


@pytest.fixture
def echo():
    """A server whose answer is what it was sent."""
    with TestClient(make(lambda: bytes.decode, cores=1), base_url=HERE) as client:
        yield client


def post(client, sound: bytes = b"said", headers=None, **fields):
    return client.post(captions.PATH, files={"file": ("speech.webm", sound)}, data=fields, headers=headers)


# --- the protocol --------------------------------------------------------------------------------------


def test_it_speaks_as_openai_does(echo):
    assert echo.get("/").json() == {"ready": True, "language": "en"}
    answer = post(echo, model="whisper-1", response_format="json", language="en")
    assert (answer.status_code, answer.json()) == (200, {"text": "said"})
    assert post(echo, response_format="text", language="en-GB").text == "said"


@pytest.mark.parametrize(
    ("given", "status", "told"),
    [
        ({"language": "de"}, 400, "English"),
        ({"response_format": "srt"}, 400, "json or text"),
        ({"sound": b"x" * BYTES}, 413, f"{BYTES} bytes"),
        ({"headers": {"Origin": "https://x.example"}}, 403, "Pages"),
        ({"headers": {"Host": "x.example"}}, 400, ""),
        ({f"field{number}": "x" for number in range(9)}, 400, "fields"),
    ],
)
def test_what_it_does_not_take_is_refused_in_words(echo, given, status, told):
    answer = post(echo, **given)
    assert answer.status_code == status
    assert told in (answer.json()["error"]["message"] if told else answer.text)


def test_a_form_is_wanted_and_a_file_in_it(echo):
    assert echo.post(captions.PATH, json={"file": "x"}).status_code == 415
    assert echo.post(captions.PATH, content=b"x", headers={"Content-Type": "multipart/form-data"}).status_code == 400
    assert echo.post(captions.PATH, files={"other": b"x"}).json()["error"]["message"] == "There is no file in the form."
    assert echo.post(captions.PATH, content=iter([b"x"])).status_code == 411
    assert echo.get(captions.PATH).status_code == 405


def test_what_is_no_sound_is_a_mistake_of_whoever_sent_it():
    with TestClient(make(lambda: open_sound, cores=1), base_url=HERE) as client:
        answer = post(client, b"no sound")
    assert (answer.status_code, answer.json()["error"]["message"]) == (400, "The file is no WebM, Ogg, MP4 or WAV.")


def test_few_wait_for_a_core_and_the_next_is_told_to_come_again():
    held, begun = threading.Event(), []

    def write(sound: bytes) -> str:
        begun.append(sound)
        held.wait(10)
        return "written"

    with TestClient(make(lambda: write, cores=1), base_url=HERE) as client, ThreadPoolExecutor(WAITING + 2) as people:
        asked = [people.submit(post, client) for _ in range(WAITING + 2)]
        refused = next(as_completed(asked, timeout=10)).result()
        held.set()
        statuses = sorted(each.result().status_code for each in asked)
        assert post(client).json() == {"text": "written"}  # whoever comes later finds room
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "2")
    assert statuses == [200] * (WAITING + 1) + [503]
    assert len(begun) == WAITING + 2


def test_nobody_waits_for_longer_than_a_room_does_and_what_nobody_waits_for_keeps_its_place():
    held = threading.Event()
    with TestClient(make(lambda: lambda _: str(held.wait(10)), cores=1, seconds=0.1), base_url=HERE) as client:
        answers = [post(client).status_code for _ in range(WAITING + 2)]
        held.set()
    assert answers == [503] * (WAITING + 2)


# --- sound ---------------------------------------------------------------------------------------------


def test_a_piece_is_half_a_minute_at_most():
    assert len(open_sound(wav(np.zeros(30 * 16_000)))) == 30 * 16_000
    with pytest.raises(NotSound, match="longer than 30 seconds") as refused:
        open_sound(wav(np.zeros(30 * 16_000 + 1)))
    assert refused.value.status == 413


@pytest.mark.parametrize("kind", ["webm", "ogg", "mp4"])
def test_what_browsers_record_is_opened(kind):
    sound = spoken("Good morning.")
    seconds = len(open_sound(sound)) / 16_000
    assert abs(len(open_sound(as_opus(sound, kind))) / 16_000 - seconds) < 0.1


@pytest.mark.parametrize("cut", [4, 40, 300])
def test_what_breaks_off_before_any_sound_is_refused(cut):
    sound = as_opus(spoken("Good morning."))[:cut]
    with pytest.raises(NotSound):
        open_sound(sound)


def test_what_no_browser_records_is_not_opened():
    with pytest.raises(NotSound, match="neither Opus"):
        open_sound(as_opus(spoken("Good morning."), "ogg", codec="flac"))


def offered(text: str, sure: float = -0.3, nobody: float = 0.1, packed: float = 1.1) -> SimpleNamespace:
    return SimpleNamespace(text=text, avg_logprob=sure, no_speech_prob=nobody, compression_ratio=packed)


def test_the_model_s_own_doubts_decide_what_was_said():
    assert text_of([offered(" Thank you. "), offered(" Until Friday.")]) == "Thank you. Until Friday."
    assert text_of([offered("guessed", sure=-1.1)]) == ""
    assert text_of([offered("beep beep beep", packed=15.9)]) == ""
    assert text_of([offered("noise", sure=-0.8, nobody=0.7)]) == ""
    assert text_of([offered("faint but clear", sure=-0.4, nobody=0.7)]) == "faint but clear"


# --- the model itself ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def whisper():
    from quarterhour.config.captions.whisper import Whisper

    return Whisper(1)


def test_a_sentence_is_written_down(whisper):
    text = whisper(as_opus(spoken(SENTENCE))).lower()
    assert [word for word in ("review date", "sign", "contract") if word in text] == ["review date", "sign", "contract"]


def test_where_nobody_speaks_nothing_is_written_down(whisper):
    dice, time = np.random.default_rng(1), np.arange(4 * 16_000) / 16_000
    for noise in (
        np.zeros(time.size),
        dice.normal(0, 0.1, time.size).clip(-1, 1),
        0.3 * np.sin(2 * np.pi * 50 * time),
        0.4 * np.sin(2 * np.pi * 440 * time),
        (dice.random(time.size) > 0.9995) * 0.9,
    ):
        assert whisper(wav(noise)) == ""


def test_without_the_extra_it_says_what_to_do(monkeypatch, capsys):
    from quarterhour.config.cli import main

    monkeypatch.setattr(captions.util, "find_spec", lambda _name: None)
    with pytest.raises(SystemExit) as refused:
        main(["captions"])
    assert "pip install 'quarterhour[captions]'" in str(refused.value)
