from __future__ import annotations

from django.urls import path

from quarterhour.web.links import views

app_name = "links"
urlpatterns = [path("<str:purpose>/<str:secret>/", views.press, name="press")]
