"""What a timer does to many rows: one after the other, each in a transaction of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from uuid import UUID

from django.db import transaction

log = logging.getLogger(__name__)


def one_by_one(keys: Iterable[UUID], act: Callable[[UUID], bool], *, deed: str) -> int:
    """Do it to each, in one transaction each. Returns for how many it was done.

    One that breaks is written down, by its key and the kind of error alone, and left as it was: the others go on, and
    the next round tries it again.
    """
    done = 0
    for pk in keys:
        try:
            with transaction.atomic():
                acted = act(pk)
        except Exception as error:  # noqa: BLE001 - one bad row keeps up no other
            log.error("%s: %s was left as it is: %s", deed, pk, type(error).__name__)  # noqa: TRY400 - no private text
        else:
            done += acted
    return done
