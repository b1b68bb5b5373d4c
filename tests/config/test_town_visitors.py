from __future__ import annotations

import html
import re
import time
from email.message import EmailMessage

import pytest
from django.contrib.auth import SESSION_KEY
from django.urls import reverse
from tests.factories import PersonFactory

from quarterhour.web.demo.links import links, token_for


@pytest.fixture
def demo(settings, tmp_path):
    settings.DEMO, settings.MAIL_FOLDER = True, tmp_path / "mail"
    settings.MAIL_FOLDER.mkdir()
    return settings


@pytest.fixture
def hanna(commons):
    return PersonFactory(name="Hanna Lindqvist", email="hanna-lindqvist@town.example", org=commons)


@pytest.fixture
def amara(commons):
    return PersonFactory(name="Amara Okafor", email="amara-okafor@town.example", org=commons)


def letter(folder, name: str, *, to: str, subject: str = "Thu 11:15: your question", calendar: bytes = b"") -> str:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Quarterhour <q@town.example>", to, subject
    message["Date"] = "Thu, 26 Nov 2026 09:05:00 +0000"
    message.set_content("In 13 minutes.\nThe room: http://localhost:8100/room/7/")
    message.add_alternative("<p style='color: #222'>In <b>13</b> minutes.</p><script>alert(1)</script>", subtype="html")
    if calendar:
        message.add_attachment(calendar, maintype="text", subtype="calendar", filename="invite.ics")
    (folder / f"{name}.eml").write_bytes(message.as_bytes())
    return name


def enter(client, who: str):
    return client.get(reverse("demo:enter", args=[who, token_for(who)]))


def test_a_printed_link_signs_in_at_once(demo, client, amara):
    address = dict(links("http://localhost:8100/"))["Amara, who helps"]
    assert address.startswith("http://localhost:8100/demo/enter/mentor/")

    response = client.get(address.removeprefix("http://localhost:8100"))

    assert response.status_code == 302
    assert response.url == reverse("front:home")
    assert client.session[SESSION_KEY] == str(amara.pk)


def test_there_is_a_link_for_each_of_the_four(demo):
    assert [label.split(",")[0] for label, _ in links("http://localhost:8100")] == ["Leila", "Amara", "Hanna", "Jonas"]


def test_entering_gives_the_browser_a_new_session(demo, client, amara, hanna):
    enter(client, "manager")
    before = client.session.session_key
    enter(client, "mentor")

    assert client.session.session_key != before
    assert client.session[SESSION_KEY] == str(amara.pk)


@pytest.mark.parametrize("token", ["1sabc:never-ours", "x", "%00", "é"])
def test_a_link_we_did_not_make_lets_nobody_in(demo, client, amara, token):
    response = client.get(f"/demo/enter/mentor/{token}")

    assert response.status_code == 404
    assert SESSION_KEY not in client.session


def test_a_link_for_one_is_no_link_for_another(demo, client, amara, hanna):
    response = client.get(reverse("demo:enter", args=["manager", token_for("mentor")]))

    assert response.status_code == 404
    assert SESSION_KEY not in client.session


def test_a_link_for_nobody_in_particular_lets_nobody_in(demo, client, amara):
    assert client.get(reverse("demo:enter", args=["owner", token_for("owner")])).status_code == 404


def test_an_old_link_is_forgotten(demo, client, amara, monkeypatch):
    token = token_for("mentor")
    later = time.time() + 31 * 24 * 3600
    monkeypatch.setattr(time, "time", lambda: later)

    assert client.get(reverse("demo:enter", args=["mentor", token])).status_code == 404


def test_a_closed_account_stays_closed(demo, client, amara):
    amara.is_active = False
    amara.save()

    assert enter(client, "mentor").status_code == 404


@pytest.mark.parametrize("path", ["/demo/", "/demo/post/", "/demo/post/a/"])
def test_outside_a_demo_there_are_no_such_pages(settings, client, amara, path):
    settings.DEMO = False
    client.force_login(amara)

    assert client.get(path).status_code == 404
    assert enter(client, "mentor").status_code == 404


def test_who_one_can_be_is_told_to_everybody_but_opened_to_guests_alone(demo, client, amara, hanna):
    stranger = client.get(reverse("demo:who")).content.decode()
    enter(client, "mentor")
    guest = client.get(reverse("demo:who")).content.decode()

    assert "Amara Okafor" in stranger
    assert "/demo/enter/" not in stranger
    assert "/demo/enter/manager/" in guest
    assert "This is you now" in guest


def test_a_visitor_without_a_link_goes_on_as_leila_with_their_question(demo, client, commons):
    leila = PersonFactory(name="Leila Haddad", email="leila-haddad@town.example", org=commons)
    client.post("/ask/", {"text": "Should I take the lead?"})
    page = client.get(reverse("people:sign_in"), {"next": reverse("match:draft")}).content.decode()
    assert "This is a demo" in page
    door = re.search(r'href="(/demo/enter/mentee/[^"]+)"', page)[1]
    assert "/demo/enter/" not in page.replace(door, "")

    response = client.get(html.unescape(door))

    assert response.url == reverse("match:draft")
    assert client.session[SESSION_KEY] == str(leila.pk)
    assert "Should I take the lead?" in client.get(response.url).content.decode()


