"""Now: on call, in line, rung, answered; each rule once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories import MentorFactory, NeedFactory, PersonFactory, make_session

from quarterhour.availability.calendar_models import OutsideCalendar
from quarterhour.core.errors import Changed, Invalid, NotAllowed, NotFound, TooMany
from quarterhour.core.models import OutboxEvent
from quarterhour.matching.indexing import count_words, index_mentors
from quarterhour.matching.models import OnCall, Place, Ring
from quarterhour.matching.now import line, oncall, queries, ringing
from quarterhour.matching.now.fitting import fit_newcomer, fits_now
from quarterhour.people.models import Membership, Profile, Topic
from quarterhour.people.services import block, load_skills
from quarterhour.sessions.models import MentoringSession, Status, TimeClaim

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def ines(commons):
    return MentorFactory(name="Inês Carvalho", email="ines@town.example", org=commons)


@pytest.fixture
def there(amara, tomasz, ines, commons, now):
    """Three mentors on call for an hour, Amara the best for Leila's question."""
    for mentor in (amara, tomasz, ines):
        oncall.go_on_call(mentor=mentor, org=commons, until=now + HOUR, now=now)
    return {amara.pk: 0.9, tomasz.pk: 0.6, ines.pk: 0.5}


def press(need, fits, now, minutes=25):
    return line.press(need=need, fits=fits, minutes=minutes, by=need.mentee, now=now)


def open_rings(org):
    return {ring.mentor.first_name for ring in Ring.objects.within(org).open().select_related("mentor")}


def test_pressing_rings_the_best_fit_at_once(need, there, commons, now):
    place = press(need, there, now)
    assert (place.state, place.wave) == ("waiting", 1)
    assert open_rings(commons) == {"Amara"}
    assert OutboxEvent.objects.filter(name__in=["PlaceTaken", "MentorRung"]).count() == 2


def test_a_yes_opens_the_room_for_both_and_withdraws_the_other_rings(need, there, amara, leila, commons, now):
    place = press(need, there, now)
    Place.objects.within(commons).update(wave=2)
    ringing.miss_overdue(now=now + 60 * SECOND)
    ringing.tick(now=now + 61 * SECOND)
    assert len(open_rings(commons)) == 2
    later = now + 65 * SECOND
    winner = queries.ring_for(next(r.mentor for r in queries.rings_of(place) if not r.answer))

    session = ringing.answer(ring=winner, by=winner.mentor, now=later)

    assert session.status == Status.CONFIRMED
    assert (session.mentor, session.mentee) == (winner.mentor, leila)
    assert session.starts_at == later.replace(second=0)
    assert session.ends_at == later + timedelta(minutes=25)
    assert TimeClaim.objects.filter(session=session).count() == 2
    place = queries.place_for(place.pk, visible_to=leila)
    assert (place.state, place.session) == ("answered", session)
    assert open_rings(commons) == set()
    assert {r.answer for r in queries.rings_of(place)} == {"missed", "accepted", "withdrawn"}
    assert OutboxEvent.objects.filter(name="SessionConfirmed").count() == 1
    assert ringing.answer(ring=winner, by=winner.mentor, now=later) == session, "pressed twice, answered once"


def test_the_quicker_yes_wins_and_the_other_is_told_so(need, there, amara, tomasz, commons, now):
    place = press(need, there, now)
    first = queries.ring_for(amara)
    second = Ring.objects.create(org=commons, place=place, mentor=tomasz, wave=1, rung_at=now, until=now + 45 * SECOND)
    ringing.answer(ring=first, by=amara, now=now + SECOND)
    with pytest.raises(Changed, match="Somebody else said yes a moment earlier"):
        ringing.answer(ring=second, by=tomasz, now=now + 2 * SECOND)
    called_off = queries.own_ring(second.pk, visible_to=tomasz)
    with CaptureQueriesContext(connection) as sent, pytest.raises(Changed, match="a moment earlier"):
        ringing.answer(ring=called_off, by=tomasz, now=now + 3 * SECOND)
    assert not [each for each in sent if "FOR UPDATE" in each["sql"]]  # known by then, and nobody is waited for
    assert MentoringSession.objects.within(commons).count() == 1


def test_passing_rings_the_next_at_once_and_never_the_same_again(need, there, amara, commons, now):
    place = press(need, there, now)
    ring = queries.ring_for(amara)
    ringing.pass_on(ring=ring, by=amara, now=now + SECOND)
    assert open_rings(commons) == {"Tomasz", "Inês"}, "the second wave is wider"
    ringing.pass_on(ring=ring, by=amara, now=now + SECOND)
    for step in range(1, 9):
        ringing.tick(now=now + step * 60 * SECOND)
    rung = [ring.mentor.first_name for ring in queries.rings_of(place)]
    assert rung.count("Amara") == 1
    assert rung.count("Tomasz") == rung.count("Inês") == 2, "whoever did not answer is tried twice"


