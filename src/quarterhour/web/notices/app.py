"""What makes the pages an app that can be installed: a manifest, a service worker, and a page without a network."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.http import require_safe

BUILT = settings.PACKAGE / "web" / "static" / "built"
PAPER, INK = "#fbf8f3", "#2b211c"


@require_safe
def manifest(request):
    """Name, colours and icons, as a browser asks for them when somebody installs the app."""
    told = {
        "id": "/",
        "name": "Quarterhour",
        "short_name": "Quarterhour",
        "description": "A question at nine, a conversation with the right person at a quarter past.",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": [
            _icon("icon-192.png", "192x192"),
            _icon("icon-512.png", "512x512"),
            _icon("maskable-512.png", "512x512", purpose="maskable"),
        ],
        "shortcuts": [{"name": "Ask", "url": "/ask/"}, {"name": "Sessions", "url": "/sessions/"}],
    }
    response = JsonResponse(told, content_type="application/manifest+json")
    response["Cache-Control"] = "public, max-age=3600"
    return response


@require_safe
def service_worker(request):
    """The script that hears push messages. It stands at the top, so that it may see to every page."""
    response = HttpResponse(_script(BUILT / "service-worker.js"), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def offline(request):
    """What an installed app shows while there is no network. It holds nothing private, because it is kept."""
    return render(request, "notices/offline.html")


def _icon(name: str, sizes: str, *, purpose: str = "any") -> dict[str, str]:
    return {"src": static(f"built/icons/{name}"), "sizes": sizes, "type": "image/png", "purpose": purpose}


@lru_cache(maxsize=4)
def _script(path: Path) -> bytes:
    return path.read_bytes()
