from __future__ import annotations

from django.urls import path

from quarterhour.web.room import views, where

app_name = "room"
urlpatterns = [
    path("<uuid:pk>/", views.lobby, name="lobby"),
    path("<uuid:pk>/in/", views.room, name="room"),
    path("<uuid:pk>/where/", where.where, name="where"),
    path("<uuid:pk>/what-was-said/delete/", views.erase_said, name="erase_said"),
    path("<uuid:pk>/ticket/", views.ticket, name="ticket"),
]
