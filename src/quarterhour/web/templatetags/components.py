"""Tags that lay out. Each has the name of its template in `components/` and of its stylesheet."""
# ruff: noqa: A002 - arguments are called like the HTML attributes they become

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django import template
from django.forms.utils import flatatt
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from quarterhour.web import drawing

register = template.Library()

MINUTES = (15, 25, 30, 45, 60)


def laid_out(component: str, /, **parts) -> SafeString:
    return render_to_string(f"components/{component}.html", parts)


def attributes_of(given: Mapping) -> dict[str, str | bool]:
    """Keyword arguments as HTML attributes: hx_get becomes hx-get, None and False leave one out."""
    return {key.rstrip("_").replace("_", "-"): value for key, value in given.items() if value not in (None, False)}


# --- parts -----------------------------------------------------------------------------------------


@register.simple_block_tag
def part(content: str) -> str:
    """{% part as footer %}...{% endpart %}: a piece of a page, to be handed to a component."""
    return content


# --- time ------------------------------------------------------------------------------------------


@register.simple_tag
def slot_button(
    start: datetime,
    minutes: int,
    *,
    who: str = "",
    href: str = "",
    pressed: bool | None = None,
    taken: bool = False,
    **given,
) -> SafeString:
    """{% slot_button start minutes who=mentor.called name="start" value=... %}: one free span.

    start: the moment, shown on the reader's clock. who: for ears, who it is with.
    href: a link instead of a button. pressed: True while it is held, False for one that can be.
    taken: struck out. Further arguments become attributes (name, value, type, form, hx_post, ...).
    """
    if href:
        given = {"href": href} | given
    else:
        given.setdefault("type", "submit" if "name" in given else "button")
        if pressed is not None:
            given["aria-pressed"] = "true" if pressed else "false"
        given["disabled"] = taken
    here = timezone.localtime(start)
    return laid_out(
        "slot",
        element="a" if href else "button",
        attributes=flatatt(attributes_of(given)),
        start=start,
        iso=here.isoformat(),  # a card has a dozen of them, and the filter of templates takes ten times as long
        clock=f"{here:%H:%M}",
        minutes=minutes,
        who=who,
    )


@register.simple_tag
def slots(days: Iterable, *, who: str = "", name: str = "start", **given) -> SafeString:
    """{% slots days who=mentor.called name="start" %}: free spans, a row for each day.

    days: {"label": "Today", "slots": [{"start", "minutes", "pressed"?, "taken"?, "href"?, "value"?}]}.
    A slot is a submit button called `name` whose value is its start in UTC, unless it brings its own value
    or a link. Further arguments become attributes of every slot.
    """
    rows = []
    for day in days:
        buttons = [slot_button(**_slot(dict(each), who=who, name=name) | given) for each in day["slots"]]
        rows.append({"label": day["label"], "slots": buttons})
    return laid_out("slots", days=rows)


def _slot(each: dict, *, who: str, name: str) -> dict:
    told = {"who": who} | each
    if not told.get("href"):
        told |= {"name": name, "value": each.get("value") or instant(each["start"])}
    return told


def instant(moment: datetime) -> str:
    """A moment as forms carry it: "2026-11-26T10:15Z"."""
    return moment.astimezone(timezone.get_fixed_timezone(0)).strftime("%Y-%m-%dT%H:%MZ")


@register.simple_tag
def chips(options: Iterable[Mapping], *, name: str, legend: str, several: bool = False) -> SafeString:
    """{% chips options name="time" legend="When you are free" %}: a few short answers to choose from.

    options: {"value", "label", "checked"?, "proposed"?, "hidden"? for ears}, with "minutes" and "start"?
    for a dial.
    """
    return laid_out("chips", options=options, name=name, legend=legend, several=several)


@register.simple_tag
def lengths(
    name: str = "minutes", chosen: int = 25, *, offered: Sequence[int] = MINUTES, legend: str = "Length"
) -> SafeString:
    """{% lengths name="minutes" chosen=25 %}: 15 to 60 minutes, each with its dial."""
    options = [
        {
            "value": each,
            "label": each,
            "minutes": each,
            "hidden": "minutes",
            "checked": each == int(chosen or 0),
        }
        for each in offered
    ]
    return chips(options, name=name, legend=legend)


@register.simple_tag
def agenda(boxes: Iterable[Mapping], start=0) -> SafeString:
    """{% agenda boxes start=session.start %}: time boxes that fill.

    boxes: {"name", "minutes", "state"?: "done" or "now", "spent"?: minutes of it, "words"?}, in order.
    start: where the first begins on the dial.
    """
    from quarterhour.web.templatetags.pictures import minute_of

    rows, at = [], minute_of(start)
    for box in boxes:
        rows.append(dict(box) | {"start": at})
        at += box["minutes"]
    return laid_out("agenda", boxes=rows)


