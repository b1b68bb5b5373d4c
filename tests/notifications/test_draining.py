"""Many mails at once: through one connection, beside everybody who waits, and at peace with a server that hangs up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from tests.factories import MentorFactory, NeedFactory, PersonFactory, make_session
from tests.live_server import free_port
from tests.notifications.test_smtp import use_server

from quarterhour.notifications import breaker, reminders, sending
from quarterhour.notifications.models import SentMail
from quarterhour.notifications.turns import turn

MONDAY = datetime(2026, 11, 30, 9, 15, tzinfo=UTC)
DUE = MONDAY - timedelta(minutes=15)


class Server:
    """aiosmtpd, counting who calls and what they bring. `moods`: answers to the next messages, then yes."""

    def __init__(self) -> None:
        self.calls, self.taken, self.moods = 0, [], []

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802 - the name aiosmtpd calls
        mood = self.moods.pop(0) if self.moods else "250 taken"
        if mood.startswith("250"):
            self.taken.append(envelope.rcpt_tos[0])
        return mood


@pytest.fixture
def server(settings):
    handler, port = Server(), free_port()

    class Counting(Controller):
        def factory(self):
            handler.calls += 1
            return SMTP(self.handler, **self.SMTP_kwargs)

    controller = Counting(handler, hostname="127.0.0.1", port=port)
    controller.start()
    handler.calls = 0  # it called itself to see whether it is there
    use_server(settings, port)
    yield handler
    controller.stop()


@pytest.fixture
def twenty(commons, now):
    """Twenty last reminders, due."""
    for _ in range(10):
        need = NeedFactory(mentee=PersonFactory(org=commons), org=commons)
        reminders.plan(make_session(need, MentorFactory(org=commons), MONDAY), now=now)
    reminders.hand_over(now=DUE)
    open_ones = mails().filter(reason__startswith="remind-soon")
    mails().exclude(pk__in=open_ones.values("pk")).delete()
    return open_ones


def mails():
    return SentMail.objects.of_every_tenant(because="the test looks at all mail")


def drain(at=DUE) -> int:
    return sending.drain(seconds=20, clock=lambda: at)


def test_many_go_through_one_connection(server, twenty):
    assert drain() == twenty.count() == len(set(server.taken)) == 20
    assert server.calls == 1
    assert set(twenty.values_list("attempts", flat=True)) == {1}


def test_one_that_is_refused_costs_the_others_nothing(server, twenty):
    server.moods = ["250 taken", "451 later", "554 never"]

    assert drain() == 18
    assert len(set(server.taken)) == 18
    waiting = mails().filter(sent_at=None)
    assert waiting.filter(due_at__gt=DUE).count() == 2
    drain(DUE + timedelta(seconds=11))
    assert len(server.taken) == len(set(server.taken)) == 20


def test_a_server_that_is_gone_is_asked_once(settings, twenty):
    use_server(settings, free_port())

    assert drain() == 0
    assert breaker.last_found().up is False
    assert mails().filter(attempts__gt=0).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_turn_is_had_by_so_many_and_given_back():
    import threading

    from django.db import connections

    def ask(told: list) -> None:
        with turn("this test", of=2) as mine:
            told.append(mine)
        connections.close_all()

    with turn("this test", of=2) as first:
        others: list = []
        for _ in range(2):
            thread = threading.Thread(target=ask, args=(others,))
            thread.start()
            thread.join()
        with turn("another", of=1) as elsewhere:
            assert elsewhere
    assert first
    assert others == [True, True]

    with turn("this test") as alone:
        refused: list = []
        thread = threading.Thread(target=lambda: refused.append(_asked_elsewhere()))
        thread.start()
        thread.join()
    assert alone
    assert refused == [False]


def _asked_elsewhere() -> bool:
    from django.db import connections

    with turn("this test") as mine:
        told = mine
    connections.close_all()
    return told