def test_a_ring_that_nobody_heard_ends_and_three_of_them_end_being_on_call(need, amara, commons, now):
    oncall.go_on_call(mentor=amara, org=commons, until=now + HOUR, now=now)
    press(need, {amara.pk: 0.9}, now)
    for turn in range(1, 6):
        ringing.tick(now=now + turn * 49 * SECOND)
        oncall.seen([amara.pk], now=now + turn * 49 * SECOND)
    assert queries.own_call(amara, org=commons).missed == 2, "two rings for one person are enough"
    press(NeedFactory(mentee=PersonFactory(org=commons), org=commons), {amara.pk: 0.9}, now + 300 * SECOND)
    ringing.tick(now=now + 349 * SECOND)
    row = queries.own_call(amara, org=commons)
    assert (row.rung, row.answered, row.until) == (3, 0, now + 349 * SECOND)
    assert OutboxEvent.objects.get(name="OnCallEnded").payload["why"] == "deaf"
    assert open_rings(commons) == set()


def test_a_no_is_an_answer_and_starts_the_count_of_misses_anew(need, there, amara, commons, now):
    OnCall.objects.within(commons).filter(mentor=amara).update(missed=2)
    press(need, there, now)
    ringing.pass_on(ring=queries.ring_for(amara), by=amara, now=now + SECOND)
    assert queries.own_call(amara, org=commons).missed == 0


def test_one_mentor_is_rung_for_one_person_and_whoever_waited_longer_comes_first(amara, commons, now):
    oncall.go_on_call(mentor=amara, org=commons, until=now + HOUR, now=now)
    needs = [NeedFactory(mentee=PersonFactory(org=commons), org=commons) for _ in range(3)]
    places = [press(each, {amara.pk: 0.9 - n / 10}, now + 20 * n * SECOND) for n, each in enumerate(needs)]
    assert [len(queries.rings_of(place)) for place in places] == [1, 0, 0]
    ringing.pass_on(ring=queries.ring_for(amara), by=amara, now=now + 41 * SECOND)
    assert [len(queries.rings_of(place)) for place in places] == [1, 1, 0]


def test_whoever_is_not_there_is_not_rung(need, amara, tomasz, ines, leila, commons, now):
    """Not seen lately, away, booked within the minutes, deactivated, no member, blocked: each is passed over."""
    away, booked, gone, left, apart = (MentorFactory(name=name, org=commons) for name in "ABCDE")
    everybody = [amara, tomasz, away, booked, gone, left, apart]
    for mentor in everybody:
        oncall.go_on_call(mentor=mentor, org=commons, until=now + HOUR, now=now)
    OnCall.objects.within(commons).filter(mentor=amara).update(seen_at=now - 2 * timedelta(minutes=1))
    Profile.objects.within(commons).filter(person=away).update(paused_until=now.date() + timedelta(days=2))
    make_session(NeedFactory(mentee=PersonFactory(org=commons), org=commons), booked, now + timedelta(minutes=20))
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)
    Membership.objects.filter(person=left).delete()
    fits = {mentor.pk: 0.9 for mentor in everybody} | {tomasz.pk: 0.3}
    press(need, fits, now)
    block(by=leila, other=apart, org=commons, now=now)
    assert open_rings(commons) <= {"Tomasz", "E"}
    for ring in Ring.objects.within(commons).open():
        if ring.mentor_id != tomasz.pk:
            ringing.pass_on(ring=ring, by=ring.mentor, now=now + SECOND)
    assert open_rings(commons) == {"Tomasz"}


def test_a_meeting_in_a_calendar_of_their_own_is_not_rung_into_but_what_they_stepped_out_of_is(
    need, amara, commons, now
):
    calendar = OutsideCalendar.objects.create(person=amara, kind="ics", name="Work", added_at=now, due_at=now)
    earlier, soon = now - timedelta(minutes=30), now + timedelta(minutes=10)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO availability_busytime (calendar_id, person_id, busy) VALUES (%s, %s,"
            " tstzmultirange(tstzrange(%s, %s), tstzrange(%s, %s)))",
            [calendar.pk, amara.pk, earlier, now + timedelta(minutes=5), soon, soon + HOUR],
        )
    oncall.go_on_call(mentor=amara, org=commons, until=now + HOUR, now=now)
    ((amaras,), room) = ringing.on_call(commons.pk, now=now)
    assert amaras.free
    assert room[str(amara.pk)] == 10
    assert open_rings(commons) == set()
    press(need, {amara.pk: 0.9}, now)
    assert open_rings(commons) == set(), "twenty-five minutes would run into the meeting"
    oncall.seen([amara.pk], now=soon)
    assert not ringing.on_call(commons.pk, now=soon + SECOND)[0][0].free


