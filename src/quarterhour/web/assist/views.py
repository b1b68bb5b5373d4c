"""While nobody is there yet: what to think about, what others were told, and an assistant where there is one."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from quarterhour.assistant import endpoint, services
from quarterhour.core.errors import QuarterhourError
from quarterhour.engines.preparing import prepared
from quarterhour.matching.knowledge.searching import MOST_ASKED, look_for
from quarterhour.matching.now.queries import standing
from quarterhour.matching.people import words_to_read
from quarterhour.needs.queries import need_for
from quarterhour.web.ask.brief import brief_of
from quarterhour.web.toasts import tell

SHOWN = 3  # pieces of what others were told


@login_required
@require_safe
def meanwhile(request, pk):
    """Think it through before somebody is there. htmx asks again for the assistant's part while it is on its way."""
    need = need_for(pk, visible_to=request.user)
    page = {"need": need, **_assistant(need, request.user, request.now)}
    if request.htmx:
        return render(request, "assist/assistant.html", page)
    found = look_for(words_to_read(need)[:MOST_ASKED], reader=request.user, org=need.org, now=request.now)
    place = standing(request.user)
    page |= {
        "brief": brief_of(need.text, need.tried, need.good_outcome, need.decide_by),
        "prepared": prepared(
            need.text,
            kind=need.kind,
            guessed="kind" not in need.settled,
            tried=need.tried,
            good_outcome=need.good_outcome,
            decide_by=need.decide_by,
        ),
        "pieces": found.pieces[:SHOWN],
        "more": max(len(found.pieces) - SHOWN, 0),
        "place": place if place and place.need_id == need.pk else None,
    }
    return render(request, "assist/meanwhile.html", page)


@login_required
@require_POST
def ask(request, pk):
    """Send the words that stand there to the assistant, because its person pressed."""
    need = need_for(pk, visible_to=request.user)
    try:
        services.ask(need=need, by=request.user, now=request.now)
    except QuarterhourError as refused:
        tell(request, refused.told, wrong=True)
    return redirect("assist:meanwhile", pk)


def _assistant(need, person, now) -> dict:
    """What its part of the page shows; nothing where the operator named none."""
    if not endpoint.is_there():
        return {}
    said = services.thoughts_for(need, visible_to=person)
    return {
        "host": endpoint.host(),
        "sent": endpoint.words_of(need),
        "said": said if said and said.answered_at else None,
        "coming": said is not None and services.is_coming(said, now=now),
    }
