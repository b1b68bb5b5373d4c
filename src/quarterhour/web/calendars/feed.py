"""A person's own sessions, for their calendar program: the address, and what stands there."""

from __future__ import annotations

import hashlib

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_POST, require_safe

from quarterhour.availability import feeds
from quarterhour.notifications import feed as sessions
from quarterhour.web import toasts


@require_safe
def feed(request, secret):
    """The calendar behind a secret address; whoever does not know it learns nothing."""
    row = feeds.behind(secret)
    if row is None:
        raise Http404
    body = sessions.written(row.person, busy_only=row.busy_only, now=request.now)
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response["ETag"] = tag
    response["Cache-Control"] = "private, max-age=300"
    response["X-Robots-Tag"] = "noindex"
    response["Content-Disposition"] = 'inline; filename="quarterhour.ics"'
    return get_conditional_response(request, etag=tag, response=response)


@login_required
@require_POST
def make(request):
    """A first address, or another one."""
    had, _ = feeds.feed_of(request.user)
    feeds.make(person=request.user, now=request.now)
    told = "Here is the new address. The old one stopped at once." if had else "Here is your address."
    toasts.tell(request, told)
    return _to_feed()


@login_required
@require_POST
def tell(request):
    busy_only = request.POST.get("busy_only") == "on"
    feeds.tell(person=request.user, busy_only=busy_only)
    told = "It tells only when you are busy now." if busy_only else "It tells with whom and about what now."
    toasts.tell(request, told)
    return _to_feed()


@login_required
@require_POST
def stop(request):
    feeds.stop(person=request.user)
    toasts.tell(request, "There is no such address any more.")
    return _to_feed()


def _to_feed():
    return redirect(f"{reverse('calendars:calendars')}#feed")
