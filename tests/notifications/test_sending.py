"""Once for each reason, at least once for each row, and nobody waits for a broken server."""

from __future__ import annotations

import smtplib
import threading
from datetime import timedelta

import pytest
import time_machine
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection, connections
from django.urls import resolve
from tests.factories import NeedFactory, PersonFactory
from tests.notifications.conftest import TEN_FIFTEEN
from tests.notifications.reading import bodies, links_in

from quarterhour.core import outbox
from quarterhour.core.models import Delivery, SingleUseLink
from quarterhour.notifications import addresses, breaker, post, sending, tasks
from quarterhour.notifications.models import SentMail
from quarterhour.sessions import services

BROKEN = f"{__name__}.Broken"


class Broken(EmailBackend):
    """A mail server that fails as it is told to."""

    error: Exception = ConnectionRefusedError()

    def send_messages(self, messages):
        raise self.error


@pytest.fixture
def refusing(settings, monkeypatch):
    """A server that answers every message with this error."""

    def use(error: Exception) -> None:
        settings.EMAIL_BACKEND = BROKEN
        monkeypatch.setattr(Broken, "error", error)

    return use


def mails():
    return SentMail.objects.of_every_tenant(because="the test looks at all mail")


@pytest.fixture
def invited(need, amara, now):
    """Two mails that wait to be sent."""
    session = services.book(need=need, mentor=amara, start=TEN_FIFTEEN, minutes=25, by=need.mentee, now=now)
    outbox.drain(now=now)
    return session


def test_a_reaction_that_runs_twice_sends_once(invited, now, mailoutbox):
    sending.send_waiting(now=now)
    Delivery.objects.update(done_at=None)
    outbox.drain(now=now)
    sending.send_waiting(now=now)

    assert len(mailoutbox) == mails().count() == 2


def test_a_row_says_when_the_server_took_it(invited, now, mailoutbox):
    sending.send_waiting(now=now)

    assert list(mails().values_list("sent_at", "attempts", "error")) == [(now, 1, "")] * 2
    assert {m.message()["Message-ID"] for m in mailoutbox} == set(mails().values_list("message_id", flat=True))


def test_the_main_button_of_an_invitation_says_what_it_does(invited, now, mailoutbox):
    sending.send_waiting(now=now)

    for mail in mailoutbox:
        told = "".join(bodies(mail.message()).values())
        assert "Open the session" in told
        assert "I will be there" not in told, "that is said on the page, and in reminders"


def jobs_to_send() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT args->>'mail_id' FROM procrastinate_jobs WHERE task_name LIKE '%send_mail'")
        return {row[0] for row in cursor.fetchall()}


def test_the_reaction_writes_rows_and_speaks_to_nobody_and_jobs_follow_when_the_rows_stand(
    need, amara, now, mailoutbox, django_capture_on_commit_callbacks
):
    services.book(need=need, mentor=amara, start=TEN_FIFTEEN, minutes=25, by=need.mentee, now=now)
    with django_capture_on_commit_callbacks(execute=True):
        outbox.drain(now=now)
        assert mails().count() == 2
        assert jobs_to_send() == set()

    assert mailoutbox == []
    assert jobs_to_send() == {str(pk) for pk in mails().values_list("pk", flat=True)}


def test_a_mail_that_is_taken_is_left_alone_until_its_time_is_over(invited, now, mailoutbox):
    mail_id = sending.due(now=now)[0]
    assert sending._take(mail_id, now) is not None

    assert sending.send(mail_id, now=now + timedelta(seconds=40)) is False
    assert sending.send(mail_id, now=now + sending.TAKEN_FOR) is True


def test_killed_after_the_server_took_it_it_goes_out_again_under_the_same_id(invited, now, mailoutbox, monkeypatch):
    mail_id = sending.due(now=now)[0]
    handed = post.hand_over

    def killed(message):
        handed(message)
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(post, "hand_over", killed)
        with pytest.raises(SystemExit):
            sending.send(mail_id, now=now)
    sending.send(mail_id, now=now + sending.TAKEN_FOR)

    first, second = mailoutbox
    assert first.message()["Message-ID"] == second.message()["Message-ID"]
    assert not SingleUseLink.objects.filter(used_at=None, revoked_at=None).count() > 2


def test_a_failed_mail_waits_longer_each_time_and_is_given_up_after_a_day(need, amara, now, refusing):
    next_week = TEN_FIFTEEN + timedelta(days=7)
    services.book(need=need, mentor=amara, start=next_week, minutes=25, by=need.mentee, now=now)
    outbox.drain(now=now)
    refusing(smtplib.SMTPDataError(451, b"later"))
    mail_id = sending.due(now=now)[0]
    at, waits = now, []
    for _ in range(sending.MOST_ATTEMPTS):
        sending.send(mail_id, now=at)
        due = mails().get(pk=mail_id).due_at
        waits.append(due - at)
        at = due

    row = mails().get(pk=mail_id)
    assert waits == sorted(waits)
    assert row.gave_up_at is not None
    assert row.error == "SMTPDataError"
    assert timedelta(hours=12) < row.gave_up_at - now < timedelta(days=2)
    assert mail_id not in sending.due(now=at + timedelta(days=9))


def test_while_the_server_is_gone_one_mail_at_a_time_looks_whether_it_is_back(invited, now, settings, mailoutbox):
    working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, BROKEN
    first, second = sending.due(now=now)
    sending.send(first, now=now)

    sending.send(second, now=now + timedelta(seconds=9))
    assert mails().get(pk=second).attempts == 0
    sending.send(second, now=now + breaker.REST)
    assert mails().get(pk=second).attempts == 1

    settings.EMAIL_BACKEND = working
    sending.send(first, now=now + 2 * breaker.REST)
    sending.send(second, now=now + 2 * breaker.REST)
    assert len(mailoutbox) == 2


