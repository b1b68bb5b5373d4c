"""The races: who presses what in the same instant, who may win, and what must stand in the database afterwards.

Each play answers with the presses, how many of them won, and how many had to. A play that leaves other rows than the
winner's says so by a sentence.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

from quarterhour.config.bench.races.people import People
from quarterhour.config.bench.races.site import Answer, Site
from quarterhour.core import clock

HOUR = timedelta(hours=1)
TABS = 4  # in which each held time is pressed
OF_THREE = 3
SETTLED = 20.0  # seconds in which the worker has served the waitlist; its timer comes every fifteen


@dataclass(frozen=True)
class Played:
    """What was pressed and what became of it. wrong: what stands in the database and should not."""

    presses: list[Answer]
    won: int
    may_win: int
    wrong: list[str] = field(default_factory=list)


Play = Callable[[Site, People], Played]


def hold(site: Site, people: People) -> Played:
    """Everybody wants the same quarter of the same mentor."""
    mentor, start = people.mentors[0], people.day + 8 * HOUR
    needs = people.needs(people.mentees)
    asks = [_hold(people, need, mentor, start) for need in needs]
    (presses,) = site.all_at_once(asks)
    held = _sessions(people).filter(mentor=mentor, status="held").count()
    return Played(presses, _led(presses, "/match/"), 1, _unless(held == 1, f"{held} hold the one time"))


def book(site: Site, people: People) -> Played:
    """Held times, each pressed in four tabs of its person: twice with one key, twice with keys of their own."""
    many = len(people.mentees) // TABS
    starts = [people.day + (10 + n // 2 % 12) * HOUR + (n % 2) * HOUR / 2 for n in range(many)]
    needs = people.needs(people.mentees[:many])
    mentors = [people.mentors[1 + n // 24] for n in range(many)]
    chosen = list(zip(needs, mentors, starts, strict=True))
    find = {"at": r'action="(/sessions/[0-9a-f-]+/book/)"', "key": r'name="key" value="([0-9a-f-]+)"'}
    site.all_at_once([_hold(people, *each) for each in chosen])
    (pages,) = site.all_at_once(
        [people.asks(need.mentee, f"/match/{need.pk}/", find=find) | {"form": None} for need in needs]
    )
    asks = []
    for need, page in zip(needs, pages, strict=True):
        if "key" not in page.found:
            raise RuntimeError(f"The page of a held time answered {page.status} {page.leads_to} without its button.")
        keys = [page.found["key"], page.found["key"], str(uuid4()), str(uuid4())]
        asks += [
            people.asks(need.mentee, page.found["at"], who=f"{need.pk} {tab}", key=key) for tab, key in enumerate(keys)
        ]
    (presses,) = site.all_at_once(asks)
    booked = _sessions(people).filter(need__in=needs, status="confirmed").count()
    told = _events("SessionConfirmed", needs)
    return Played(presses, booked, many, _unless(told == many, f"{told} were told of {many} bookings"))


def accept(site: Site, people: People) -> Played:
    """One request; half of the presses come from its page, half from the link in its mail."""
    from quarterhour.core import links as secrets
    from quarterhour.notifications.links import ACCEPT

    (need,) = people.needs(people.mentees[:1])
    (session,) = _asked(people, [need], [people.mentors[5]], people.day + 9 * HOUR)
    subject = {"session": str(session.pk), "person": str(session.mentor_id)}
    secret = secrets.make(ACCEPT, subject, lasts=HOUR, now=clock.now())
    count = len(people.mentees)
    page = [
        people.asks(session.mentor, f"/sessions/{session.pk}/answer/", who=f"page {n}", answer="yes", key=uuid4())
        for n in range(count // 2)
    ]
    link = [
        people.asks(session.mentor, f"/by-mail/{ACCEPT}/{secret}/", who=f"link {n}", seen=session.version)
        for n in range(count - count // 2)
    ]
    (presses,) = site.all_at_once([each for pair in zip(page, link, strict=False) for each in pair])
    booked, told = _sessions(people).filter(need=need, status="confirmed").count(), _events("SessionConfirmed", [need])
    return Played(presses, booked, 1, _unless(told == 1, f"{told} were told of one yes"))


def first_of_three(site: Site, people: People) -> Played:
    """Each question is asked of three mentors, and all of them say yes."""
    many = len(people.mentees) // OF_THREE
    needs = [need for need in people.needs(people.mentees[:many]) for _ in range(OF_THREE)]
    sessions = _asked(people, needs, people.mentors[: many * OF_THREE], people.day + 30 * HOUR)
    asks = [people.asks(each.mentor, f"/sessions/{each.pk}/answer/", answer="yes", key=uuid4()) for each in sessions]
    (presses,) = site.all_at_once(asks)
    now_there = _sessions(people).filter(need__in=needs)
    booked, thanked = now_there.filter(status="confirmed"), now_there.filter(status="thanked").count()
    won = booked.values("need").distinct().count()
    wrong = _unless(booked.count() == many, f"{booked.count()} sessions of {many} questions")
    return Played(presses, won, many, wrong + _unless(thanked == 2 * many, f"{thanked} of {2 * many} were thanked"))


def now_many_mentors(site: Site, people: People) -> Played:
    """Somebody waits, every mentor is rung, and all say yes."""
    from quarterhour.matching.models import Place, Ring

    (need,) = people.needs([people.one])
    _on_call(people, people.mentors)
    now = clock.now()
    place = Place.objects.create(
        org=people.org, need=need, mentee=need.mentee, minutes=15, asked_at=now, seen_at=now + HOUR
    )
    rings = Ring.objects.within(people.org).bulk_create(
        Ring(org=people.org, place=place, mentor=each, wave=0, rung_at=now, until=now + HOUR) for each in people.mentors
    )
    (presses,) = site.all_at_once([people.asks(each.mentor, f"/now/ring/{each.pk}/yes/") for each in rings])
    yes = Ring.objects.within(people.org).filter(place=place, answer="accepted").count()
    begun = _sessions(people).filter(need=need).count()
    wrong = _unless(yes == 1, f"{yes} said yes first") + _unless(begun == 1, f"{begun} conversations began")
    return Played(presses, _led(presses, "/room/"), 1, wrong)


def now_many_mentees(site: Site, people: People) -> Played:
    """One mentor is on call, and everybody presses."""
    from quarterhour.matching.models import Place, Ring

    needs = people.needs(people.mentees)
    (mentor,) = _on_call(people, people.mentors[-1:])
    (presses,) = site.all_at_once([people.asks(need.mentee, f"/now/for/{need.pk}/") for need in needs])
    places = Place.objects.within(people.org).filter(need__in=needs).count()
    rung = Ring.objects.within(people.org).filter(place__need__in=needs, mentor=mentor).count()
    _on_call(people, [])
    wrong = _unless(places == len(needs), f"{places} of {len(needs)} have a place")
    return Played(presses, rung, 1, wrong)


def freed_time(site: Site, people: People) -> Played:
    """A mentor's only time is released; those on the waitlist are served while everybody else presses for it."""
    from quarterhour.availability.models import Availability
    from quarterhour.matching.waitlist import joining
    from quarterhour.sessions import services

    mentor, start = people.mentors[7], people.day + 50 * HOUR
    alone = {f"{start:%a}".lower(): [[f"{start:%H:%M}", f"{start + HOUR / 2:%H:%M}"]]}
    Availability.objects.within(people.org).filter(mentor=mentor).update(weekly=alone, horizon_days=6)
    owner, *others = people.needs(people.mentees)
    booked = services.book(need=owner, mentor=mentor, start=start, minutes=25, by=owner.mentee, now=clock.now())
    for need in others[: len(others) // 10]:
        joining.join(need=need, by=need.mentee, mentor=mentor, now=clock.now())
    release = people.asks(mentor, f"/sessions/{booked.pk}/release/")
    (presses,) = site.all_at_once([release, *(_hold(people, need, mentor, start) for need in others)])
    give_up = time.monotonic() + SETTLED
    taken = _sessions(people).filter(mentor=mentor, span__startswith=start, status__in=["held", "asked", "confirmed"])
    while not taken.exists() and time.monotonic() < give_up:
        time.sleep(0.2)
    return Played(presses, taken.count(), 1)


RACES: dict[str, Play] = {
    "hold, one time": hold,
    "book, each held time in 4 tabs": book,
    "accept, one request by page and link": accept,
    "first yes of three": first_of_three,
    "now, many mentors for one ring": now_many_mentors,
    "now, many mentees for one mentor": now_many_mentees,
    "waitlist, one freed time": freed_time,
}


def _hold(people: People, need, mentor, start) -> dict:
    return people.asks(need.mentee, f"/match/{need.pk}/hold/", mentor=mentor.pk, start=start.isoformat())


def _asked(people: People, needs: Sequence, mentors: Sequence, start) -> list:
    """A request of each of these needs to its mentor, as the product makes it."""
    from quarterhour.people.models import Profile
    from quarterhour.sessions import services

    offers = Profile.objects.within(people.org).filter(person__in=mentors)
    offers.update(confirm="ask")
    now = clock.now()
    made = [
        services.book(need=need, mentor=mentor, start=start, minutes=25, by=need.mentee, now=now)
        for need, mentor in zip(needs, mentors, strict=True)
    ]
    offers.update(confirm="instant")
    return made


def _on_call(people: People, mentors: Sequence) -> Sequence:
    """These mentors and nobody else are on call for an hour; nobody waits in line."""
    from quarterhour.matching.models import OnCall, Place

    now = clock.now()
    Place.objects.within(people.org).delete()
    OnCall.objects.within(people.org).delete()
    there = {"since": now, "until": now + HOUR, "seen_at": now + HOUR}
    OnCall.objects.within(people.org).bulk_create(OnCall(org=people.org, mentor=each, **there) for each in mentors)
    return mentors


def _sessions(people: People):
    from quarterhour.sessions.models import MentoringSession

    return MentoringSession.objects.within(people.org)


def _events(name: str, needs: Sequence) -> int:
    """How often this news of the sessions of these needs was told."""
    from quarterhour.core.models import OutboxEvent
    from quarterhour.sessions.models import MentoringSession

    because = "a benchmark counts what was told, in a database of its own"
    keys = MentoringSession.objects.of_every_tenant(because=because).filter(need__in=needs).values_list("pk", flat=True)
    return OutboxEvent.objects.filter(name=name, payload__session_id__in=[str(key) for key in keys]).count()


def _led(presses: Sequence[Answer], to: str) -> int:
    return sum(each.leads_to.startswith(to) for each in presses)


def _unless(fine: object, told: str) -> list[str]:
    return [] if fine else [told]
