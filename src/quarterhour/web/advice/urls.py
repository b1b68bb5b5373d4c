from __future__ import annotations

from django.urls import path

from quarterhour.web.advice import views

app_name = "advice"
urlpatterns = [
    path("<uuid:pk>/", views.card, name="card"),
    path("<uuid:pk>/confirm/", views.confirm, name="confirm"),
    path("<uuid:pk>/helped/", views.helped, name="helped"),
    path("<uuid:pk>/quote/", views.quote, name="quote"),
    path("<uuid:pk>/find/", views.find, name="find"),
    path("<uuid:pk>/actions/<uuid:action>/<slug:fate>/", views.fate, name="fate"),
]
