from __future__ import annotations

from django.urls import path

from quarterhour.web.operate import views

app_name = "operate"
urlpatterns = [
    path("", views.health, name="health"),
    path("health.json", views.health_json, name="health_json"),
]
