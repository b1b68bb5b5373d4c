"""Passkeys: allauth's own forms and flows, on our pages. The browser's half is frontend/pages/passkey.js."""

from __future__ import annotations

from datetime import timedelta

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from allauth.account.models import Login
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AddWebAuthnForm, LoginWebAuthnForm, ReauthenticateWebAuthnForm
from allauth.mfa.webauthn.internal import auth, flows
from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quarterhour.core import limits
from quarterhour.core.text import clean
from quarterhour.web import toasts
from quarterhour.web.people import entrance
from quarterhour.web.people.forms import SignInForm
from quarterhour.web.people.sign_in import door

REFUSED = "That passkey did not open anything here. Try again, or let us send you a link."
NOT_ADDED = "That passkey could not be added. Try again; nothing was changed."
MOST_TRIES, PER = 60, timedelta(minutes=5)
TOO_MANY = "Very many passkeys were tried from where you are. Wait five minutes, or let us send you a link."
LONGEST_NAME = 60

# What a credential that is none makes the libraries under allauth raise.
NO_CREDENTIAL = (ValueError, TypeError, KeyError, AttributeError, IndexError)


def keys_of(person):
    """The passkeys of this person, oldest first."""
    return Authenticator.objects.filter(user=person, type=Authenticator.Type.WEBAUTHN).order_by("pk")


@require_safe
def options(request):
    """What the browser needs to ask for a passkey of this place: of anybody, or of the person signed in."""
    _spend(request)
    person = request.user if request.user.is_authenticated else None
    return JsonResponse(auth.begin_authentication(person))


@require_POST
def sign_in(request):
    """Come in with a passkey."""
    _spend(request)
    onward = entrance.local_path(request.POST.get("next"))
    authenticator = _checked(LoginWebAuthnForm(request.POST))
    if authenticator is None:
        form = SignInForm(initial={"next": onward})
        return door(request, form, refused=REFUSED, status=422)
    entrance.stay(request)
    login = Login(user=authenticator.user, redirect_url=onward or reverse("front:home"))
    return flows.perform_passwordless_login(request, authenticator, login)


@login_required
@require_safe
def new_options(request):
    """What the browser needs to make a passkey for the person signed in."""
    if _stale(request):
        return JsonResponse({"again": reverse("people:again")}, status=403)
    return JsonResponse(auth.begin_registration(request.user, True))


@login_required
@require_POST
def add(request):
    """Keep the passkey the browser has made."""
    if _stale(request):
        return redirect("people:again")
    data = request.POST.copy()
    data["name"] = clean(data.get("name", ""))[:LONGEST_NAME] or _next_name(request.user)
    data["passwordless"] = "on"
    form = AddWebAuthnForm(data, user=request.user)
    if not _valid(form):
        toasts.tell(request, NOT_ADDED, wrong=True)
        return redirect("people:settings")
    flows.add_authenticator(request, form.cleaned_data["name"], form.cleaned_data["credential"])
    toasts.tell(request, f"Added: {form.cleaned_data['name']}. Next time it signs you in.")
    return redirect("people:settings")


@login_required
@require_POST
def remove(request, pk: int):
    """Forget a passkey. The link by mail still signs in."""
    authenticator = get_object_or_404(keys_of(request.user), pk=pk)
    if _stale(request):
        return redirect("people:again")
    flows.remove_authenticator(request, authenticator)
    toasts.tell(request, "The passkey is removed. A link by mail still signs you in.")
    return redirect("people:settings")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def again(request):
    """Show once more who you are, before the ways in may be changed: by a passkey, or by a link in a mail."""
    if request.method == "POST":
        _spend(request)
        authenticator = _checked(ReauthenticateWebAuthnForm(request.POST, user=request.user))
        if authenticator is None:
            return render(request, "people/again.html", {"refused": REFUSED}, status=422)
        flows.reauthenticate(request, authenticator)
        return redirect("people:settings")
    return render(request, "people/again.html", {})


@login_required
@require_POST
def again_by_mail(request):
    """A link that comes back to the settings, just signed in."""
    entrance.send_link(
        email=request.user.email.lower(),
        onward=reverse("people:settings"),
        zone="",
        source=entrance.source_of(request),
        now=request.now,
    )
    toasts.tell(request, "We sent you a link. It brings you back here.")
    return redirect("people:settings")


def _checked(form) -> Authenticator | None:
    """The passkey a form has proved, or nothing."""
    return form.cleaned_data["credential"] if _valid(form) else None


def _valid(form) -> bool:
    try:
        return form.is_valid()
    except NO_CREDENTIAL:
        return False


def _stale(request) -> bool:
    return is_reauthentication_required(request, app="allauth.mfa")


def _next_name(person) -> str:
    count = keys_of(person).count()
    return "Passkey" if not count else f"Passkey {count + 1}"


def _spend(request) -> None:
    source = entrance.source_of(request)
    limits.spend(f"passkey:source:{source}", most=MOST_TRIES, per=PER, now=request.now, told=TOO_MANY)
