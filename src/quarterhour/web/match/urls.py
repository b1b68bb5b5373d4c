from __future__ import annotations

from django.urls import path

from quarterhour.web.match import views, waitlist

app_name = "match"
urlpatterns = [
    path("", views.draft, name="draft"),
    path("hold/", views.hold_for_draft, name="hold_for_draft"),
    path("talk/", views.talk_for_draft, name="talk_for_draft"),
    path("broaden/", views.broaden_draft, name="broaden_draft"),
    path("<uuid:pk>/broaden/", views.broaden, name="broaden"),
    path("waitlist/", views.waitlist_for_draft, name="waitlist_for_draft"),
    path("<uuid:pk>/waitlist/", waitlist.waitlist, name="waitlist"),
    path("kept/<uuid:pk>/not-this-one/", waitlist.not_this, name="not_this"),
    path("wait/", views.wait_for_draft, name="wait_for_draft"),
    path("<uuid:pk>/wait/", views.wait, name="wait"),
    path("<uuid:pk>/", views.need, name="need"),
    path("<uuid:pk>/hold/", views.hold, name="hold"),
]
