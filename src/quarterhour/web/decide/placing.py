"""What is laid on a board, where it stands, what it weighs, and what is said of two pieces."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from quarterhour.advice import boards
from quarterhour.advice.boards import HEAVIEST
from quarterhour.advice.decision_models import Confidence, Side
from quarterhour.advice.decision_queries import decision_for, laid_for
from quarterhour.advice.second_view import ask_for_another
from quarterhour.core.errors import Changed, Invalid, QuarterhourError
from quarterhour.core.text import clean
from quarterhour.sessions.queries import session_for
from quarterhour.web.ask.forms import whole
from quarterhour.web.decide import pages
from quarterhour.web.decide.forms import described_from, key_from, place_from, seen
from quarterhour.web.keys import pressed_once
from quarterhour.web.match.looks import to_people
from quarterhour.web.toasts import tell

LONGEST_WANTED = 400


@login_required
@require_POST
def lay(request, pk, session):
    """The advice of one more session, by one press."""
    decision = decision_for(pk, visible_to=request.user)
    talk = session_for(session, visible_to=request.user)
    try:
        count = boards.lay_card(decision=decision, by=request.user, session=talk, now=request.now)
    except Invalid as refused:
        tell(request, refused.told, wrong=True)
    else:
        first = talk.mentor.first_name
        tell(request, f"Laid: what {first} said." if count else f"What {first} said lies there already.")
    return redirect("decide:board", pk=pk)


@login_required
@require_POST
def lay_answer(request, pk, answer):
    """An answer in writing to another question, by one press."""
    decision = decision_for(pk, visible_to=request.user)
    boards.lay_answer(decision=decision, by=request.user, answer=answer, now=request.now)
    tell(request, "Laid.")
    return redirect("decide:board", pk=pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def advice(request, pk, laid):
    """One piece in full, with the plain form for where it stands and what it rests on."""
    row = laid_for(laid, on=pk, visible_to=request.user)
    if request.method != "POST":
        return _advice(request, row)
    words, version = described_from(request.POST), seen(request)
    typed = {name: clean(getattr(words, name)) for name in ("condition", "assumption", "change_mind")}
    typed |= {"confidence": words.confidence, "stance": request.POST.get("stance", "")}

    def run() -> dict:
        boards.describe(laid=row, by=request.user, words=words, seen=version, now=request.now)
        return {}

    try:
        pressed_once(request, "describe advice", {"laid": laid, "seen": version, **typed}, run)
    except QuarterhourError as refused:
        if isinstance(refused, Changed):
            row = laid_for(laid, on=pk, visible_to=request.user)
            version = row.version
        return _advice(request, row, typed=typed, version=version, refused=refused)
    messages.success(request, "Kept.")
    return _back(request, row)


@login_required
@require_POST
def place(request, pk, laid):
    """Where a piece stands, by one press. For htmx the board comes back."""
    row = laid_for(laid, on=pk, visible_to=request.user)
    before = f"{row.option_id or ''}:{row.side}"
    option, side = place_from(request.POST.get("place", request.GET.get("to", "")))
    try:
        row = boards.place(laid=row, by=request.user, option=option, side=side, now=request.now)
    except Invalid as refused:
        tell(request, refused.told, wrong=True)
    else:
        undo = f"{reverse('decide:place', args=[pk, laid])}?to={before}" if "to" not in request.GET else ""
        tell(request, pages.placed_words(row), undo=undo)
    return _board(request, pk) if request.htmx else _back(request, row)


@login_required
@require_POST
def off(request, pk, laid):
    """Take a piece off the board, or put it back."""
    row = laid_for(laid, on=pk, visible_to=request.user)
    away = request.POST.get("back") != "on" and "back" not in request.GET
    boards.take_off(laid=row, by=request.user, off=away, now=request.now)
    undo = f"{reverse('decide:off', args=[pk, laid])}?back" if away else ""
    kept = "It stays with your question." if row.answer_id else "It stays on its card."
    tell(request, f"Off the board. {kept}" if away else "Back on the board.", undo=undo)
    return _board(request, pk) if request.htmx else redirect("decide:board", pk=pk)


@login_required
@require_POST
def pair(request, pk):
    """Whether two pieces contradict each other: said, or taken back."""
    decision = decision_for(pk, visible_to=request.user)
    given = request.POST if "a" in request.POST else request.GET
    a, b, word = key_from(given.get("a", "")), key_from(given.get("b", "")), given.get("word", "")
    if a is None or b is None:
        raise Invalid("We could not read that. Reload the page, and press again.")
    p = pages.proposed_for(decision, request.user, a, b)
    boards.label(decision=decision, by=request.user, a=a, b=b, word=word, proposed=p, now=request.now)
    told = {"conflict": "Noted: they contradict each other.", "dismissed": "Noted: they do not really differ."}
    undo = f"{reverse('decide:pair', args=[pk])}?a={a}&b={b}&word=" if word else ""
    tell(request, told.get(word, "Taken back."), undo=undo)
    return _board(request, pk) if request.htmx else redirect("decide:board", pk=pk)


@login_required
@require_POST
def weights(request, pk):
    """How much each view counts; "equal" makes it the same for all."""
    decision = decision_for(pk, visible_to=request.user)
    given = {}
    if "equal" not in request.POST:
        for name, value in request.POST.items():
            key = key_from(name.removeprefix("weight-")) if name.startswith("weight-") else None
            if key:
                given[key] = whole(value, digits=1) if value.isdigit() else HEAVIEST + 1
    try:
        boards.weigh(decision=decision, by=request.user, weights=given)
    except Invalid as refused:
        tell(request, refused.told, wrong=True)
    else:
        tell(request, "Kept. Only you see it." if given else "Every view counts the same again.")
    return redirect("decide:board", pk=pk)


@login_required
@require_POST
def another_view(request, pk):
    """The decision as a question that says which view is missing; it leads to people."""
    decision = decision_for(pk, visible_to=request.user)
    wanted = " ".join(clean(request.POST.get("wanted", "")).split())[:LONGEST_WANTED]

    today = timezone.localtime(request.now).date()

    def run() -> dict:
        given = {"decision": decision, "by": request.user, "wanted": wanted}
        need = ask_for_another(**given, today=today, now=request.now)
        return {"need": str(need.pk)}

    made = pressed_once(request, "another view", {"decision": pk, "wanted": wanted}, run)
    return to_people(request, made["need"])


def _board(request, pk):
    decision = decision_for(pk, visible_to=request.user)
    return render(request, "decide/board.html#laid", pages.board_page(decision, request.user, now=request.now))


def _back(request, row):
    """The owner goes back to the board, the mentor to the card it stands on, or to their answer."""
    if row.decision.owner_id == request.user.pk:
        return redirect(f"{reverse('decide:board', args=[row.decision_id])}#p-{row.pk}")
    return redirect(pages.said_at(row))


def _advice(request, row, *, typed=None, version=None, refused: QuarterhourError | None = None):
    kept = {name: getattr(row, name) for name in ("condition", "assumption", "confidence", "change_mind")}
    kept["stance"] = f"{row.option_id}:{row.side}" if row.option_id else row.side if row.side == Side.BESIDE else ""
    page = {
        "row": row,
        "decision": row.decision,
        "mine": row.decision.owner_id == request.user.pk,
        "said_at": pages.said_at(row),
        "options": list(row.decision.options.all()),
        "sides": [(each.value, each.label) for each in (Side.FOR, Side.AGAINST, Side.DEPENDS)],
        "confidences": Confidence.choices,
        "typed": typed or kept,
        "stands": kept if isinstance(refused, Changed) else None,
        "version": row.version if version is None else version,
        "errors": refused.fields if refused else {},
        "refused": refused,
        "longest": boards.LONGEST,
    }
    return render(request, "decide/advice.html", page, status=refused.status if refused else 200)
