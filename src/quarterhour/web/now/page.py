"""What the pages of now say: how long, who is rung, and what a mentor on call sees."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil

from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from quarterhour.engines.dispatch import Wait
from quarterhour.matching.cards import Asked
from quarterhour.matching.models import OnCall, Place, Ring
from quarterhour.matching.now.fitting import would_fit_now
from quarterhour.matching.now.queries import Offer, is_booked, offer_now
from quarterhour.needs.models import Need
from quarterhour.notifications.off_call import unheard
from quarterhour.people.models import Person

LENGTHS = (30, 60, 120, 240)  # minutes somebody may be on call, as the form offers them
NAMED = 2  # mentors an offer calls by name
HOUR = 3600.0


def offered(offer: Offer | None) -> dict | None:
    """What the button "Talk now" stands beside; None where nobody could answer."""
    if offer is None:
        return None
    others = offer.able - NAMED
    names = [*offer.names[:NAMED], *([f"{others} other{'s' * (others > 1)}"] if others > 0 else [])]
    return {
        "title": f"{_and(names)} can answer now.",
        "words": f"Until you talk: {_within(between(offer.wait))}.",
        "minutes": max(1, round(offer.wait.middle / 60)),
        "until": offer.until,
    }


def between(wait: Wait) -> str:
    """A range that is true nine times of ten: "1 to 4 minutes", "Less than a minute".

    Where it is not sure that anybody says yes, the middle of those waits that end, with the condition.
    """
    low, high, middle = max(1, int(wait.low // 60)), max(1, ceil(wait.high / 60)), max(1, round(wait.middle / 60))
    if wait.high >= HOUR:
        return "More than an hour, perhaps" if wait.middle >= HOUR else f"{_minutes(middle)}, if somebody says yes"
    if wait.high < 60:  # noqa: PLR2004 - a minute
        return "Less than a minute"
    return f"About {_minutes(high)}" if low >= high else f"{low} to {_minutes(high)}"


def _within(words: str) -> str:
    """The same within a sentence."""
    return words[:1].lower() + words[1:]


def _minutes(count: int) -> str:
    return "1 minute" if count == 1 else f"{count} minutes"


def waiting_page(place: Place, rings: Sequence[Ring], wait: Wait, half: timedelta | None, *, now: datetime) -> dict:
    """The page of somebody who stands in line. wait: from now on; half: within how long half of today's were answered.

    The ring shows the part of the likely wait that is left; past it, it stays nearly empty and says so.
    """
    rests = place.state == Place.State.RESTING
    waited = (now - place.asked_at).total_seconds()
    whole = max(waited + wait.middle, 60.0)
    return {
        "place": place,
        "rests": rests,
        "title": _title(place, wait, rests=rests),
        "ring": {
            "left": round(60 * wait.middle / whole),
            "words": _short(wait.middle),
            "gloss": "until you talk, we think",
            "label": f"{between(wait)} until you talk, we think",
        },
        "known": bool(wait.answered),
        "range": between(wait),
        "half": _spoken(half) if half else "",
        "steps": _steps(place, rings, wait, now=now),
        "told": _told(place, rings),
    }


def _title(place: Place, wait: Wait, *, rests: bool) -> str:
    if rests:
        return "Your place is kept."
    if not wait.answered:
        return "Nobody who fits is on call."
    return "You are next." if wait.place == 1 else f"You are number {wait.place} in line."


def _told(place: Place, rings: Sequence[Ring]) -> str:
    """The one sentence a screen reader hears when it changes."""
    open_ones = [ring.mentor.called for ring in rings if not ring.answer]
    if open_ones:
        return f"Ringing {_and(open_ones)}"
    return "Your place is kept; nobody is rung." if place.state == Place.State.RESTING else "Waiting for the next"


def _steps(place: Place, rings: Sequence[Ring], wait: Wait, *, now: datetime) -> list[dict]:
    steps = [
        {
            "title": f"Asked at {timezone.localtime(place.asked_at):%H:%M}", "words": f"Place {wait.place} in line now",
            "state": "done", "icon": "circle-check",
        }
    ]  # fmt: skip
    behind = {
        Ring.Answer.PASSED: "cannot just now, and passed it on",
        Ring.Answer.MISSED: "did not hear it",
        Ring.Answer.WITHDRAWN: "was not needed",
    }
    closed = [ring for ring in rings if ring.answer in behind]
    steps += [
        {
            "title": ring.mentor.called, "words": behind[Ring.Answer(ring.answer)].capitalize() + ".", "state": "done",
            "icon": "circle-check",
        }
        for ring in closed[-3:]
    ]  # fmt: skip
    open_ones = [ring for ring in rings if not ring.answer]
    if open_ones:
        last = min(ring.until for ring in open_ones)
        share = max(0.0, (last - now).total_seconds()) / settings.POLICY["now_wave"]
        steps.append(
            {
                "title": f"Ringing {_and([ring.mentor.called for ring in open_ones])}",
                "words": _left(last, others=not place.fits.keys() <= {str(ring.mentor_id) for ring in rings}),
                "state": "now", "start": 0, "minutes": 60 * share,
            }
        )  # fmt: skip
    elif place.state == Place.State.WAITING:
        words = "Everybody who fits is busy or was asked." if wait.answered else "We ring as soon as somebody is."
        steps.append({"title": "Waiting for the next", "words": words, "state": "now", "start": 0, "minutes": 0})
    words = f"{place.minutes} minutes, as soon as somebody says yes"
    return [*steps, {"title": "The room opens", "words": words, "icon": "video"}]


def _left(until: datetime, *, others: bool) -> SafeString:
    """Until when somebody is rung, and what comes then. others: whether anybody else fits who was not rung yet."""
    return format_html(
        '<time datetime="{0}" data-until="{0}" data-count="seconds">{1}</time> seconds left, then {2}',
        until.isoformat(),
        settings.POLICY["now_wave"],
        "the next" if others else "we go on looking",
    )


def _and(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _short(seconds: float) -> str:
    if seconds >= HOUR:
        return "1 h +"
    return f"{max(1, round(seconds / 60))} min"


def _spoken(length: timedelta) -> str:
    minutes, seconds = divmod(round(length.total_seconds()), 60)
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


def call_panel(row: OnCall | None, topics, *, booked: datetime | None, now: datetime) -> dict:
    """What a mentor's own panel shows. topics: of their profile. booked: when their next session begins, if one does.

    Nobody rings a mentor whose next session would begin before the conversation is over; the panel says so.
    """
    on = row is not None and row.until > now
    chosen = set(row.skills) if row else set()
    mine = [{"id": t.skill_id, "name": t.name, "on": not chosen or t.skill_id in chosen} for t in topics if t.skill_id]
    return {
        "on": on,
        "elsewhere": on and row.elsewhere,
        "until": row.until if on else None,
        "booked": booked if on and booked is not None and booked < row.until else None,
        "lengths": [(minutes, _length(minutes)) for minutes in LENGTHS],
        "topics": mine,
        "only": len(chosen) if on and chosen else 0,
        # It ended before its time: the reason stands there until they switch it on again.
        "deaf": unheard() if row is not None and not on and row.missed >= settings.POLICY["on_call_misses"] else "",
    }


def _length(minutes: int) -> str:
    hours = minutes // 60
    return f"{minutes} minutes" if not hours else "1 hour" if hours == 1 else f"{hours} hours"


def offer_for(asked: Asked, *, need: Need | None, asker: Person | None, org, zone: str, now: datetime) -> dict | None:
    """Who could talk now of those a press would ring. One query where nobody is on call."""
    able = would_fit_now(asked, need=need, asker=asker, org=org, zone=zone, now=now)
    if able and asker is not None and is_booked(asker, minutes=asked.minutes, now=now):
        return None  # they talk to somebody else first: a press would be refused
    return offered(offer_now(able, org_id=org.pk, minutes=asked.minutes, now=now)) if able else None
