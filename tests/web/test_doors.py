"""Every address, tried by whoever should not be there. The list comes from the address book itself."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from tests.factories import NeedFactory, PersonFactory, make_session

# Pages for everybody, with the reason where it is not obvious.
PUBLIC = {
    "front:home", "front:about", "front:alive", "front:ready",
    "ask:ask",  # looking comes before signing in
    "ask:read",
    "match:draft",
    "match:broaden_draft",  # changes the draft of this browser alone
    "match:wait_for_draft",  # leads to the sign-in page
    "match:waitlist_for_draft",  # leads to the sign-in page
    "match:hold_for_draft",  # leads to the sign-in page
    "match:talk_for_draft",  # leads to the sign-in page
    "people:sign_in", "people:sent", "people:passkey_sign_in", "people:passkey_options", "people:enter", "people:join",
    "people:sign_out",  # there is nothing to sign out of
    "notices:service_worker", "notices:manifest", "notices:offline",  # what a browser reads to install the app
    "links:stop_waiting", "links:appeal", "links:in_writing", "links:press",
    "links:stop_looking_back",  # single-use links in mails work without signing in
    "links:followed", "links:became", "links:stop_asking",  # the same
    "demo:who", "demo:enter", "demo:sent",  # only in demo mode
    "calendars:feed",  # found by its secret
    "design", "design_room",  # only while developing
}  # fmt: skip


def addresses(resolver=None, prefix="", space=""):
    """(name, path with its converters) of every page of ours."""
    for entry in (resolver or get_resolver()).url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from addresses(entry, path, entry.namespace or space)
        elif isinstance(entry, URLPattern) and entry.name:
            yield (f"{space}:{entry.name}" if space else entry.name), path


ALL = sorted(set(addresses()))
PRIVATE = [(name, path) for name, path in ALL if name not in PUBLIC]


def filled(path: str, key) -> str:
    import re

    def fill(found: re.Match) -> str:
        kind = found.group(1) or "str:"
        return {"uuid:": str(key), "int:": "1", "str:": "x", "slug:": "x", "path:": "x"}[kind]

    return "/" + re.sub(r"<(\w+:)?\w+>", fill, path)


@pytest.fixture
def session(leila, amara, commons, now):
    from datetime import UTC, datetime

    return make_session(NeedFactory(mentee=leila, org=commons), amara, datetime(2026, 11, 26, 10, tzinfo=UTC))


def test_the_address_book_is_read():
    assert len(PRIVATE) > 30
    assert {name for name, _ in ALL} >= {"book:booked", "ask:edit", "match:need", "front:home"}
    assert PUBLIC - {"design", "design_room"} <= {name for name, _ in ALL}


@pytest.mark.parametrize(("name", "path"), PRIVATE, ids=lambda x: x)
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_enters_without_signing_in(client, session, name, path, method):
    response = getattr(client, method)(filled(path, session.pk))
    if response.status_code == 302:
        assert response.url.startswith("/sign-in/")
    else:
        assert response.status_code in {401, 403, 404, 405}, name


@pytest.mark.parametrize(("name", "path"), [(n, p) for n, p in PRIVATE if "uuid:" in p], ids=lambda x: x)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_learns_nothing_of_what_two_others_have(client, session, commons, name, path, method):
    client.force_login(PersonFactory(org=commons))
    for key in (session.pk, session.need_id, uuid.uuid4()):
        response = getattr(client, method)(filled(path, key))
        assert response.status_code in {401, 403, 404, 405}, name
        told = response.content.decode()
        assert "Leila" not in told
        assert "afraid of losing it" not in told


@pytest.mark.parametrize("name", ["operate:health", "program:home"])
def test_pages_of_managers_and_operators_are_theirs(client, leila, commons, name):
    from django.urls import reverse

    client.force_login(leila)
    assert client.get(reverse(name)).status_code in {403, 404}


@pytest.mark.parametrize(("name", "path"), ALL, ids=lambda x: x)
def test_a_press_without_its_token_is_refused(session, leila, name, path):
    """Cross-site requests: no page acts on a POST that does not come from our own form."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(leila)
    assert client.post(filled(path, session.pk)).status_code in {403, 404, 405}, name


@pytest.mark.parametrize("path", ["/", "/ask/", "/sign-in/"])
def test_every_answer_carries_its_headers(client, commons, path):
    response = client.get(path)
    policy = response["Content-Security-Policy"]
    assert "script-src 'self' 'nonce-" in policy
    assert "unsafe-inline" not in policy.split("style-src-attr")[0]
    assert "frame-ancestors 'none'" in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cache-Control"] == "no-store"
    assert "camera=()" in response["Permissions-Policy"]


def test_the_camera_exists_in_the_room_alone(client, session, leila):
    client.force_login(leila)
    response = client.get(f"/room/{session.pk}/")
    assert "camera=(self)" in response["Permissions-Policy"]


def test_htmx_is_kept_on_a_short_leash(client, commons):
    page = client.get("/").content.decode()
    assert '"allowEval": false' in page
    assert '"selfRequestsOnly": true' in page


@pytest.mark.parametrize("host", ["evil.example", "localhost@evil.example", ""])
def test_a_forged_host_is_refused(client, commons, host):
    assert client.get("/", headers={"Host": host}).status_code == 400
