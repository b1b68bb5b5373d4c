from __future__ import annotations

from django.urls import path

from quarterhour.web.knowledge import views

app_name = "knowledge"
urlpatterns = [
    path("", views.search, name="search"),
    path("yours/", views.yours, name="yours"),
    path("share/<uuid:session>/", views.share, name="share"),
    path("<uuid:pk>/tried/<slug:answer>/", views.tried, name="tried"),
    path("<uuid:pk>/out/", views.out, name="out"),
]
