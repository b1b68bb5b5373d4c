from __future__ import annotations

from django.urls import path

from quarterhour.web.actions import views

app_name = "actions"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("calendar.ics", views.calendar_file, name="calendar"),
    path("list.md", views.list_file, name="list"),
    path("<uuid:pk>/day/", views.day, name="day"),
    path("<uuid:pk>/helped/", views.helped, name="helped"),
    path("<uuid:pk>/why/", views.why, name="why"),
    path("<uuid:pk>/<slug:fate>/", views.fate, name="fate"),
]
