"""Calendars people keep elsewhere: add, see how they stand, say what counts, remove."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from quarterhour.availability import calendars as kept
from quarterhour.core.errors import Invalid, NotFound, QuarterhourError
from quarterhour.notifications import mirror
from quarterhour.web import toasts
from quarterhour.web.calendars.forms import AccountForm, AddressForm, CountsForm, PasswordForm
from quarterhour.web.calendars.pages import Given, page_of


@login_required
@require_safe
def calendars(request):
    """The page; htmx asks again for the list alone while something is being read."""
    page = page_of(request)
    if not request.htmx:
        return render(request, "calendars/calendars.html", page)
    if request.GET.get("seen") == page["seen"]:
        return HttpResponse(status=204)  # nothing new: what somebody is typing there stays as it is
    return render(request, "calendars/calendars.html#list", page)


@login_required
@require_POST
def add_address(request):
    form = AddressForm(request.POST, prefix="ics")
    return _typed(request, form, "address", kept.add_address, at="address", told="Kept. We are reading it now.")


@login_required
@require_POST
def add_account(request):
    form = AccountForm(request.POST, prefix="caldav")
    told = "Kept. We are looking for its calendars now; choose the ones that count."
    return _typed(request, form, "account", kept.add_account, at="address", told=told)


@login_required
@require_POST
def choose(request, pk):
    numbers = [int(each) for each in request.POST.getlist("number") if each.isascii() and each.isdigit()]
    try:
        made = kept.choose(person=request.user, account_id=pk, numbers=numbers, now=request.now)
    except Invalid as refused:
        return render(request, "calendars/calendars.html", page_of(request, told=refused.told), status=refused.status)
    return _done(request, "Kept. We are reading what you chose now." if made else "These count already.")


@login_required
@require_POST
def change(request, pk):
    form, told = CountsForm(request.POST, prefix=str(pk)), "Kept. It is read once more with that in mind."
    return _typed(request, form, pk, partial(kept.change, calendar_id=pk), at="known_as", told=told)


@login_required
@require_POST
def new_password(request, pk):
    form, act = PasswordForm(request.POST, prefix=str(pk)), partial(kept.sign_in_again, account_id=pk)
    return _typed(request, form, pk, act, at="password", told="Kept. We are trying it now.")


@login_required
@require_POST
def read_again(request, pk):
    kept.read_again(person=request.user, calendar_id=pk, now=request.now)
    return _done(request, "We are reading it now. It takes a few seconds; what it says then counts.")


@login_required
@require_POST
def look_again(request, pk):
    kept.look_again(person=request.user, account_id=pk, now=request.now)
    return _done(request, "We are asking for its calendars now.")


@login_required
@require_POST
def remove(request, pk):
    kept.remove(person=request.user, calendar_id=pk, now=request.now)
    return _done(request, "Removed. Its time counts no longer, and its address is forgotten.")


@login_required
@require_POST
def remove_account(request, pk):
    kept.remove_account(person=request.user, account_id=pk, now=request.now)
    return _done(request, "Removed, with its calendars and its password.")


@login_required
@require_POST
def write_into(request):
    """The one calendar sessions are written into, or none."""
    typed = request.POST.get("calendar", "")
    try:
        kept.write_into(person=request.user, calendar_id=UUID(typed) if typed else None, now=request.now)
    except ValueError as error:
        raise Invalid("Choose one of your calendars, or none.") from error
    if typed:
        mirror.write_all(request.user, now=request.now)
    told = "Sessions go there from now on." if typed else "Sessions are written nowhere else."
    return _done(request, f"Kept. {told}", part="#written")


def _done(request, told: str, *, part: str = ""):
    toasts.tell(request, told)
    return redirect(reverse("calendars:calendars") + part)


def _typed(request, form, of, act: Callable, *, at: str, told: str):
    """Do this with what was typed into the form; or the page again, with the sentence beside the field `at`."""
    try:
        act(person=request.user, **form.typed(), now=request.now)
    except NotFound:
        raise
    except QuarterhourError as refused:
        return _back(request, form, of, refused, at=at)
    return _done(request, told)


def _back(request, form, of, refused: QuarterhourError, *, at: str):
    """The page with what was typed, and the sentence beside its field."""
    if isinstance(refused, Invalid):
        form.refuse(refused if refused.fields else Invalid(refused.told, fields={at: refused.told}))
        return render(request, "calendars/calendars.html", page_of(request, Given(form, of)), status=refused.status)
    page = page_of(request, Given(form, of), told=refused.told)
    return render(request, "calendars/calendars.html", page, status=refused.status)
