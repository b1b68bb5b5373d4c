from __future__ import annotations

from django.urls import path

from quarterhour.web.mentor import impact, views

app_name = "mentor"
urlpatterns = [
    path("", views.today, name="today"),
    path("impact/", impact.impact, name="impact"),
    path("<uuid:pk>/", views.brief, name="brief"),
]
