"""A question waits for somebody: whoever clearly fits and comes up is told of, once, and no delivery does much."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.factories import MentorFactory, NeedFactory, PersonFactory, make_session

from quarterhour.availability.events import AvailabilityChanged
from quarterhour.availability.models import Availability
from quarterhour.core import events, outbox
from quarterhour.core.errors import Invalid
from quarterhour.core.models import OutboxEvent
from quarterhour.matching import waiting as waits
from quarterhour.matching.events import MentorCameUp
from quarterhour.matching.indexing import count_words, index_mentors
from quarterhour.needs import services
from quarterhour.needs.models import Need, NeedTopic, Prospect, Waiting
from quarterhour.needs.queries import waitings
from quarterhour.needs.services import note_prospect, stop_waiting, wait, waits_until
from quarterhour.people import services as people
from quarterhour.people.events import ProfileChanged
from quarterhour.people.models import Profile, Skill, Topic

pytestmark = pytest.mark.django_db

SKILL = "moving-into-management"


@pytest.fixture
def asked(leila, commons, now):
    """Leila's question about moving into management, which waits."""
    Skill.objects.update_or_create(pk=SKILL, defaults={"label": "x", "area": "x", "spellings": "x"})
    need = NeedFactory(mentee=leila, org=commons, stated_at=now)
    NeedTopic.objects.create(org=commons, need=need, skill_id=SKILL)
    wait(need=need, now=now)
    return need


@pytest.fixture
def joins(commons, now):
    """Somebody who has lived through it begins to offer time."""

    def join(name="Bettina Kraus", *, org=commons, **given):
        mentor = MentorFactory(name=name, org=org, **given)
        Topic.objects.within(org).filter(profile__person=mentor).update(skill=SKILL)
        profile = Profile.objects.within(org).get(person=mentor)
        events.publish(ProfileChanged(org_id=org.pk, profile_id=profile.pk), now=now)
        carry(now)
        return mentor

    return join


def carry(now) -> None:
    """The news, and the news of the news."""
    for _ in range(5):
        outbox.drain(now=now)


def told(need) -> list[str]:
    because = "the test looks at all of them"
    rows = Prospect.objects.of_every_tenant(because=because).filter(waiting__need=need)
    return list(rows.order_by("pk").values_list("mentor__name", flat=True))


def found(count: int) -> bool:
    return OutboxEvent.objects.filter(name="ProspectFound").count() == count


# --- waiting ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "until"),
    [
        ({"when": "now"}, (2026, 11, 27)),
        ({"when": "today"}, (2026, 11, 27)),
        ({"when": "week"}, (2026, 12, 3)),
        ({"when": "any"}, (2026, 12, 24)),
        ({"when": "any", "decide_by": date(2026, 12, 4)}, (2026, 12, 5)),
        ({"when": "today", "decide_by": date(2026, 12, 4)}, (2026, 11, 27)),
    ],
)
def test_a_question_waits_until_it_is_over_by_its_own_words(leila, commons, now, columns, until):
    need = NeedFactory(mentee=leila, org=commons, **columns)
    assert waits_until(need, now=now) == datetime(*until, tzinfo=UTC)  # midnight in Lisbon, which is UTC in winter


def test_what_is_over_or_closed_does_not_wait(leila, commons, now):
    over = NeedFactory(mentee=leila, org=commons, when="any", decide_by=now.date() - timedelta(days=1))
    closed = NeedFactory(mentee=leila, org=commons, closed_at=now)
    for need in (over, closed):
        with pytest.raises(Invalid, match="This question is over"):
            wait(need=need, now=now)


def test_waiting_begins_anew_when_it_is_pressed_anew(asked, leila, now):
    stop_waiting(asked, now=now)
    stop_waiting(asked, now=now)
    assert not Waiting.objects.within(asked.org).in_force(now).exists()
    later = now + timedelta(days=1)
    wait(need=asked, now=later)
    row = Waiting.objects.within(asked.org).in_force(later).get()
    assert (row.since, row.stopped_at) == (later, None)


