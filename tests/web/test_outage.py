"""Minutes without a database, and requests no browser of ours would send: a page, never a broken one."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import Client


@contextmanager
def nobody_answers(error=OperationalError):
    """Whatever is asked of the database, it is away."""

    def refuse(*_):
        raise error("the server closed the connection unexpectedly")

    with connection.execute_wrapper(refuse):
        yield


@pytest.fixture
def visitor(leila):
    """Leila, in a browser that shows what a server shows instead of raising."""
    client = Client(raise_request_exception=False)
    client.force_login(leila)
    return client


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
@pytest.mark.parametrize("path", ["/", "/ask/", "/sessions/", "/sign-in/", "/nowhere/"])
def test_without_a_database_every_page_asks_for_a_moment(visitor, path, error):
    with nobody_answers(error):
        answer = visitor.get(path)

    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert "Try again in a few seconds." in answer.content.decode()


def test_an_outage_signs_nobody_out(visitor):
    with nobody_answers():
        assert "session" not in visitor.get("/ask/").cookies
        assert "session" not in visitor.post("/ask/", {"text": "Should I?"}).cookies

    assert visitor.get("/me/").status_code == 200


def test_a_page_that_loses_the_database_on_the_way_asks_for_a_moment(visitor, monkeypatch):
    def lose(*_, **__):
        raise OperationalError("terminating connection")

    monkeypatch.setattr("quarterhour.web.ask.views.open_needs", lose)
    assert visitor.get("/ask/").status_code == 503
    told = visitor.get("/ask/", headers={"accept": "application/json"})
    assert (told.status_code, told.json()["code"]) == (503, "busy")


def test_the_probes_say_how_it_is_whoever_asks(visitor):
    with nobody_answers():
        assert visitor.get("/livez").status_code == 200
        assert visitor.get("/readyz").status_code == 503
        assert Client().get("/livez").status_code == 200


def test_a_made_up_cookie_is_a_cookie_of_nobody(client, db):
    client.cookies["session"] = "\0" + "a" * 20
    answer = client.get("/ask/")

    assert answer.status_code == 200
    assert answer.cookies["session"].value == ""


def test_nobody_can_fill_the_disk_with_a_file(visitor):
    from django.core.files.uploadedfile import SimpleUploadedFile

    big = SimpleUploadedFile("holiday.mp4", b"\0" * 1_500_000)
    answer = visitor.post("/ask/", {"text": "Should I?", "file": big})

    assert answer.status_code == 413
    assert "Too much at once" in answer.content.decode()


@pytest.mark.parametrize("zone", ["Mars/Phobos", "a\0b", "../../etc/passwd", "Ü" * 12_000, ""])
def test_a_zone_nobody_lives_in_is_told_beside_the_field(visitor, zone):
    answer = visitor.post("/me/settings/zone/", {"zone": zone})

    assert answer.status_code == 422
    assert "We know no time zone called" in answer.content.decode()
