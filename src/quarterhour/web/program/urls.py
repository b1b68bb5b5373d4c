from __future__ import annotations

from django.urls import path

from quarterhour.web.program import cohorts, views

app_name = "program"
urlpatterns = [
    path("", views.home, name="home"),
    path("cohorts/", cohorts.choose, name="cohorts"),
    path("cohorts/<uuid:pk>/", cohorts.cohort, name="cohort"),
    path("cohorts/<uuid:pk>/again/", cohorts.again, name="cohort_again"),
    path("cohorts/<uuid:pk>/pairs.csv", cohorts.download, name="cohort_csv"),
]
