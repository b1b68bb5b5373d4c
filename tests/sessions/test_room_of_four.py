"""Up to four people in a room: a connection for each pair, and somebody taken out in the middle of it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from tests.factories import PersonFactory
from tests.sessions.room_visitors import ROOT

from quarterhour.core import clock
from quarterhour.notifications import along as mail
from quarterhour.sessions import companions
from quarterhour.sessions.models import AttendanceEvent, Companion

pytest_plugins = ["tests.sessions.room_browsers"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("room in browsers")]

AXE = ROOT / "node_modules/axe-core/axe.min.js"
# Small pictures: twelve of them are encoded on this one machine.
EACH = """
const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
const small = { width: 320, height: 180, frameRate: 10 };
navigator.mediaDevices.getUserMedia = (wanted) => ask({ ...wanted, video: wanted.video && small });
const Watched = RTCPeerConnection;
window.each = new Set();
window.RTCPeerConnection = class extends Watched {
  setRemoteDescription(...given) { window.each.add(this); return super.setRemoteDescription(...given); }
};
"""
# Frames decoded so far, of each connection that stands and by which something may come.
FRAMES = """async () => {
  const comes = (pc) => pc.getTransceivers().some(({ currentDirection }) => currentDirection !== "sendonly");
  const standing = [...window.each].filter((pc) => pc.connectionState === "connected" && comes(pc));
  const decoded = ({ type, kind, framesDecoded }) => (type === "inbound-rtp" && kind === "video" && framesDecoded) || 0;
  const of = async (pc) => [...(await pc.getStats()).values()].reduce((sum, each) => sum + decoded(each), 0);
  return Promise.all(standing.map(of));
}"""
# How far boxes reach over one another or out of the stage, in pixels.
OVERLAP = """() => {
  const boxes = [...document.querySelectorAll(".videos > .video")].map((each) => each.getBoundingClientRect());
  const across = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1;
  const down = (a, b) => Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
  const out = boxes.filter((a) => a.left < 0 || a.right > innerWidth + 1 || a.width < 80 || a.height < 60);
  const over = boxes.flatMap((a, n) => boxes.slice(n + 1).filter((b) => across(a, b) && down(a, b)));
  return over.length + out.length;
}"""


def sees(visitor, others: int, *, within: float = 30) -> None:
    """Moving pictures come from each of so many others, and from nobody else."""
    give_up, first = clock.now() + timedelta(seconds=within), []
    while True:
        now = visitor.page.evaluate(FRAMES)
        if len(now) != others:
            first = []
        elif len(first) == others and all(after > before for before, after in zip(first, now, strict=True)):
            return
        first = first or now if len(now) == others else first
        assert clock.now() < give_up, f"{visitor.person.called} has {now} from {others} others"
        visitor.page.wait_for_timeout(200)


def along(session, person) -> Companion:
    now = clock.now()
    given = {"brought_by": session.mentor, "email": person.email, "person": person}
    return Companion.objects.create(org=session.org, session=session, **given, asked_at=now, accepted_at=now)


def asked_by_mail(visitor, by) -> None:
    """From the link in the mail to the lobby; on a small phone nothing is too wide or unreadable."""
    now, page = clock.now(), visitor.page
    row = companions.bring(session=visitor.session, email=visitor.person.email, by=by, now=now)
    row = Companion.objects.within(row.org_id).select_related(*mail.PEOPLE).get(pk=row.pk)
    text = mail.asking(row, now=now).get_body(("plain",)).get_content()
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(visitor.address + re.search(r"/by-mail/along/[\w-]+/", text)[0])
    page.evaluate(AXE.read_text())
    assert page.evaluate("async () => (await axe.run()).violations.map((each) => each.id)") == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.get_by_role("button", name="Come along").click()
    expect(page.get_by_role("link", name="Go in")).to_be_visible()
    page.set_viewport_size({"width": 1280, "height": 800})


def test_four_see_each_other_one_comes_back_and_one_is_taken_out(meeting, leila, amara, commons):
    kofi = PersonFactory(name="Kofi Mensah", email="kofi@town.example", org=commons)
    nia = PersonFactory(name="Nia Roy", email="nia@town.example", org=commons)
    row = along(meeting.session, kofi)
    leilas, amaras, kofis = meeting.open(leila, amara, kofi, script=EACH)
    for visitor in (leilas, amaras):
        visitor.lobby().go_in()
        visitor.page.set_viewport_size({"width": 1280, "height": 800})
    for visitor in (leilas, amaras):
        sees(visitor, 1)
    expect(leilas.page.locator(".videos")).not_to_have_attribute("data-tiles", "3")

    kofis.lobby().go_in()
    for visitor in (leilas, amaras, kofis):
        sees(visitor, 2)
        expect(visitor.page.locator(".videos")).to_have_attribute("data-tiles", "3")
        assert visitor.page.evaluate(OVERLAP) == 0
    expect(leilas.page.locator(".tile [data-name]")).to_have_text("Kofi Mensah")
    expect(leilas.page.locator("#between")).to_have_text("Whoever is here sees the notes")
    expect(kofis.page.locator(".tile [data-out]")).to_have_count(0)

    kofis.page.locator("#notes").fill("A word of Kofi's.")
    expect(amaras.page.locator("#notes")).to_have_value("A word of Kofi's.")
    kofis.page.locator("#say").fill("Hello, both of you.")
    kofis.page.keyboard.press("Enter")
    expect(leilas.page.locator("#lines")).to_contain_text("Kofi, ")
    leilas.page.evaluate(AXE.read_text())
    assert leilas.page.evaluate("async () => (await axe.run()).violations.map((each) => each.id)") == []

    kofis.page.reload()  # and is back
    expect(kofis.page.locator("#notes")).to_be_enabled()
    for visitor in (leilas, amaras, kofis):
        sees(visitor, 2)

    nias = meeting.open(nia, script=EACH)[0]
    asked_by_mail(nias, leila)
    nias.go_in()
    for visitor in (leilas, amaras, kofis, nias):
        sees(visitor, 3, within=45)
        expect(visitor.page.locator(".videos")).to_have_attribute("data-tiles", "4")
        for width, height in ((390, 400), (390, 844), (1280, 800)):
            visitor.page.set_viewport_size({"width": width, "height": height})
            assert visitor.page.evaluate(OVERLAP) == 0

    amaras.page.get_by_role("button", name="Take out Kofi").click()
    amaras.page.locator("#told").get_by_role("button", name="Take Kofi out").click()
    expect(kofis.page.locator("#farewell")).to_contain_text("The room is closed for you", timeout=2_000)
    expect(kofis.page.locator("#notes")).to_have_count(0)  # nor does he read on
    for visitor in (leilas, amaras, nias):
        sees(visitor, 2)
        expect(visitor.page.locator(".tile")).to_have_count(1)
    row.refresh_from_db()
    assert row.out_by == amara
    log = AttendanceEvent.objects.within(meeting.session.org_id).filter(session=meeting.session)
    assert set(log.values_list("person", flat=True)) == {leila.pk, amara.pk}
    assert meeting.complaints == []
