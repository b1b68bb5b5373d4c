"""What I show of myself, and what I see of others."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quarterhour.core.errors import Changed, Invalid, NotFound
from quarterhour.needs.queries import need_for
from quarterhour.people import languages, rules, services, taxonomy
from quarterhour.people.models import Profile
from quarterhour.people.queries import mentor_profile, own_profile, own_story
from quarterhour.sessions import silence
from quarterhour.sessions.queries import free_starts
from quarterhour.web import toasts, when
from quarterhour.web.context import address
from quarterhour.web.people.forms import (
    CONFIRM,
    LANGUAGES,
    PauseForm,
    ProfileForm,
    StoryForm,
    language_rows,
    rows_of,
    today_of,
    topic_rows,
)
from quarterhour.web.people.times import days_of, next_weeks

MOST_FOUND = 6
SHORT = 15


@login_required
@require_safe
def profile(request):
    """My own page."""
    mine = own_profile(request.user, org=request.org)
    return render(request, "people/profile.html", {"profile": mine, "pause": PauseForm()} | _told_of(mine, request))


@login_required
@require_safe
def mentor(request, person_id):
    """Somebody who offers time, as a fellow member sees them."""
    try:
        found = mentor_profile(person_id, visible_to=request.user, org=request.org)
    except Profile.DoesNotExist as error:
        raise Http404 from error
    paused = bool(found.paused_until and found.paused_until > today_of(request))
    starts = [] if paused or found.person_id == request.user.pk else _starts(request, found)
    page = {"profile": found, "days": days_of(starts, SHORT), "paused": paused, "ask_url": address("ask:ask")}
    return render(request, "people/mentor.html", page | {"need": _came_from(request)} | _told_of(found, request))


def _came_from(request):
    """The reader's own open question from whose people they came here (`?need=`); None for anything else."""
    with suppress(ValueError, NotFound):
        need = need_for(UUID(request.GET.get("need", "")), visible_to=request.user)
        return need if need.closed_at is None and need.org_id == request.org.pk else None
    return None


def _starts(request, found: Profile) -> list:
    minutes = min(found.lengths, default=SHORT)
    between = next_weeks(request.now)
    free = free_starts(
        mentor_ids=[found.person_id],
        org=request.org,
        minutes=minutes,
        between=between,
        now=request.now,
        each=60,
        mentee=request.user,
    )
    return when.waking(free.get(found.person_id, []))[:6]


def _told_of(shown: Profile, request) -> dict:
    topics = list(shown.topics.all())
    rows = [_topic(each, shown) for each in topics]
    return {
        "topics": rows,
        "differing": any(row["differs"] for row in rows),
        "stories": list(shown.stories.all()),
        "spoken": [languages.named(each["code"]) for each in shown.languages],
        "checked": sum(1 for each in topics if each.checked_at),
        "kinds": [rules.KINDS[each] for each in shown.helps_with if each in rules.KINDS],
        "is_paused": bool(shown.paused_until and shown.paused_until > today_of(request)),
    }


def _topic(topic, profile: Profile) -> dict:
    """A topic as its owner and as others read it. same: its own words are the taxonomy's.

    asks: whether a booking for it is asked for first; differs: from what the profile says. A choice for words we know
    by no name of the taxonomy never meets a question, so the profile's counts.
    """
    confirm = (topic.skill_id and topic.confirm) or profile.confirm
    same = bool(topic.skill_id) and topic.skill.label.casefold() == topic.name.casefold()
    level, told = rules.LEVELS.get(topic.level, ""), rules.LEVELS_OF_OTHERS.get(topic.level, "")
    asks, differs = confirm == Profile.Confirm.ASK, confirm != profile.confirm
    return {"topic": topic, "level": level, "told": told, "same": same, "asks": asks, "differs": differs}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request):
    """One page for all of it. A second tab is told, and both versions stay in sight."""
    mine = own_profile(request.user, org=request.org)
    if request.method != "POST":
        topics = [(each.name, each.level, each.confirm) for each in mine.topics.all()]
        spoken = [(each["code"], each["level"]) for each in mine.languages]
        return _editor(request, ProfileForm.of(mine), topics, spoken)
    form = ProfileForm(request.POST)
    topics = rows_of(request.POST, "topic_name", "topic_level", "topic_confirm")
    spoken = rows_of(request.POST, "language_code", "language_level")
    try:
        words = rules.profile_words(form.typed() | {"languages": spoken}, topics=topics)
        seen = form.cleaned_data["version"] or 0
        services.save_profile(person=request.user, org=request.org, words=words, seen=seen, now=request.now)
    except Invalid as error:
        form.refuse(error)
        return _editor(request, form, topics, spoken, wrong=error.fields, status=error.status)
    except Changed as error:
        return _editor(request, form, topics, spoken, changed=error.told, now_there=mine, status=error.status)
    toasts.tell(request, "Saved. This is how people see you now.")
    return redirect("people:profile")


