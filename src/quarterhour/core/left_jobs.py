"""Jobs whose worker is gone: killed in the middle, or asleep for so long that nobody waits for it."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db import connection, transaction

log = structlog.get_logger(__name__)

SILENT = 30  # seconds without a sign of life after which a worker is gone; it gives one every ten
MOST_ATTEMPTS = 5  # a job that takes its worker down so often is given up, and kept for whoever looks


def take_up(*, now: datetime, limit: int = 200) -> int:
    """Give jobs whose worker is gone to another one. Returns how many. Jobs are at peace with running twice."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LEFT, [SILENT, limit])
        left = cursor.fetchall()
        for job, task, attempts in left:
            if attempts < MOST_ATTEMPTS:
                cursor.execute("SELECT procrastinate_retry_job_v2(%s, %s, NULL, NULL, NULL)", [job, now])
            else:
                cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", [job])
            log.warning("job_left_behind", job=job, task=task, attempts=attempts, given_up=attempts >= MOST_ATTEMPTS)
    return len(left)


LEFT = """
SELECT job.id, job.task_name, job.attempts FROM procrastinate_jobs job
WHERE job.status = 'doing' AND NOT EXISTS (
  SELECT 1 FROM procrastinate_workers worker
  WHERE worker.id = job.worker_id AND worker.last_heartbeat > now() - make_interval(secs => %s))
ORDER BY job.id LIMIT %s FOR UPDATE OF job SKIP LOCKED
"""
