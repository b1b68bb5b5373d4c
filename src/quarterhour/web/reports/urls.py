from __future__ import annotations

from django.urls import path

from quarterhour.web.reports import judging, making

app_name = "reports"
urlpatterns = [
    path("", judging.reports, name="reports"),
    path("<uuid:pk>/", judging.case, name="case"),
    path("<uuid:pk>/answer/", judging.answer, name="answer"),
    path("session/<uuid:pk>/", making.make, name="make"),
]
