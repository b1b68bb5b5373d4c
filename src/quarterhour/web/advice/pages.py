"""What the two pages of a card show: the form, and the card as it stands."""

from __future__ import annotations

import re
from datetime import date, datetime
from uuid import uuid4

from django.utils import timezone
from django.utils.formats import date_format

from quarterhour.advice import queries
from quarterhour.advice.actions import told_of
from quarterhour.advice.decision_queries import own_pieces
from quarterhour.advice.models import Action, Confirmation, Takeaway
from quarterhour.advice.services import ACTION, ADVICE, INSIGHT, WHEN, owns, words_of
from quarterhour.core.errors import Changed, QuarterhourError
from quarterhour.core.text import MOST
from quarterhour.matching.knowledge.sharing import lets_find
from quarterhour.people.models import Person
from quarterhour.people.queries import is_blocked
from quarterhour.sessions.models import MentoringSession
from quarterhour.trust.queries import own_answer
from quarterhour.web import when
from quarterhour.web.advice.forms import ACTIONS_SHOWN, ADVICE_SHOWN, ActionRow, AdviceRow, Typed, typed_of
from quarterhour.web.templatetags.forms import HELPFUL

WENT = ("Badly", "Not well", "So so", "Well", "Very well")
WEEK = 7
BULLET = re.compile(r"^\s*(?:[-*•–]|\[[ xX]\]|\d{1,2}[.)])\s+")
FATES = ((Action.Fate.DONE, "Done"), (Action.Fate.DOING, "Doing"), (Action.Fate.DROPPED, "Dropped"))


def held_on(session: MentoringSession) -> date:
    """The day of the session on the reader's calendar."""
    return timezone.localtime(session.starts_at).date()


def form_page(
    session: MentoringSession,
    reader: Person,
    *,
    card: Takeaway | None,
    typed: Typed | None = None,
    seen: int | None = None,
    refused: QuarterhourError | None = None,
    now: datetime,
) -> dict:
    """The form: as typed, else as the card stands, else as notes and chat propose it.

    card: what is kept at this moment. seen: the version the writer has seen, if not this one; a form that
    comes back for a mended field does not pass over what somebody else changed meanwhile.
    """
    written = queries.written_in(session, visible_to=reader)
    filled_in = False
    if typed is None and card is not None:
        mine = _confirmation(card, reader)
        typed = typed_of(
            words_of(card),
            proposed=False,
            said=own_answer(session, visible_to=reader),
            may=(bool(mine and mine.version == card.version and mine.may_quote), lets_find(card, visible_to=reader)),
        )
    elif typed is None:
        words = queries.proposed(session, written, held_on=held_on(session))
        filled_in = bool(words.insight or words.advice or words.actions)
        typed = typed_of(words, proposed=True, said=own_answer(session, visible_to=reader))
    errors = refused.fields if refused else {}
    advice = [_row(row, errors, text="advice", when="when") for row in typed.advice_rows]
    actions = [_row(row, errors, text="action", owner="owner", due="due") for row in typed.action_rows]
    return _around(session, reader, written, now) | {
        "typed": typed,
        "errors": errors,
        "refused": refused,
        "key": uuid4(),
        "version": (card.version if card else 0) if seen is None else seen,
        "stands": _told(card, session, reader, now) if card and isinstance(refused, Changed) else None,
        "written_before": card is not None,
        "filled_in": filled_in,
        "limits": {"insight": INSIGHT, "advice": ADVICE, "when": WHEN, "action": ACTION, "note": MOST},
        "advice": advice[:ADVICE_SHOWN],
        "more_advice": advice[ADVICE_SHOWN:],
        "open_advice": any(each["row"].text or each["row"].when for each in advice[ADVICE_SHOWN:]),
        "actions": actions[:ACTIONS_SHOWN],
        "more_actions": actions[ACTIONS_SHOWN:],
        "open_actions": any(each["wrong"] for each in actions[ACTIONS_SHOWN:]),
        "below": sum(1 for each in actions[ACTIONS_SHOWN:] if each["row"].text),
    }


def card_page(
    session: MentoringSession,
    reader: Person,
    card: Takeaway,
    *,
    typed: Typed | None = None,
    refused: QuarterhourError | None = None,
    now: datetime,
) -> dict:
    """The card as it stands, with what this reader may still do about it, and what they typed if that did not fit."""
    mine, theirs = _confirmation(card, reader), _confirmation(card, session.other(reader))
    agreed = bool(mine and mine.version == card.version)
    said, note = own_answer(session, visible_to=reader)
    written = queries.written_in(session, visible_to=reader)
    return _around(session, reader, written, now) | {
        "card": card,
        "stands": _told(card, session, reader, now),
        "agreed": agreed,
        "fixed": is_blocked(session.mentor, session.mentee),
        "both": agreed and bool(theirs and theirs.version == card.version),
        "may_quote": agreed and mine.may_quote,
        "tick_quote": typed.may_quote if typed else False,
        "may_find": lets_find(card, visible_to=reader),
        "tick_find": typed.may_find if typed else False,
        "said": typed.quarters if typed else said,
        "said_words": None if said is None else _answers(session, reader)[said],
        "note": typed.note if typed else note,
        "refused": refused,
        "errors": refused.fields if refused else {},
        "limits": {"note": MOST},
        # Decisions the mentor's own words lie on, where the owner lets them say where they stand.
        "laid": own_pieces(reader, session=session.pk) if reader.pk == session.mentor_id else [],
    }


