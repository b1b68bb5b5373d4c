"""Pairing a cohort of an organisation: who asks, who gives, under which rules; kept, so that two can be compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from functools import partial
from time import perf_counter
from uuid import UUID

import numpy as np
from django.conf import settings
from django.db import transaction
from django.db.models import Func, IntegerField

from quarterhour.core.errors import Invalid, NotFound
from quarterhour.core.retention import forget
from quarterhour.engines import cohort as engine
from quarterhour.engines.matching.family import family_of
from quarterhour.matching.cohort_models import CohortRun
from quarterhour.matching.cohort_people import Someone, kept_apart, met_before, people_of
from quarterhour.matching.cohort_rules import CohortRules, Plan, checked
from quarterhour.matching.cohort_sides import LEVELS, Sides, check_rules, sides_of
from quarterhour.people.models import Person
from quarterhour.people.taxonomy import skills

AT_ONCE = 500  # people on both sides together; more are paired by a job
NEAR = 0.5  # a topic so near to what is wanted is named as a reason
STEPS = ("Reading who asks and who gives", "Comparing everybody with everybody", "Finding the best pairing")
MET = "met before, or kept apart"  # as the engine calls that rule


def pair_cohort(*, org, by: Person, plan: Plan, now: datetime, before: CohortRun | None = None) -> CohortRun:
    """Pair these people and keep the run; a large cohort is handed to a job, and the run says how far it is.

    before: the run this one is a variation of. Raises Invalid, with a sentence beside each field.
    """
    size = checked(plan)
    run = CohortRun.objects.create(
        org=org, made_by=by, made_at=now, before=before, rules=asdict(plan.rules), mentees=list(plan.mentees),
        places={str(key): count for key, count in plan.places.items()},
    )  # fmt: skip
    if size > AT_ONCE:
        from quarterhour.matching.tasks import pair_kept_cohort

        # The worker defers on a connection of its own: a job made before the row commits would find no run.
        transaction.on_commit(partial(pair_kept_cohort.defer, run_id=str(run.pk)))
        return run
    _pair(run, now=now, progress=lambda _: None)
    return run


def pair_kept(run_id: UUID, *, now: datetime) -> None:
    """The job: pair a run that waits. One that is done stays as it is."""
    run = CohortRun.objects.of_every_tenant(because="a job pairs the cohort of its run").filter(pk=run_id).first()
    if run is None or run.status in {CohortRun.Status.DONE, CohortRun.Status.FAILED}:
        return

    def progress(step: int) -> None:
        run.status, run.step = CohortRun.Status.DOING, step
        run.save(update_fields=["status", "step"])

    try:
        _pair(run, now=now, progress=progress)
    except Invalid as error:
        _failed(run, " ".join(error.fields.values()) or error.told)
    except Exception:
        _failed(run, "Something broke on our side, and it is written down. Try again.")
        raise


def _failed(run: CohortRun, told: str) -> None:
    run.status, run.told = CohortRun.Status.FAILED, told[:400]
    run.save(update_fields=["status", "told"])


def _pair(run: CohortRun, *, now: datetime, progress) -> None:
    begun, rules = perf_counter(), CohortRules(**run.rules)
    progress(0)
    people = people_of(run.org_id, now=now)
    places = {UUID(key): count for key, count in run.places.items() if count}
    asking = [people[key] for key in run.mentees if key in people]
    giving = [people[key] for key in places if key in people and people[key].mentor]
    checked(Plan(mentees=tuple(one.id for one in asking), places={one.id: 1 for one in giving}, rules=rules))
    sides = sides_of(asking, giving, places, org_id=run.org_id)
    never = _never(sides, run.org_id)
    progress(1)
    held = engine.Rules(
        share_a_language=rules.share_a_language, other_group=rules.other_area, shared_hours=rules.shared_hours,
        apart=never | (_met(sides, run.org_id) if rules.new_pairs else frozenset()),
    )  # fmt: skip
    check_rules(sides, held)
    edges = engine.possible(sides.mentees, sides.mentors, held)
    progress(2)
    try:
        best = engine.pair(edges.cohort, everyone=rules.everyone)
        chosen = engine.pair(edges.cohort, fairness=rules.fairness, everyone=rules.everyone) if rules.fairness else best
    except engine.Unclear as error:
        raise Invalid(str(error)) from error
    run.pairs, run.alone = _pairs(sides, chosen), _alone(sides, edges, chosen, never)
    run.total, run.worst_tenth, run.given_up = chosen.total, chosen.worst_tenth, chosen.given_up
    run.plain_worst, run.status, run.step = best.worst_tenth, CohortRun.Status.DONE, len(STEPS)
    run.seconds = round(perf_counter() - begun, 2)
    run.save()


Rows = frozenset[tuple[int, int]]


def _never(sides: Sides, org_id: UUID) -> Rows:
    """Rows that meet under no rule: nobody meets themselves, and nobody whom one of the two blocked."""
    themselves = {(one.id, one.id) for one in sides.asking}
    return _rows(sides, themselves | kept_apart(org_id))


def _met(sides: Sides, org_id: UUID) -> Rows:
    return _rows(sides, met_before(org_id))


def _rows(sides: Sides, pairs: Iterable[tuple[UUID, UUID]]) -> Rows:
    """(mentee, mentor) by key as rows of the two sides, as far as both take part."""
    asking = {one.id: number for number, one in enumerate(sides.asking)}
    giving = {one.id: number for number, one in enumerate(sides.giving)}
    return frozenset((asking[a], giving[b]) for a, b in pairs if a in asking and b in giving)


def _pairs(sides: Sides, pairing: engine.Pairing) -> list[dict]:
    """Each pair with its score and what speaks for it: topics, a language, hours of the week."""
    cohort = pairing.cohort
    kept = []
    for edge in pairing.chosen.tolist():
        asks, gives = sides.asking[int(cohort.mentee[edge])], sides.giving[int(cohort.mentor[edge])]
        topics = _topics(asks, gives)
        kept.append(
            {
                "mentee": str(asks.id), "mentor": str(gives.id), "score": round(float(cohort.score[edge]), 4),
                "topics": topics,
                "language": next((code for code in asks.languages if code in gives.languages), ""),
                "hours": _shared_hours(asks, gives), "told": asks.told and gives.told,
            }
        )  # fmt: skip
    return kept


def _topics(asks: Someone, gives: Someone, most: int = 2) -> list[tuple[str, str, str]]:
    """(wanted, known, level) of what the one wants and the other knows, or something near it, the best first."""
    family = family_of(skills())
    near = [
        (asks.wants[wanted] * nearness * LEVELS.get(level, 1.0), wanted, known, level)
        for wanted in asks.wants
        for known, level in gives.gives.items()
        if (nearness := family.nearness(wanted, known)) >= NEAR
    ]
    told: list[tuple[str, str, str]] = []
    for _, wanted, known, level in sorted(near, key=lambda row: (-row[0], row[1], row[2])):
        if all(wanted != other[0] and known != other[1] for other in told):
            told.append((wanted, known, level))
    return told[:most]


def _shared_hours(asks: Someone, gives: Someone) -> int:
    return 0 if asks.hours is None or gives.hours is None else int((asks.hours & gives.hours).sum())


def _alone(sides: Sides, edges: engine.Edges, pairing: engine.Pairing, never: Rows) -> list[dict]:
    """Everybody without a pair: how many mentors which rule took, or who was nearest and had no place left.

    never: is no rule of the manager's, so it is not counted: nobody reads from it who blocked somebody.
    """
    cohort = edges.cohort
    paired = set(cohort.mentee[pairing.chosen].tolist())
    uncounted = Counter(mentee for mentee, _ in never)
    best_first = np.lexsort((-cohort.score, cohort.mentee))
    begins = np.searchsorted(cohort.mentee[best_first], np.arange(len(sides.asking) + 1)).tolist()
    kept = []
    for number, one in enumerate(sides.asking):
        if number in paired:
            continue
        ruled = dict(edges.ruled_out.get(one.id, {}))
        if MET in ruled:
            ruled[MET] -= uncounted[number]
        own = best_first[begins[number] : begins[number + 1]]
        nearest = str(sides.giving[int(cohort.mentor[own[0]])].id) if own.size else ""
        ruled = {rule: count for rule, count in ruled.items() if count}
        kept.append({"mentee": str(one.id), "ruled": ruled, "fit": int(own.size), "nearest": nearest})
    return kept


def run_for(pk: UUID, *, visible_to: Person, org) -> CohortRun:
    """One run of this organisation. Raises NotFound for who may not see it."""
    runs = CohortRun.objects.visible_to(visible_to).filter(org=org).select_related("made_by")
    found = runs.filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such run here, or it is not yours to see.")
    return found


def runs_of(org, *, visible_to: Person, most: int = 20) -> list[CohortRun]:
    """The latest runs, newest first, each with how many were `paired` and `left`, not who. One query."""
    rows = CohortRun.objects.visible_to(visible_to).filter(org=org, status=CohortRun.Status.DONE)
    counted = rows.annotate(
        paired=Func("pairs", function="jsonb_array_length", output_field=IntegerField()),
        left=Func("alone", function="jsonb_array_length", output_field=IntegerField()),
    )
    known = counted.select_related("made_by").defer("pairs", "alone", "mentees", "places")
    return list(known.order_by("-made_at", "-pk")[:most])


def forget_old_runs(*, now: datetime) -> int:
    """Runs tell who was brought together with whom: they are kept as long as other records, and then removed."""
    old = CohortRun.objects.of_every_tenant(because="what is old is forgotten in every organisation")
    return forget(old.filter(made_at__lt=now - settings.KEEP))


def difference(before: CohortRun, after: CohortRun) -> engine.Changes:
    """Who kept their mentor, who moved, who was newly paired and who no longer, by key."""
    return engine.changes(_pairing(before), _pairing(after))


def _pairing(run: CohortRun) -> engine.Pairing:
    edges = [(row["mentee"], row["mentor"], row["score"]) for row in run.pairs]
    mentors = dict.fromkeys((row["mentor"] for row in run.pairs), 1)
    cohort = engine.cohort_of([row["mentee"] for row in run.pairs], mentors, edges)
    return engine.Pairing(cohort, np.arange(len(edges)), run.total, run.worst_tenth)
