"""More than four in a room, by a real Janus and aiortc: who hears whom, who is shut out, and what is refused."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from django.urls import reverse
from tests.factories import NeedFactory, PersonFactory, make_session
from tests.sessions.forward_peer import Peers
from tests.sessions.janus_server import SECRET, JanusServer
from tests.sessions.room_server import RealtimeServer, free_port
from websockets.exceptions import ConnectionClosed

from quarterhour.core import clock
from quarterhour.sessions import companions
from quarterhour.sessions.models import Companion
from quarterhour.sessions.room import larger, news

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("room by socket")]


@pytest.fixture(scope="module")
def janus(tmp_path_factory):
    server = JanusServer(tmp_path_factory.mktemp("janus")).start()
    yield server
    server.kill()


@pytest.fixture(scope="module")
def forwarding_server(django_db_setup, django_db_blocker, janus):
    with django_db_blocker.unblock():
        server = RealtimeServer(QUARTERHOUR_SFU_URL=janus.url, QUARTERHOUR_SFU_SECRET=SECRET).start()
    yield server
    server.stop()


@pytest.fixture
def come(forwarding_server):
    """Opens a page for somebody."""
    peers = Peers()
    yield lambda session, person, **how: peers.come(forwarding_server, session, person, **how)
    peers.close()
    forwarding_server.wait_until_quiet()


@pytest.fixture
def session(transactional_db, need, amara):
    return make_session(need, amara, clock.now().replace(microsecond=0) - timedelta(minutes=5))


def along(session, name: str) -> Companion:
    person = PersonFactory(name=name, org=session.org)
    given = {"brought_by": session.mentee, "email": person.email, "person": person}
    now = clock.now()
    return Companion.objects.create(org=session.org, session=session, **given, asked_at=now, accepted_at=now)


def three(session) -> list[Companion]:
    return [along(session, name) for name in ("Kofi Mensah", "Nia Roy", "Pia Five")]


def test_up_to_four_talk_directly_and_with_a_fifth_expected_all_go_by_the_server(come, session, leila):
    _, nia = [along(session, name) for name in ("Kofi Mensah", "Nia Roy")]
    leilas = come(session, leila)
    assert leilas.welcome["way"] == "direct"
    along(session, "Pia Five")
    news.tell(session.pk, "companion")
    leilas.told("way", way="server")
    companions.take_out(companion=nia, by=leila, now=clock.now())
    assert come(session, session.mentor).welcome["way"] == "server"  # it stays, so that no call breaks off


def test_pictures_and_sound_are_handed_on_until_somebody_is_taken_out(come, session, leila, amara):
    rows = three(session)
    leilas, amaras, kofis = come(session, leila), come(session, amara), come(session, rows[0].person)
    assert {each.welcome["way"] for each in (leilas, amaras, kofis)} == {"server"}
    amaras.hears(kofis)  # who sends nothing yet
    for each in (leilas, kofis):
        each.sends()
    amaras.hears(leilas)
    kofis.hears(leilas)
    for hearer, heard in ((amaras, kofis), (amaras, leilas), (kofis, leilas)):
        hearer.gets(heard)

    companions.take_out(companion=rows[0], by=amara, now=clock.now())
    assert kofis.told("goodbye", within=1)["word"] == "taken-out"
    kofis.gets_nothing(leilas, within=2)
    amaras.gets_nothing(kofis, within=2)
    amaras.gets(leilas)


def test_whoever_comes_by_sound_only_is_sent_a_screen_and_no_other_picture(come, session, leila, amara):
    three(session)
    leilas, amaras = come(session, leila).sends(), come(session, amara)
    amaras.hears(leilas).gets(leilas)
    amaras.say(t="state", mode="audio", mic=True)
    amaras.gets_nothing(leilas, within=4)
    leilas.say(t="state", mode="video", mic=True, screen=True)
    amaras.gets(leilas)


def test_a_page_that_dials_anew_is_heard_again_by_everybody(come, session, leila, amara):
    three(session)
    leilas, amaras = come(session, leila).sends(), come(session, amara)
    amaras.hears(leilas).gets(leilas)
    leilas.sends()
    amaras.told("forward", data={"again": True})
    amaras.hears(leilas).gets(leilas)


BAD = [
    {"to": 7, "n": 1, "data": {"again": True}},
    {"to": "", "n": "1", "data": {"again": True}},
    {"to": "", "n": -1, "data": {"again": True}},
    {"to": "", "n": 1, "data": []},
    {"to": "", "n": 1, "data": {}},
    {"to": "", "n": 1, "data": {"description": {"type": "pranswer", "sdp": "v=0"}}},
    {"to": "", "n": 1, "data": {"description": {"type": "offer", "sdp": 7}}},
    {"to": "", "n": 1, "data": {"candidate": {"candidate": 7}}},
]


def test_what_is_no_message_of_ours_ends_that_page(come, session, leila):
    three(session)
    for said in BAD:
        leilas = come(session, leila)
        leilas.say(t="forward", **said)
        assert leilas.told("goodbye")["word"] == "unreadable", said


def test_bad_descriptions_and_strange_connections_change_nothing_for_the_others(come, session, leila, amara):
    rows = three(session)
    ina, ben = [PersonFactory(name=name, org=session.org) for name in ("Ina Elsewhere", "Ben Elsewhere")]
    elsewhere = make_session(NeedFactory(mentee=ben, org=session.org), ina, session.starts_at)
    for name in ("A B", "C D", "E F"):
        along(elsewhere, name)
    inas = come(elsewhere, ina).sends()
    leilas, amaras, kofis = come(session, leila).sends(), come(session, amara), come(session, rows[0].person)
    amaras.hears(leilas).gets(leilas)

    for sdp in ("", "rubbish", "v=0\r\n" * 500, "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 X 0\r\n"):
        for number, to, kind in ((1, "", "offer"), (2, leilas.connection, "answer"), (3, "", "answer")):
            kofis.say(t="forward", to=to, n=number, data={"description": {"type": kind, "sdp": sdp}})
    kofis.say(t="forward", to="nobody", n=4, data={"again": True})
    kofis.say(t="forward", to=kofis.connection, n=5, data={"again": True})
    kofis.say(t="forward", to="", n=6, data={"candidate": {"candidate": "candidate:1 1 udp 1 nowhere 1 typ host"}})
    kofis.hears(inas)  # of another session
    kofis.sends().hears(leilas).gets(leilas)  # and can still do what everybody can
    amaras.hears(kofis).gets(kofis)
    assert kofis.counted(inas) == 0
    amaras.gets(leilas)


def test_a_flood_and_a_lobby_are_shown_out(come, session, leila, amara):
    rows = three(session)
    leilas, amaras, kofis = come(session, leila).sends(), come(session, amara), come(session, rows[0].person)
    amaras.hears(leilas).gets(leilas)
    waits = come(session, rows[1].person, inside=False)
    waits.say(t="forward", to="", n=1, data={"again": True})
    assert waits.told("goodbye")["word"] == "unreadable"
    with suppress(ConnectionClosed):
        for number in range(200):
            kofis.say(t="forward", to="", n=number, data={"again": True})
    assert kofis.told("goodbye")["word"] == "too-fast"
    amaras.gets(leilas)


def test_a_janus_that_dies_is_told_and_once_it_is_back_everybody_is_heard_again(come, session, leila, amara, janus):
    rows = three(session)
    leilas, amaras = come(session, leila).sends(), come(session, amara)
    amaras.hears(leilas).gets(leilas)
    janus.kill()
    amaras.told("way", way="direct")  # four at most: they talk as any four would
    others = [come(session, row.person) for row in rows]
    assert others[0].welcome["way"] == "direct"
    amaras.told("way", way="none")
    janus.start()
    for each in (leilas, amaras, others[0]):
        each.told("way", way="server", within=8)
    leilas.sends()
    amaras.hears(leilas).gets(leilas)


def test_the_operator_reads_whether_janus_answers_and_what_is_wrong(janus, settings, client, commons):
    settings.TURN, settings.SFU_URL, settings.SFU_SECRET = [], janus.url, SECRET
    client.force_login(PersonFactory(name="Jonas Brandt", org=commons, is_operator=True))
    page = client.get(reverse("operate:health")).content.decode()
    assert "rounds of up to 10 by Janus" in page
    assert "Test Janus" in page
    told = client.post(reverse("operate:relay"), follow=True).content.decode()
    assert "opened a room for a larger round" in told

    settings.SFU_SECRET = "before the mill"
    assert "refused our secret" in client.post(reverse("operate:relay"), follow=True).content.decode()
    settings.SFU_SECRET = ""
    assert "A Janus without a secret" in client.post(reverse("operate:relay"), follow=True).content.decode()
    settings.SFU_SECRET, settings.SFU_URL = SECRET, f"ws://127.0.0.1:{free_port()}"
    assert "cannot be reached" in larger.ask().told
