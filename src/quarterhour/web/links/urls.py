from __future__ import annotations

from django.urls import path

from quarterhour.web.links import along, appealing, deciding, following, views, waiting, writing

app_name = "links"
urlpatterns = [
    path("stop-waiting/<str:secret>/", waiting.stop, name="stop_waiting"),
    path("in-writing/<str:secret>/", writing.answer, name="in_writing"),
    path("followed/<str:secret>/", following.followed, name="followed"),
    path("became/<str:secret>/", following.became, name="became"),
    path("stop-asking/<str:secret>/", following.stop, name="stop_asking"),
    path("stop-looking-back/<str:secret>/", deciding.stop, name="stop_looking_back"),
    path("appeal/<str:secret>/", appealing.appeal, name="appeal"),
    path("along/<str:secret>/", along.answer, name="along"),
    path("<str:purpose>/<str:secret>/", views.press, name="press"),
]
