"""What the first visitor would otherwise wait for, read as soon as a worker starts."""

from __future__ import annotations

import gc
import threading


def warm() -> threading.Thread:
    """Read taxonomy and sentence model beside the first requests, and leave them to no collector.

    A full collection walks over everything that was ever loaded and holds a page for 150 ms and more; what stays
    for as long as the process runs need not be walked over.
    """
    thread = threading.Thread(target=read_what_stays, name="warm", daemon=True)
    thread.start()
    return thread


def read_what_stays() -> None:
    """The same, and wait for it."""
    from quarterhour.engines.matching import family_of
    from quarterhour.matching.dictionary import speller
    from quarterhour.matching.embedding import embed
    from quarterhour.matching.skill_vectors import NEARBY, similar_skills
    from quarterhour.people.taxonomy import search, skills

    family_of(skills())
    search("leading", 1)
    speller()
    read = embed(["A question that somebody asks."])
    if read is not None:
        similar_skills(read[0], nearest=NEARBY)
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
