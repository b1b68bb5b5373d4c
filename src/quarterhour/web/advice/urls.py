from __future__ import annotations

app_name = "advice"
urlpatterns: list = []
