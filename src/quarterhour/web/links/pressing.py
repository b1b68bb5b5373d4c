"""What all links in mails share: who may press, that a press acts once, and what is said of a link that is over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from quarterhour.core import links
from quarterhour.core.commands import KeyReused, once
from quarterhour.core.links import LinkSpent
from quarterhour.core.models import SingleUseLink
from quarterhour.people.models import Person
from quarterhour.web import refusals

USED = "This link was already used. Open the page to see how things stand."
UNKNOWN = "This link is not one of ours, or it is too old. Open the page and start from there."
OVER = "There is nothing left for this link to do."
TITLE = "This link does not work any more"


def reader_of(link: SingleUseLink) -> Person:
    """Whom it was written to. Raises LinkSpent where they are gone."""
    person = Person.objects.filter(pk=link.subject["person"], is_active=True).first()
    if person is None:
        raise LinkSpent(UNKNOWN)
    return person


def command(link: SingleUseLink, sent: dict) -> dict:
    """A press as a command: the link is its key, and what was sent along tells it from another one."""
    return {"key": link.pk, "person_key": link.subject["person"], "name": f"link {link.purpose}", "body": sent}


def press(link: SingleUseLink, secret: str, act: Callable[[], dict], *, sent: dict, now: datetime) -> dict:
    """Use the link up and act, in one transaction; the same press once more is told the same.

    Raises LinkSpent for another press. A press that is refused leaves the link in force.
    """

    def run() -> dict:
        links.use(link.purpose, secret, now=now)
        return act()

    try:
        return once(**command(link, sent), run=run, now=now)
    except (LinkSpent, KeyReused) as spent:
        raise LinkSpent(USED) from spent


def spent(request, told: str, *, way: tuple[str, str]):
    return refusals.refusal(request, status=410, title=TITLE, told=told, way=way)


def unlisted(response):
    """No machine that follows the link keeps its page."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
