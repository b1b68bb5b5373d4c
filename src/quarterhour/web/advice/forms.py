"""The takeaway card as a form: whatever comes, it becomes words or a sentence beside the field."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import QueryDict

from quarterhour.advice.services import MOST_ACTIONS, MOST_ADVICE, ActionWords, AdviceWords, CardWords, checked
from quarterhour.core.errors import Invalid
from quarterhour.core.text import MOST, clean
from quarterhour.web.ask.forms import day_from

ADVICE_SHOWN, ACTIONS_SHOWN, ROOM = 1, 3, 2  # rows in sight at first, and empty rows behind the last one
ANSWERS = ("0", "1", "2", "3", "4")


@dataclass(frozen=True, slots=True)
class AdviceRow:
    n: int
    text: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True)
class ActionRow:
    """due: as typed. known: the key of the action this row corrects. proposed: nobody has looked at it yet."""

    n: int
    text: str = ""
    owner: str = "mentee"
    due: str = ""
    known: str = ""
    proposed: bool = False


@dataclass(frozen=True, slots=True)
class Typed:
    """A form as somebody left it, whether it makes sense or not."""

    insight: str = ""
    advice: tuple[AdviceRow, ...] = ()
    actions: tuple[ActionRow, ...] = ()
    helpful: str = ""
    note: str = ""
    may_quote: bool = False
    may_find: bool = False

    @property
    def quarters(self) -> int | None:
        """The answer, 0 to 4, or None where there is none that can be."""
        return int(self.helpful) if self.helpful in ANSWERS else None

    @property
    def advice_rows(self) -> tuple[AdviceRow, ...]:
        """The rows a page draws, with room for more."""
        return _with_room(self.advice, AdviceRow, least=ADVICE_SHOWN, most=MOST_ADVICE)

    @property
    def action_rows(self) -> tuple[ActionRow, ...]:
        return _with_room(self.actions, ActionRow, least=ACTIONS_SHOWN, most=MOST_ACTIONS)


def typed_from(post: QueryDict) -> Typed:
    """What somebody sent, cleaned of what no page can show. Rows beyond what a card holds are not read."""

    def text(name: str) -> str:
        return clean(post.get(name, ""))

    return Typed(
        insight=text("insight"),
        advice=tuple(AdviceRow(n, text(f"advice-{n}"), text(f"when-{n}")) for n in range(MOST_ADVICE)),
        actions=tuple(
            ActionRow(n, text(f"action-{n}"), text(f"owner-{n}") or "mentee", text(f"due-{n}"), text(f"known-{n}"))
            for n in range(MOST_ACTIONS)
        ),
        helpful=text("helpful"),
        note=text("note"),
        may_quote=post.get("may_quote") == "on",
        may_find=post.get("may_find") == "on",
    )


def typed_of(
    words: CardWords, *, proposed: bool, said: tuple[int | None, str], may: tuple[bool, bool] = (False, False)
) -> Typed:
    """A card, proposed or kept, as its form shows it. said: this person's own answer and note.

    may: whether they let its advice be quoted, and found.
    """
    quarters, note = said
    return Typed(
        insight=words.insight,
        advice=tuple(AdviceRow(n, a.text, a.applies_when) for n, a in enumerate(words.advice)),
        actions=tuple(
            ActionRow(n, a.text, a.owner, a.due.isoformat() if a.due else "", str(a.known or ""), proposed)
            for n, a in enumerate(sorted(words.actions, key=lambda each: each.due or date.max))
        ),
        helpful="" if quarters is None else str(quarters),
        note=note,
        may_quote=may[0],
        may_find=may[1],
    )


def words_of(typed: Typed, *, held_on: date, thanks: str = "") -> CardWords:
    """The words of a form, checked. Raises Invalid with every field that needs another look, not only the first."""
    wrong = wrong_in_answer(typed)
    actions = []
    for row in typed.actions:
        due = day_from(row.due)
        if row.due and due is None and row.text:
            wrong[f"due-{row.n}"] = "We could not read that day. Write it as 2026-11-30, or leave it empty."
        actions.append(ActionWords(text=row.text, owner=row.owner, due=due, known=_key(row.known)))
    words = CardWords(
        insight=typed.insight,
        advice=[AdviceWords(text=row.text, applies_when=row.when) for row in typed.advice],
        actions=actions,
        thanks=thanks,
    )
    try:
        words = checked(words, held_on=held_on)
    except Invalid as refused:
        wrong = refused.fields | wrong
    if wrong:
        raise Invalid("Some of it needs another look. Nothing you typed is lost.", fields=wrong)
    return words


def wrong_in_answer(typed: Typed) -> dict[str, str]:
    """What cannot be in the answer to "how much did it help", by field."""
    wrong = {}
    if typed.helpful and typed.quarters is None:
        wrong["helpful"] = "Choose one of the five, or none."
    if len(typed.note) > MOST:
        wrong["note"] = f"That is {len(typed.note):,} characters. Shorten it to {MOST:,}."
    return wrong


def _with_room(rows: tuple, kind: type, *, least: int, most: int) -> tuple:
    """The rows up to the last one with words in it, and empty ones behind it."""
    last = max((row.n for row in rows if row.text or getattr(row, "when", "")), default=-1)
    wanted = min(max(last + 1, least) + ROOM, most)
    return rows[:wanted] + tuple(kind(n) for n in range(len(rows), wanted))


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
