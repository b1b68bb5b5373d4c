"""Two people of an imaginary session, and a short way to read their notes."""

from datetime import date

from quarterhour.engines.takeaway import Said, prefill

TUESDAY = date(2026, 3, 3)


def card(notes, *chat, held_on=TUESDAY, mentor="Beatriz Almeida", mentee="Jonas Keller", language="en"):
    lines = [Said(who, text) for who, text in chat]
    return prefill(notes, lines, held_on=held_on, mentor=mentor, mentee=mentee, language=language)


def actions(notes, *chat, **session):
    """What is on the card: owner, text, and day as month-day."""
    return [
        (action.owner, action.text, action.due and f"{action.due:%m-%d}")
        for action in card(notes, *chat, **session).actions
    ]
