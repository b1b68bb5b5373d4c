from __future__ import annotations

from django.urls import path

from quarterhour.web.kept import settling, views

app_name = "kept"
urlpatterns = [
    path("appeals/", settling.appeals, name="appeals"),
    path("appeals/<uuid:pk>/", settling.settle, name="settle"),
    path("<uuid:pk>/", views.kept, name="kept"),
    path("<uuid:pk>/nobody-came/", views.nobody_came, name="nobody_came"),
    path("<uuid:pk>/otherwise/", views.otherwise, name="otherwise"),
]
