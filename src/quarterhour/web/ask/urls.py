from __future__ import annotations

from django.urls import path

from quarterhour.web.ask import views

app_name = "ask"
urlpatterns = [
    path("", views.ask, name="ask"),
    path("read/", views.reading, name="read"),
    path("<uuid:pk>/", views.edit, name="edit"),
    path("<uuid:pk>/close/", views.close, name="close"),
]
