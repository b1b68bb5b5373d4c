"""News is delivered at least once, each reaction by itself, and a bad one never blocks the rest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import transaction

from quarterhour.config import wiring
from quarterhour.core import events, outbox
from quarterhour.core.events import Event
from quarterhour.core.models import Delivery, OutboxEvent
from quarterhour.core.tasks import deliver


@dataclass(frozen=True, kw_only=True)
class BellRang(Event):
    tower_id: UUID
    times: int = 1


heard: list[tuple[str, BellRang]] = []


def first_ear(event, *, now):
    heard.append(("first", event))


def deaf_ear(event, *, now):
    heard.append(("deaf", event))
    raise RuntimeError("private words that must not be kept")


def last_ear(event, *, now):
    heard.append(("last", event))


@pytest.fixture
def bells(db, commons):
    heard.clear()
    events.wire({BellRang: [first_ear, deaf_ear, last_ear]})
    yield BellRang(org_id=commons.pk, tower_id=commons.pk, times=3)
    wiring.connect()


def who() -> list[str]:
    return [name for name, _ in heard]


def test_a_failing_reaction_does_not_stop_the_others(bells, now):
    events.publish(bells, now=now)
    outbox.drain(now=now)

    assert who() == ["first", "deaf", "last"]
    assert heard[0][1] == bells
    assert Delivery.objects.exclude(done_at=None).count() == 2


def test_it_is_tried_again_after_a_rest_and_the_others_are_not(bells, now):
    events.publish(bells, now=now)
    outbox.drain(now=now)
    heard.clear()

    outbox.drain(now=now + timedelta(seconds=1))
    assert who() == []
    outbox.drain(now=now + timedelta(seconds=3))
    assert who() == ["deaf"]


def test_rests_grow_and_in_the_end_it_is_given_up(bells, now):
    events.publish(bells, now=now)
    for hours in range(60):
        outbox.drain(now=now + timedelta(hours=hours))
    assert who().count("deaf") == outbox.MOST_ATTEMPTS
    assert Delivery.objects.get(reaction__endswith="deaf_ear").gave_up_at is not None
    waits = [outbox.wait_after(n) for n in range(1, 20)]
    assert waits == sorted(waits)
    assert waits[-1] == outbox.LONGEST_WAIT


def test_what_went_wrong_is_kept_by_kind_never_by_its_words(bells, now):
    events.publish(bells, now=now)
    outbox.drain(now=now)
    assert Delivery.objects.get(reaction__endswith="deaf_ear").error == "RuntimeError"


def test_news_of_a_transaction_that_failed_was_never_told(bells, now):
    with transaction.atomic():
        events.publish(bells, now=now)
        transaction.set_rollback(True)
    assert OutboxEvent.objects.count() == 0


def test_delivering_twice_reacts_once(bells, now):
    events.publish(bells, now=now)
    row = OutboxEvent.objects.get()
    for _ in range(2):
        outbox.deliver(row.pk, now=now)
    assert who().count("first") == 1


def test_an_event_whose_worker_died_is_found_again(bells, now):
    events.publish(bells, now=now)
    assert outbox.events_to_deliver(now=now + timedelta(seconds=10)) == []
    assert len(outbox.events_to_deliver(now=now + timedelta(seconds=31))) == 1


def test_the_job_is_queued_in_the_same_transaction(bells, now):
    from django.db import connection

    events.publish(bells, now=now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT args->>'event_id' FROM procrastinate_jobs WHERE task_name = %s", [deliver.name])
        assert [row[0] for row in cursor.fetchall()] == [str(OutboxEvent.objects.get().pk)]


def test_news_nobody_has_thought_about_is_a_mistake(commons, now):
    @dataclass(frozen=True, kw_only=True)
    class Unheard(Event):
        pass

    with pytest.raises(LookupError, match=r"config/wiring\.py"):
        events.publish(Unheard(org_id=commons.pk), now=now)


def test_every_event_of_the_platform_is_wired():
    import importlib
    import pkgutil

    import quarterhour

    for module in pkgutil.walk_packages(quarterhour.__path__, "quarterhour."):
        if module.name.endswith(".events") and module.name.count(".") == 2 and "core" not in module.name:
            importlib.import_module(module.name)

    def leaves(kind):
        return [leaf for sub in kind.__subclasses__() for leaf in leaves(sub)] or [kind]

    ours = {kind for kind in leaves(Event) if kind.__module__.startswith("quarterhour.")}
    assert ours == set(wiring.reactions())
