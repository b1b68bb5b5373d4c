"""Words of the ask sentence, and where a question stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from django import template
from django.forms.utils import flatatt
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from quarterhour.engines.understand import short_question as shortened
from quarterhour.notifications.words import place, zone_of
from quarterhour.web.templatetags.components import attributes_of, tracker
from quarterhour.web.templatetags.components import instant as as_value

register = template.Library()
ADDRESS = re.compile(r"""https?://[^\s<>"']+""")  # as the chat of the room reads them


@register.simple_tag
def word(
    name: str, options: Iterable[tuple], chosen, *, label: str, proposed: bool = False, minutes: int = 0, **given
) -> SafeString:
    """{% word "kind" kinds need.kind label="Kind of help" proposed=True %}: a choice inside a sentence.

    options: (value, words) pairs. proposed: dashed, because the machine guessed. minutes: a dial before it.
    Further arguments become attributes of the select.
    """
    parts = {"name": name, "options": options, "chosen": chosen, "label": label, "proposed": proposed}
    attributes = flatatt(attributes_of(given))
    return render_to_string(
        "components/word.html", parts | {"minutes": minutes, "id": f"word-{name}", "attributes": attributes}
    )


@register.filter
def instant(moment: datetime) -> str:
    """A moment as forms carry it."""
    return as_value(moment)


@register.filter
def town(zone: str) -> str:
    """What people call a zone: "Lagos" for Africa/Lagos."""
    return place(zone_of(zone))


@register.filter
def thousands(count: int) -> str:
    """ "1,665"."""
    return f"{count:,}"


@register.filter
def lacks(words: Sequence[str] | None, one: str) -> bool:
    """Whether `one` is not among the words."""
    return one not in (words or ())


@register.filter
def short_question(text: str, limit: int = 110) -> str:
    """The question of a long text, for lists."""
    return shortened(text or "", limit=limit)


@register.filter
def with_links(text: str) -> SafeString:
    """What somebody wrote, its web addresses as links; nothing else of it is ever markup. A stop behind one is none.

    >>> print(with_links("See https://a.example/b?c=1&d=2."))
    See <a href="https://a.example/b?c=1&amp;d=2" target="_blank" rel="noopener noreferrer nofollow">\
https://a.example/b?c=1&amp;d=2</a>.
    """
    parts, at = [], 0
    for found in ADDRESS.finditer(text or ""):
        address = found.group().rstrip(".,;:!?)]")
        link = format_html('<a href="{0}" target="_blank" rel="noopener noreferrer nofollow">{0}</a>', address)
        parts += [text[at : found.start()], link]
        at = found.start() + len(address)
    return format_html_join("", "{}", ((part,) for part in [*parts, (text or "")[at:]]))


@register.filter
def first_names(people: Iterable) -> str:
    """ "Amara", "Amara and Tomasz", "Amara, Tomasz and Ines"."""
    *others, last = [person.first_name for person in people] or [""]
    return f"{', '.join(others)} and {last}" if others else last


@register.simple_tag
def standing(of) -> SafeString:
    """{% standing row.standing %}: the tracker of one question, with when and with whom."""
    detail = ""
    if of.session is not None:
        starts = timezone.localtime(of.session.starts_at)
        detail = f"{starts:%a} {starts.day} {starts:%b}, {of.session.mentor.called}"
        if of.at == "booked":
            detail = f"{starts:%a} {starts.day} {starts:%b} {starts:%H:%M}, {of.session.mentor.called}"
        elif of.actions:
            detail = f"{of.done} of {of.actions} done"
    return tracker(of.at, detail)
