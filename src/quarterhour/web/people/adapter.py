"""Where allauth meets our own pages."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from django.urls import reverse

from quarterhour.web.refusals import refusal


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request) -> bool:  # noqa: ARG002 - allauth's signature
        """Accounts are opened by a mail link, never by allauth's own form."""
        return False

    def get_login_redirect_url(self, request) -> str:  # noqa: ARG002 - allauth's signature
        return reverse("front:home")

    def add_message(self, *args, **given) -> None:
        """Our views say themselves what happened."""

    def respond_user_inactive(self, request, user):  # noqa: ARG002 - allauth's signature
        told = "This account is closed. Write to whoever runs this place if that is a mistake."
        raise ImmediateHttpResponse(refusal(request, status=403, title="Not for you", told=told))
