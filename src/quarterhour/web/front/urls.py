from __future__ import annotations

from django.urls import path

from quarterhour.web.front import views

app_name = "front"
urlpatterns = [
    path("", views.home, name="home"),
    path("about/", views.landing, name="about"),
    path("livez", views.alive, name="alive"),
    path("readyz", views.ready, name="ready"),
]
