"""A question with its typing errors put right, for reading it: what somebody wrote is kept as they wrote it."""

from __future__ import annotations

from uuid import UUID

from quarterhour.core.statements import send
from quarterhour.engines.understand import Mended, language_of
from quarterhour.matching.candidates import asking_words, said_from
from quarterhour.matching.dictionary import READ, speller


def mended(text: str, *, org_id: UUID) -> Mended:
    """`text` as it was probably meant, if it is English.

    A word that any mentor of the organisation uses stays, whatever the dictionary says of it. No query where the
    dictionary or the taxonomy knows every word, which is nearly always; one otherwise.
    """
    if language_of(text) not in READ:
        return Mended(text)
    odd = speller().unknown(text)
    if not odd:
        return Mended(text)
    said = said_from(*send(asking_words(odd, org_id=org_id)))
    return speller().mend(text, [word for word in odd if word not in said])