def test_a_closed_question_waits_no_more(asked, now):
    services.close(asked, now=now)
    assert not Waiting.objects.within(asked.org).in_force(now).exists()


# --- who comes up ----------------------------------------------------------------------------------


def test_somebody_who_joins_and_clearly_fits_is_told_of_once(asked, joins, now):
    bettina = joins()
    assert told(asked) == ["Bettina Kraus"]
    profile = Profile.objects.within(asked.org).get(person=bettina)
    for _ in range(2):
        waits.profile_changed(ProfileChanged(org_id=asked.org_id, profile_id=profile.pk), now=now)
        waits.hours_changed(AvailabilityChanged(org_id=asked.org_id, mentor_id=bettina.pk), now=now)
        carry(now)
    assert told(asked) == ["Bettina Kraus"]
    assert found(1)


def test_hours_that_come_up_count_as_well(asked, joins, now):
    bettina = joins(weekly={})
    assert told(asked) == [], "no time before the question is over"
    Availability.objects.within(asked.org).filter(mentor=bettina).update(weekly={"fri": [["09:00", "12:00"]]})
    waits.hours_changed(AvailabilityChanged(org_id=asked.org_id, mentor_id=bettina.pk), now=now)
    carry(now)
    assert told(asked) == ["Bettina Kraus"]


def test_whoever_is_back_from_a_pause_comes_up(asked, joins, now):
    bettina = joins(weekly={})
    Availability.objects.within(asked.org).filter(mentor=bettina).update(weekly={"fri": [["09:00", "12:00"]]})
    Profile.objects.within(asked.org).filter(person=bettina).update(paused_until=now.date())
    assert waits.back_from_a_pause(now=now - timedelta(days=1)) == 0
    assert waits.back_from_a_pause(now=now) == 1
    carry(now)
    assert told(asked) == ["Bettina Kraus"]


def test_who_does_not_clearly_fit_is_not_told_of(asked, commons, now):
    other = MentorFactory(name="Rui Fontes", org=commons)
    Topic.objects.within(commons).filter(profile__person=other).update(name="wine", skill=None)
    waits.came_up(other.pk, org_id=commons.pk, now=now)
    carry(now)
    assert told(asked) == []


@pytest.mark.parametrize("reason", ["stopped", "over", "closed", "booked", "own", "blocked", "paused", "language"])
def test_nobody_is_told_of_where_it_is_no_use(asked, leila, commons, amara, now, reason):
    if reason == "stopped":
        stop_waiting(asked, now=now)
    elif reason == "over":
        Waiting.objects.within(commons).update(until=now)
    elif reason == "closed":
        services.close(asked, now=now)
    elif reason == "booked":
        make_session(asked, amara, now + timedelta(days=1))
    elif reason == "own":
        NeedTopic.objects.within(commons).filter(need=asked).delete()
        Need.objects.within(commons).filter(pk=asked.pk).update(mentee=PersonFactory(org=commons))
    elif reason == "language":
        Need.objects.within(commons).filter(pk=asked.pk).update(languages=["de"])
    mentor = MentorFactory(name="Bettina Kraus", org=commons)
    Topic.objects.within(commons).filter(profile__person=mentor).update(skill=SKILL)
    if reason == "blocked":
        people.block(other=leila, by=mentor, org=commons, now=now)
    elif reason == "paused":
        Profile.objects.within(commons).filter(person=mentor).update(paused_until=now.date() + timedelta(days=3))
    elif reason == "own":
        Need.objects.within(commons).filter(pk=asked.pk).update(mentee=mentor)
    waits.came_up(mentor.pk, org_id=commons.pk, now=now)
    carry(now)
    assert told(asked) == []


def test_the_third_is_the_last(asked, commons, now):
    mentors = [MentorFactory(org=commons) for _ in range(4)]
    row = Waiting.objects.within(commons).get()
    assert [note_prospect(waiting=row, mentor=each, now=now) for each in mentors] == [True, True, True, False]
    assert not Waiting.objects.within(commons).in_force(now).exists()


