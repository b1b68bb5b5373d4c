from __future__ import annotations

app_name = "ask"
urlpatterns: list = []
