from __future__ import annotations

from django.urls import path

from quarterhour.web.program import views

app_name = "program"
urlpatterns = [path("", views.home, name="home")]
