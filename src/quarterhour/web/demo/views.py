"""Pages of the demo town. In every other mode they do not exist."""

from __future__ import annotations

from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from quarterhour.people.models import Person
from quarterhour.web import toasts
from quarterhour.web.demo import post_office
from quarterhour.web.demo.links import ROLES, is_of_the_town, role_of, token_for
from quarterhour.web.people.entrance import let_in, local_path
from quarterhour.web.refusals import refusal

GUEST = "demo_guest"  # in the session of a browser that came by one of our links
MAIL_MAY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def in_a_demo(view):
    """Answer 404 unless this is a demo."""

    @wraps(view)
    def only(request, *args, **kwargs):
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return only


@in_a_demo
@require_safe
def who(request):
    """Who one can be in this town. Changing places is offered to whoever came in by a link we printed."""
    people = {
        person.email: person for person in Person.objects.filter(email__in=[role.email for role in ROLES.values()])
    }
    guest = bool(request.session.get(GUEST))
    roles = [
        {
            "role": role,
            "person": people[role.email],
            "token": token_for(role.who) if guest else "",
            "is_me": request.user.is_authenticated and request.user.email == role.email,
        }
        for role in ROLES.values()
        if role.email in people
    ]
    return render(request, "demo/who.html", {"roles": roles, "guest": guest})


@in_a_demo
@require_safe
def enter(request, who: str, token: str):
    """Sign this browser in as somebody of the town, at once: the one place where looking is enough."""
    role = role_of(who, token)
    person = Person.objects.filter(email=role.email, is_active=True).first() if role else None
    if person is None:
        told = "This link is not one of ours, or it is too old. Start the demo again: it prints new ones."
        return refusal(request, status=404, title="Not here", told=told)
    request.session.pop("org", None)
    let_in(request, person, how="demo")
    request.session[GUEST] = True
    toasts.tell(request, f"You are {person.called} now.")
    return redirect(local_path(request.GET.get("next")) or "front:home")


@in_a_demo
@login_required
@require_safe
def post(request):
    """Mails to the person who is signed in, newest first."""
    email = request.user.email
    return render(request, "demo/post.html", {"mails": post_office.mails_of(email), "email": email, "own": True})


@in_a_demo
@require_safe
def sent(request):
    """The mail a visitor has just asked for at the sign-in page. Mail to people of the town is theirs alone."""
    email = (request.session.get("sent") or {}).get("email", "")
    if not email or is_of_the_town(email):
        return redirect("demo:post" if request.user.is_authenticated else "people:sign_in")
    return render(request, "demo/post.html", {"mails": post_office.mails_of(email)[:1], "email": email})


@in_a_demo
@login_required
@require_safe
def mail(request, name: str):
    """One mail as its reader would see it, on a page of its own that may do nothing."""
    found = post_office.mail_of(name, email=request.user.email)
    response = HttpResponse(found.html or "This mail has no picture of itself, only text.")
    response["Content-Security-Policy"] = MAIL_MAY
    return response


@in_a_demo
@login_required
@require_safe
def calendar(request, name: str):
    """The invitation of a mail, as the file a calendar takes."""
    found = post_office.mail_of(name, email=request.user.email)
    if not found.calendar:
        raise Http404
    response = HttpResponse(found.calendar, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="invite.ics"'
    return response