@pytest.mark.parametrize("onward", ["//elsewhere.example", "https://elsewhere.example/"])
def test_a_link_leads_nowhere_else(demo, client, amara, onward):
    response = client.get(reverse("demo:enter", args=["mentor", token_for("mentor")]), {"next": onward})

    assert response.url == reverse("front:home")


def test_outside_a_demo_nobody_signs_in_without_showing_who_they_are(settings, client, commons):
    settings.DEMO = False
    PersonFactory(name="Leila Haddad", email="leila-haddad@town.example", org=commons)
    page = client.get(reverse("people:sign_in")).content.decode()

    assert "/demo/" not in page
    assert client.get("/demo/sent/").status_code == 404


def test_a_visitor_reads_the_mail_they_asked_for_and_no_other(demo, client, commons, amara):
    PersonFactory(name="Leila Haddad", email="leila-haddad@town.example", org=commons)
    letter(demo.MAIL_FOLDER, "20261126T090000.000001Z-a", to="me@home.example", subject="An older link")
    letter(demo.MAIL_FOLDER, "20261126T090500.000001Z-b", to="me@home.example", subject="Your link")
    letter(demo.MAIL_FOLDER, "20261126T090600.000001Z-c", to=amara.email, subject="Not theirs")
    assert client.get(reverse("demo:sent")).url == reverse("people:sign_in")

    client.post(reverse("people:sign_in"), {"email": "me@home.example"})
    assert reverse("demo:sent") in client.get(reverse("people:sent")).content.decode()
    page = client.get(reverse("demo:sent")).content.decode()
    assert ("Your link" in page, "An older link" in page, "Not theirs" in page) == (True, False, False)

    client.post(reverse("people:sign_in"), {"email": amara.email.upper()})
    refused = client.get(reverse("people:sent")).content.decode()
    assert reverse("demo:sent") not in refused
    assert "This address is somebody’s of the town" in refused
    assert client.get(reverse("demo:sent")).status_code == 302


def test_an_address_of_the_town_that_nobody_has_is_a_visitors_own(demo, client, commons, amara):
    PersonFactory(name="Leila Haddad", email="leila-haddad@town.example", org=commons)
    letter(demo.MAIL_FOLDER, "20261126T090500.000001Z-b", to="nora.new@town.example", subject="Your link")
    client.post(reverse("people:sign_in"), {"email": "nora.new@town.example"})
    assert reverse("demo:sent") in client.get(reverse("people:sent")).content.decode()
    assert "Your link" in client.get(reverse("demo:sent")).content.decode()


def test_everybody_reads_their_own_mail_newest_first(demo, client, amara):
    letter(
        demo.MAIL_FOLDER, "20261126T090000.000001Z-a", to="Amara Okafor <Amara-Okafor@town.example>", subject="First"
    )
    letter(demo.MAIL_FOLDER, "20261126T090500.000001Z-b", to=amara.email, subject="Second")
    letter(demo.MAIL_FOLDER, "20261126T090600.000001Z-c", to="leila-haddad@town.example", subject="Not hers")
    client.force_login(amara)

    page = client.get(reverse("demo:post")).content.decode()

    assert page.index("Second") < page.index("First")
    assert "Not hers" not in page
    assert 'href="http://localhost:8100/room/7/"' in page


def test_a_mail_is_shown_on_a_page_that_may_do_nothing(demo, client, amara):
    name = letter(demo.MAIL_FOLDER, "20261126T090000.000001Z-a", to=amara.email, calendar=b"BEGIN:VCALENDAR\r\n")
    client.force_login(amara)

    page = client.get(reverse("demo:mail", args=[name]))
    file = client.get(reverse("demo:calendar", args=[name]))

    assert "<b>13</b>" in page.content.decode()
    assert page["Content-Security-Policy"].startswith("default-src 'none'; style-src 'unsafe-inline';")
    assert "script-src" not in page["Content-Security-Policy"]
    assert file.content.startswith(b"BEGIN:VCALENDAR")
    assert file["Content-Type"].startswith("text/calendar")


def test_mail_of_others_and_files_elsewhere_cannot_be_read(demo, client, amara, tmp_path):
    name = letter(demo.MAIL_FOLDER, "20261126T090000.000001Z-a", to="leila-haddad@town.example")
    letter(tmp_path, "outside", to=amara.email)
    client.force_login(amara)

    assert client.get(reverse("demo:mail", args=[name])).status_code == 404
    for path in ("..%2Foutside", "../outside", ".outside", "%00", "a" * 300):
        assert client.get(f"/demo/post/{path}/").status_code == 404


def test_a_file_that_is_no_mail_does_not_close_the_post_office(demo, client, amara):
    (demo.MAIL_FOLDER / "20261126T090000.000001Z-x.eml").write_bytes(b"\xff\xfe\x00 not: a mail\n" * 50)
    (demo.MAIL_FOLDER / f"{'b' * 20}.eml").write_bytes(f"To: {amara.email}\nDate: never\n\nhello".encode())
    client.force_login(amara)

    response = client.get(reverse("demo:post"))

    assert response.status_code == 200
    assert "hello" in response.content.decode()


def test_without_mail_the_post_office_is_quiet(demo, client, amara):
    client.force_login(amara)

    assert "No mail yet" in client.get(reverse("demo:post")).content.decode()


def test_the_post_office_asks_who_one_is(demo, client):
    response = client.get(reverse("demo:post"))

    assert response.status_code == 302
    assert "sign-in" in response.url
