"""Addresses that stand in mails: whole ones, because a mail is read far from here.

They are promises kept for as long as the mails lie in people's boxes, so they are written here as they
are, not looked up; a test opens each of them.
"""

from __future__ import annotations

from uuid import UUID

from django.conf import settings

from quarterhour.needs.models import Need
from quarterhour.sessions.models import MentoringSession
from quarterhour.sessions.writing_models import WrittenAsk


def whole(path: str) -> str:
    """The address people can open from anywhere, for a path of ours."""
    return settings.SITE_URL + path


def room(session: MentoringSession) -> str:
    return whole(f"/room/{session.pk}/")


def card(session: MentoringSession) -> str:
    return whole(f"/takeaway/{session.pk}/")


def sessions() -> str:
    return whole("/sessions/")


def report(report_id: UUID) -> str:
    """Where a report is read and answered."""
    return whole(f"/reports/{report_id}/")


def session(session: MentoringSession) -> str:
    return whole(f"/sessions/{session.pk}/")


def how_kept(session: MentoringSession) -> str:
    """How it was kept, and where to say that it was otherwise."""
    return whole(f"/kept/{session.pk}/")


def asked(need: Need | None) -> str:
    """Who has the question, and how much time is left."""
    return whole(f"/sessions/asked/{need.pk}/" if need else "/sessions/")


def written(ask: WrittenAsk) -> str:
    """Where a mentor answers a question in writing."""
    return whole(f"/in-writing/{ask.pk}/")


def my_actions() -> str:
    """What somebody took on, with its days."""
    return whole("/actions/")


def wishes() -> str:
    return whole("/me/notices/")


def today() -> str:
    """A mentor's own page, where a ring is answered."""
    return whole("/mentor/")


def on_call() -> str:
    """Where a mentor goes on call."""
    return whole("/mentor/#on-call-h")


def people_for(need: Need | None) -> str:
    """Where the same question finds somebody else; without a question, where one begins."""
    return whole(f"/match/{need.pk}/" if need else "/ask/")


def by_mail(purpose: str, secret: str) -> str:
    return whole(f"/by-mail/{purpose}/{secret}/")
