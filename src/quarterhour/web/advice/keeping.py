"""What a press on the card does: the card, the answer and the private word, all of it or nothing."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from quarterhour.advice import services
from quarterhour.advice.models import Takeaway
from quarterhour.advice.services import CardWords
from quarterhour.core.commands import once
from quarterhour.core.errors import Invalid
from quarterhour.matching.knowledge.sharing import let_find
from quarterhour.people.models import Person
from quarterhour.sessions.models import MentoringSession
from quarterhour.trust.services import say_how_it_helped, tell_the_platform
from quarterhour.web.advice.forms import Typed, wrong_in_answer


def keep(
    *,
    session: MentoringSession,
    by: Person,
    words: CardWords,
    typed: Typed,
    seen: int,
    key: UUID,
    held_on: date,
    now: datetime,
) -> None:
    """Write the card and what this person says about the session, once for each `key`.

    Raises KeyReused if the key came with other words before, and what `write_card` raises.
    """

    def write() -> dict:
        card = services.write_card(
            session=session, by=by, words=words, seen=seen, may_quote=typed.may_quote, held_on=held_on, now=now
        )
        let_find(card=card, by=by, allowed=typed.may_find, now=now)
        answer(session=session, by=by, typed=typed, now=now)
        return {"card": str(card.pk), "version": card.version}

    body = {"session": session.pk, "seen": seen, "typed": repr(typed)}
    once(key=key, person_key=str(by.pk), name="takeaway", body=body, run=write, now=now)


@transaction.atomic
def agree(*, card: Takeaway, by: Person, typed: Typed, seen: int, now: datetime) -> None:
    """Confirm the card as it stands, and keep this person's answer. Raises Invalid, Changed."""
    if wrong := wrong_in_answer(typed):
        raise Invalid("Some of it needs another look.", fields=wrong)
    services.confirm_card(card=card, by=by, seen=seen, may_quote=typed.may_quote, now=now)
    let_find(card=card, by=by, allowed=typed.may_find, now=now)
    answer(session=card.session, by=by, typed=typed, now=now)


@transaction.atomic
def answer(*, session: MentoringSession, by: Person, typed: Typed, now: datetime) -> None:
    """Keep how much it helped, where that was said, and the private word. Raises Invalid."""
    if wrong := wrong_in_answer(typed):
        raise Invalid("Some of it needs another look.", fields=wrong)
    if typed.quarters is not None:
        say_how_it_helped(session=session, by=by, quarters=typed.quarters, now=now)
    tell_the_platform(session=session, by=by, text=typed.note, now=now)
