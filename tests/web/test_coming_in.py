"""Coming in: the link by mail, its limits, passkeys, and going again."""

from __future__ import annotations

import json
import re

import pytest
from django.conf import settings
from django.urls import reverse

from quarterhour.core.models import SingleUseLink
from quarterhour.people.models import Membership, Person

pytestmark = pytest.mark.django_db

SIGN_IN = "/sign-in/"
LINK = re.compile(r"/sign-in/[\w-]{20,}/")


@pytest.fixture
def mail(monkeypatch, clock):
    """What was handed to the post, as dictionaries; `mail[-1]["path"]` is the latest link's path."""
    sent = []

    def take(*, email, url, now, zone="UTC", code=""):
        sent.append({"email": email, "url": url, "path": LINK.search(url).group(), "zone": zone, "code": code})

    monkeypatch.setattr("quarterhour.web.people.entrance.send_sign_in_link", take)
    return sent


def ask_for_link(client, email="leila@town.example", **more):
    return client.post(SIGN_IN, {"email": email} | more)


def signed_in(client) -> str | None:
    return client.session.get("_auth_user_id")


# --- coming in -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("onward", "who"), [("people:join", "offering"), ("match:draft", "asking")])
def test_the_door_says_why_a_name_is_wanted_of_whoever_asks_and_of_whoever_offers(client, commons, onward, who):
    page = client.get(f"{SIGN_IN}?next={reverse(onward)}").content.decode()
    assert f"So that they know who is {who}" in page


def test_a_link_makes_an_account_signs_in_and_asks_for_a_name(client, commons, mail):
    answer = ask_for_link(client, "New@Town.example", zone="Africa/Lagos", next="/sessions/?day=2")
    assert (answer.status_code, answer.url) == (302, "/sign-in/sent/")
    assert "New@Town.example" in client.get(answer.url).content.decode()
    assert (mail[0]["email"], mail[0]["zone"]) == ("new@town.example", "Africa/Lagos")
    assert mail[0]["url"].startswith(settings.SITE_URL)

    page = client.get(mail[0]["path"])
    assert "Sign in as new@town.example" in page.content.decode()
    assert not Person.objects.exists()

    answer = client.post(mail[0]["path"])
    person = Person.objects.get()
    assert signed_in(client) == str(person.pk)
    assert (person.email, person.zone) == ("new@town.example", "Africa/Lagos")
    assert Membership.objects.filter(person=person, org=commons).exists()
    assert answer.url == "/welcome/?next=%2Fsessions%2F%3Fday%3D2"

    answer = client.post("/welcome/", {"name": "  Leila\x00 Haddad ", "next": "/sessions/?day=2"})
    assert answer.url == "/sessions/?day=2"
    person.refresh_from_db()
    assert person.name == "Leila Haddad"


def test_somebody_known_goes_straight_on(client, leila, mail):
    ask_for_link(client, "LEILA@town.example", next="/ask/")
    answer = client.post(mail[0]["path"])
    assert (answer.url, signed_in(client)) == ("/ask/", str(leila.pk))


def test_scanners_may_look_at_a_link_as_often_as_they_like(client, leila, mail):
    ask_for_link(client)
    for _ in range(3):
        assert client.get(mail[0]["path"]).status_code == 200
        assert client.head(mail[0]["path"]).status_code == 200
    assert signed_in(client) is None
    client.post(mail[0]["path"])
    assert signed_in(client) == str(leila.pk)


def test_a_link_works_once(client, leila, mail):
    ask_for_link(client)
    client.post(mail[0]["path"])
    client.logout()
    for answer in (client.post(mail[0]["path"]), client.get(mail[0]["path"])):
        assert answer.status_code == 410
        assert "already used" in answer.content.decode()
    assert signed_in(client) is None


def test_a_newer_link_replaces_an_older_one(client, leila, mail):
    ask_for_link(client)
    ask_for_link(client, "Leila@TOWN.example")
    assert client.post(mail[0]["path"]).status_code == 410
    assert signed_in(client) is None
    assert client.post(mail[1]["path"]).status_code == 302


