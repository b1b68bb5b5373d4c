"""Pairing a cohort: choose people and rules, see who meets whom and why, change a rule and see the difference."""

from __future__ import annotations

import csv
from dataclasses import asdict
from datetime import timedelta
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quarterhour.core.errors import Invalid, NotAllowed, NotFound
from quarterhour.core.limits import spend
from quarterhour.matching import cohorts as pairing
from quarterhour.matching.cohort_models import CohortRun
from quarterhour.matching.cohort_people import people_of
from quarterhour.matching.cohort_rules import MOST, CohortRules, Plan
from quarterhour.people.queries import manages
from quarterhour.web.keys import pressed_once
from quarterhour.web.program import cohort_words as words
from quarterhour.web.program.cohort_forms import Chosen, RulesForm, found, lists
from quarterhour.web.program.spread import spread

RUNS_AN_HOUR = 120
PAIRS_SHOWN, ALONE_SHOWN = 40, 6
ORDERS = {"weak": "Weakest first", "strong": "Strongest first", "name": "By name"}
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def check_runs_programs(request) -> None:
    """Refuse whoever neither manages this organisation nor, as one of its members, runs the installation."""
    person, org = request.user, request.org
    if not manages(person, org) and not (person.is_operator and org.pk in person.org_ids):
        raise NotAllowed(f"This page is for the program managers of {org.name}. Ask one of them to make you one.")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request):
    """Who asks, who gives, under which rules; a press pairs them."""
    check_runs_programs(request)
    people = people_of(request.org.pk, now=request.now)
    if request.method != "POST":
        return _choose_page(request, people, Chosen(), RulesForm.of(CohortRules()))
    chosen, form = Chosen.sent(request.POST), RulesForm(request.POST)
    wanted = request.POST.get("do", "pair")
    if wanted in {"all", "none"}:
        asking = found((one for one in people.values() if one.asks), chosen.find_asks)
        chosen.tick(asking, ticked=wanted == "all")
    if wanted != "pair":
        return _choose_page(request, people, chosen, form, opened=True)
    try:
        plan = chosen.plan(people, form)
        run = _run(request, plan)
    except Invalid as error:
        form.refuse(Invalid(error.told, fields={k: v for k, v in error.fields.items() if k in form.fields}))
        return _choose_page(request, people, chosen, form, refused=error, opened=True, status=error.status)
    return redirect("program:cohort", run)


def _run(request, plan: Plan, *, before: CohortRun | None = None) -> str:
    """Pair once for this press. Returns the key of the run."""
    body = {"mentees": [str(key) for key in plan.mentees], "rules": asdict(plan.rules)}
    body["places"] = {str(key): count for key, count in plan.places.items()}

    told = "That was many pairings in an hour. Look at those you have, and go on in a while."
    spend(f"cohort {request.user.pk}", most=RUNS_AN_HOUR, per=timedelta(hours=1), now=request.now, told=told)

    def pair() -> dict:
        run = pairing.pair_cohort(org=request.org, by=request.user, plan=plan, now=request.now, before=before)
        return {"run": str(run.pk)}

    return pressed_once(request, "pair a cohort", body, pair)["run"]


def _choose_page(request, people, chosen, form, *, refused=None, opened=False, status=200):
    page = lists(people, chosen) | {
        "form": form,
        "refused": refused,
        "wrong": refused.fields if refused else {},
        "open_asks": opened,
        "runs": _told(pairing.runs_of(request.org, visible_to=request.user)),
        "most": f"{MOST:,}",
        "at_once": pairing.AT_ONCE,
    }
    return render(request, "program/cohorts.html", page, status=status)


@login_required
@require_safe
def cohort(request, pk):
    """One run: its pairs and why, who is alone, and what differs from the one before, or from any other."""
    check_runs_programs(request)
    run = pairing.run_for(pk, visible_to=request.user, org=request.org)
    return _run_page(request, run, RulesForm.of(words.rules_of(run)))


@login_required
@require_POST
def again(request, pk):
    """What if: the same people under another rule, as a run of its own."""
    check_runs_programs(request)
    run = pairing.run_for(pk, visible_to=request.user, org=request.org)
    form = RulesForm(request.POST)
    try:
        places = {UUID(key): count for key, count in run.places.items()}
        plan = Plan(mentees=tuple(run.mentees), places=places, rules=form.rules())
        made = _run(request, plan, before=run)
    except Invalid as error:
        form.refuse(error)
        return _run_page(request, run, form, refused=error, status=error.status)
    return redirect("program:cohort", made)


