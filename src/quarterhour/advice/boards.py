"""Advice is laid on a decision, placed for or against its options, weighed, and set side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from quarterhour.advice.decision_models import Confidence, Decision, LaidPiece, Option, PerspectiveLabel, Side
from quarterhour.advice.models import AdvicePiece
from quarterhour.core.errors import Changed, Invalid, NotFound
from quarterhour.core.text import clean
from quarterhour.people.models import Person
from quarterhour.sessions.models import MentoringSession
from quarterhour.sessions.writing_models import WrittenAsk

MOST_PIECES = 40  # on one board; nobody decides by more
LONGEST = 400
HEAVIEST = 3
SAID = ("piece__takeaway__session__mentor", "answer__mentor")
GONE = "There is nothing at this address, or it is not yours to see."


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a piece of advice stands. option: None for advice on how to go about it, and for what is not placed."""

    option: UUID | None
    side: str
    condition: str = ""
    assumption: str = ""
    confidence: str = ""
    change_mind: str = ""


def locked(decision: Decision, *, by: Person) -> Decision:
    """The decision as it is now, for its owner alone. Of two who write at once, one waits. Raises NotFound."""
    rows = Decision.objects.within(decision.org_id).select_for_update(of=("self",), no_key=True)
    found = rows.filter(pk=decision.pk, owner=by).first()
    if found is None:
        raise NotFound(GONE)
    return found


def fill(decision: Decision, *, now: datetime) -> int:
    """Lay what is not on the board yet: advice of the sessions on its need, answers to it in writing, and advice of
    the sessions that were added by hand.

    What the owner took off stays off. Twice changes nothing. Returns how many pieces came.
    """
    followed = LaidPiece.objects.within(decision.org_id).filter(decision=decision).values("piece__takeaway")
    needs = [key for key in (decision.need_id, *decision.also.values_list("pk", flat=True)) if key]
    own = Q(takeaway__session__need__in=needs, takeaway__session__mentee=decision.owner_id)
    wanted = Q(takeaway__in=followed) | own
    written = _answers(decision.org_id, mentee=decision.owner_id).filter(need__in=needs)
    came = _lay(decision, AdvicePiece.objects.within(decision.org_id).filter(wanted), now)
    return came + _lay_answers(decision, written, now)


@transaction.atomic
def lay_card(*, decision: Decision, by: Person, session: MentoringSession, now: datetime) -> int:
    """Lay the advice of one more session on the decision. Twice changes nothing; what was taken off comes back.

    Raises NotFound for a session the person did not ask for, Invalid where its card holds no advice.
    """
    row = locked(decision, by=by)
    if session.mentee_id != by.pk or session.org_id != row.org_id:
        raise NotFound(GONE)
    pieces = AdvicePiece.objects.within(row.org_id).filter(takeaway__session=session)
    if not pieces.exists():
        raise Invalid("There is no advice on that card yet. Write down what was said, then lay it here.")
    back = LaidPiece.objects.within(row.org_id).filter(decision=row, piece__in=pieces).exclude(taken_off_at=None)
    return back.update(taken_off_at=None, version=F("version") + 1) + _lay(row, pieces, now)


@transaction.atomic
def lay_answer(*, decision: Decision, by: Person, answer: UUID, now: datetime) -> int:
    """Lay an answer in writing on the decision. Twice changes nothing; what was taken off comes back.

    Raises NotFound for an answer that was given to somebody else.
    """
    row = locked(decision, by=by)
    answers = _answers(row.org_id, mentee=by.pk).filter(pk=answer)
    if not answers.exists():
        raise NotFound(GONE)
    back = LaidPiece.objects.within(row.org_id).filter(decision=row, answer=answer).exclude(taken_off_at=None)
    return back.update(taken_off_at=None, version=F("version") + 1) + _lay_answers(row, answers, now)


@transaction.atomic
def take_off(*, laid: LaidPiece, by: Person, off: bool = True, now: datetime) -> LaidPiece:
    """Take a piece off the board, or put it back; where it stood is kept."""
    locked(laid.decision, by=by)
    row = LaidPiece.objects.within(laid.org_id).get(pk=laid.pk)
    if (row.taken_off_at is not None) != off:
        row.taken_off_at = now if off else None
        row.version += 1
        row.save(update_fields=["taken_off_at", "version"])
    return row


@transaction.atomic
def place(*, laid: LaidPiece, by: Person, option: UUID | None, side: str, now: datetime) -> LaidPiece:
    """Where a piece stands, by one press: its condition and the rest stay. The last press counts.

    By the owner, or by the mentor who said it: `laid` was read on their behalf. Raises Invalid, NotFound.
    """
    row = _row(laid)
    row.option, row.side = _checked_place(row, option, side)
    row.placed_by = by
    return _kept(row)


