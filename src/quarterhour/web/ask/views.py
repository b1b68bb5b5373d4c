"""The one box: what somebody wants to move forward, read back as a sentence they can change."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from quarterhour.advice.queries import standings
from quarterhour.core.errors import Invalid, QuarterhourError
from quarterhour.core.limits import spend
from quarterhour.needs import services
from quarterhour.needs.queries import need_for, open_needs, waitings
from quarterhour.needs.services import NeedWords
from quarterhour.people.models import Skill
from quarterhour.web.ask.brief import brief_of
from quarterhour.web.ask.drafts import draft_of, forget_draft, keep_draft
from quarterhour.web.ask.forms import SENTENCE, choices, read, read_back, read_otherwise, whole, words_from
from quarterhour.web.book.diary import at_hand
from quarterhour.web.keys import pressed_once
from quarterhour.web.match.listed import waiting_for_a_time
from quarterhour.web.match.looks import shown_to, to_people
from quarterhour.web.match.waiting import waiting_row
from quarterhour.web.people.entrance import source_of

OPEN_SHOWN, MOST_OPEN = 5, 100


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request):
    """State a question. Before signing in it is kept as a draft, and people are shown all the same."""
    if request.method != "POST":
        return render(request, "ask/ask.html", _page(request, draft_of(request)))
    words = _words(request)
    try:
        if not request.user.is_authenticated:
            _spare(request)
            words = services.checked(words, today=_today())
            keep_draft(request, words, shown=shown_to(request, words))
            return redirect("match:draft")
        who = str(request.user.pk)
        spend(
            f"ask {who}",
            most=60,
            per=timedelta(hours=1),
            now=request.now,
            told="That was many questions in an hour. Rest a little.",
        )

        def state() -> dict:
            given = {"mentee": request.user, "org": request.org, "words": words}
            return {"need": str(services.state_need(**given, now=request.now, today=_today()).pk)}

        stated = pressed_once(request, "ask", _typed(request), state)
    except Invalid as wrong:
        return render(request, "ask/ask.html", _page(request, words, wrong), status=wrong.status)
    forget_draft(request)
    return to_people(request, stated["need"])


@require_POST
def reading(request):
    """The sentence and the brief, read anew while somebody types; nothing is kept."""
    _spare(request)
    return render(request, "ask/ask.html#reading", _read(request, _words(request)))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, pk):
    """Change a question that was stated."""
    need = need_for(pk, visible_to=request.user)
    if request.method != "POST":
        return render(request, "ask/ask.html", _page(request, words_of(need), need=need))
    words = _words(request)
    seen = whole(request.POST.get("version", ""), digits=8)

    def change() -> dict:
        given = {"words": words, "seen": seen, "now": request.now, "today": _today()}
        return {"version": services.change_need(need=need, **given).version}

    try:
        pressed_once(request, "edit question", _typed(request) | {"need": pk}, change)
    except QuarterhourError as wrong:
        return render(request, "ask/ask.html", _page(request, words, wrong, need=need), status=wrong.status)
    return to_people(request, need.pk)


@login_required
@require_POST
def close(request, pk):
    """The question is settled, or no longer matters."""
    services.close(need_for(pk, visible_to=request.user), now=request.now)
    messages.success(request, "Closed. What was said stays under Sessions.")
    return redirect("ask:ask")


def _spare(request) -> None:
    """Reading costs a tenth of a second. Raises TooMany for a visitor who asks for more than anybody types."""
    who = str(request.user.pk) if request.user.is_authenticated else source_of(request)
    told = "That was a lot of reading at once. Rest a minute; what you wrote is kept where you typed it."
    spend(f"read {who}", most=300, per=timedelta(minutes=5), now=request.now, told=told)


def _typed(request) -> dict:
    """What was sent, word for word: the reading of it may differ from one hour to the next."""
    return {name: words for name, words in request.POST.lists() if name not in {"csrfmiddlewaretoken", "key"}}


def words_of(need) -> NeedWords:
    """A kept question in the words a form has."""
    return NeedWords(
        text=need.text,
        tried=need.tried,
        good_outcome=need.good_outcome,
        decide_by=need.decide_by,
        kind=need.kind,
        minutes=need.minutes,
        when=need.when,
        languages=tuple(need.languages),
        skills=[topic.skill_id for topic in need.topics.all()],
        settled=("kind", "minutes", "when", "language", "topics"),
    )


def _words(request) -> NeedWords:
    own = _languages(request)
    text = request.POST.get("text", "")
    return words_from(
        request.POST,
        read(text, org=request.org, now=request.now, zone=str(timezone.get_current_timezone()), languages=own),
        languages=own,
    )


def _languages(request) -> tuple[str, ...]:
    """The languages this person speaks, best first."""
    if not request.user.is_authenticated:
        return ()
    profile = request.user.profiles.filter(org=request.org).values_list("language_codes", flat=True).first()
    return tuple((profile or [])[:3])


def _page(request, words: NeedWords | None, wrong: QuarterhourError | None = None, *, need=None) -> dict:
    errors = wrong.fields if wrong else {}
    page = {"wrong": wrong, "errors": errors, "need": need}
    page["chip_errors"] = [errors[name] for name in (*SENTENCE, "topics") if name in errors]
    page |= _read(request, words or NeedWords(text=""))
    if request.user.is_authenticated and need is None:
        page["at_hand"] = at_hand(request.user, org=request.org, now=request.now)
        rows = list(open_needs(request.user, org=request.org)[: MOST_OPEN if "all" in request.GET else OPEN_SHOWN + 1])
        if len(rows) == OPEN_SHOWN + 1 and "all" not in request.GET:
            rows, page["more_open"] = rows[:OPEN_SHOWN], True
        stands = standings(rows, visible_to=request.user, now=request.now)
        waiting = waitings([row.pk for row in rows], visible_to=request.user, today=_today())
        listed = waiting_for_a_time([row.pk for row in rows], request.user, now=request.now)
        page["open_needs"] = [
            SimpleNamespace(
                need=row,
                standing=stands[row.pk],
                waits=_waits(row, stands[row.pk], waiting, request.now),
                listed=listed.get(row.pk),
            )
            for row in rows
        ]
    return page


def _waits(need, standing, waiting, now) -> dict | None:
    """What waits, as long as nobody is asked or booked for it."""
    return None if standing.session else waiting_row(waiting.get(need.pk), now=now)


def _read(request, words: NeedWords) -> dict:
    """What the sentence and the brief show."""
    language = ",".join(words.languages) or "en"
    could_be = [key for key in words.skills if services.could_be_a_skill(key)]
    known = {skill.pk: skill for skill in Skill.objects.filter(pk__in=could_be)}
    topics = [known[pk] for pk in words.skills if pk in known]
    return {
        "words": words,
        "topics": topics,
        "choices": choices(tuple(words.languages)),
        "language": language,
        "read_back": read_back(words, language=language, topics=[topic.pk for topic in topics]),
        "brief_of": brief_of(words.text, words.tried, words.good_outcome, words.decide_by),
        "has_text": bool(words.text.strip()),
        "read_otherwise": read_otherwise(words.text, org=request.org),
    }


def _today():
    return timezone.localdate()
