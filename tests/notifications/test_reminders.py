"""Who is reminded, when, of what, and how often: once for each session, kind, person and sequence."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.db import connection, connections
from tests.factories import NeedFactory, PersonFactory, make_session
from tests.notifications.reading import bodies, links_in

from quarterhour.core import outbox
from quarterhour.core.models import Delivery
from quarterhour.notifications import channels, reminders, sending
from quarterhour.notifications.models import Reminder, SentMail
from quarterhour.sessions import coming, services
from quarterhour.sessions.models import Coming, MentoringSession

SATURDAY = datetime(2026, 11, 28, 10, tzinfo=UTC)  # two days after the morning of the tests
MONDAY = datetime(2026, 11, 30, 9, 15, tzinfo=UTC)


def rows():
    return Reminder.objects.of_every_tenant(because="the test looks at all reminders")


def mails():
    return SentMail.objects.of_every_tenant(because="the test looks at all mail").filter(reason__startswith="remind-")


@pytest.fixture
def monday(need, amara, now):
    """Leila and Amara, booked for Monday; their reminders are planned."""
    session = services.book(need=need, mentor=amara, start=MONDAY, minutes=25, by=need.mentee, now=now)
    outbox.drain(now=now)
    return session


def pass_time(*, frm: datetime, to: datetime, step=timedelta(minutes=1), deliver=None) -> dict[str, list]:
    """Let the timers run minute by minute; what went out, by address, as (when, message)."""
    arrived: dict[str, list] = {}
    at = frm
    while at <= to:
        reminders.hand_over(now=at)
        for address, message in (deliver(at) if deliver else {}).items():
            arrived.setdefault(address, []).append((at, message))
        at += step
    return arrived


def test_both_are_reminded_twice_a_day_and_a_quarter_of_an_hour_before(monday, now, deliver):
    deliver()
    arrived = pass_time(frm=now, to=MONDAY + timedelta(hours=1), step=timedelta(minutes=5), deliver=deliver)

    assert set(arrived) == {"leila@town.example", "amara@town.example"}
    for told in arrived.values():
        (first, _), (last, _) = told
        assert timedelta(hours=23, minutes=55) <= MONDAY - first <= timedelta(hours=24, minutes=35)
        assert timedelta(minutes=10) <= MONDAY - last <= timedelta(minutes=20)
    assert rows().exclude(handed_at=None).count() == mails().exclude(sent_at=None).count() == 4


def test_a_reminder_restates_the_question_and_offers_three_things(monday, now, deliver):
    deliver()
    arrived = pass_time(frm=now, to=MONDAY, step=timedelta(minutes=5), deliver=deliver)
    (_, first), (_, last) = arrived["leila@town.example"]

    assert first["Subject"].startswith("Tomorrow 09:15: Should I say yes now")
    assert last["Subject"].startswith("Today 09:15: Should I say yes now")
    for message in (first, last):
        told = bodies(message)
        assert monday.need.text in " ".join(told["text/plain"].split())
        assert "I will be there" in told["text/html"]
        assert set(links_in(message)) == {"coming", "move", "release"}
        assert message["Message-ID"] in set(mails().values_list("message_id", flat=True))


def test_news_that_comes_again_and_a_timer_that_runs_twice_change_nothing(monday, now):
    planned = set(rows().values_list("pk", "due_at"))
    Delivery.objects.update(done_at=None)
    outbox.drain(now=now + timedelta(minutes=3))
    reminders.plan(monday, now=now + timedelta(minutes=4))

    assert set(rows().values_list("pk", "due_at")) == planned
    for _ in range(3):
        reminders.hand_over(now=MONDAY - timedelta(hours=24))
    assert mails().count() == 2


def test_who_books_late_gets_what_is_still_to_come(need, amara, now):
    start = datetime(2026, 11, 26, 10, 15, tzinfo=UTC)  # in 71 minutes
    services.book(need=need, mentor=amara, start=start, minutes=25, by=need.mentee, now=now)
    outbox.drain(now=now)

    assert set(rows().values_list("kind", flat=True)) == {"soon"}


def test_nothing_is_left_of_a_session_that_begins_in_ten_minutes(need, amara, now):
    session = make_session(need, amara, now + timedelta(minutes=10))

    assert reminders.plan(session, now=now) == 0


def test_a_move_takes_its_reminders_along(monday, now, deliver):
    deliver()
    tuesday = MONDAY + timedelta(days=1)
    services.move(session=monday, start=tuesday, by=monday.mentee, now=now)
    deliver()
    arrived = pass_time(frm=now, to=tuesday, step=timedelta(minutes=5), deliver=deliver)

    for told in arrived.values():
        assert [round((tuesday - at) / timedelta(hours=1)) for at, _ in told] == [24, 0]
    assert rows().filter(sequence=0, overtaken_at=None).count() == 0


def test_a_move_during_the_hand_over_sends_no_old_time(monday, now, mailoutbox):
    reminders.hand_over(now=MONDAY - timedelta(hours=24))
    services.move(session=monday, start=MONDAY + timedelta(days=1), by=monday.mentee, now=now)
    sending.send_waiting(now=MONDAY - timedelta(hours=24))

    assert [m for m in mailoutbox if m.subject.startswith("Tomorrow")] == []
    assert mails().exclude(overtaken_at=None).count() == 2


def test_nobody_is_reminded_of_what_was_released(monday, now, deliver):
    services.cancel(session=monday, by=monday.mentor, now=now)
    deliver()

    assert pass_time(frm=now, to=MONDAY, step=timedelta(minutes=15), deliver=deliver) == {}
    assert rows().waiting().count() == 0


def test_a_release_whose_news_is_late_is_seen_at_the_hand_over(monday, now):
    services.cancel(session=monday, by=monday.mentor, now=now)

    assert reminders.hand_over(now=MONDAY - timedelta(hours=24)) == 2
    assert mails().count() == 0


def test_whoever_left_is_not_reminded(monday):
    monday.mentee.is_active = False
    monday.mentee.save()
    reminders.hand_over(now=MONDAY - timedelta(hours=24))

    assert list(mails().values_list("person_id", flat=True)) == [monday.mentor_id]


def test_lost_news_is_found_by_the_timer(need, amara, now):
    services.book(need=need, mentor=amara, start=MONDAY, minutes=25, by=need.mentee, now=now)

    assert reminders.plan_missing(now=now) == 0  # the news may still be on its way
    assert reminders.plan_missing(now=now + timedelta(minutes=5)) == 1
    assert reminders.plan_missing(now=now + timedelta(minutes=5)) == 0
    assert rows().count() == 4


def test_quiet_hours_hold_back_everything_but_the_last_reminder(need, amara, now):
    early = datetime(2026, 11, 30, 6, 30, tzinfo=UTC)  # in Lisbon half past six, in Lagos half past seven
    reminders.plan(make_session(need, amara, early), now=now)
    leila = rows().filter(person=need.mentee).order_by("due_at")

    first, last = leila
    assert first.due_at.hour >= 7
    assert timedelta(minutes=15) <= early - last.due_at <= timedelta(minutes=17)


def test_hours_chosen_after_the_plan_hold_too(monday, need, now):
    day_before = MONDAY - timedelta(hours=24)
    quiet = {"quiet_from": time(6), "quiet_until": time(12)}
    channels.choose(
        person=need.mentee, reminders=["mail"], bookings=[], cards=["mail"], actions=[], follow_ups=[], **quiet
    )
    reminders.hand_over(now=day_before)

    assert list(mails().values_list("person_id", flat=True)) == [monday.mentor_id]
    reminders.hand_over(now=day_before.replace(hour=12, minute=31))
    assert mails().count() == 2


def test_a_mail_held_up_by_its_server_waits_for_the_morning(monday, now, mailoutbox):
    start = datetime(2026, 11, 30, 21, 0, tzinfo=UTC)
    MentoringSession.objects.within(monday.org_id).filter(pk=monday.pk).update(
        span=(start, start + timedelta(minutes=25))
    )
    Reminder.objects.within(monday.org_id).filter(kind="day").update(
        due_at=start - timedelta(hours=24), until=start - timedelta(minutes=17)
    )
    reminders.hand_over(now=start - timedelta(hours=24))
    night = datetime(2026, 11, 29, 23, 30, tzinfo=UTC)
    sending.send_waiting(now=night)
    asleep = [m for m in mailoutbox if m.subject.startswith("Tomorrow")]
    sending.send_waiting(now=datetime(2026, 11, 30, 7, 1, tzinfo=UTC))

    assert asleep == []
    assert {m.to[0] for m in mailoutbox if m.subject.startswith("Today")} == {
        "leila@town.example",
        "amara@town.example",
    }


def test_no_reminder_comes_after_the_session_began(monday):
    reminders.hand_over(now=MONDAY)

    assert mails().count() == 0
    assert rows().exclude(overtaken_at=None).count() == 4


def test_a_mail_late_until_the_last_one_is_not_sent_any_more(monday, mailoutbox):
    reminders.hand_over(now=MONDAY - timedelta(hours=24))
    sending.send_waiting(now=MONDAY - timedelta(minutes=16))

    assert [m for m in mailoutbox if m.subject.startswith("T")] == [] or mails().filter(sent_at=None).count() == 2
    assert mails().exclude(overtaken_at=None).count() == 2


def test_a_reminder_written_twice_is_the_same_to_the_letter(monday, now):
    """What a worker killed between the server's yes and our note causes: two copies with one name."""
    from quarterhour.notifications import mailings

    reminders.hand_over(now=MONDAY - timedelta(hours=24))
    row = mails().select_related("person").first()
    with time_machine.travel(MONDAY - timedelta(hours=24), tick=False):
        one, two = (mailings.message_for(row, now=MONDAY - timedelta(hours=24)) for _ in range(2))

    assert bodies(one) == bodies(two)
    assert one["Message-ID"] == two["Message-ID"]


