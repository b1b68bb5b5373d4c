"""Beginning to help: topics, one story, a few hours. Under five minutes, then people can find you."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from quarterhour.availability import rules as times
from quarterhour.availability import services
from quarterhour.availability.queries import availability_of
from quarterhour.core.errors import Changed, Invalid
from quarterhour.people import rules
from quarterhour.people.queries import own_profile
from quarterhour.web import toasts
from quarterhour.web.people.forms import JoinForm, rows_of, today_of, topic_rows

MORE_ROWS = 3


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def join(request):
    mine = own_profile(request.user, org=request.org)
    week = availability_of(request.user, org=request.org)
    if request.method != "POST":
        shown = {"minutes": "30", "days": ["tue", "thu"], "start": "12:00", "end": "13:30", "zone": week.zone}
        topics = [(each.name, each.level) for each in mine.topics.all()]
        return _page(request, mine, week, JoinForm(initial=shown), topics)
    form = JoinForm(request.POST)
    topics = rows_of(request.POST, "topic_name", "topic_level")
    try:
        _start(request, form.typed(), topics, mine, week)
    except (Invalid, Changed) as error:
        form.refuse(error)
        return _page(request, mine, week, form, topics, wrong=error.fields, status=error.status)
    toasts.tell(request, "People can find you now. Thank you for the quarter of an hour.")
    return redirect("people:profile")


def _start(request, typed, topics, mine, week) -> None:
    wrong: dict[str, str] = {}
    known: list[rules.TopicWords] = []
    story = None
    usual = None
    try:
        known = rules.topic_words(topics)
    except Invalid as error:
        wrong["topics"] = error.told
    try:
        if typed["text"] or not mine.stories.all():
            story = rules.story_words(told=typed["text"], today=today_of(request))
    except Invalid as error:
        wrong |= error.fields
    try:
        usual = _week(typed, week)
    except Invalid as error:
        wrong |= {"zone" if name == "zone" else "days": told for name, told in error.fields.items()}
    if not known and not mine.topics.all():
        wrong.setdefault("topics", "Name one thing people could ask you about.")
    if wrong or usual is None:
        raise Invalid(rules.AMISS, fields=wrong)
    services.start_offering(
        person=request.user, org=request.org, topics=known, story=story, week=usual, now=request.now
    )


def _week(typed, week) -> times.Week:
    """The hours of the form; a week that was written before stays, with its new minutes."""
    if week.weekly:
        windows = week.weekly
    elif not typed["days"]:
        raise Invalid(times.AMISS, fields={"days": "Choose at least one day."})
    else:
        windows = {day: [(typed["start"], typed["end"])] for day in typed["days"]}
    kept = {name: getattr(week, name) for name in (*times.CHOICES, "weekly_minutes")}
    given = kept | {"zone": typed["zone"] or week.zone, "weekly_minutes": typed["minutes"] or week.weekly_minutes}
    return times.usual_week(given, windows=windows, kept=kept)


def _page(request, mine, week, form, topics, *, wrong=None, status=200):
    page = {
        "form": form,
        "profile": mine,
        "has_stories": bool(mine.stories.all()),
        "has_hours": bool(week.weekly),
        "topics": topic_rows(topics, spare=MORE_ROWS),
        "levels": rules.LEVELS.items(),
        "wrong": wrong or {},
    }
    return render(request, "people/join.html", page, status=status)
