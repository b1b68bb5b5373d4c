"""The realtime entry: `granian --interface asgi --workers 1 quarterhour.config.asgi:application`.

One worker: the room of a session lives in one process. docs/architecture/room.md says how to have more.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import django
from starlette.applications import Starlette

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quarterhour.config.settings")
django.setup()

from quarterhour.matching.now.bell import Bells  # noqa: E402 - the models are there only after setup
from quarterhour.sessions.room.entry import Entry  # noqa: E402 - the same

_entry, _bells = Entry(), Bells()


@asynccontextmanager
async def _lifespan(app: object) -> AsyncIterator[None]:
    async with _entry.lifespan(app), _bells.lifespan():
        yield


application = Starlette(routes=[*_entry.routes, *_bells.routes], lifespan=_lifespan)
