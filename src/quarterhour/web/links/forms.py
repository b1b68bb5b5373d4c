"""What may be said beside a press."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import forms

from quarterhour.core.errors import Invalid
from quarterhour.core.text import clean
from quarterhour.web.reasons import NO_BECAUSE

MOST_WORDS = 400


class Words(forms.CharField):
    """A sentence somebody may add."""

    def __init__(self, **kwargs) -> None:
        told = {"max_length": f"That is longer than {MOST_WORDS} characters. Shorten it a little."}
        super().__init__(required=False, max_length=MOST_WORDS, error_messages=told, **kwargs)

    def to_python(self, value) -> str:
        return clean(super().to_python(value))


class PressForm(forms.Form):
    """`seen` is the version of the session the page showed: what has changed since is not pressed by accident."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, now: datetime, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.now = now


class ReleaseForm(PressForm):
    """`instead`: a mentor would rather have somebody else take the time."""

    note = Words()
    instead = forms.BooleanField(required=False)


class MoveForm(PressForm):
    start = forms.DateTimeField(
        error_messages={"required": "Choose a time first.", "invalid": "Choose one of the times shown."}
    )

    def clean_start(self) -> datetime:
        start = self.cleaned_data["start"]
        if not self.now < start < self.now + timedelta(days=366):
            raise forms.ValidationError("Choose one of the times shown.")
        return start


class NotShown(Invalid):
    """Something was chosen that the page did not show."""


class Times(forms.Field):
    """Several starts, in the order they are shown in."""

    widget = forms.SelectMultiple

    def to_python(self, value) -> list[datetime]:
        one = forms.DateTimeField(error_messages={"invalid": "Choose among the times shown."})
        return [one.clean(each) for each in value or []]


class TimesForm(PressForm):
    start = Times(error_messages={"required": "Choose one time at least."})
    words = Words(label="A word with it, if you like")

    def clean_start(self) -> list[datetime]:
        starts = self.cleaned_data["start"]
        if not all(self.now < start < self.now + timedelta(days=366) for start in starts):
            raise forms.ValidationError("Choose among the times shown.")
        return starts


class PersonForm(PressForm):
    person = forms.UUIDField(
        error_messages={"required": "Choose somebody first.", "invalid": "Choose one of the people shown."}
    )
    words = Words(label="Why them, if you like")


class DeclineForm(PressForm):
    why = forms.ChoiceField(required=False, choices=NO_BECAUSE.items())
    words = Words(label="Or in your own words, for us")

    @property
    def note(self) -> str:
        """What is kept about a no: the person's own words before the ready-made ones."""
        return self.cleaned_data["words"] or NO_BECAUSE.get(self.cleaned_data["why"], "")


class BriefForm(DeclineForm):
    answer = forms.ChoiceField(
        choices=(("yes", "yes"), ("no", "no")),
        error_messages={"required": "Say yes or no.", "invalid_choice": "Say yes or no."},
    )
