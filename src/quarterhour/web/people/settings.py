"""Ways in, and the clock a person lives by."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from quarterhour.core.errors import Invalid
from quarterhour.people import services
from quarterhour.people.queries import blocks_of
from quarterhour.web import toasts
from quarterhour.web.people.forms import ZoneForm
from quarterhour.web.people.passkeys import keys_of


@login_required
@require_safe
def settings(request):
    form = ZoneForm(initial={"zone": request.user.zone})
    return render(request, "people/settings.html", _page(request, form))


@login_required
@require_POST
def zone(request):
    form = ZoneForm(request.POST)
    form.is_valid()
    try:
        services.move_to(request.user, form.cleaned_data["zone"])
    except Invalid as error:
        form.refuse(Invalid(error.told, fields={"zone": error.told}))
        return render(request, "people/settings.html", _page(request, form), status=error.status)
    toasts.tell(request, "Your times are shown on that clock now.")
    return redirect("people:settings")


def _page(request, form: ZoneForm) -> dict:
    keys = [{"pk": each.pk, "name": each.wrap().name, "used": each.last_used_at} for each in keys_of(request.user)]
    return {"form": form, "keys": keys, "blocks": blocks_of(request.user)}
