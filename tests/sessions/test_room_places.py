"""In person, or by another link: said by either, told to both, and everything beside it stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from tests.factories import make_session

from quarterhour.core import clock, outbox
from quarterhour.core.errors import Invalid, NotFound
from quarterhour.core.models import OutboxEvent
from quarterhour.engines.attendance import Verdict
from quarterhour.notifications import mailings
from quarterhour.notifications.models import SentMail
from quarterhour.sessions import places, rules, services
from quarterhour.sessions.models import AttendanceEvent, HowKept, Meets, MentoringSession, Status
from quarterhour.sessions.nobody_came import NotAlone, nobody_came

pytestmark = pytest.mark.django_db

LINK = "https://meet.town.example/room/7?pwd=x"
CAFE = "Café Luso, the table by the door"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def session(need, amara, now):
    """Tomorrow."""
    return make_session(need, amara, now + timedelta(days=1))


def again(session) -> MentoringSession:
    return MentoringSession.objects.within(session.org_id).get(pk=session.pk)


def meet(session, by, now, meets=Meets.PLACE, where=CAFE):
    return places.meet(session=session, meets=meets, where=where, by=by, now=now)


@pytest.mark.parametrize("side", ["mentor", "mentee"])
def test_either_of_the_two_says_where_and_both_calendars_follow(session, now, side):
    by = getattr(session, side)

    meet(session, by, now)

    kept = again(session)
    assert (kept.meets, kept.where, kept.sequence, kept.changed_by_id) == ("place", CAFE, 1, by.pk)
    outbox.drain(now=now)
    for person in (session.mentor, session.mentee):
        row = SentMail.objects.within(session.org_id).get(person=person, reason=f"relocated {session.pk} 1")
        message = mailings.message_for(row, now=now)
        who = "You" if person.pk == by.pk else by.first_name
        body = message.get_body(("plain",)).get_content()
        assert f"{who} changed where you meet: in person, {CAFE}." in " ".join(body.split())
        assert "in person" in message["Subject"]
        calendar = next(part for part in message.walk() if part.get_content_type() == "text/calendar")
        ics = calendar.get_payload(decode=True).decode().replace("\r\n ", "")
        assert "LOCATION:Café Luso\\, the table by the door" in ics
        assert "SEQUENCE:1" in ics
        assert f"/room/{session.pk}/" in ics


def test_later_mails_and_the_calendar_say_where(session, leila, now):
    meet(session, leila, now, Meets.LINK, LINK)
    ten = session.starts_at.replace(hour=10, minute=0)
    services.move(session=again(session), start=ten, by=session.mentor, now=now)
    outbox.drain(now=now)

    row = SentMail.objects.within(session.org_id).get(person=leila, reason=f"moved {session.pk} 2")
    message = mailings.message_for(row, now=now)

    body = message.get_body(("plain",)).get_content()
    assert "You meet by another link: meet.town.example" in " ".join(body.split())
    assert LINK in body
    calendar = next(part for part in message.walk() if part.get_content_type() == "text/calendar")
    assert f"LOCATION:{LINK}" in calendar.get_payload(decode=True).decode().replace("\r\n ", "")


def test_what_it_is_already_is_no_news(session, leila, amara, now):
    meet(session, leila, now)
    meet(session, amara, now)

    assert OutboxEvent.objects.filter(name="SessionRelocated").count() == 1
    meet(session, amara, now, Meets.ROOM, "whatever stands there")
    assert (again(session).meets, again(session).where, again(session).sequence) == ("room", "", 2)


@pytest.mark.parametrize(
    "link",
    [
        "", "meet.example/abc", "http://meet.example/abc", "javascript:alert(1)", "https://", "https://localhost/x",
        "https://me:secret@meet.example/", "https://meet.example:99999/", "https://meet.example/a b", "https://a\\b.c/",
        "https://meet.example/" + "x" * 400, 'https://meet.example/"onload=', "data:text/html,x",
    ],
)  # fmt: skip
def test_an_address_that_is_none_is_refused_in_words(session, leila, now, link):
    with pytest.raises(Invalid) as refused:
        meet(session, leila, now, Meets.LINK, link)
    assert list(refused.value.fields) == ["link"]
    assert again(session).meets == "room"


@pytest.mark.parametrize("where", ["", " \n ", "x" * 201])
def test_a_place_wants_words_and_not_too_many(session, leila, now, where):
    with pytest.raises(Invalid) as refused:
        meet(session, leila, now, Meets.PLACE, where)
    assert list(refused.value.fields) == ["place"]


def test_strangers_and_sessions_that_are_over_are_refused(session, tomasz, leila, now):
    with pytest.raises(NotFound):
        meet(session, tomasz, now)
    with pytest.raises(rules.WrongState):
        meet(session, leila, session.ends_at)
    services.cancel(session=session, by=leila, now=now)
    with pytest.raises(rules.WrongState):
        meet(session, leila, now)


def test_the_database_wants_elsewhere_to_be_somewhere(session):
    rows = MentoringSession.objects.within(session.org_id).filter(pk=session.pk)
    for wrong in ({"meets": "place"}, {"where": CAFE}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**wrong)


def test_who_met_elsewhere_is_accused_of_nothing(need, leila, amara, now):
    session = make_session(need, amara, now - 25 * MINUTE)
    meet(session, leila, now - 20 * MINUTE)
    seen = {"org": session.org, "session": session, "person": leila, "connection": session.pk}
    for kind, at in (("waiting", 30), ("joined", 29), ("left", 1)):
        AttendanceEvent.objects.create(**seen, kind=kind, at=now - at * MINUTE)

    with pytest.raises(NotAlone, match="elsewhere"):
        nobody_came(session=session, by=leila, now=now - 5 * MINUTE)
    services.end(session=again(session), now=now)

    assert HowKept.objects.within(session.org_id).get(session=session).word == Verdict.UNKNOWN
    assert again(session).status == Status.ENDED


# --- the pages -----------------------------------------------------------------------------------------


@pytest.fixture
def as_leila(client, leila):
    client.force_login(leila)
    return client


def page(client, name, session) -> str:
    return client.get(reverse(name, args=[session.pk])).content.decode()


def test_the_page_changes_it_and_the_session_shows_it(as_leila, session):
    assert "Meet in person, or by another link" in page(as_leila, "book:booked", session)
    address = reverse("room:where", args=[session.pk])
    assert 'value="room" checked' in as_leila.get(address).content.decode()

    refused = as_leila.post(address, {"meets": "link", "link": "meet.example", "place": CAFE})
    assert refused.status_code == 422
    html = refused.content.decode()
    assert 'id="link-error"' in html
    assert 'value="meet.example"' in html
    assert CAFE in html

    told = as_leila.post(address, {"meets": "link", "link": LINK, "place": CAFE}, follow=True).content.decode()
    assert "Amara is told, and both calendars follow." in told
    assert f'href="{LINK}" target="_blank" rel="noopener noreferrer">meet.town.example</a>' in told
    assert 'value="link" checked' in as_leila.get(address).content.decode()


@pytest.mark.parametrize(("meets", "where", "words"), [("link", LINK, "meet.town.example"), ("place", CAFE, CAFE)])
def test_lobby_room_and_closed_doors_say_where(as_leila, session, leila, now, meets, where, words):
    meet(session, leila, now, meets, where)
    assert words in page(as_leila, "room:lobby", session)  # tomorrow: the doors are closed

    present = clock.now()
    soon = (present - 5 * MINUTE, present + 20 * MINUTE)
    MentoringSession.objects.within(session.org_id).filter(pk=session.pk).update(span=soon)
    lobby, room = page(as_leila, "room:lobby", session), page(as_leila, "room:room", session)

    for html in (lobby, room):
        assert words in html
        assert '"elsewhere": true' in html
        assert "picture and sound are not ours then" in html
    assert 'aria-labelledby="how" hidden' in lobby
