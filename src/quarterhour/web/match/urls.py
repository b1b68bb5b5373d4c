from __future__ import annotations

from django.urls import path

from quarterhour.web.match import views

app_name = "match"
urlpatterns = [
    path("", views.draft, name="draft"),
    path("hold/", views.hold_for_draft, name="hold_for_draft"),
    path("broaden/", views.broaden_draft, name="broaden_draft"),
    path("<uuid:pk>/broaden/", views.broaden, name="broaden"),
    path("wait/", views.wait_for_draft, name="wait_for_draft"),
    path("<uuid:pk>/wait/", views.wait, name="wait"),
    path("<uuid:pk>/", views.need, name="need"),
    path("<uuid:pk>/hold/", views.hold, name="hold"),
]
