from __future__ import annotations

from django.urls import path

from quarterhour.web.now import views

app_name = "now"
urlpatterns = [
    path("for/<uuid:pk>/", views.press, name="press"),
    path("ticket/", views.ticket, name="ticket"),
    path("on-call/", views.on_call, name="on_call"),
    path("on-call/stop/", views.stop, name="stop"),
    path("ring/", views.ring, name="ring"),
    path("ring/<uuid:pk>/yes/", views.yes, name="yes"),
    path("ring/<uuid:pk>/pass/", views.pass_on, name="pass"),
    path("<uuid:pk>/", views.line, name="line"),
    path("<uuid:pk>/later/", views.rest, name="rest"),
    path("<uuid:pk>/back/", views.come_back, name="come_back"),
    path("<uuid:pk>/leave/", views.leave, name="leave"),
]
