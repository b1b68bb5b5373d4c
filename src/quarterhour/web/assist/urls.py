from __future__ import annotations

from django.urls import path

from quarterhour.web.assist import views

app_name = "assist"
urlpatterns = [
    path("<uuid:pk>/", views.meanwhile, name="meanwhile"),
    path("<uuid:pk>/ask/", views.ask, name="ask"),
]
