"""Somebody takes a place in the line, rests with the place kept, comes back, or leaves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from quarterhour.core import events
from quarterhour.core.errors import Changed, NotAllowed
from quarterhour.core.limits import spend
from quarterhour.engines.attendance import Verdict
from quarterhour.matching.models import Place
from quarterhour.matching.now import bell_news, queries, ringing
from quarterhour.matching.now.events import PlaceTaken
from quarterhour.needs.models import Need
from quarterhour.people.models import Person
from quarterhour.sessions.models import MentoringSession, Status

LATELY = timedelta(days=30)
TOO_OFTEN = "That was often within an hour. Book a time, or come back a little later; your question is saved."


Fits = Mapping[UUID, float]


def press(*, need: Need, fits: Fits | Callable[[], Fits], minutes: int, by: Person, now: datetime) -> Place:
    """Take a place in line with this question, and ring the first mentor at once. Pressing again changes nothing.

    fits: by mentor, how likely their answer helps; or who tells it, asked once nothing stands against the press.
    Whoever comes on call later is added by `fitting.fit_newcomer`.
    Raises NotAllowed for anybody else's question or a closed one, Changed for whoever waits with another question or is
    booked within the next minutes, TooMany for pressing again and again.
    """
    if by.pk != need.mentee_id:
        raise NotAllowed("Only the person whose question it is can ask for somebody now.")
    if need.closed_at is not None:
        raise NotAllowed("This question is closed. Ask it once more, and people are rung for it.")
    standing = Place.objects.visible_to(by).open().first()
    if standing is not None:
        return _the_same(standing, need)
    spend(f"now {by.pk}", most=settings.POLICY["now_presses"], per=timedelta(hours=1), now=now, told=TOO_OFTEN)
    if queries.is_booked(by, minutes=minutes, now=now):
        raise Changed(f"You are booked within the next {minutes} minutes. Ask again after that, or book a time.")
    able = _told(fits() if callable(fits) else fits)
    try:
        with transaction.atomic():
            place = Place.objects.create(
                org_id=need.org_id, need=need, mentee=by, asked_at=now, seen_at=now, minutes=minutes,
                fits=able, helped=_helped(by, now=now),
            )  # fmt: skip
            events.publish(PlaceTaken(org_id=place.org_id, place_id=place.pk), now=now)
            ringing.ring_line(org_id=place.org_id, now=now)
    except IntegrityError:  # another tab was quicker
        return _the_same(Place.objects.visible_to(by).open().get(), need)
    place.refresh_from_db()
    return place


@transaction.atomic
def rest(*, place: Place, by: Person, now: datetime) -> Place:
    """Later, but keep my place: nobody is rung for it until they come back. Raises Changed once it is over."""
    place = _own(place, by)
    if place.state == Place.State.WAITING:
        place.state = Place.State.RESTING
        place.seen_at = now
        place.save(update_fields=["state", "seen_at"])
        ringing.withdraw(place.pk, now=now)
    return place


@transaction.atomic
def come_back(*, place: Place, by: Person, now: datetime) -> Place:
    """Wait again, in the place that was kept. Raises Changed once it is over."""
    place = _own(place, by)
    if place.state == Place.State.RESTING:
        place.state = Place.State.WAITING
        place.seen_at = now
        place.save(update_fields=["state", "seen_at"])
        ringing.ring_line(org_id=place.org_id, now=now)
    return place


@transaction.atomic
def ask_otherwise(*, need: Need, fits: Mapping[UUID, float], now: datetime) -> None:
    """A question that stands in line was changed: the place is kept, and those are rung who fit what it says now.

    need: as it was when `fits` were reckoned. One that was changed since is left to the news of that change.
    """
    rows = Place.objects.within(need.org_id).open().select_for_update(of=("self",))
    place = rows.filter(need=need, need__version=need.version).first()
    if place is None:
        return
    place.fits, place.minutes = _told(fits), need.minutes
    place.save(update_fields=["fits", "minutes"])
    ringing.withdraw(place.pk, now=now, but_for=list(fits))
    if place.state == Place.State.WAITING:
        ringing.ring_line(org_id=place.org_id, now=now)


@transaction.atomic
def leave(*, place: Place, by: Person, now: datetime) -> None:
    """Leave the line. Doing it twice is no mistake; raises Changed where somebody has said yes."""
    place = Place.objects.visible_to(by).select_for_update(of=("self",)).get(pk=place.pk)
    if place.state == Place.State.ANSWERED:
        raise Changed("Somebody has said yes already, and waits in the room. Go there, or release the session.")
    if place.state in {Place.State.WAITING, Place.State.RESTING}:
        end(place, Place.State.LEFT, now=now)


def end(place: Place, state: str, *, now: datetime) -> None:
    """Give a place up: nobody is rung for it any more. The caller holds its row."""
    place.state, place.ended_at = state, now
    place.save(update_fields=["state", "ended_at"])
    ringing.withdraw(place.pk, now=now)


@transaction.atomic
def let_lapse(*, now: datetime) -> int:
    """Whoever has not been seen for long has gone; a question that was closed needs nobody. Returns how many."""
    because = "the line moves on in every organisation"
    waiting = Place.objects.of_every_tenant(because=because).open().select_for_update(of=("self",), skip_locked=True)
    gone = now - timedelta(minutes=settings.POLICY["place_lasts"])
    lapsed = [*waiting.filter(seen_at__lt=gone)[:200], *waiting.filter(need__closed_at__isnull=False)[:200]]
    for place in {each.pk: each for each in lapsed}.values():
        end(place, Place.State.LAPSED, now=now)
        bell_news.tell([place.mentee_id])
    return len(lapsed)


def _told(fits: Mapping[UUID, float]) -> dict[str, float]:
    return {str(key): round(chance, 4) for key, chance in fits.items()}


def _own(place: Place, by: Person) -> Place:
    """The place as it stands, its row locked. Raises Changed once it is over."""
    place = Place.objects.visible_to(by).select_for_update(of=("self",)).get(pk=place.pk)
    if place.state == Place.State.ANSWERED:
        raise Changed("Somebody has said yes, and waits in the room.")
    if place.state not in {Place.State.WAITING, Place.State.RESTING}:
        raise Changed("This place in line is given up. Press once more to take a new one.")
    return place


def _the_same(standing: Place, need: Need) -> Place:
    if standing.need_id != need.pk:
        raise Changed("You already stand in line with another question. Leave that line first.")
    return standing


def _helped(person: Person, *, now: datetime) -> int:
    """Conversations this person was given lately. Whoever waited for a mentor in vain was given none."""
    met = MentoringSession.objects.visible_to(person).filter(mentee=person, status=Status.ENDED)
    met = met.exclude(how_kept__word=Verdict.MISSED_BY_MENTOR)
    return met.filter(span__startswith__gt=now - LATELY).count()
