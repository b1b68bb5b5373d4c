"""My actions: one press says what became of each, and another day is one press as well."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from quarterhour.advice import actions
from quarterhour.advice.models import Action
from quarterhour.core.errors import Invalid, NotFound, QuarterhourError
from quarterhour.web.actions import export
from quarterhour.web.actions.page import page_of
from quarterhour.web.advice.words import SAID, TOLD
from quarterhour.web.ask.forms import day_from
from quarterhour.web.toasts import tell

AGREED = "agreed"
FIVE = ("0", "1", "2", "3", "4")


@login_required
@require_safe
def mine(request):
    """What I took on: still to do, done, dropped."""
    return _page(request, touched=request.GET.get("touched", ""))


@login_required
@require_safe
def calendar_file(request):
    """Tasks and days, for a calendar program."""
    body = export.calendar(actions.mine(request.user, org=request.org), request.user)
    return _file(body, "text/calendar; charset=utf-8", "what-i-took-on.ics")


@login_required
@require_safe
def list_file(request):
    """The same as Markdown."""
    body = export.listed(actions.mine(request.user, org=request.org), request.user)
    return _file(body.encode(), "text/markdown; charset=utf-8", "what-i-took-on.md")


@login_required
@require_POST
def fate(request, pk, fate):
    """Done, doing, dropped or open again; the toast offers the way back."""
    action = _own(request, pk)
    before = action.fate

    def act() -> None:
        actions.say(action=action, by=request.user, fate=fate, now=request.now)
        tell(request, f"{SAID[fate]}: {action.text}", undo=reverse("actions:fate", args=[pk, before]))

    return _acted(request, action, act)


@login_required
@require_POST
def why(request, pk):
    """Why it was dropped, in one of our words or their own."""
    action = _own(request, pk)
    given = {"why": request.POST.get("why", ""), "words": request.POST.get("words", "")}

    def act() -> None:
        if action.fate != Action.Fate.DROPPED:
            raise Invalid("It is not dropped any more. Look at the list once more.")
        actions.say(action=action, by=request.user, fate=Action.Fate.DROPPED, **given, now=request.now)
        tell(request, "Kept. It tells the next person when advice does not apply.")

    return _acted(request, action, act, rests=True)


@login_required
@require_POST
def helped(request, pk):
    """Whether doing it helped."""
    action = _own(request, pk)
    said = request.POST.get("helped", "")

    def act() -> None:
        quarters = int(said) if said in FIVE else -1
        actions.say_helped(action=action, by=request.user, quarters=quarters, now=request.now)
        tell(request, f"{TOLD[quarters]}. Thank you.")

    return _acted(request, action, act, rests=True)


@login_required
@require_POST
def day(request, pk):
    """Another day, or the one agreed on the card; the toast offers the way back."""
    action = _own(request, pk)
    said = request.POST.get("day", "") or request.GET.get("day", "")

    def act() -> None:
        to = None if said == AGREED else day_from(said)
        if to is None and said != AGREED:
            raise Invalid("We could not read that day. Write it as 2026-11-30.")
        before = actions.move(action=action, by=request.user, to=to, today=timezone.localdate(request.now))
        undo = f"{reverse('actions:day', args=[pk])}?day={before.isoformat() if before else AGREED}"
        words = f"{action.day:%A} {action.day.day} {action.day:%B}" if action.day else "any day"
        tell(request, f"Now for {words}: {action.text}", undo=undo)

    return _acted(request, action, act, rests=True)


def _own(request, pk) -> Action:
    found = actions.own_action(pk, visible_to=request.user)
    if found is None:
        raise NotFound("There is nothing at this address, or it is not yours to see.")
    return found


def _acted(request, action: Action, act, *, rests: bool = False):
    """Do it and go back to its place on the list; refused, the list says why. rests: it needs nothing more."""
    try:
        act()
    except QuarterhourError as refused:
        return _page(request, touched=str(action.pk), refused=refused)
    touched = "" if rests else f"?touched={action.pk}"
    return redirect(f"{reverse('actions:mine')}{touched}#a-{action.pk}")


def _page(request, *, touched: str, refused: QuarterhourError | None = None):
    rows = actions.mine(request.user, org=request.org)
    page = page_of(rows, request.user, now=request.now, touched=touched, more="all" in request.GET)
    typed = {"day": request.POST.get("day", ""), "words": request.POST.get("words", "")[: actions.MOST_WORDS]}
    status = refused.status if refused else 200
    return render(request, "actions/mine.html", page | {"refused": refused, "typed": typed}, status=status)


def _file(body: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
