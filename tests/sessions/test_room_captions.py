"""What is said is written down only while both want it, is seen by the two alone, and is gone when it has served."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import expect
from tests.sessions.room_server import Tab
from tests.sessions.room_visitors import ROOT

from quarterhour.core import clock
from quarterhour.sessions.models import SpokenLine

pytest_plugins = ["tests.sessions.room_browsers"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("room in browsers")]

AXE = ROOT / "node_modules/axe-core/axe.min.js"
# A browser that understands speech on the device, as far as a page can see; a test says what it heard.
UNDERSTANDS = """
window.listening = [];
window.SpeechRecognition = class {
  static async available({ processLocally }) { return processLocally ? "available" : "unavailable"; }
  start(track) { window.listening.push(this); this.track = track; }
  abort() { this.over(); }
  over() { window.listening = window.listening.filter((each) => each !== this); this.onend?.(); }
};
window.hears = (transcript) => {
  const [hearing] = window.listening;
  hearing.onresult({ resultIndex: 0, results: [Object.assign([{ transcript }], { isFinal: true })] });
};
"""
SENDS_AWAY = "window.SpeechRecognition = undefined; window.webkitSpeechRecognition = class { start() {} };"
LISTENS = "() => window.listening.length === 1 && window.listening[0].processLocally && window.listening[0].track"


def spoken(session) -> list[tuple[str, str]]:
    rows = SpokenLine.objects.within(session.org_id).filter(session=session).order_by("at", "pk")
    return [(line.person.first_name, line.text) for line in rows.select_related("person")]


def test_one_asks_the_other_agrees_both_see_it_and_either_ends_it(meeting, leila, amara):
    leilas, amaras = meeting.open(leila, amara, script=UNDERSTANDS)
    for visitor in (leilas, amaras):
        visitor.lobby("audio").go_in()
    button = leilas.page.get_by_role("button", name="Captions")
    button.click()
    expect(leilas.page.locator("#told")).to_contain_text("Nothing is written down until Amara agrees.")
    expect(amaras.page.locator("#told")).to_contain_text("Leila asks for captions.")
    assert amaras.page.evaluate("window.listening.length") == 0

    amaras.page.get_by_role("button", name="Yes, write it down").click()

    for visitor in (leilas, amaras):
        expect(visitor.page.locator("#told")).to_contain_text("What is said is written down.")
        expect(visitor.page.locator("#captions")).to_have_attribute("aria-pressed", "true")
        visitor.page.wait_for_function(LISTENS)
    amaras.page.evaluate("window.hears('Ask for a review date. <b>Then decide.</b>')")
    expect(leilas.page.locator("#said div")).to_have_text("Amara Ask for a review date. <b>Then decide.</b>")
    expect(amaras.page.locator("#said")).to_contain_text("You Ask for a review date.")
    leilas.page.evaluate("window.hears('I will write to Jonas on Friday.')")
    expect(amaras.page.locator("#said")).to_contain_text("Leila I will write to Jonas on Friday.")
    leilas.page.evaluate(AXE.read_text())
    expect(leilas.page.locator("#said")).to_contain_text("What you both say is written down")
    leilas.page.locator("#told").get_by_role("button", name="All right").click()
    found = leilas.page.evaluate("async () => (await axe.run()).violations.map((each) => each.id)")
    assert found == []

    leilas.page.locator("#mute").click()
    leilas.page.wait_for_function("() => window.listening.length === 0")
    leilas.page.locator("#mute").click()
    leilas.page.wait_for_function(LISTENS)
    leilas.page.reload()
    expect(leilas.page.locator("#told")).to_contain_text("What is said is written down.")
    amaras.page.locator("#told").get_by_role("button", name="Stop", exact=True).click()

    expect(leilas.page.locator("#told")).to_contain_text("Amara ended the captions.")
    for visitor in (leilas, amaras):
        expect(visitor.page.locator("#captions")).to_have_attribute("aria-pressed", "false")
        expect(visitor.page.locator("#said")).to_be_hidden()
        visitor.page.wait_for_function("() => window.listening.length === 0")
    assert spoken(meeting.session) == [
        ("Amara", "Ask for a review date. <b>Then decide.</b>"),
        ("Leila", "I will write to Jonas on Friday."),
    ]
    assert meeting.complaints == []


def test_a_browser_that_would_send_the_sound_away_is_not_used_and_still_agrees(meeting, leila, amara):
    amaras = meeting.open(amara, script=SENDS_AWAY)[0]
    leilas = meeting.open(leila, script=UNDERSTANDS)[0]
    for visitor in (amaras, leilas):
        visitor.lobby("audio").go_in()
    leilas.page.get_by_role("button", name="Captions").click()
    expect(amaras.page.locator("#told")).to_contain_text("Leila asks for captions.")
    amaras.page.get_by_role("button", name="Yes, write it down").click()

    expect(amaras.page.locator("#told")).to_contain_text("so only what Leila says is written down.")
    leilas.page.wait_for_function(LISTENS)
    leilas.page.evaluate("window.hears('Heard on this device.')")
    expect(amaras.page.locator("#said")).to_contain_text("Leila Heard on this device.")

    amaras.page.get_by_role("button", name="Stop and delete it").click()

    expect(leilas.page.locator("#told")).to_contain_text("Amara deleted what was written down.")
    assert spoken(meeting.session) == []


def test_two_such_browsers_are_offered_nothing(meeting, leila, amara):
    leilas, amaras = meeting.open(leila, amara, script=SENDS_AWAY)
    for visitor in (leilas, amaras):
        visitor.lobby("audio").go_in()
    expect(leilas.page.locator("#presence")).to_contain_text("Amara is here")
    leilas.counted("audio", 5)
    expect(leilas.page.locator("#captions")).to_be_hidden()


# --- by the protocol, past any page --------------------------------------------------------------------


@pytest.fixture
def two(site, meeting, leila, amara):
    address, rooms = site
    tabs = [Tab(rooms, meeting.session, person, origin=address).enter() for person in (leila, amara)]
    yield tabs
    for tab in tabs:
        tab.close()
    rooms.wait_until_quiet()


def heard(tab, state) -> dict:
    return tab.hear_until(lambda m: m["t"] == "captions" and m["state"] == state)


def says(tab, text) -> None:
    tab.say(t="said", key=str(uuid4()), text=text)


def answers(tab) -> None:
    """Whatever this tab said before has been dealt with."""
    tab.say(t="ping", asked=1)
    tab.hear("pong")


def test_nothing_is_kept_without_the_yes_of_both(two, meeting, leila):
    leilas, amaras = two
    says(leilas, "before anybody asked")
    leilas.say(t="captions", answer="yes")  # to nothing
    leilas.say(t="captions", answer="ask")
    heard(amaras, "asked")
    leilas.say(t="captions", answer="yes")  # to oneself
    says(leilas, "asked, not agreed")
    answers(leilas)
    assert spoken(meeting.session) == []

    amaras.say(t="captions", answer="yes")
    heard(leilas, "on")
    says(leilas, "now")
    assert amaras.hear("said")["text"] == "now"
    amaras.say(t="captions", answer="off")
    heard(leilas, "off")
    says(leilas, "after it was ended")
    answers(leilas)

    assert spoken(meeting.session) == [("Leila", "now")]
    assert not [m for m in amaras.said if m.get("text") == "after it was ended"]


def test_whoever_is_alone_is_not_written_down(two, meeting):
    leilas, amaras = two
    leilas.say(t="captions", answer="ask")
    amaras.say(t="captions", answer="yes")
    heard(leilas, "on")
    amaras.say(t="leave")
    leilas.hear_until(lambda m: m["t"] == "presence" and m["left"])
    says(leilas, "to myself")
    answers(leilas)
    assert spoken(meeting.session) == []


@pytest.mark.parametrize("frame", [{}, {"key": "x", "text": "x"}, {"key": str(uuid4()), "text": 7}, {"key": None}])
def test_what_is_no_sentence_ends_that_tab_alone(two, frame):
    leilas, amaras = two
    leilas.say(t="said", **frame)
    assert leilas.goodbye()["closed_with"] == 4400
    answers(amaras)


def test_a_giant_sentence_is_cut_and_a_flood_is_let_pass(two, meeting):
    leilas, amaras = two
    leilas.say(t="captions", answer="ask")
    amaras.say(t="captions", answer="ask")  # two who ask agree
    heard(leilas, "on")
    says(leilas, "x" * 50_000)
    assert len(amaras.hear("said")["text"]) == 2_000
    for n in range(60):
        says(amaras, f"{n}")
    answers(amaras)
    assert 1 < len(spoken(meeting.session)) < 40


# --- what becomes of it --------------------------------------------------------------------------------


def test_it_fills_the_card_beside_the_chat_and_is_gone_once_both_confirm(meeting, client, leila, amara):
    from quarterhour.advice import queries
    from quarterhour.advice import spoken as advice_spoken
    from quarterhour.advice.events import TakeawayConfirmed
    from quarterhour.advice.models import Takeaway

    session, now = meeting.session, clock.now()
    here = {"org": session.org, "session": session}
    SpokenLine.objects.create(**here, person=leila, text="I will write to Jonas on Friday.", at=now)
    written = queries.written_in(session, visible_to=amara)
    assert [(said.who, said.text) for said in written.spoken] == [("mentee", "I will write to Jonas on Friday.")]
    assert written.chat == ()
    card = queries.proposed(session, written, held_on=date(2026, 11, 25))
    assert [(action.owner, action.due) for action in card.actions] == [("mentee", date(2026, 11, 27))]

    client.force_login(amara)
    page = client.get(f"/takeaway/{session.pk}/").content.decode()
    assert "What was said, 1 line" in page
    kept = Takeaway.objects.create(**here, insight="x", written_at=now)
    advice_spoken.erase(TakeawayConfirmed(org_id=session.org_id, takeaway_id=kept.pk), now=now)
    assert spoken(session) == []


def test_either_deletes_it_sooner_and_a_stranger_deletes_nothing(meeting, client, leila, amara, tomasz):
    session = meeting.session
    address = f"/room/{session.pk}/what-was-said/delete/"
    SpokenLine.objects.create(org=session.org, session=session, person=leila, text="x", at=clock.now())

    client.force_login(tomasz)
    assert client.post(address).status_code == 404
    assert len(spoken(session)) == 1
    client.force_login(amara)
    assert client.get(address).status_code == 405
    assert "Deleted, for both of you." in client.post(address, follow=True).content.decode()
    assert spoken(session) == []


def test_after_a_week_it_is_gone_by_itself(meeting, leila):
    from quarterhour.sessions import captions

    session, now = meeting.session, clock.now()
    for days in (6, 8):
        at = now - timedelta(days=days)
        SpokenLine.objects.create(org=session.org, session=session, person=leila, text=f"{days}", at=at)
    assert captions.forget(now=now) == 1
    assert [text for _, text in spoken(session)] == ["6"]
