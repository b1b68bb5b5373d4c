from __future__ import annotations

from django.urls import path

from quarterhour.web.notices import app, views

app_name = "notices"
urlpatterns = [
    path("me/notices/", views.notices, name="notices"),
    path("me/notices/browser/", views.add_browser, name="add_browser"),
    path("me/notices/browser/<uuid:pk>/remove/", views.remove_browser, name="remove_browser"),
    path("me/notices/webhook/", views.webhook, name="webhook"),
    path("me/notices/webhook/remove/", views.remove_webhook, name="remove_webhook"),
    path("me/notices/<uuid:pk>/try/", views.try_out, name="try"),
    path("service-worker.js", app.service_worker, name="service_worker"),
    path("manifest.webmanifest", app.manifest, name="manifest"),
    path("offline/", app.offline, name="offline"),
]
