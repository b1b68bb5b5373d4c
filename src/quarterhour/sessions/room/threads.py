"""The database, kept out of the event loop: the ORM in a few threads, each with a connection of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from django.db import close_old_connections

THREADS = 4
PATIENCE = 15.0  # seconds

T = TypeVar("T")
_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="room-database")


async def run(work: Callable[..., T], *args: object, **kwargs: object) -> T:
    """Run `work` in a thread. Raises TimeoutError after 15 s, and whatever `work` raises."""
    loop = asyncio.get_running_loop()
    done = loop.run_in_executor(_threads, partial(_with_fresh_connection, work, *args, **kwargs))
    return await asyncio.wait_for(done, PATIENCE)


def _with_fresh_connection(work: Callable[..., T], *args: object, **kwargs: object) -> T:
    close_old_connections()
    try:
        return work(*args, **kwargs)
    finally:
        close_old_connections()
