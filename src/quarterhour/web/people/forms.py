"""What people type about themselves, as it comes and as it goes back. What may stand there is in people.rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from django import forms
from django.conf import settings

from quarterhour.core.errors import Invalid, QuarterhourError
from quarterhour.core.text import clean
from quarterhour.engines.hours import DAYS
from quarterhour.people import languages, rules
from quarterhour.people.models import Profile

SPARE_ROWS = 2


class Words(forms.CharField):
    """Text, cleaned before anything looks at it: zero bytes and the like are gone, writing marks stay."""

    def __init__(self, *, rows: int = 0, **given) -> None:
        given.setdefault("required", False)
        if rows:
            given["widget"] = forms.Textarea(attrs={"rows": rows})
        super().__init__(**given)

    def to_python(self, value) -> str:
        return clean(super().to_python(value) or "")


class Form(forms.Form):
    """Our forms: no colon after labels, and refusals of the services stand beside their fields."""

    def __init__(self, *args, **given) -> None:
        given.setdefault("label_suffix", "")
        super().__init__(*args, **given)

    def typed(self) -> dict:
        """What was typed, as Python values. Raises Invalid if a field refuses it; the sentences are in place."""
        if not self.is_valid():
            raise Invalid(rules.AMISS)
        return self.cleaned_data

    def refuse(self, error: QuarterhourError) -> None:
        """Put each sentence beside its field; what belongs to none stands above the form."""
        self.is_valid()
        if not error.fields:
            self.add_error(None, error.told)
        for name, told in error.fields.items():
            self.add_error(name if name in self.fields else None, told)


@lru_cache(maxsize=1)
def zone_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every zone under its part of the world, as people call places."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(rules.zones()):
        part, slash, place = name.partition("/")
        if slash and part not in {"Etc", "SystemV"}:
            groups.setdefault(part, []).append((name, place.replace("_", " ").replace("/", ", ")))
    groups["Other"] = [("UTC", "UTC")]
    return list(groups.items())


class ZoneField(Words):
    """A zone chosen from the list. Another name is not refused here, so that it can be told what is wrong."""

    def __init__(self, **given) -> None:
        super().__init__(widget=forms.Select, **given)

    def __deepcopy__(self, memo):
        copy = super().__deepcopy__(memo)
        copy.widget.choices = zone_choices
        return copy


class SignInForm(Form):
    email = Words(
        label="Your mail address",
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True, "maxlength": 320}),
    )
    next = Words(widget=forms.HiddenInput)
    zone = Words(widget=forms.HiddenInput(attrs={"data-zone-guess": True}))


class NameForm(Form):
    name = Words(label="What do people call you?", widget=forms.TextInput(attrs={"autocomplete": "name"}))


class ZoneForm(Form):
    zone = ZoneField(label="Your clock")


class ProfileForm(Form):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = Words(label="What people call you", widget=forms.TextInput(attrs={"autocomplete": "name"}))
    headline = Words(label="In one line")
    role = Words(label="What you do")
    zone = ZoneField(label="Your clock")
    about = Words(label="About you", rows=5)
    goals = Words(label="What you are after", rows=3)
    values = Words(label="What matters to you")
    helps_with = forms.MultipleChoiceField(
        label="People can come to you to",
        choices=list(rules.KINDS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "“%(value).40s” is not on the list. Choose from it."},
    )
    not_for = Words(label="What you are not for")
    style = Words(label="How you talk")
    lengths = forms.MultipleChoiceField(
        label="Minutes that suit you",
        choices=[(str(each), f"{each} minutes") for each in settings.POLICY["lengths"]],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "“%(value).40s” is not on the list. Choose from it."},
    )
    confirm = forms.ChoiceField(
        label="A booking",
        choices=Profile.Confirm.choices,
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": "Choose whether bookings confirm at once or you are asked first."},
    )
    now_ok = forms.BooleanField(label="People may ask me right now, when my hours say so", required=False)

    @classmethod
    def of(cls, profile: Profile) -> ProfileForm:
        """The form as the profile stands."""
        person = profile.person
        columns = ("headline", "role", "about", "goals", "helps_with", "not_for", "style", "confirm", "now_ok")
        shown = {name: getattr(profile, name) for name in columns}
        shown |= {"name": person.name, "zone": person.zone, "version": profile.version}
        shown |= {"values": ", ".join(profile.values), "lengths": [str(each) for each in profile.lengths]}
        return cls(initial=shown)


class StoryForm(Form):
    seen = Words(widget=forms.HiddenInput)
    text = Words(label="I once…", rows=7)
    title = Words(label="In a few words")
    year = Words(label="Which year", widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 8}))


class PauseForm(Form):
    until = forms.DateField(
        label="I am back on",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "That is no day we know. Choose it from the calendar, or write 2026-12-24."},
    )


class JoinForm(Form):
    text = Words(label="I once…", rows=6)
    minutes = forms.ChoiceField(
        label="Minutes a week",
        choices=[("15", "15 minutes a week"), ("30", "30 minutes a week"), ("60", "60 minutes a week")],
        required=False,
        error_messages={"invalid_choice": "Choose one of the three."},
    )
    days = forms.MultipleChoiceField(
        label="On which days",
        choices=[(day, name[:3]) for day, name in DAYS.items()],
        required=False,
        error_messages={"invalid_choice": "“%(value).40s” is no day."},
    )
    start = Words(label="From", widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 8}))
    end = Words(label="to", widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 8}))
    zone = ZoneField(label="On the clock of")


def rows_of(data, *names: str) -> list[tuple[str, ...]]:
    """Columns as they were sent, as rows; a row that lost one of them, after the first, gets an empty one."""
    first, *others = (data.getlist(name) for name in names)
    return list(zip(first, *(column + [""] * (len(first) - len(column)) for column in others), strict=False))


def topic_rows(shown: Sequence[tuple[str, ...]], *, spare: int = SPARE_ROWS) -> list[dict]:
    """Rows of the topic editor, with empty ones at the end. shown: name, level, and what a booking for it does."""
    rows = [{"name": name, "level": level, "confirm": "".join(more)} for name, level, *more in shown if name.strip()]
    rows += [{"name": "", "level": "lived", "confirm": ""}] * spare
    return [row | {"number": number, "last": number == len(rows)} for number, row in enumerate(rows, start=1)]


def language_rows(shown: Sequence[tuple[str, ...]], *, spare: int = 1) -> list[dict]:
    rows = [{"code": code, "level": level} for code, level in shown if code]
    rows += [{"code": "", "level": "fluent"}] * spare
    return [row | {"number": number} for number, row in enumerate(rows, start=1)]


CONFIRM = (("", "As usual"), ("instant", "Book at once"), ("ask", "Ask me first"))  # for one topic
LANGUAGES = sorted(languages.NAMES.items(), key=lambda each: each[1])


def today_of(request) -> date:
    """Today on the reader's own calendar."""
    from django.utils import timezone

    return timezone.localdate(request.now)
