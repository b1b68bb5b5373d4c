"""The room over a real web socket: who is let in, what passes, what is kept."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from tests.factories import PersonFactory, make_session
from tests.sessions.room_server import RealtimeServer, Tab
from websockets.exceptions import ConnectionClosed

from quarterhour.core import clock
from quarterhour.people.models import Membership
from quarterhour.sessions import services
from quarterhour.sessions.models import AttendanceEvent, ChatLine, MentoringSession, Notes, NotesUpdate, Status
from quarterhour.sessions.nobody_came import nobody_came
from quarterhour.sessions.room import news, tickets

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("room by socket")]


@pytest.fixture(scope="module")
def _server(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        server = RealtimeServer().start()
    yield server
    server.stop()


@pytest.fixture
def tabs(_server):
    """Opens tabs, and closes them when the test is over."""
    opened = []

    def open_tab(session, person, server=_server, **how):
        opened.append(Tab(server, session, person, **how))
        return opened[-1]

    yield open_tab
    for tab in opened:
        tab.close()
    _server.wait_until_quiet()


@pytest.fixture
def session(transactional_db, need, amara):
    """Leila and Amara, in the middle of their 25 minutes."""
    return session_at(need, amara, minutes=-5)


def session_at(need, mentor, *, minutes, status=Status.CONFIRMED):
    start = clock.now().replace(second=0, microsecond=0) + timedelta(minutes=minutes)
    return make_session(need, mentor, start, status=status)


def eventually(found, *, within=5.0):
    give_up = time.monotonic() + within
    while not (value := found()):
        assert time.monotonic() < give_up, "it did not happen in time"
        time.sleep(0.05)
    return value


def kinds_of(session, person):
    rows = AttendanceEvent.objects.within(session.org_id).filter(session=session, person=person)
    return list(rows.order_by("at", "pk").values_list("kind", flat=True))


# --- who is let in ---------------------------------------------------------------------------------


def test_the_two_are_let_in_and_see_each_other(tabs, session, leila, amara):
    leilas, amaras = tabs(session, leila).enter("video"), tabs(session, amara).enter("audio")

    seen = leilas.hear_until(lambda m: m["t"] == "presence" and len(m["people"]) == 2 and amaras.is_inside(m))

    assert {p["person"]: p["mode"] for p in seen["people"]} == {str(leila.pk): "video", str(amara.pk): "audio"}


def test_a_stranger_is_shown_out_even_with_a_ticket(tabs, session, tomasz):
    assert tabs(session, tomasz).goodbye()["closed_with"] == 4403


def test_somebody_who_left_the_organisation_is_shown_out(tabs, session, leila):
    Membership.objects.filter(person=leila).delete()

    assert tabs(session, leila).goodbye()["closed_with"] == 4403


def test_a_ticket_for_another_door_opens_nothing(tabs, session, need, tomasz, leila):
    other = session_at(need, tomasz, minutes=60)
    ticket = tickets.make(person=leila, session_id=other.pk, now=clock.now())

    assert tabs(session, leila, ticket=ticket).goodbye()["closed_with"] == 4401


@pytest.mark.parametrize("ticket", ["", "x" * 200, "x" * 5000])
def test_a_made_up_ticket_opens_nothing(tabs, session, leila, ticket):
    assert tabs(session, leila, ticket=ticket or "-").goodbye()["closed_with"] in {4400, 4401}


def test_a_ticket_is_good_for_minutes(tabs, session, leila):
    old = tickets.make(person=leila, session_id=session.pk, now=clock.now() - tickets.LASTS - timedelta(seconds=2))

    assert tabs(session, leila, ticket=old).goodbye()["word"] == "ticket"


@pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost:9999", "null", None])
def test_a_page_of_another_site_is_refused(tabs, session, leila, origin):
    assert tabs(session, leila, origin=origin).goodbye()["closed_with"] == 4403


@pytest.mark.parametrize("minutes", [9, -25 - 14])
def test_the_room_is_open_from_ten_minutes_before_to_fifteen_after(tabs, need, amara, leila, minutes):
    assert tabs(session_at(need, amara, minutes=minutes), leila).hear("welcome")["t"] == "welcome"


@pytest.mark.parametrize(("minutes", "code"), [(11, 4425), (-25 - 16, 4410)])
def test_before_and_after_that_the_room_is_closed(tabs, need, amara, minutes, code):
    assert tabs(session_at(need, amara, minutes=minutes), need.mentee).goodbye()["closed_with"] == code


@pytest.mark.parametrize("status", [Status.HELD, Status.ASKED, Status.CANCELLED, Status.DECLINED, Status.ENDED])
def test_a_session_that_is_not_booked_has_no_room(tabs, need, amara, leila, status):
    session = session_at(need, amara, minutes=-5, status=status)

    assert tabs(session, leila).goodbye()["closed_with"] == 4410


# --- who has to go ---------------------------------------------------------------------------------


def test_releasing_a_session_closes_its_sockets_within_a_second(tabs, session, leila, amara):
    leilas, amaras = tabs(session, leila).enter(), tabs(session, amara).enter()

    services.cancel(session=session, by=leila, now=clock.now())
    since = time.monotonic()

    told = [tab.goodbye(within=1) for tab in (leilas, amaras)]
    assert time.monotonic() - since < 1
    assert {each["told"] for each in told} == {"This session was released. The room has closed."}
    assert {each["closed_with"] for each in told} == {4410}


def test_moving_a_session_to_another_time_closes_its_lobby(tabs, need, amara, leila):
    session = session_at(need, amara, minutes=5)
    tab = tabs(session, leila)
    tab.hear("welcome")

    with transaction.atomic():
        later = (session.starts_at + timedelta(hours=3), session.ends_at + timedelta(hours=3))
        MentoringSession.objects.within(session.org_id).filter(pk=session.pk).update(span=later)
        news.tell(session.pk, "moved")

    assert tab.goodbye(within=1)["word"] == "moved"


def test_a_small_move_within_the_open_room_only_changes_the_clock(tabs, need, amara, leila):
    session = session_at(need, amara, minutes=5)
    tab = tabs(session, leila)
    before = tab.hear("welcome")["starts"]

    sooner = (session.starts_at - timedelta(minutes=5), session.ends_at - timedelta(minutes=5))
    MentoringSession.objects.within(session.org_id).filter(pk=session.pk).update(span=sooner)
    news.tell(session.pk, "moved")

    assert tab.hear("times", within=1)["starts"] == before - 300_000


def test_news_that_is_rolled_back_is_never_told(tabs, session, leila):
    tab = tabs(session, leila).enter()

    with transaction.atomic():
        services.cancel(session=session, by=leila, now=clock.now())
        transaction.set_rollback(True)

    tab.say(t="ping", asked=1)
    assert tab.hear("pong", within=3)["asked"] == 1


def test_a_closed_account_leaves_at_once_when_told(tabs, session, leila, amara):
    tab = tabs(session, leila).enter()

    amara.is_active = False
    amara.save()
    news.tell_of(amara.pk, "deactivated")

    assert tab.goodbye(within=1)["word"] == "deactivated"


def test_a_closed_account_leaves_within_seconds_when_nobody_tells(tabs, session, leila):
    tab = tabs(session, leila).enter()

    leila.is_active = False
    leila.save()

    assert tab.goodbye(within=5)["word"] == "deactivated"


def test_signing_out_ends_the_sockets_of_that_sign_in(tabs, session, leila):
    login = SessionStore()
    login.create()
    ticket = tickets.make(person=leila, session_id=session.pk, now=clock.now(), login=login.session_key)
    tab = tabs(session, leila, ticket=ticket).enter()

    login.delete()

    assert tab.goodbye(within=5)["word"] == "signed-out"
    assert tabs(session, leila, ticket=ticket).goodbye()["word"] == "signed-out"


def test_a_new_password_ends_older_sockets(tabs, session, leila):
    tab = tabs(session, leila).enter()

    leila.set_password("a long and new one")
    leila.save()

    assert tab.goodbye(within=5)["word"] == "signed-out"


def test_the_newest_tab_takes_the_call_and_the_older_one_says_so(tabs, session, leila, amara):
    amaras, first = tabs(session, amara).enter(), tabs(session, leila).enter()

    second = tabs(session, leila).enter()

    assert first.goodbye()["closed_with"] == 4409
    seen = amaras.hear_until(lambda m: m["t"] == "presence" and second.is_inside(m))
    assert [p["connection"] for p in seen["people"] if p["person"] == str(leila.pk)] == [second.welcome["connection"]]


def test_who_presses_leave_is_said_to_have_left_and_who_reloads_is_not(tabs, session, leila, amara):
    amaras, leilas = tabs(session, amara).enter(), tabs(session, leila).enter()
    amaras.hear_until(lambda m: m["t"] == "presence" and leilas.is_inside(m))

    leilas.say(t="leave")

    gone = amaras.hear("presence")
    assert gone["left"] == str(leila.pk)
    assert {p["person"] for p in gone["people"]} == {str(amara.pk)}
    assert leilas.goodbye()["closed_with"] == 1000
    eventually(lambda: kinds_of(session, leila) == ["waiting", "joined", "left"])

    again = tabs(session, leila).enter()
    again.close()

    said = amaras.hear_until(lambda m: m["t"] == "presence" and len(m["people"]) == 1)
    assert said["left"] == ""


# --- what passes -----------------------------------------------------------------------------------


def test_signals_pass_to_the_other_side_only(tabs, session, leila, amara):
    leilas, amaras = tabs(session, leila).enter(), tabs(session, amara).enter()

    leilas.say(t="signal", to=amaras.welcome["connection"], data={"candidate": {"candidate": "x"}})

    heard = amaras.hear("signal")
    assert heard["from"] == leilas.welcome["connection"]
    assert heard["data"] == {"candidate": {"candidate": "x"}}


def test_nobody_signals_from_the_lobby(tabs, session, leila, amara):
    amaras, leilas = tabs(session, amara).enter(), tabs(session, leila)
    leilas.hear("welcome")

    leilas.say(t="signal", to=amaras.welcome["connection"], data={})

    assert leilas.goodbye()["closed_with"] == 4400


def test_both_are_told_the_same_hours(tabs, session, leila, amara):
    leilas, amaras = tabs(session, leila).enter(), tabs(session, amara).enter()

    for tab in (leilas, amaras):
        assert tab.welcome["starts"] == session.starts_at.timestamp() * 1000
        assert tab.welcome["ends"] == session.ends_at.timestamp() * 1000
        assert tab.welcome["closes"] == (session.ends_at + timedelta(minutes=15)).timestamp() * 1000
        assert abs(tab.welcome["now"] - time.time() * 1000) < 2000


def test_what_is_written_inside_reaches_who_still_waits_in_the_lobby(tabs, session, leila, amara):
    waiting = tabs(session, amara)
    waiting.hear("welcome")
    leilas = tabs(session, leila).enter()
    leilas.chat("I am inside already.")

    assert waiting.hear("chat")["line"]["text"] == "I am inside already."


def test_chat_reaches_both_is_kept_and_is_shown_to_who_comes_later(tabs, session, leila, amara):
    leilas, amaras = tabs(session, leila).enter(), tabs(session, amara).enter()

    leilas.chat("The letter is here: <b>lead.pdf</b>")

    heard = [tab.hear("chat")["line"] for tab in (leilas, amaras)]
    assert heard[0] == heard[1]
    assert heard[0]["text"] == "The letter is here: <b>lead.pdf</b>"
    assert ChatLine.objects.within(session.org_id).get(session=session).person_id == leila.pk
    assert tabs(session, amara).hear("welcome")["chat"] == [heard[0]]


def test_a_line_sent_again_after_a_lost_connection_is_kept_once(tabs, session, leila):
    tab, key = tabs(session, leila).enter(), "0192aaaa-bbbb-7ccc-8ddd-eeeeffff0000"

    for _ in range(2):
        tab.say(t="chat", key=key, text="Once")
        tab.hear("chat")

    assert ChatLine.objects.within(session.org_id).filter(session=session).count() == 1


def test_a_line_that_is_too_long_is_given_back(tabs, session, leila):
    tab = tabs(session, leila).enter()

    tab.chat("x" * 10_001)

    assert tab.hear("unsaid")["told"] == "That is 10,001 characters long. Send up to 10,000 at once."
    tab.chat("x" * 10_000)
    assert len(tab.hear("chat")["line"]["text"]) == 10_000


def test_too_many_lines_at_once_are_given_back_and_the_room_goes_on(tabs, session, leila):
    tab = tabs(session, leila).enter()

    for number in range(30):
        tab.chat(f"{number}")

    assert "Wait a few seconds" in tab.hear("unsaid")["told"]
    tab.say(t="ping", asked=7)
    assert tab.hear("pong")["asked"] == 7


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "[]",
        "{",
        '{"t": 1}',
        '{"t": "dance"}',
        '{"t": []}',
        '{"t": "signal", "to": [], "data": []}',
        '{"t": "chat", "key": 3}',
        "[" * 5000,
        b"",
        b"\x07",
        b"\x00\x02\xff\xff",
    ],
)
def test_what_cannot_be_read_ends_that_tab_alone(tabs, session, leila, amara, frame):
    leilas, amaras = tabs(session, leila).enter(), tabs(session, amara).enter()

    leilas.socket.send(frame)

    assert leilas.goodbye()["closed_with"] == 4400
    amaras.say(t="ping", asked=1)
    assert amaras.hear("pong")["asked"] == 1


def test_frames_over_their_limit_are_refused(tabs, session, leila, amara):
    leilas, amaras = tabs(session, leila).enter(), tabs(session, amara).enter()

    leilas.socket.send(b"\x00\x02" + b"x" * (256 * 1024))
    amaras.say(t="signal", to="", data={"x": "x" * 64 * 1024})

    assert leilas.goodbye()["closed_with"] == 4413
    assert amaras.goodbye()["closed_with"] == 4413


def test_a_flood_is_stopped(tabs, session, leila):
    tab = tabs(session, leila).enter()

    with suppress(ConnectionClosed):
        for _ in range(450):
            tab.say(t="beat")
            if tab.is_shown_out():  # what is sent on could make this end forget why
                break

    assert tab.goodbye()["closed_with"] == 4429


# --- notes -----------------------------------------------------------------------------------------


def test_notes_of_three_tabs_become_the_same(tabs, session, leila, amara):
    first, second = tabs(session, leila).enter(), tabs(session, amara).enter()
    first.write("Fear is losing Tuesdays\n")
    second.read_until("Tuesdays")
    second.write("Option 1: yes, with a review date\n")
    first.read_until("review date")

    third = tabs(session, leila).enter()

    assert third.read_until("review date") == str(first.text) == str(second.text)
    third.write("Ask who covers on-call")
    assert second.read_until("on-call") == str(third.text)


def test_notes_typed_without_a_connection_arrive_on_the_way_back(tabs, session, leila, amara):
    leilas, amaras = tabs(session, leila).enter(), tabs(session, amara).enter()
    leilas.write("before ")
    amaras.read_until("before")
    leilas.close()
    leilas.text += "while away "

    back = tabs(session, leila)
    back.doc, back.text = leilas.doc, leilas.text
    amaras.write("meanwhile ")
    back.enter()

    amaras.read_until("while away")
    back.read_until("meanwhile")
    assert str(back.text) == str(amaras.text)


def test_notes_are_kept_as_text_and_squashed_when_everybody_has_left(tabs, session, leila):
    tab = tabs(session, leila).enter()
    for word in ("one ", "two ", "three\x00"):
        tab.write(word)
        tab.wait_until_saved()
    kept = NotesUpdate.objects.within(session.org_id).filter(session=session)
    assert kept.count() == 3

    tab.close()

    eventually(lambda: kept.count() == 1)
    assert Notes.objects.within(session.org_id).get(session=session).text == "one two three"
    assert tabs(session, leila).enter().read_until("three") == "one two three\x00"


def test_a_document_that_grows_past_its_limit_takes_no_more(tabs, session, leila):
    tab = tabs(session, leila).enter()

    for _ in range(11):
        tab.write("x" * 200_000)

    assert tab.hear("full")["told"].startswith("The notes are full.")


# --- a process that dies ---------------------------------------------------------------------------


@pytest.fixture
def own_server(transactional_db):
    server = RealtimeServer().start()
    yield server
    server.stop()


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_notes_chat_and_the_call_survive_a_new_process(tabs, own_server, session, amara, how):
    leila = session.mentee
    server = own_server
    leilas, amaras = tabs(session, leila, server=server).enter(), tabs(session, amara, server=server).enter()
    leilas.write("kept across a restart")
    leilas.wait_until_saved()
    amaras.chat("Still there?")
    amaras.hear("chat")

    getattr(server, how)()
    server.start()

    again = tabs(session, leila, server=server).enter()
    assert again.read_until("restart") == "kept across a restart"
    assert [line["text"] for line in again.welcome["chat"]] == ["Still there?"]
    if how == "stop":
        eventually(lambda: kinds_of(session, amara) == ["waiting", "joined", "left"], within=20.0)


# --- ten more minutes --------------------------------------------------------------------------------


def test_two_who_offer_more_time_agree_and_both_clocks_follow(tabs, need, amara, leila):
    session = session_at(need, amara, minutes=-23)
    leilas, amaras = tabs(session, leila).enter(), tabs(session, amara).enter()

    leilas.say(t="longer", answer="offer")
    assert amaras.hear("longer") == {"t": "longer", "state": "offered", "by": str(leila.pk)}
    amaras.say(t="longer", answer="offer")

    until = int((session.ends_at + timedelta(minutes=10)).timestamp() * 1000)
    for tab in (leilas, amaras):
        assert tab.hear_until(lambda m: m.get("state") == "taken")["ends"] == until
        times = tab.hear("times")
        assert (times["ends"], times["cue"]) == (until, 32 * 60)


def test_nobody_agrees_with_themselves_or_with_an_empty_room(tabs, need, amara, leila):
    session = session_at(need, amara, minutes=-23)
    leilas = tabs(session, leila).enter()
    leilas.say(t="longer", answer="offer")
    assert "nobody else" in leilas.hear("longer")["told"]
    tabs(session, amara).enter()
    for answer in ("offer", "yes", "no"):
        leilas.say(t="longer", answer=answer)
    assert [leilas.hear("longer")["state"] for _ in range(2)] == ["offered", "declined"]
    assert MentoringSession.objects.within(session.org_id).get().sequence == 0


def test_an_offer_is_seen_by_whoever_comes_back_to_the_room(tabs, need, amara, leila):
    session = session_at(need, amara, minutes=-23)
    leilas, amaras = tabs(session, leila).enter(), tabs(session, amara).enter()
    leilas.say(t="longer", answer="offer")
    amaras.hear("longer")
    amaras.close()
    assert tabs(session, amara).hear("welcome")["longer"] == str(leila.pk)


# --- who was there ---------------------------------------------------------------------------------


def test_attendance_is_written_for_each_tab_from_coming_to_going(tabs, session, leila, amara):
    leilas, amaras = tabs(session, leila).enter(), tabs(session, amara).enter()
    leilas.say(t="media", connected=True)
    amaras.say(t="media", connected=False)
    leilas.say(t="ping", asked=1)
    leilas.hear("pong")

    leilas.close()

    eventually(lambda: kinds_of(session, leila) == ["waiting", "joined", "media_connected", "left"])
    assert kinds_of(session, amara) == ["waiting", "joined", "media_failed"]
    rows = AttendanceEvent.objects.within(session.org_id).filter(session=session, person=leila)
    assert {str(c) for c in rows.values_list("connection", flat=True)} == {leilas.welcome["connection"]}


def test_an_erased_session_takes_nothing_of_the_others_with_it(tabs, session, need, tomasz, amara):
    erased = session_at(need, tomasz, minutes=-35)
    theirs, ours = tabs(erased, tomasz).enter(), tabs(session, amara).enter()
    theirs.write("x")
    theirs.wait_until_saved()
    eventually(lambda: kinds_of(erased, tomasz) == ["waiting", "joined"])

    erased.delete()
    assert theirs.goodbye(within=5)["closed_with"] == 4403
    ours.close()

    eventually(lambda: kinds_of(session, amara) == ["waiting", "joined", "left"])


def test_waiting_in_the_lobby_is_waiting_and_not_being_inside(tabs, session, leila):
    tab = tabs(session, leila)
    tab.hear("presence")

    tab.close()

    eventually(lambda: kinds_of(session, leila) == ["waiting", "left"])


def test_whoever_comes_late_is_in_the_log_before_they_are_inside(tabs, need, amara, leila):
    session = session_at(need, amara, minutes=-12)
    tabs(session, leila).enter()
    assert "joined" in kinds_of(session, leila)


def test_whoever_waited_in_vain_ends_it_and_the_late_one_hears_so(tabs, need, amara, leila):
    session = session_at(need, amara, minutes=-12)
    start = session.starts_at
    for kind, minute in (("joined", 0), ("heartbeat", 5), ("heartbeat", 12)):
        AttendanceEvent.objects.create(
            org=session.org, session=session, person=amara, kind=kind, connection=session.pk,
            at=start + timedelta(minutes=minute),
        )  # fmt: skip
    waiter = tabs(session, amara).enter()

    nobody_came(session=session, by=amara, now=clock.now())

    assert waiter.goodbye(within=5)["word"] == "missed"
    assert tabs(session, leila).goodbye(within=5)["word"] == "missed"


def test_one_leaving_does_not_end_it_for_the_other(tabs, session, leila, amara):
    leilas, amaras = tabs(session, leila).enter(), tabs(session, amara).enter()

    leilas.close()

    left = amaras.hear_until(lambda m: m["t"] == "presence" and len(m["people"]) == 1)
    assert left["people"][0]["person"] == str(amara.pk)
    session.refresh_from_db()
    assert session.status == Status.CONFIRMED
    assert tabs(session, leila).enter().welcome["t"] == "welcome"


def test_people_who_never_met_get_no_room_of_each_other(tabs, session, commons):
    stranger = PersonFactory(org=commons)

    assert tabs(session, stranger).goodbye()["told"] == "There is nothing at this address, or it is not yours to see."
