"""No time suits: asked in writing from a card, answered from the mail on a phone, read, and it helped."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from tests.factories import MentorFactory, NeedFactory, PersonFactory, make_session
from tests.journeys.screens import PHONE, QUESTION
from tests.notifications.reading import bodies

from quarterhour.core import clock
from quarterhour.sessions import writing
from quarterhour.sessions.writing_models import WrittenAsk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("journeys"),
    pytest.mark.django_db(transaction=True),
]

ANSWER = "Say yes, and put a date into the offer on which you may go back.\n\nThat made it a trial for me."


def link_in(letter, part: str) -> str:
    return re.search(rf"https?://\S*{part}\S*", bodies(letter)["text/plain"]).group()


def test_asked_in_writing_answered_from_the_mail_and_it_helped(screen, worked, post, mentors, commons):
    leila = PersonFactory(name="Leila Haddad", email="leila@town.example", zone="Europe/Lisbon", org=commons)
    need = NeedFactory(mentee=leila, org=commons, stated_at=clock.now(), text=QUESTION)
    leilas = screen(0, timezone_id="Europe/Lisbon")
    leilas.context.add_cookies(worked.cookies_for(leila))
    leilas.go(f"/match/{need.pk}/")
    leilas.press("Ask Amara in writing", "link")
    expect(leilas.heading()).to_have_text("This is what Amara reads")
    leilas.press("Send it to Amara")
    expect(leilas.heading()).to_have_text("Amara has your question in writing.")

    amaras = screen(1, finger=True, timezone_id="Africa/Lagos", **PHONE)
    amaras.go(link_in(post.wait_for_words("amara@town.example", "asks you in writing"), "/by-mail/in-writing/"))
    expect(amaras.heading()).to_have_text("Leila Haddad asks")
    amaras.page.get_by_label("Your answer").fill(ANSWER)
    amaras.page.get_by_label("I would also talk about it").check()
    amaras.press("Send it to Leila")
    expect(amaras.heading()).to_have_text("Sent.")

    assert "Amara would also talk about it." in bodies(post.wait_for_words(leila.email, "Amara answered"))["text/plain"]
    leilas.go(f"/sessions/asked/{need.pk}/")
    expect(leilas.heading()).to_have_text("Amara answered in writing.")
    written = leilas.page.locator("#written")
    expect(written).to_contain_text("put a date into the offer")
    written.get_by_label("A lot").check()
    leilas.press("Keep my answer")
    expect(leilas.page.locator("#written").get_by_role("button", name="Say it anew")).to_be_visible()
    expect(leilas.page.locator("#written").get_by_label("A lot")).to_be_checked()
    assert WrittenAsk.objects.within(commons).get().quarters == 3

    leilas.press("Book a time with Amara", role="link")
    expect(leilas.page.get_by_role("article", name="Amara Okafor")).to_be_visible()
    assert leilas.page.url.endswith(f"/match/{need.pk}/#m-{mentors['Amara'].pk}")
    assert not [*leilas.complaints, *amaras.complaints]


def test_what_is_being_said_of_one_answer_stays_while_another_one_comes(screen, worked, commons):
    leila = PersonFactory(name="Leila Haddad", email="leila@town.example", zone="Europe/Lisbon", org=commons)
    need = NeedFactory(mentee=leila, org=commons, stated_at=clock.now(), text=QUESTION)
    ines, ruth, tomasz = (
        MentorFactory(org=commons, name=name) for name in ("Inês Carvalho", "Ruth Abrams", "Tomasz Z")
    )
    make_session(need, tomasz, clock.now() + timedelta(days=2), status="asked")
    asks = [writing.ask_in_writing(need=need, mentor=one, by=leila, now=clock.now()) for one in (ines, ruth)]
    writing.answer(ask=asks[0], text="A review date.", by=ines, now=clock.now())

    leilas = screen(0, timezone_id="Europe/Lisbon")
    leilas.context.add_cookies(worked.cookies_for(leila))
    leilas.page.clock.install()
    leilas.go(f"/sessions/asked/{need.pk}/")
    written = leilas.page.locator("#written")
    written.get_by_label("A lot").check()
    writing.answer(ask=asks[1], text="Ask for a trial.", by=ruth, now=clock.now())
    leilas.page.clock.run_for(31_000)

    expect(written).to_contain_text("Ask for a trial.")
    expect(written.get_by_label("A lot").first).to_be_checked()
    expect(leilas.page.locator("#asked")).to_have_count(1)
    expect(leilas.page.locator("#onward")).to_have_count(1)
    expect(leilas.page.locator("#asked")).to_have_attribute("hx-trigger", "every 30s")
    expect(written).not_to_have_attribute("hx-trigger", "every 30s")
    assert not leilas.complaints
