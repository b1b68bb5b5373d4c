"""The shape of what a link in a mail can do, and free times as its page draws them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from quarterhour.notifications.letters import Scene
from quarterhour.people.models import Person
from quarterhour.sessions.models import MentoringSession, Status
from quarterhour.web.links import forms

DAYS_SHOWN, STARTS_A_DAY = 6, 8

Act = Callable[[forms.PressForm, MentoringSession, Person, datetime], MentoringSession]


@dataclass(frozen=True)
class Deed:
    """A page with a button, and what the button does.

    page: its template's name. state: of the session, in which it makes sense. done: (title, told) once it is done.
    form: what may be said beside the press. besides: what the page needs besides, from a Scene.
    """

    page: str
    state: Status
    act: Act
    done: Callable[[Scene], tuple[str, str]]
    form: type[forms.PressForm] = forms.PressForm
    besides: Callable[[Scene], dict] = lambda _scene: {}


def chips_by_day(starts: Iterable[datetime], minutes: int, scene: Scene) -> dict:
    """Free times by the reader's days, as chips: `days`, some of each."""
    days: dict = {}
    for start in starts:
        days.setdefault(start.astimezone(scene.zone).date(), []).append(start)
    shown = list(days.values())[:DAYS_SHOWN]
    return {"days": [{"first": day[0], "options": _chips(day[:STARTS_A_DAY], minutes, scene)} for day in shown]}


def _chips(starts: list[datetime], minutes: int, scene: Scene) -> list[dict]:
    return [
        {
            "value": start.isoformat(),
            "label": f"{start.astimezone(scene.zone):%H:%M}",
            "start": start,
            "minutes": minutes,
            "hidden": f"with {scene.first}",
        }
        for start in starts
    ]
