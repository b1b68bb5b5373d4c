"""Ten thousand edits from two sides, while lines are cut and the process is killed: one text, and nothing lost."""

from __future__ import annotations

import re
from contextlib import suppress
from random import Random

import pytest
from pycrdt import create_update_message
from tests.sessions.room_server import Closed, RealtimeServer, Tab
from tests.sessions.test_room_protocol import session_at
from websockets.exceptions import ConnectionClosed

from quarterhour.core.text import clean
from quarterhour.sessions.models import Notes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("room by socket")]

EDITS = 10_000
A_FRAME = 25  # edits of one frame: what a fast typist and a paste send
WORDS = ["what", "is", "behind", "it", "and", "was", "tried", "so", "far", "in", "a", "team", "that", "grew"]


class Side:
    """One person: a document that lives on while sockets come and go."""

    def __init__(self, server, session, person, seed: int) -> None:
        self.server, self.session, self.person, self.lots = server, session, person, Random(seed)
        self.tab = Tab(server, session, person).enter()
        self.marks: list[str] = []  # each is typed once and never deleted

    def edit(self, count: int) -> None:
        """Insert words and take letters away, anywhere; a mark at the end of each round."""
        text, doc = self.tab.text, self.tab.doc
        before = doc.get_state()
        with doc.transaction():
            for _ in range(count - 1):
                here = str(text)
                spot = self.lots.randrange(len(here) + 1)
                if _marked(here, spot):
                    text += "."
                elif self.lots.random() < 0.3 and here[spot : spot + 1].islower():
                    del text[spot : spot + 1]
                else:
                    text.insert(spot, f" {self.lots.choice(WORDS)} ")
            self.marks.append(f"<{self.person.first_name} {len(self.marks)}>")
            text += self.marks[-1]
        self.update = create_update_message(doc.get_update(before))

    def send(self) -> None:
        try:
            self.tab.send_notes(self.update)
        except ConnectionClosed:
            return  # it travels with the next greeting

    def cut(self) -> None:
        """The line is gone without a word, whatever was on its way with it."""
        self.tab.socket.socket.close()

    def come_back(self) -> None:
        known = self.tab
        self.tab = Tab(self.server, self.session, self.person)
        self.tab.doc, self.tab.text = known.doc, known.text
        self.tab.enter()

    def settle(self) -> None:
        """Whatever this side has typed is kept."""
        self.edit(1)
        self.send()
        self.tab.wait_until_saved()


def _marked(text: str, spot: int) -> bool:
    """Whether this spot lies within a mark."""
    return text.rfind("<", 0, spot) > text.rfind(">", 0, spot)


@pytest.fixture
def session(transactional_db, need, amara):
    return session_at(need, amara, minutes=-5)


@pytest.fixture
def server(transactional_db):
    server = RealtimeServer().start()
    yield server
    server.stop()


def kept(session) -> str:
    return Notes.objects.within(session.org_id).get(session=session).text


def cut_one(sides, lots) -> None:
    """A line is cut; its owner goes on typing and comes back."""
    away = lots.choice(sides)
    away.cut()
    away.edit(A_FRAME)
    away.come_back()


def kill(server, sides) -> None:
    """The process ends without a word, and everybody goes on typing until there is another one."""
    server.kill()
    for side in sides:
        side.edit(A_FRAME)
    server.start()
    for side in sides:
        side.come_back()


def test_ten_thousand_edits_with_cuts_and_a_kill_become_one_text_that_is_kept(server, session, leila, amara):
    lots = Random(17)
    sides = first, second = [Side(server, session, person, seed) for seed, person in enumerate((leila, amara))]
    rounds = EDITS // A_FRAME // len(sides)
    for n in range(rounds):
        for side in sides:
            side.edit(A_FRAME)
            side.send()
        if n % 20 == 7:
            cut_one(sides, lots)
        if n == rounds // 2:
            kill(server, sides)
    for side in sides:
        side.settle()

    first.tab.read_until(second.marks[-1], within=20)
    second.tab.read_until(first.marks[-1], within=20)
    text = str(first.tab.text)
    assert str(second.tab.text) == text
    assert [mark for side in sides for mark in side.marks if text.count(mark) != 1] == []
    assert len(first.marks) + len(second.marks) >= EDITS // A_FRAME
    assert kept(session) == clean(text)
    for side in sides:
        side.tab.close()
    server.wait_until_quiet()
    late = Tab(server, session, amara).enter()
    assert late.read_until(first.marks[-1]) == text
    late.close()


def test_what_was_acknowledged_survives_every_kill(server, session, leila):
    acknowledged, said = [], []
    for attempt in range(4):
        tab = Tab(server, session, leila).enter()
        for n in range(6 + 3 * attempt):
            word = f"<{attempt}.{n}>"
            tab.write(word)
            if n % 3 == attempt % 3:
                tab.chat(word)
                tab.hear("chat")
                said.append(word)
        tab.wait_until_saved()
        acknowledged += [word for word in re.findall(r"<[^>]+>", str(tab.text)) if word not in acknowledged]
        tab.write("and what nobody acknowledged")
        server.kill()
        with suppress(Closed, ConnectionClosed):
            tab.close()
        server.start()

    assert len(acknowledged) >= 30
    text = kept(session)
    assert [word for word in acknowledged if text.count(word) != 1] == []
    back = Tab(server, session, leila).enter()
    whole = back.read_until(acknowledged[-1])
    assert [word for word in acknowledged if whole.count(word) != 1] == []
    assert [line["text"] for line in back.welcome["chat"]] == said
    back.close()