def test_a_link_of_somebody_else_stays_good(client, leila, amara, mail):
    ask_for_link(client)
    ask_for_link(client, amara.email)
    client.post(mail[0]["path"])
    assert signed_in(client) == str(leila.pk)


def test_a_link_is_over_after_half_an_hour(client, leila, mail, clock):
    ask_for_link(client)
    clock.on(minutes=30)
    answer = client.post(mail[0]["path"])
    assert (answer.status_code, signed_in(client)) == (410, None)
    assert "expired" in answer.content.decode()
    assert reverse("people:sign_in") in answer.content.decode()


@pytest.mark.parametrize("secret", ["x", "a" * 43, "..", "%00", "ä" * 40, "a" * 3000])
def test_a_guessed_link_is_none(client, commons, secret):
    assert client.get(f"/sign-in/{secret}/").status_code in {404, 410}
    assert client.post(f"/sign-in/{secret}/").status_code in {404, 410}


def test_only_a_hash_of_the_link_is_kept(client, leila, mail):
    ask_for_link(client)
    secret = mail[0]["path"].split("/")[2]
    link = SingleUseLink.objects.get()
    assert len(secret) >= 43
    assert secret not in str(link.subject)
    assert secret not in link.secret_hash


@pytest.mark.parametrize(
    "onward",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/\\elsewhere.example/",
        "\\\\elsewhere.example",
        "javascript:alert(1)",
        "http:elsewhere.example",
        "/ok\nSet-Cookie: a=b",
        "///elsewhere.example",
        " //elsewhere.example",
        "/" + "a" * 5000,
    ],
)
def test_the_way_on_never_leads_elsewhere(client, leila, mail, onward):
    page = client.get(SIGN_IN, {"next": onward})
    assert 'name="next" id="id_next"' in page.content.decode().replace('type="hidden" ', "")
    assert "elsewhere.example" not in page.content.decode()
    ask_for_link(client, next=onward)
    answer = client.post(mail[0]["path"])
    assert answer.url == "/"
    answer = client.get(SIGN_IN, {"next": onward})
    assert answer.url == "/"


def test_the_way_on_is_checked_again_when_the_link_is_used(client, leila, mail):
    ask_for_link(client, next="/ask/")
    link = SingleUseLink.objects.get()
    link.subject["next"] = "https://elsewhere.example/"
    link.save()
    assert client.post(mail[0]["path"]).url == "/"


def test_the_answer_does_not_tell_whether_an_address_is_known(client, leila, commons, mail, django_assert_num_queries):
    def answer_to(email):
        client.cookies.clear()
        answer = ask_for_link(client, email)
        page = client.get(answer.url).content.decode().replace(email, "somebody")
        return (
            answer.status_code,
            answer.url,
            re.sub(r'(value="|"X-CSRFToken": ")\w+"', "", re.sub(r'nonce="[^"]*"', "", page)),
        )

    known, unknown = answer_to(leila.email), answer_to("nobody@town.example")
    assert known == unknown
    assert [each["email"] for each in mail] == [leila.email, "nobody@town.example"]


def test_five_mails_to_one_address_are_enough_for_a_while(client, leila, mail, clock):
    for _ in range(5):
        assert ask_for_link(client).status_code == 302
    answer = ask_for_link(client, "LEILA@town.example")
    assert answer.status_code == 429
    assert "The latest link works" in answer.content.decode()
    assert "LEILA@town.example" in answer.content.decode()
    assert len(mail) == 5
    assert client.get(mail[-1]["path"]).status_code == 200

    clock.on(minutes=15)
    assert ask_for_link(client).status_code == 302


def test_one_source_cannot_write_to_a_thousand_people(client, commons, mail):
    answers = [
        client.post(SIGN_IN, {"email": f"p{n}@town.example"}, headers={"X-Forwarded-For": f"10.0.0.{n}"}).status_code
        for n in range(103)
    ]
    assert answers == [302] * 100 + [429] * 3
    assert len(mail) == 100