def test_somebody_blocked_after_being_rung_cannot_say_yes(need, there, amara, leila, commons, now):
    press(need, there, now)
    ring = queries.ring_for(amara)
    block(by=leila, other=amara, org=commons, now=now)
    with pytest.raises(NotAllowed):
        ringing.answer(ring=ring, by=amara, now=now + SECOND)
    assert not MentoringSession.objects.within(commons).exists()


def test_pressing_again_is_the_same_place_and_another_question_has_to_wait(need, there, leila, commons, now):
    place = press(need, there, now)
    assert press(need, pytest.fail, now + SECOND) == place  # and nobody is ranked for it once more
    other = NeedFactory(mentee=leila, org=commons)
    with pytest.raises(Changed, match="already stand in line"):
        press(other, there, now + SECOND)


def test_pressing_and_leaving_again_and_again_ends(need, there, leila, now):
    for turn in range(6):
        line.leave(place=press(need, there, now + turn * SECOND), by=leila, now=now + turn * SECOND)
    with pytest.raises(TooMany, match="often within an hour"):
        press(need, there, now + 9 * SECOND)


def test_nobody_presses_for_somebody_else_or_for_a_closed_question(need, there, amara, now):
    with pytest.raises(NotAllowed, match="whose question it is"):
        line.press(need=need, fits=there, minutes=25, by=amara, now=now)
    need.closed_at = now
    with pytest.raises(NotAllowed, match="closed"):
        press(need, there, now)


def test_whoever_is_booked_soon_does_not_stand_in_line(need, there, ines, now):
    make_session(need, ines, now + timedelta(minutes=20))
    with pytest.raises(Changed, match="booked within the next 25 minutes"):
        press(need, there, now)


def test_a_place_that_rests_is_kept_and_nobody_is_rung_for_it(need, there, leila, commons, now):
    place = press(need, there, now)
    line.rest(place=place, by=leila, now=now + SECOND)
    assert open_rings(commons) == set()
    assert ringing.tick(now=now + 5 * SECOND) == 0
    back = line.come_back(place=place, by=leila, now=now + 600 * SECOND)
    assert (back.state, back.asked_at) == ("waiting", now)


def test_leaving_twice_is_no_mistake_but_not_after_a_yes(need, there, amara, leila, commons, now):
    place = press(need, there, now)
    ringing.answer(ring=queries.ring_for(amara), by=amara, now=now + SECOND)
    with pytest.raises(Changed, match="said yes"):
        line.leave(place=place, by=leila, now=now + SECOND)
    MentoringSession.objects.within(commons).update(status=Status.CANCELLED)
    TimeClaim.objects.all().delete()
    other = press(NeedFactory(mentee=leila, org=commons), there, now + 2 * SECOND)
    line.leave(place=other, by=leila, now=now + 3 * SECOND)
    line.leave(place=other, by=leila, now=now + 4 * SECOND)
    assert queries.standing(leila) is None
    with pytest.raises(Changed, match="given up"):
        line.come_back(place=other, by=leila, now=now + 5 * SECOND)


def test_whoever_is_gone_for_long_loses_the_place_and_a_sign_of_life_keeps_it(need, there, leila, commons, now):
    press(need, there, now)
    oncall.seen([leila.pk], now=now + timedelta(minutes=20))
    line.let_lapse(now=now + timedelta(minutes=45))
    assert queries.standing(leila) is not None
    assert line.let_lapse(now=now + timedelta(minutes=51)) == 1
    assert queries.standing(leila) is None


def test_a_mentor_who_stops_passes_the_ring_on(need, there, amara, commons, now):
    press(need, there, now)
    oncall.stop(mentor=amara, org=commons, now=now + SECOND)
    oncall.stop(mentor=amara, org=commons, now=now + SECOND)
    assert open_rings(commons) == {"Tomasz", "Inês"}
    assert queries.own_call(amara, org=commons).until == now + SECOND


def test_a_mentor_who_falls_silent_is_not_on_call_any_more(there, amara, commons, now):
    oncall.seen([amara.pk], now=now + 20 * timedelta(minutes=1))
    assert oncall.end_by_itself(now=now + 20 * timedelta(minutes=1)) == 2
    assert queries.own_call(amara, org=commons).until == now + HOUR


