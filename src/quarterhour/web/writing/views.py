"""In writing: send a question to one mentor, answer it, take it back, say whether it helped."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from quarterhour.advice.decision_queries import own_pieces
from quarterhour.core.errors import NotFound, QuarterhourError
from quarterhour.needs.queries import need_for
from quarterhour.people.models import Person
from quarterhour.sessions import writing
from quarterhour.sessions.rules import WrongState
from quarterhour.sessions.writing_models import WrittenAsk
from quarterhour.web.keys import pressed_once
from quarterhour.web.toasts import tell
from quarterhour.web.writing import page

FIVE = ("0", "1", "2", "3", "4")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request, pk):
    """What a mentor would read, and what it costs; sent with a press. Pressed twice, it is sent once."""
    need = need_for(pk, visible_to=request.user)
    if request.method != "POST":
        if "mentor" not in request.GET:
            return redirect("match:need", pk=pk)
        to = _mentor(request.GET["mentor"], org_id=need.org_id)
        return render(request, "writing/preview.html", page.preview(need, to, request.user, now=request.now))
    mentor = _mentor(request.POST.get("mentor", ""), org_id=need.org_id)

    def act() -> dict:
        return {"written": str(writing.ask_in_writing(need=need, mentor=mentor, by=request.user, now=request.now).pk)}

    try:
        pressed_once(request, "ask in writing", {"need": pk, "mentor": mentor.pk}, act)
    except QuarterhourError as refused:
        tell(request, refused.told, wrong=True)
        return redirect("match:need", pk=pk)
    tell(request, f"Sent. {mentor.first_name} has two days to answer, and you hear it by mail.")
    return redirect("book:asked", pk=pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request, pk):
    """The question, and the mentor's answer to it. Whoever asked finds both on the page of the question."""
    sent = {name: request.POST.get(name, "") for name in ("act", "answer", "would_talk", "why")}
    try:
        asked = writing.written_for(pk, visible_to=request.user)
    except NotFound:
        if request.method == "POST" and writing.was_taken_back(pk, mentor=request.user):
            return _too_late(request, writing.SAID[WrittenAsk.State.WITHDRAWN], sent)
        raise
    if asked.mentee_id == request.user.pk:
        return redirect("book:asked", pk=asked.need_id)
    shown, status = page.answer_page(asked, now=request.now), 200
    if request.method == "POST":

        def act() -> dict:
            return {"state": page.press(sent, ask=asked, by=request.user, now=request.now).state}

        try:
            asked.state = pressed_once(request, "in writing", {"written": pk} | sent, act)["state"]
        except WrongState as over:
            return _too_late(request, over.told, sent)
        except QuarterhourError as refused:
            shown, status = shown | {"refused": refused, "typed": sent}, refused.status
        else:
            tell(request, " ".join(page.done(asked)))
            return redirect("mentor:today")
    elif asked.state == WrittenAsk.State.ANSWERED:
        shown["laid"] = own_pieces(request.user, answer=asked.pk)
    return render(request, "writing/answer.html", shown | {"base": "base.html"}, status=status)


def _too_late(request, told: str, sent: dict):
    """It is over: why, and what was typed."""
    shown = page.too_late(told, typed=sent) | {"base": "base.html"}
    return render(request, "writing/answer.html", shown, status=WrongState.status)


@login_required
@require_POST
def take_back(request, pk):
    """The question is not asked of this mentor any more."""
    asked = writing.written_for(pk, visible_to=request.user)

    def act() -> dict:
        return {"state": writing.take_back(ask=asked, by=request.user, now=request.now).state}

    pressed_once(request, "take back", {"written": pk}, act)
    tell(request, f"Taken back. {asked.mentor.first_name} sees it no more.")
    return redirect("book:asked", pk=asked.need_id)


@login_required
@require_POST
def helped(request, pk):
    """How much the answer helped; said again, it is changed."""
    asked = writing.written_for(pk, visible_to=request.user)
    said = request.POST.get("helpful", "")
    quarters = int(said) if said in FIVE else -1

    def act() -> dict:
        writing.say_it_helped(ask=asked, quarters=quarters, by=request.user, now=request.now)
        return {}

    pressed_once(request, "written helped", {"written": pk, "quarters": quarters}, act)
    tell(request, "Kept. Thank you.")
    return redirect("book:asked", pk=asked.need_id)


def _mentor(key: str, *, org_id: UUID) -> Person:
    """Whom to ask, somebody of this organisation; a name of another one is never told."""
    try:
        return Person.objects.get(pk=UUID(key), memberships__org=org_id)
    except (ValueError, Person.DoesNotExist) as error:
        raise NotFound("This person no longer offers time here. Your question is saved.") from error
