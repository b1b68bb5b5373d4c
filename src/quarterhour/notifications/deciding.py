"""Mail about decisions: how did it turn out, asked once on the day its owner chose; and one is shown to a mentor."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage

from django.db import transaction

from quarterhour.advice.decision_models import Decision
from quarterhour.advice.decision_queries import guest_at
from quarterhour.advice.events import DecisionShared
from quarterhour.core import links
from quarterhour.core.errors import NotFound
from quarterhour.engines.following_up import morning_of
from quarterhour.engines.reminding import NIGHT
from quarterhour.notifications import addresses, channels, outgoing, post
from quarterhour.notifications.attempts import NotNow
from quarterhour.notifications.letters import LONGEST_QUOTE, LONGEST_SUBJECT, Action, Letter, Line
from quarterhour.notifications.models import Outgoing, SentMail
from quarterhour.notifications.reasons import LOOK_BACK, SHOWN, Reason
from quarterhour.notifications.reminders import when_awake
from quarterhour.notifications.turns import turn
from quarterhour.notifications.words import date_words, one_line, shorten, zone_of

A_BATCH = 250
STOP = "stop-looking-back"
LASTS = timedelta(days=60)
BECAUSE = "days to look back of all organisations come on one clock"


@transaction.atomic
def hand_over(*, now: datetime, limit: int = A_BATCH) -> int:
    """Ask about decisions whose day has come where their owners are. Returns how many were asked about.

    The mark and the messages are one transaction, and rows another worker holds are passed over: once a round,
    whatever runs twice or dies half way. A day that was missed is asked about later, not never.
    """
    everywhere = Decision.objects.of_every_tenant(because=BECAUSE)
    due = everywhere.filter(
        look_back_on__lte=now.date() + timedelta(days=1), asked_back_at=None, not_asked_at=None, looked_back_at=None,
        chosen__isnull=False, owner__is_active=True,
    )  # fmt: skip
    rows = due.select_for_update(skip_locked=True, of=("self",)).select_related("owner").order_by("look_back_on")
    found = list(rows[:limit])
    ways = channels.ways_of(row.owner_id for row in found)
    now_due = [row for row in found if _morning(row, ways.quiet(row.owner_id)) <= now]
    told = [(row.org_id, row.owner_id, Reason(LOOK_BACK, row.pk, row.look_back_round)) for row in now_due]
    mails, notices = outgoing.tell(told, ways=ways, now=now)
    everywhere.filter(pk__in=[row.pk for row in now_due]).update(asked_back_at=now)
    outgoing.wake(mails=mails, notices=notices)
    return len(now_due)


def hand_over_all(*, now: datetime) -> int:
    """The same, by one worker of all at a time."""
    with turn("ask how decisions turned out") as mine:
        return hand_over(now=now) if mine else 0


def tell_the_guest(event: DecisionShared, *, now: datetime) -> None:
    """A mentor hears that somebody shows them a decision. Running twice writes nothing more."""
    why = Reason(SHOWN, event.decision_id, event.round)
    outgoing.tell_people(event.org_id, [event.mentor_id], why, now=now)


def message_for(row: SentMail, *, now: datetime) -> EmailMessage | None:
    """The message as things stand; None once it is no longer true. Raises NotNow in quiet hours."""
    stop = addresses.whole("/decide/")
    decision = true_decision(row, now=now)
    if decision is None:
        return None
    if Reason.read(row.reason).mail == LOOK_BACK:
        secret = links.secret_of(row.pk, STOP)
        subject = {"decision": str(decision.pk), "person": str(row.person_id)}
        links.make_again({STOP: secret}, subject, lasts=LASTS, now=now, family=f"decision {decision.pk.hex}")
        stop = addresses.by_mail(STOP, secret)
    letter = letter_for(decision, row, stop=stop, now=now)
    return post.built(letter, to=row.person.email, message_id=row.message_id, now=now)


def true_decision(row: Outgoing, *, now: datetime) -> Decision | None:
    """The decision this is about, if it is still worth telling. Raises NotNow at night."""
    reason = Reason.read(row.reason)
    if not row.person.is_active:
        return None
    if reason.mail == SHOWN:
        return _shown(row, reason)
    rows = Decision.objects.visible_to(row.person).of(row.person).select_related("chosen", "org", "owner")
    decision = rows.filter(pk=reason.session_id, look_back_round=reason.sequence).first()
    if decision is None or decision.chosen is None or decision.not_asked_at or decision.looked_back_at:
        return None
    if (later := when_awake(row.person, now=now)) > now:
        raise NotNow(later)
    return decision


def letter_for(decision: Decision, row: Outgoing, *, stop: str, now: datetime) -> Letter:
    """What is said. stop: where one press ends it."""
    board = addresses.whole(f"/decide/{decision.pk}/")
    from_where = f"at {one_line(decision.org.name)}."
    if Reason.read(row.reason).mail == SHOWN:
        first = one_line(decision.owner.first_name)
        return Letter(
            subject=shorten(one_line(f"{first} decides: {decision.question}"), LONGEST_SUBJECT),
            preview=f"{first} shows you what your advice lies on.",
            day=f"From {one_line(decision.owner.called)}",
            headline=f"{first} shows you a decision.",
            where="You gave advice on it. You may look, for as long as it is shown to you.",
            quote=shorten(decision.question, LONGEST_QUOTE),
            actions=(Action("Look at it", board, primary=True),),
            foot=(
                "The link asks you to sign in if you are not.",
                f"You get this because you advised {first} {from_where}",
            ),
        )
    decided = date_words(decision.decided_at, zone_of(row.person.zone), now=now)
    chosen = one_line(decision.chosen.text)
    return Letter(
        subject=shorten(one_line(f"How did it turn out? {decision.question}"), LONGEST_SUBJECT),
        preview=f"You chose “{chosen}”.",
        day=f"You decided on {decided}",
        headline="How did it turn out?",
        where=f"You chose “{chosen}”, because:",
        quote=shorten(decision.reason, LONGEST_QUOTE),
        actions=(Action("Say how it went", f"{board}#back-h", primary=True), Action("Do not ask me", stop)),
        below=(Line("We ask this once. Only you see the answer."),),
        foot=(
            "The first link asks you to sign in if you are not. The other works once, only for you.",
            f"You get this because you chose this day to look back, {from_where}",
        ),
    )


def _shown(row: Outgoing, reason: Reason) -> Decision | None:
    """The decision, as long as it is still shown to them, by the press this mail is about."""
    try:
        guest = guest_at(reason.session_id, visible_to=row.person)
    except NotFound:
        return None
    return guest.decision if int(guest.since.timestamp()) == reason.sequence else None


def _morning(decision: Decision, quiet) -> datetime:
    """From when on its owner is asked; who sleeps by day is asked by day all the same, and hears it awake."""
    given = {"zone": zone_of(decision.owner.zone).key, "seed": str(decision.pk)}
    day = decision.look_back_on
    return (morning_of(day, quiet=quiet, **given) or morning_of(day, quiet=NIGHT, **given)).at
