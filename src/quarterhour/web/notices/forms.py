"""What people choose about being told."""

from __future__ import annotations

from django import forms

from quarterhour.notifications.models import Channel
from quarterhour.web.people.forms import Form, Words


class Channels(forms.MultipleChoiceField):
    """Ticks, one for each channel."""

    default_error_messages = {"invalid_choice": "“%(value)s” is no channel of ours. Choose from the table."}

    def __init__(self) -> None:
        super().__init__(choices=Channel.choices, required=False)


class WishesForm(Form):
    reminders, bookings, cards, actions, follow_ups = Channels(), Channels(), Channels(), Channels(), Channels()
    quiet_from = forms.TimeField(label="Quiet from", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    quiet_until = forms.TimeField(label="until", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))


class BrowserForm(Form):
    """What a browser tells about its own subscription."""

    endpoint = forms.CharField(max_length=2_000)
    p256dh = forms.CharField(max_length=120)
    auth = forms.CharField(max_length=60)
    name = Words(max_length=60)


class WebhookForm(Form):
    url = Words(label="Address", max_length=2_000)
