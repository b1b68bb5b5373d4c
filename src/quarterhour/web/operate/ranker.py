"""Which ranker places people, how the last training went, and the way back to the default."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from quarterhour.core.errors import NotFound
from quarterhour.core.models import Organisation
from quarterhour.engines.learned import LEAST
from quarterhour.matching.learning import use_default
from quarterhour.matching.rankers import InForce, in_force
from quarterhour.web.operate.views import check_operator


@login_required
@require_safe
def page(request):
    """Each organisation with its ranker and the report of its last training."""
    check_operator(request)
    places = [_told(one) for one in in_force(now=request.now)]
    return render(request, "operate/ranker.html", {"places": places, "least": LEAST.learn})


@login_required
@require_POST
def back_to_default(request):
    """The default ranker places people again."""
    check_operator(request)
    org = _organisation(request.POST.get("org", ""))
    was = use_default(org, by=str(request.user.pk), now=request.now)
    told = f"The default ranker places people in {org.name}{'' if was else ', as before'}."
    messages.success(request, told)
    return redirect("operate:ranker")


def _organisation(key: str) -> Organisation:
    try:
        found = Organisation.objects.filter(pk=UUID(key)).first()
    except ValueError:
        found = None
    if found is None:
        raise NotFound("There is no such organisation any more.")
    return found


def _told(one: InForce) -> dict:
    """What the page says of one organisation."""
    page = {"org": one.org, "active": one.active, "usable": one.usable, "kept": one.kept, "ripe": one.ripe}
    if one.last is None:
        return page
    judged = one.last.report["judged"]
    difference, looks = judged["difference"], one.last.report["looks"]
    return page | {
        "last": one.last,
        "worth": [
            (name, one["value"], min(one["low"], one["value"]), max(one["high"], one["value"]))
            for name, one in ((name, judged[name]) for name in ("default", "learned", "difference"))
        ],
        "worth_said": (
            f"Learned brings {difference['value']:+.1f} helps for 100 questions beside the default,"
            f" likely {difference['low']:+.1f} to {difference['high']:+.1f}"
        ),
        "looks": [(look["place"], look["share"], look["low"], look["high"]) for look in looks],
        "looks_said": ", ".join(f"{look['place']} {look['share']:.2f}" for look in looks),
        "rows": [
            {
                "name": name.capitalize(),
                "newcomers": f"{judged['fairness'][name]['newcomers']:.0%}",
                "coverage": f"{judged['fairness'][name]['coverage']:.0%}",
                "gini": judged["fairness"][name]["gini"],
                "brier": judged["calibration"][name]["brier"],
                "expected": judged["calibration"][name]["expected"],
                "happened": judged["calibration"][name]["happened"],
            }
            for name in ("default", "learned")
        ],
    }
