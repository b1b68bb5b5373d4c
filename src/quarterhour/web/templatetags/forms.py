"""Tags of forms: a field with its words, choices, and how much it helped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django import forms, template
from django.forms.boundfield import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString

from quarterhour.web.keys import fresh_key
from quarterhour.web.templatetags.components import attributes_of, laid_out

register = template.Library()


@register.simple_tag
def form_key() -> SafeString:
    """{% form_key %} beside {% csrf_token %}: a double press of this form has one effect."""
    return format_html('<input type="hidden" name="key" value="{}">', fresh_key())


HELPFUL = ("Not at all", "A little", "Somewhat", "A lot", "It moved me on")
UNTYPED = (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple, forms.HiddenInput)


@register.simple_tag
def field(bound: BoundField, *, hint: str = "", label: str = "", kind: str = "", **given) -> SafeString:
    """{% field form.mail hint="We send a link." %}: label, control, hint and error, tied together for ears.

    kind: "spoken" for a person's own words, "small", "code", "toggle" for a switch, "time" for an orange one.
    Further arguments become attributes of the control (rows, placeholder, autocomplete, hx_post, ...).
    """
    widget = bound.field.widget
    told = hint or bound.help_text
    ids = [f"{bound.auto_id}-hint"] * bool(told) + [f"{bound.auto_id}-error"] * bool(bound.errors)
    attributes = attributes_of(given)
    if ids:
        attributes["aria-describedby"] = " ".join(ids)
    if bound.errors:
        attributes["aria-invalid"] = "true"
    single = isinstance(widget, forms.CheckboxInput)
    ranged = getattr(widget, "input_type", "") == "range"
    if not isinstance(widget, UNTYPED) and not ranged:
        attributes["class"] = f"input {kind}".strip()
    elif single and kind == "time":
        attributes["class"] = "time"
    group = isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple)
    return laid_out(
        "field",
        bound=bound,
        control=bound.as_widget(attrs=attributes),
        label=label or bound.label,
        hint=told,
        single=single,
        switch=kind in {"toggle", "time"},
        group=group,
        described=" ".join(ids),
    )


@register.simple_tag
def choice(options: Iterable[Mapping], *, label: str, name: str = "", kind: str = "") -> SafeString:
    """{% choice options label="Whose sessions" %}: a row that looks like one control.

    options: {"label", "url", "current"?, "count"?} for links; with `name` they are radio buttons, and have
    a "value" for "url".
    """
    return laid_out("choice", options=options, label=label, name=name, kind=kind)


@register.simple_block_tag
def pick(
    content: str,
    name: str,
    value: str,
    *,
    because: str = "",
    several: bool = False,
    checked: bool = False,
    proposed: bool = False,
) -> SafeString:
    """{% pick "road" "lead" because="Said by 4" %}what it is{% endpick %}: a card to choose."""
    parts = {"name": name, "value": value, "because": because, "several": several}
    return laid_out("pick", content=content, checked=checked, proposed=proposed, **parts)


@register.simple_tag
def helpful(name: str = "helpful", *, chosen: int | None = None, words: Sequence[str] = HELPFUL) -> SafeString:
    """{% helpful name="helpful" chosen=form.helpful.value %}: 0 to 4 quarters. Nothing is preselected."""
    told = None if chosen in (None, "") else int(chosen)
    rows = [{"value": value, "minutes": value * 15, "words": each} for value, each in enumerate(words)]
    return laid_out("helpful", name=name, chosen=told, rows=rows)


@register.simple_tag
def helped_buttons(chosen: int | None = None) -> SafeString:
    """{% helped_buttons answer %}: the same five as buttons, so that one press answers."""
    rows = [{"value": value, "minutes": value * 15, "words": each} for value, each in enumerate(HELPFUL)]
    return laid_out("helped_buttons", rows=rows, chosen=chosen)
