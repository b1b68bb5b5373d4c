"""Jobs of matching."""

from __future__ import annotations

from procrastinate.contrib.django import app

from quarterhour.core.models import Organisation
from quarterhour.matching.indexing import count_words


@app.periodic(cron="23 * * * *")
@app.task(queue="housekeeping", queueing_lock="count_words", pass_context=False)
def count_words_anew(timestamp: int) -> None:
    """How rare a word is changes slowly: once an hour is often enough."""
    for org_id in Organisation.objects.values_list("pk", flat=True):
        count_words(org_id)
