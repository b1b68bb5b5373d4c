"""Signing in and out."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quarterhour.core import links
from quarterhour.core.errors import Invalid, QuarterhourError, TooMany
from quarterhour.core.links import LinkSpent
from quarterhour.people import rules, services
from quarterhour.sessions.room import news
from quarterhour.web import toasts
from quarterhour.web.ask.drafts import draft_of
from quarterhour.web.demo.links import is_of_the_town, visitors_door
from quarterhour.web.people import entrance
from quarterhour.web.people.forms import NameForm, SignInForm
from quarterhour.web.refusals import refusal


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request):
    """One field. Whatever address is sent, known or not, the answer is the same page."""
    if request.method == "POST":
        return _send(request)
    onward = entrance.local_path(request.GET.get("next"))
    if request.user.is_authenticated:
        return redirect(onward or "front:home")
    return door(request, SignInForm(initial={"next": onward}))


def door(request, form: SignInForm, *, status: int = 200, **more):
    """The sign-in page, with the question that waits behind it."""
    onward = form["next"].value() or ""
    page = {"form": form, "draft": draft_of(request), "visitor": visitors_door(onward)}
    page["offers"] = onward.startswith(reverse("people:join"))
    return render(request, "people/sign_in.html", page | more, status=status)


def _send(request):
    form = SignInForm(request.POST)
    form.is_valid()
    onward = entrance.local_path(form.cleaned_data["next"])
    zone = form.cleaned_data["zone"] if form.cleaned_data["zone"] in rules.zones() else ""
    try:
        email = _address(form.cleaned_data["email"])
        entrance.send_link(email=email, onward=onward, zone=zone, source=entrance.source_of(request), now=request.now)
    except QuarterhourError as error:
        form.refuse(error if error.fields else type(error)(error.told, fields={"email": error.told}))
        status = error.status if isinstance(error, Invalid | TooMany) else 422
        return door(request, form, status=status)
    if zone:
        request.session["zone"] = zone
    until = request.now + entrance.LASTS
    request.session["sent"] = {"email": form.cleaned_data["email"], "next": onward, "until": until.isoformat()}
    return redirect("people:sent")


def _address(text: str) -> str:
    try:
        return rules.address(text)
    except Invalid as error:
        raise Invalid(error.told, fields={"email": error.told}) from error


@require_safe
def sent(request):
    """Look in your mail. Reloading sends nothing."""
    told = request.session.get("sent")
    if request.user.is_authenticated or not told:
        return redirect("front:home" if request.user.is_authenticated else "people:sign_in")
    left = (datetime.fromisoformat(told["until"]) - request.now).total_seconds() / 60
    form = SignInForm(initial={"email": told["email"], "next": told["next"]})
    form.fields["email"].widget.attrs.pop("autofocus")
    whole = entrance.LASTS.seconds // 60
    return door(
        request,
        form,
        sent=told["email"],
        of_the_town=is_of_the_town(told["email"]),
        left=max(0, round(left)),
        whole=whole,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request, secret: str):
    """The page behind the link. Looking changes nothing, so that mail scanners may look; the press signs in."""
    try:
        if request.method == "POST":
            return _enter(request, secret)
        link = links.look(entrance.PURPOSE, secret, now=request.now)
    except LinkSpent as error:
        way = ("/", "Go on") if request.user.is_authenticated else (reverse("people:sign_in"), "Send me a new link")
        return refusal(request, status=error.status, title="This link is used up", told=error.told, way=way)
    return render(request, "people/enter.html", {"email": link.subject["email"]})


def _enter(request, secret: str):
    with transaction.atomic():
        link = links.use(entrance.PURPOSE, secret, now=request.now)
        subject = link.subject
        person = services.enter_by_mail(email=subject["email"], zone=subject.get("zone", ""), now=request.now)
    entrance.let_in(request, person, how="mail-link")
    onward = entrance.onward_of(link)
    if not person.name:
        query = f"?{urlencode({'next': onward})}" if onward else ""
        return redirect(f"{reverse('people:welcome')}{query}")
    return redirect(onward or "front:home")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request):
    """The one thing we ask of somebody new: their name."""
    onward = entrance.local_path(request.POST.get("next") or request.GET.get("next"))
    if request.method == "POST":
        form = NameForm(request.POST)
        form.is_valid()
        try:
            services.rename(request.user, form.cleaned_data["name"])
        except Invalid as error:
            form.refuse(Invalid(error.told, fields={"name": error.told}))
            return render(request, "people/welcome.html", {"form": form, "next": onward}, status=422)
        return redirect(onward or "front:home")
    form = NameForm(initial={"name": request.user.name})
    return render(request, "people/welcome.html", {"form": form, "next": onward})


@require_POST
def sign_out(request):
    person = request.user.pk
    logout(request)
    if person:
        news.tell_of(person, "signed out")
    toasts.tell(request, "You are signed out on this device.")
    return redirect("front:home")


@login_required
@require_POST
def sign_out_elsewhere(request):
    """End every other session of this person; the one at hand gets a new key."""
    services.sign_out_everywhere(request.user)
    update_session_auth_hash(request, request.user)
    news.tell_of(request.user.pk, "signed out")
    toasts.tell(request, "Every other device is signed out.")
    return redirect("people:settings")
