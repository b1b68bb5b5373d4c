"""What the links of mails about requests can do: other times, somebody better, and back from a pause."""

from __future__ import annotations

from quarterhour.matching.people import length_for
from quarterhour.notifications import links
from quarterhour.notifications.asking_letters import ask_of
from quarterhour.notifications.letters import Scene
from quarterhour.people.models import Person
from quarterhour.sessions import asking, queries, silence
from quarterhour.sessions.models import MentoringSession, Status
from quarterhour.web import when
from quarterhour.web.book.better import better_people, own_starts, starts_of
from quarterhour.web.links import forms
from quarterhour.web.links.shape import Deed, chips_by_day
from quarterhour.web.templatetags.words import first_names


def _offer(form, session, by, now):
    chosen, words = form.cleaned_data["start"], form.cleaned_data["words"]
    return asking.offer_times(session=session, starts=chosen, by=by, now=now, words=words)


def _offered(scene: Scene) -> tuple[str, str]:
    return "Offered.", f"{scene.first} is told, and takes one with a press. They are kept until then."


def _own_times(scene: Scene) -> dict:
    return chips_by_day(own_starts(scene.session, now=scene.now), scene.session.minutes, scene)


def _pass_on(form, session, by, now):
    to = Person.objects.filter(pk=form.cleaned_data["person"]).first()
    if to is None:
        raise forms.NotShown("Choose one of the people shown.")
    return asking.pass_on(session=session, to=to, by=by, now=now, words=form.cleaned_data["words"])


def _passed(scene: Scene) -> tuple[str, str]:
    to = ask_of(scene).passed_to
    named = to.called if to else "somebody better"
    return "Passed on, with thanks.", f"{scene.first} hears that you thought of {named}, and decides whether to ask."


def _people(scene: Scene) -> dict:
    return {"people": better_people(scene.session, now=scene.now)}


def _choose(form, session, by, now):
    start = form.cleaned_data["start"]
    take = asking.choose_time if start in queries.offered(session) else asking.ask_for
    return take(session=session, start=start, by=by, now=now)


def _chosen(scene: Scene) -> tuple[str, str]:
    if scene.session.status == Status.ASKED:
        return f"{scene.first} is asked for {scene.at} instead.", "The time is kept for you until the answer comes."
    thanked = first_names(queries.who_has(scene.session.need_id, visible_to=scene.reader, status=Status.THANKED))
    told = f"{scene.first} is told{f', and {thanked} with thanks that you are helped' if thanked else ''}."
    return f"Booked: {scene.at} with {scene.first}.", f"{told} The invitation is on its way."


def _offered_times(scene: Scene) -> dict:
    starts = queries.offered(scene.session)
    return chips_by_day(starts, scene.session.minutes, scene) | {"words": ask_of(scene).words} | _let_go(scene)


def _let_go(scene: Scene) -> dict:
    """Who has the same question, and is thanked once a time is booked."""
    given = {"visible_to": scene.reader, "but_for": scene.session.pk}
    return {"let_go": queries.who_has(scene.session.need_id, **given)}


def _ask_instead(form, session, by, now):
    ask = session.ask if hasattr(session, "ask") else None
    minutes = length_for(ask.passed_to, session.need) if ask and ask.passed_to and session.need else session.minutes
    asking.ask_instead(session=session, start=form.cleaned_data["start"], minutes=minutes, by=by, now=now)
    return session


def _asked_instead(scene: Scene) -> tuple[str, str]:
    to = ask_of(scene).passed_to
    rows = MentoringSession.objects.visible_to(scene.reader).filter(need=scene.session.need_id, mentor=to)
    made = rows.order_by("-created_at").first()
    first = to.first_name if to else "They"
    if made is not None and made.status == Status.CONFIRMED:
        return f"Booked with {first}.", "The invitation for your calendar is on its way."
    return (
        f"{first} has your question now.",
        "You hear as soon as there is an answer. The time is kept for you meanwhile.",
    )


def _their_times(scene: Scene) -> dict:
    ask = ask_of(scene)
    if ask.passed_to is None or scene.session.need is None:
        return {"days": [], "better": None, "words": ask.words}
    starts, minutes = starts_of(ask.passed_to, scene.session, now=scene.now)
    days = chips_by_day(when.waking(starts), minutes, scene)
    return days | {"better": ask.passed_to, "words": ask.words} | _let_go(scene)


def _come_back(_form, session, by, now):
    silence.come_back(by, org=session.org, now=now)
    return session


def _is_back(scene: Scene) -> tuple[str, str]:
    return "You are back.", "People can find you again, from this moment on."


DEEDS = {
    links.OTHER_TIME: Deed("other_time", Status.ASKED, _offer, _offered, form=forms.TimesForm, besides=_own_times),
    links.PASS_ON: Deed("pass_on", Status.ASKED, _pass_on, _passed, form=forms.PersonForm, besides=_people),
    links.CHOOSE: Deed("choose", Status.ASKED, _choose, _chosen, form=forms.MoveForm, besides=_offered_times),
    links.INSTEAD: Deed(
        "ask_instead", Status.DECLINED, _ask_instead, _asked_instead, form=forms.MoveForm, besides=_their_times
    ),
    links.BACK: Deed("back", Status.EXPIRED, _come_back, _is_back),
}