@pytest.mark.parametrize("minutes", [-1, 0, 242, 100_000])
def test_a_time_that_is_over_or_too_far_is_refused(minutes, amara, commons, now):
    with pytest.raises(Invalid, match="at most 4 hours"):
        oncall.go_on_call(mentor=amara, org=commons, until=now + timedelta(minutes=minutes), now=now)


def test_only_mentors_with_their_own_topics_who_are_not_away_are_on_call(leila, amara, commons, now):
    with pytest.raises(NotAllowed, match="offer time"):
        oncall.go_on_call(mentor=leila, org=commons, until=now + HOUR, now=now)
    with pytest.raises(Invalid, match="not among yours"):
        oncall.go_on_call(mentor=amara, org=commons, until=now + HOUR, skills=["baking"], now=now)
    Profile.objects.within(commons).filter(person=amara).update(paused_until=now.date() + timedelta(days=1))
    with pytest.raises(NotAllowed, match="away until"):
        oncall.go_on_call(mentor=amara, org=commons, until=now + HOUR, now=now)


def test_a_stranger_learns_nothing(need, there, amara, tomasz, now):
    place = press(need, there, now)
    with pytest.raises(NotFound):
        queries.place_for(place.pk, visible_to=amara)
    ring = queries.ring_for(amara)
    with pytest.raises(NotFound):
        queries.own_ring(ring.pk, visible_to=tomasz)
    with pytest.raises(NotFound):
        ringing.answer(ring=ring, by=tomasz, now=now)
    assert queries.ring_for(tomasz) is None


def test_the_offer_says_how_many_and_how_long(need, there, amara, commons, now):
    offer = queries.offer_now(there, org_id=commons.pk, minutes=25, now=now)
    assert offer.able == 3
    assert offer.wait.place == 1
    assert 0 < offer.wait.low <= offer.wait.middle <= offer.wait.high
    assert set(offer.until) == set(there)
    place = press(need, there, now)
    assert queries.wait_of(place, now=now).place == 1
    assert queries.offer_now({PersonFactory().pk: 0.9}, org_id=commons.pk, minutes=25, now=now) is None
    assert queries.offer_now(there, org_id=commons.pk, minutes=25, now=now + 2 * HOUR) is None


def test_how_soon_is_told_once_there_were_enough(there, amara, commons, now):
    for turn in range(5):
        assert queries.answered_within(commons.pk, now=now) is None
        mentee = PersonFactory(org=commons)
        need = NeedFactory(mentee=mentee, org=commons)
        Place.objects.create(
            org=commons, need=need, mentee=mentee, minutes=25, asked_at=now - 120 * SECOND, seen_at=now,
            state="answered", ended_at=now - turn * SECOND,
        )  # fmt: skip
    assert queries.answered_within(commons.pk, now=now) == 118 * SECOND


def test_the_ranking_says_who_could_answer_and_topics_narrow_it(need, amara, ines, commons, now):
    load_skills()
    Topic.objects.within(commons).filter(profile__person=ines).delete()
    profile = Profile.objects.within(commons).get(person=ines)
    Topic.objects.create(org=commons, profile=profile, name="pastry", skill_id=None)
    Topic.objects.within(commons).filter(profile__person=amara).update(skill_id="moving-into-management")
    index_mentors(org=commons, mentor_ids=[amara.pk, ines.pk])
    count_words(commons.pk)
    assert fits_now(need, now=now) == {}
    oncall.go_on_call(mentor=amara, org=commons, until=now + HOUR, now=now)
    with CaptureQueriesContext(connection) as sent:
        found = fits_now(need, now=now)
    assert set(found) == {amara.pk}
    assert sum("FROM matching_evidence e" in each["sql"] for each in sent) == 1  # all of them are found: once is enough
    assert 0.25 <= found[amara.pk] <= 1
    Topic.objects.create(
        org=commons, profile=Profile.objects.within(commons).get(person=amara), name="databases", skill_id="databases"
    )
    oncall.go_on_call(mentor=amara, org=commons, until=now + HOUR, skills=["databases"], now=now)
    assert fits_now(need, now=now) == {}


def test_whoever_comes_on_call_later_is_rung_for_those_who_wait(need, amara, commons, now):
    load_skills()
    Topic.objects.within(commons).filter(profile__person=amara).update(skill_id="moving-into-management")
    index_mentors(org=commons, mentor_ids=[amara.pk])
    count_words(commons.pk)
    press(need, {}, now)
    oncall.go_on_call(mentor=amara, org=commons, until=now + HOUR, now=now + 60 * SECOND)
    assert fit_newcomer(amara.pk, org_id=commons.pk, now=now + 61 * SECOND) == 1
    assert ringing.tick(now=now + 62 * SECOND) == 1
    assert open_rings(commons) == {"Amara"}
