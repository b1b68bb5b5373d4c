"""My actions: by day, late ones kindly, one press each with a way back, and nobody else's."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from icalendar import Calendar
from tests.factories import MORNING, NeedFactory, make_session
from tests.notifications.reading import content_lines

from quarterhour.advice import actions
from quarterhour.advice.action_models import ActionAnswer
from quarterhour.advice.models import Action, Takeaway
from quarterhour.availability import feeds
from quarterhour.sessions.models import Status
from quarterhour.web.actions.page import next_friday, title

pytestmark = pytest.mark.django_db
TALKED = datetime(2026, 11, 17, 10, 15, tzinfo=UTC)
TODAY = MORNING.date()


@pytest.fixture(autouse=True)
def _morning():
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def card(need, amara):
    session = make_session(need, amara, TALKED, status=Status.ENDED)
    return Takeaway.objects.create(org=session.org, session=session, insight="A trial", written_at=TALKED)


def add(card, text="Write down every interruption", *, due=0, fate="open", owner="mentee", **given) -> Action:
    day = None if due is None else TODAY + timedelta(days=due)
    at = None if fate == "open" else MORNING - timedelta(days=2)
    return Action.objects.create(
        org=card.org, takeaway=card, text=text, due=day, fate=fate, fate_at=at, owner=owner, **given
    )


@pytest.fixture
def as_leila(client, leila):
    client.force_login(leila)
    return client


def page(client, query="") -> str:
    answer = client.get(f"/actions/{query}")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_open_ones_by_day_and_late_ones_kindly(as_leila, card):
    add(card, "For Sunday", due=3)
    add(card, "Six days ago", due=-6)
    add(card, "Any day", due=None)
    add(card, "It is Amara’s", owner="mentor")
    add(card, "Done it", due=-1, fate="done")
    told = page(as_leila)

    assert "Two things to do" not in told
    assert "Three things to do, one of them late" in told
    assert told.index("Six days ago") < told.index("For Sunday") < told.index(">Any day</p>") < told.index("Done it")
    assert "6 days late" in told
    assert "Still worth doing? A new date helps more than a late one." in told
    assert "It is Amara’s" not in told
    assert "1 action done since" in told


def test_a_page_without_actions_says_where_they_come_from(as_leila):
    assert "Nothing left to do" in page(as_leila)
    assert "stands on its card" in page(as_leila)


def test_done_is_one_press_asks_whether_it_helped_and_can_be_undone(as_leila, card, leila):
    action = add(card)
    answer = as_leila.post(f"/actions/{action.pk}/done/", follow=True)
    told = " ".join(answer.content.decode().split())
    assert "Did it help?" in told
    assert f'action="/actions/{action.pk}/open/"' in told
    action.refresh_from_db()
    assert action.fate == "done"

    as_leila.post(f"/actions/{action.pk}/helped/", {"helped": "3"})
    assert ActionAnswer.objects.visible_to(leila).get(action=action).quarters == 3
    assert "Helped a lot" in page(as_leila)
    as_leila.post(f"/actions/{action.pk}/open/")
    action.refresh_from_db()
    assert action.fate == "open"


def test_dropped_asks_why_and_keeps_their_own_words_to_them(as_leila, client, card, amara):
    action = add(card)
    told = as_leila.post(f"/actions/{action.pk}/dropped/", follow=True).content.decode()
    assert "It solved itself" in told
    as_leila.post(f"/actions/{action.pk}/why/", {"why": "not_my_case", "words": "She is wrong"})
    assert "She is wrong" in page(as_leila)

    client.force_login(amara)
    card_page = client.get(f"/takeaway/{card.session_id}/").content.decode()
    assert "It does not fit my case" in card_page
    assert "She is wrong" not in card_page


@pytest.mark.parametrize(("quarters", "seen"), [("4", True), ("3", True), ("2", False), ("0", False)])
def test_the_other_side_sees_that_it_helped_and_no_number(as_leila, client, card, amara, quarters, seen):
    action = add(card, fate="done")
    as_leila.post(f"/actions/{action.pk}/helped/", {"helped": quarters})
    client.force_login(amara)
    told = client.get(f"/takeaway/{card.session_id}/").content.decode()
    assert ("It helped" in told) == seen
    assert "Helped a lot" not in told
    assert "moved you on" not in told


def test_another_day_is_one_press_and_undo_brings_the_agreed_one_back(as_leila, card):
    action = add(card, due=-6)
    told = page(as_leila)
    assert 'value="2026-11-27"' in told
    answer = as_leila.post(f"/actions/{action.pk}/day/", {"day": "2026-11-27"}, follow=True)
    told = " ".join(answer.content.decode().split())
    assert "Now for Friday 27 November" in told
    assert "agreed for Fri 20 Nov" in told
    assert "late" not in told.split("<h1>")[1].split("</h1>")[0]
    undo = f"/actions/{action.pk}/day/?day=agreed"
    assert undo in told
    as_leila.post(undo)
    action.refresh_from_db()
    assert (action.moved_to, action.due) == (None, date(2026, 11, 20))


def test_agreeing_on_another_day_on_the_card_ends_a_moved_one(card, leila, amara):
    from quarterhour.advice.services import ActionWords, CardWords, write_card

    action = add(card, due=5, moved_to=TODAY + timedelta(days=9))
    given = {"session": card.session, "by": amara, "may_quote": False, "held_on": TALKED.date(), "now": MORNING}
    same = CardWords(
        insight="A trial, and a date", actions=[ActionWords(text=action.text, due=action.due, known=action.pk)]
    )
    write_card(**given, words=same, seen=1)
    action.refresh_from_db()
    assert action.day == TODAY + timedelta(days=9)
    other = CardWords(insight="A trial", actions=[ActionWords(text=action.text, due=TODAY, known=action.pk)])
    write_card(**given, words=other, seen=2)
    action.refresh_from_db()
    assert action.day == TODAY


@pytest.mark.parametrize(
    "day",
    ["", "tomorrow", "2026-11-25", "9999-01-01", "2032-01-01", "0001-01-01", "2026-02-30", "2026\x00", "9" * 10_000],
)
def test_a_day_that_cannot_be_is_refused_with_a_sentence(as_leila, card, day):
    action = add(card, due=-6)
    answer = as_leila.post(f"/actions/{action.pk}/day/", {"day": day})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    action.refresh_from_db()
    assert action.moved_to is None


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("eaten", {}),
        ("helped", {"helped": "5"}),
        ("helped", {"helped": "x" * 10_000}),
        ("helped", {}),
        ("why", {"why": "because"}),
        ("why", {"words": "x" * 10_000}),
        ("why", {"why": "solved\x00"}),
    ],
)
def test_nonsense_is_refused_and_changes_nothing(as_leila, card, path, sent):
    action = add(card, fate="dropped" if path == "why" else "done")
    assert as_leila.post(f"/actions/{action.pk}/{path}/", sent).status_code == 422
    action.refresh_from_db()
    assert action.fate == ("dropped" if path == "why" else "done")
    assert not ActionAnswer.objects.within(card.org).exists()


def test_a_second_tab_is_told_how_things_stand(as_leila, card):
    action = add(card, fate="done")
    assert as_leila.post(f"/actions/{action.pk}/day/", {"day": "2026-12-01"}).status_code == 409
    assert as_leila.post(f"/actions/{action.pk}/why/", {"why": "solved"}).status_code == 422
    as_leila.post(f"/actions/{action.pk}/open/")
    assert as_leila.post(f"/actions/{action.pk}/helped/", {"helped": "3"}).status_code == 409


def test_nobody_says_anything_of_what_is_not_theirs(client, card, amara, tomasz):
    hers, mentors = add(card), add(card, owner="mentor")
    for person, action in ((amara, hers), (tomasz, hers), (tomasz, mentors)):
        client.force_login(person)
        for path in ("done", "helped", "why", "day"):
            assert client.post(f"/actions/{action.pk}/{path}/", {"day": "2026-12-01"}).status_code == 404
    hers.refresh_from_db()
    assert (hers.fate, hers.moved_to) == ("open", None)


@pytest.mark.parametrize("count", [1, 12])
def test_the_page_costs_the_same_however_many_there_are(
    as_leila, card, commons, amara, leila, count, django_assert_num_queries
):
    for n in range(count):
        need = NeedFactory(mentee=leila, org=commons)
        session = make_session(need, amara, TALKED + timedelta(hours=n + 1), status=Status.ENDED)
        other = Takeaway.objects.create(org=commons, session=session, insight="x", written_at=TALKED)
        add(other, f"Open {n}", due=n - 4)
        add(other, f"Done {n}", fate="done")
    as_leila.get("/actions/")
    with django_assert_num_queries(6):  # login session, person, places, blocks of the page; actions, answers
        as_leila.get("/actions/")


def test_taken_along_as_a_calendar_and_as_a_list(as_leila, card):
    add(card, "Ask Marek; then, tell *everybody*\nEND:VCALENDAR", due=4)
    add(card, "Any day", due=None, fate="doing")
    add(card, "Done it", fate="done")
    answer = as_leila.get("/actions/calendar.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    content_lines(answer.content)
    read = Calendar.from_ical(answer.content)
    tasks, days = read.walk("VTODO"), read.walk("VEVENT")
    assert [str(task["status"]) for task in tasks] == ["NEEDS-ACTION", "IN-PROCESS"]
    assert [(event.start, event.end) for event in days] == [(date(2026, 11, 30), date(2026, 12, 1))]
    assert as_leila.get("/actions/calendar.ics").content == answer.content

    told = as_leila.get("/actions/list.md").content.decode()
    assert "- [ ] Ask Marek; then, tell \\*everybody\\* END:VCALENDAR (2026-11-30, from Amara Okafor)" in told
    assert "- [x] Done it" in told


def test_the_words_at_the_top():
    assert title(0, 0) == "Nothing left to do"
    assert title(1, 1) == "One thing to do, late"
    assert title(4, 1) == "Four things to do, one of them late"
    assert title(2, 2) == "Two things to do, all of them late"
    assert title(40, 0) == "40 things to do"
    for n in range(14):
        day = date(2026, 11, 20) + timedelta(days=n)
        assert next_friday(day).weekday() == 4
        assert 0 < (next_friday(day) - day).days <= 7


def test_sessions_and_the_card_lead_there(as_leila, card):
    add(card)
    for path in (reverse("book:sessions"), reverse("advice:card", args=[card.session_id])):
        assert 'href="/actions/"' in as_leila.get(path).content.decode()


def feed(person) -> Calendar:
    """What a calendar program reads at this person's private address."""
    _, secret = feeds.feed_of(person)
    answer = Client().get(f"/calendar/{secret}.ics")
    content_lines(answer.content)
    return Calendar.from_ical(answer.content)


