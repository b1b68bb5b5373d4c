"""The protocol, as far as a room needs it: POST /v1/audio/transcriptions with a form, answered with {"text": ...}.

It listens on this machine alone and answers programs, not pages: what a browser sends from somewhere else is refused.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from threading import BoundedSemaphore

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from quarterhour.config.captions import HOST, PATH
from quarterhour.config.captions.sound import BYTES, NotSound

SECONDS = 14.0  # a room waits for fifteen
WAITING = 3  # pieces for each core, besides the one it writes down
AGAIN = "2"  # seconds, for whoever finds it busy
FIELDS = 8
STEPS_BACK = 5  # on a busy machine rooms and pages go first

Writes = Callable[[bytes], str]


class Busy(HTTPException):
    def __init__(self, told: str) -> None:
        super().__init__(503, told, headers={"Retry-After": AGAIN})


class Desk:
    """Who writes down: one piece on each core, few waiting, nobody for longer than a room waits."""

    def __init__(self, writes: Writes, *, cores: int, seconds: float = SECONDS) -> None:
        self._writes, self._seconds = writes, seconds
        self._threads = ThreadPoolExecutor(cores, thread_name_prefix="captions")
        self._places = BoundedSemaphore(cores * (1 + WAITING))

    async def write(self, sound: bytes) -> str:
        """What is said in it. Raises Busy, NotSound."""
        if not self._places.acquire(blocking=False):
            raise Busy("Too much is said at once. Send it again in a moment.")
        job = self._threads.submit(self._writes, sound)
        job.add_done_callback(lambda _: self._places.release())  # also of one that nobody waits for any more
        try:
            return await asyncio.wait_for(asyncio.wrap_future(job), self._seconds)
        except TimeoutError:
            raise Busy("It was not written down in time. Send it again in a moment.") from None

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


def make(load: Callable[[], Writes], *, cores: int, seconds: float = SECONDS) -> Starlette:
    """The server. load: gives the one who writes down; called once, before the first answer."""
    desks: list[Desk] = []

    @asynccontextmanager
    async def lifespan(_app: object) -> AsyncIterator[None]:
        desks.append(Desk(await run_in_threadpool(load), cores=cores, seconds=seconds))
        yield
        desks.pop().close()

    async def health(_request: Request) -> Response:
        return JSONResponse({"ready": bool(desks), "language": "en"})

    async def transcribe(request: Request) -> Response:
        try:
            async with asyncio.timeout(seconds):
                sound, form = await _read(request)
        except TimeoutError:
            raise HTTPException(408, "It did not come in time.") from None
        try:
            text = await desks[0].write(sound)
        except NotSound as error:
            raise HTTPException(error.status, str(error)) from error
        return PlainTextResponse(text) if form == "text" else JSONResponse({"text": text})

    return Starlette(
        routes=[Route("/", health), Route(PATH, transcribe, methods=["POST"])],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=[HOST, "localhost"])],
        exception_handlers={HTTPException: _refuse},
        lifespan=lifespan,
    )


async def _read(request: Request) -> tuple[bytes, str]:
    """The sound and the wanted form of the answer. Raises HTTPException with what to do instead."""
    if "origin" in request.headers:
        raise HTTPException(403, "Pages are not answered here.")
    length = request.headers.get("content-length", "")
    if not length.isascii() or not length.isdigit():
        raise HTTPException(411, "Say how long it is: Content-Length.")
    if int(length) > BYTES:  # below a megabyte nothing of a form is put on the disk
        raise HTTPException(413, f"At most {BYTES} bytes at once.")
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise HTTPException(415, "Send a form: multipart/form-data, with the sound as file.")
    async with request.form(max_files=1, max_fields=FIELDS) as form:
        file, language, wanted = form.get("file"), form.get("language", "en"), form.get("response_format", "json")
        if not isinstance(file, UploadFile):
            raise HTTPException(400, "There is no file in the form.")
        if str(language).lower().partition("-")[0] != "en":
            raise HTTPException(400, "English is understood here, and no other language.")
        if wanted not in {"json", "text"}:
            raise HTTPException(400, "The answer is json or text.")
        return await file.read(), str(wanted)


async def _refuse(_request: Request, error: Exception) -> Response:
    """As OpenAI's own refusals look."""
    assert isinstance(error, HTTPException)
    told = {"error": {"message": error.detail, "type": "invalid_request_error", "code": None, "param": None}}
    return JSONResponse(told, error.status_code, headers=error.headers)


def _whisper() -> Writes:
    from quarterhour.config.captions.whisper import Whisper

    return Whisper(_cores())


def _cores() -> int:
    from quarterhour.config.env import read_settings

    return read_settings()["QUARTERHOUR_CAPTIONS_CORES"]


def __getattr__(name: str) -> Starlette:
    """`application` is made when a server asks for it, so that a test may make its own."""
    if name != "application":
        raise AttributeError(name)
    # One core for each piece, and no question to anybody about models: both have to be said before they are loaded.
    os.environ.update({"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"})
    os.nice(STEPS_BACK)
    return make(_whisper, cores=_cores())
