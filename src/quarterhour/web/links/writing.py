"""The link in a mail that answers a question in writing: looking changes nothing, a press acts, once."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from quarterhour.core import links
from quarterhour.core.errors import NotFound, QuarterhourError
from quarterhour.core.links import LinkSpent
from quarterhour.notifications.words import zone_of
from quarterhour.notifications.writing import ANSWER
from quarterhour.people.models import Person
from quarterhour.sessions import writing
from quarterhour.sessions.rules import WrongState
from quarterhour.sessions.writing_models import WrittenAsk
from quarterhour.web.links import pressing
from quarterhour.web.writing import page

WAY = ("/mentor/", "Open my page")


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request, secret: str):
    """What was asked, and the box to answer in; a link that was used tells the same press the same once more."""
    sent = {name: request.POST.get(name, "") for name in ("act", "answer", "would_talk", "why")}
    try:
        known = links.used(ANSWER, secret) if request.method == "POST" else None
        link = known or links.look(ANSWER, secret, now=request.now)
        person, ask = _subject(link)
        with timezone.override(zone_of(person.zone)):
            if request.method == "POST":
                response = _pressed(request, link, person, ask, secret=secret, sent=sent)
            else:
                response = _page(request, ask)
    except LinkSpent as spent:
        late = _too_late(request, spent.told, sent, status=spent.status) if sent["answer"].strip() else None
        response = late or pressing.spent(request, spent.told, way=WAY)
    return pressing.unlisted(response)


def _subject(link) -> tuple[Person, WrittenAsk]:
    person, key = pressing.reader_of(link), UUID(link.subject["written"])
    try:
        return person, writing.written_for(key, visible_to=person)
    except NotFound as gone:
        if writing.was_taken_back(key, mentor=person):
            raise LinkSpent(f"{writing.SAID[WrittenAsk.State.WITHDRAWN]} {pressing.OVER}") from gone
        raise LinkSpent(pressing.UNKNOWN) from gone


def _page(request, ask: WrittenAsk, *, status: int = 200, **more):
    shown = page.answer_page(ask, now=request.now)
    if not shown["open"]:
        raise LinkSpent(f"{shown['said']} {pressing.OVER}")
    return render(request, "writing/answer.html", shown | {"base": "base_plain.html"} | more, status=status)


def _too_late(request, told: str, sent: dict, *, status: int):
    """It is over: why, and what was typed."""
    shown = page.too_late(told, typed=sent) | {"base": "base_plain.html"}
    return render(request, "writing/answer.html", shown, status=status)


def _pressed(request, link, person: Person, ask: WrittenAsk, *, secret: str, sent: dict):
    def act() -> dict:
        return {"state": page.press(sent, ask=ask, by=person, now=request.now).state}

    try:
        ask.state = pressing.press(link, secret, act, sent=sent, now=request.now)["state"]
    except LinkSpent:
        raise
    except WrongState as over:
        return _too_late(request, over.told, sent, status=over.status)
    except QuarterhourError as refused:
        # The link is not used up: whoever was refused may write on.
        return _page(request, ask, status=refused.status, refused=refused, typed=sent)
    title, told = page.done(ask)
    return render(request, "links/done.html", {"title": title, "told": told, "way": WAY})
