"""Everybody presses, says yes or leaves at the same moment: one yes wins, nobody is rung twice, nothing is stuck."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from tests.double_booking import assert_nobody_is_booked_twice_or_half
from tests.factories import MentorFactory, NeedFactory, PersonFactory

from quarterhour.core import clock
from quarterhour.core.models import OutboxEvent
from quarterhour.matching.models import Place, Ring
from quarterhour.matching.now import line, oncall, queries, ringing
from quarterhour.sessions.models import MentoringSession

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 11, 26, 9, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def at_this_moment(monkeypatch):
    """The site that other tests have left running serves every line by the real clock: here is the same time."""
    monkeypatch.setitem(globals(), "NOW", clock.now().replace(microsecond=0))


def called(count, org):
    mentors = [MentorFactory(org=org) for _ in range(count)]
    for mentor in mentors:
        oncall.go_on_call(mentor=mentor, org=org, until=NOW + HOUR, now=NOW)
    return mentors


def press(need, fits):
    return lambda: line.press(need=need, fits=fits, minutes=15, by=need.mentee, now=NOW)


def kinds(answers) -> Counter:
    return Counter(type(answer).__name__ for answer in answers)


def test_of_many_who_say_yes_one_wins_and_the_others_are_told(commons, at_once):
    mentors = called(40, commons)
    need = NeedFactory(mentee=PersonFactory(org=commons), org=commons)
    place = press(need, {})()
    rings = [
        Ring.objects.create(org=commons, place=place, mentor=each, wave=0, rung_at=NOW, until=NOW + HOUR)
        for each in mentors
    ]
    deeds = [lambda r=ring: ringing.answer(ring=r, by=r.mentor, now=NOW) for ring in rings]

    answers = at_once([deed for deed in deeds for _ in range(2)])

    won = [answer for answer in answers if isinstance(answer, MentoringSession)]
    assert len({session.pk for session in won}) == 1
    assert kinds(answers) == {"MentoringSession": len(won), "Changed": 80 - len(won)}
    assert {str(a.told) for a in answers if not isinstance(a, MentoringSession)} == {
        "Somebody else said yes a moment earlier. Thank you; you stay on call."
    }
    assert MentoringSession.objects.within(commons).count() == 1
    assert Counter(ring.answer for ring in queries.rings_of(place)) == {"accepted": 1, "withdrawn": 39}
    assert OutboxEvent.objects.filter(name="SessionConfirmed").count() == 1
    assert_nobody_is_booked_twice_or_half()


def test_many_who_press_for_few_ring_each_mentor_once(commons, at_once):
    mentors = called(5, commons)
    fits = {mentor.pk: 0.9 for mentor in mentors}
    needs = [NeedFactory(mentee=PersonFactory(org=commons), org=commons) for _ in range(60)]

    answers = at_once([press(need, fits) for need in needs])

    assert kinds(answers) == {"Place": 60}
    ringing.tick(now=NOW)
    open_rings = Ring.objects.within(commons).open()
    assert sorted(open_rings.values_list("mentor", flat=True)) == sorted(mentor.pk for mentor in mentors)
    assert len(set(open_rings.values_list("place", flat=True))) == 5


def test_one_person_in_many_tabs_has_one_place(commons, at_once):
    (mentor,) = called(1, commons)
    need = NeedFactory(mentee=PersonFactory(org=commons), org=commons)
    press(need, {mentor.pk: 0.9})()
    line.leave(place=queries.standing(need.mentee), by=need.mentee, now=NOW)

    answers = at_once([press(need, {mentor.pk: 0.9}) for _ in range(5)])

    assert kinds(answers)["Place"] >= 1
    assert Place.objects.within(commons).open().count() == 1


def test_timers_presses_yeses_and_noes_at_once_leave_nobody_stuck(commons, at_once):
    mentors = called(12, commons)
    fits = {mentor.pk: 0.9 - n / 50 for n, mentor in enumerate(mentors)}
    needs = [NeedFactory(mentee=PersonFactory(org=commons), org=commons) for _ in range(24)]
    at_once([press(need, fits) for need in needs])
    for _round in range(4):
        rings = list(Ring.objects.within(commons).open().select_related("mentor"))
        deeds = []
        for n, ring in enumerate(rings):
            deed = ringing.answer if n % 3 == 0 else ringing.pass_on
            deeds += [lambda d=deed, r=ring: d(ring=r, by=r.mentor, now=NOW), lambda: ringing.tick(now=NOW)]
        for answer in at_once(deeds):
            assert not isinstance(answer, Exception), answer
        ringing.tick(now=NOW)
    taken = MentoringSession.objects.within(commons)
    assert 0 < taken.count() <= 12
    assert len(set(taken.values_list("mentor", flat=True))) == taken.count()
    assert Place.objects.within(commons).filter(state="answered").count() == taken.count()
    assert_nobody_is_booked_twice_or_half()