def test_behind_a_trusted_proxy_each_source_has_its_own_limit(client, commons, mail, settings):
    settings.PROXIES = 1
    for n in range(101):
        headers = {"X-Forwarded-For": f"203.0.113.77, 198.51.100.{n % 2}"}
        assert client.post(SIGN_IN, {"email": f"p{n}@town.example"}, headers=headers).status_code == 302


@pytest.mark.parametrize(
    "email",
    [
        "",
        "leila",
        "leila@",
        "ليلى@town.example",
        "a" * 5000 + "@town.example",
        "\x00",
        "x@y.example\r\nBcc: z@y.example",
    ],
)
def test_what_is_no_address_comes_back_with_a_sentence_and_as_it_was(client, commons, mail, email):
    answer = ask_for_link(client, email)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in page
    assert 'id="id_email-error"' in page
    if email.isprintable() and email:
        assert f'value="{email}"' in page
    assert not mail


def test_an_address_in_other_letters_comes_in_where_mail_can_follow(client, commons, mail):
    ask_for_link(client, "leila@MARÉ.example")
    client.post(mail[0]["path"])
    assert mail[0]["email"] == "leila@xn--mar-dma.example"
    assert Person.objects.get().email == "leila@xn--mar-dma.example"
    client.logout()
    ask_for_link(client, "Leila@maré.example")
    client.post(mail[1]["path"])
    assert Person.objects.count() == 1


@pytest.mark.parametrize("zone", ["Nowhere/Land", "../../etc/passwd", "\x00", "a" * 5000, ""])
def test_a_zone_nobody_knows_is_not_believed(client, commons, mail, zone):
    ask_for_link(client, "new@town.example", zone=zone)
    client.post(mail[0]["path"])
    assert Person.objects.get().zone == "UTC"


def test_the_key_of_the_session_changes_and_what_was_written_before_stays(client, leila, mail):
    ask_for_link(client)
    session = client.session
    session["draft"] = {"text": "Should I say yes?"}
    session.save()
    before = session.session_key

    client.post(mail[0]["path"])

    assert client.session["draft"] == {"text": "Should I say yes?"}
    assert client.session.session_key != before
    client.cookies["session"] = before
    assert signed_in(client) is None


def test_a_session_outlives_the_hour_of_the_draft(client, leila, mail):
    ask_for_link(client)
    session = client.session
    session.set_expiry(3600)
    session.save()
    client.post(mail[0]["path"])
    assert client.session.get_expiry_age() > 3600


def test_a_closed_account_is_not_let_in(client, leila, mail):
    ask_for_link(client)
    Person.objects.update(is_active=False)
    assert client.post(mail[0]["path"]).status_code == 403
    assert signed_in(client) is None


def test_signing_out_ends_the_session_for_good(client, leila, mail):
    ask_for_link(client)
    client.post(mail[0]["path"])
    before = client.session.session_key
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").status_code == 302
    client.cookies["session"] = before
    assert client.get("/me/").url.startswith(SIGN_IN)


def test_other_devices_can_be_signed_out(client, leila, client_of):
    phone, laptop = client_of(leila), client_of(leila)
    assert laptop.post("/me/settings/sign-out-elsewhere/").status_code == 302
    assert laptop.get("/me/").status_code == 200
    assert phone.get("/me/").status_code == 302


def test_closing_an_account_ends_its_sessions_at_once(client_of, leila):
    browser = client_of(leila)
    assert browser.get("/me/").status_code == 200
    Person.objects.update(is_active=False)
    assert browser.get("/me/").status_code == 302


@pytest.fixture
def client_of():
    """A browser in which somebody has signed in."""
    from django.test import Client

    def make(person):
        browser = Client()
        browser.force_login(Person.objects.get(pk=person.pk), backend="django.contrib.auth.backends.ModelBackend")
        return browser

    return make


