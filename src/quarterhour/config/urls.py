"""Every address: one include a journey."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path

urlpatterns = [
    path("", include("quarterhour.web.front.urls")),
    path("", include("quarterhour.web.people.urls")),
    path("", include("quarterhour.web.notices.urls")),
    path("", include("quarterhour.web.calendars.urls")),
    path("ask/", include("quarterhour.web.ask.urls")),
    path("match/", include("quarterhour.web.match.urls")),
    path("now/", include("quarterhour.web.now.urls")),
    path("meanwhile/", include("quarterhour.web.assist.urls")),
    path("sessions/", include("quarterhour.web.book.urls")),
    path("kept/", include("quarterhour.web.kept.urls")),
    path("in-writing/", include("quarterhour.web.writing.urls")),
    path("room/", include("quarterhour.web.room.urls")),
    path("along/", include("quarterhour.web.along.urls")),
    path("takeaway/", include("quarterhour.web.advice.urls")),
    path("actions/", include("quarterhour.web.actions.urls")),
    path("decide/", include("quarterhour.web.decide.urls")),
    path("knowledge/", include("quarterhour.web.knowledge.urls")),
    path("mentor/", include("quarterhour.web.mentor.urls")),
    path("hours/", include("quarterhour.web.availability.urls")),
    path("operate/", include("quarterhour.web.operate.urls")),
    path("reports/", include("quarterhour.web.reports.urls")),
    path("program/", include("quarterhour.web.program.urls")),
    path("demo/", include("quarterhour.web.demo.urls")),
    path("by-mail/", include("quarterhour.web.links.urls")),
]

if settings.SHOW_DESIGN:
    urlpatterns.append(path("design/", include("quarterhour.web.design.urls")))

handler400 = "quarterhour.web.refusals.bad_request"
handler403 = "quarterhour.web.refusals.forbidden"
handler404 = "quarterhour.web.refusals.not_found"
handler500 = "quarterhour.web.refusals.broken"
