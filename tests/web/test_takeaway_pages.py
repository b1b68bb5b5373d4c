"""The takeaway card as people meet it: filled in, kept by both, and never losing what was typed."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.urls import reverse
from tests.factories import PersonFactory, make_session

from quarterhour.advice import services
from quarterhour.advice.models import Action, Takeaway
from quarterhour.advice.queries import card_of
from quarterhour.advice.services import ActionWords, AdviceWords, CardWords
from quarterhour.core import clock
from quarterhour.people import services as people
from quarterhour.sessions.models import ChatLine, Notes, Status
from quarterhour.trust.queries import own_answer

pytestmark = pytest.mark.django_db

TALKED = datetime(2026, 11, 26, 10, 15, tzinfo=UTC)
AFTER = TALKED + timedelta(minutes=26)
CARD = CardWords(
    insight="A role can have an end date.",
    advice=[AdviceWords(text="Say yes, with a review.", applies_when="The team is small")],
    actions=[ActionWords(text="Ask Marek for a review date", due=datetime(2026, 11, 30, tzinfo=UTC).date())],
)


@pytest.fixture(autouse=True)
def at_the_end(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AFTER)


@pytest.fixture
def session(need, amara):
    return make_session(need, amara, TALKED, status=Status.ENDED)


@pytest.fixture
def notes(session):
    promises = "- Leila sends Marek the draft by Monday 30 November\n- Amara sends the template by Friday"
    text = f"Fear is losing Tuesdays\n{promises}"
    return Notes.objects.create(org=session.org, session=session, text=text, saved_at=AFTER)


def address(session, name="card", *more) -> str:
    return reverse(f"advice:{name}", args=[session.pk, *more])


def get(client, person, url):
    client.force_login(person)
    return client.get(url)


def send(client, person, session, *, name="card", **given):
    client.force_login(person)
    return client.post(address(session, name), {"key": str(uuid4()), "version": "0"} | given)


def write(session, by, words=CARD, *, seen=0, may_quote=False):
    return services.write_card(
        session=session, by=by, words=words, seen=seen, may_quote=may_quote, held_on=TALKED.date(), now=AFTER
    )


def page(response) -> str:
    return response.content.decode()


def value_of(text: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*?value="([^"]*)"', text)
    return found[1] if found else ""


# --- the form --------------------------------------------------------------------------------------


def test_the_card_is_filled_in_from_the_notes(client, session, notes, leila):
    text = page(get(client, leila, address(session)))

    assert "We filled this in from your notes" in text
    assert value_of(text, "action-0") == "Send the template"
    assert re.search(r'name="owner-0".*?<option value="mentor" selected>Amara', text, re.DOTALL)
    assert "draft" in value_of(text, "action-1")
    assert value_of(text, "due-0") < value_of(text, "due-1") == "2026-11-30", "what is due first comes first"
    assert 'class="input proposed" type="date"' in text
    assert "Dashed: who does it and by when" in text, "the words beside them are read as well, and are not dashed"
    assert "Fear is losing Tuesdays" in text
    assert value_of(text, "version") == "0"


def test_nothing_is_chosen_for_anybody(client, session, notes, leila, amara):
    for person, asks in ((leila, "How much did this help?"), (amara, "How did it go?")):
        text = page(get(client, person, address(session)))
        assert asks in text
        assert " checked" not in text
        assert 'name="may_quote"' in text


def test_without_notes_the_form_is_empty_and_says_so(client, session, leila):
    text = page(get(client, leila, address(session)))
    assert "One sentence is enough" in text
    assert "proposed" not in text.partition("<main")[2]


def test_what_the_notes_hold_beyond_three_is_all_there(client, session, leila):
    deeds = ("asks Marek for a date", "writes the offer", "calls the bank", "books a room", "reads the contract")
    text = "\n".join(f"- Leila {deed} by Friday" for deed in deeds)
    Notes.objects.create(org=session.org, session=session, text=text, saved_at=AFTER)

    told = page(get(client, leila, address(session)))
    first, more = told.split("2 more</span>")
    assert all(f'name="action-{n}"' in first for n in range(3))
    assert [bool(value_of(more, f"action-{n}")) for n in (3, 4, 5)] == [True, True, False]


def test_one_press_keeps_the_card_and_what_one_says_about_it(client, session, leila, amara):
    answer = send(
        client, leila, session, **{
            "insight": "A role can have an end date.", "advice-0": "Say yes", "when-0": "The team is small",
            "action-0": "Ask Marek", "owner-0": "mentee", "due-0": "2026-11-30",
            "action-1": "Send the template", "owner-1": "mentor", "action-2": "Meet again", "owner-2": "both",
            "helpful": "3", "note": "The room was loud", "may_quote": "on",
        },
    )  # fmt: skip

    assert answer.status_code == 302
    card = card_of(session, visible_to=leila)
    assert [a.owner for a in card.actions.all()] == ["mentee", "mentor", "both"]
    assert own_answer(session, visible_to=leila) == (3, "The room was loud")
    assert own_answer(session, visible_to=amara) == (None, "")
    text = page(client.get(answer["Location"]))
    assert "Amara has not confirmed it yet" in text
    assert "Kept. Amara sees the same card" in text


def test_pressing_twice_keeps_it_once(client, session, leila):
    key = str(uuid4())
    first = send(client, leila, session, insight="One", key=key)
    again = send(client, leila, session, insight="One", key=key)

    assert (first.status_code, again.status_code) == (302, 302)
    assert Takeaway.objects.within(session.org).get().version == 1


def test_the_same_page_with_other_words_keeps_both_in_sight(client, session, leila):
    key = str(uuid4())
    send(client, leila, session, insight="The first words", key=key)
    again = send(client, leila, session, insight="Other words", key=key)

    assert again.status_code == 409
    text = page(again)
    assert "The first words" in text
    assert "Other words" in text
    assert value_of(text, "version") == "1"
    assert value_of(text, "key") != key


def test_whoever_is_slower_sees_both_and_loses_nothing(client, session, leila, amara):
    write(session, amara)
    refused = send(client, leila, session, **{"insight": "What I typed", "action-0": "My step", "helpful": "2"})

    text = page(refused)
    assert refused.status_code == 409
    assert "Amara changed the card meanwhile" in text
    assert "What stands there now" in text
    assert "A role can have an end date." in text
    assert "What I typed" in text
    assert value_of(text, "action-0") == "My step"
    assert 'value="2" checked' in text
    assert own_answer(session, visible_to=leila) == (None, "")

    saved = send(client, leila, session, insight="What I typed", version=value_of(text, "version"))
    assert saved.status_code == 302
    assert card_of(session, visible_to=amara).insight == "What I typed"


def test_mending_a_field_does_not_pass_over_a_change_of_the_other_side(client, session, leila, amara):
    write(session, amara)
    refused = send(client, leila, session, insight="x" * 2_001)

    assert refused.status_code == 422
    assert value_of(page(refused), "version") == "0"
    assert send(client, leila, session, insight="Shorter").status_code == 409


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "Write one sentence"),
        ({"insight": "x" * 12_000}, "That is 12,000 characters. Shorten it to 2,000."),
        ({"insight": "ok", "action-0": "a", "due-0": "0000-99-99"}, "We could not read that day"),
        ({"insight": "ok", "action-0": "a", "due-0": "12026-01-01"}, "We could not read that day"),
        ({"insight": "ok", "action-0": "a", "due-0": "9999-12-31"}, "within five years"),
        ({"insight": "ok", "action-5": "a", "due-5": "1900-01-01"}, "after the session"),
        ({"insight": "ok", "action-0": "a", "owner-0": "landlord"}, "Choose whose it is"),
        ({"insight": "ok", "action-0": "b" * 401}, "Shorten it to 400"),
        ({"insight": "ok", "advice-0": "", "when-0": "Only a condition"}, "Write the advice as well"),
        ({"insight": "ok", "helpful": "7"}, "Choose one of the five"),
        ({"insight": "ok", "helpful": "<script>"}, "Choose one of the five"),
        ({"insight": "ok", "note": "n" * 10_001}, "Shorten it to 10,000"),
        ({"insight": "ok", "key": "no key"}, "came without its key"),
        ({"insight": "ok", "known-0": "' OR 1=1", "action-0": "x", "due-0": "soon"}, "We could not read that day"),
    ],
)
def test_what_does_not_fit_is_said_beside_the_field_and_kept(client, session, leila, given, told):
    refused = send(client, leila, session, **given)

    text = page(refused)
    assert refused.status_code == 422
    assert told in text
    assert not Takeaway.objects.within(session.org).exists()
    for name in ("insight", "note"):
        assert given.get(name, "") in text
    if "due-0" in given:
        assert value_of(text, "due-0") == given["due-0"]
    assert "<script>" not in text.partition("<main")[2]


def test_every_wrong_field_is_told_at_once(client, session, leila):
    wrong = {"insight": "x" * 3_000, "action-1": "a", "due-1": "never", "helpful": "9", "note": "n" * 11_000}
    text = page(send(client, leila, session, **wrong))
    for name in ("insight", "due-1", "helpful", "note"):
        assert f'id="{name}-error"' in text
    assert text.count('aria-invalid="true"') == 3


@pytest.mark.parametrize(
    "words", ["\x00zero\x00", "\u200fللدور نهاية", "<b>bold</b> & 'so on'", "👩\u200d👩\u200d👧", "\ud83d"]
)
def test_any_writing_is_kept_and_shown_as_words(client, session, leila, words):
    sent = words.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    assert send(client, leila, session, insight=f"Before {sent} after").status_code == 302

    text = page(client.get(address(session)))
    assert "\x00" not in text
    assert "<b>bold" not in text
    assert 'dir="auto"' in text
    assert card_of(session, visible_to=leila).insight.startswith("Before")


# --- who and when ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["card", "confirm", "helped", "quote"])
def test_strangers_see_and_do_nothing(client, session, leila, commons, name):
    write(session, leila)
    stranger = PersonFactory(org=commons, org__role="manager", is_operator=True)

    assert send(client, stranger, session, name=name).status_code == 404
    assert get(client, stranger, address(session)).status_code == 404
    action = Action.objects.within(commons).get()
    fate = address(session, "fate", action.pk, "done")
    assert client.post(fate).status_code == 404
    client.logout()
    assert client.get(address(session)).status_code == 302
    assert client.post(fate).status_code == 302


def test_an_action_is_reached_only_through_its_own_session(client, session, leila, need, amara):
    other = make_session(need, amara, TALKED - timedelta(days=1), status=Status.ENDED)
    action = write(session, leila).actions.get()

    client.force_login(leila)
    assert client.post(address(other, "fate", action.pk, "done")).status_code == 404
    assert client.post(address(session, "fate", UUID(int=0), "done")).status_code == 404


@pytest.mark.parametrize(
    ("status", "away", "told"),
    [
        (Status.CONFIRMED, 60, "The card opens when you talk with Amara: today"),
        (Status.ASKED, 60, "The card opens when you talk"),
        (Status.CANCELLED, -60, "nothing to take away"),
        (Status.DECLINED, -60, "nothing to take away"),
    ],
)
def test_before_the_conversation_there_is_a_calm_word(client, need, amara, leila, status, away, told):
    ahead = make_session(need, amara, AFTER + timedelta(minutes=away), status=status)
    for response in (get(client, leila, address(ahead)), send(client, leila, ahead, insight="Too early")):
        assert response.status_code == 409
        assert told in page(response)
    assert not Takeaway.objects.within(need.org).exists()


@pytest.mark.parametrize(("minutes", "way"), [(9, "room:lobby"), (60, "book:booked")])
def test_whoever_leaves_the_room_before_the_start_finds_the_way_back_to_it(client, need, amara, leila, minutes, way):
    ahead = make_session(need, amara, AFTER + timedelta(minutes=minutes))

    told = page(get(client, leila, address(ahead)))

    assert re.findall(r'class="button" href="([^"]+)"', told) == [reverse(way, args=[ahead.pk])]


def test_a_session_that_runs_or_was_not_closed_yet_has_its_card(client, need, amara, leila):
    for away in (5, 24 * 60):
        running = make_session(need, amara, AFTER - timedelta(minutes=away))
        assert send(client, leila, running, insight="We are still talking").status_code == 302


# --- the card as it stands -------------------------------------------------------------------------


def test_the_other_side_confirms_or_changes_it(client, session, leila, amara):
    write(session, leila)
    text = page(get(client, amara, address(session)))
    assert "Leila kept this. Is it right?" in text
    assert "Change it" in text

    done = send(client, amara, session, name="confirm", version="1", helpful="4", note="A good question")
    assert done.status_code == 302
    assert own_answer(session, visible_to=amara) == (4, "A good question")
    for person in (leila, amara):
        assert "both confirmed it" in page(get(client, person, address(session)))


def test_confirming_what_was_changed_meanwhile_is_refused_with_the_words_kept(client, session, leila, amara):
    write(session, leila)
    write(session, leila, CardWords(insight="Something else now"), seen=1)

    refused = send(
        client, amara, session, name="confirm", version="1", helpful="4", note="Typed with care", may_quote="on"
    )
    text = page(refused)
    assert refused.status_code == 409
    assert "Something else now" in text
    assert "Typed with care" in text
    assert text.count(" checked") == 2
    assert own_answer(session, visible_to=amara) == (None, "")

    for bad in ("", "-1", "99", "one", "1" * 40):
        assert send(client, amara, session, name="confirm", version=bad).status_code == 409


def test_changing_begins_from_what_stands_there(client, session, leila, amara):
    card = write(session, leila)
    text = page(get(client, amara, address(session) + "?change"))

    assert "A role can have an end date." in text
    assert value_of(text, "version") == "1"
    assert value_of(text, "known-0") == str(card.actions.get().pk)
    given = {
        "insight": "A role is a trial.",
        "action-0": "Ask Marek for a review date",
        "known-0": value_of(text, "known-0"),
    }
    assert send(client, amara, session, version="1", **given).status_code == 302
    assert "Amara kept this. Is it right?" in page(get(client, leila, address(session)))


def test_neither_side_is_ever_shown_the_others_answer(client, session, leila, amara):
    send(client, leila, session, insight="An insight", helpful="1", note="He did not listen")
    for url in (address(session), address(session) + "?change"):
        text = page(get(client, amara, url))
        assert "He did not listen" not in text
        assert " checked" not in text
        assert "You said" not in text
    own = page(get(client, leila, address(session)))
    assert "You said: <strong>a little</strong>" in own
    assert "He did not listen" in own


def test_an_answer_may_come_later_and_be_mended(client, session, leila):
    write(session, leila)
    assert send(client, leila, session, name="helped", helpful="4").status_code == 302
    assert own_answer(session, visible_to=leila) == (4, "")

    refused = send(client, leila, session, name="helped", helpful="4", note="n" * 10_001)
    assert refused.status_code == 422
    assert "n" * 10_001 in page(refused)


def test_consent_is_given_and_taken_back_with_a_press(client, session, leila, amara):
    card = write(session, leila, may_quote=True)
    send(client, amara, session, name="confirm", version="1", may_quote="on")
    card.refresh_from_db()
    assert card.quotable

    assert send(client, leila, session, name="quote").status_code == 302
    card.refresh_from_db()
    assert not card.quotable
    assert "You do not allow" in page(get(client, leila, address(session)))
    assert send(client, leila, session, name="quote", may_quote="on").status_code == 302
    card.refresh_from_db()
    assert card.quotable


def test_an_action_is_ticked_and_the_way_back_is_offered(client, session, leila, amara):
    action = write(session, leila).actions.get()
    client.force_login(leila)
    done = client.post(address(session, "fate", action.pk, "done"))

    text = page(client.get(done["Location"]))
    assert "Done: Ask Marek for a review date" in text
    assert f'action="{address(session, "fate", action.pk, "open")}"' in text
    assert 'aria-pressed="true"' in text

    client.post(address(session, "fate", action.pk, "open"))
    action.refresh_from_db()
    assert action.fate == "open"
    assert client.post(address(session, "fate", action.pk, "forgotten")).status_code == 422
    assert client.get(address(session, "fate", action.pk, "done")).status_code == 405
    client.force_login(amara)
    assert client.post(address(session, "fate", action.pk, "done")).status_code == 403
    assert "Ask Marek" in page(client.get(address(session)))


def test_what_is_late_is_said_in_days(client, session, leila):
    card = write(session, leila)
    Action.objects.within(session.org).filter(takeaway=card).update(due=TALKED.date() - timedelta(days=6))
    assert "6 days late" in page(get(client, leila, address(session)))


def test_between_two_who_never_meet_a_card_stays_as_it_is_and_offers_no_change(client, session, leila, amara):
    write(session, leila)
    client.force_login(leila)
    assert "Change it" in client.get(address(session)).content.decode()
    people.block(other=leila, by=amara, org=session.org, now=AFTER)
    page = client.get(address(session)).content.decode()
    assert "Change it" not in page
    assert "no longer be changed" not in page
    asked = client.get(address(session), {"change": ""})
    assert "This card can no longer be changed." in asked.content.decode()
    assert 'name="insight"' not in asked.content.decode()


@pytest.mark.parametrize("many", [1, 20])
def test_a_card_costs_the_same_however_much_stands_on_it(
    client, session, leila, amara, many, django_assert_num_queries
):
    Notes.objects.create(org=session.org, session=session, text="A line\n" * many, saved_at=AFTER)
    ChatLine.objects.bulk_create(
        ChatLine(org=session.org, session=session, person=amara, text=f"line {n}", at=AFTER) for n in range(many)
    )
    client.force_login(leila)
    client.get(address(session))  # whatever is read once for all pages
    with django_assert_num_queries(10):  # login, person, places, side, session, card; notes, chat, answer, note
        client.get(address(session))
    write(session, leila, CardWords(insight="x", actions=[ActionWords(text=str(n)) for n in range(many)]))
    with django_assert_num_queries(15):  # and advice, actions, confirmations, whether it may be found, or changed
        client.get(address(session))
