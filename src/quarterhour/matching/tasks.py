"""Jobs of matching."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef
from procrastinate.contrib.django import app

from quarterhour.core import clock
from quarterhour.core.models import Organisation
from quarterhour.core.retention import forget
from quarterhour.matching.capacity import count_capacity, stale
from quarterhour.matching.cohorts import forget_old_runs, pair_kept
from quarterhour.matching.indexing import count_words
from quarterhour.matching.learned_models import LearnedRanker
from quarterhour.matching.models import KeptRanking
from quarterhour.matching.now.ringing import tick
from quarterhour.matching.waiting import back_from_a_pause
from quarterhour.matching.waitlist.serving import move_on

RANKINGS_KEPT = timedelta(days=400)


@app.periodic(cron="23 * * * *")
@app.task(queue="housekeeping", queueing_lock="count_words", pass_context=False)
def count_words_anew(timestamp: int) -> None:
    """How rare a word is changes slowly: once an hour is often enough."""
    for org_id in Organisation.objects.values_list("pk", flat=True):
        count_words(org_id)


@app.periodic(cron="41 4 * * *")
@app.task(queue="housekeeping", queueing_lock="forget_rankings", pass_context=False)
def forget_rankings(timestamp: int) -> None:
    """A ranking can be explained for a year and a month; a learned ranker stays as long as one points at it."""
    because = "old rankings of everybody are removed"
    old = clock.now() - RANKINGS_KEPT
    forget(KeptRanking.objects.of_every_tenant(because=because).filter(made_at__lt=old))
    rankers = LearnedRanker.objects.of_every_tenant(because=because).filter(made_at__lt=old, active=False)
    placed = KeptRanking.plain.filter(learned=OuterRef("pk"))
    forget(rankers.exclude(Exists(placed)))


@app.periodic(cron="*/5 * * * *")
@app.task(queue="housekeeping", queueing_lock="count_capacity", pass_context=False)
def count_capacity_anew(timestamp: int, rounds: int = 20) -> None:
    """Hours pass and windows open: whoever was counted hours ago is counted again, a few thousand at a time."""
    for _ in range(rounds):
        found = stale(now=clock.now())
        for org_id, mentor_ids in found:
            count_capacity(org_id=org_id, mentor_ids=mentor_ids, now=clock.now())
        if not found:
            return


@app.periodic(cron="* * * * * */15")
@app.task(queue="timers", queueing_lock="serve_the_line", pass_context=False)
def serve_the_line(timestamp: int) -> None:
    """The realtime process serves the line every second; this is for the time in which it does not run."""
    tick(now=clock.now())


@app.periodic(cron="* * * * * */15")
@app.task(queue="timers", queueing_lock="serve_the_waitlist", pass_context=False)
def serve_the_waitlist(timestamp: int) -> None:
    """Kept times that nobody answered go to the next, and what came free unheard is offered."""
    move_on(now=clock.now())


@app.task(queue="housekeeping")
def pair_kept_cohort(run_id: str) -> None:
    """A cohort too large to wait for. Running twice leaves the first answer."""
    pair_kept(UUID(run_id), now=clock.now())


@app.periodic(cron="53 * * * *")
@app.task(queue="housekeeping", queueing_lock="forget_cohorts", pass_context=False)
def forget_cohorts(timestamp: int) -> None:
    forget_old_runs(now=clock.now())


@app.periodic(cron="7 0 * * *")
@app.task(queue="housekeeping", queueing_lock="back_from_a_pause", pass_context=False)
def look_for_those_who_are_back(timestamp: int) -> None:
    """A pause ends by itself, and some questions may have waited for just that."""
    back_from_a_pause(now=clock.now())
