"""Who of those on call could answer a question: the ranking of the product, asked about them alone."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from quarterhour.matching import kept
from quarterhour.matching.cards import Asked
from quarterhour.matching.models import OnCall, Place
from quarterhour.matching.people import NOBODY, ranking_for, ranking_of
from quarterhour.matching.placing import seed_of
from quarterhour.matching.ranking import Ranking
from quarterhour.needs.models import Need
from quarterhour.people.models import Organisation, Person

CAN_ANSWER = 0.25  # how likely advice has to suit a question before somebody is rung for it
MOST_REFITTED = 100  # places that are looked at when somebody comes on call


def fits_of(ranking: Ranking, *, org_id: UUID, now: datetime) -> dict[UUID, float]:
    """By mentor, how likely their answer helps: those who can answer, without topics they do not want now.

    One query.
    """
    able = {each.offer.id: each.offer.fit * each.offer.mentor_accepts for each in ranking.placed}
    able = {mentor_id: chance for mentor_id, chance in able.items() if chance >= CAN_ANSWER}
    rows = OnCall.objects.within(org_id).filter(mentor__in=list(able), until__gt=now).exclude(skills=[])
    only = {mentor_id: set(skills) for mentor_id, skills in rows.values_list("mentor", "skills")}
    for fit in ranking.fits:
        chosen = only.get(fit.mentor.id)
        if chosen is not None and chosen.isdisjoint({topic.skill_id for topic in fit.met.values()}):
            able.pop(fit.mentor.id, None)
    return able


def fits_now(need: Need, *, now: datetime) -> dict[UUID, float]:
    """Who of those on call at this moment could answer a stated question: whom a press would ring."""
    return _fits_now(lambda ids: ranking_for(need, now=now, among=ids), org_id=need.org_id, now=now)


def would_fit_now(
    asked: Asked, *, need: Need | None, asker: Person | None, org: Organisation, zone: str, now: datetime
) -> dict[UUID, float]:
    """The same for a question as it stands on a page, stated or not yet, so that what is promised there is what is
    rung. One query where nobody is on call.
    """

    def ranked(ids: list[UUID]) -> Ranking:
        before = kept.known_of(kept.latest_of(need.pk, org=org, seed=seed_of(asked.text))) if need else None
        mine = {"asker_id": asker.pk if asker else NOBODY, "org": org, "zone": zone, "before": before}
        return ranking_of(asked, **mine, now=now, among=ids)

    return _fits_now(ranked, org_id=org.pk, now=now)


def _fits_now(ranked: Callable[[list[UUID]], Ranking], *, org_id: UUID, now: datetime) -> dict[UUID, float]:
    present = now - timedelta(seconds=settings.POLICY["present"])
    called = OnCall.objects.within(org_id).filter(Q(elsewhere=True) | Q(seen_at__gt=present), until__gt=now)
    ids = list(called.values_list("mentor", flat=True))
    return fits_of(ranked(ids), org_id=org_id, now=now) if ids else {}


def fit_newcomer(mentor_id: UUID, *, org_id: UUID, now: datetime) -> int:
    """Somebody came on call: they may be rung for whoever waits. Returns for how many; twice leaves the same."""
    waiting = Place.objects.within(org_id).open().select_related("need__org", "need__mentee").order_by("asked_at")
    added = 0
    for place in waiting.prefetch_related("need__topics")[:MOST_REFITTED]:
        added += _add(place, [mentor_id], now=now)
    return added


def _add(place: Place, mentor_ids: Collection[UUID], *, now: datetime) -> int:
    ranking = ranking_for(place.need, now=now, among=list(mentor_ids))
    able = fits_of(ranking, org_id=place.org_id, now=now)
    found = {str(key): round(able[key], 4) for key in mentor_ids if key in able}
    gone = {str(key) for key in mentor_ids} - found.keys()
    fits = {key: chance for key, chance in place.fits.items() if key not in gone} | found
    if fits != place.fits:
        Place.objects.within(place.org_id).filter(pk=place.pk).update(fits=fits)
    return len(found)
