from __future__ import annotations

from django.urls import path

from quarterhour.web.along import views

app_name = "along"
urlpatterns = [
    path("<uuid:pk>/", views.along, name="along"),
    path("<uuid:pk>/out/", views.out, name="out"),
    path("<uuid:pk>/not-coming/", views.not_coming, name="not_coming"),
]
