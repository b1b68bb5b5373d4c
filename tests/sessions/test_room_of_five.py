"""Five people in one room, by a real Janus: all see each other, one is taken out, the server dies and is back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.factories import PersonFactory
from tests.sessions.janus_server import SECRET, JanusServer
from tests.sessions.room_server import PagesServer, RealtimeServer, free_port
from tests.sessions.room_visitors import Meeting
from tests.sessions.test_room_of_four import AXE, EACH, OVERLAP, along, sees

pytest_plugins = ["tests.sessions.room_browsers"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("room in browsers")]


@pytest.fixture(scope="module")
def larger_site(django_db_setup, django_db_blocker, tmp_path_factory):
    """The pages and the room with a Janus beside them."""
    janus = JanusServer(tmp_path_factory.mktemp("janus")).start()
    pages, rooms = free_port(), free_port()
    address = f"http://localhost:{pages}"
    given = {"QUARTERHOUR_URL": address, "QUARTERHOUR_REALTIME_URL": f"ws://localhost:{rooms}"}
    given |= {"QUARTERHOUR_SFU_URL": janus.url, "QUARTERHOUR_SFU_SECRET": SECRET}
    servers = [PagesServer(pages, **given), RealtimeServer(rooms, **given)]
    with django_db_blocker.unblock():
        try:
            for server in servers:
                server.start()
            yield address, servers[1], janus
        finally:
            for server in servers:
                server.stop()
            janus.kill()


@pytest.fixture
def round_of_five(larger_site, chromiums, need, amara):
    """Leila's session with Amara, and three who come along."""
    address, rooms, _ = larger_site
    meeting = Meeting(address, rooms, chromiums[:1], need, amara)
    yield meeting
    meeting.close()


def test_five_see_each_other_one_is_taken_out_and_the_server_comes_back(
    round_of_five, larger_site, leila, amara, commons
):
    janus, meeting = larger_site[2], round_of_five
    coming = [PersonFactory(name=name, org=commons) for name in ("Kofi Mensah", "Nia Roy", "Pia Lund")]
    for person in coming:
        along(meeting.session, person)
    everybody = leilas, kofis, amaras, *_ = meeting.open(leila, coming[0], amara, *coming[1:], script=EACH)
    leilas.lobby()
    expect(leilas.page.locator('[data-way="server"]')).to_contain_text("by the server of this service")
    expect(leilas.page.locator('[data-way="direct"]')).to_be_hidden()
    expect(leilas.page.locator("#preview")).to_be_visible()
    for visitor in (leilas.go_in(), kofis.lobby().go_in()):
        sees(visitor, 1)  # whoever comes along sees one of the two, whether or not the other one is there
    for visitor in everybody[2:]:
        visitor.lobby().go_in()
    for visitor in everybody:
        sees(visitor, 4)
        for width, height in ((390, 844), (1280, 800)):
            visitor.page.set_viewport_size({"width": width, "height": height})
            assert visitor.page.evaluate(OVERLAP) == 0
    leilas.page.evaluate(AXE.read_text())
    assert leilas.page.evaluate("async () => (await axe.run()).violations.map((each) => each.id)") == []

    leilas.context.set_offline(offline=True)
    expect(leilas.page.locator("#told")).to_contain_text("You are offline")
    leilas.context.set_offline(offline=False)
    for visitor in everybody:  # what her lost line took along is dialled anew by herself and by everybody
        sees(visitor, 4)

    amaras.page.get_by_role("button", name="Take out Kofi").click()
    amaras.page.locator("#told").get_by_role("button", name="Take Kofi out").click()
    expect(kofis.page.locator("#farewell")).to_contain_text("The room is closed for you", timeout=2_000)
    kofis.context.close()
    rest = [leilas, amaras, *everybody[3:]]
    for visitor in rest:
        expect(visitor.page.locator(".tile")).to_have_count(2)
        sees(visitor, 3)

    janus.kill()
    expect(leilas.page.locator("#told")).to_contain_text("the server that handed them on does not answer")
    for visitor in rest:
        sees(visitor, 3)  # four are inside: they talk directly meanwhile
    janus.start()
    expect(leilas.page.locator("#told")).to_contain_text("by the server of this service from now on")
    for visitor in rest:
        sees(visitor, 3)
    assert [told for told in meeting.complaints if "ERR_INTERNET_DISCONNECTED" not in told] == []
