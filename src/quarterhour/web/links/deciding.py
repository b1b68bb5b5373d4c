"""The link in a mail that ends asking how a decision turned out: looking changes nothing, one press stops it."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from quarterhour.advice.decision_queries import decision_for
from quarterhour.advice.decisions import do_not_ask
from quarterhour.core import links
from quarterhour.core.errors import NotFound
from quarterhour.core.links import LinkSpent
from quarterhour.notifications.deciding import STOP
from quarterhour.web.links import pressing

WAY = ("/decide/", "My decisions")


@require_http_methods(["GET", "HEAD", "POST"])
def stop(request, secret: str):
    """What the link does, and the button that does it. Pressed twice, it has stopped."""
    try:
        known = links.used(STOP, secret) if request.method == "POST" else None
        link = known or links.look(STOP, secret, now=request.now)
        person = pressing.reader_of(link)
        decision = _decision(link, person)
        if request.method == "POST" and known is None:
            links.use(STOP, secret, now=request.now)
            do_not_ask(decision=decision, by=person, now=request.now)
    except LinkSpent as spent:
        response = pressing.spent(request, spent.told, way=WAY)
    else:
        done = {"title": "Stopped.", "told": "We do not ask about it. You may still write how it went.", "way": WAY}
        pressed = request.method == "POST"
        page = done if pressed else {"decision": decision}
        response = render(request, "links/done.html" if pressed else "links/stop_looking_back.html", page)
    return pressing.unlisted(response)


def _decision(link, person):
    """Raises LinkSpent where it is gone."""
    try:
        return decision_for(UUID(link.subject["decision"]), visible_to=person)
    except NotFound as gone:
        raise LinkSpent(pressing.UNKNOWN) from gone
