from __future__ import annotations

from django.urls import path

from quarterhour.web.links import views, waiting, writing

app_name = "links"
urlpatterns = [
    path("stop-waiting/<str:secret>/", waiting.stop, name="stop_waiting"),
    path("in-writing/<str:secret>/", writing.answer, name="in_writing"),
    path("<str:purpose>/<str:secret>/", views.press, name="press"),
]
