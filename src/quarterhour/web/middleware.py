"""What every request passes: errors become sentences, answers get their headers, people get their place."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import DataError
from django.db import Error as DatabaseTrouble
from django.http import JsonResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from quarterhour.core import clock
from quarterhour.core.errors import QuarterhourError
from quarterhour.web import refusals

log = structlog.get_logger(__name__)

TITLES = {
    403: "Not for you",
    404: "Not here",
    409: "That has changed meanwhile",
    410: "This link is used up",
    422: "That does not fit",
    429: "One moment",
}


PROBES = ("/livez", "/readyz")  # answered by a process that has no database as well


class Refusals:
    """Errors of the family become pages (or JSON for the API) with their status and their sentence."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, error: Exception):
        if isinstance(error, QuarterhourError):
            return self._told(request, error.status, error.told, error.code)
        if isinstance(error, ValidationError | DataError):
            # A value no table would take. A form should have caught it, so it is written down as ours.
            log.error("value_refused_late", error=type(error).__name__, path=request.path)
            told = "We could not read one of the values. Go back, reload the page, and try again."
            return self._told(request, 400, told, "unreadable")
        if refusals.is_away(error):
            log.error("database_unavailable", error=type(error).__name__)
            if _for_a_program(request):
                return JsonResponse({"status": 503, "code": "busy", "detail": refusals.BUSY}, status=503)
            return refusals.unavailable(request)
        return None

    def _told(self, request, status: int, told: str, code: str):
        if _for_a_program(request):
            return JsonResponse({"status": status, "code": code, "detail": told}, status=status)
        return refusals.refusal(request, status=status, title=TITLES.get(status, "That did not work"), told=told)


class Headers:
    """Private pages are never cached; camera and microphone exist in the room alone."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        in_room = request.path.startswith("/room/")
        devices = "(self)" if in_room else "()"
        response.setdefault(
            "Permissions-Policy",
            f"camera={devices}, microphone={devices}, display-capture={devices}, geolocation=(), payment=(), usb=()",
        )
        if settings.HTTPS:
            # Django adds it to requests that reached it by TLS itself; ours reach the proxy in front that way.
            response.setdefault("Strict-Transport-Security", f"max-age={settings.SECURE_HSTS_SECONDS}")
        if not request.path.startswith("/static/"):
            response.setdefault("Cache-Control", "no-store")
        return response


class Here:
    """Who asks, in which organisation, at what time: `request.now`, `request.org`, the person's zone."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        request.now = clock.now()
        request.org = SimpleLazyObject(lambda: _org(request))
        if _length(request) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            # Nothing here takes files, and Django's own limit does not count them.
            told = "That is more than we can take at once. A question has room for 10,000 characters."
            return refusals.refusal(request, status=413, title="Too much at once", told=told)
        try:
            zone = _zone_of(request)
        except DataError:
            # A made-up cookie, with characters no key of ours has: whoever sends it is nobody.
            request.session, request.user = type(request.session)(), AnonymousUser()
            zone = None
        except DatabaseTrouble as error:
            if not refusals.is_away(error):
                raise
            if request.path not in PROBES:
                return refusals.unavailable(request)
            zone = None
        with timezone.override(zone_or_utc(zone)):
            return self.get_response(request)


def _zone_of(request) -> str | None:
    return getattr(request.user, "zone", None) if request.user.is_authenticated else request.session.get("zone")


def _length(request) -> int:
    told = request.META.get("CONTENT_LENGTH") or ""
    return int(told[:18]) if told.isascii() and told.isdigit() else 0


def _for_a_program(request) -> bool:
    return request.path.startswith("/api/") or request.headers.get("Accept", "").startswith("application/json")


def zone_or_utc(name: str | None) -> ZoneInfo:
    """The zone of that name, or UTC when there is none such."""
    try:
        return ZoneInfo(name or "UTC")
    except (ValueError, OSError, LookupError):
        return ZoneInfo("UTC")


def _org(request):
    """The organisation the person acts in: the one chosen in this browser, else the first they joined."""
    from quarterhour.people.queries import acting_in

    person = request.user if request.user.is_authenticated else None
    return acting_in(person, chosen=request.session.get("org"))
