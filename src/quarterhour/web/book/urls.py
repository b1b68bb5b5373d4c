from __future__ import annotations

app_name = "book"
urlpatterns: list = []
