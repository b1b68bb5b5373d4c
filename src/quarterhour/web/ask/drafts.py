"""A question asked before signing in: kept with the browser's session for an hour, and nowhere else."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from quarterhour.core.commands import once
from quarterhour.matching.again import Again
from quarterhour.needs.services import NeedWords, state_need
from quarterhour.web.keys import fresh_key


def keep_draft(request, words: NeedWords, *, shown: Again | None = None) -> None:
    """Keep the words in the browser's session, and who was found for them. They survive signing in."""
    kept = asdict(words) | {"decide_by": words.decide_by.isoformat() if words.decide_by else None}
    found = shown.kept() if shown else None
    request.session["draft"] = kept | {"kept_at": request.now.isoformat(), "key": fresh_key(), "shown": found}
    request.session.pop("stated", None)
    if request.POST.get("zone"):
        request.session["zone"] = request.POST["zone"][:64]
    if not request.user.is_authenticated:
        request.session.set_expiry(timedelta(minutes=settings.POLICY["draft"]))


def draft_of(request) -> NeedWords | None:
    """The words kept for this browser; None if there are none, or their hour is over."""
    kept = dict(request.session.get("draft") or {})
    at, _, _ = (kept.pop(name, None) for name in ("kept_at", "key", "shown"))
    if at is None or request.now - datetime.fromisoformat(at) > timedelta(minutes=settings.POLICY["draft"]):
        return None
    kept["decide_by"] = date.fromisoformat(kept["decide_by"]) if kept.get("decide_by") else None
    return NeedWords(**kept)


def draft_shown(request) -> Again | None:
    """Who was found for the draft a moment ago."""
    kept = (request.session.get("draft") or {}).get("shown")
    return Again.read(kept) if kept else None


def state_draft(request, words: NeedWords) -> UUID:
    """The question of this draft, stated now by whoever has signed in; pressed twice, it is one question."""

    def state() -> dict:
        today = timezone.localdate(request.now)
        need = state_need(mentee=request.user, org=request.org, words=words, now=request.now, today=today)
        return {"need": str(need.pk)}

    key = request.session["draft"].get("key") or fresh_key()
    done = once(
        key=UUID(key), person_key=str(request.user.pk), name="draft", body=asdict(words), run=state, now=request.now
    )
    forget_draft(request)
    request.session["stated"] = done["need"]
    return UUID(done["need"])


def stated_draft(request) -> UUID | None:
    """The question this browser's draft became, for a press that came twice."""
    known = request.session.get("stated")
    return UUID(known) if known else None


def keep_press(request) -> None:
    """Keep what was pressed for this draft before signing in: a time with somebody, or, without one, to talk now."""
    told = {name: request.POST.get(name, "")[:64] for name in ("mentor", "start")}
    request.session["pressed"] = told | {"draft": request.session["draft"].get("key")}


def pressed_before(request) -> dict | None:
    """What was pressed for this draft before signing in, once; None if nothing was, or another question came since."""
    pressed = request.session.pop("pressed", None)
    return pressed if pressed and pressed.pop("draft") == request.session["draft"].get("key") else None


def forget_draft(request) -> None:
    request.session.pop("draft", None)
