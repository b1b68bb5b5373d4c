"""Who wants to hear what through which channel, and where each channel leads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import time
from uuid import UUID

from django.db import transaction

from quarterhour.core.errors import Invalid
from quarterhour.engines.reminding import LONGEST_QUIET, Quiet
from quarterhour.notifications.models import Channel, PushBrowser, Webhook, Wishes
from quarterhour.people.models import Person

REMINDERS, BOOKINGS, CARDS = "reminders", "bookings", "cards"
ACTIONS, FOLLOW_UPS = "actions", "follow_ups"
NEWS = (REMINDERS, BOOKINGS, CARDS, ACTIONS, FOLLOW_UPS)
MAY_STOP = (ACTIONS, FOLLOW_UPS)  # news that ends with one press, from the mail itself
ALWAYS_BY_MAIL = {BOOKINGS}  # an invitation is what a calendar updates and removes again

USUAL = Wishes()  # of whoever never chose; read, never written


@dataclass(frozen=True)
class Ways:
    """The wishes of some people, and the keys of their browsers and webhooks."""

    wishes: dict[UUID, Wishes]
    targets: dict[tuple[UUID, str], list[UUID]]

    def of(self, person_id: UUID) -> Wishes:
        return self.wishes.get(person_id, USUAL)

    def quiet(self, person_id: UUID) -> Quiet:
        wishes = self.of(person_id)
        return Quiet(wishes.quiet_from, wishes.quiet_until)

    def by_mail(self, person_id: UUID, news: str) -> bool:
        return news in ALWAYS_BY_MAIL or Channel.MAIL in getattr(self.of(person_id), news)

    def elsewhere(self, person_id: UUID, news: str) -> list[tuple[str, UUID]]:
        """Channel and target of everything but mail that shall hear this news."""
        chosen = [name for name in getattr(self.of(person_id), news) if name != Channel.MAIL]
        return [(name, target) for name in chosen for target in self.targets.get((person_id, name), ())]


def ways_of(person_ids: Iterable[UUID]) -> Ways:
    """Three queries, however many people."""
    keys = set(person_ids)
    targets: dict[tuple[UUID, str], list[UUID]] = defaultdict(list)
    for channel, rows in ((Channel.PUSH, PushBrowser.objects), (Channel.WEBHOOK, Webhook.objects)):
        for pk, person_id in rows.filter(person__in=keys).order_by("pk").values_list("pk", "person_id"):
            targets[person_id, channel].append(pk)
    return Ways({each.person_id: each for each in Wishes.objects.filter(person__in=keys)}, targets)


def wishes_of(person: Person) -> Wishes:
    return Wishes.objects.filter(person=person).first() or Wishes(person=person)


def choose(
    *,
    person: Person,
    reminders: Sequence[str],
    bookings: Sequence[str],
    cards: Sequence[str],
    actions: Sequence[str],
    follow_ups: Sequence[str],
    quiet_from: time,
    quiet_until: time,
) -> Wishes:
    """What reaches this person from now on. Raises Invalid if the quiet hours leave no day."""
    if Quiet(quiet_from, quiet_until).length > LONGEST_QUIET:
        hours = round(LONGEST_QUIET.total_seconds() / 3600)
        told = f"Quiet hours last {hours} hours at most, so that there is a time to be reminded in."
        raise Invalid(told, fields={"quiet_until": told})
    known = set(Channel.values)
    chosen = {
        REMINDERS: [name for name in reminders if name in known],
        BOOKINGS: sorted({Channel.MAIL, *(name for name in bookings if name in known)}),
        CARDS: [name for name in cards if name in known],
        ACTIONS: [name for name in actions if name in known],
        FOLLOW_UPS: [name for name in follow_ups if name in known],
    }
    made, _ = Wishes.objects.update_or_create(
        person=person, defaults={**chosen, "quiet_from": quiet_from, "quiet_until": quiet_until}
    )
    return made


def hear_also(person: Person, channel: str) -> None:
    """A channel that has just been opened hears all but cards, until its owner says otherwise.

    What somebody has stopped altogether stays stopped.
    """
    wishes = wishes_of(person)
    for news in (REMINDERS, BOOKINGS, *MAY_STOP):
        stopped = news in MAY_STOP and not getattr(wishes, news)
        if channel not in getattr(wishes, news) and not stopped:
            setattr(wishes, news, [*getattr(wishes, news), channel])
    wishes.save()


@transaction.atomic
def stop(person: Person, news: str) -> None:
    """One kind of news reaches this person through no channel any more. Raises ValueError for one that may not stop."""
    if news not in MAY_STOP:
        raise ValueError(f"{news} is not stopped as a whole. Choose its channels instead.")
    Wishes.objects.get_or_create(person=person)
    Wishes.objects.filter(person=person).update(**{news: []})
