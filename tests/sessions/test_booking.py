"""Booking: two people, one time, never twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.factories import MentorFactory, NeedFactory, PersonFactory, make_session

from quarterhour.core.errors import Changed, NotAllowed, NotFound
from quarterhour.core.models import AuditEntry, OutboxEvent
from quarterhour.people.models import Profile
from quarterhour.sessions import queries, rules, services
from quarterhour.sessions.models import MentoringSession, Status, TimeClaim

AT_TEN = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)  # 11:00 in Lagos
AT_HALF_PAST = AT_TEN + timedelta(minutes=30)


def news() -> list[str]:
    return list(OutboxEvent.objects.order_by("pk").values_list("name", flat=True))


def hold(need, mentor, start, now, minutes=25):
    return services.hold(need=need, mentor=mentor, start=start, minutes=minutes, by=need.mentee, now=now)


def test_a_held_time_is_taken_for_both(need, amara, leila, now):
    session = hold(need, amara, AT_TEN, now)

    assert session.status == Status.HELD
    assert session.held_until == now + timedelta(minutes=10)
    assert {c.person_id for c in TimeClaim.objects.filter(session=session)} == {amara.pk, leila.pk}
    assert news() == []


def test_two_clicks_book_a_mentor_who_confirms_at_once(need, amara, leila, now):
    session = services.confirm(session=hold(need, amara, AT_TEN, now), by=leila, now=now)

    assert session.status == Status.CONFIRMED
    assert news() == ["SessionConfirmed"]


def test_a_mentor_who_wants_to_be_asked_is_asked(need, tomasz, leila, now):
    nine = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)  # 10:30 in Kraków
    session = services.confirm(session=hold(need, tomasz, nine, now), by=leila, now=now)
    assert (session.status, news()) == (Status.ASKED, ["SessionAsked"])

    session = services.accept(session=session, by=tomasz, now=now)
    assert (session.status, news()) == (Status.CONFIRMED, ["SessionAsked", "SessionConfirmed"])


def test_an_unanswered_request_gives_its_time_back(need, tomasz, leila, now):
    tomorrow = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
    session = services.confirm(session=hold(need, tomasz, tomorrow, now), by=leila, now=now)
    assert session.answer_by == tomorrow  # the session begins before 48 hours are over

    assert services.expire(now=tomorrow) == 1
    session.refresh_from_db()
    assert session.status == Status.EXPIRED
    assert not TimeClaim.objects.exists()


def test_somebody_elses_time_is_refused_with_three_others(need, amara, now, commons):
    rival = NeedFactory(mentee=PersonFactory(org=commons), org=commons)
    hold(rival, amara, AT_TEN, now)

    with pytest.raises(services.SpanTaken, match="Amara Okafor was just booked for that time") as refused:
        hold(need, amara, AT_TEN, now)

    assert len(refused.value.starts) == 3
    assert AT_TEN not in refused.value.starts
    assert MentoringSession.objects.visible_to(need.mentee).count() == 0


def test_one_hold_a_person(need, amara, tomasz, leila, now):
    first = hold(need, amara, AT_TEN, now)
    hold(need, tomasz, AT_TEN, now)

    first.refresh_from_db()
    assert first.status == Status.DROPPED
    assert TimeClaim.objects.count() == 2


def test_a_hold_that_ran_out_is_free_for_the_next(need, amara, now, commons):
    rival = NeedFactory(mentee=PersonFactory(org=commons), org=commons)
    late = hold(rival, amara, AT_TEN, now)
    later = now + timedelta(minutes=11)

    session = hold(need, amara, AT_TEN, later)

    late.refresh_from_db()
    assert (late.status, session.status) == (Status.DROPPED, Status.HELD)
    with pytest.raises(rules.WrongState):
        services.confirm(session=late, by=rival.mentee, now=later)


def test_a_mentee_is_not_in_two_places(need, amara, tomasz, leila, now):
    make_session(need, tomasz, AT_TEN)
    with pytest.raises(services.SpanTaken, match="already booked for that time yourself"):
        hold(need, amara, AT_TEN, now)


@pytest.mark.parametrize(
    ("start", "told"),
    [
        (datetime(2026, 11, 26, 20, 0, tzinfo=UTC), "does not offer that time"),
        (datetime(2026, 11, 26, 10, 7, tzinfo=UTC), "does not offer that time"),
        (datetime(2026, 11, 26, 8, 0, tzinfo=UTC), "too soon"),
        (datetime(2027, 3, 4, 9, 0, tzinfo=UTC), "not opened that week"),
    ],
)
def test_what_is_not_offered_cannot_be_held(need, amara, now, start, told):
    with pytest.raises(services.SpanTaken, match=told):
        hold(need, amara, start, now)


def test_the_minutes_of_a_week_are_a_promise(commons, leila, now):
    mentor = MentorFactory(org=commons, zone="Africa/Lagos", rules={"weekly_minutes": 60})
    for n in range(2):
        make_session(
            NeedFactory(mentee=PersonFactory(org=commons), org=commons),
            mentor,
            AT_TEN + timedelta(minutes=25 * n),
        )
    need = NeedFactory(mentee=leila, org=commons)
    with pytest.raises(services.SpanTaken, match="given all the minutes of that week"):
        hold(need, mentor, datetime(2026, 11, 27, 8, 0, tzinfo=UTC), now)
    hold(need, mentor, datetime(2026, 11, 30, 8, 0, tzinfo=UTC), now)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"is_mentor": False}, "does not offer time"),
        ({"paused_until": date(2026, 12, 24)}, "is away until 24 December"),
        ({"lengths": [45]}, "does not offer 25 minutes. Choose one of: 45."),
    ],
)
def test_rules_stand_against_it(need, amara, now, change, told):
    Profile.objects.within(need.org).filter(person=amara).update(**change)
    with pytest.raises(NotAllowed, match=told):
        hold(need, amara, AT_TEN, now)


def test_nobody_books_themselves_or_for_somebody_else(need, amara, now, commons):
    own = NeedFactory(mentee=amara, org=commons)
    with pytest.raises(NotAllowed, match="your own time"):
        hold(own, amara, AT_TEN, now)
    with pytest.raises(NotAllowed, match="Only the person whose question it is"):
        services.hold(need=need, mentor=amara, start=AT_TEN, minutes=25, by=amara, now=now)


def test_a_mentor_elsewhere_cannot_be_booked_from_here(need, now):
    from quarterhour.core.models import Organisation

    elsewhere = MentorFactory(org=Organisation.objects.create(name="Elsewhere", slug="elsewhere"))
    with pytest.raises(NotAllowed, match="does not offer time here"):
        hold(need, elsewhere, AT_TEN, now)


def test_moving_keeps_the_session_and_raises_its_sequence(need, amara, leila, now):
    session = make_session(need, amara, AT_TEN)
    moved = services.move(session=session, start=AT_TEN + timedelta(minutes=15), by=leila, now=now)

    assert (moved.pk, moved.sequence, moved.starts_at) == (session.pk, 1, AT_TEN + timedelta(minutes=15))
    assert {c.during.lower for c in TimeClaim.objects.filter(session=session)} == {moved.starts_at}
    assert news() == ["SessionMoved"]


def test_moving_onto_somebody_else_is_refused_and_nothing_moves(need, amara, leila, now, commons):
    make_session(NeedFactory(mentee=PersonFactory(org=commons), org=commons), amara, AT_HALF_PAST)
    session = make_session(need, amara, AT_TEN)
    with pytest.raises(services.SpanTaken):
        services.move(session=session, start=AT_HALF_PAST, by=leila, now=now)
    assert TimeClaim.objects.filter(session=session, during__startswith=AT_TEN).count() == 2
    assert news() == []


def test_either_side_may_release_it_and_the_time_is_free_again(need, amara, leila, now):
    for by in (amara, leila):
        session = services.cancel(session=make_session(need, amara, AT_TEN), by=by, now=now)
        assert (session.status, session.sequence) == (Status.CANCELLED, 1)
        assert not TimeClaim.objects.filter(session=session).exists()
    assert AuditEntry.objects.filter(act="released").count() == 2


def test_strangers_learn_nothing(need, amara, commons, now):
    session = make_session(need, amara, AT_TEN)
    stranger = PersonFactory(org=commons)
    with pytest.raises(NotFound):
        queries.session_for(session.pk, visible_to=stranger)
    for act in (services.cancel, services.accept, services.decline, services.confirm, services.release):
        with pytest.raises(NotFound):
            act(session=session, by=stranger, now=now)


ACTS = {
    "confirm": lambda s, now: services.confirm(session=s, by=s.mentee, now=now),
    "accept": lambda s, now: services.accept(session=s, by=s.mentor, now=now),
    "decline": lambda s, now: services.decline(session=s, by=s.mentor, now=now),
    "cancel": lambda s, now: services.cancel(session=s, by=s.mentee, now=now),
    "move": lambda s, now: services.move(session=s, start=AT_HALF_PAST, by=s.mentee, now=now),
    "release": lambda s, now: services.release(session=s, by=s.mentee, now=now),
    "end": lambda s, now: services.end(session=s, now=s.starts_at),
}
ALLOWED = {
    ("confirm", Status.HELD): Status.CONFIRMED,
    ("release", Status.HELD): Status.DROPPED,
    ("release", Status.DROPPED): Status.DROPPED,
    ("accept", Status.ASKED): Status.CONFIRMED,
    ("decline", Status.ASKED): Status.DECLINED,
    ("cancel", Status.ASKED): Status.CANCELLED,
    ("cancel", Status.CONFIRMED): Status.CANCELLED,
    ("move", Status.CONFIRMED): Status.CONFIRMED,
    ("end", Status.CONFIRMED): Status.ENDED,
}


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("act", ACTS)
def test_only_drawn_transitions_happen(need, amara, now, act, status):
    session = make_session(need, amara, AT_TEN, status=status)
    MentoringSession.objects.within(need.org).update(held_until=now + timedelta(minutes=5))
    session.refresh_from_db()
    expected = ALLOWED.get((act, status))
    if expected is None:
        with pytest.raises(Changed):
            ACTS[act](session, now)
        session.refresh_from_db()
        assert session.status == status
        assert news() == []
    else:
        ACTS[act](session, now)
        session.refresh_from_db()
        assert session.status == expected


def test_sessions_close_themselves_after_the_room_has(need, amara, now):
    session = make_session(need, amara, AT_TEN)
    assert services.close_finished(now=session.ends_at + timedelta(minutes=14)) == 0
    assert services.close_finished(now=session.ends_at + timedelta(minutes=15)) == 1
    session.refresh_from_db()
    assert session.status == Status.ENDED
    assert news() == ["SessionEnded"]


def test_free_starts_cost_three_queries_however_many_mentors(commons, leila, now, django_assert_num_queries):
    for count in (1, 6):
        mentors = [MentorFactory(org=commons).pk for _ in range(count)]
        with django_assert_num_queries(3):
            found = queries.free_starts(
                mentor_ids=mentors,
                org=commons,
                minutes=25,
                between=(now, now + timedelta(days=14)),
                now=now,
                mentee=leila,
            )
        assert all(len(starts) == 4 for starts in found.values())


def test_the_room_is_open_for_the_two_from_ten_before_to_fifteen_after(need, amara, leila, commons, now):
    session = make_session(need, amara, AT_TEN)
    minute = timedelta(minutes=1)
    for moment, is_open in [
        (AT_TEN - 11 * minute, False),
        (AT_TEN - 10 * minute, True),
        (AT_TEN + 39 * minute, True),
        (AT_TEN + 40 * minute, False),
    ]:
        assert rules.can_join(leila, session, now=moment) is is_open
        assert rules.can_join(amara, session, now=moment) is is_open
        assert not rules.can_join(PersonFactory(org=commons), session, now=moment)


def test_a_yes_after_the_deadline_is_too_late_even_before_the_timer(need, tomasz, leila, now):
    tomorrow = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
    session = services.confirm(session=hold(need, tomasz, tomorrow, now), by=leila, now=now)
    with pytest.raises(rules.WrongState, match="time to answer is over"):
        services.accept(session=session, by=tomasz, now=session.answer_by)


def test_a_mentee_cannot_move_into_a_pause_but_the_mentor_may_move_their_own(need, amara, leila, now):
    session = make_session(need, amara, AT_TEN)
    Profile.objects.within(need.org).filter(person=amara).update(paused_until=date(2026, 12, 24))
    with pytest.raises(NotAllowed, match="is away until 24 December"):
        services.move(session=session, start=AT_TEN + timedelta(minutes=15), by=leila, now=now)
    assert services.move(session=session, start=AT_TEN + timedelta(minutes=15), by=amara, now=now).sequence == 1


def test_nothing_is_over_before_it_began(need, amara, now):
    with pytest.raises(rules.WrongState, match="has not begun"):
        services.end(session=make_session(need, amara, AT_TEN), now=now)


def test_only_who_holds_a_time_gives_it_back(need, amara, now):
    with pytest.raises(NotAllowed, match="Only the person who holds"):
        services.release(session=hold(need, amara, AT_TEN, now), by=amara, now=now)