def _row(row: AdviceRow | ActionRow, errors: dict[str, str], **names: str) -> dict:
    """A row of the form with what is wrong in it, by part."""
    wrong = {part: errors[key] for part, name in names.items() if (key := f"{name}-{row.n}") in errors}
    return {"row": row, "wrong": wrong, "ids": " ".join(f"{names[part]}-{row.n}-error" for part in wrong)}


def _around(session: MentoringSession, reader: Person, written: queries.Written, now: datetime) -> dict:
    other = session.other(reader)
    asked = session.mentee_id == reader.pk
    return {
        "session": session,
        "other": other,
        "asked": asked,
        "helper": session.mentor,
        "day": when.day_label(session.starts_at, now=now),
        "span": when.span(session.starts_at, session.ends_at),
        "notes": [line for each in written.notes.splitlines() if (line := BULLET.sub("", each).strip())],
        "chat": [
            {"who": "You" if (said.who == "mentee") == asked else other.first_name, "text": said.text}
            for said in written.chat
        ],
        "spoken": [
            {"who": "You" if (said.who == "mentee") == asked else other.first_name, "text": said.text}
            for said in written.spoken
        ],
        "answers": _answers(session, reader),
        "owners": _owners(session, reader),
    }


def _told(card: Takeaway, session: MentoringSession, reader: Person, now: datetime) -> dict:
    """The card in words, with what became of its actions."""
    today = timezone.localtime(now).date()
    became = told_of(card.actions.all(), org=card.org_id)
    return {
        "insight": card.insight,
        "advice": list(card.advice.all()),
        "actions": [
            _action(action, session, reader, today) | {"became": became.get(action.pk, "")}
            for action in sorted(card.actions.all(), key=_by_date)
        ],
        "written_at": card.written_at,
    }


def _by_date(action: Action) -> date:
    """What is due first comes first; what has no date keeps its place after it."""
    return action.day or date.max


def _action(action: Action, session: MentoringSession, reader: Person, today: date) -> dict:
    pending = action.fate in {Action.Fate.OPEN, Action.Fate.DOING}
    due = action.day
    late = (today - due).days if due and pending else 0
    mine = owns(reader, action, session)
    return {
        "action": action,
        "mine": mine,
        "who": "Both of you"
        if action.owner == Action.Owner.BOTH
        else "You"
        if mine
        else session.other(reader).first_name,
        "day": day_of(due, today),
        "date": date_format(due, "j M" if due.year == today.year else "j M Y") if due else "",
        "late": max(late, 0),
        "fates": [
            {"value": Action.Fate.OPEN if action.fate == value else value, "label": label, "is": action.fate == value}
            for value, label in FATES
        ],
        "fate_word": "" if action.fate == Action.Fate.OPEN else action.get_fate_display(),
    }


def _who(action: Action, *, mine: bool, other: Person) -> str:
    if action.owner == Action.Owner.BOTH:
        return "Both of you"
    return "You" if mine else other.first_name


def day_of(due: date | None, today: date) -> str:
    """As in "Today", "Tomorrow", "Monday" within a week, "Mon" beyond it; "Any day" without a date."""
    if due is None:
        return "Any day"
    away = (due - today).days
    near = {-1: "Yesterday", 0: "Today", 1: "Tomorrow"}.get(away)
    return near or date_format(due, "l" if 0 < away < WEEK else "D")


def _confirmation(card: Takeaway, person: Person) -> Confirmation | None:
    return next((each for each in card.confirmations.all() if each.person_id == person.pk), None)


def _owners(session: MentoringSession, reader: Person) -> list[tuple[str, str]]:
    """Whose an action may be, in the reader's words, the one who asked first."""
    me, other = ("mentee", "mentor") if session.mentee_id == reader.pk else ("mentor", "mentee")
    names = {me: "Me", other: session.other(reader).first_name}
    return [("mentee", names["mentee"]), ("mentor", names["mentor"]), ("both", "Both of us")]


def _answers(session: MentoringSession, reader: Person) -> tuple[str, ...]:
    return HELPFUL if session.mentee_id == reader.pk else WENT
