"""What the pages of a decision show: the board as rows and cells, what follows from it, and the choice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from quarterhour.advice.decision_models import Decision, Guest, LaidPiece, Side
from quarterhour.advice.decision_queries import (
    Board,
    View,
    answers_to_lay,
    board_of,
    board_shown_to,
    cards_to_lay,
    comments_on,
    guests_of,
)
from quarterhour.advice.decisions import REASON
from quarterhour.advice.perspectives import laid_out
from quarterhour.core.errors import QuarterhourError
from quarterhour.engines.perspectives import Layout
from quarterhour.matching.remembered import embed_once
from quarterhour.people.models import Person
from quarterhour.web.ask.forms import either
from quarterhour.web.decide import marking

SHARPEST = 3
LOOK_BACK = timedelta(days=90)
SHOWN = 280  # characters of a piece on the board; all of it stands on its own page
OUTCOMES = ("Badly", "Not well", "So so", "Well", "Very well")
ANSWERS = ("0", "1", "2", "3", "4")
SOMEBODY = "Another adviser"
WANTED = {
    "for": "somebody who speaks for “{}”",
    "against": "somebody who speaks against “{}”",
    "experience": "somebody who has lived through it",
    "cost": "somebody who knows what it costs",
    "date": "somebody who knows how much time there is",
    "condition": "somebody who can say when it holds, and when not",
    "voices": "somebody who has not spoken yet",
}


def row(decision: Decision, *, now: datetime) -> dict:
    """A decision in the list of mine."""
    return {"decision": decision, "decided": decision.decided_at is not None} | _dates(decision, now)


def board_page(
    decision: Decision,
    reader: Person,
    *,
    now: datetime,
    typed: Mapping[str, str] | None = None,
    back: Mapping[str, str] | None = None,
    version: int | None = None,
    refused: QuarterhourError | None = None,
) -> dict:
    """The owner's page. typed, back: the two forms as they were left, where one of them did not fit."""
    laid = board_of(decision, reader=reader)
    guests = guests_of(decision, reader=reader)
    told = back or {"outcome": "" if decision.outcome is None else str(decision.outcome)} | {
        "outcome_words": decision.outcome_words
    }
    page = _laid(laid, laid_out(laid, vectors=embed_once)) | _dates(decision, now)
    kept = {
        "choice": str(decision.chosen_id or ""),
        "reason": decision.reason,
        "look_back_on": (decision.look_back_on or (timezone.localtime(now).date() + LOOK_BACK)).isoformat(),
    }
    seated = {guest.mentor_id for guest in guests}
    return page | {
        "decision": decision,
        "owner": True,
        "typed": typed or kept,
        "stands": kept if typed and refused and version is not None and refused.status == 409 else None,  # noqa: PLR2004
        "version": decision.version if version is None else version,
        "errors": refused.fields if refused else {},
        "refused": refused,
        "back": told | {"outcome": told["outcome"] if told["outcome"] in ANSWERS else ""},
        "outcomes": OUTCOMES,
        "outcome_said": OUTCOMES[decision.outcome] if decision.outcome is not None else "",
        "marks": marking.table(decision, laid.options) if decision.criteria else None,
        "cards": cards_to_lay(decision, reader=reader),
        "answers": answers_to_lay(decision, reader=reader),
        "guests": guests,
        "could_look": [view for view in laid.views if view.key not in seated],
        "comments": comments_on(decision, reader=reader),
        "reason_limit": REASON,
    }


def guest_page(guest: Guest, *, now: datetime) -> dict:
    """What a mentor sees it is shared with: to read, and perhaps to comment."""
    laid = board_shown_to(guest)
    return (
        _laid(laid, laid_out(laid, vectors=embed_once))
        | _dates(guest.decision, now)
        | {"decision": guest.decision, "guest": guest, "owner": False}
    )


def placed_words(laid: LaidPiece) -> str:
    """What a press did, for the toast."""
    first = laid.mentor.first_name
    if laid.option is None:
        return f"{first}: on how to go about it." if laid.side == Side.BESIDE else f"{first}: not placed."
    word = {"for": "for", "against": "against", "depends": "it depends, on"}[laid.side]
    return f"{first}: {word} “{laid.option.text}”."


def said_at(laid: LaidPiece) -> str:
    """Where the mentor finds what they said: the card, or their answer in writing."""
    if laid.piece is None:
        return reverse("writing:answer", args=[laid.answer_id])
    return reverse("advice:card", args=[laid.piece.takeaway.session_id])


def proposed_for(decision: Decision, reader: Person, a: UUID, b: UUID) -> float | None:
    """The chance the detector gives this pair; None where both stances are recorded, or it proposed nothing."""
    pair = {str(a), str(b)}
    found = laid_out(board_of(decision, reader=reader), vectors=embed_once).conflicts
    return next((each.p for each in found if {each.a, each.b} == pair and not each.exact), None)


