"""What comes from the pages of a decision, as words a service takes, or as somebody left it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.http import QueryDict

from quarterhour.advice.boards import Place
from quarterhour.advice.decision_models import Decision
from quarterhour.advice.decisions import FEWEST_OPTIONS, MOST_CRITERIA, MOST_OPTIONS, DecisionWords, OptionWords
from quarterhour.core.errors import Invalid
from quarterhour.core.text import clean
from quarterhour.web.ask.forms import day_from, whole

UNREADABLE = "We could not read that day. Write it as 2026-12-04, or leave it empty."


@dataclass(frozen=True, slots=True)
class Row:
    n: int
    text: str = ""
    known: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """The form of a decision as somebody left it, whether it makes sense or not."""

    question: str = ""
    options: tuple[Row, ...] = ()
    criteria: tuple[Row, ...] = ()
    context: str = ""
    decide_by: str = ""
    advisers_place: bool = False

    @property
    def option_rows(self) -> tuple[Row, ...]:
        """The rows a page draws: two at least, and one more to write in."""
        return _with_room(self.options, least=FEWEST_OPTIONS, most=MOST_OPTIONS)

    @property
    def criterion_rows(self) -> tuple[Row, ...]:
        return _with_room(self.criteria, least=0, most=MOST_CRITERIA)


def typed_from(post: QueryDict) -> Typed:
    """What somebody sent, cleaned of what no page can show. Rows beyond what a decision holds are not read."""

    def text(name: str) -> str:
        return clean(post.get(name, ""))

    return Typed(
        question=text("question"),
        options=tuple(Row(n, text(f"option-{n}"), text(f"known-{n}")) for n in range(MOST_OPTIONS)),
        criteria=tuple(Row(n, text(f"criterion-{n}")) for n in range(MOST_CRITERIA)),
        context=text("context"),
        decide_by=text("decide_by"),
        advisers_place=post.get("advisers_place") == "on",
    )


def typed_of(decision: Decision) -> Typed:
    """A kept decision as its form shows it."""
    return Typed(
        question=decision.question,
        options=tuple(Row(n, each.text, str(each.pk)) for n, each in enumerate(decision.options.all())),
        criteria=tuple(Row(n, each) for n, each in enumerate(decision.criteria)),
        context=decision.context,
        decide_by=decision.decide_by.isoformat() if decision.decide_by else "",
        advisers_place=decision.advisers_place,
    )


def words_of(typed: Typed) -> DecisionWords:
    """The words of a form. Raises Invalid for a day that is none; the services say what else is wrong."""
    decide_by = day_from(typed.decide_by)
    if typed.decide_by and decide_by is None:
        raise Invalid("Some of it needs another look. Nothing you typed is lost.", fields={"decide_by": UNREADABLE})
    return DecisionWords(
        question=typed.question,
        options=[OptionWords(text=row.text, known=key_from(row.known)) for row in typed.options],
        criteria=[row.text for row in typed.criteria],
        context=typed.context,
        decide_by=decide_by,
        advisers_place=typed.advisers_place,
    )


def place_from(text: str) -> tuple[UUID | None, str]:
    """Where a press puts a piece: "<option>:for" gives its key and the side; "beside" and "" have no option."""
    option, _, side = text.rpartition(":")
    return key_from(option), side


def described_from(post: Mapping[str, str]) -> Place:
    """What the plain form of a piece says."""
    option, side = place_from(post.get("stance", ""))
    told = {name: post.get(name, "") for name in ("condition", "assumption", "confidence", "change_mind")}
    return Place(option=option, side=side, **told)


def seen(request) -> int:
    """The version a form showed; -1 where it does not say, which is never the present one."""
    given = request.POST.get("version", "")
    return whole(given, digits=8) if given else -1


def key_from(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _with_room(rows: tuple[Row, ...], *, least: int, most: int) -> tuple[Row, ...]:
    """The rows up to the last one with words in it, and one empty one behind it."""
    last = max((row.n for row in rows if row.text), default=-1)
    wanted = min(max(last + 2, least + 1), most)
    return rows[:wanted] + tuple(Row(n) for n in range(len(rows), wanted))
