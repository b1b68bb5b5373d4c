"""An assistant's first thoughts are asked for by a press, come by a job, and are forgotten within hours."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import transaction

from quarterhour.assistant import endpoint
from quarterhour.assistant.models import Thoughts
from quarterhour.core import fetching, limits, retention
from quarterhour.core.errors import NotAllowed, QuarterhourError
from quarterhour.core.fetching import Silent, rests
from quarterhour.needs.models import Need
from quarterhour.people.models import Person

log = structlog.get_logger(__name__)

AN_HOUR = timedelta(hours=1)
KEPT = timedelta(hours=3)
GIVEN_UP = timedelta(minutes=2)  # a press whose job was lost may be made again
MOST_PRESSES = 6  # an hour
OFF = "There is no assistant here. Ask a person."
TOO_OFTEN = "That was often within an hour. A person is better by now; your question is saved."
RESTS = "It has not answered anybody for a while, and is left in peace. Try again in a few minutes."


@transaction.atomic
def ask(*, need: Need, by: Person, now: datetime) -> Thoughts:
    """Send the words of this question to the operator's assistant. While an answer is on its way, pressing again is
    the same press.

    Raises NotAllowed where there is no assistant, for anybody else's question or a closed one; TooMany.
    """
    from quarterhour.assistant.tasks import think

    if by.pk != need.mentee_id:
        raise NotAllowed("Only the person whose question it is can send it anywhere.")
    if not endpoint.is_there():
        raise NotAllowed(OFF)
    if need.closed_at is not None:
        raise NotAllowed("This question is closed.")
    known = Thoughts.objects.within(need.org_id).select_for_update().filter(need=need).first()
    if known is not None and is_coming(known, now=now) and known.version == need.version:
        return known
    limits.spend(f"assistant {by.pk}", most=MOST_PRESSES, per=AN_HOUR, now=now, told=TOO_OFTEN)
    fresh = {
        "org_id": need.org_id, "version": need.version, "asked_at": now, "answered_at": None, "words": "",
        "questions": [], "told": "",
    }  # fmt: skip
    row, _ = Thoughts.objects.within(need.org_id).update_or_create(need=need, defaults=fresh)
    think.defer(need_id=str(need.pk))
    return row


def is_coming(row: Thoughts, *, now: datetime) -> bool:
    """Whether an answer is on its way."""
    return row.answered_at is None and row.asked_at > now - GIVEN_UP


def think(need_id: UUID, *, now: datetime) -> None:
    """Ask the assistant, and keep what it said. Running twice asks nobody twice; not within a transaction."""
    because = "a job asks for whoever pressed"
    rows = Thoughts.objects.of_every_tenant(because=because).filter(need=need_id, answered_at=None)
    row = rows.select_related("need").first()
    if row is None or row.need.version != row.version or not endpoint.is_there():
        return
    told, words, questions = "", "", []
    try:
        said = _asked(endpoint.words_of(row.need), now=now)
        words, questions = said.words, said.questions
    except QuarterhourError as trouble:
        log.warning("assistant_said_nothing", error=type(trouble).__name__)
        told = trouble.told[:300]
    # Whoever pressed anew meanwhile waits for that press.
    same = rows.filter(pk=row.pk, asked_at=row.asked_at)
    same.update(answered_at=now, words=words, questions=questions, told=told)


def _asked(words: str, *, now: datetime) -> endpoint.Said:
    if endpoint.is_resting(now=now):
        raise fetching.FetchFailed(RESTS)
    try:
        said = endpoint.ask(words)
    except Silent as silent:
        rests.was_silent(silent, now=now)
        raise
    rests.answered(endpoint.origin())
    return said


def thoughts_for(need: Need, *, visible_to: Person) -> Thoughts | None:
    """What was said to this question as it stands now; None where nobody asked, or it says something else by now."""
    return Thoughts.objects.visible_to(visible_to).filter(need=need, version=need.version).first()


def forget(*, now: datetime) -> int:
    """Remove what was said hours ago. Returns how many."""
    everywhere = Thoughts.objects.of_every_tenant(because="housekeeping runs for every organisation")
    return retention.forget(everywhere.filter(asked_at__lt=now - KEPT))
