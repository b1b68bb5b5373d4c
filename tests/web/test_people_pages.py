"""Coming in, the profile and the week, through the pages."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from tests.factories import MentorFactory, PersonFactory

from quarterhour.availability.queries import availability_of
from quarterhour.core.models import Organisation, SingleUseLink
from quarterhour.people import services
from quarterhour.people.models import Membership, Person, Profile, Skill, Story, Topic
from quarterhour.people.queries import profile_of

pytestmark = pytest.mark.django_db

SIGN_IN = "/sign-in/"
LINK = re.compile(r"/sign-in/[\w-]{20,}/")


class Clock:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def on(self, **span) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def clock(monkeypatch, now):
    clock = Clock(now)
    monkeypatch.setattr("quarterhour.core.clock.now", clock)
    return clock


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


# --- the profile -----------------------------------------------------------------------------------


def profile_form(person, org, **changed):
    profile = profile_of(person, org=org)
    shown = {
        "version": profile.version,
        "name": person.name,
        "zone": person.zone,
        "headline": "Engineer",
        "confirm": "instant",
        "topic_name": ["tides", ""],
        "topic_level": ["lived", "lived"],
        "language_code": ["pt", ""],
        "language_level": ["native", "fluent"],
    }
    return shown | changed


def test_a_profile_is_saved_and_shown(client, leila, commons):
    client.force_login(leila)
    form = profile_form(
        leila, commons, about="I build wind farms.", values="fairness, calm", helps_with=["decide"], lengths=["15"]
    )
    assert client.post("/me/edit/", form).url == "/me/"
    page = client.get("/me/").content.decode()
    for words in ("Engineer", "I build wind farms.", "fairness", "tides", "Portuguese"):
        assert words in page


def test_a_topic_says_for_itself_what_a_booking_does(client, amara, commons):
    Skill.objects.update_or_create(pk="on-call-rotations", defaults={"label": "x", "area": "x", "spellings": "x"})
    client.force_login(amara)
    form = profile_form(amara, commons, topic_name=["on-call rotations", "tides", "baking"])
    form |= {"topic_level": ["lived"] * 3, "topic_confirm": ["ask", "ask"]}

    assert client.post("/me/edit/", form).url == "/me/"

    kept = Topic.objects.within(commons).values_list("name", "confirm", "skill_id")
    assert list(kept) == [
        ("on-call rotations", "ask", "on-call-rotations"),
        ("tides", "ask", None),
        ("baking", "", None),
    ]
    assert client.get("/me/").content.decode().count("asks me first") == 1
    assert "as usual: we know no name for it" in client.get("/me/").content.decode()
    assert client.get("/me/edit/").content.decode().count('<option value="ask" selected>') == 2
    page = client.get(f"/people/{amara.pk}/").content.decode()
    assert page.count("asked first") == 1
    assert "Bookings confirm at once, but for topics that say otherwise." in page


def test_a_choice_for_a_topic_that_is_none_is_told(client, amara, commons):
    client.force_login(amara)
    answer = client.post("/me/edit/", profile_form(amara, commons, topic_confirm=["perhaps"]))
    assert answer.status_code == 422
    assert "Choose for “tides” whether bookings confirm at once" in answer.content.decode()


def test_helping_more_keeps_what_a_topic_says(client, amara, commons):
    Topic.objects.within(commons).update(confirm="ask")
    client.force_login(amara)
    topics = {"topic_name": ["Moving into management", "tides"], "topic_level": ["expert", "lived"]}
    assert client.post("/join/", topics | {"minutes": "15"}).url == "/me/"
    kept = Topic.objects.within(commons).values_list("level", "confirm")
    assert list(kept) == [("expert", "ask"), ("lived", "")]


HOSTILE = {
    "ten thousand and one": "ä" * 10_001,
    "markup": "<script>alert(1)</script>",
    "template": "{{ settings.SECRET_KEY }}{% include 'x' %}",
    "right to left": "\u202eمرحبا\u202c",
    "zero bytes": "a\x00b\x00",
    "a lone surrogate": "\\ud800",
    "htmx": '<b hx-get="/sign-out/" hx-trigger="load">x</b>',
}


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("field", ["name", "headline", "about", "goals", "values", "topic_name", "style", "zone"])
def test_whatever_is_typed_is_kept_or_refused_and_never_breaks(client, leila, commons, field, words):
    client.force_login(leila)
    answer = client.post("/me/edit/", profile_form(leila, commons, **{field: words}))
    assert answer.status_code in {302, 422}
    page = (answer if answer.status_code == 422 else client.get("/me/")).content.decode()
    assert "<script>alert" not in page
    assert "<b hx-get" not in page
    if answer.status_code == 422:
        assert 'aria-invalid="true"' in page


def test_what_is_wrong_stands_beside_its_field_and_the_rest_is_kept(client, leila, commons):
    client.force_login(leila)
    form = profile_form(leila, commons, zone="Europe/Atlantis", about="I build.", topic_level=["godlike", "lived"])
    answer = client.post("/me/edit/", form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "We know no time zone called" in page
    assert "Choose how well you know “tides”." in page
    assert "I build." in page
    assert 'value="tides"' in page
    assert not Topic.objects.within(commons).exists()


def test_a_second_tab_sees_both_versions_and_may_still_save_its_own(client, leila, commons):
    client.force_login(leila)
    first, second = profile_form(leila, commons, headline="First"), profile_form(leila, commons, headline="Second")
    client.post("/me/edit/", first)

    answer = client.post("/me/edit/", second)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "changed in another tab" in page
    assert "<dd>First</dd>" in page
    assert 'value="Second"' in page
    assert profile_of(leila, org=commons).headline == "First"

    version = re.search(r'name="version" value="(\d+)"', page).group(1)
    assert client.post("/me/edit/", second | {"version": version}).status_code == 302
    assert profile_of(leila, org=commons).headline == "Second"


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 40, "1.5"])
def test_a_version_that_is_none_overwrites_nothing(client, leila, commons, version):
    client.force_login(leila)
    answer = client.post("/me/edit/", profile_form(leila, commons, version=version))
    assert answer.status_code in {409, 422}
    assert profile_of(leila, org=commons).headline == ""


def test_rows_that_lost_their_half_are_no_harm(client, leila, commons):
    client.force_login(leila)
    form = profile_form(leila, commons, topic_name=["a topic", "b topic"], topic_level=["lived"])
    assert client.post("/me/edit/", form).status_code == 422
    assert (
        client.post("/me/edit/", profile_form(leila, commons, language_code=["pt"] * 3, language_level=[])).status_code
        == 422
    )


def test_a_story_is_told_corrected_removed_and_brought_back(client, leila, commons):
    client.force_login(leila)
    assert client.post("/me/stories/", {"text": "", "title": "x"}).status_code == 422
    assert client.post("/me/stories/", {"text": "I once sailed to Faial.", "year": "2019"}).url == "/me/"
    story = Story.objects.within(commons).get()
    page = client.get(f"/me/stories/{story.pk}/").content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', page).group(1)

    form = {"text": "I once sailed to Faial and back.", "title": "Faial", "year": "2019", "seen": seen}
    assert client.post(f"/me/stories/{story.pk}/", form).url == "/me/"
    again = client.post(f"/me/stories/{story.pk}/", form | {"text": "Otherwise."})
    assert again.status_code == 409
    assert "I once sailed to Faial and back." in again.content.decode()
    assert "Otherwise." in again.content.decode()

    client.post(f"/me/stories/{story.pk}/remove/")
    page = client.get("/me/").content.decode()
    assert 'action="/me/stories/restore/"' in page
    assert not Story.objects.within(commons).exists()
    client.post("/me/stories/restore/")
    client.post("/me/stories/restore/")
    assert [s.text for s in Story.objects.within(commons)] == ["I once sailed to Faial and back."]


def test_looking_never_removes(client, amara, commons):
    client.force_login(amara)
    story = Story.objects.within(commons).get()
    for path in (f"/me/stories/{story.pk}/remove/", "/me/stories/restore/", "/me/pause/", "/me/stop/"):
        assert client.get(path).status_code == 405
    assert Story.objects.within(commons).filter(pk=story.pk).exists()


def test_the_story_of_somebody_else_is_not_there(client, leila, amara, commons):
    client.force_login(leila)
    story = Story.objects.within(commons).get()
    assert client.get(f"/me/stories/{story.pk}/").status_code == 404
    assert client.post(f"/me/stories/{story.pk}/", {"text": "Mine now"}).status_code == 404
    assert client.post(f"/me/stories/{story.pk}/remove/").status_code == 404


def test_a_fellow_member_sees_a_mentor_and_a_stranger_sees_nothing(client, leila, amara, commons):
    outside = Organisation.objects.create(name="Maré Energy", slug="mare-energy")
    stranger = PersonFactory(org=outside)
    client.force_login(leila)
    page = client.get(f"/people/{amara.pk}/")
    assert page.status_code == 200
    assert "Amara Okafor" in page.content.decode()
    assert amara.email not in page.content.decode()

    assert client.get(f"/people/{leila.pk}/").status_code == 404
    client.force_login(stranger)
    assert client.get(f"/people/{amara.pk}/").status_code == 404
    client.logout()
    assert client.get(f"/people/{amara.pk}/").url.startswith(SIGN_IN)


def test_a_paused_mentor_offers_no_time(client, leila, amara, commons, clock):
    client.force_login(leila)
    assert "Free next" in client.get(f"/people/{amara.pk}/").content.decode()
    Profile.objects.within(commons).filter(person=amara).update(paused_until="2026-12-24")
    page = client.get(f"/people/{amara.pk}/").content.decode()
    assert "Free next" not in page
    assert "Back on 24 December" in page


@pytest.mark.parametrize("many", [1, 12])
def test_a_profile_costs_the_same_however_much_it_says(client, amara, leila, commons, many, django_assert_num_queries):
    profile = profile_of(amara, org=commons)
    for n in range(many):
        Topic.objects.create(org=commons, profile=profile, name=f"topic {n}")
        Story.objects.create(org=commons, profile=profile, title=f"story {n}", text="I once.", position=n)
    services.load_skills()
    Topic.objects.within(commons).update(skill="leadership")
    client.force_login(amara)
    with django_assert_num_queries(8):  # session, person, places, four of the profile, its side
        client.get("/me/")
    client.force_login(leila)
    with django_assert_num_queries(11):  # as above, and three for free time
        client.get(f"/people/{amara.pk}/")


@pytest.mark.parametrize("until", ["", "yesterday", "2026-11-26", "0001-01-01", "9999-12-31", "2026-13-45"])
def test_a_pause_needs_a_day_ahead(client, amara, commons, clock, until):
    client.force_login(amara)
    answer = client.post("/me/pause/", {"until": until})
    assert answer.status_code == 422
    assert 'id="id_until-error"' in answer.content.decode()


def test_a_pause_can_be_ended_early(client, amara, commons, clock):
    client.force_login(amara)
    client.post("/me/pause/", {"until": "2026-12-24"})
    assert "Paused until <strong>24 December" in client.get("/me/").content.decode()
    client.post("/me/pause/", {"resume": "yes"})
    assert profile_of(amara, org=commons).paused_until is None


@pytest.mark.parametrize(
    "typed", ["managment", "", "%", "'; DROP TABLE people_skill; --", "\x00", "a" * 5000, "&|!<->", "ü"]
)
def test_skills_are_found_though_mistyped_and_nothing_breaks_the_search(client, leila, typed):
    client.force_login(leila)
    page = client.get("/skills/", {"q": typed})
    found = client.get("/skills/", {"topic_name": typed}, headers={"Accept": "application/json"}).json()["skills"]
    assert page.status_code == 200
    if typed == "managment":
        assert any("management" in each["label"] for each in found)
        assert 'data-fill="' in page.content.decode()


def join_form(**changed):
    return {
        "topic_name": ["tides"],
        "topic_level": ["lived"],
        "text": "I once sailed to Faial.",
        "minutes": "30",
        "days": ["tue"],
        "start": "12:00",
        "end": "13:30",
        "zone": "Atlantic/Azores",
    } | changed


def test_beginning_to_help_takes_one_form(client, leila, commons):
    client.force_login(leila)
    assert client.get("/join/").status_code == 200
    assert client.post("/join/", join_form()).url == "/me/"
    hours = availability_of(leila, org=commons)
    assert profile_of(leila, org=commons).is_mentor
    assert (hours.zone, hours.weekly, hours.weekly_minutes) == ("Atlantic/Azores", {"tue": [["12:00", "13:30"]]}, 30)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"topic_name": [""]}, "Name one thing"),
        ({"text": ""}, "Say what happened"),
        ({"days": []}, "Choose at least one day"),
        ({"days": ["noday"]}, "is no day"),
        ({"start": "13:30", "end": "12:00"}, "Swap the two times"),
        ({"start": "x"}, "not a time of day"),
        ({"zone": "Nowhere"}, "We know no time zone"),
        ({"minutes": "5000"}, "Choose one of the three"),
        ({"text": "x" * 10_001}, "Keep it under"),
    ],
)
def test_what_is_missing_to_help_is_said_and_nothing_is_half_written(client, leila, commons, changed, told):
    client.force_login(leila)
    answer = client.post("/join/", join_form(**changed))
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not profile_of(leila, org=commons).is_mentor
    assert not Story.objects.within(commons).exists()
    assert availability_of(leila, org=commons).weekly == {}


def test_a_mentor_who_comes_again_keeps_hours_and_stories(client, amara, commons):
    before = availability_of(amara, org=commons).weekly
    client.force_login(amara)
    assert client.post("/join/", {"topic_name": ["tides"], "topic_level": ["lived"], "minutes": "15"}).url == "/me/"
    hours = availability_of(amara, org=commons)
    assert (hours.weekly, hours.weekly_minutes) == (before, 15)
    assert Story.objects.within(commons).count() == 1
    assert Topic.objects.within(commons).count() == 2


# --- the week --------------------------------------------------------------------------------------


def week_form(version=1, **changed):
    return {
        "version": version,
        "zone": "Africa/Lagos",
        "weekly_minutes": "60",
        "daily_cap": "2",
        "weekly_cap": "",
        "notice": "720",
        "buffer_before": "0",
        "buffer_after": "5",
        "horizon_days": "28",
        "increment": "15",
        "mon-start": ["09:00", ""],
        "mon-end": ["09:45", ""],
    } | changed


def test_hours_are_saved_by_typing_alone(client, leila, commons):
    client.force_login(leila)
    assert client.get("/hours/").status_code == 200
    assert client.post("/hours/", week_form(version=0)).url == "/hours/"
    hours = availability_of(leila, org=commons)
    assert (hours.weekly, hours.notice, hours.daily_cap, hours.weekly_cap) == (
        {"mon": [["09:00", "09:45"]]},
        720,
        2,
        None,
    )
    assert 'value="09:45"' in client.get("/hours/").content.decode()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"mon-start": ["09:00", "09:30"], "mon-end": ["10:00", "11:00"]}, "overlap"),
        ({"mon-start": ["10:00"], "mon-end": ["09:00"]}, "Swap the two times"),
        ({"mon-start": ["09:00"], "mon-end": ["09:00"]}, "empty"),
        ({"mon-start": ["nine"], "mon-end": ["ten"]}, "not a time of day"),
        ({"mon-start": ["09:00"], "mon-end": []}, "no other end"),
        ({"mon-start": ["\x00" * 50 + "09:00"], "mon-end": ["0" * 9000]}, "not a time of day"),
        ({"zone": "Europe/Atlantis"}, "We know no time zone"),
        ({"zone": ""}, "We know no time zone"),
        ({"weekly_minutes": "1000000"}, "Choose 15 to 600"),
        ({"notice": "soon"}, "Choose one from the list"),
        ({"increment": "0"}, "Choose one from the list"),
    ],
)
def test_a_week_that_cannot_be_is_told_kept_and_not_written(client, amara, commons, changed, told):
    before = availability_of(amara, org=commons)
    client.force_login(amara)
    answer = client.post("/hours/", week_form(**changed))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert told in page
    assert 'aria-invalid="true"' in page
    if "mon-start" in changed and "\x00" not in changed["mon-start"][0]:
        assert f'value="{changed["mon-start"][0]}"' in page
    after = availability_of(amara, org=commons)
    assert (after.weekly, after.version) == (before.weekly, before.version)


@pytest.mark.parametrize("version", ["0", "", "x", "9" * 30])
def test_a_second_tab_with_an_older_week_is_told(client, amara, commons, version):
    client.force_login(amara)
    answer = client.post("/hours/", week_form(version=version))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Monday 09:00 to 12:00" in page
    assert 'value="09:45"' in page
    version = re.search(r'name="version" value="(\d+)"', page).group(1)
    assert client.post("/hours/", week_form(version=version)).status_code == 302


@pytest.mark.parametrize(
    "typed",
    [
        {"first": ""},
        {"first": "yesterday"},
        {"first": "2026-11-25"},
        {"first": "0000-00-00"},
        {"first": "9999-12-31"},
        {"first": "2026-12-24", "last": "2026-12-20"},
        {"first": "2026-12-24", "last": "9999-12-31"},
        {"first": "2026-12-24", "start": "18:00", "end": "17:00"},
        {"first": "2026-12-24", "start": "18:00"},
    ],
)
def test_dates_that_cannot_be_are_told_and_not_kept(client, amara, commons, clock, typed):
    client.force_login(amara)
    answer = client.post("/hours/days/", typed)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    assert not list(availability_of(amara, org=commons).overrides.all())


def test_time_off_is_added_removed_and_brought_back(client, amara, commons, clock):
    client.force_login(amara)
    client.post("/hours/days/", {"first": "2026-12-21", "last": "2027-01-04"})
    assert "Mon 21 Dec to Mon 4 Jan, away" in client.get("/hours/").content.decode()
    client.post("/hours/days/remove/", {"first": "2026-12-21", "last": "2027-01-04"})
    assert 'action="/hours/days/restore/"' in client.get("/hours/").content.decode()
    client.post("/hours/days/restore/")
    assert "Mon 21 Dec to Mon 4 Jan, away" in client.get("/hours/").content.decode()


def test_the_preview_speaks_the_time_of_another_place(client, amara, commons, clock):
    client.force_login(amara)
    tokyo = client.get("/hours/preview/", {"see": "Asia/Tokyo"}).content.decode()
    assert "Fri 27 Nov" in tokyo
    assert "17:00" in tokyo
    assert client.get("/hours/preview/", {"see": "Nowhere\x00"}).status_code == 200


@pytest.mark.parametrize("days", [1, 30])
def test_the_week_costs_the_same_however_many_dates_differ(
    client, amara, commons, clock, days, django_assert_num_queries
):
    client.force_login(amara)
    last = f"2026-12-{days:02}"
    client.post("/hours/days/", {"first": "2026-12-01", "last": last})
    client.get("/hours/")
    with django_assert_num_queries(8):  # session, person, places, side, week, dates, profile, calendars
        client.get("/hours/")


def test_hours_belong_to_the_organisation_one_acts_in(client, commons):
    person = MentorFactory(org=commons)
    outside = Organisation.objects.create(name="Maré Energy", slug="mare-energy")
    Membership.objects.create(person=person, org=outside)
    client.force_login(person)
    session = client.session
    session["org"] = str(outside.pk)
    session.save()
    client.post("/hours/", week_form(version=0))
    assert availability_of(person, org=outside).weekly == {"mon": [["09:00", "09:45"]]}
    assert "mon" in availability_of(person, org=commons).weekly
    assert availability_of(person, org=commons).weekly["mon"] == [["09:00", "12:00"]]


@pytest.mark.parametrize(
    "path",
    [
        "/me/",
        "/me/edit/",
        "/me/stories/",
        "/me/settings/",
        "/join/",
        "/hours/",
        "/hours/preview/",
        "/skills/",
        "/welcome/",
    ],
)
def test_strangers_are_asked_who_they_are(client, commons, path):
    assert client.get(path).url.startswith(SIGN_IN)
    assert client.post(path).status_code in {302, 405}


@pytest.mark.parametrize("page", ["profile", "edit", "join", "settings", "add_story"])
def test_looking_writes_no_profile(client, leila, commons, page):
    client.force_login(leila)
    assert client.get(reverse(f"people:{page}")).status_code == 200
    assert not Profile.objects.within(commons).exists()
