"""Choosing what reaches one, through the pages; and what a browser reads to install the app."""

from __future__ import annotations

import json
import struct

import pytest
from django.conf import settings
from django.urls import reverse
from tests.factories import PersonFactory, make_session
from tests.notifications.conftest import TEN_FIFTEEN
from tests.notifications.push_reading import Browser

from quarterhour.notifications.models import Notice, PushBrowser, Webhook, Wishes
from quarterhour.sessions import coming

pytestmark = pytest.mark.django_db
PAGE = "/me/notices/"
QUIET = {"quiet_from": "21:30", "quiet_until": "06:45"}


@pytest.fixture
def signed_in(client, leila):
    client.force_login(leila)
    return client


def words(response) -> str:
    return " ".join(response.content.decode().split())


def test_what_is_chosen_is_kept_and_shown(signed_in, leila):
    response = signed_in.post(PAGE, {"reminders": ["mail", "push"], "cards": [], **QUIET}, follow=True)

    wishes = Wishes.objects.get(person=leila)
    assert (wishes.reminders, wishes.bookings, wishes.cards) == (["mail", "push"], ["mail"], [])
    assert 'value="21:30"' in words(response)
    assert 'name="reminders" value="push" checked' in words(response)
    assert 'name="cards" value="mail" checked' not in words(response)


def test_bookings_by_mail_are_no_choice(signed_in):
    assert 'name="bookings" value="mail"' not in words(signed_in.get(PAGE))


def test_no_reminders_at_all_is_said_plainly(signed_in):
    told = words(signed_in.post(PAGE, QUIET, follow=True))

    assert "You get no reminders at all." in told


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (QUIET | {"quiet_until": "18:00"}, "14 hours at most"),
        (QUIET | {"quiet_from": "late"}, "Enter a valid time"),
        (QUIET | {"reminders": ["pigeon"]}, "“pigeon” is no channel of ours"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(signed_in, leila, sent, told):
    response = signed_in.post(PAGE, sent)

    assert response.status_code == 422
    assert told in words(response)
    assert not Wishes.objects.filter(person=leila).exists()


def test_a_browser_that_agreed_stands_in_the_list(signed_in, leila):
    keys = Browser().keys
    sent = {"endpoint": "https://push.example/1", "name": "Firefox on Linux", **keys}
    response = signed_in.post("/me/notices/browser/", sent, headers={"Accept": "application/json"})

    assert (response.status_code, response.json()) == (201, {"next": PAGE})
    assert "Firefox on Linux" in words(signed_in.get(PAGE))
    signed_in.post(f"/me/notices/browser/{PushBrowser.objects.get().pk}/remove/")
    assert PushBrowser.objects.count() == 0


@pytest.mark.parametrize("wrong", [{}, {"endpoint": "https://push.example/1", "p256dh": "x", "auth": "x"}])
def test_a_browser_that_gives_nonsense_is_told_in_a_sentence(signed_in, wrong):
    response = signed_in.post("/me/notices/browser/", wrong, headers={"Accept": "application/json"})

    assert response.status_code == 422
    assert "Reload the page and try again" in response.json()["detail"]


def test_a_webhooks_secret_is_shown_once(signed_in, leila):
    shown = words(signed_in.post("/me/notices/webhook/", {"url": "https://town.example/hook"}))

    assert "whsec_" in shown
    again = words(signed_in.get(PAGE))
    assert "whsec_" not in again
    assert "https://town.example/hook" in again
    signed_in.post("/me/notices/webhook/remove/")
    assert Webhook.objects.count() == 0


def test_an_address_that_is_none_stays_in_its_field(signed_in):
    response = signed_in.post("/me/notices/webhook/", {"url": "ftp://town.example/"})

    assert response.status_code == 422
    assert "begins with https://" in words(response)
    assert 'value="ftp://town.example/"' in words(response)


def test_a_press_sends_a_word_through_ones_own_channel(signed_in, leila, client, commons):
    signed_in.post("/me/notices/webhook/", {"url": "https://town.example/hook"})
    hook = Webhook.objects.get()

    assert signed_in.post(f"/me/notices/{hook.pk}/try/").status_code == 302
    assert Notice.objects.within(commons).get().target == hook.pk
    client.force_login(PersonFactory(org=commons))
    assert client.post(f"/me/notices/{hook.pk}/try/").status_code == 404


def test_the_app_can_be_installed(client):
    manifest = client.get("/manifest.webmanifest")

    assert manifest["Content-Type"] == "application/manifest+json"
    told = json.loads(manifest.content)
    assert (told["display"], told["start_url"]) == ("standalone", "/")
    for icon in told["icons"]:
        file = settings.PACKAGE / "web" / icon["src"].lstrip("/")
        head = file.read_bytes()[:24]
        assert head.startswith(b"\x89PNG")
        assert "x".join(map(str, struct.unpack(">II", head[16:24]))) == icon["sizes"]
    assert '<link rel="manifest" href="/manifest.webmanifest">' in words(client.get("/"))


def test_the_service_worker_stands_at_the_top_and_is_always_fresh(client):
    response = client.get("/service-worker.js")

    assert response["Content-Type"].startswith("text/javascript")
    assert response["Cache-Control"] == "no-cache"
    assert b"showNotification" in response.content


def test_the_page_without_a_network_is_nobodys(client):
    told = words(client.get("/offline/"))

    assert "There is no network here." in told
    assert "Sign in" not in told or "leila" not in told.lower()


def test_i_will_be_there_is_one_press_on_the_page_too(signed_in, client, need, amara, monkeypatch, now):
    monkeypatch.setattr("quarterhour.core.clock.now", lambda: now)
    session = make_session(need, amara, TEN_FIFTEEN)
    page = reverse("book:booked", args=[session.pk])
    assert "I will be there" in words(signed_in.get(page))

    told = words(signed_in.post(reverse("book:coming", args=[session.pk]), follow=True))
    assert "You will be there" in told
    assert coming.said_by(session) == {need.mentee_id}
    client.force_login(amara)
    assert "Leila will be there" in words(client.get(page))
