"""The room's parts that need no socket: tickets, relay passwords, notes, buckets, origins."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycrdt import Doc, Text, create_sync_message, create_update_message, handle_sync_message, write_var_uint

from quarterhour.sessions.room import ice, limits, tickets
from quarterhour.sessions.room.entry import origin_is_ours
from quarterhour.sessions.room.goodbyes import NO_TICKET, Leave
from quarterhour.sessions.room.limits import Bucket
from quarterhour.sessions.room.notes import NotesFull, SharedNotes

NOW = datetime(2026, 11, 26, 10, 5, tzinfo=UTC)


def person(pk: UUID | None = None):
    return SimpleNamespace(pk=pk or uuid4())


def test_a_ticket_says_who_may_knock_where_and_hides_the_sign_in():
    who, where = person(), uuid4()

    text = tickets.make(person=who, session_id=where, now=NOW, login="the-secret-key-of-a-browser")

    assert tickets.read(text, session_id=where, now=NOW) == tickets.Ticket(who.pk, where, "the-secret-key-of-a-browser")
    assert "the-secret-key" not in base64.urlsafe_b64decode(text).decode("latin-1")


@given(st.integers(min_value=0, max_value=200), st.characters(codec="ascii", categories=["L", "N"]))
def test_a_ticket_changed_in_one_place_is_no_ticket(place, letter):
    where = uuid4()
    text = tickets.make(person=person(), session_id=where, now=NOW)
    changed = text[:place] + letter + text[place + 1 :]

    if changed != text:
        with pytest.raises(Leave) as leave:
            tickets.read(changed, session_id=where, now=NOW)
        assert leave.value.goodbye == NO_TICKET


@pytest.mark.parametrize(("minutes", "good"), [(0, True), (4.9, True), (5.1, False), (60, False)])
def test_a_ticket_lives_five_minutes(minutes, good):
    where = uuid4()
    text = tickets.make(person=person(), session_id=where, now=NOW)

    if good:
        assert tickets.read(text, session_id=where, now=NOW + timedelta(minutes=minutes)).session_id == where
    else:
        with pytest.raises(Leave):
            tickets.read(text, session_id=where, now=NOW + timedelta(minutes=minutes))


def test_relay_passwords_are_what_coturn_computes(settings):
    settings.STUN, settings.TURN = ["stun:stun.example.org:3478"], ["turn:turn.example.org:3478"]
    settings.TURN_SECRET = "north"

    stun, turn = ice.servers(person_key="leila", now=NOW)

    assert stun == {"urls": ["stun:stun.example.org:3478"]}
    assert turn["username"] == f"{int(NOW.timestamp()) + 7200}:leila"
    by_hand = hmac.new(b"north", turn["username"].encode(), hashlib.sha1).digest()
    assert base64.b64decode(turn["credential"]) == by_hand


def test_a_relay_without_its_secret_is_not_offered(settings):
    settings.STUN, settings.TURN, settings.TURN_SECRET = [], ["turn:turn.example.org"], ""

    assert ice.servers(person_key="leila", now=NOW) == []
    assert not ice.has_relay()


@pytest.mark.parametrize(
    ("site", "origin", "ours"),
    [
        ("https://quarter.example", "https://quarter.example", True),
        ("https://quarter.example", "http://quarter.example", False),
        ("https://quarter.example", "https://quarter.example.evil.example", False),
        ("https://quarter.example", "https://quarter.example:444", False),
        ("http://localhost:8100", "http://127.0.0.1:8100", True),
        ("http://localhost:8100", "http://localhost:8101", False),
        ("http://localhost:8100", "http://[::1]:8100", True),
        ("http://localhost:8100", "http://localhost:port", False),
        ("http://localhost:8100", "http://[", False),
        ("http://localhost:8100", "", False),
        ("http://localhost:8100", None, False),
        ("https://localhost", "https://127.0.0.1", False),
    ],
)
def test_only_our_own_pages_may_open_a_socket(settings, site, origin, ours):
    settings.SITE_URL = site

    assert origin_is_ours(origin) is ours


class Copy:
    """A browser's copy of the notes."""

    def __init__(self) -> None:
        self.doc = Doc()
        self.text = self.doc.get("notes", type=Text)

    def typing(self, words: str, at: int) -> bytes:
        before = self.doc.get_state()
        self.text.insert(min(at, len(str(self.text).encode())), words)
        return create_update_message(self.doc.get_update(before))


