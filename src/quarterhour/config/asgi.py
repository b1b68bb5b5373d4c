"""The realtime entry: `granian --interface asgi --workers 1 quarterhour.config.asgi:application`.

One worker: the room of a session lives in one process. docs/architecture/room.md says how to have more.
"""

from __future__ import annotations

import os

import django
from starlette.applications import Starlette

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quarterhour.config.settings")
django.setup()

from quarterhour.sessions.room.entry import Entry  # noqa: E402 - the models are there only after setup

_entry = Entry()
application = Starlette(routes=_entry.routes, lifespan=_entry.lifespan)
