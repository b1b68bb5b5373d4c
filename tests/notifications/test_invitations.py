"""Calendar files, read by a strict reader of the grammar and by an independent library."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st
from tests.notifications.reading import content_lines, text_value

from quarterhour.core.text import clean
from quarterhour.notifications import invitations
from quarterhour.notifications.invitations import CANCEL, PUBLISH, REQUEST, Invitation, written

START = datetime(2026, 11, 26, 10, 15, tzinfo=UTC)
PLAIN = Invitation(
    uid="0192@quarterhour",
    sequence=0,
    stamp=START - timedelta(hours=1),
    start=START,
    end=START + timedelta(minutes=25),
    organizer=("Quarterhour", "quarterhour@example.org"),
    attendees=(("Leila Haddad", "leila@town.example"), ("Amara Okafor", "amara@town.example")),
    summary="Amara Okafor: Should I say yes now?",
    text="Should I say yes now?",
    url="https://quarterhour.example/room/0192/",
)


def values(file: bytes) -> dict[str, str]:
    """The event's own values by name, alarms left out."""
    lines = content_lines(file)
    until = next((i for i, (name, _, value) in enumerate(lines) if (name, value) == ("BEGIN", "VALARM")), len(lines))
    return {name: value for name, _, value in lines[:until]}


def test_a_request_says_who_when_and_where():
    told = values(written(PLAIN, REQUEST))

    assert (told["METHOD"], told["STATUS"], told["TRANSP"]) == ("REQUEST", "CONFIRMED", "OPAQUE")
    assert (told["DTSTART"], told["DTEND"]) == ("20261126T101500Z", "20261126T104000Z")
    assert (told["UID"], told["SEQUENCE"]) == ("0192@quarterhour", "0")
    assert told["LOCATION"] == told["URL"] == PLAIN.url
    assert told["ORGANIZER"] == "mailto:quarterhour@example.org"


def test_both_people_have_accepted_and_are_not_asked_again():
    people = [(params, value) for name, params, value in content_lines(written(PLAIN, REQUEST)) if name == "ATTENDEE"]

    assert [value for _, value in people] == ["mailto:leila@town.example", "mailto:amara@town.example"]
    assert all(params["PARTSTAT"] == "ACCEPTED" and params["RSVP"] == "FALSE" for params, _ in people)
    assert all(params["ROLE"] == "REQ-PARTICIPANT" for params, _ in people)


def test_a_cancellation_takes_the_same_event_back():
    told = values(written(PLAIN, CANCEL))

    assert (told["METHOD"], told["STATUS"], told["UID"]) == ("CANCEL", "CANCELLED", "0192@quarterhour")
    assert b"VALARM" not in written(PLAIN, CANCEL)


def test_an_independent_library_reads_the_same_event():
    event = vobject.readOne(written(PLAIN, REQUEST).decode()).vevent

    assert event.dtstart.value == PLAIN.start
    assert event.dtend.value == PLAIN.end
    assert event.summary.value == PLAIN.summary
    assert [each.value for each in event.attendee_list] == ["mailto:leila@town.example", "mailto:amara@town.example"]
    assert [alarm.trigger.value for alarm in event.valarm_list] == [-timedelta(hours=24), -timedelta(minutes=15)]


moments = st.integers(min_value=1_577_836_800, max_value=2_840_140_800).map(lambda s: datetime.fromtimestamp(s, UTC))


@given(
    question=st.text(max_size=600),
    name=st.text(max_size=80),
    start=moments,
    zone=st.timezones(),
    method=st.sampled_from([REQUEST, CANCEL, PUBLISH]),
)
def test_any_question_any_name_and_any_zone_make_a_file_every_calendar_can_read(question, name, start, zone, method):
    invitation = Invitation(
        **{
            **vars(PLAIN),
            "text": question,
            "summary": question,
            "start": start.astimezone(zone),
            "end": start + timedelta(minutes=25),
        }
        | {"attendees": ((name, "a@town.example"),), "organizer": (name, "q@town.example")}
    )

    file = written(invitation, method)

    told = values(file)
    assert text_value(told["DESCRIPTION"]).split() == clean(question).split()
    assert text_value(told["SUMMARY"]).split() == invitations.one_line(question).split()
    assert told["DTSTART"] == f"{start:%Y%m%dT%H%M%SZ}"
    read = vobject.readOne(file.decode()).vevent
    assert read.dtstart.value == start
    assert read.summary.value.split() == text_value(told["SUMMARY"]).split()


@pytest.mark.parametrize(
    "injected",
    ["x\r\nATTENDEE:mailto:evil@example.org", "x\nEND:VCALENDAR", 'x";CN=evil:mailto:y', "x\x0bMETHOD:CANCEL"],
)
def test_nothing_in_a_name_or_question_becomes_a_line_of_its_own(injected):
    bent = Invitation(
        **{**vars(PLAIN), "summary": injected, "text": injected, "attendees": ((injected, "a@town.example"),)}
    )

    names = [name for name, _, _ in content_lines(written(bent, REQUEST))]

    assert names.count("ATTENDEE") == 1
    assert names.count("METHOD") == 1
    assert names.count("END") == 4  # calendar, event, two alarms


def test_the_invitation_of_a_session_names_the_other_one_and_asks_the_question(booked, leila, amara, now):
    for reader, other in ((leila, "Amara Okafor"), (amara, "Leila Haddad")):
        told = values(written(invitations.for_person(booked, reader, now=now), REQUEST))

        assert text_value(told["SUMMARY"]).startswith(f"{other}: Should I say yes now, or stay")
        assert booked.need.text in text_value(told["DESCRIPTION"])
        assert told["UID"] == booked.ical_uid


def test_a_question_of_ten_thousand_characters_is_cut_to_what_calendars_take(booked, leila, now):
    booked.need.text = "Warum? " * 1_428

    file = written(invitations.for_person(booked, leila, now=now), REQUEST)

    told = values(file)
    assert len(text_value(told["SUMMARY"])) <= invitations.LONGEST_SUMMARY
    assert len(text_value(told["DESCRIPTION"])) <= invitations.LONGEST_TEXT + 200
    assert len(file) < 10_000


def test_a_session_whose_question_was_erased_still_has_an_invitation(booked, leila, now):
    booked.need = None

    told = values(written(invitations.for_person(booked, leila, now=now), REQUEST))

    assert told["SUMMARY"] == "Quarterhour with Amara Okafor"
