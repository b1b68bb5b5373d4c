"""The link in a mail that ends a waiting: looking changes nothing, one press stops it."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from quarterhour.core import links
from quarterhour.core.links import LinkSpent
from quarterhour.needs.models import Waiting
from quarterhour.needs.services import stop_waiting
from quarterhour.notifications.prospects import STOP
from quarterhour.people.models import Person
from quarterhour.web import refusals

WAY = ("/ask/", "My open questions")


@require_http_methods(["GET", "HEAD", "POST"])
def stop(request, secret: str):
    """What the link does, and the button that does it. Pressed twice, it has stopped."""
    try:
        known = links.used(STOP, secret) if request.method == "POST" else None
        link = known or links.look(STOP, secret, now=request.now)
        need = _need(link.subject)
        if request.method == "POST" and known is None:
            links.use(STOP, secret, now=request.now)
            stop_waiting(need, now=request.now)
    except LinkSpent as spent:
        title = "This link does not work any more"
        response = refusals.refusal(request, status=410, title=title, told=spent.told, way=WAY)
    else:
        done = {"title": "Stopped.", "told": "You hear no more about this question. It stays open.", "way": WAY}
        template, page = ("links/done.html", done) if request.method == "POST" else ("links/stop.html", {"need": need})
        response = render(request, template, page)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _need(subject: dict):
    """The question a link is about. Raises LinkSpent where its person is gone."""
    person = Person.objects.filter(pk=subject["person"], is_active=True).first()
    rows = Waiting.objects.visible_to(person).select_related("need") if person else None
    waiting = rows.filter(pk=UUID(subject["waiting"])).first() if rows is not None else None
    if waiting is None:
        raise LinkSpent("This link is not one of ours, or it is too old. Open the page and start from there.")
    return waiting.need