def test_either_copy_works_until_one_is_used(monday, client, now):
    from quarterhour.notifications import mailings

    at = MONDAY - timedelta(hours=24)
    reminders.hand_over(now=at)
    row = mails().filter(person=monday.mentee).select_related("person").get()
    first = links_in(mailings.message_for(row, now=at))
    links_in(mailings.message_for(row, now=at))
    with time_machine.travel(at, tick=False):
        assert client.get(first["coming"]).status_code == 200


def test_coming_is_said_by_a_press_and_seen_by_the_other(monday, client, now, deliver):
    deliver()
    arrived = pass_time(frm=now, to=MONDAY - timedelta(hours=23), step=timedelta(minutes=10), deliver=deliver)
    link = links_in(arrived["leila@town.example"][0][1])["coming"]
    with time_machine.travel(MONDAY - timedelta(hours=22), tick=False):
        assert client.get(link).status_code == 200
        assert coming.said_by(monday) == set()
        monday.refresh_from_db()
        pressed = client.post(link, {"seen": monday.version})

    assert pressed.status_code == 200
    assert "You will be there" in pressed.content.decode()
    assert coming.said_by(monday) == {monday.mentee_id}
    last = pass_time(frm=MONDAY - timedelta(minutes=20), to=MONDAY, deliver=deliver)
    assert "Leila said: I will be there." in bodies(last["amara@town.example"][0][1])["text/plain"]
    assert "I will be there, as said" in bodies(last["leila@town.example"][0][1])["text/plain"]