def _run_page(request, run, form, *, refused=None, status=200):
    page = {"run": run, "form": form, "refused": refused}
    if run.status == CohortRun.Status.DONE:
        page |= _done(request, run)
    else:
        page["steps"] = [
            {"title": told, "state": "done" if place < run.step else "now" if place == run.step else "", "icon": icon}
            for place, (told, icon) in enumerate(zip(pairing.STEPS, ("users", "git-compare", "waypoints"), strict=True))
        ]
        page["part"] = 100 * run.step / len(pairing.STEPS)
        page["size"] = len(run.mentees) + len(run.places)
    return render(request, "program/cohort.html", page, status=status)


def _done(request, run) -> dict:
    others = [each for each in pairing.runs_of(request.org, visible_to=request.user) if each.pk != run.pk]
    before = _compared(request, run)
    names = words.Names(request.org, words.keys_of(*filter(None, [run, before])))
    order = request.GET.get("order", "weak")
    order = order if order in ORDERS else "weak"
    rows = sorted(run.pairs, key=lambda row: (row["score"], row["mentee"]), reverse=order == "strong")
    if order == "name":
        rows = sorted(run.pairs, key=lambda row: names[row["mentee"]].called.casefold())
    everything = "all" in request.GET
    alone = words.alone_rows(run, names)
    here = reverse("program:cohort", args=[run.pk])
    kept = f"&with={before.pk}" if before and before.pk != run.before_id else ""
    return {
        "title": words.title(len(run.pairs), len(run.alone)),
        "pairs": words.pair_rows(rows if everything else rows[:PAIRS_SHOWN], names),
        "more": 0 if everything else max(0, len(rows) - PAIRS_SHOWN),
        "alone": alone if everything else alone[:ALONE_SHOWN],
        "more_alone": 0 if everything else max(0, len(alone) - ALONE_SHOWN),
        "room": words.room(run),
        "everything": f"?order={order}{kept}&all",
        "orders": [
            {"label": label, "url": f"{here}?order={key}{kept}#pairs", "current": key == order}
            for key, label in ORDERS.items()
        ],
        "figures": words.figures(run),
        "summary": words.summary(run),
        "fairness": words.fairness(run),
        "drawn": mark_safe(spread([row["score"] for row in run.pairs])),  # noqa: S308 - plain numbers only
        "held": words.rules_in_words(run.rules),
        "others": _told(others),
        "compared": before,
        "changed": words.changes_page(before, run, pairing.difference(before, run), names) if before else None,
    }


def _told(runs) -> list[dict]:
    return [{"run": run, "title": words.title(run.paired, run.left)} for run in runs]


def _compared(request, run) -> CohortRun | None:
    """The run to compare with: the one asked for, else the one this is a variation of."""
    asked = request.GET.get("with", "")
    try:
        wanted = UUID(asked) if asked else run.before_id
    except ValueError as error:
        raise NotFound("There is no such run here, or it is not yours to see.") from error
    if wanted is None or wanted == run.pk:
        return None
    found = pairing.run_for(wanted, visible_to=request.user, org=request.org)
    return found if found.status == CohortRun.Status.DONE else None


@login_required
@require_safe
def download(request, pk):
    """The pairs as a table, whoever is alone behind them."""
    check_runs_programs(request)
    run = pairing.run_for(pk, visible_to=request.user, org=request.org)
    names = words.Names(request.org, words.keys_of(run))
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")  # the mark lets spreadsheets read names
    response["Content-Disposition"] = f'attachment; filename="pairs-{run.made_at:%Y-%m-%d-%H%M}.csv"'
    table = csv.writer(response)
    table.writerow(["Asks", "What they do", "Helps", "What they do", "How they fit", "Score, 0 to 1", "Why"])
    for row in words.pair_rows(run.pairs, names):
        asks, gives = row["asks"], row["gives"]
        table.writerow(
            map(safe, [asks.called, asks.role, gives.called, gives.role, row["fit"], f"{row['score']:.3f}", row["why"]])
        )
    for row in words.alone_rows(run, names):
        table.writerow(map(safe, [row["name"], "", "", "", "alone", "", f"{row['what']}. {row['so']}"]))
    return response


def safe(cell: str) -> str:
    """A cell no spreadsheet takes for a formula.

    >>> safe("=1+1"), safe("Ana")
    ("'=1+1", 'Ana')
    """
    return f"'{cell}" if cell.lstrip(" ").startswith(RISKY) else cell
