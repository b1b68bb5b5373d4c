from __future__ import annotations

from django.urls import path

from quarterhour.web.operate import ranker, views

app_name = "operate"
urlpatterns = [
    path("", views.health, name="health"),
    path("given-up/", views.given_up, name="given_up"),
    path("relay/", views.relay, name="relay"),
    path("rankings/", views.rankings, name="rankings"),
    path("rankings/<uuid:pk>/", views.ranking, name="ranking"),
    path("ranker/", ranker.page, name="ranker"),
    path("ranker/default/", ranker.back_to_default, name="ranker_default"),
    path("health.json", views.health_json, name="health_json"),
]
