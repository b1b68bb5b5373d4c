"""News that matching answers: who says what about themselves has changed, and somebody asks."""

from __future__ import annotations

from datetime import datetime

from quarterhour.advice.events import TakeawayConfirmed
from quarterhour.advice.models import Takeaway
from quarterhour.availability.events import AvailabilityChanged
from quarterhour.matching.capacity import count_capacity
from quarterhour.matching.indexing import index_mentors
from quarterhour.matching.kept import keep
from quarterhour.matching.models import KeptRanking
from quarterhour.matching.past_needs import index_past_needs
from quarterhour.matching.people import ranking_for
from quarterhour.needs.events import NeedStated
from quarterhour.needs.models import Need
from quarterhour.needs.services import note_matched
from quarterhour.people.events import ProfileChanged
from quarterhour.people.models import Profile
from quarterhour.sessions.events import SessionEvent
from quarterhour.sessions.models import MentoringSession


def read_profile_again(event: ProfileChanged, *, now: datetime) -> None:
    """Read a changed profile anew; running twice leaves the same pieces."""
    profile = Profile.objects.within(event.org_id).filter(pk=event.profile_id).first()
    if profile is not None:
        index_mentors(org=event.org_id, mentor_ids=[profile.person_id])
        count_capacity(org_id=event.org_id, mentor_ids=[profile.person_id], now=now)


def read_advice(event: TakeawayConfirmed, *, now: datetime) -> None:
    """Read the mentor anew once both sides agreed to a card, or took their consent back."""
    card = Takeaway.objects.within(event.org_id).filter(pk=event.takeaway_id).select_related("session").first()
    if card is not None:
        index_mentors(org=event.org_id, mentor_ids=[card.session.mentor_id])
        index_past_needs(org_id=event.org_id, mentor_ids=[card.session.mentor_id])
        count_capacity(org_id=event.org_id, mentor_ids=[card.session.mentor_id], now=now)


def look_for_people(event: NeedStated, *, now: datetime) -> None:
    """Keep the ranking of a new question, and note that there are people for it, so that its tracker goes on.

    Running twice keeps one ranking and notes it once.
    """
    found = Need.objects.within(event.org_id).filter(pk=event.need_id).select_related("org", "mentee")
    need = found.prefetch_related("topics").first()
    if need is None or KeptRanking.objects.within(event.org_id).filter(need=need).exists():
        return
    ranking = ranking_for(need, now=now)
    keep(ranking, need=need, now=now)
    if ranking.fits and need.matched_at is None:
        note_matched(need, now=now)


def count_what_is_left(event: AvailabilityChanged, *, now: datetime) -> None:
    """A mentor gives other hours than before."""
    count_capacity(org_id=event.org_id, mentor_ids=[event.mentor_id], now=now)


def count_beside_session(event: SessionEvent, *, now: datetime) -> None:
    """A session was booked, moved, given up or held: its mentor has other hours left than before."""
    session = MentoringSession.objects.within(event.org_id).filter(pk=event.session_id).first()
    if session is not None:
        count_capacity(org_id=event.org_id, mentor_ids=[session.mentor_id], now=now)
