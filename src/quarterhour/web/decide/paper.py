"""A decision to take along: the whole board in order, as Markdown and as PDF."""

from __future__ import annotations

import re

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from quarterhour.advice.decision_queries import decision_for
from quarterhour.web.decide import marking, pages
from quarterhour.web.decide.printing import Block, printed

_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#+\-!|~])")
_BEGINS = {"title": "# ", "head": "## ", "sub": "### ", "item": "- ", "quote": "> "}


@login_required
@require_safe
def markdown(request, pk):
    return _sent(request, pk, "md", lambda blocks: as_markdown(blocks).encode(), "text/markdown; charset=utf-8")


@login_required
@require_safe
def pdf(request, pk):
    return _sent(request, pk, "pdf", lambda blocks: printed(blocks, at=request.now), "application/pdf")


def _sent(request, pk, ending: str, written, kind: str) -> HttpResponse:
    decision = decision_for(pk, visible_to=request.user)
    blocks = blocks_of(pages.board_page(decision, request.user, now=request.now))
    response = HttpResponse(written(blocks), content_type=kind)
    name = slugify(decision.question)[:60] or "decision"
    response["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return response


def blocks_of(page: dict) -> list[Block]:
    """Everything the owner's page says, in reading order."""
    return [*_question(page), *_advice(page), *_findings(page), *_marks(page), *_choice(page)]


def _question(page: dict) -> list[Block]:
    decision = page["decision"]
    told = [Block("title", decision.question)]
    if page["by"]:
        told.append(Block("text", f"To decide by {page['by']}."))
    if decision.context:
        told.append(Block("text", decision.context))
    if decision.criteria:
        told += [Block("head", "What matters"), *(Block("item", each) for each in decision.criteria)]
    return told


def _advice(page: dict) -> list[Block]:
    told = []
    for line in page["rows"]:
        told.append(Block("head", line["option"].text))
        pieces = [piece for cell in line["cells"] for piece in cell["pieces"]]
        told += [block for piece in pieces for block in _piece(piece)] or [Block("text", "Nobody spoke about this.")]
    for title, name in (("On how to go about it", "beside"), ("Not placed yet", "loose")):
        if page[name]:
            told += [Block("head", title), *(block for piece in page[name] for block in _piece(piece))]
    return told


def _findings(page: dict) -> list[Block]:
    told = []
    if clashes := [*page["clashes"], *page["more_clashes"]]:
        told.append(Block("head", "Where they contradict each other"))
    for each in clashes:
        names = f"{each['a']['name']} and {each['b']['name']}: {each['question']}"
        rests = "; ".join([*each["rests_a"], *each["rests_b"]])
        told.append(Block("item", f"{names} It rests on: {rests}." if rests else names))
    if page["missing"]:
        told += [Block("head", "What is missing"), *(Block("item", each["told"]) for each in page["missing"])]
    return told


def _marks(page: dict) -> list[Block]:
    """What the owner thinks of each option by what matters to them."""
    told = []
    for title, parts in marking.lines(page["marks"]) if page["marks"] else ():
        told += [Block("sub", title), *(Block("item", each) for each in parts)]
    return [Block("head", "By your marks"), *told] if told else []


def _choice(page: dict) -> list[Block]:
    decision = page["decision"]
    if decision.chosen is None:
        return []
    told = [Block("head", "The decision"), Block("text", decision.chosen.text), Block("text", decision.reason)]
    if page["back_day"]:
        told.append(Block("text", f"To look back on: {page['back_day']}."))
    if decision.looked_back_at:
        told.append(Block("text", f"It went: {page['outcome_said'].lower()}. {decision.outcome_words}".strip()))
    return told


def as_markdown(blocks: list[Block]) -> str:
    """The blocks as Markdown. What people typed stays text, whatever signs are in it."""
    lines: list[str] = []
    before = ""
    for block in blocks:
        text = _MARKUP.sub(r"\\\1", block.text)
        begin = _BEGINS.get(block.kind, "")
        gap = "\n> " if block.kind == "quote" else "  \n"
        if not (block.kind == before == "item"):
            lines.append("")
        lines.append(begin + gap.join(text.split("\n")))
        before = block.kind
    return "\n".join(lines).strip() + "\n"


def _piece(piece: dict) -> list[Block]:
    row, view = piece["row"], piece["view"]
    who = ", ".join(filter(None, [piece["name"], view.line, "in writing" if piece["in_writing"] else ""]))
    facts = [
        f"When: {row.condition}" if row.condition else "",
        f"Takes for granted: {row.assumption}" if row.assumption else "",
        piece["sure"],
        f"Would think again: {row.change_mind}" if row.change_mind else "",
    ]
    told = [Block("sub", f"{piece['word']}: {who}" if piece["side"] in {"for", "against", "depends"} else who)]
    told.append(Block("quote", piece["text"]))
    return told + [Block("item", each) for each in facts if each]
