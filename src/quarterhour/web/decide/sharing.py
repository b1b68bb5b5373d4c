"""Who may look at a decision, and what they wrote."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from quarterhour.advice import sharing
from quarterhour.advice.decision_queries import comments_on, decision_for, guest_at
from quarterhour.core.errors import Invalid, QuarterhourError
from quarterhour.core.text import clean
from quarterhour.web.decide import pages
from quarterhour.web.decide.forms import key_from
from quarterhour.web.keys import pressed_once
from quarterhour.web.toasts import tell


@login_required
@require_POST
def share(request, pk):
    """Let one of those who gave advice look, and say what they see."""
    decision = decision_for(pk, visible_to=request.user)
    mentor = key_from(request.POST.get("mentor", "")) or request.user.pk  # nobody advises themselves: it is refused
    try:
        guest = sharing.share(
            decision=decision, by=request.user, mentor=mentor, others=request.POST.get("others") == "on",
            may_comment=request.POST.get("may_comment") == "on", now=request.now,
        )  # fmt: skip
    except Invalid as refused:
        tell(request, refused.told, wrong=True)
    else:
        undo = reverse("decide:end_share", args=[pk, mentor])
        tell(request, f"{guest.mentor.first_name} can look now, and hears of it by mail.", undo=undo)
    return redirect(f"{reverse('decide:board', args=[pk])}#shared")


@login_required
@require_POST
def end(request, pk, mentor):
    """From now on this mentor sees it no more."""
    decision = decision_for(pk, visible_to=request.user)
    sharing.revoke(decision=decision, by=request.user, mentor=mentor, now=request.now)
    tell(request, "Taken back. From now on it is closed to them.")
    return redirect(f"{reverse('decide:board', args=[pk])}#shared")


@login_required
@require_POST
def comment(request, pk):
    """A word of a guest to the owner."""
    guest = guest_at(pk, visible_to=request.user)
    text = clean(request.POST.get("text", ""))

    def run() -> dict:
        sharing.comment(decision=guest.decision, by=request.user, text=text, now=request.now)
        return {}

    try:
        pressed_once(request, "comment", {"decision": pk, "text": text}, run)
    except QuarterhourError as refused:
        comments = comments_on(guest.decision, reader=request.user)
        page = pages.guest_page(guest, now=request.now) | {"comments": comments, "typed": text, "refused": refused}
        return render(request, "decide/guest.html", page, status=refused.status)
    messages.success(request, f"Sent. {guest.decision.owner.first_name} reads it beside the board.")
    return redirect("decide:board", pk=pk)
