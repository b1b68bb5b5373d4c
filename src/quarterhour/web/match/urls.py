from __future__ import annotations

app_name = "match"
urlpatterns: list = []
