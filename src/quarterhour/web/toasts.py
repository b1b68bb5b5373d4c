"""What just happened, told at the foot of the next page, with a way back or a way on."""

from __future__ import annotations

import json

from django.contrib import messages


def tell(request, words: str, *, undo: str = "", link: str = "", link_words: str = "", wrong: bool = False) -> None:
    """Show `words` once, on the next page this person sees.

    undo: where a POST takes it back; offered for ten seconds.
    link, link_words: the next place to go, "Open the room".
    wrong: it did not work; then the words stay until they are closed.
    Addresses are paths on this server.
    """
    ways = {key: way for key, way in (("undo", undo), ("link", link), ("link_words", link_words)) if way}
    level = messages.ERROR if wrong else messages.SUCCESS
    messages.add_message(request, level, words, extra_tags=json.dumps(ways) if ways else "")
