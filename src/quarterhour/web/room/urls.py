from __future__ import annotations

from django.urls import path

from quarterhour.web.room import views

app_name = "room"
urlpatterns = [
    path("<uuid:pk>/", views.lobby, name="lobby"),
    path("<uuid:pk>/in/", views.room, name="room"),
    path("<uuid:pk>/ticket/", views.ticket, name="ticket"),
]
