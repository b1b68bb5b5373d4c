from __future__ import annotations

app_name = "mentor"
urlpatterns: list = []