def _editor(request, form, topics, spoken, *, wrong=None, changed="", now_there=None, status=200):
    """The editor with what was typed; after a change elsewhere also with what stands there now."""
    page = {
        "form": form,
        "topics": topic_rows(topics),
        "languages": language_rows(spoken),
        "known_languages": LANGUAGES,
        "language_levels": languages.LEVELS.items(),
        "levels": rules.LEVELS.items(),
        "confirms": CONFIRM,
        "wrong": wrong or {},
        "changed": changed,
        "version": form["version"].value(),
    }
    if now_there is not None:
        page |= {"now_there": differences(form, topics, now_there), "version": now_there.version}
    return render(request, "people/edit.html", page, status=status)


def differences(form: ProfileForm, topics, now_there: Profile) -> list[tuple[str, str]]:
    """(label, what is kept by now) for each field that was typed differently."""
    kept = ProfileForm.of(now_there)
    told = []
    for field in form:
        if field.name == "version":
            continue
        typed, saved = form.cleaned_data.get(field.name), kept[field.name].value()
        if _plain(typed) != _plain(saved):
            told.append((field.label, _plain(saved) or "nothing"))
    names = ", ".join(each.name for each in now_there.topics.all())
    if names != ", ".join(name.strip() for name, *_ in topics if name.strip()):
        told.append(("Topics", names or "none"))
    return told


def _plain(value) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(str(each) for each in value)
    return "" if value in (None, False) else str(value)


@require_safe
@login_required
def skills(request):
    """Skills that fit what somebody is typing: chips for the page, JSON for whoever asks for it."""
    found = taxonomy.search((request.GET.get("q") or request.GET.get("topic_name") or "")[:120], MOST_FOUND)
    if request.headers.get("Accept", "").startswith("application/json"):
        rows = [{"id": each.skill.id, "label": each.skill.label, "wording": each.wording} for each in found]
        return JsonResponse({"skills": rows})
    return render(request, "people/skills.html", {"found": found})


@login_required
@require_POST
def pause(request):
    """No new sessions before a day; or, without one, back to work."""
    if "resume" in request.POST:
        silence.come_back(request.user, org=request.org, now=request.now)
        toasts.tell(request, "You are back. People can find you again.")
        return redirect("people:profile")
    form = PauseForm(request.POST)
    try:
        until = form.typed()["until"]
        services.pause(person=request.user, org=request.org, until=until, now=request.now, today=today_of(request))
    except Invalid as error:
        if not form.errors:
            form.refuse(Invalid(error.told, fields={"until": error.told}))
        mine = own_profile(request.user, org=request.org)
        page = {"profile": mine, "pause": form} | _told_of(mine, request)
        return render(request, "people/profile.html", page, status=422)
    toasts.tell(request, f"Paused until {until:%-d %B}. What is booked stays booked.")
    return redirect("people:profile")


@login_required
@require_POST
def stop(request):
    """Stop offering time."""
    services.stop_offering(person=request.user, org=request.org, now=request.now)
    toasts.tell(request, "Nobody finds you any more. What is booked stays booked.")
    return redirect("people:profile")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_story(request):
    if request.method != "POST":
        return render(request, "people/story.html", {"form": StoryForm()})
    form = StoryForm(request.POST)
    form.is_valid()
    try:
        words = _story_words(request, form)
        services.add_story(person=request.user, org=request.org, words=words, now=request.now)
    except Invalid as error:
        form.refuse(error)
        return render(request, "people/story.html", {"form": form}, status=error.status)
    toasts.tell(request, "Your story is here. People can find it.")
    return redirect("people:profile")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_story(request, story_id):
    story = own_story(request.user, story_id, org=request.org)
    if request.method != "POST":
        shown = {"text": story.text, "title": story.title, "year": story.year or "", "seen": services.mark_of(story)}
        return render(request, "people/story.html", {"form": StoryForm(initial=shown), "story": story})
    form = StoryForm(request.POST)
    form.is_valid()
    try:
        words = _story_words(request, form)
        services.change_story(
            person=request.user,
            org=request.org,
            story_id=story_id,
            words=words,
            seen=form.cleaned_data["seen"],
            now=request.now,
        )
    except Invalid as error:
        form.refuse(error)
        return render(request, "people/story.html", {"form": form, "story": story}, status=error.status)
    except Changed as error:
        page = {"form": form, "story": story, "changed": error.told, "seen": services.mark_of(story)}
        return render(request, "people/story.html", page, status=error.status)
    toasts.tell(request, "Saved as you tell it now.")
    return redirect("people:profile")


def _story_words(request, form: StoryForm) -> rules.StoryWords:
    typed = form.cleaned_data
    return rules.story_words(told=typed["text"], title=typed["title"], year=typed["year"], today=today_of(request))


@login_required
@require_POST
def remove_story(request, story_id):
    """Take a story away, with ten seconds to think again."""
    remains = services.remove_story(person=request.user, org=request.org, story_id=story_id, now=request.now)
    request.session["removed_story"] = {"org": str(request.org.pk)} | remains
    toasts.tell(request, f"Removed: {remains['title']}.", undo=reverse("people:restore_story"))
    return redirect("people:profile")


@login_required
@require_POST
def restore_story(request):
    """Undo the last removal; a second press finds nothing left to undo."""
    remains = request.session.pop("removed_story", None)
    if remains and remains.pop("org") == str(request.org.pk):
        services.restore_story(person=request.user, org=request.org, remains=remains, now=request.now)
        toasts.tell(request, "It is back.")
    return redirect("people:profile")
