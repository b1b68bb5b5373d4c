"""The marks of the owner: each option by each thing that matters, as a table, a plain form, and lines to take along."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.decorators import login_required
from django.http import QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from quarterhour.advice import marking
from quarterhour.advice.boards import HEAVIEST
from quarterhour.advice.decision_models import Decision, Option
from quarterhour.advice.decision_queries import decision_for
from quarterhour.advice.decisions import MOST_CRITERIA
from quarterhour.core.errors import QuarterhourError
from quarterhour.web.decide.forms import key_from
from quarterhour.web.toasts import tell

MINUS = "\u2212"
MARKS = {2: "++ much better", 1: "+ better", 0: "0 neither", -1: f"{MINUS} worse", -2: f"{MINUS}{MINUS} much worse"}
NO_MARK = "not marked"
UNREADABLE = 9  # a number that no mark and no weight has


def table(decision: Decision, options: Sequence[Option]) -> dict:
    """A row for each criterion, a column for each option, and below each option its sum, as its owner marked it."""
    found = marking.sums(decision, options)
    rows = [
        {
            "n": n,
            "criterion": criterion,
            "weight": marking.weight_of(decision, criterion),
            "cells": [{"option": each.option, "mark": each.marks[n]} for each in found],
        }
        for n, criterion in enumerate(decision.criteria)
    ]
    of = len(decision.criteria)
    sums = [
        {"option": each.option, "total": signed(each.total), "marked": each.marked, "of": of, "some": each.marked < of}
        for each in found
    ]
    return {"rows": rows, "sums": sums, "any": any(each.marked for each in found), "words": list(MARKS.items())} | {
        "counts": range(HEAVIEST + 1)
    }


def signed(number: int) -> str:
    return f"+{number}" if number > 0 else f"{MINUS}{-number}" if number else "0"


def lines(page: dict) -> list[tuple[str, list[str]]]:
    """For the files to take along: each option with its sum, and what it is made of."""
    told = []
    for at, each in enumerate(page["sums"]):
        if not each["marked"]:
            continue
        some = f", {each['marked']} of {each['of']} marked" if each["some"] else ""
        parts = [
            f"{row['criterion']}: {MARKS.get(row['cells'][at]['mark'], NO_MARK)}"
            + (f", counts {row['weight']}" if row["weight"] != marking.USUAL else "")
            for row in page["rows"]
        ]
        told.append((f"{each['option'].text}: {each['total']} by your marks{some}", parts))
    return told


@login_required
@require_POST
def mark(request, pk):
    """All marks at once, as the form has them; an empty one takes a mark back."""
    decision = decision_for(pk, visible_to=request.user)
    marks, weights = _given(request.POST)
    try:
        marking.mark(decision=decision, by=request.user, marks=marks, weights=weights)
    except QuarterhourError as refused:
        tell(request, refused.told, wrong=True)
    else:
        tell(request, "Kept. Only you see your marks.")
    return redirect(f"{reverse('decide:board', args=[pk])}#marks")


def _given(post: QueryDict) -> tuple[dict, dict]:
    """The form as marks by option and criterion, and weights by criterion. Its criteria come along in words, so that
    a mark is never kept for another one.
    """
    names = {str(n): post[f"criterion-{n}"] for n in range(MOST_CRITERIA) if f"criterion-{n}" in post}
    marks: dict = {}
    for field, value in post.items():
        _, _, at = field.partition("mark-")
        key, _, n = at.rpartition("-")
        option = key_from(key)
        if option and n in names and value:
            marks.setdefault(option, {})[names[n]] = _number(value)
    weights = {name: _number(post[f"counts-{n}"]) for n, name in names.items() if f"counts-{n}" in post}
    return marks, weights


def _number(value: str) -> int:
    digit = value.removeprefix("-")
    number = int(digit) if len(digit) == 1 and digit.isascii() and digit.isdigit() else UNREADABLE
    return -number if value.startswith("-") else number