def _laid(board: Board, layout: Layout) -> dict:
    """Rows of cells, pieces without a place, and what the engine says of them all."""
    said = {str(piece.pk): _said(piece, view) for view in board.views for piece in view.pieces}
    clashes, proposals, dismissed = _conflicts(board, layout, said)
    for each in clashes:
        for one, other in ((each["a"], each["b"]), (each["b"], each["a"])):
            if other["first"] not in one["clashes"]:
                one["clashes"].append(other["first"])
    rows = [
        {"option": option, "cells": [_cell(view, option, said) for view in board.views], **_sums(board, option)}
        for option in board.options
    ]
    lying = list(said.values())
    agree = _agreements(layout, said)
    return {
        "options": board.options,
        "views": board.views,
        "rows": rows,
        "loose": [each for each in lying if each["row"].option_id is None and each["row"].side != Side.BESIDE],
        "beside": [each for each in lying if each["row"].side == Side.BESIDE],
        "off": board.off,
        "equal": not board.decision.weights,
        "weights": range(4),
        "clashes": clashes[:SHARPEST],
        "more_clashes": clashes[SHARPEST:],
        "clash_count": len(clashes),
        "proposals": proposals[:SHARPEST],
        "dismissed": dismissed,
        "agree": agree,
        "minds": [each for each in lying if each["row"].change_mind],
        "missing": [{"told": each.told, "wanted": WANTED[each.kind].format(each.option)} for each in layout.missing],
        "sides": [(each.value, each.label) for each in (Side.FOR, Side.AGAINST, Side.DEPENDS)],
        "shown": SHOWN,
        "voices": len(board.views),
        "many": len(board.views) > 4,  # noqa: PLR2004 - as many as stand side by side
        "anonymous": SOMEBODY,
    }


def _said(piece: LaidPiece, view: View) -> dict:
    """One piece as a cell shows it."""
    at = f"{piece.option_id}:{piece.side}" if piece.option_id else piece.side if piece.side == Side.BESIDE else ""
    return {
        "row": piece,
        "view": view,
        "first": view.mentor.first_name if view.name else SOMEBODY,
        "name": view.name or SOMEBODY,
        "text": piece.text,
        "in_writing": piece.answer_id is not None,
        "side": piece.side,
        "word": piece.get_side_display(),
        "sure": piece.get_confidence_display(),
        "at": at,
        "clashes": [],
    }


def _cell(view: View, option, said: Mapping[str, dict]) -> dict:
    here = [said[str(piece.pk)] for piece in view.pieces if piece.option_id == option.pk]
    sides = {each["side"] for each in here}
    kind = sides.pop() if len(sides) == 1 else "depends" if sides else "silent"
    return {"view": view, "kind": kind, "pieces": here, "clash": any(each["clashes"] for each in here)}


def _sums(board: Board, option) -> dict:
    """How much speaks for and against an option, each view counted once with its weight."""
    sums = {}
    for side in (Side.FOR, Side.AGAINST):
        views = [
            view
            for view in board.views
            if any(piece.option_id == option.pk and piece.side == side for piece in view.pieces)
        ]
        sums[f"sum_{side.value}"] = sum(view.weight for view in views)
    return sums


def _conflicts(board: Board, layout: Layout, said: Mapping[str, dict]) -> tuple[list, list, list]:
    """Pairs that contradict each other, those that only may, and those the owner let go."""
    clashes, proposals, dismissed = [], [], []
    for each in layout.conflicts:
        pair = {"a": said[each.a], "b": said[each.b], "exact": each.exact, "question": each.question}
        pair |= {"rests_a": each.rests_on[0], "rests_b": each.rests_on[1], "because": each.because}
        label = board.labels.get(tuple(sorted((UUID(each.a), UUID(each.b)))))
        pair["confirmed"] = bool(label and label.word == "conflict")
        if label and label.word == "dismissed":
            dismissed.append(pair)
        elif each.exact or pair["confirmed"]:
            clashes.append(pair)
        else:
            proposals.append(pair)
    return clashes, proposals, dismissed


def _agreements(layout: Layout, said: Mapping[str, dict]) -> list[dict]:
    """What two people or more recommend alike."""
    found = []
    for group in layout.groups:
        pieces = [said[key] for key in group.keys]
        people = list(dict.fromkeys(each["view"].key for each in pieces))
        if len(people) > 1:
            names = list(dict.fromkeys(each["first"] for each in pieces))
            found.append({"group": group, "names": either(names).replace(" or ", " and "), "pieces": pieces})
    return found


def _dates(decision: Decision, now: datetime) -> dict:
    """The days of a decision in words, on the reader's calendar."""
    today = timezone.localtime(now).date()
    back = decision.look_back_on
    return {
        "by": _day(decision.decide_by, today),
        "left": _left(decision.decide_by, today),
        "late": bool(decision.decide_by and decision.decide_by < today and decision.decided_at is None),
        "back_day": _day(back, today),
        "due": bool(decision.decided_at and back and back <= today and decision.looked_back_at is None),
    }


def _day(day: date | None, today: date) -> str:
    if day is None:
        return ""
    return date_format(day, "l j F" if day.year == today.year else "j F Y")


def _left(day: date | None, today: date) -> str:
    """ "in 8 days", "today", "tomorrow", "8 days ago"."""
    if day is None:
        return ""
    days = (day - today).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get(days)
    return near or (f"in {days} days" if days > 0 else f"{-days} days ago")
