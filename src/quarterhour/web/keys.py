"""Forms that act carry a key, so that a double press or a resend gets the first answer and has one effect."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

from quarterhour.core.commands import once
from quarterhour.core.errors import Invalid


def fresh_key() -> str:
    """A key for a form that is about to be shown."""
    return str(uuid4())


def key_of(request) -> UUID:
    """The key a form came with. Raises Invalid with a sentence if it is none."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError as error:
        raise Invalid("This form came without its key. Reload the page and press again.") from error


def pressed_once(request, name: str, body: dict[str, object], run: Callable[[], dict]) -> dict:
    """Run what a press asks for, once for its key, and give the same answer to the same press later.

    name, body: what is asked, to tell it from another press. run: returns a JSON-able answer.
    A press without a key field, as a program may send it, is simply run: the state of things decides then.
    Raises Invalid for a key that is none, KeyReused for one that came with other words.
    """
    if "key" not in request.POST:
        return run()
    return once(key=key_of(request), person_key=str(request.user.pk), name=name, body=body, run=run, now=request.now)
