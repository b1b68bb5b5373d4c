from __future__ import annotations

app_name = "availability"
urlpatterns: list = []