def test_a_word_counts_for_the_time_it_was_said_for(monday, now):
    coming.say_coming(session=monday, by=monday.mentee, now=now)
    coming.say_coming(session=monday, by=monday.mentee, now=now)
    assert Coming.objects.within(monday.org_id).count() == 1

    moved = services.move(session=monday, start=MONDAY + timedelta(days=1), by=monday.mentee, now=now)
    assert coming.said_by(moved) == set()


def test_a_stranger_says_nothing(monday, now, commons):
    from quarterhour.core.errors import NotFound

    with pytest.raises(NotFound):
        coming.say_coming(session=monday, by=PersonFactory(org=commons), now=now)


@pytest.mark.django_db(transaction=True)
def test_four_timers_at_once_hand_over_each_reminder_once(now):
    from tests.factories import MentorFactory

    from quarterhour.people.queries import commons

    org, start = commons(), MONDAY
    for n in range(40):
        need = NeedFactory(mentee=PersonFactory(org=org), org=org)
        reminders.plan(make_session(need, MentorFactory(org=org), start + timedelta(hours=n % 3)), now=now)
    touched = []

    def run() -> None:
        try:
            while count := reminders.hand_over(now=start - timedelta(hours=23), limit=7):
                touched.append(count)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    handed = rows().exclude(handed_at=None).count()
    assert sum(touched) == handed == mails().count() > 30
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT message_id) FROM notifications_sentmail")
        assert cursor.fetchone()[0] == handed
