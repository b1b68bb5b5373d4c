"""The diary and the page of a session, for either side."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import icalendar
import pytest
from django.urls import reverse
from django.utils import timezone
from tests.factories import MentorFactory, NeedFactory, PersonFactory, make_session

from quarterhour.core import clock
from quarterhour.sessions.models import MentoringSession, Status
from quarterhour.web import when

ALL_DAY = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


@pytest.fixture
def soon():
    return (clock.now() + timedelta(days=1)).replace(minute=0, second=0, microsecond=0)


@pytest.fixture
def mentor(commons):
    return MentorFactory(org=commons, weekly=ALL_DAY, name="Amara Okafor", zone="Africa/Lagos")


@pytest.fixture
def session(leila, mentor, commons, soon):
    return make_session(NeedFactory(mentee=leila, org=commons), mentor, soon)


def at(name, session):
    return reverse(f"book:{name}", args=[session.pk])


@pytest.mark.parametrize("side", ["mentee", "mentor"])
def test_both_see_the_session_on_their_own_clock(client, session, side):
    client.force_login(getattr(session, side))
    page = client.get(at("booked", session)).content.decode()
    zone = {"mentee": "Lisbon", "mentor": "Lagos"}[side]
    assert f"in {zone}" in page
    assert session.other(getattr(session, side)).called in page


def test_what_can_be_pressed_before_it_begins_stands_in_one_row(client, session, leila):
    client.force_login(leila)
    page = client.get(reverse("book:booked", args=[session.pk])).content.decode()
    row = re.search(r'<div class="row tight"><a class="button[^>]*href="([^"]*)">.*?</div>', page, re.DOTALL)
    assert row.group(1) == reverse("room:lobby", args=[session.pk])
    assert reverse("book:coming", args=[session.pk]) in row.group()


def test_moving_keeps_the_session(client, session, soon, leila):
    client.force_login(leila)
    response = client.post(at("move", session), {"start": (soon + timedelta(hours=3)).isoformat()})
    assert response.status_code == 302
    session.refresh_from_db()
    assert (session.starts_at, session.sequence) == (soon + timedelta(hours=3), 1)


def test_a_move_to_a_taken_time_shows_three_others(client, session, mentor, soon, leila, commons):
    other = soon + timedelta(hours=2)
    make_session(NeedFactory(mentee=PersonFactory(org=commons), org=commons), mentor, other)
    client.force_login(leila)
    response = client.post(at("move", session), {"start": other.isoformat()})
    page = response.content.decode()
    assert response.status_code == 409
    assert "was just booked for that time" in page
    assert page.split('id="move"')[1].split("</form>")[0].count('name="start"') == 3
    session.refresh_from_db()
    assert session.starts_at == soon


def test_a_released_session_is_released_once(client, session, leila, mentor):
    client.force_login(leila)
    assert client.post(at("release", session)).status_code == 302
    client.force_login(mentor)
    again = client.post(at("release", session))
    assert again.status_code == 409
    assert "This session was released." in again.content.decode()


@pytest.mark.parametrize(
    ("name", "sent"), [("release", {}), ("coming", {}), ("answer", {"answer": "yes"}), ("move", {})]
)
def test_an_old_tab_says_what_has_become_of_it_and_leads_there(client, session, leila, mentor, soon, name, sent):
    client.force_login(leila)
    client.post(at("release", session))
    client.force_login(mentor if name == "answer" else leila)
    if name == "move":
        sent = {"start": (soon + timedelta(hours=2)).isoformat()}
    old = client.post(at(name, session), sent)
    page = old.content.decode()
    assert old.status_code == 409
    assert "This session was released." in page
    assert "Reload" not in page
    assert "quicker" not in page
    assert ("See who else could help" if name == "move" else f'class="button" href="{at("booked", session)}"') in page


@pytest.mark.parametrize("name", ["booked", "calendar_file"])
def test_strangers_find_nothing(client, session, commons, name):
    client.force_login(PersonFactory(org=commons))
    assert client.get(at(name, session)).status_code == 404


@pytest.mark.parametrize("name", ["confirm", "move", "release", "give_back", "answer", "tried"])
def test_strangers_change_nothing(client, session, commons, name):
    client.force_login(PersonFactory(org=commons))
    assert client.post(at(name, session), {"start": "2026-11-26T10:15Z"}).status_code == 404
    session.refresh_from_db()
    assert session.status == Status.CONFIRMED


def test_what_was_tried_reaches_the_mentor(client, session, leila):
    client.force_login(leila)
    client.post(at("tried", session), {"tried": "I covered for our lead in August."})
    session.need.refresh_from_db()
    assert session.need.tried == "I covered for our lead in August."
    too_long = client.post(at("tried", session), {"tried": "x" * 10_001})
    assert too_long.status_code == 422
    assert "Shorten it to 10,000" in too_long.content.decode()


def test_the_calendar_file_is_a_calendar(client, session, leila):
    client.force_login(leila)
    response = client.get(at("calendar_file", session))
    event = icalendar.Calendar.from_ical(response.content).walk("VEVENT")[0]
    assert str(event["UID"]) == session.ical_uid
    assert event.decoded("DTSTART") == session.starts_at
    assert "attachment" in response["Content-Disposition"]


def test_earlier_sessions_are_shown_a_page_at_a_time(client, leila, mentor, commons, soon):
    need = NeedFactory(mentee=leila, org=commons)
    for n in range(30):
        make_session(need, mentor, soon - timedelta(days=n + 2), status=Status.ENDED)
    client.force_login(leila)
    seen: list[str] = []
    address = reverse("book:sessions")
    for _ in range(3):
        page = client.get(address).content.decode()
        seen += [part.split('"')[0] for part in page.split("/takeaway/")[1:]]
        more = page.split("before=")
        if len(more) > 1:
            address = reverse("book:sessions") + "?before=" + more[1].split('"')[0]
    assert len(seen) == len(set(seen)) == 30


@pytest.mark.parametrize("many", [1, 9])
def test_the_diary_costs_the_same_however_full(client, leila, mentor, commons, soon, many, django_assert_num_queries):
    for n in range(many):
        need = NeedFactory(mentee=leila, org=commons)
        make_session(need, mentor, soon + timedelta(days=n))
        make_session(need, mentor, soon - timedelta(days=n + 2), status=Status.ENDED)
    client.force_login(leila)
    with django_assert_num_queries(9):
        client.get(reverse("book:sessions"))


@pytest.mark.parametrize("query", [{"before": "x"}, {"before": "\x00"}, {"side": "<b>"}, {"before": "0" * 32}])
def test_junk_in_the_address_is_no_trouble(client, leila, commons, query):
    client.force_login(leila)
    assert client.get(reverse("book:sessions"), query).status_code == 200


def test_a_mentor_answers_a_request(client, leila, commons, soon):
    asked_first = MentorFactory(org=commons, weekly=ALL_DAY, confirm="ask")
    for answer, status in [("yes", Status.CONFIRMED), ("no", Status.DECLINED)]:
        session = make_session(NeedFactory(mentee=leila, org=commons), asked_first, soon, status=Status.ASKED)
        client.force_login(asked_first)
        assert client.post(at("answer", session), {"answer": answer}).status_code == 302
        session.refresh_from_db()
        assert session.status == status
        MentoringSession.objects.within(commons).filter(pk=session.pk).update(status=Status.CANCELLED)
        session.claims.all().delete()


def test_a_session_page_of_a_time_long_past_is_calm(client, leila, mentor, commons):
    old = make_session(
        NeedFactory(mentee=leila, org=commons),
        mentor,
        datetime.fromisoformat("2020-02-29T10:00:00+00:00"),
        status=Status.ENDED,
    )
    client.force_login(leila)
    page = client.get(at("booked", old))
    assert page.status_code == 200
    assert "Takeaway card" in page.content.decode()


@pytest.mark.parametrize(
    ("page", "side", "status"), [("release", "mentee", "confirmed"), ("answer", "mentor", "asked")]
)
def test_a_zero_byte_beside_a_press_is_taken_out(client, session, page, side, status):
    MentoringSession.plain.filter(pk=session.pk).update(status=status)
    client.force_login(getattr(session, side))
    response = client.post(at(page, session), {"note": "No\0 time", "answer": "no"})

    assert response.status_code == 302
    session.refresh_from_db()
    assert session.note == "No time"


def test_the_doors_open_and_close_when_the_policy_says(client, session, leila, soon, settings, monkeypatch):
    settings.POLICY = settings.POLICY | {"lobby_opens": 45, "lobby_closes": 30}
    client.force_login(leila)
    told = {}
    for name, moment in {
        "early": soon - timedelta(minutes=46),
        "open": soon - timedelta(minutes=44),
        "late": session.ends_at + timedelta(minutes=29),
        "over": session.ends_at + timedelta(minutes=31),
    }.items():
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        listed = client.get(reverse("book:sessions")).content.decode()
        told[name] = ("Enter the lobby" in client.get(at("booked", session)).content.decode(), "Enter" in listed)
    assert told == {"early": (False, False), "open": (True, True), "late": (True, True), "over": (False, False)}


@pytest.mark.parametrize(("minutes", "said"), [(-1, "Next: "), (0, "Now: "), (24, "Now: ")])
def test_the_list_says_what_is_on_and_what_comes_next(client, session, leila, monkeypatch, minutes, said):
    monkeypatch.setattr(clock, "now", lambda: session.starts_at + timedelta(minutes=minutes))
    client.force_login(leila)
    page = client.get(reverse("book:sessions")).content.decode()
    assert f"<h1>{said}{session.mentor.first_name}, " in page
    assert ("until" in page.split("</h1>")[0].split("<h1>")[1]) == (said == "Now: ")


def test_a_session_that_is_over_lies_behind_and_its_room_is_found_while_it_is_open(client, session, leila, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: session.ends_at + timedelta(minutes=2))
    client.force_login(leila)
    coming, behind = client.get(reverse("book:sessions")).content.decode().split("Behind you")
    assert "Nothing is booked." in coming
    assert reverse("room:lobby", args=[session.pk]) not in coming
    assert reverse("room:lobby", args=[session.pk]) in behind
    assert reverse("advice:card", args=[session.pk]) in behind
    earlier = client.get(reverse("book:sessions"), {"before": session.pk}).content.decode()
    assert reverse("advice:card", args=[session.pk]) not in earlier


def test_near_and_far_are_told_alike_on_every_page(leila, now):
    with timezone.override("Europe/Lisbon"):
        told = [when.until(now + timedelta(hours=h), now=now) for h in (1, 13, 37, 47, 60)]
    assert told == ["In 1 hour", "In 13 hours", "Tomorrow", "In 2 days", "In 2 days"]


@pytest.mark.parametrize(
    ("left", "words"), [(5.99, "5 h left"), (1, "1 h left"), (0.99, "59 min left"), (0.001, "1 min left")]
)
def test_both_sides_read_the_same_time_that_is_left_to_answer(client, leila, mentor, commons, soon, left, words):
    session = make_session(NeedFactory(mentee=leila, org=commons), mentor, soon, status=Status.ASKED)
    now = clock.now()
    MentoringSession.objects.within(commons).update(answer_by=now + timedelta(hours=left, seconds=30))
    for who, page in ((leila, "book:sessions"), (mentor, "mentor:today")):
        client.force_login(who)
        assert f"{words} to answer" in client.get(reverse(page)).content.decode()
    assert session.status == Status.ASKED
