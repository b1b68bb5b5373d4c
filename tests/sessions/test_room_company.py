"""More than two in a room, over a real web socket: who is let in and shown out, what passes, what is kept."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from tests.factories import PersonFactory, make_session
from tests.sessions.room_server import RealtimeServer, Tab

from quarterhour.core import clock
from quarterhour.people import services as people
from quarterhour.sessions import companions
from quarterhour.sessions.models import AttendanceEvent, ChatLine, Companion, Notes, SpokenLine

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("room by socket")]


@pytest.fixture(scope="module")
def company_server(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        server = RealtimeServer().start()
    yield server
    server.stop()


@pytest.fixture
def tabs(company_server, session):
    """Opens tabs, and closes them when the test is over."""
    opened = []

    def open_tab(person, **how):
        opened.append(Tab(company_server, session, person, **how))
        return opened[-1]

    yield open_tab
    for tab in opened:
        tab.close()
    company_server.wait_until_quiet()


@pytest.fixture
def session(transactional_db, need, amara):
    """Leila and Amara, five minutes into it."""
    return make_session(need, amara, clock.now().replace(microsecond=0) - timedelta(minutes=5))


def along(session, name: str) -> Companion:
    """Somebody of that name, brought by the mentee, who has accepted."""
    person = PersonFactory(name=name, org=session.org)
    given = {"brought_by": session.mentee, "email": person.email, "person": person}
    now = clock.now()
    return Companion.objects.create(org=session.org, session=session, **given, asked_at=now, accepted_at=now)


def inside(message) -> set[str]:
    return {each["first"] for each in message["people"] if each["place"] == "room"}


def captions(tab, state: str) -> dict:
    return tab.hear_until(lambda m: m["t"] == "captions" and m["state"] == state)


def answers(tab) -> None:
    """Whatever was sent before is done with."""
    tab.say(t="ping", asked=1)
    tab.hear("pong")


def of(model, session):
    return model.objects.within(session.org_id).filter(session=session)


def test_four_see_each_other_by_name_and_a_fifth_is_told_why_not(tabs, session, leila, amara):
    rows = [along(session, name) for name in ("Kofi Mensah", "Nia Roy", "Pia Five")]
    leilas, *_ = [tabs(person).enter() for person in (leila, amara, rows[0].person, rows[1].person)]
    seen = leilas.hear_until(lambda m: m["t"] == "presence" and len(inside(m)) == 4)
    assert inside(seen) == {"Leila", "Amara", "Kofi", "Nia"}

    fifth = tabs(rows[2].person)
    fifth.hear("welcome")
    fifth.say(t="enter", mode="chat")
    gone = fifth.goodbye()
    assert (gone["closed_with"], gone["told"].split(",")[0]) == (4403, "Four people are in this room")


def test_who_is_only_asked_or_was_refused_is_not_let_in(tabs, session):
    row = along(session, "Kofi Mensah")
    kofi = row.person
    Companion.objects.within(session.org_id).update(person=None, accepted_at=None)
    assert tabs(kofi).goodbye()["word"] == "not-yours"
    Companion.objects.within(session.org_id).update(person=kofi, accepted_at=row.accepted_at, out_at=row.accepted_at)
    assert tabs(kofi).goodbye()["closed_with"] == 4403


@pytest.mark.parametrize("how", ["taken out", "blocked", "signed out of the organisation"])
def test_who_may_not_stay_is_shown_out_within_a_second_and_the_two_go_on(tabs, session, leila, amara, how):
    row = along(session, "Kofi Mensah")
    leilas, kofis = tabs(leila).enter(), tabs(row.person).enter()
    leilas.hear_until(lambda m: m["t"] == "presence" and "Kofi" in inside(m))
    within = 1.0
    if how == "taken out":
        companions.take_out(companion=row, by=amara, now=clock.now())
    elif how == "blocked":
        people.block(other=row.person, by=amara, org=session.org, now=clock.now())
        companions.part(row.person, amara, now=clock.now())
    else:
        row.person.memberships.all().delete()
        within = 4.0  # nobody told: the round finds out

    assert kofis.goodbye(within=within)["word"] == "taken-out"
    gone = leilas.hear_until(lambda m: m["t"] == "presence" and "Kofi" not in inside(m))
    assert gone["left"] == str(row.person_id)
    answers(leilas)


def test_a_signal_reaches_the_one_it_is_for_and_nobody_else(tabs, session, leila, amara):
    kofis = tabs(along(session, "Kofi Mensah").person).enter()
    leilas, amaras = tabs(leila).enter(), tabs(amara).enter()
    leilas.say(t="signal", to=kofis.welcome["connection"], data={"candidate": None})
    heard = kofis.hear("signal")
    assert heard == {"t": "signal", "from": leilas.welcome["connection"], "data": {"candidate": None}}
    answers(leilas)
    answers(amaras)
    assert not [m for m in amaras.said if m["t"] == "signal"]


def test_notes_and_chat_are_shared_by_all_and_kept_by_name(tabs, session, leila, amara):
    kofi = along(session, "Kofi Mensah").person
    leilas, kofis = tabs(leila).enter(), tabs(kofi).enter()
    kofis.write("Ask for a review date.")
    kofis.wait_until_saved()
    assert leilas.read_until("review date") == "Ask for a review date."
    assert of(Notes, session).get().text == "Ask for a review date."
    kofis.chat("Hello")
    assert leilas.hear("chat")["line"]["first"] == "Kofi"
    assert of(ChatLine, session).get().person == kofi
    amaras = tabs(amara).enter()
    assert [line["first"] for line in amaras.welcome["chat"]] == ["Kofi"]


def test_the_log_is_of_the_two_alone(tabs, session, leila, company_server):
    kofis = tabs(along(session, "Kofi Mensah").person).enter()
    leilas = tabs(leila).enter()
    kofis.say(t="media", connected=True)
    kofis.say(t="leave")
    assert kofis.goodbye()["word"] == "left"
    leilas.say(t="leave")
    assert leilas.goodbye()["word"] == "left"
    company_server.wait_until_quiet()
    assert set(of(AttendanceEvent, session).values_list("person", flat=True)) == {leila.pk}


def test_more_time_is_the_choice_of_the_two(tabs, session, leila, amara):
    kofis, leilas, amaras = tabs(along(session, "Kofi Mensah").person).enter(), tabs(leila).enter(), tabs(amara).enter()
    for answer in ("offer", "yes", "no"):
        kofis.say(t="longer", answer=answer)
    answers(kofis)
    answers(leilas)
    assert not [m for tab in (kofis, leilas, amaras) for m in tab.said if m["t"] == "longer"]


def test_captions_want_everybody_who_is_there_and_whoever_comes_in(tabs, session, leila, amara):
    kofi, nia = along(session, "Kofi Mensah").person, along(session, "Nia Roy").person
    leilas, amaras, kofis = tabs(leila).enter(), tabs(amara).enter(), tabs(kofi).enter()
    leilas.say(t="captions", answer="ask")
    captions(kofis, "asked")
    amaras.say(t="captions", answer="yes")
    still = leilas.hear_until(lambda m: m["t"] == "captions" and len(m["agreed"]) == 2)
    assert (still["state"], still["by"]) == ("asked", str(leila.pk))
    leilas.say(t="said", key=str(uuid4()), text="too early")
    kofis.say(t="captions", answer="yes")
    captions(leilas, "on")

    for tab, text in ((leilas, "of mine"), (kofis, "of a companion")):
        tab.say(t="said", key=str(uuid4()), text=text)
        assert amaras.hear("said")["text"] == text
    nias = tabs(nia).enter()
    rests = captions(leilas, "asked")
    assert str(nia.pk) not in rests["agreed"]
    leilas.say(t="said", key=str(uuid4()), text="Nia has not agreed")
    answers(leilas)
    nias.say(t="captions", answer="yes")
    captions(leilas, "on")
    nias.say(t="captions", answer="off")
    assert captions(amaras, "off")["by"] == str(nia.pk)
    nias.say(t="captions", answer="erase")  # what the two said is theirs to delete
    assert captions(nias, "stuck")["by"] == str(nia.pk)
    assert list(of(SpokenLine, session).values_list("text", flat=True)) == ["of mine"]
