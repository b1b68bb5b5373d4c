"""`kill -9` while follow-ups are handed over, with a real worker: none lost, none asked twice."""

from __future__ import annotations

import signal
from datetime import timedelta

import pytest
from django.db import connection, transaction
from tests.factories import MentorFactory, NeedFactory, PersonFactory, make_session
from tests.live_server import LiveSite, free_port, wait_for

from quarterhour.advice.models import Takeaway
from quarterhour.core import clock
from quarterhour.notifications import following_up
from quarterhour.notifications.models import SentMail, Wishes
from quarterhour.people.queries import commons
from quarterhour.sessions.models import Status
from quarterhour.trust.follow_up_models import FollowUp

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]
SESSIONS = 20


def rows():
    return FollowUp.objects.of_every_tenant(because="the test counts all follow-ups").filter(kind="week")


def mails():
    everywhere = SentMail.objects.of_every_tenant(because="the test counts all mail")
    return everywhere.filter(reason__startswith="follow-up")


@pytest.fixture
def due():
    """Sessions of eight days ago, whose mentees are never quiet: a week has passed for all of them."""
    org, now = commons(), clock.now()
    over = now - timedelta(days=7, hours=2)
    mentor = MentorFactory(org=org)
    for n in range(SESSIONS):
        mentee = PersonFactory(org=org)
        Wishes.objects.create(person=mentee, quiet_from="00:00", quiet_until="00:00")
        need = NeedFactory(mentee=mentee, org=org)
        session = make_session(need, mentor, over - timedelta(hours=n), status=Status.ENDED)
        Takeaway.objects.create(org=org, session=session, insight="x", written_at=over)
        following_up.plan(session, now=over)
    return SESSIONS


def test_a_worker_killed_in_the_middle_asks_nobody_and_the_next_one_asks_each_once(tmp_path, due):
    # Nobody listens there, so no mail leaves.
    site = LiveSite(tmp_path, QUARTERHOUR_MAIL=f"smtp://127.0.0.1:{free_port()}")
    for _ in range(2):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE notifications_sentmail IN SHARE MODE")  # whoever writes a mail waits here
            worker = site._run("jobs")
            try:
                wait_for(_somebody_waits_to_write, site._log_tail)
            finally:
                worker.send_signal(signal.SIGKILL)
                worker.wait(20)
        wait_for(_nobody_is_at_it, site._log_tail)
        assert (rows().waiting().count(), mails().count()) == (due, 0)

    assert following_up.hand_over_all(seconds=20, clock=clock.now) == due
    assert following_up.hand_over_all(seconds=20, clock=clock.now) == 0
    assert rows().exclude(handed_at=None).count() == due
    assert mails().values("person").distinct().count() == mails().count() == due


def _somebody_waits_to_write() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'notifications_sentmail'::regclass"
        )
        return cursor.fetchone()[0] > 0


def _nobody_is_at_it() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE relation = 'trust_followup'::regclass AND pid <> pg_backend_pid()"
        )
        return cursor.fetchone()[0] == 0
