"""Calendars people keep elsewhere: add, see how they stand, say what counts, remove."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from quarterhour.availability import calendars as kept
from quarterhour.core.errors import Invalid, QuarterhourError
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
    try:
        kept.add_address(person=request.user, **form.typed(), now=request.now)
    except QuarterhourError as refused:
        return _back(request, form, "address", refused, at="address")
    toasts.tell(request, "Kept. We are reading it now.")
    return redirect("calendars:calendars")


@login_required
@require_POST
def add_account(request):
    form = AccountForm(request.POST, prefix="caldav")
    try:
        kept.add_account(person=request.user, **form.typed(), now=request.now)
    except QuarterhourError as refused:
        return _back(request, form, "account", refused, at="address")
    toasts.tell(request, "Kept. We are looking for its calendars now; choose the ones that count.")
    return redirect("calendars:calendars")


@login_required
@require_POST
def choose(request, pk):
    numbers = [int(each) for each in request.POST.getlist("number") if each.isascii() and each.isdigit()]
    try:
        made = kept.choose(person=request.user, account_id=pk, numbers=numbers, now=request.now)
    except Invalid as refused:
        return render(request, "calendars/calendars.html", page_of(request, told=refused.told), status=refused.status)
    toasts.tell(request, "Kept. We are reading what you chose now." if made else "These count already.")
    return redirect("calendars:calendars")


@login_required
@require_POST
def change(request, pk):
    form = CountsForm(request.POST, prefix=str(pk))
    try:
        kept.change(person=request.user, calendar_id=pk, **form.typed(), now=request.now)
    except Invalid as refused:
        return _back(request, form, pk, refused, at="known_as")
    toasts.tell(request, "Kept. It is read once more with that in mind.")
    return redirect("calendars:calendars")


@login_required
@require_POST
def new_password(request, pk):
    form = PasswordForm(request.POST, prefix=str(pk))
    try:
        kept.sign_in_again(person=request.user, account_id=pk, **form.typed(), now=request.now)
    except Invalid as refused:
        return _back(request, form, pk, refused, at="password")
    toasts.tell(request, "Kept. We are trying it now.")
    return redirect("calendars:calendars")


@login_required
@require_POST
def read_again(request, pk):
    kept.read_again(person=request.user, calendar_id=pk, now=request.now)
    toasts.tell(request, "We are reading it now. It takes a few seconds; what it says then counts.")
    return redirect("calendars:calendars")


@login_required
@require_POST
def look_again(request, pk):
    kept.look_again(person=request.user, account_id=pk, now=request.now)
    toasts.tell(request, "We are asking for its calendars now.")
    return redirect("calendars:calendars")


@login_required
@require_POST
def remove(request, pk):
    kept.remove(person=request.user, calendar_id=pk, now=request.now)
    toasts.tell(request, "Removed. Its time counts no longer, and its address is forgotten.")
    return redirect("calendars:calendars")


@login_required
@require_POST
def remove_account(request, pk):
    kept.remove_account(person=request.user, account_id=pk, now=request.now)
    toasts.tell(request, "Removed, with its calendars and its password.")
    return redirect("calendars:calendars")


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
    toasts.tell(
        request, "Kept. Sessions go there from now on." if typed else "Kept. Sessions are written nowhere else."
    )
    return redirect(f"{reverse('calendars:calendars')}#written")


def _back(request, form, of, refused: QuarterhourError, *, at: str):
    """The page with what was typed, and the sentence beside its field."""
    if isinstance(refused, Invalid):
        form.refuse(refused if refused.fields else Invalid(refused.told, fields={at: refused.told}))
        return render(request, "calendars/calendars.html", page_of(request, Given(form, of)), status=refused.status)
    page = page_of(request, Given(form, of), told=refused.told)
    return render(request, "calendars/calendars.html", page, status=refused.status)
