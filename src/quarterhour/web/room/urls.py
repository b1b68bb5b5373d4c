from __future__ import annotations

app_name = "room"
urlpatterns: list = []
