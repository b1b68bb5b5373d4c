from __future__ import annotations

from django.urls import path

from quarterhour.web.availability import views

app_name = "availability"
urlpatterns = [
    path("", views.week, name="week"),
    path("preview/", views.preview, name="preview"),
    path("once/", views.offer_once, name="offer_once"),
    path("undo/", views.undo, name="undo"),
    path("meeting/", views.meeting, name="meeting"),
    path("days/", views.add_days, name="add_days"),
    path("days/remove/", views.remove_days, name="remove_days"),
    path("days/restore/", views.restore_days, name="restore_days"),
]
