"""How it was kept: on the session's page for both, with the way on and the word against it; settled by managers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from tests.factories import MentorFactory, NeedFactory, PersonFactory, make_session

from quarterhour.core.ids import uuid7
from quarterhour.core.models import AuditEntry
from quarterhour.sessions import appeals, services
from quarterhour.sessions.models import Appeal, AttendanceEvent, HowKept, Status

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def missed(need, amara, leila, clock):
    """Leila waited for Amara from the start, twelve minutes long."""
    return over(make_session(need, amara, clock.now - 45 * MINUTE), leila, now=clock.now)


def over(session, *people, now):
    for person in people:
        tab = uuid7()
        for kind, minute in (("joined", 0), ("left", 12)):
            at = session.starts_at + minute * MINUTE
            AttendanceEvent.objects.create(
                org=session.org, session=session, person=person, kind=kind, connection=tab, at=at
            )
    services.end(session=session, now=now)
    return session


def page(client, person, name, *args):
    client.force_login(person)
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_both_read_on_the_session_s_page_how_it_was_kept(client, missed, leila, amara):
    mine = page(client, leila, "book:booked", missed.pk)
    assert "How it was kept" in mine
    assert "Amara did not come." in mine
    assert "Amara was not seen; Leila was there from 08:19 to 08:31, 12 minutes of it alone." in mine
    theirs = page(client, amara, "book:booked", missed.pk)
    assert "You did not come." in theirs
    assert "from 09:19 to 09:31" in theirs  # in Lagos
    assert "kept/" in theirs


def test_the_diary_says_who_did_not_come_and_offers_no_card(client, missed, leila, amara):
    mine = page(client, leila, "book:sessions")
    assert "Amara did not come" in mine
    assert reverse("kept:kept", args=[missed.pk]) in mine
    assert reverse("advice:card", args=[missed.pk]) not in mine
    assert "You did not come" in page(client, amara, "book:sessions")


def test_a_session_that_is_ahead_says_nothing_of_it(client, need, amara, leila, clock):
    ahead = make_session(need, amara, clock.now + timedelta(hours=1))
    assert "How it was kept" not in page(client, leila, "book:booked", ahead.pk)
    client.force_login(leila)
    assert client.get(reverse("kept:kept", args=[ahead.pk])).url == reverse("book:booked", args=[ahead.pk])


def test_whoever_waited_finds_the_next_times_of_the_same_mentor(client, missed, leila, amara, clock):
    told = page(client, leila, "kept:kept", missed.pk)
    assert "Amara, another time" in told
    assert told.count('name="start"') == 3
    assert "See who else could help" in told
    assert "another time" not in page(client, amara, "kept:kept", missed.pk)


def test_a_session_that_was_held_offers_its_card(client, need, amara, leila, clock):
    held = over(make_session(need, amara, clock.now - 45 * MINUTE), leila, amara, now=clock.now)
    told = page(client, leila, "kept:kept", held.pk)
    assert "Held." in told
    assert "Takeaway card" in told
    assert 'name="start"' not in told


def test_either_says_in_a_sentence_that_it_was_otherwise(client, missed, leila, amara):
    client.force_login(amara)
    address = reverse("kept:otherwise", args=[missed.pk])
    refused = client.post(address, {"otherwise": " "})
    assert refused.status_code == 422
    assert "Say in a sentence how it was." in refused.content.decode()

    said = client.post(address, {"otherwise": "We talked by telephone."})
    assert said.url == reverse("kept:kept", args=[missed.pk])
    assert Appeal.objects.within(missed.org_id).get().person == amara
    assert "“We talked by telephone.”" in page(client, amara, "kept:kept", missed.pk)
    other = page(client, leila, "kept:kept", missed.pk)
    assert "Amara says that it was otherwise." in other
    assert "telephone" not in other


def test_after_seven_days_it_stands(client, missed, amara, clock):
    clock.on(days=8)
    assert "Say how it was" not in page(client, amara, "kept:kept", missed.pk)
    assert client.post(reverse("kept:otherwise", args=[missed.pk]), {"otherwise": "No."}).status_code == 409


def test_a_manager_settles_it_and_the_audit_keeps_it(client, missed, leila, amara, commons, clock):
    appeals.say_otherwise(session=missed, by=amara, text="We talked by telephone.", now=clock.now)
    manager = PersonFactory(org=commons, org__role="manager")
    assert "1 to settle" in page(client, manager, "program:home")
    told = page(client, manager, "kept:appeals")
    assert "“We talked by telephone.”" in told
    assert "Amara did not come (as it stands)" in told
    assert "afraid of losing it" not in told

    done = client.post(reverse("kept:settle", args=[missed.pk]), {"verdict": "held"})
    assert done.url == reverse("kept:appeals")
    assert HowKept.objects.within(commons).get().word == "held"
    assert AuditEntry.objects.get(act="settled an appeal").actor_key == str(manager.pk)
    assert "Nobody says it was otherwise." in page(client, manager, "kept:appeals")
    assert client.post(reverse("kept:settle", args=[missed.pk]), {"verdict": "short"}).status_code == 409
    assert "It was looked into, and settled." in page(client, leila, "kept:kept", missed.pk)


def test_nobody_else_settles_anything(client, missed, leila, amara, commons, clock):
    appeals.say_otherwise(session=missed, by=amara, text="We talked by telephone.", now=clock.now)
    for person in (leila, amara, PersonFactory(org=commons)):
        client.force_login(person)
        assert client.get(reverse("kept:appeals")).status_code == 403
        assert client.post(reverse("kept:settle", args=[missed.pk]), {"verdict": "held"}).status_code == 403
    assert HowKept.objects.within(commons).get().settled_at is None


@pytest.mark.parametrize("many", [1, 3])
def test_the_page_of_appeals_costs_the_same_however_many(
    client, commons, leila, clock, many, django_assert_num_queries
):
    for n in range(many):
        mentor = MentorFactory(org=commons)
        session = make_session(NeedFactory(mentee=leila, org=commons), mentor, clock.now - (n + 1) * timedelta(hours=1))
        appeals.say_otherwise(session=over(session, leila, now=clock.now), by=mentor, text="No.", now=clock.now)
    client.force_login(PersonFactory(org=commons, org__role="manager"))
    client.get(reverse("kept:appeals"))
    with django_assert_num_queries(4):  # login session, person, places, appeals
        client.get(reverse("kept:appeals"))


def test_a_session_without_a_verdict_has_no_such_page(client, need, amara, leila, clock):
    old = make_session(need, amara, clock.now - timedelta(days=9), status=Status.ENDED)
    client.force_login(leila)
    assert client.get(reverse("kept:kept", args=[old.pk])).status_code == 302
    assert "How it was kept" not in page(client, leila, "book:booked", old.pk)
