"""A job whose worker is gone is taken up by another one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from quarterhour.core import left_jobs
from quarterhour.core.tasks import deliver


def worker(*, silent_for: timedelta) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s) RETURNING id", [silent_for]
        )
        return cursor.fetchone()[0]


def job_of(worker_id: int | None, *, attempts: int = 0, status: str = "doing") -> int:
    job = deliver.defer(event_id="0192f000-0000-7000-8000-000000000001")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = %s, worker_id = %s, attempts = %s WHERE id = %s",
            [status, worker_id, attempts, job],
        )
    return job


def status_of(job: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs WHERE id = %s", [job])
        return cursor.fetchone()[0]


def test_the_job_of_a_worker_that_was_killed_is_taken_up(db, now):
    left = job_of(worker(silent_for=timedelta(seconds=45)))
    assert left_jobs.take_up(now=now) == 1
    assert status_of(left) == "todo"
    assert left_jobs.take_up(now=now) == 0


def test_the_job_of_a_worker_nobody_remembers_is_taken_up(db, now):
    left = job_of(None)
    left_jobs.take_up(now=now)
    assert status_of(left) == "todo"


@pytest.mark.parametrize("status", ["todo", "succeeded", "failed"])
def test_what_nobody_is_at_is_left_alone(db, now, status):
    job = job_of(None, status=status)
    assert left_jobs.take_up(now=now) == 0
    assert status_of(job) == status


def test_a_worker_at_its_work_keeps_it(db, now):
    job = job_of(worker(silent_for=timedelta(seconds=15)))
    assert left_jobs.take_up(now=now) == 0
    assert status_of(job) == "doing"


def test_a_job_that_takes_its_workers_down_is_given_up_in_the_end(db, now):
    job = job_of(None, attempts=left_jobs.MOST_ATTEMPTS)
    left_jobs.take_up(now=now)
    assert status_of(job) == "failed"
