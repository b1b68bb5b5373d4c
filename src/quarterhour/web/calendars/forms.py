"""What people type about their other calendars. Which of it can be used is said in availability.calendars."""

from __future__ import annotations

from django import forms

from quarterhour.web.people.forms import Form, Words

PLAIN = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


class AddressForm(Form):
    address = Words(label="Address of the calendar", widget=forms.TextInput(attrs={**PLAIN, "inputmode": "url"}))
    name = Words(label="What you call it", widget=forms.TextInput(attrs={"maxlength": 120, "autocomplete": "off"}))


class AccountForm(Form):
    address = Words(label="Address of the server", widget=forms.TextInput(attrs={**PLAIN, "inputmode": "url"}))
    user = Words(label="User name", widget=forms.TextInput(attrs=PLAIN))
    # Never sent back to the page, and not cleaned: a password is what it is.
    password = forms.CharField(
        label="Password for apps",
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )


class PasswordForm(Form):
    password = AccountForm.base_fields["password"]


class CountsForm(Form):
    """What counts in one calendar."""

    name = Words(label="What you call it", widget=forms.TextInput(attrs={"maxlength": 120, "autocomplete": "off"}))
    tentative = forms.BooleanField(label="What is tentative counts as busy", required=False)
    unanswered = forms.BooleanField(label="Invitations I have not answered count as busy", required=False)
    known_as = Words(label="Other addresses I am invited at", widget=forms.TextInput(attrs=PLAIN))

    @classmethod
    def of(cls, row) -> CountsForm:
        shown = {"name": row.name, "tentative": row.tentative, "unanswered": row.unanswered}
        return cls(initial=shown | {"known_as": ", ".join(row.known_as)}, prefix=str(row.pk))
