"""The housekeeping of trust: what nobody needs any more is erased, by itself."""

from __future__ import annotations

from procrastinate.contrib.django import app

from quarterhour.core import clock
from quarterhour.trust import report_erasing


@app.periodic(cron="51 * * * *")
@app.task(queue="housekeeping", queueing_lock="erase_evidence", pass_context=False)
def erase_evidence(timestamp: int) -> None:
    """Of reports, so many days after the last decision."""
    report_erasing.erase_evidence(now=clock.now())