def test_a_mail_job_says_neither_the_address_nor_the_link(client, commons):
    from procrastinate.contrib.django.models import ProcrastinateJob

    ask_for_link(client, "secret@town.example")
    job = ProcrastinateJob.objects.get(task_name__contains="sign_in")
    assert "secret@town.example" not in str(job.args)
    assert "sign-in/" not in str(job.args)


@pytest.mark.parametrize("name", ["", " \x00 ", "n" * 81, "\u200b"[:0]])
def test_a_name_is_needed_and_what_was_typed_stays(client, leila, name):
    client.force_login(leila)
    answer = client.post("/welcome/", {"name": name, "next": "https://elsewhere.example"})
    assert answer.status_code == 422
    assert 'id="id_name-error"' in answer.content.decode()
    assert "elsewhere.example" not in answer.content.decode()


ASSERTION = {"authenticatorData": "AAAA", "clientDataJSON": "AAAA", "signature": "AAAA", "userHandle": "AAAA"}


# --- passkeys --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "credential",
    [
        "",
        "{}",
        "[]",
        "null",
        '"text"',
        "{",
        '{"id": "x", "rawId": "x", "response": {}, "type": "public-key"}',
        '{"id": 5, "response": {"userHandle": null}}',
        '{"response": {"userHandle": "AAAA"}}',
        json.dumps({"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": ASSERTION}),
    ],
)
def test_what_is_no_passkey_opens_nothing_and_breaks_nothing(client, leila, credential):
    client.get("/sign-in/passkey/options/")
    answer = client.post("/sign-in/passkey/", {"credential": credential})
    assert (answer.status_code, signed_in(client)) == (422, None)
    assert "did not open anything" in answer.content.decode()

    client.force_login(leila)
    client.get("/me/passkeys/options/")
    assert client.post("/me/passkeys/", {"credential": credential, "name": "x"}).status_code == 302
    assert client.post("/me/settings/again/", {"credential": credential}).status_code == 422
    assert not leila.authenticator_set.exists()


def test_the_browser_is_told_what_a_passkey_needs(client, leila):
    options = client.get("/sign-in/passkey/options/").json()["publicKey"]
    assert len(options["challenge"]) >= 43
    assert options["userVerification"] == "required"
    assert not options.get("allowCredentials")

    client.force_login(leila)
    made = client.get("/me/passkeys/options/").json()["publicKey"]
    assert made["authenticatorSelection"]["residentKey"] == "required"
    assert made["user"]["name"] == leila.email


def test_passkeys_are_tried_slowly(client, commons):
    answers = [client.get("/sign-in/passkey/options/").status_code for _ in range(61)]
    assert answers == [200] * 60 + [429]


def test_a_passkey_of_somebody_else_is_not_there_to_remove(client, leila, amara):
    from allauth.mfa.models import Authenticator

    key = Authenticator.objects.create(user=amara, type="webauthn", data={"name": "Hers", "credential": {}})
    client.force_login(leila)
    assert client.post(f"/me/passkeys/{key.pk}/remove/").status_code == 404
    assert Authenticator.objects.filter(pk=key.pk).exists()


def test_ways_in_are_changed_only_just_after_showing_who_one_is(client, leila, mail, clock):
    from allauth.mfa.models import Authenticator

    key = Authenticator.objects.create(user=leila, type="webauthn", data={"name": "Lost phone", "credential": {}})
    client.force_login(leila, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(f"/me/passkeys/{key.pk}/remove/").url == "/me/settings/again/"
    assert client.get("/me/passkeys/options/").json() == {"again": "/me/settings/again/"}
    assert client.post("/me/passkeys/", {"credential": "{}"}).url == "/me/settings/again/"
    assert Authenticator.objects.filter(pk=key.pk).exists()

    client.post("/me/settings/again/mail/")
    assert client.post(mail[-1]["path"]).url == "/me/settings/"
    assert "Lost phone" in client.get("/me/settings/").content.decode()
    assert client.post(f"/me/passkeys/{key.pk}/remove/").url == "/me/settings/"
    assert not Authenticator.objects.exists()