@transaction.atomic
def describe(*, laid: LaidPiece, by: Person, words: Place, seen: int, now: datetime) -> LaidPiece:
    """Where a piece stands, and on what it rests. Raises Changed if somebody was quicker, Invalid with fields."""
    row = _row(laid)
    if row.version != seen:
        raise Changed("Somebody placed this advice meanwhile. What you typed is kept; look at both, then save again.")
    wrong: dict[str, str] = {}
    told = {}
    for name in ("condition", "assumption", "change_mind"):
        told[name] = clean(getattr(words, name))
        if len(told[name]) > LONGEST:
            wrong[name] = f"That is {len(told[name]):,} characters. Shorten it to {LONGEST}."
    if words.confidence not in {"", *Confidence.values}:
        wrong["confidence"] = "Choose one of those shown."
    try:
        row.option, row.side = _checked_place(row, words.option, words.side)
    except Invalid as refused:
        wrong["stance"] = refused.told
    if wrong:
        raise Invalid("Some of it needs another look. Nothing you typed is lost.", fields=wrong)
    for name, value in told.items():
        setattr(row, name, value)
    row.confidence, row.placed_by = words.confidence, by
    return _kept(row)


@transaction.atomic
def weigh(*, decision: Decision, by: Person, weights: Mapping[UUID, int]) -> Decision:
    """How much each person's view counts for the owner, 0 to 3. Empty: everybody counts the same again.

    Raises Invalid for a number that is none, and for somebody who said nothing here.
    """
    row = locked(decision, by=by)
    lying = LaidPiece.objects.within(row.org_id).filter(decision=row).lying()
    said = Coalesce("piece__takeaway__session__mentor", "answer__mentor")
    known = set(lying.values_list(said, flat=True))
    if not set(weights) <= known or any(not 0 <= weight <= HEAVIEST for weight in weights.values()):
        raise Invalid(f"Choose 0 to {HEAVIEST} for each person on the board.")
    equal = len(set(weights.values())) <= 1
    row.weights = {} if equal else {str(key): weight for key, weight in weights.items()}
    row.save(update_fields=["weights"])
    return row


@transaction.atomic
def label(
    *, decision: Decision, by: Person, a: UUID, b: UUID, word: str, proposed: float | None = None, now: datetime
) -> PerspectiveLabel | None:
    """Whether two pieces contradict each other, said by the owner; an empty word takes that back.

    proposed: the chance the detector gave, kept beside the answer, so that it can be judged later.
    Raises Invalid, NotFound.
    """
    row = locked(decision, by=by)
    pair = sorted((a, b))
    lying = LaidPiece.objects.within(row.org_id).filter(decision=row, pk__in=pair)
    if pair[0] == pair[1] or lying.count() != len(pair):
        raise NotFound(GONE)
    labels = PerspectiveLabel.objects.within(row.org_id)
    if not word:
        labels.filter(a=pair[0], b=pair[1]).delete()
        return None
    if word not in PerspectiveLabel.Word.values:
        raise Invalid("Say that they contradict each other, or that they do not.")
    told = {"word": word, "proposed": proposed, "said_by": by, "said_at": now}
    made, _ = labels.update_or_create(
        a_id=pair[0], b_id=pair[1], defaults=told, create_defaults=told | {"org_id": row.org_id, "decision": row}
    )
    return made


def _lay(decision: Decision, pieces, now: datetime) -> int:
    rows = LaidPiece.objects.within(decision.org_id).filter(decision=decision)
    room = MOST_PIECES - rows.lying().count()
    lie = rows.exclude(piece=None).values("piece")
    fresh = pieces.exclude(pk__in=lie).order_by("takeaway__written_at", "position", "pk")
    made = [
        LaidPiece(org_id=decision.org_id, decision=decision, piece=piece, condition=piece.applies_when, laid_at=now)
        for piece in fresh[: max(room, 0)]
    ]
    return len(LaidPiece.objects.bulk_create(made, ignore_conflicts=True))


def _answers(org: UUID, *, mentee: UUID) -> QuerySet[WrittenAsk]:
    """What this person was answered in writing."""
    return WrittenAsk.objects.within(org).filter(mentee=mentee, state=WrittenAsk.State.ANSWERED)


def _lay_answers(decision: Decision, answers: QuerySet[WrittenAsk], now: datetime) -> int:
    """The whole answer is one piece: nobody but its author says where one thought of it ends."""
    rows = LaidPiece.objects.within(decision.org_id).filter(decision=decision)
    room = MOST_PIECES - rows.lying().count()
    lie = rows.exclude(answer=None).values("answer")
    fresh = answers.exclude(pk__in=lie).order_by("ended_at", "pk")[: max(room, 0)]
    made = [LaidPiece(org_id=decision.org_id, decision=decision, answer=each, laid_at=now) for each in fresh]
    return len(LaidPiece.objects.bulk_create(made, ignore_conflicts=True))


def _row(laid: LaidPiece) -> LaidPiece:
    """The piece as it is now. Its lock lets one of two presses go first."""
    rows = LaidPiece.objects.within(laid.org_id).select_for_update(of=("self",), no_key=True)
    return rows.select_related("decision", *SAID).get(pk=laid.pk)


def _checked_place(row: LaidPiece, option: UUID | None, side: str) -> tuple[Option | None, str]:
    """The option and the side, as they can be kept; ("", None) takes the piece from its place."""
    if side in {"", Side.BESIDE}:
        return None, side
    if side not in Side.values:
        raise Invalid("Choose for, against or depends.")
    found = Option.objects.within(row.org_id).filter(decision=row.decision_id, pk=option).first() if option else None
    if found is None:
        raise Invalid("Choose one of the options of this decision.")
    return found, side


def _kept(row: LaidPiece) -> LaidPiece:
    row.version += 1
    row.save()
    return row