@register.simple_tag
def timer(
    start,
    minutes: int,
    *,
    title: str,
    shown: str = "",
    past: float = 0,
    until: datetime | None = None,
    words: str = "",
    id: str = "",
) -> SafeString:
    """{% timer start=s.start minutes=25 title="Starts in" shown="4:10" until=s.start %}.

    shown: the figure to begin with; without it the time of day of `until`. past: minutes already over.
    until: the moment the figure counts down to.
    """
    parts = {"start": start, "minutes": minutes, "past": past, "title": title, "words": words}
    return laid_out("timer", shown=shown, until=until, id=id, **parts)


@register.simple_tag
def ring(left: float, whole: float, words: str, gloss: str, *, label: str, small: bool = False) -> SafeString:
    """{% ring 35 60 "35" "left" label="35 of 60 minutes left" small=True %}: what is left of a wait."""
    drawn = mark_safe(drawing.ring(left, whole, ticks=not small))  # noqa: S308 - plain numbers only
    return laid_out("ring", picture=drawn, words=words, gloss=gloss, label=label, small=small)


@register.simple_tag
def week(
    free: Mapping, *, taken: Mapping | None = None, shown: str = "mon", label: str = "Your usual week"
) -> SafeString:
    """{% week free taken=booked %}: the editor for free hours. It belongs into a form.

    free: {"mon": [("09:00", "10:30")]}. taken: {"mon": [("11:15", "11:40", "booked", "Leila")]}, or "busy".
    shown: the day a phone begins with.
    The form carries one field for each free block: mon=09:00-10:30. A day without one is not free.
    """
    return laid_out("week", week=drawing.week(free, taken=taken), shown=shown, label=label)


# --- people and what they said ---------------------------------------------------------------------


@register.simple_tag
def person(
    who, line: str = "", *, name: str = "", size: str = "", heading: str = "", id: str = "", href: str = ""
) -> SafeString:
    """{% person mentor line="Staff engineer, Kraków" %}: face, name, one line.

    who: whoever the face belongs to. name: if `who` does not say it. heading: "h3" where the name is one. href: where
    the name leads.
    """
    called = name or getattr(who, "called", "") or str(who)
    tag = heading if heading in {"h1", "h2", "h3", "h4"} else "p"
    return laid_out("person", who=who, name=called, line=line, size=size, heading=tag, id=id, href=href)


@register.simple_tag
def quote(text: str, *, source: str = "", marked: str = "", lang: str = "") -> SafeString:
    """{% quote story.text source="Her story, 2023" marked=story.sentence %}: a person's own words.

    marked: the part of `text` that answers; marked where it occurs, left out where it does not.
    lang: set when the words are in another language than the page.
    """
    before, found, after = text.partition(marked) if marked else (text, "", "")
    return laid_out("quote", before=before, marked=found, after=after, source=source, lang=lang)


@register.simple_block_tag
def story(content: str, text: str, *, lang: str = "") -> SafeString:
    """{% story text %}<span>Found by 9</span>{% endstory %}: something lived through, and what came of it."""
    return laid_out("story", content=content, text=text, lang=lang)


@register.simple_block_tag
def mentor_card(
    content: str,
    who,
    why: str = "",
    *,
    id: str,
    line: str = "",
    name: str = "",
    href: str = "",
    view: str = "",
    missing: str = "",
    quality=None,
    on: str = "this topic",
    facts: str = "",
    footer: str = "",
) -> SafeString:
    """{% mentor_card mentor why=... id="m1" footer=footer %}the quotes{% endmentor_card %}: evidence first.

    view: the road this person took. missing: what does not fit. quality: helped, of, low, high, or None.
    href: where the name leads. facts, footer: from {% part %}. Always eight children: the rows of neighbouring cards
    line up by subgrid.
    """
    parts = {"who": who, "why": why, "id": id, "line": line, "name": name, "href": href, "view": view}
    parts |= {"missing": missing, "quality": quality, "on": on, "facts": facts, "footer": footer}
    return laid_out("mentor_card", content=content, **parts)


@register.simple_tag
def interval(helped: int, of: int, low: float, high: float, *, on: str = "") -> SafeString:
    """{% interval helped=14 of=16 low=0.64 high=0.97 on="this topic" %}: never a bare percentage."""
    return laid_out("interval", told=drawing.interval(helped, of, low, high, on=on))


@register.simple_block_tag
def now_offer(content: str, title: str, words: str = "", *, start=None, minutes: float = 0, id: str = "") -> SafeString:
    """{% now_offer "Two can answer now." start=now minutes=3 %}a button{% endnow_offer %}."""
    return laid_out("now_offer", content=content, title=title, words=words, start=start, minutes=minutes, id=id)


@register.simple_block_tag
def session(
    content: str,
    start: datetime,
    minutes: int,
    *,
    day: str,
    when: str,
    question: str,
    next: bool = False,
    quiet: bool = False,
    do: str = "",
) -> SafeString:
    """{% session s.start 25 day="Today" when="14:00 to 14:25" question=q do=buttons %}facts{% endsession %}.

    One `<li>` of the diary. next: an orange dial, for today's next one only. quiet: behind you.
    content: spans for its line of facts, and whatever follows them. do: the buttons, from {% part %}.
    """
    parts = {"start": start, "minutes": minutes, "day": day, "when": when, "question": question}
    return laid_out("session", content=content, next=next, quiet=quiet, do=do, **parts)