def test_without_anybody_waiting_a_change_costs_one_look(commons, amara, now, django_assert_num_queries):
    with django_assert_num_queries(1):
        waits.came_up(amara.pk, org_id=commons.pk, now=now)


def test_one_delivery_looks_at_so_many_and_the_next_goes_on(asked, commons, now, monkeypatch):
    mentor = MentorFactory(org=commons)
    Topic.objects.within(commons).filter(profile__person=mentor).update(skill=SKILL)
    for _ in range(6):
        need = NeedFactory(mentee=PersonFactory(org=commons), org=commons, stated_at=now)
        NeedTopic.objects.create(org=commons, need=need, skill_id=SKILL)
        wait(need=need, now=now)
    looked = []
    monkeypatch.setattr(waits, "AT_ONCE", 2)
    monkeypatch.setattr(waits, "MOST", 5)
    monkeypatch.setattr(waits, "_can_help", lambda _mentor, one, **_: looked.append(one.need_id) or False)
    waits.came_up(mentor.pk, org_id=commons.pk, now=now)
    carry(now)
    assert len(looked) == len(set(looked)) == 6, "two in each of three deliveries, and no fourth"
    assert looked[0] == asked.pk, "who waits longest comes first"
    payloads = OutboxEvent.objects.filter(name="MentorCameUp").order_by("pk").values_list("payload", flat=True)
    assert [each["looked"] for each in payloads] == [0, 2, 4]


def test_the_nearest_questions_come_first_and_far_ones_not_at_all(asked, commons, now):
    told_of = {"label": "x", "area": "x", "spellings": "x"}
    for pk in ("leadership", "wine-and-sommelier"):
        Skill.objects.update_or_create(pk=pk, defaults=told_of)
    far = NeedFactory(mentee=PersonFactory(org=commons), org=commons)
    NeedTopic.objects.create(org=commons, need=far, skill_id="wine-and-sommelier")
    plain = NeedFactory(mentee=PersonFactory(org=commons), org=commons)
    for need in (far, plain):
        wait(need=need, now=now)
    mentor = MentorFactory(org=commons)
    Topic.objects.within(commons).filter(profile__person=mentor).update(skill=SKILL)
    profile = Profile.objects.within(commons).prefetch_related("topics").get(person=mentor)
    rows = {row.pk: row.need_id for row in Waiting.objects.within(commons)}
    assert [rows[pk] for pk in waits._near(profile, now=now)] == [asked.pk, plain.pk]


def test_it_is_read_anew_before_it_is_looked_at(asked, commons, now):
    """The reaction that reads a changed profile may fail and come later."""
    mentor = MentorFactory(name="Bettina Kraus", org=commons)
    Topic.objects.within(commons).filter(profile__person=mentor).update(skill=SKILL)
    waits.tell_those_who_wait(MentorCameUp(org_id=commons.pk, mentor_id=mentor.pk), now=now)
    assert told(asked) == ["Bettina Kraus"]


# --- what its person sees --------------------------------------------------------------------------


def test_who_came_up_is_shown_while_they_can_be_asked(asked, leila, amara, commons, now, django_assert_num_queries):
    index_mentors(org=commons, mentor_ids=[amara.pk])
    count_words(commons.pk)
    note_prospect(waiting=Waiting.objects.within(commons).get(), mentor=amara, now=now)

    def shown() -> list[str]:
        row = waitings([asked.pk], visible_to=leila, today=now.date())[asked.pk]
        return [each.mentor.first_name for each in row.prospects.all()]

    assert leila.org_ids == [commons.pk]  # read once a request
    with django_assert_num_queries(2):
        assert shown() == ["Amara"]
    Profile.objects.within(commons).filter(person=amara).update(paused_until=now.date() + timedelta(days=1))
    assert shown() == []
    Profile.objects.within(commons).filter(person=amara).update(paused_until=None)
    people.block(other=leila, by=amara, org=commons, now=now)
    assert shown() == []
    assert waitings([asked.pk], visible_to=amara, today=now.date()) == {}
