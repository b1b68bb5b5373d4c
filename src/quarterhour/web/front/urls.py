from __future__ import annotations

app_name = "front"
urlpatterns: list = []
