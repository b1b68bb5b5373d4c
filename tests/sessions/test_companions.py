"""Somebody one of the two brings along: asked, accepted, refused, taken out, and nowhere but in the room."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from tests.factories import PersonFactory, make_session
from tests.notifications.conftest import deliver
from tests.notifications.reading import bodies

from quarterhour.advice import queries as advice
from quarterhour.core import outbox
from quarterhour.core.errors import Invalid, NotAllowed, NotFound, TooMany
from quarterhour.core.models import AuditEntry, Organisation
from quarterhour.engines.attendance import Verdict
from quarterhour.notifications import along, notices
from quarterhour.notifications.models import Notice, SentMail
from quarterhour.people import services as people
from quarterhour.sessions import apart, attendance, companions, places, queries, rules, services
from quarterhour.sessions.models import AttendanceEvent, ChatLine, Companion, Meets, Status
from quarterhour.sessions.room import door, goodbyes

pytestmark = pytest.mark.django_db
__all__ = ["deliver"]  # the fixture

KOFI = "kofi@town.example"


@pytest.fixture
def session(need, amara, now):
    """In an hour."""
    return make_session(need, amara, now + timedelta(hours=1))


@pytest.fixture
def kofi(commons):
    return PersonFactory(name="Kofi Mensah", email=KOFI, org=commons)


def bring(session, by, now, email=KOFI) -> Companion:
    return companions.bring(session=session, email=email, by=by, now=now)


def accepted(session, by, person, now) -> Companion:
    return companions.accept(companion=bring(session, by, now, person.email), by=person, now=now)


def let_in(session, person, now):
    """Why this person is not let in, or None: by the door, as the room asks."""
    visit = door.Visit(session, person, "", person.get_session_auth_hash())
    return door.why_not(visit, door.sessions_behind([session.pk])[session.pk], logins=set(), now=now)


def why_not(session, by, now, email) -> str:
    with pytest.raises(Invalid) as refused:
        bring(session, by, now, email)
    return refused.value.fields["email"]


# --- asked, accepted ---------------------------------------------------------------------------------


@pytest.mark.parametrize("side", ["mentor", "mentee"])
def test_either_brings_somebody_along_who_is_let_in_once_they_accepted(session, kofi, now, side):
    row = bring(session, getattr(session, side), now, " Kofi@Town.example ")
    start = session.starts_at

    assert (row.email, row.person) == (KOFI, None)
    assert let_in(session, kofi, start) == goodbyes.TAKEN_OUT
    with pytest.raises(NotFound):
        companions.room_for(session.pk, visible_to=kofi)
    companions.accept(companion=row, by=kofi, now=now)
    assert companions.accept(companion=row, by=kofi, now=now).accepted_at == now  # twice is once
    assert let_in(session, kofi, start) is None
    assert let_in(session, kofi, now).word == "early"
    assert companions.room_for(session.pk, visible_to=kofi)[1].pk == row.pk
    assert [line.act for line in AuditEntry.objects.order_by("pk")] == ["asked somebody along", "came along"]


def test_what_is_no_address_one_of_the_two_or_asked_already_is_refused(session, leila, amara, now):
    bring(session, leila, now)
    assert "not a mail address yet" in why_not(session, leila, now, "kofi")
    assert why_not(session, leila, now, "AMARA@town.example") == "That is one of you two."
    assert why_not(session, amara, now, "KOFI@town.example") == "They are asked already."


def test_a_third_is_refused_with_a_sentence_and_a_place_that_comes_free_can_be_taken(session, leila, amara, now):
    first = bring(session, leila, now, "one@town.example")
    bring(session, amara, now, "two@town.example")
    assert why_not(session, leila, now, "three@town.example") == (
        "Two come along already. With you two that is four, as many as the room holds."
    )
    companions.take_out(companion=first, by=leila, now=now)
    assert bring(session, leila, now, "three@town.example").out_at is None


def test_twenty_in_a_day_and_no_more(session, leila, now):
    for n in range(20):
        companions.take_out(companion=bring(session, leila, now, f"p{n}@town.example"), by=leila, now=now)
    with pytest.raises(TooMany, match="20 people along in a day"):
        bring(session, leila, now, "one.more@town.example")


def test_a_stranger_brings_nobody_and_after_the_end_nobody_is_brought(session, leila, tomasz, now):
    with pytest.raises(NotFound):
        bring(session, tomasz, now)
    with pytest.raises(rules.WrongState):
        bring(session, leila, session.ends_at)
    services.cancel(session=session, by=leila, now=now)
    with pytest.raises(rules.WrongState):
        bring(session, leila, now)


def test_it_is_accepted_with_the_address_that_was_asked_and_by_members_alone(session, leila, kofi, commons, now):
    row = bring(session, leila, now)
    with pytest.raises(NotAllowed, match="sent to another address"):
        companions.accept(companion=row, by=PersonFactory(org=commons), now=now)
    kofi.memberships.all().delete()
    kofi.memberships.create(org=Organisation.objects.create(name="Elsewhere", slug="elsewhere"))
    Organisation.objects.filter(pk=commons.pk).update(open_to_all=False)
    with pytest.raises(NotAllowed, match="you are no member there yet"):
        companions.accept(companion=row, by=kofi, now=now)
    assert Companion.objects.within(session.org_id).get().accepted_at is None


def test_where_everybody_is_let_in_whoever_comes_along_becomes_a_member(session, leila, commons, now):
    elsewhere = Organisation.objects.create(name="Elsewhere", slug="elsewhere")
    hanna = PersonFactory(email="hanna@elsewhere.example", org=elsewhere)
    row = bring(session, leila, now, "hanna@elsewhere.example")
    for _ in range(2):
        companions.accept(companion=row, by=hanna, now=now)
    assert hanna.org_ids == [elsewhere.pk, commons.pk]
    assert companions.room_for(session.pk, visible_to=hanna)[1] == row
    assert AuditEntry.objects.filter(act="joined", on=f"person {hanna.pk}", org_id=commons.pk).count() == 1


# --- refused, taken out, apart -----------------------------------------------------------------------


def test_the_other_one_refuses_with_one_press_and_it_stays_refused(session, leila, amara, kofi, now):
    row = bring(session, leila, now)
    companions.take_out(companion=row, by=amara, now=now)
    with pytest.raises(NotFound, match="no longer open"):
        companions.accept(companion=row, by=kofi, now=now)
    assert why_not(session, leila, now, KOFI) == "Amara would rather talk without them."
    assert bring(session, amara, now).brought_by == amara  # who refused may change their mind


@pytest.mark.parametrize("who", ["leila", "amara", "kofi"])
def test_either_or_they_themselves_take_them_out_and_the_door_is_shut(session, leila, amara, kofi, now, who):
    row = accepted(session, leila, kofi, now)
    by = {"leila": leila, "amara": amara, "kofi": kofi}[who]
    companions.take_out(companion=row, by=by, now=now)
    assert companions.take_out(companion=row, by=by, now=now).out_at == now
    assert let_in(session, kofi, session.starts_at) == goodbyes.TAKEN_OUT
    with pytest.raises(NotFound):
        companions.room_for(session.pk, visible_to=kofi)


def test_nobody_else_takes_anybody_out(session, leila, kofi, tomasz, commons, now):
    row = accepted(session, leila, kofi, now)
    for stranger in (tomasz, accepted(session, leila, PersonFactory(org=commons), now).person):
        with pytest.raises(NotFound):
            companions.take_out(companion=row, by=stranger, now=now)


@pytest.mark.parametrize("by_kofi", [False, True], ids=["one of the two blocks", "they block"])
def test_who_is_kept_apart_from_one_of_the_two_does_not_come_along(session, leila, amara, kofi, commons, now, by_kofi):
    row = bring(session, leila, now)
    one, other = (kofi, amara) if by_kofi else (amara, kofi)
    people.block(other=other, by=one, org=commons, now=now)
    with pytest.raises(NotFound, match="no longer open"):
        companions.accept(companion=row, by=kofi, now=now)
    assert along.asking(Companion.objects.within(commons).get(), now=now) is None  # nor are they written to


def test_a_block_in_the_middle_of_the_call_shuts_the_door(session, leila, amara, kofi, commons, now):
    row = accepted(session, leila, kofi, now)
    apart.block(other=kofi, by=amara, org=commons, now=now)
    row.refresh_from_db()
    assert row.out_by == amara
    assert let_in(session, kofi, session.starts_at) == goodbyes.TAKEN_OUT
    assert let_in(session, leila, session.starts_at) is None


@pytest.mark.parametrize("how", ["closed account", "no member any more"])
def test_an_account_that_is_gone_is_shown_out(session, leila, kofi, now, how):
    accepted(session, leila, kofi, now)
    if how == "closed account":
        kofi.is_active = False
        kofi.save()
    else:
        kofi.memberships.all().delete()
    assert let_in(session, kofi, session.starts_at) == goodbyes.TAKEN_OUT


def test_the_door_asks_one_query_however_many_come_along(
    session, leila, kofi, commons, now, django_assert_num_queries
):  # fmt: skip
    accepted(session, leila, kofi, now)
    accepted(session, leila, PersonFactory(org=commons), now)
    with django_assert_num_queries(1):
        assert len(door.sessions_behind([session.pk])[session.pk].comes_along) == 2


# --- nowhere but in the room -------------------------------------------------------------------------


def test_they_see_neither_session_nor_card_and_count_for_no_verdict(session, leila, amara, kofi, now):
    accepted(session, leila, kofi, now)
    with pytest.raises(NotFound):
        queries.session_for(session.pk, visible_to=kofi)
    with pytest.raises(NotFound):
        advice.written_in(session, visible_to=kofi)
    here = {"org_id": session.org_id, "session": session}
    for person in (amara, kofi):
        for kind, at in (("joined", session.starts_at), ("left", session.ends_at)):
            AttendanceEvent.objects.create(**here, person=person, kind=kind, connection=person.pk, at=at)
        ChatLine.objects.create(**here, person=person, text=person.first_name, at=session.starts_at)
    assert attendance.found(session, now=session.ends_at).verdict == Verdict.MISSED_BY_MENTEE
    assert [said.text for said in advice.written_in(session, visible_to=amara).chat] == ["Amara"]


def test_long_after_it_the_addresses_are_forgotten(session, leila, now):
    bring(session, leila, now)
    assert companions.forget(now=session.ends_at + timedelta(days=29)) == 0
    assert companions.forget(now=session.ends_at + timedelta(days=31)) == 1


# --- told --------------------------------------------------------------------------------------------


def test_the_address_is_asked_and_the_other_one_hears_at_once(session, leila, amara, kofi, deliver, now, mailoutbox):
    row = bring(session, leila, now)
    arrived = deliver()
    assert "Leila asked kofi@town.example to come along." in flat(arrived[amara.email])
    assert f"/along/{session.pk}/" in flat(arrived[amara.email])

    assert along.send(str(row.pk), now=now)
    asked = flat(mailoutbox[-1].message())
    assert "Leila Haddad would like you to come along to a conversation with Amara." in asked
    assert "afraid of losing it" not in asked  # the question stays in the room
    companions.take_out(companion=row, by=amara, now=now)
    assert not along.send(str(row.pk), now=now)


def test_the_calendar_of_who_comes_along_follows(session, leila, amara, kofi, deliver, now):
    row = accepted(session, leila, kofi, now)
    first = deliver()[KOFI]
    assert "You come along" in first["Subject"]
    ics = calendar(first)
    assert "METHOD:REQUEST" in ics
    assert f"UID:{row.pk}@quarterhour" in ics
    assert "SEQUENCE:0" in ics
    assert KOFI in ics
    assert leila.email not in ics + flat(first)
    assert amara.email not in ics + flat(first)

    places.meet(session=session, meets=Meets.PLACE, where="Café Luso", by=amara, now=now)
    assert "SEQUENCE:2" in (moved := calendar(deliver()[KOFI]))
    assert "LOCATION:Café Luso" in moved
    services.cancel(session=session, by=leila, now=now)
    gone = deliver()[KOFI]
    assert "The session was released" in flat(gone)
    assert "METHOD:CANCEL" in calendar(gone)
    assert "SEQUENCE:5" in calendar(gone)


def test_who_is_taken_out_hears_it_and_their_calendar_lets_go(session, leila, amara, kofi, deliver, now):
    row = accepted(session, leila, kofi, now)
    deliver()
    companions.take_out(companion=row, by=amara, now=now)
    gone = deliver()[KOFI]
    assert "You do not come along any more." in flat(gone)
    assert "METHOD:CANCEL" in calendar(gone)
    assert "SEQUENCE:1" in calendar(gone)


def test_news_told_twice_writes_one_mail(session, leila, kofi, now):
    row = accepted(session, leila, kofi, now)
    outbox.drain(now=now)
    event = along.CompanionEvent(
        org_id=session.org_id, session_id=session.pk, sequence=0, companion_id=row.pk
    )  # fmt: skip
    for _ in range(2):
        along.tell_the_other(event, now=now)
        along.send_calendar(event, now=now)
    rows = SentMail.objects.within(session.org_id)
    assert rows.filter(reason__startswith="brought").count() == 1
    assert rows.filter(reason__startswith="along").count() == 1


def test_a_phone_is_told_as_well_as_long_as_it_is_true(session, leila, amara, kofi, now):
    row = accepted(session, leila, kofi, now)
    phone = {"org_id": session.org_id, "channel": "push", "target": amara.pk, "made_at": now}
    told = Notice(**phone, person=amara, reason=f"brought {row.pk} 0")
    note = notices.note_for(told, now=now)
    assert (note.type, note.url.split("/")[3]) == ("session.companion", "along")
    mine = Notice(**phone, person=kofi, reason=f"along {row.pk} 0")
    assert notices.note_for(mine, now=now).url.endswith(f"/room/{session.pk}/")
    companions.take_out(companion=row, by=amara, now=now)
    assert notices.note_for(told, now=now) is None
    assert notices.note_for(mine, now=now) is None


# --- the pages ---------------------------------------------------------------------------------------


def test_the_page_asks_somebody_along_and_the_other_refuses_from_the_session(client, session, leila, amara, now):
    client.force_login(leila)
    page = client.post(reverse("along:along", args=[session.pk]), {"email": KOFI}, follow=True).content.decode()
    assert "Asked by mail. Amara is told, and may say no." in page
    assert "has not answered yet" in page
    refused = client.post(reverse("along:along", args=[session.pk]), {"email": "no"})
    assert refused.status_code == 422
    assert "not a mail address yet" in refused.content.decode()

    client.force_login(amara)
    row = Companion.objects.within(session.org_id).get()
    assert "No, without them" in client.get(reverse("book:booked", args=[session.pk])).content.decode()
    client.post(reverse("along:out", args=[session.pk]), {"companion": str(row.pk)})
    row.refresh_from_db()
    assert row.out_by == amara


def asked_by_link(session, by, now, mailoutbox, email=KOFI) -> str:
    """The path of the link that the mail brings."""
    row = bring(session, by, now, email)
    along.send(str(row.pk), now=now)
    text = bodies(mailoutbox[-1].message())["text/plain"]
    return "/by-mail/along/" + text.split("/by-mail/along/")[1].split("/")[0] + "/"


@pytest.fixture
def today(session, monkeypatch, now):
    """The pages' clock is the session's morning."""
    from quarterhour.core import clock

    monkeypatch.setattr(clock, "now", lambda: now)


def test_the_link_wants_an_account_shows_what_is_seen_and_changes_nothing(
    client, session, leila, kofi, commons, now, mailoutbox, today
):  # fmt: skip
    path = asked_by_link(session, leila, now, mailoutbox)
    assert client.get(path).url.startswith("/sign-in/?next=")
    client.force_login(PersonFactory(org=commons))
    assert client.get(path).status_code == 403
    client.force_login(kofi)
    page = client.get(path).content.decode()
    assert "Leila Haddad asks you along." in page
    assert "You do not get the card" in page
    assert "afraid of losing it" not in page
    assert Companion.objects.within(commons).get().accepted_at is None

    for _ in range(2):  # pressed twice, accepted once
        assert client.post(path, {"answer": "yes"}).url == reverse("room:lobby", args=[session.pk])
    assert Companion.objects.within(commons).get().person == kofi
    assert client.get(path).url == reverse("room:lobby", args=[session.pk])
    client.post(reverse("along:not_coming", args=[session.pk]))
    assert client.get(path).status_code == 410


def test_a_move_asks_anew_and_the_older_link_says_so(
    client, session, leila, kofi, now, mailoutbox, today, monkeypatch
):  # fmt: skip
    first = asked_by_link(session, leila, now, mailoutbox)
    asked = []
    monkeypatch.setattr(along, "_ask_soon", asked.append)
    outbox.drain(now=now)
    services.move(session=session, start=session.starts_at.replace(minute=15), by=leila, now=now)
    outbox.drain(now=now)
    assert len(asked) == 2
    along.send(str(asked[1].pk), now=now)
    client.force_login(kofi)
    assert client.get(first).status_code == 410
    text = bodies(mailoutbox[-1].message())["text/plain"]
    second = "/by-mail/along/" + text.split("/by-mail/along/")[1].split("/")[0] + "/"
    assert "10:15 to 10:40" in client.get(second).content.decode()


def test_no_thanks_is_one_press(client, session, leila, kofi, commons, now, mailoutbox, today):
    path = asked_by_link(session, leila, now, mailoutbox)
    client.force_login(kofi)
    assert "Leila sees that you do not come." in client.post(path, {"answer": "no"}).content.decode()
    assert Companion.objects.within(commons).get().out_by == kofi
    assert client.get(path).status_code == 410


def test_a_link_of_a_session_that_was_moved_or_released(client, session, leila, kofi, now, mailoutbox, today):
    path = asked_by_link(session, leila, now, mailoutbox)
    client.force_login(kofi)
    services.cancel(session=session, by=leila, now=now)
    assert client.get(path).status_code == 410
    assert client.post(path, {"answer": "yes"}).status_code == 410


def test_they_are_in_the_lobby_and_the_room_and_on_no_other_page(client, need, amara, leila, kofi, now, today):
    session = make_session(need, amara, now - timedelta(minutes=2), status=Status.CONFIRMED)
    accepted(session, leila, kofi, now)
    client.force_login(kofi)
    lobby = client.get(reverse("room:lobby", args=[session.pk])).content.decode()
    assert "Go in" in lobby
    room = client.get(reverse("room:room", args=[session.pk])).content.decode()
    assert "Open the card" not in room
    assert "/takeaway/" not in lobby + room
    assert client.get(reverse("room:ticket", args=[session.pk])).status_code == 200
    assert "Leila Haddad asked you" in client.get(reverse("book:sessions")).content.decode()
    for name in ("book:booked", "advice:card", "room:where", "along:along", "kept:kept"):
        assert client.get(reverse(name, args=[session.pk])).status_code == 404, name
    for name in ("room:erase_said", "kept:nobody_came"):
        assert client.post(reverse(name, args=[session.pk])).status_code == 404, name


def flat(message) -> str:
    return " ".join(bodies(message)["text/plain"].split())


def calendar(message) -> str:
    return bodies(message)["text/calendar"].replace("\r\n ", "")


def test_where_a_server_hands_on_eight_come_along_and_every_page_says_what_that_means(
    session, leila, client, settings, now, commons
):
    settings.SFU_URL = "ws://127.0.0.1:8188"
    client.force_login(leila)
    page = client.get(reverse("along:along", args=[session.pk])).content.decode()
    assert "Up to eight people can come along" in page
    assert "go by the server of this service" in page
    for n in range(8):
        row = bring(session, leila, now, f"guest-{n}@town.example")
        row.person, row.accepted_at = PersonFactory(email=row.email, org=commons), now
        row.save()
    assert why_not(session, leila, now, "ninth@town.example") == (
        "Eight come along already. With you two that is ten, as many as the room holds."
    )
    assert "With you two that is ten" in client.get(reverse("along:along", args=[session.pk])).content.decode()
