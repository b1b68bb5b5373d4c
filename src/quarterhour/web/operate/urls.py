from __future__ import annotations

from django.urls import path

from quarterhour.web.operate import views

app_name = "operate"
urlpatterns = [
    path("", views.health, name="health"),
    path("given-up/", views.given_up, name="given_up"),
    path("rankings/", views.rankings, name="rankings"),
    path("rankings/<uuid:pk>/", views.ranking, name="ranking"),
    path("health.json", views.health_json, name="health_json"),
]
