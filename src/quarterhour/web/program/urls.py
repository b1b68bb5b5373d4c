from __future__ import annotations

app_name = "program"
urlpatterns: list = []
