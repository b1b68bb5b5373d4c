from __future__ import annotations

app_name = "operate"
urlpatterns: list = []
