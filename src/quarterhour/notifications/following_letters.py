"""What is said when we ask what became of a session, and when a mentor is thanked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from email.message import EmailMessage

from quarterhour.advice.actions import first_to_do
from quarterhour.advice.models import Action as TakenOn
from quarterhour.core import links
from quarterhour.engines.following_up import Kind
from quarterhour.engines.reminding import quiet_around
from quarterhour.notifications import addresses, channels, post
from quarterhour.notifications.attempts import NotNow
from quarterhour.notifications.letters import LONGEST_ASIDE, LONGEST_QUOTE, Action, Letter, Line, Scene
from quarterhour.notifications.models import Outgoing, SentMail
from quarterhour.notifications.reasons import Reason
from quarterhour.notifications.words import date_words, one_line, shorten, until_words, zone_of
from quarterhour.people.queries import is_blocked
from quarterhour.sessions.models import Status
from quarterhour.sessions.queries import was_missed
from quarterhour.trust.follow_up_models import FollowUp

FOLLOWED, BECAME, STOP = "followed", "became", "stop-asking"  # what the links are for
STOP_LASTS = timedelta(days=365)
AGO = {Kind.WEEK: "a week", Kind.MONTH: "a month"}


def message_for(row: SentMail, *, now: datetime) -> EmailMessage | None:
    """The message as things stand, its links made; None once there is nothing to ask. Raises NotNow at night."""
    found = true_follow_up(row, now=now)
    if found is None:
        return None
    letter = letter_for(found, now=now, links=links_of(found, row, now=now))
    return post.built(letter, to=row.person.email, message_id=row.message_id, now=now)


def true_follow_up(row: Outgoing, *, now: datetime) -> FollowUp | None:
    """The follow-up this is about, if it is still worth asking. Raises NotNow if it is, and not at this hour."""
    rows = FollowUp.objects.within(row.org_id).select_related(
        "person", "session__mentor", "session__mentee", "session__need", "session__org", "session__how_kept"
    )
    found = rows.filter(pk=Reason.read(row.reason).session_id).first()
    if found is None or found.answered_at or now >= found.until or not found.person.is_active:
        return None
    session = found.session
    if session.status != Status.ENDED or was_missed(session) or is_blocked(session.mentor, session.mentee):
        return None
    ways = channels.ways_of([found.person_id])
    if not ways.of(found.person_id).follow_ups:
        return None
    if stretch := quiet_around(now, zone=zone_of(found.person.zone).key, quiet=ways.quiet(found.person_id)):
        raise NotNow(stretch[1])
    return found


def links_of(follow_up: FollowUp, row: Outgoing, *, now: datetime) -> dict[str, str]:
    """Addresses by purpose. The same message has the same ones, however often it is written."""
    subject = {"follow_up": str(follow_up.pk), "person": str(row.person_id), "letter": str(row.pk)}
    made = {purpose: links.secret_of(row.pk, purpose) for purpose in (FOLLOWED, BECAME)}
    links.make_again(made, subject, lasts=follow_up.until - now, now=now, family=f"after {row.pk.hex}")
    return {purpose: addresses.by_mail(purpose, secret) for purpose, secret in made.items()} | stop_link(
        channels.FOLLOW_UPS, row, now=now
    )


def stop_link(news: str, row: Outgoing, *, now: datetime) -> dict[str, str]:
    """The address at which one press ends a kind of news. It outlives what it came with."""
    subject, secret = {"news": news, "person": str(row.person_id)}, links.secret_of(row.pk, STOP)
    links.make_again({STOP: secret}, subject, lasts=STOP_LASTS, now=now, family=f"stop {row.pk.hex}")
    return {STOP: addresses.by_mail(STOP, secret)}


def letter_for(follow_up: FollowUp, *, now: datetime, links: Mapping[str, str]) -> Letter:
    """What is said. links: by purpose; one for all where everything is done on a page."""
    session, kind = follow_up.session, Kind(follow_up.kind)
    scene = Scene(session=session, reader=follow_up.person, now=now, links=links)
    action, until = first_to_do(session, visible_to=follow_up.person), follow_up.until
    until_then = until_words(until, scene.zone, now=now)
    last = "This was the last time we ask about it." if kind == Kind.MONTH else "We ask once more, in three weeks."
    return Letter(
        subject=scene.subject(f"Did it help, {AGO[kind]} after {scene.first}?"),
        preview="One press tells it, without logging in.",
        day=f"{date_words(scene.start, scene.zone, now=now)}, {scene.span} with {scene.name}",
        headline="Did it help?",
        where=f"{AGO[kind].capitalize()} has passed. One press is enough; {scene.first} never reads your answer.",
        quote=shorten(scene.question, LONGEST_QUOTE),
        actions=(
            Action("Say how it helped", links[FOLLOWED], primary=True),
            *((Action("Say what became of it", links[BECAME]),) if action else ()),
            Action("Never ask me again", links[STOP]),
        ),
        below=(*((Line(taken_on(action)),) if action else ()), Line(last)),
        foot=(
            f"The links work once and only for you, until {until_then}; the last one ends these questions for good.",
            f"You get this because you talked with {scene.first} at {one_line(session.org.name)}.",
        ),
    )


def taken_on(action: TakenOn) -> str:
    """As in "You took on: ask Marek for a review date, by Monday 30 November.".

    Without a day, its words alone.
    """
    by = f", by {action.day:%A} {action.day.day} {action.day:%B}" if action.day else ""
    return f"You took on: “{shorten(one_line(action.text), LONGEST_ASIDE)}”{by}."


def worked(scene: Scene) -> Letter:
    """Thanks to the mentor, without a number."""
    on = date_words(scene.start, scene.zone, now=scene.now)
    return Letter(
        subject=scene.subject(f"Your quarter of an hour helped {scene.first}"),
        preview=f"A month later {scene.first} says that it did.",
        day=f"{on}, {scene.span} with {scene.name}",
        headline=f"It helped {scene.first}.",
        where="We asked a month later, and that is the answer. Thank you.",
        quote=shorten(scene.question, LONGEST_QUOTE),
        actions=(Action("See the card", addresses.card(scene.session), primary=True),),
        below=(Line("You read no numbers, and nobody reads what you answered."),),
        foot=("The link asks you to sign in if you are not.", scene.why),
    )
