"""The link in a mail that ends a waiting: looking changes nothing, one press stops it."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from quarterhour.core import links
from quarterhour.core.links import LinkSpent
from quarterhour.core.models import SingleUseLink
from quarterhour.needs.models import Waiting
from quarterhour.needs.services import stop_waiting
from quarterhour.notifications.prospects import STOP
from quarterhour.web.links import pressing

WAY = ("/ask/", "My open questions")


@require_http_methods(["GET", "HEAD", "POST"])
def stop(request, secret: str):
    """What the link does, and the button that does it. Pressed twice, it has stopped."""
    try:
        known = links.used(STOP, secret) if request.method == "POST" else None
        link = known or links.look(STOP, secret, now=request.now)
        need = _need(link)
        if request.method == "POST" and known is None:
            links.use(STOP, secret, now=request.now)
            stop_waiting(need, now=request.now)
    except LinkSpent as spent:
        response = pressing.spent(request, spent.told, way=WAY)
    else:
        done = {"title": "Stopped.", "told": "You hear no more about this question. It stays open.", "way": WAY}
        template, page = ("links/done.html", done) if request.method == "POST" else ("links/stop.html", {"need": need})
        response = render(request, template, page)
    return pressing.unlisted(response)


def _need(link: SingleUseLink):
    """The question a link is about. Raises LinkSpent where its person is gone."""
    rows = Waiting.objects.visible_to(pressing.reader_of(link)).select_related("need")
    waiting = rows.filter(pk=UUID(link.subject["waiting"])).first()
    if waiting is None:
        raise LinkSpent(pressing.UNKNOWN)
    return waiting.need