@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.text(alphabet="abc \n", min_size=1, max_size=6), st.integers(0, 9)), max_size=12
    )
)
def test_copies_agree_whatever_is_typed_in_whatever_order(typed):
    notes, copies = SharedNotes(), [Copy() for _ in range(3)]
    kept = []

    for who, words, at in typed:
        _, for_others = notes.hear(copies[who].typing(words, at))
        kept.append(notes.unsaved())
        if at % 2:  # the rest is fetched only at the end, like after a lost connection
            for other in copies:
                handle_sync_message(for_others[1:], other.doc)
    for copy in copies:
        answer, _ = notes.hear(create_sync_message(copy.doc))
        handle_sync_message(answer[1:], copy.doc)

    assert {str(copy.text) for copy in copies} == {notes.text}
    assert SharedNotes(kept).text == notes.text
    assert SharedNotes(reversed(kept)).text == notes.text


def test_what_everybody_knows_already_is_neither_kept_nor_passed_on():
    notes, copy = SharedNotes(), Copy()
    message = copy.typing("once", 0)
    notes.hear(message)
    notes.unsaved()

    assert notes.hear(message) == (None, None)
    assert notes.all_saved


def test_an_update_that_could_not_be_saved_waits_in_front():
    notes, copy = SharedNotes(), Copy()
    notes.hear(copy.typing("first ", 0))
    lost = notes.unsaved()
    notes.hear(copy.typing("second", 6))

    notes.put_back(lost)

    assert SharedNotes([notes.unsaved()]).text == "first second"


@given(st.binary(min_size=1, max_size=100), st.sampled_from([0, 1, 2]))
def test_noise_is_refused_quickly_and_changes_nothing(noise, kind):
    notes = SharedNotes()

    since = time.monotonic()
    with suppress(Leave):
        notes.hear(bytes([0, kind, len(noise)]) + noise)

    assert time.monotonic() - since < 0.1
    assert notes.text == ""


@pytest.mark.parametrize("claim", ["80808071", "ffff7f", "8080808008", "80" * 100, "80" * 250_000])
@pytest.mark.parametrize("kind", [0, 1, 2])
def test_a_claim_of_millions_of_writers_costs_nothing(claim, kind):
    payload = bytes.fromhex(claim)
    message = bytes([0, kind]) + write_var_uint(len(payload)) + payload

    since = time.monotonic()
    for frame in (message, bytes([0, kind]) + payload):
        with pytest.raises(Leave):
            SharedNotes().hear(frame)

    assert time.monotonic() - since < 0.1


def test_a_document_stops_growing_at_two_megabytes():
    notes, copy = SharedNotes(), Copy()
    for _ in range(10):
        notes.hear(copy.typing("x" * 200_000, 0))

    with pytest.raises(NotesFull):
        notes.hear(copy.typing("x" * 200_000, 0))

    assert len(notes.text) == 2_000_000 < limits.DOCUMENT_BYTES


def test_a_bucket_gives_a_burst_and_then_its_rate(monkeypatch):
    clock = [100.0]
    monkeypatch.setattr("quarterhour.sessions.room.limits.time.monotonic", lambda: clock[0])
    bucket = Bucket(rate=2, burst=5)

    assert [bucket.spend() for _ in range(6)] == [True] * 5 + [False]
    clock[0] += 1
    assert [bucket.spend() for _ in range(3)] == [True, True, False]
    clock[0] += 3600
    assert not bucket.spend(6)
