"""On the morning of its day where its owner lives, once for each action, person and day."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connections
from tests.factories import NeedFactory, PersonFactory, make_session

from quarterhour.advice import actions
from quarterhour.advice.models import Action, Takeaway
from quarterhour.notifications import action_reminders, channels
from quarterhour.notifications.models import ActionReminder, SentMail
from quarterhour.people.models import Block
from quarterhour.sessions.models import Status

pytestmark = pytest.mark.django_db
TALKED = datetime(2026, 11, 26, 10, 15, tzinfo=UTC)
DAY = date(2026, 11, 30)
MORNING = datetime(2026, 11, 30, 9, tzinfo=UTC)


@pytest.fixture
def card(need, amara):
    session = make_session(need, amara, TALKED, status=Status.ENDED)
    return Takeaway.objects.create(org=session.org, session=session, insight="x", written_at=TALKED)


def add(card, **given) -> Action:
    return Action.objects.create(**{"org": card.org, "takeaway": card, "text": "Ask Marek", "due": DAY} | given)


def told(card) -> list:
    rows = SentMail.objects.within(card.org).filter(reason__startswith="action-due")
    return sorted(rows.values_list("person__email", flat=True))


def pass_time(frm: datetime, hours: int, step=timedelta(minutes=20)) -> list[datetime]:
    """The moments at which somebody was reminded while the timer ran."""
    moments = [frm + n * step for n in range(int(timedelta(hours=hours) / step))]
    return [at for at in moments if action_reminders.hand_over(now=at)]


def test_once_on_the_morning_of_its_day(card):
    add(card)
    (at,) = pass_time(datetime(2026, 11, 28, tzinfo=UTC), 24 * 5)
    assert at.date() == DAY
    assert time(8) <= at.time() <= time(8, 40)
    assert told(card) == ["leila@town.example"]
    assert ActionReminder.objects.within(card.org).count() == 1


@pytest.mark.parametrize(
    ("zone", "hour"), [("Asia/Tokyo", 23), ("America/Los_Angeles", 16), ("Pacific/Kiritimati", 18)]
)
def test_the_morning_is_where_its_owner_lives(card, leila, zone, hour):
    leila.zone = zone
    leila.save()
    add(card)
    (at,) = pass_time(datetime(2026, 11, 28, tzinfo=UTC), 24 * 5)
    assert at.hour == hour


def test_each_of_two_owners_is_reminded_and_the_mentor_of_their_own(card):
    add(card, owner="both")
    add(card, owner="mentor")
    pass_time(datetime(2026, 11, 30, tzinfo=UTC), 24)
    assert told(card) == ["amara@town.example", "amara@town.example", "leila@town.example"]


@pytest.mark.parametrize(
    "given", [{"fate": "done"}, {"fate": "dropped"}, {"due": None}, {"moved_to": date(2026, 12, 9)}]
)
def test_what_is_not_to_do_today_makes_nothing(card, given):
    add(card, **given)
    assert pass_time(datetime(2026, 11, 29, tzinfo=UTC), 48) == []


def test_another_day_is_another_reminder(card, leila):
    action = add(card)
    action_reminders.hand_over(now=MORNING)
    actions.move(action=action, by=leila, to=DAY + timedelta(days=2), today=DAY)
    assert len(pass_time(MORNING, 24 * 4)) == 1
    assert told(card) == ["leila@town.example"] * 2


def test_what_was_done_in_the_minute_before_is_not_sent(card, leila, deliver):
    action = add(card)
    action_reminders.hand_over(now=MORNING)
    actions.say(action=action, by=leila, fate="done", now=MORNING)
    assert deliver(MORNING) == {}


def test_quiet_hours_are_kept_and_whoever_stopped_it_hears_nothing(card, leila):
    nothing = {news: ["mail"] for news in channels.NEWS}
    channels.choose(person=leila, **nothing, quiet_from=time(23), quiet_until=time(11))
    add(card)
    (at,) = pass_time(datetime(2026, 11, 30, tzinfo=UTC), 24)
    assert time(11) <= at.time() <= time(11, 40)
    add(card, text="Another")
    channels.stop(leila, channels.ACTIONS)
    assert pass_time(datetime(2026, 11, 30, tzinfo=UTC), 24) == []


def test_an_evening_is_no_morning(card):
    add(card)
    assert action_reminders.hand_over(now=datetime(2026, 11, 30, 20, 30, tzinfo=UTC)) == 0


def test_nobody_is_reminded_of_somebody_they_never_meet_again(card, leila, amara, deliver):
    add(card)
    Block.objects.create(org=card.org, blocker=leila, blocked=amara, created_at=TALKED)
    action_reminders.hand_over(now=MORNING)
    assert deliver(MORNING) == {}


def test_the_mail_names_what_it_is_and_offers_another_day(card, deliver):
    add(card, text="Ask Marek\x0b for <b>a date</b>")
    action_reminders.hand_over(now=MORNING)
    message = deliver(MORNING)["leila@town.example"]
    assert message["Subject"].startswith("Today: Ask Marek")
    html = message.get_payload()[1].get_payload(decode=True).decode()
    assert "<b>a date" not in html
    assert "/actions/" in html


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_one_moment_remind_once(commons, amara):
    for n in range(8):
        need = NeedFactory(mentee=PersonFactory(org=commons), org=commons)
        session = make_session(need, amara, TALKED + timedelta(hours=n), status=Status.ENDED)
        add(Takeaway.objects.create(org=commons, session=session, insight="x", written_at=TALKED))
    ready = threading.Barrier(4)

    def work() -> None:
        try:
            ready.wait()
            for _ in range(3):
                action_reminders.hand_over(now=MORNING)
        finally:
            connections.close_all()

    hands = [threading.Thread(target=work) for _ in range(4)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert ActionReminder.objects.within(commons).count() == 8
    assert SentMail.objects.within(commons).filter(reason__startswith="action-due").count() == 8
