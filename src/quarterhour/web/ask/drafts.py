"""A question asked before signing in: kept with the browser's session for an hour, and nowhere else."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, timedelta

from django.conf import settings

from quarterhour.needs.services import NeedWords


def keep_draft(request, words: NeedWords) -> None:
    """Keep the words in the browser's session. They survive signing in."""
    kept = asdict(words) | {"decide_by": words.decide_by.isoformat() if words.decide_by else None}
    request.session["draft"] = kept | {"kept_at": request.now.isoformat()}
    if request.POST.get("zone"):
        request.session["zone"] = request.POST["zone"][:64]
    if not request.user.is_authenticated:
        request.session.set_expiry(timedelta(minutes=settings.POLICY["draft"]))


def draft_of(request) -> NeedWords | None:
    """The words kept for this browser; None if there are none, or their hour is over."""
    kept = dict(request.session.get("draft") or {})
    at = kept.pop("kept_at", None)
    if at is None or request.now - datetime.fromisoformat(at) > timedelta(minutes=settings.POLICY["draft"]):
        return None
    kept["decide_by"] = date.fromisoformat(kept["decide_by"]) if kept.get("decide_by") else None
    return NeedWords(**kept)


def forget_draft(request) -> None:
    request.session.pop("draft", None)