# --- a question and where it stands ----------------------------------------------------------------


@register.simple_tag
def brief(quarters: Sequence[str | bool], hint: str = "", *, id: str = "brief", live: bool = False) -> SafeString:
    """{% brief quarters hint="Say what you have tried." %}: situation, tried, advice wanted, by when.

    quarters: four of "there", "next", "". live: told when it changes.
    """
    drawn = drawing.brief(quarters)
    return laid_out("brief", picture=mark_safe(drawn.picture), count=drawn.count, hint=hint, id=id, live=live)  # noqa: S308


@register.simple_tag
def tracker(at: str, detail: str = "", *, label: str = "Where this question stands") -> SafeString:
    """{% tracker "booked" detail="Today 14:00, Ruth Abrams" %}: from asked to helped."""
    steps = drawing.tracker(at, detail)
    return laid_out("tracker", steps=steps, at=at.capitalize(), detail=detail, label=label)


@register.simple_tag
def brief_sheet(rows: Iterable[tuple]) -> SafeString:
    """{% brief_sheet rows %}: what a mentor reads in one minute.

    rows: (term, text) or (term, text, "spoken") for the person's own words; without a text there is no row.
    """
    told = [{"term": row[0], "text": row[1], "spoken": len(row) > 2 and row[2] == "spoken"} for row in rows]  # noqa: PLR2004
    return laid_out("brief_sheet", rows=[row for row in told if row["text"]])


@register.simple_tag
def steps(items: Iterable[Mapping], *, live: bool = False) -> SafeString:
    """{% steps items %}: what happens next, in order.

    items: {"title", "words"?, "state"?: "done" or "now", and "icon" or "start" with "minutes"}.
    """
    return laid_out("steps", items=items, live=live)


@register.simple_tag
def figures(items: Iterable[Mapping], *, kind: str = "") -> SafeString:
    """{% figures items kind="three" %}: numbers, each with its meaning and its base.

    items: {"label", "number", "small"?, "gloss"?}.
    """
    return laid_out("figures", items=items, kind=kind)


@register.simple_tag
def bar(part: float, *, kind: str = "", label: str = "") -> SafeString:
    """{% bar 92 kind="time" label="22 of 24 hours are left" %}: how much of something finite, 0 to 100."""
    return laid_out("bar", part=f"{min(max(part, 0), 100):.0f}%", kind=kind, label=label)


# --- messages --------------------------------------------------------------------------------------


@register.simple_block_tag
def note(content: str, kind: str = "", *, icon: str = "", role: str = "") -> SafeString:
    """{% note "differ" icon="mic" role="alert" %}<p>...</p>{% endnote %}: a message inside the page.

    kind: "time", "agree", "differ", "aid" or nothing; each has an icon of its own.
    """
    return laid_out("note", content=content, kind=kind, icon=icon, role=role)


@register.simple_block_tag
def empty_place(
    content: str, title: str, *, art: str = "", label: str = "", solid: bool = False, heading: str = "h3"
) -> SafeString:
    """{% empty_place "No one is waiting" art="rest" %}<p>Enjoy.</p>{% endempty_place %}: one way on.

    art: "question", "rest" or "apart". label: a small line above, "Error 404". Its stylesheet is empty.css;
    `empty` itself is a word of the for-loop.
    """
    tag = heading if heading in {"h1", "h2", "h3"} else "h3"
    return laid_out("empty_place", content=content, title=title, art=art, label=label, solid=solid, heading=tag)


@register.simple_tag(takes_context=True)
def toasts(context, told: Iterable | None, *, oob: bool = False) -> SafeString:
    """{% toasts messages %}: what just happened, each with its way back or on.

    told: Django's messages; `quarterhour.web.toasts.tell` adds an undo or a link to one.
    oob: for an htmx answer, which then adds them to the page.
    """
    rows = [_toast(message) for message in told or ()]
    return laid_out("toasts", toasts=rows, oob=oob, csrf_token=context.get("csrf_token", ""))


def _toast(message) -> dict:
    extra = message.extra_tags or ""
    try:
        ways = json.loads(extra) if extra.startswith("{") else {"undo": extra if _is_local(extra) else ""}
    except ValueError:
        ways = {}
    ways = {key: ways.get(key, "") for key in ("undo", "link", "link_words")}
    if not _is_local(ways["link"]):
        ways["link"] = ""
    if not _is_local(ways["undo"]):
        ways["undo"] = ""
    return {"words": message.message, "wrong": message.level_tag == "error"} | ways


def _is_local(address: str) -> bool:
    return address.startswith("/") and not address.startswith("//")


@register.simple_tag
def hidden(text: str) -> SafeString:
    """{% hidden "with Amara Okafor" %}: words for ears only, with the space that parts them."""
    return format_html('<span class="visually-hidden"> {}</span>', text)
