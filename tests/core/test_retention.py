"""What is kept for a while is removed after it, and what still matters stays however old it is."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session as Login
from django.db import connection
from tests.factories import make_session

from quarterhour.core import links, retention
from quarterhour.core.models import AuditEntry, Command, Delivery, OutboxEvent, SingleUseLink, Spent
from quarterhour.core.tasks import deliver, forget_expired
from quarterhour.sessions import attendance
from quarterhour.sessions.models import AttendanceEvent

YOUNG, OLD = timedelta(days=29), timedelta(days=31)


def news(commons, at, **delivery) -> OutboxEvent:
    event = OutboxEvent.objects.create(org=commons, name="SessionConfirmed", payload={}, happened_at=at)
    if delivery:
        Delivery.objects.create(event=event, reaction="a", due_at=at, **delivery)
    return event


def kept(model) -> set:
    return set(model.objects.values_list("pk", flat=True))


def test_delivered_news_is_forgotten_after_its_time_with_its_deliveries(commons, now):
    young, old = (news(commons, now - age, done_at=now - age) for age in (YOUNG, OLD))
    nobody_heard = news(commons, now - OLD)
    retention.forget_expired(now=now)

    assert kept(OutboxEvent) == {young.pk}
    assert set(Delivery.objects.values_list("event", flat=True)) == {young.pk}
    assert {old.pk, nobody_heard.pk}.isdisjoint(kept(OutboxEvent))


def test_news_that_waits_or_was_given_up_stays_until_somebody_sees_to_it(commons, now):
    waiting = news(commons, now - OLD, attempts=3)
    given_up = news(commons, now - OLD, gave_up_at=now - OLD)
    retention.forget_expired(now=now)
    assert kept(OutboxEvent) == {waiting.pk, given_up.pk}

    Delivery.objects.update(done_at=now)
    retention.forget_expired(now=now)
    assert kept(OutboxEvent) == set()


def test_how_long_is_a_setting(commons, now, settings):
    settings.KEEP = timedelta(days=90)
    news(commons, now - OLD, done_at=now - OLD)
    retention.forget_expired(now=now)
    assert OutboxEvent.objects.count() == 1


def test_sign_ins_that_ran_out_are_forgotten_and_the_others_stay(db, now):
    for key, left in (("over", timedelta(seconds=-1)), ("here", timedelta(days=1))):
        Login.objects.create(session_key=key, session_data="x", expire_date=now + left)
    retention.forget_expired(now=now)
    assert set(Login.objects.values_list("pk", flat=True)) == {"here"}


def test_links_keys_and_buckets_are_forgotten_each_in_its_time(db, now):
    for age in (YOUNG, OLD):
        links.make("release", {}, lasts=timedelta(minutes=30), now=now - age)
    for age in (timedelta(hours=23), timedelta(hours=25)):
        Command.objects.create(person_key="x", key=uuid4(), name="x", body_hash="x", created_at=now - age)
    for name, age in (("fresh", timedelta(hours=47)), ("stale", timedelta(hours=49))):
        Spent.objects.create(bucket=name, count=1, since=now - age)

    gone = retention.forget_expired(now=now)
    assert (gone["links"], gone["commands"], gone["buckets"]) == (1, 1, 1)
    assert (SingleUseLink.objects.count(), Command.objects.count()) == (1, 1)
    assert set(Spent.objects.values_list("pk", flat=True)) == {"fresh"}


@pytest.mark.parametrize(("status", "stays"), [("failed", 0), ("aborted", 0), ("todo", 1), ("doing", 1)])
def test_jobs_that_failed_long_ago_are_forgotten(db, now, status, stays):
    job = deliver.defer(event_id=str(uuid4()))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = %s WHERE id = %s", [status, job])
        cursor.execute("UPDATE procrastinate_events SET at = %s", [now - OLD])
        retention.forget_expired(now=now)
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        assert cursor.fetchone()[0] == stays


def test_a_large_heap_goes_in_batches_and_one_run_has_an_end(db, now):
    Spent.objects.bulk_create(Spent(bucket=str(n), count=1, since=now - OLD) for n in range(25))
    old = Spent.objects.filter(since__lt=now)
    assert retention.forget(old, batch=10, most=2) == 20
    assert retention.forget(old, batch=10, most=2) == 5
    assert retention.forget(old, batch=10, most=2) == 0


def test_heartbeats_are_forgotten_and_who_was_there_is_not(need, amara, commons, now):
    session = make_session(need, amara, now - OLD, status="ended")
    here = {"org": commons, "session": session, "person": amara, "connection": session.pk}
    for kind in AttendanceEvent.Kind:
        AttendanceEvent.objects.create(**here, kind=kind, at=now - OLD)
    AttendanceEvent.objects.create(**here, kind="heartbeat", at=now - YOUNG)

    assert attendance.forget_heartbeats(now=now) == 1
    left = AttendanceEvent.objects.within(commons)
    assert left.filter(kind="heartbeat").count() == 1
    assert left.exclude(kind="heartbeat").count() == len(AttendanceEvent.Kind) - 1


def test_the_audit_trail_is_never_touched(commons, now):
    AuditEntry.objects.create(act="x", on="y", actor_key="z", at=now - timedelta(days=3000))
    forget_expired(0)
    assert AuditEntry.objects.count() == 1
