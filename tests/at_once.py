"""Many hands at the same moment, each on a connection of its own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from quarterhour.core.errors import Changed

HANDS = 12


@pytest.fixture
def at_once():
    """Runs every one of these at the same time, each on a connection of its own; returns answers and refusals.

    An error outside the product's own family, a deadlock for one, is raised here.
    """
    together = Barrier(HANDS, timeout=20)

    def leave(_):
        together.wait()  # so that every hand closes its own connection
        connection.close()

    with ThreadPoolExecutor(HANDS) as hands:
        yield lambda deeds: list(hands.map(_answer, deeds))
        list(hands.map(leave, range(HANDS)))


def _answer(deed):
    try:
        return deed()
    except Changed as refused:
        return refused
