from __future__ import annotations

from django.urls import path

from quarterhour.web.demo import views

app_name = "demo"
urlpatterns = [
    path("", views.who, name="who"),
    path("enter/<str:who>/<str:token>", views.enter, name="enter"),
    path("sent/", views.sent, name="sent"),
    path("post/", views.post, name="post"),
    path("post/<str:name>/", views.mail, name="mail"),
    path("post/<str:name>/invite.ics", views.calendar, name="calendar"),
]
