"""The links in mails that ask what became of it. Looking changes nothing; each answers with one press, once."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from quarterhour.advice import actions
from quarterhour.advice.action_models import Why
from quarterhour.advice.models import Action
from quarterhour.core import links
from quarterhour.core.errors import Invalid, QuarterhourError
from quarterhour.core.links import LinkSpent
from quarterhour.core.models import SingleUseLink
from quarterhour.notifications import channels
from quarterhour.notifications.following_letters import AGO, BECAME, FOLLOWED, STOP
from quarterhour.notifications.letters import Scene
from quarterhour.notifications.words import zone_of
from quarterhour.people.models import Person
from quarterhour.trust import follow_ups
from quarterhour.trust.follow_up_models import FollowUp
from quarterhour.web.advice.words import LOOKING_BACK, SAID
from quarterhour.web.links import pressing

WAY = ("/actions/", "What I took on")
STOPPED = {
    channels.FOLLOW_UPS: ("We ask no more.", "Nobody asks you any more what became of a session."),
    channels.ACTIONS: ("No more of these.", "Nobody reminds you any more of what you took on."),
}
CHANGE = ("/me/notices/", "Change what reaches me")


@dataclass(frozen=True)
class Asked:
    """Behind a link: whom it asks, about which session, and the two things that can be answered."""

    link: SingleUseLink
    person: Person
    follow_up: FollowUp | None
    action: Action | None

    @property
    def session(self):
        return self.follow_up.session if self.follow_up else self.action.takeaway.session


@require_http_methods(["GET", "HEAD", "POST"])
def followed(request, secret: str):
    """How much it helped, looking back: five buttons."""
    return _answered(request, FOLLOWED, secret, ("helped",), _keep_quarters)


@require_http_methods(["GET", "HEAD", "POST"])
def became(request, secret: str):
    """What became of what they took on: three buttons."""
    return _answered(request, BECAME, secret, ("fate", "action", "why", "words"), _keep_fate)


@require_http_methods(["GET", "HEAD", "POST"])
def stop(request, secret: str):
    """One press ends a kind of news. Pressed twice, it has stopped."""
    try:
        known = links.used(STOP, secret) if request.method == "POST" else None
        link = known or links.look(STOP, secret, now=request.now)
        person, news = pressing.reader_of(link), link.subject["news"]
        if request.method == "POST" and known is None:
            links.use(STOP, secret, now=request.now)
            channels.stop(person, news)
    except LinkSpent as spent:
        response = pressing.spent(request, spent.told, way=CHANGE)
    else:
        title, told = STOPPED[news]
        page = {"title": title, "told": f"{told} Under “What reaches you” you can change that.", "way": CHANGE}
        template = "links/done.html" if request.method == "POST" else "links/stop_asking.html"
        response = render(request, template, page | {"asking": news == channels.FOLLOW_UPS})
    return pressing.unlisted(response)


def _answered(request, purpose: str, secret: str, names: tuple[str, ...], keep):
    sent = {name: request.POST.get(name, "") for name in names}
    try:
        known = links.used(purpose, secret) if request.method == "POST" else None
        asked = _asked(known or links.look(purpose, secret, now=request.now))
        with timezone.override(zone_of(asked.person.zone)):
            if request.method == "POST":
                response = _pressed(request, asked, secret, sent, keep)
            else:
                response = _page(request, asked)
    except LinkSpent as spent:
        response = pressing.spent(request, spent.told, way=WAY)
    return pressing.unlisted(response)


def _pressed(request, asked: Asked, secret: str, sent: dict, keep):
    try:
        done = pressing.press(
            asked.link, secret, lambda: {"said": keep(asked, sent, request.now)}, sent=sent, now=request.now
        )
    except LinkSpent:
        raise
    except QuarterhourError as refused:
        # The link is not used up: whoever was refused may choose again.
        return _page(request, asked, told=refused.told, status=refused.status)
    return _page(request, _asked(asked.link), said=done["said"])


def _keep_quarters(asked: Asked, sent: dict, now) -> str:
    quarters = int(sent["helped"]) if sent["helped"] in {"0", "1", "2", "3", "4"} else None
    if quarters is None or asked.follow_up is None:
        raise Invalid("Choose one of the five answers.")
    follow_ups.answer(follow_up=asked.follow_up, by=asked.person, quarters=quarters, now=now)
    return f"You said: {LOOKING_BACK[quarters].lower()}."


def _keep_fate(asked: Asked, sent: dict, now) -> str:
    action = _own(asked, sent["action"])
    if action is None or sent["fate"] not in {Action.Fate.DONE, Action.Fate.DOING, Action.Fate.DROPPED}:
        raise Invalid("Choose done, doing or dropped.")
    given = {"why": sent["why"], "words": sent["words"]} if sent["fate"] == Action.Fate.DROPPED else {}
    actions.say(action=action, by=asked.person, fate=sent["fate"], **given, now=now)
    return f"{SAID[sent['fate']]}."


def _own(asked: Asked, key: str) -> Action | None:
    """The action the page showed, if it is theirs and of this session."""
    try:
        found = actions.own_action(UUID(key), visible_to=asked.person)
    except ValueError:
        return None
    return found if found and found.takeaway.session_id == asked.session.pk else None


def _asked(link: SingleUseLink) -> Asked:
    """Raises LinkSpent where its person, its session or its action is gone."""
    person, subject = pressing.reader_of(link), link.subject
    if "follow_up" not in subject:
        action = actions.own_action(UUID(subject["action"]), visible_to=person)
        if action is None:
            raise LinkSpent(pressing.UNKNOWN)
        return Asked(link, person, None, action)
    rows = FollowUp.objects.visible_to(person).select_related(
        "session__mentor", "session__mentee", "session__need", "session__org"
    )
    row = rows.filter(pk=UUID(subject["follow_up"])).first()
    if row is None:
        raise LinkSpent(pressing.UNKNOWN)
    return Asked(link, person, row, actions.first_to_do(row.session, visible_to=person))


def _page(request, asked: Asked, *, said: str = "", told: str = "", status: int = 200):
    """What is still to answer: each through a link of its own, so that each is answered once."""
    now, letter = request.now, asked.link.subject["letter"]
    open_ = {purpose: _in_force(purpose, letter, now=now) for purpose in (FOLLOWED, BECAME)}
    pending = asked.action if asked.action and asked.action.fate in actions.PENDING else None
    scene = Scene(session=asked.session, reader=asked.person, now=now)
    page = {
        "scene": scene,
        "session": asked.session,
        "until": scene.until(asked.link.expires_at),
        "ago": AGO.get(asked.follow_up.kind) if asked.follow_up else "",
        "helped_at": open_[FOLLOWED] if asked.follow_up else "",
        "became_at": open_[BECAME] if pending else "",
        "action": pending,
        "reasons": [{"value": value, "label": label} for value, label in Why.choices],
        "said": said,
        "told": told,
        "way": WAY,
    }
    return render(request, "links/followed.html", page, status=status)


def _in_force(purpose: str, letter: str, *, now) -> str:
    """The path of the link of this purpose that came in the same letter; "" once it was used or is over."""
    secret = links.secret_of(letter, purpose)
    try:
        links.look(purpose, secret, now=now)
    except LinkSpent:
        return ""
    return f"/by-mail/{purpose}/{secret}/"
