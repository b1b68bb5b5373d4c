"""On the morning of its day, whoever took an action on hears of it: once for each action, person and day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from email.message import EmailMessage

from django.db import transaction
from django.db.models import Exists, OuterRef

from quarterhour.advice import actions
from quarterhour.advice.models import Action as TakenOn
from quarterhour.core import links
from quarterhour.engines.following_up import morning_of
from quarterhour.notifications import addresses, channels, outgoing, post
from quarterhour.notifications.action_models import ActionReminder
from quarterhour.notifications.attempts import NotNow
from quarterhour.notifications.following_letters import BECAME, STOP, stop_link
from quarterhour.notifications.letters import LONGEST_QUOTE, LONGEST_SUBJECT, Action, Letter, Line
from quarterhour.notifications.models import Outgoing, SentMail
from quarterhour.notifications.reasons import ACTION_DUE, Reason
from quarterhour.notifications.turns import turn
from quarterhour.notifications.words import date_words, one_line, shorten, zone_of
from quarterhour.people.models import Person
from quarterhour.people.queries import is_blocked

A_BATCH = 500
LASTS = timedelta(days=14)  # so long a link of a reminder says what became of it
BECAUSE = "actions of all organisations fall due on one clock"


@transaction.atomic
def hand_over(*, now: datetime, limit: int = A_BATCH) -> int:
    """Write down mails and notices of what is due this morning where its owner is. Returns how many were reminded."""
    told, rows = [], []
    for side in ("mentee", "mentor"):
        for action, person in _due(side, now=now, limit=limit):
            rows.append(
                ActionReminder(org_id=action.org_id, action=action, person=person, day=action.day, handed_at=now)
            )
            told.append((action.org_id, person.pk, Reason(ACTION_DUE, action.pk, action.day.toordinal())))
    ActionReminder.objects.bulk_create(rows, ignore_conflicts=True)
    mails, notices = outgoing.tell(told, ways=channels.ways_of(each for _, each, _ in told), now=now)
    outgoing.wake(mails=mails, notices=notices)
    return len(rows)


def hand_over_all(*, now: datetime) -> int:
    """The same, by one worker of all at a time."""
    with turn("remind of actions") as mine:
        return hand_over(now=now) if mine else 0


def message_for(row: SentMail, *, now: datetime) -> EmailMessage | None:
    """The message as things stand, its links made; None for what is done, dropped, moved or over."""
    action = true_action(row, now=now)
    if action is None:
        return None
    letter = letter_for(action, row.person, now=now, links=links_of(action, row, now=now))
    return post.built(letter, to=row.person.email, message_id=row.message_id, now=now)


def true_action(row: Outgoing, *, now: datetime) -> TakenOn | None:
    """The action this is about, if it is still to do today. Raises NotNow if it is, and not at this hour."""
    reason = Reason.read(row.reason)
    action = actions.own_action(reason.session_id, visible_to=row.person)
    if action is None or action.fate not in actions.PENDING or not row.person.is_active:
        return None
    session, ways = action.takeaway.session, channels.ways_of([row.person_id])
    if action.day != date.fromordinal(reason.sequence) or not ways.of(row.person_id).actions:
        return None
    if is_blocked(session.mentor, session.mentee):
        return None
    span = _morning(action, row.person, ways.quiet(row.person_id))
    if span is None or now >= span.until:
        return None
    if now < span.at:
        raise NotNow(span.at)
    return action


def links_of(action: TakenOn, row: Outgoing, *, now: datetime) -> dict[str, str]:
    """Where one press says what became of it, and where one press ends these reminders."""
    subject = {"action": str(action.pk), "person": str(row.person_id), "letter": str(row.pk)}
    secret = links.secret_of(row.pk, BECAME)
    links.make_again({BECAME: secret}, subject, lasts=LASTS, now=now, family=f"after {row.pk.hex}")
    return {BECAME: addresses.by_mail(BECAME, secret)} | stop_link(channels.ACTIONS, row, now=now)


def letter_for(action: TakenOn, person: Person, *, now: datetime, links: Mapping[str, str]) -> Letter:
    """What is said, kindly: it may be moved or dropped as well."""
    session = action.takeaway.session
    first, zone = one_line(session.other(person).first_name), zone_of(person.zone)
    talked = date_words(session.starts_at, zone, now=now)
    return Letter(
        subject=shorten(one_line(f"Today: {action.text}"), LONGEST_SUBJECT),
        preview=f"You took this on when you talked with {first}.",
        day=f"From {first}, {talked}",
        headline="It is for today.",
        where="Done, under way, or not worth doing any more: each is an answer, and takes one press.",
        quote=shorten(action.text, LONGEST_QUOTE),
        actions=(
            Action("Say what became of it", links[BECAME], primary=True),
            Action("Choose another day", addresses.my_actions()),
            Action("No such reminders", links[STOP]),
        ),
        below=(Line("We remind you this once. A new date helps more than a late one."),),
        foot=(
            "The first and the last link work once and only for you, without signing in.",
            f"You get this because you talked with {first} at {one_line(action.org.name)}.",
        ),
    )


def _due(side: str, *, now: datetime, limit: int) -> list[tuple[TakenOn, Person]]:
    """What is due this morning of those on one side of their session, and nobody was reminded of."""
    column = f"takeaway__session__{side}"
    told = ActionReminder.plain.filter(action=OuterRef("pk"), person=OuterRef(column), day=OuterRef("on"))
    rows = actions.due_around(now.date()).filter(~Exists(told), owner__in=[side, TakenOn.Owner.BOTH])
    rows = rows.filter(**{f"{column}__is_active": True}).select_related("takeaway__session__mentor")
    rows = rows.select_related("takeaway__session__mentee").order_by("on", "pk")
    found = [(each, getattr(each.takeaway.session, side)) for each in rows[: limit * 4]]
    ways = channels.ways_of(person.pk for _, person in found)
    due = []
    for action, person in found:
        span = _morning(action, person, ways.quiet(person.pk)) if ways.of(person.pk).actions else None
        if span and span.at <= now < span.until:
            due.append((action, person))
    return due[:limit]


def _morning(action: TakenOn, person: Person, quiet):
    seed = f"{action.pk} {person.pk}"
    return morning_of(action.day, zone=zone_of(person.zone).key, quiet=quiet, seed=seed)