def test_an_address_the_server_refuses_is_given_up_and_holds_nobody_up(invited, now, refusing):
    refusing(smtplib.SMTPRecipientsRefused({"a@town.example": (550, b"no such person")}))
    first, second = sending.due(now=now)
    sending.send(first, now=now)

    assert mails().get(pk=first).gave_up_at == now
    assert sending.due(now=now) == [second]


def test_a_full_mailbox_is_tried_again(invited, now, refusing):
    refusing(smtplib.SMTPRecipientsRefused({"a@town.example": (452, b"mailbox full")}))
    first, _ = sending.due(now=now)
    sending.send(first, now=now)

    assert mails().get(pk=first).gave_up_at is None


def test_what_is_no_longer_true_is_not_sent(invited, leila, now, deliver):
    services.move(session=invited, start=TEN_FIFTEEN + timedelta(minutes=15), by=leila, now=now)
    arrived = deliver()

    assert len(arrived) == 2
    assert all(message["Subject"].startswith("Moved to") for message in arrived.values())
    assert mails().filter(overtaken_at=now, sent_at=None).count() == 2


def test_a_booking_released_before_any_mail_went_out_sends_no_calendar_at_all(invited, leila, now, deliver):
    services.cancel(session=invited, by=leila, now=now)
    arrived = deliver()

    assert all(message["Subject"].startswith("Released") for message in arrived.values())
    assert not any(part.get_content_type() == "text/calendar" for m in arrived.values() for part in m.walk())


def test_nobody_who_left_gets_mail(invited, amara, now, deliver):
    amara.is_active = False
    amara.save()

    assert list(deliver()) == ["leila@town.example"]


def test_an_invitation_that_comes_after_the_session_is_not_sent(invited, now, deliver):
    assert deliver(now + timedelta(hours=2)) == {}


def test_a_newer_mail_replaces_the_links_of_the_older_one(invited, leila, now, deliver):
    first = deliver()["leila@town.example"]
    services.move(session=invited, start=TEN_FIFTEEN + timedelta(minutes=15), by=leila, now=now)
    second = deliver()["leila@town.example"]

    in_force = SingleUseLink.objects.filter(revoked_at=None, used_at=None)
    assert set(links_in(first).values()).isdisjoint(links_in(second).values())
    assert in_force.count() == 4  # two links for each of the two people


def test_a_release_stops_every_link(invited, amara, now, deliver):
    deliver()
    services.cancel(session=invited, by=amara, now=now)
    deliver()

    assert not SingleUseLink.objects.filter(revoked_at=None, used_at=None).exists()


def test_the_mail_of_one_organisation_is_not_seen_from_another(invited, now):
    from quarterhour.core.models import Organisation

    stranger = PersonFactory(org=Organisation.objects.create(name="Elsewhere", slug="elsewhere"))

    assert not SentMail.objects.visible_to(stranger).exists()
    assert not SentMail.objects.visible_to(invited.mentor).filter(person=invited.mentee).exists()


def test_sending_costs_the_same_however_long_the_queue(invited, now, django_assert_max_num_queries):
    mail_id = sending.due(now=now)[0]
    NeedFactory(mentee=invited.mentee, org=invited.org)

    with django_assert_max_num_queries(16):
        sending.send(mail_id, now=now)


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_at_one_mail_one_sends_it(now, mailoutbox):
    from tests.factories import MentorFactory

    from quarterhour.people.queries import commons

    org = commons()
    leila, amara = PersonFactory(org=org), MentorFactory(org=org, zone="Africa/Lagos")
    need = NeedFactory(mentee=leila, org=org)
    services.book(need=need, mentor=amara, start=TEN_FIFTEEN, minutes=25, by=leila, now=now)
    outbox.drain(now=now)
    mail_id = sending.due(now=now)[0]
    start, answers = threading.Barrier(4), []

    def worker():
        start.wait()
        answers.append(sending.send(mail_id, now=now))
        connections.close_all()

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [False, False, False, True]
    assert len(mailoutbox) == 1


def jobs_for(mail_id) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE args->>'mail_id' = %s", [str(mail_id)])
        return cursor.fetchone()[0]


def test_the_sweep_finds_mail_whose_job_was_lost_and_asks_once(invited, now):
    mail_id = sending.due(now=now)[0]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")

    with time_machine.travel(now + timedelta(seconds=50), tick=False):
        tasks.sweep_mail(0)
    assert jobs_for(mail_id) == 0

    with time_machine.travel(now + timedelta(seconds=70), tick=False):
        tasks.sweep_mail(0)
        tasks.sweep_mail(20)
    assert jobs_for(mail_id) == 1


def test_the_job_sends_its_mail(invited, now, mailoutbox):
    mail_id = sending.due(now=now)[0]

    with time_machine.travel(now, tick=False):
        tasks.send_mail(str(mail_id))
        tasks.send_mail(str(mail_id))

    assert len(mailoutbox) == 1


def test_every_address_in_a_mail_leads_to_a_page(invited):
    for address in (
        addresses.room(invited),
        addresses.card(invited),
        addresses.how_kept(invited),
        addresses.sessions(),
        addresses.people_for(invited.need),
        addresses.people_for(None),
        addresses.by_mail("move", "secret"),
    ):
        assert resolve(address.removeprefix("http://localhost:8100")).view_name
