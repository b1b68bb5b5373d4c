"""Where allauth meets our own pages."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.urls import reverse


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request) -> bool:
        """Accounts are opened by a mail link, never by allauth's own form."""
        return False

    def get_login_redirect_url(self, request) -> str:
        return reverse("front:home")
