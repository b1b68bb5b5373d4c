"""The page of components, and what stands around every page."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.test import override_settings
from django.utils import timezone

from quarterhour.web import context
from quarterhour.web.toasts import tell

design = override_settings(ROOT_URLCONF="quarterhour.web.design.urls", SHOW_DESIGN=True)


@design
@pytest.mark.parametrize("address", ["/", "/room/"])
def test_the_page_of_components_is_drawn_with_strict_scripts(client, address):
    response = client.get(address)
    page = response.content.decode()
    nonce = page.partition('nonce="')[2].partition('"')[0]

    assert response.status_code == 200
    assert page.count("<script") == page.count(f'nonce="{nonce}"') == 2
    assert f"'nonce-{nonce}'" in response["Content-Security-Policy"]
    assert "<style" not in page
    assert " on" + "click" not in page
    assert '"allowEval": false' in page


@override_settings(ROOT_URLCONF="quarterhour.web.design.urls", SHOW_DESIGN=False)
def test_there_is_no_page_of_components_in_production(client):
    assert client.get("/").status_code == 404


@design
def test_a_reader_who_chose_dark_gets_dark(client):
    client.cookies["theme"] = "dark"
    assert 'data-theme="dark"' in client.get("/").content.decode()

    client.cookies["theme"] = '"><script>'
    page = client.get("/").content.decode()
    assert "data-theme=" not in page.partition("<head>")[0]


def test_the_time_is_the_readers_own():
    request = SimpleNamespace(now=datetime(2026, 11, 26, 9, 4, tzinfo=UTC))
    with timezone.override("America/Argentina/Buenos_Aires"):
        here = context.here(request)

    assert (here["when"].isoformat(), here["zone_label"]) == ("2026-11-26T06:04:00-03:00", "Buenos Aires")


def test_a_toast_carries_its_way_back(rf):
    request = rf.get("/")
    request._messages = SimpleNamespace(told=[], add=lambda *told: request._messages.told.append(told))
    tell(request, "Passed on to Inês.", undo="/undo/7")
    tell(request, "That did not work.", wrong=True)

    assert request._messages.told == [(25, "Passed on to Inês.", '{"undo": "/undo/7"}'), (40, "That did not work.", "")]
