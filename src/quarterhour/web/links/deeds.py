"""What each link in a mail can do: one table. What is not in it is no link of ours."""

from __future__ import annotations

from datetime import timedelta

from quarterhour.core.errors import Invalid
from quarterhour.engines.budget import week_of
from quarterhour.matching.handing_over import cannot_come
from quarterhour.matching.waitlist import joining
from quarterhour.notifications import links
from quarterhour.notifications.letters import Scene
from quarterhour.notifications.words import clock_time
from quarterhour.people.models import Profile
from quarterhour.sessions import queries, rules, services
from quarterhour.sessions.coming import say_coming
from quarterhour.sessions.models import MentoringSession, Status
from quarterhour.web import when
from quarterhour.web.links import asking, forms
from quarterhour.web.links.shape import Deed, chips_by_day
from quarterhour.web.reasons import NO_BECAUSE

WEEKS = 2


def _release(form, session, by, now):
    note = form.cleaned_data["note"]
    if not form.cleaned_data["instead"]:
        return services.cancel(session=session, by=by, now=now, note=note)
    cannot_come(session=session, by=by, now=now, note=note)
    return queries.session_for(session.pk, visible_to=by)


def _released(scene: Scene) -> tuple[str, str]:
    if later := MentoringSession.objects.visible_to(scene.other).filter(instead_of=scene.session).first():
        return f"{later.mentor.called} takes it over.", f"{scene.first} is told, and keeps the time. You are free."
    saved = "" if scene.is_mentor else " Your question is saved."
    return f"Released: {scene.at}.", f"{scene.first} is told, and the time is free.{saved}"


class SameTime(Invalid):
    """It would move to where it is."""


def _move(form, session, by, now):
    if form.cleaned_data["start"] == session.starts_at:
        raise SameTime("That is the time it has already. Choose another one.")
    return services.move(session=session, start=form.cleaned_data["start"], by=by, now=now)


def _moved(scene: Scene) -> tuple[str, str]:
    told = f"{scene.first} is told. A new invitation is on its way, and your calendar moves with it."
    return f"Moved: {scene.at} with {scene.first}.", told


def _say_coming(_form, session, by, now):
    return say_coming(session=session, by=by, now=now)


def _expected(scene: Scene) -> tuple[str, str]:
    doors = clock_time(rules.lobby_opens(scene.session), scene.zone)
    told = f"{scene.first} sees it. The doors open at {doors}; you find the way in under your sessions."
    return f"You will be there: {scene.at}.", told


def _accept(_form, session, by, now):
    return services.accept(session=session, by=by, now=now)


def _accepted(scene: Scene) -> tuple[str, str]:
    told = f"{scene.first} is told. The invitation for your calendar is on its way."
    return f"Booked: {scene.at} with {scene.first}.", told


def _decline(form, session, by, now):
    return services.decline(session=session, by=by, now=now, note=form.note)


def _declined(scene: Scene) -> tuple[str, str]:
    return "Said kindly.", f"{scene.first} hears that you cannot, and can ask somebody else. The time is yours again."


def _answer(form, session, by, now):
    return (_accept if form.cleaned_data["answer"] == "yes" else _decline)(form, session, by, now)


def _answered(scene: Scene) -> tuple[str, str]:
    return (_accepted if scene.session.status == Status.CONFIRMED else _declined)(scene)


def _take(_form, session, by, now):
    return joining.take(session=session, by=by, now=now)


def _taken(scene: Scene) -> tuple[str, str]:
    if scene.session.status == Status.CONFIRMED:
        return _accepted(scene)
    return f"{scene.first} is asked for {scene.at}.", "The time is kept for you until the answer comes by mail."


def _not_this(_form, session, by, now):
    return joining.pass_on(session=session, by=by, now=now)


def _passed(_scene: Scene) -> tuple[str, str]:
    return (
        "Passed on.",
        "It goes to the next who waits. You keep your place, and hear of the next time that comes free.",
    )


def _lateness(scene: Scene) -> dict:
    late = rules.is_late(scene.session, by=scene.reader, now=scene.now)
    return {"late": late, "may_hand_over": scene.is_mentor and scene.start > scene.now}


def _free_days(scene: Scene) -> dict:
    """Other free times of the same mentor, by the reader's days, as chips."""
    session = scene.session
    starts = queries.free_starts(
        mentor_ids=[session.mentor_id],
        org=session.org,
        minutes=session.minutes,
        between=(scene.now, scene.now + timedelta(weeks=WEEKS)),
        now=scene.now,
        each=None,
        mentee=session.mentee,
        but_for=session.pk,
    ).get(session.mentor_id, [])
    others = [start for start in starts if start != session.starts_at]
    return chips_by_day(when.waking(others), session.minutes, scene)


def _sheet(scene: Scene) -> dict:
    """What a mentor reads in one minute."""
    need = scene.session.need
    by = f"{need.decide_by:%A} {need.decide_by.day} {need.decide_by:%B}" if need and need.decide_by else ""
    rows = [
        ("Tried", need.tried if need else "", "spoken"),
        ("Good outcome", need.good_outcome if need else "", "spoken"),
        ("Decides by", by),
    ]
    return _reasons(scene) | _minutes_left(scene) | {"sheet": [row for row in rows if row[1]], "line": _line(scene)}


def _line(scene: Scene) -> str:
    """What the asker says of themselves, in a line."""
    profile = Profile.objects.within(scene.session.org_id).filter(person=scene.other).first()
    return (profile.headline or profile.role) if profile else ""


def _minutes_left(scene: Scene) -> dict:
    """What a yes leaves of this week's minutes; the request itself is counted already."""
    if week_of(scene.start, scene.zone.key) != week_of(scene.now, scene.zone.key):
        return {}
    given, budget = queries.minutes_this_week(scene.reader, org=scene.session.org, now=scene.now)
    return {"left": max(0, budget - given), "budget": budget}


def _reasons(_scene: Scene) -> dict:
    return {"reasons": [{"value": value, "label": label} for value, label in NO_BECAUSE.items()]}


DEEDS = {
    links.COMING: Deed("coming", Status.CONFIRMED, _say_coming, _expected),
    links.MOVE: Deed("move", Status.CONFIRMED, _move, _moved, form=forms.MoveForm, besides=_free_days),
    links.RELEASE: Deed("release", Status.CONFIRMED, _release, _released, form=forms.ReleaseForm, besides=_lateness),
    links.ACCEPT: Deed("accept", Status.ASKED, _accept, _accepted),
    links.DECLINE: Deed("decline", Status.ASKED, _decline, _declined, form=forms.DeclineForm, besides=_reasons),
    links.TAKE: Deed("take", Status.HELD, _take, _taken),
    links.NOT_THIS: Deed("not_this", Status.HELD, _not_this, _passed),
    links.BRIEF: Deed("brief", Status.ASKED, _answer, _answered, form=forms.BriefForm, besides=_sheet),
} | asking.DEEDS
