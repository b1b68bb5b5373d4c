"""What every request passes: errors become sentences, answers get their headers, people get their place."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import structlog
from django.core.exceptions import ValidationError
from django.db import DataError, OperationalError
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
    409: "Somebody was quicker",
    410: "This link is used up",
    422: "That does not fit",
    429: "One moment",
}


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
        if isinstance(error, OperationalError):
            log.error("database_unavailable", error=type(error).__name__)
            told = (
                "We are very busy for a moment. Your words are kept where you typed them. Try again in a few seconds."
            )
            response = self._told(request, 503, told, "busy")
            response["Retry-After"] = "5"
            return response
        return None

    def _told(self, request, status: int, told: str, code: str):
        if request.path.startswith("/api/") or request.headers.get("Accept", "").startswith("application/json"):
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
        zone = getattr(request.user, "zone", None) if request.user.is_authenticated else request.session.get("zone")
        with timezone.override(zone_or_utc(zone)):
            return self.get_response(request)


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
