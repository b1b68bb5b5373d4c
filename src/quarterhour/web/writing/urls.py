from __future__ import annotations

from django.urls import path

from quarterhour.web.writing import views

app_name = "writing"
urlpatterns = [
    path("for/<uuid:pk>/", views.ask, name="ask"),
    path("<uuid:pk>/", views.answer, name="answer"),
    path("<uuid:pk>/take-back/", views.take_back, name="take_back"),
    path("<uuid:pk>/helped/", views.helped, name="helped"),
]
