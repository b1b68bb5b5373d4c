"""The link in a mail that answers a question in writing: looking changes nothing, a press acts, once."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from quarterhour.core import links
from quarterhour.core.commands import KeyReused, once
from quarterhour.core.errors import NotFound, QuarterhourError
from quarterhour.core.links import LinkSpent
from quarterhour.notifications.words import zone_of
from quarterhour.notifications.writing import ANSWER
from quarterhour.people.models import Person
from quarterhour.sessions import writing
from quarterhour.sessions.writing_models import WrittenAsk
from quarterhour.web import refusals
from quarterhour.web.writing import page

WAY = ("/mentor/", "Open my page")
UNKNOWN = "This link is not one of ours, or it is too old. Open the page and start from there."
USED = "This link was already used. Open the page to see how things stand."


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request, secret: str):
    """What was asked, and the box to answer in; a link that was used tells the same press the same once more."""
    try:
        known = links.used(ANSWER, secret) if request.method == "POST" else None
        link = known or links.look(ANSWER, secret, now=request.now)
        person, ask = _subject(link)
        with timezone.override(zone_of(person.zone)):
            response = _pressed(request, link, person, ask, secret) if request.method == "POST" else _page(request, ask)
    except LinkSpent as spent:
        title = "This link does not work any more"
        response = refusals.refusal(request, status=410, title=title, told=spent.told, way=WAY)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _subject(link) -> tuple[Person, WrittenAsk]:
    person = Person.objects.filter(pk=link.subject["person"], is_active=True).first()
    if person is None:
        raise LinkSpent(UNKNOWN)
    try:
        return person, writing.written_for(UUID(link.subject["written"]), visible_to=person)
    except NotFound as gone:
        raise LinkSpent(UNKNOWN) from gone


def _page(request, ask: WrittenAsk, *, status: int = 200, **more):
    shown = page.answer_page(ask, now=request.now)
    if not shown["open"]:
        raise LinkSpent(f"{shown['said']} There is nothing left for this link to do.")
    return render(request, "writing/answer.html", shown | {"base": "base_plain.html"} | more, status=status)


def _pressed(request, link, person: Person, ask: WrittenAsk, secret: str):
    sent = {name: request.POST.get(name, "") for name in ("act", "answer", "would_talk", "why")}

    def act() -> dict:
        links.use(ANSWER, secret, now=request.now)
        return {"state": page.press(sent, ask=ask, by=person, now=request.now).state}

    try:
        ask.state = once(
            key=link.pk, person_key=link.subject["person"], name=f"link {ANSWER}", body=sent, run=act, now=request.now
        )["state"]
    except (LinkSpent, KeyReused) as spent:
        raise LinkSpent(USED) from spent
    except QuarterhourError as refused:
        # The link is not used up: whoever was refused may write on.
        return _page(request, ask, status=refused.status, refused=refused, typed=sent)
    title, told = page.done(ask)
    return render(request, "links/done.html", {"title": title, "told": told, "way": WAY})
