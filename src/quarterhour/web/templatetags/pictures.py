"""Tags that draw. Each returns SVG from plain numbers; `quarterhour.web.drawing` does the drawing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from quarterhour.web import drawing

register = template.Library()


def _drawn(svg: str) -> SafeString:
    """SVG from our own drawing, which escapes whatever words it is given."""
    return mark_safe(svg)  # noqa: S308


def minute_of(start: datetime | time | str | float | None) -> float:
    """Where a start lies in its hour: of a moment on the reader's clock, of "10:15", or of a plain minute."""
    if isinstance(start, datetime):
        return (timezone.localtime(start) if timezone.is_aware(start) else start).minute
    if isinstance(start, time):
        return start.minute
    if isinstance(start, str):
        return float(start.rpartition(":")[2] or 0)
    return start or 0


def seed_of(who) -> str:
    """What a face is drawn from: the account behind a profile, an account, or the seed itself."""
    return str(getattr(who, "person_id", None) or getattr(who, "pk", None) or who)


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """{% icon "mail" %}, {% icon "mail" size="large" %} above 28 px."""
    return _drawn(drawing.icon(name, kind=size))


@register.simple_tag
def done_line(days: Sequence[date], today: date) -> SafeString:
    """{% done_line days today %}: how much was done by when, the earliest first."""
    return _drawn(drawing.done_line(days, today=today))


@register.simple_tag
def mark() -> SafeString:
    """{% mark %}: the q that is a clock."""
    return _drawn(drawing.mark())


@register.simple_tag
def dial(
    start=None,
    minutes: float = 0,
    *,
    past: float = 0,
    time: bool = False,
    agree: bool = False,
    size: str = "",
    label: str = "",
) -> SafeString:
    """{% dial start=session.start minutes=25 %}; `time` when running or next, `size` "big" or "huge-dial".

    start: a moment (shown on the reader's clock), "10:15", or minutes after the hour.
    label: only where no words stand beside it.
    """
    kinds = [name for name, wanted in (("time", time), ("agree", agree), (size, bool(size))) if wanted]
    return _drawn(drawing.dial(minute_of(start), minutes, past=past, kind=" ".join(kinds), label=label))


@register.simple_tag
def avatar(who, size: str = "") -> SafeString:
    """{% avatar person %}, {% avatar profile size="large" %}. Silent for ears: the name stands beside it."""
    return _drawn(drawing.avatar(seed_of(who), kind=size))


@register.simple_tag
def quarter_clock(hour: int = 9) -> SafeString:
    """{% quarter_clock %}: the landing page's first quarter of an hour."""
    return _drawn(drawing.quarter_clock(hour))


@register.simple_tag
def heat_chart(rows: Sequence[str], columns: Sequence[str], steps: Sequence[Sequence[int]], label: str) -> SafeString:
    """{% heat_chart rows=days columns=hours steps=steps label="Most ask on Wednesdays at 16" %}."""
    return _drawn(drawing.heat_chart(rows, columns, steps, label=label))


@register.simple_tag
def whiskers(rows: Sequence[tuple[str, float, float, float]], label: str, *, shares: bool = False) -> SafeString:
    """{% whiskers rows label="Learned brings 4 more, likely 1 to 7" %}; rows: (name, figure, low, high)."""
    return _drawn(drawing.whiskers(rows, label=label, shares=shares))


@register.simple_tag
def strip(states: Iterable[str], label: str) -> SafeString:
    """{% strip nights label="The last 14 nights, all backed up" %}; a state is "", "unsure" or "failed"."""
    return _drawn(drawing.strip(states, label))
