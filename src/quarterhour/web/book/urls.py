from __future__ import annotations

from django.urls import path

from quarterhour.web.book import views

app_name = "book"
urlpatterns = [
    path("", views.sessions, name="sessions"),
    path("<uuid:pk>/", views.booked, name="booked"),
    path("<uuid:pk>/book/", views.confirm, name="confirm"),
    path("<uuid:pk>/give-back/", views.give_back, name="give_back"),
    path("<uuid:pk>/left/", views.left, name="left"),
    path("<uuid:pk>/here/", views.here, name="here"),
    path("<uuid:pk>/move/", views.move, name="move"),
    path("<uuid:pk>/cannot-come/", views.cannot_come, name="cannot_come"),
    path("<uuid:pk>/release/", views.release, name="release"),
    path("<uuid:pk>/coming/", views.say_coming, name="coming"),
    path("<uuid:pk>/answer/", views.answer, name="answer"),
    path("<uuid:pk>/tried/", views.tried, name="tried"),
    path("<uuid:pk>/calendar.ics", views.calendar_file, name="calendar_file"),
]
