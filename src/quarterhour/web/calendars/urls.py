from __future__ import annotations

from django.urls import path

from quarterhour.web.calendars import feed, views

app_name = "calendars"
urlpatterns = [
    path("calendars/", views.calendars, name="calendars"),
    path("calendars/address/", views.add_address, name="add_address"),
    path("calendars/account/", views.add_account, name="add_account"),
    path("calendars/account/<uuid:pk>/choose/", views.choose, name="choose"),
    path("calendars/account/<uuid:pk>/again/", views.look_again, name="look_again"),
    path("calendars/account/<uuid:pk>/password/", views.new_password, name="new_password"),
    path("calendars/account/<uuid:pk>/remove/", views.remove_account, name="remove_account"),
    path("calendars/<uuid:pk>/change/", views.change, name="change"),
    path("calendars/<uuid:pk>/again/", views.read_again, name="read_again"),
    path("calendars/<uuid:pk>/remove/", views.remove, name="remove"),
    path("calendars/written/", views.write_into, name="write_into"),
    path("calendars/feed/", feed.make, name="make_feed"),
    path("calendars/feed/tell/", feed.tell, name="tell_feed"),
    path("calendars/feed/stop/", feed.stop, name="stop_feed"),
    path("calendar/<str:secret>.ics", feed.feed, name="feed"),
]
