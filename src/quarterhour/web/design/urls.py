"""The page of components, for those who build pages."""

from django.urls import path

from quarterhour.web.design import views

urlpatterns = [
    path("", views.design, name="design"),
    path("room/", views.room, name="design_room"),
]
