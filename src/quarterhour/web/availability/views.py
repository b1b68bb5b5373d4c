"""When somebody has a quarter to give."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quarterhour.availability import queries, rules, services
from quarterhour.availability.calendar_queries import worst_of
from quarterhour.core.errors import Changed, Invalid
from quarterhour.people.rules import zones
from quarterhour.sessions.queries import minutes_this_week
from quarterhour.web import toasts, when
from quarterhour.web.availability.booked import drawn_booked
from quarterhour.web.availability.forms import FORM, DaysForm, WeekForm, day_rows, drawn, sent_windows
from quarterhour.web.availability.once import drawn_once, in_words
from quarterhour.web.people.forms import zone_choices
from quarterhour.web.people.times import days_of
from quarterhour.web.room import where

ELSEWHERE = ("America/New_York", "Europe/Lisbon", "Asia/Tokyo")
PREVIEW_MINUTES = 25


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def week(request):
    """The usual week, the dates that differ, and what is asked of every session."""
    mine = queries.availability_of(request.user, org=request.org)
    if request.method != "POST":
        return _page(request, mine, WeekForm.of(mine), mine.weekly)
    form = WeekForm(request.POST, kept=mine)
    windows = sent_windows(request.POST)
    form.is_valid()
    try:
        kept = {name: getattr(mine, name) for name in rules.CHOICES}
        told = rules.usual_week(form.cleaned_data, windows=windows, kept=kept)
        was = {each.name: getattr(mine, each.name) for each in fields(rules.Week)}
        row = services.save_week(person=request.user, org=request.org, week=told, seen=_version(form), now=request.now)
    except Invalid as error:
        form.refuse(Invalid(error.told, fields={k: v for k, v in error.fields.items() if k in form.fields}))
        return _page(request, mine, form, windows, wrong=error.fields, told=error.told, status=error.status)
    except Changed as error:
        return _page(request, mine, form, windows, changed=error.told, status=error.status)
    _undoable(request, week=was, seen=row.version)
    toasts.tell(request, "Saved. These are your hours now.", undo=reverse("availability:undo"))
    return redirect("availability:week")


def _undoable(request, **kept) -> None:
    """How things stood before the last press, for ten seconds on a page and until the next press in fact."""
    request.session["hours_before"] = {"org": str(request.org.pk)} | kept


@login_required
@require_POST
def undo(request):
    """The hours as they were before the last press, unless they were changed again since."""
    kept = request.session.pop("hours_before", None)
    if not kept or kept["org"] != str(request.org.pk):
        toasts.tell(request, "There is nothing to take back.")
        return redirect("availability:week")
    mine = {"person": request.user, "org": request.org, "now": request.now}
    try:
        if "week" in kept:
            services.save_week(week=rules.Week(**kept["week"]), seen=kept["seen"], **mine)
        else:
            first, last = date.fromisoformat(kept["first"]), date.fromisoformat(kept["last"])
            services.put_back(first=first, last=last, before=kept["before"], **mine)
    except Changed as error:
        toasts.tell(request, error.told, wrong=True)
    else:
        toasts.tell(request, "Taken back. Everything is as it was.")
    return redirect("availability:week")


@login_required
@require_POST
def offer_once(request):
    """Half an hour more, on one day."""
    zone = ZoneInfo(queries.availability_of(request.user, org=request.org).zone)
    start = when.moment_from(request.POST.get("start", "")).astimezone(zone)
    end = start + queries.ONCE
    if not request.now < start < request.now + timedelta(days=2):
        raise Invalid("That time is over, or too far away. Choose one of those shown.")
    given = (f"{start:%H:%M}", f"{end:%H:%M}")
    day = start.date()
    before = services.offer_once(person=request.user, org=request.org, day=day, given=given, now=request.now)
    _undoable(request, first=day.isoformat(), last=day.isoformat(), before=before)
    said = f"{when.day_within(start, now=request.now)} {given[0]} to {given[1]}"
    toasts.tell(request, f"Offered: {said}. People find you for it now.", undo=reverse("availability:undo"))
    return redirect("availability:week")


def _version(form: WeekForm) -> int:
    told = form.cleaned_data.get("version", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 9 else -1  # noqa: PLR2004


def _page(request, mine, form, windows, *, wrong=None, told="", changed="", days=None, meeting=None, status=200):
    today = timezone.localtime(request.now, ZoneInfo(mine.zone)).date()
    profile = request.user.profiles.filter(org=request.org).first()
    differing = queries.differing(mine, today=today)
    just_once, booked = drawn_once(differing, mine.weekly, today=today), drawn_booked(request.user, mine, request.now)
    given, budget = minutes_this_week(request.user, org=request.org, now=request.now)
    used_up = bool(given and given >= budget)
    page = {
        "form": form,
        "form_id": FORM,
        "version": mine.version if changed else form["version"].value(),
        "free": drawn(windows),
        "rows": day_rows(windows, wrong or {}, mine.weekly),
        "wrong": wrong or {},
        "told": told,
        "changed": changed,
        "stands": _in_words(mine.weekly) if changed else [],
        "place": mine.zone.rpartition("/")[2].replace("_", " "),
        "differing": [in_words(each, mine.weekly) for each in differing],
        "just_once": just_once,
        "booked": booked,
        "taken": {day: [*just_once.get(day, ()), *booked.get(day, ())] for day in rules.DAYS},
        "days": days or DaysForm(),
        "elsewhere": worst_of(request.user, now=request.now),
        "offers": bool(profile and profile.is_mentor),
        "paused_until": profile.paused_until
        if profile and profile.paused_until and profile.paused_until > today
        else None,
        "shown": _first_shown(windows, today),
        "given": given if used_up else 0,
        "once": [] if used_up else _once(mine, request.now),
        "zone_choices": zone_choices(),
        "meeting": {"kinds": where.KINDS, "given": {"meets": mine.meets, mine.meets: mine.where}} | (meeting or {}),
    }
    return render(request, "availability/week.html", page | _preview(request, mine), status=status)


def _once(mine, now) -> list[dict]:
    """Half hours to give besides, as buttons: "today 16:00 to 16:30"."""
    with timezone.override(ZoneInfo(mine.zone)):
        return [
            {"value": start.isoformat(), "words": f"{when.day_within(start, now=now)} {when.span(start, end)}"}
            for start, end in queries.could_offer(mine, now=now)
        ]


def _first_shown(windows, today) -> str:
    """The day a phone begins with: today if it has hours, else the first that has, else Monday."""
    given = [day for day in rules.DAYS if any(any(pair) for pair in windows.get(day, ()))]
    key = list(rules.DAYS)[today.weekday()]
    return key if key in given else next(iter(given), "mon")


@login_required
@require_POST
def meeting(request):
    """Where this mentor usually meets people: the room, a link of their own, or a place."""
    given = where.sent(request)
    try:
        services.meet_usually(person=request.user, org=request.org, **where.chosen(given))
    except Invalid as error:
        mine = queries.availability_of(request.user, org=request.org)
        kept = {"given": given, "refused": error}
        return _page(request, mine, WeekForm.of(mine), mine.weekly, meeting=kept, status=error.status)
    toasts.tell(request, "Kept. What people book from now on begins there.")
    return redirect(f"{reverse('availability:week')}#meeting")


@login_required
@require_safe
def preview(request):
    """What somebody in another place sees of my week; the part htmx asks for."""
    mine = queries.availability_of(request.user, org=request.org)
    page = _preview(request, mine) | {"zone_choices": zone_choices()}
    return render(request, "availability/week.html#preview", page)


def _preview(request, mine) -> dict:
    asked = request.GET.get("see", "")
    see = asked if asked in zones() else next(each for each in ELSEWHERE if each != mine.zone)
    starts = queries.preview(mine, minutes=PREVIEW_MINUTES, now=request.now)
    with timezone.override(ZoneInfo(see)):
        days = [
            {
                "label": day["label"],
                "starts": [date_format(timezone.localtime(each["start"]), "H:i") for each in day["slots"]],
            }
            for day in days_of(starts, PREVIEW_MINUTES)
        ]
    return {
        "see": see,
        "see_place": see.rpartition("/")[2].replace("_", " "),
        "seen_days": days,
        "minutes": PREVIEW_MINUTES,
    }


@login_required
@require_POST
def add_days(request):
    """Time off, or other hours on one date."""
    mine = queries.availability_of(request.user, org=request.org)
    form = DaysForm(request.POST)
    try:
        typed = form.typed()
        today = timezone.localtime(request.now, ZoneInfo(mine.zone)).date()
        days = rules.differing_days(
            first=typed["first"], last=typed["last"], windows=[(typed["start"], typed["end"])], today=today
        )
        services.add_days(person=request.user, org=request.org, days=days, now=request.now)
    except Invalid as error:
        fields = {"start" if name == "windows" else name: told for name, told in error.fields.items()}
        if fields:
            form.refuse(Invalid(error.told, fields=fields))
        return _page(request, mine, WeekForm.of(mine), mine.weekly, days=form, status=error.status)
    _undoable(request, first=days.first.isoformat(), last=days.last.isoformat(), before=[])
    told = "Kept. That date follows its own hours now."
    toasts.tell(request, told, undo=reverse("availability:undo"))
    return redirect(f"{reverse('availability:week')}#different")


@login_required
@require_POST
def remove_days(request):
    """Let dates follow the week again, with ten seconds to think again."""
    form = DaysForm(request.POST)
    if form.is_valid() and form.cleaned_data["first"]:
        first = form.cleaned_data["first"]
        last = form.cleaned_data["last"] or first
        remains = services.remove_days(person=request.user, org=request.org, first=first, last=last, now=request.now)
        request.session["removed_days"] = {"org": str(request.org.pk), "days": remains}
        toasts.tell(request, "Removed. The usual week holds again.", undo=reverse("availability:restore_days"))
    return redirect(f"{reverse('availability:week')}#different")


@login_required
@require_POST
def restore_days(request):
    remains = request.session.pop("removed_days", None)
    if remains and remains["org"] == str(request.org.pk):
        services.restore_days(person=request.user, org=request.org, remains=remains["days"], now=request.now)
        toasts.tell(request, "It is back.")
    return redirect(f"{reverse('availability:week')}#different")


def _in_words(weekly) -> list[str]:
    """A week as a person reads it out."""
    return [
        f"{name} {', '.join(f'{start} to {end}' for start, end in weekly[day])}"
        for day, name in rules.DAYS.items()
        if weekly.get(day)
    ] or ["no hours at all"]