def taken_on(person) -> dict[str, date]:
    days = {str(each["summary"]): each.start for each in feed(person).walk("VEVENT")}
    return {name: day for name, day in days.items() if not isinstance(day, datetime)}


def test_days_stand_in_the_private_feed_of_whoever_took_them_on(card, leila, amara):
    for person in (leila, amara):
        feeds.make(person=person, now=MORNING)
    moved = add(card, "Ask Marek", due=4)
    add(card, "Late one", due=-6)
    add(card, "Together", due=5, owner="both")
    for text, more in (("Any day", {"due": None}), ("Long ago", {"due": -61}), ("Done", {"fate": "done"})):
        add(card, text, **more)
    day = TODAY + timedelta(days=4)
    late, both = TODAY - timedelta(days=6), TODAY + timedelta(days=5)
    assert taken_on(leila) == {"Late one": late, "Ask Marek": day, "Together": both}
    assert taken_on(amara) == {"Together": both}
    entry = next(each for each in feed(leila).walk("VEVENT") if each["summary"] == "Ask Marek")
    assert (entry.end - entry.start, str(entry["transp"])) == (timedelta(days=1), "TRANSPARENT")
    assert feed(leila).walk("VTODO") == []

    actions.move(action=moved, by=leila, to=TODAY + timedelta(days=9), today=TODAY)
    assert taken_on(leila)["Ask Marek"] == TODAY + timedelta(days=9)
    actions.say(action=moved, by=leila, fate="done", now=MORNING)
    assert "Ask Marek" not in taken_on(leila)


def test_busy_only_tells_nothing_of_what_was_taken_on(card, leila):
    feeds.make(person=leila, now=MORNING)
    add(card, "Ask Marek", due=4)
    feeds.tell(person=leila, busy_only=True)
    assert taken_on(leila) == {}
    assert "Marek" not in feed(leila).to_ical().decode()
    old = feeds.feed_of(leila)[1]
    feeds.make(person=leila, now=MORNING)
    assert Client().get(f"/calendar/{old}.ics").status_code == 404, "one press replaces the address of all of it"
