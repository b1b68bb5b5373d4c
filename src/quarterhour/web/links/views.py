"""Pages behind the links in mails. Looking changes nothing, whoever looks; a press acts, once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from quarterhour.core import links
from quarterhour.core.commands import answer_to
from quarterhour.core.errors import Changed, NotFound, QuarterhourError
from quarterhour.core.links import LinkSpent
from quarterhour.core.models import SingleUseLink
from quarterhour.notifications.letters import Scene
from quarterhour.people.models import Person
from quarterhour.sessions import queries, rules
from quarterhour.sessions.models import Status
from quarterhour.web.context import address
from quarterhour.web.links import pressing
from quarterhour.web.links.deeds import DEEDS, Deed
from quarterhour.web.links.forms import PressForm
from quarterhour.web.links.shape import chips_by_day


@dataclass(frozen=True)
class Opened:
    """A link that is in force, what it can do, and the session and person it is for."""

    deed: Deed
    link: SingleUseLink
    scene: Scene


@require_http_methods(["GET", "HEAD", "POST"])
def press(request, purpose: str, secret: str):
    """What a link will do, and the button that does it."""
    try:
        opened = _open(purpose, secret, request.now)
        with timezone.override(opened.scene.zone):
            response = _pressed(request, opened, secret) if request.method == "POST" else _page(request, opened)
    except LinkSpent as spent:
        again = _pressed_before(request, purpose, secret) if request.method == "POST" else None
        response = again or pressing.spent(request, spent.told, way=_way_on())
    return pressing.unlisted(response)


def _open(purpose: str, secret: str, now) -> Opened:
    """Raises LinkSpent for whatever is no link, or no link any more."""
    deed = DEEDS.get(purpose)
    if deed is None:
        raise LinkSpent(pressing.UNKNOWN)
    link = links.look(purpose, secret, now=now)
    person = pressing.reader_of(link)
    try:
        session = queries.session_for(UUID(link.subject["session"]), visible_to=person)
    except NotFound as gone:
        raise LinkSpent(pressing.UNKNOWN) from gone
    if session.status != deed.state:
        raise LinkSpent(f"{rules.SAID[Status(session.status)]} {pressing.OVER}")
    return Opened(deed, link, Scene(session=session, reader=person, now=now))


def _pressed(request, opened: Opened, secret: str):
    scene, deed = opened.scene, opened.deed
    form = deed.form(request.POST, now=request.now)
    if not form.is_valid():
        return _page(request, opened, form=form, status=422)

    def act() -> dict:
        if form.cleaned_data["seen"] != scene.session.version:
            raise Changed(
                "This has changed since you opened the page. Look again, and press once more if it still suits."
            )
        return {"version": deed.act(form, scene.session, scene.reader, request.now).version}

    try:
        done = pressing.press(opened.link, secret, act, sent=_sent(request), now=request.now)
    except LinkSpent:
        raise
    except QuarterhourError as refused:
        # The link is not used up: whoever was refused may choose again.
        starts = getattr(refused, "starts", [])
        return _page(request, opened, form=form, status=refused.status, told=refused.told, starts=starts)
    answer = _done(request, opened.link, done)
    if answer is None:
        raise LinkSpent(pressing.USED)
    return answer


def _sent(request) -> dict:
    return {name: words for name, words in request.POST.lists() if name != "csrfmiddlewaretoken"}


def _pressed_before(request, purpose: str, secret: str):
    """The answer to a press that is sent again, as long as nothing has happened since; None for anything else."""
    link = links.used(purpose, secret)
    done = answer_to(**pressing.command(link, _sent(request))) if link else None
    return _done(request, link, done) if link and done else None


def _done(request, link: SingleUseLink, done: dict):
    """What was done, from the session as the press left it; None if it has gone on since."""
    person = Person.objects.filter(pk=link.subject["person"], is_active=True).first()
    try:
        session = queries.session_for(UUID(link.subject["session"]), visible_to=person) if person else None
    except NotFound:
        session = None
    if session is None or session.version != done["version"]:
        return None
    scene = Scene(session=session, reader=person, now=request.now)
    with timezone.override(scene.zone):
        title, told = DEEDS[link.purpose].done(scene)
        return render(request, "links/done.html", {"title": title, "told": told, "way": _way_on()})


def _page(
    request,
    opened: Opened,
    *,
    form: PressForm | None = None,
    status: int = 200,
    told: str = "",
    starts: Sequence[datetime] = (),
):
    """starts: other times, where the one that was pressed is gone."""
    scene, deed = opened.scene, opened.deed
    told_here = {"scene": scene, "session": scene.session, "until": scene.until(opened.link.expires_at)}
    told_here |= {"form": form or deed.form(now=request.now), "told": told} | deed.besides(scene)
    told_here["others"] = chips_by_day(starts, scene.session.minutes, scene)["days"]
    return render(request, f"links/{deed.page}.html", told_here, status=status)


def _way_on() -> tuple[str, str]:
    sessions = address("book:sessions")
    return (sessions, "Open my sessions") if sessions else ("/", "Back to the start")
