"""News that matching answers: who says what about themselves has changed, and somebody asks."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from quarterhour.advice.events import TakeawayConfirmed
from quarterhour.advice.models import Takeaway
from quarterhour.availability.events import AvailabilityChanged
from quarterhour.availability.models import Availability
from quarterhour.matching.capacity import count_capacity
from quarterhour.matching.indexing import index_mentors
from quarterhour.matching.kept import keep, latest_of
from quarterhour.matching.models import PastNeed, Place
from quarterhour.matching.now.events import OnCallBegan
from quarterhour.matching.now.fitting import fit_newcomer, fits_now
from quarterhour.matching.now.line import ask_otherwise
from quarterhour.matching.past_needs import index_past_needs
from quarterhour.matching.people import ranking_to_keep, shown_lately, words_to_read
from quarterhour.matching.placing import seed_of
from quarterhour.needs.events import NeedChanged, NeedStated
from quarterhour.needs.models import Need
from quarterhour.needs.services import note_matched
from quarterhour.people.events import ProfileChanged
from quarterhour.people.models import Profile
from quarterhour.sessions.events import SessionEvent, WrittenAskEvent
from quarterhour.sessions.models import MentoringSession
from quarterhour.sessions.writing_models import WrittenAsk
from quarterhour.trust.events import FollowUpAnswered, HelpfulnessSaid
from quarterhour.trust.queries import latest_answers


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


def weigh_past_need(event: HelpfulnessSaid | FollowUpAnswered, *, now: datetime) -> None:
    """Count how it helped, where the need is kept, and for the mentor; running twice leaves the same."""
    session = MentoringSession.objects.within(event.org_id).filter(pk=event.session_id).first()
    if session is None:
        return
    said = latest_answers([session.pk], org=event.org_id)
    PastNeed.objects.within(event.org_id).filter(session=session).update(helped=said.get(session.pk))
    count_capacity(org_id=event.org_id, mentor_ids=[session.mentor_id], now=now)


def count_beside_written(event: WrittenAskEvent, *, now: datetime) -> None:
    """Somebody said how much a written answer helped: it counts for its mentor as a conversation does."""
    ask = WrittenAsk.objects.within(event.org_id).filter(pk=event.written_id).first()
    if ask is not None:
        count_capacity(org_id=event.org_id, mentor_ids=[ask.mentor_id], now=now)


def look_for_people(event: NeedStated, *, now: datetime) -> None:
    """Keep the ranking of a new question, and note that there are people for it, so that its tracker goes on.

    Running twice keeps one ranking and notes it once.
    """
    found = Need.objects.within(event.org_id).filter(pk=event.need_id).select_related("org", "mentee")
    need = found.prefetch_related("topics").first()
    if need is None:
        return
    if latest_of(need.pk, org=need.org_id, seed=seed_of(words_to_read(need))) or keep_if_new(need, now=now):
        note_matched(need, now=now)


@transaction.atomic
def keep_if_new(need: Need, *, now: datetime) -> bool:
    """Look for people and keep who is shown, unless that was done for the same question a moment ago. Whether it was
    done now.

    Whoever states a question and the worker that hears of it come at one time: the second finds it done.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", [f"shown {need.pk}"])
    if shown_lately(need, now=now):
        return False
    ranking, again = ranking_to_keep(need, now=now)
    return keep(ranking, need=need, now=now, again=again) is not None


def fit_whoever_came(event: OnCallBegan, *, now: datetime) -> None:
    """Somebody came on call: those who wait and fit them may be rung for; running twice leaves the same."""
    fit_newcomer(event.mentor_id, org_id=event.org_id, now=now)


def ask_the_line_otherwise(event: NeedChanged, *, now: datetime) -> None:
    """A question was changed while it stands in line: whoever fits it now is rung; twice leaves the same."""
    place = Place.objects.within(event.org_id).open().filter(need=event.need_id).first()
    if place is not None:
        need = Need.objects.within(event.org_id).select_related("org", "mentee").get(pk=event.need_id)
        ask_otherwise(need=need, fits=fits_now(need, now=now), now=now)


def count_what_is_left(event: AvailabilityChanged, *, now: datetime) -> None:
    """A mentor gives other hours than before."""
    count_capacity(org_id=event.org_id, mentor_ids=[event.mentor_id], now=now)


def count_beside_session(event: SessionEvent, *, now: datetime) -> None:
    """A session was booked, moved, given up or held: its people have other hours left, wherever they give any."""
    session = MentoringSession.objects.within(event.org_id).filter(pk=event.session_id).first()
    if session is None:
        return
    people = [session.mentor_id, session.mentee_id]
    because = "a person is in one place, whatever the organisation"
    giving = Availability.objects.of_every_tenant(because=because).filter(mentor__in=people)
    for org_id, mentor_id in giving.order_by("org", "mentor").values_list("org", "mentor"):
        count_capacity(org_id=org_id, mentor_ids=[mentor_id], now=now)
