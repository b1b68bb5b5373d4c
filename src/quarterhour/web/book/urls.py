from __future__ import annotations

from django.urls import path

from quarterhour.web.book import asking, releasing, views

app_name = "book"
urlpatterns = [
    path("", views.sessions, name="sessions"),
    path("asked/<uuid:pk>/", asking.asked, name="asked"),
    path("<uuid:pk>/", views.booked, name="booked"),
    path("<uuid:pk>/other-time/", asking.other_time, name="other_time"),
    path("<uuid:pk>/choose/", asking.choose, name="choose"),
    path("<uuid:pk>/pass-on/", asking.pass_on, name="pass_on"),
    path("<uuid:pk>/ask-instead/", asking.ask_instead, name="ask_instead"),
    path("<uuid:pk>/book/", views.confirm, name="confirm"),
    path("<uuid:pk>/give-back/", views.give_back, name="give_back"),
    path("<uuid:pk>/left/", views.left, name="left"),
    path("<uuid:pk>/here/", views.here, name="here"),
    path("<uuid:pk>/move/", views.move, name="move"),
    path("<uuid:pk>/cannot-come/", views.cannot_come, name="cannot_come"),
    path("<uuid:pk>/release/", releasing.release, name="release"),
    path("<uuid:pk>/coming/", views.say_coming, name="coming"),
    path("<uuid:pk>/answer/", views.answer, name="answer"),
    path("<uuid:pk>/tried/", views.tried, name="tried"),
    path("<uuid:pk>/calendar.ics", views.calendar_file, name="calendar_file"),
]
