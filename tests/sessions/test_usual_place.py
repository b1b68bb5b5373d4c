"""A mentor's usual place is where their sessions begin; whoever books may choose another one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from tests.factories import make_session
from tests.notifications.conftest import deliver
from tests.notifications.reading import bodies
from tests.web.conftest import clock

from quarterhour.availability.models import Availability
from quarterhour.availability.services import meet_usually
from quarterhour.core.errors import Invalid
from quarterhour.core.ids import uuid7
from quarterhour.sessions import services
from quarterhour.sessions.models import MentoringSession, Status

pytestmark = pytest.mark.django_db

__all__ = ["clock", "deliver"]  # the fixtures
LINK = "https://meet.town.example/amara?pwd=x"
CAFE = "Café Luso, the table by the door"


@pytest.fixture
def usual(amara, commons):
    return meet_usually(person=amara, org=commons, meets="link", where=f" {LINK} ")


@pytest.fixture
def held(need, leila, amara, now):
    return services.hold(need=need, mentor=amara, start=now + timedelta(minutes=56), minutes=25, by=leila, now=now)


def place_of(session) -> tuple[str, str]:
    row = MentoringSession.objects.within(session.org_id).get(pk=session.pk)
    return row.meets, row.where


@pytest.mark.parametrize(
    ("chosen", "kept"),
    [
        ({}, ("link", LINK)),
        ({"meets": "usual", "where": "never read"}, ("link", LINK)),
        ({"meets": "room"}, ("room", "")),
        ({"meets": "place", "where": CAFE}, ("place", CAFE)),
    ],
)
def test_a_booking_begins_where_it_says_or_where_its_mentor_usually_meets(usual, held, leila, now, chosen, kept):
    services.confirm(session=held, by=leila, now=now, **chosen)
    assert place_of(held) == kept


def test_without_a_usual_place_it_is_the_room(held, leila, now):
    services.confirm(session=held, by=leila, now=now)
    assert place_of(held) == ("room", "")


def test_an_address_that_is_none_books_nothing(usual, held, leila, now):
    with pytest.raises(Invalid) as refused:
        services.confirm(session=held, by=leila, now=now, meets="link", where="javascript:alert(1)")
    assert set(refused.value.fields) == {"link"}
    held.refresh_from_db()
    assert held.status == Status.HELD


def test_a_request_keeps_it_until_the_yes(need, leila, tomasz, commons, deliver, now):
    start = now + timedelta(minutes=56)
    held = services.hold(need=need, mentor=tomasz, start=start, minutes=25, by=leila, now=now)
    asked = services.confirm(session=held, by=leila, now=now, meets="place", where=CAFE)
    assert asked.status == Status.ASKED
    services.accept(session=asked, by=tomasz, now=now)
    assert place_of(held) == ("place", CAFE)
    mails = deliver()
    assert CAFE in bodies(mails["leila@town.example"])["text/plain"]


def test_what_is_booked_stays_where_it_is(need, amara, commons, now):
    session = make_session(need, amara, now + timedelta(days=1))
    meet_usually(person=amara, org=commons, meets="place", where=CAFE)
    assert place_of(session) == ("room", "")


def test_saving_the_week_leaves_the_place_and_the_database_wants_one(usual, commons):
    assert (usual.meets, usual.where) == ("link", LINK)
    with pytest.raises(IntegrityError, match="the_usual_place_is_somewhere"), transaction.atomic():
        Availability.objects.within(commons).update(where="")


@pytest.fixture
def here(client, leila):
    client.force_login(leila)
    return client


def test_the_page_that_holds_a_time_shows_the_usual_site_and_not_its_address(here, usual, held, need, clock):
    page = here.get(reverse("match:need", args=[need.pk])).content.decode()
    assert "As Amara usually does: at meet.town.example" in page
    assert "pwd=x" not in page


def test_the_second_press_says_where_and_a_wrong_address_comes_back_with_its_words(here, held, need, clock):
    address = reverse("book:confirm", args=[held.pk])
    refused = here.post(address, {"key": str(uuid7()), "meets": "link", "link": "meet.example"}, follow=True)
    page = refused.content.decode()
    assert 'value="meet.example"' in page
    assert "That is no address of a meeting." in page
    assert place_of(held) == ("room", "")
    again = here.get(reverse("match:need", args=[need.pk])).content.decode()
    assert 'value="meet.example"' not in again

    here.post(address, {"key": str(uuid7()), "meets": "place", "place": CAFE})
    assert place_of(held) == ("place", CAFE)
    assert "You meet in person" in here.get(reverse("book:booked", args=[held.pk])).content.decode()


def test_a_mentor_says_it_on_the_page_of_their_hours(client, amara, commons, clock):
    client.force_login(amara)
    address = reverse("availability:meeting")
    wrong = client.post(address, {"meets": "link", "link": "http://meet.example"})
    assert (wrong.status_code, b"That is no address of a meeting." in wrong.content) == (422, True)
    client.post(address, {"meets": "link", "link": LINK})
    page = client.get(reverse("availability:week")).content.decode()
    assert f'value="{LINK}"' in page
    kept = Availability.objects.within(commons).get(mentor=amara)
    assert (kept.meets, kept.where, kept.weekly["mon"]) == ("link", LINK, [["09:00", "12:00"]])
