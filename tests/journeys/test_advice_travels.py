"""Two people talk, both let it be found, its author reads the words over, and somebody else is helped by them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from tests.factories import NeedFactory, PersonFactory, make_session
from tests.journeys.screens import QUESTION
from tests.journeys.test_every_page import AXE, FOUND, tab_to

from quarterhour.advice import services as cards
from quarterhour.advice.services import AdviceWords, CardWords
from quarterhour.core import clock
from quarterhour.sessions.models import Status

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("journeys"),
    pytest.mark.django_db(transaction=True),
]

SAID = "Tell Marek that you want a review date in the offer. Leila, it makes stepping back a clause and not a scene."
SIZES = ({"width": 1280, "height": 900}, {"width": 390, "height": 844}, {"width": 320, "height": 700})


@pytest.fixture
def talked(mentors, commons):
    """Leila talked with Amara; both confirmed the card, and neither lets it be found yet."""
    now = clock.now().replace(microsecond=0)
    leila = PersonFactory(name="Leila Haddad", email="leila@town.example", org=commons)
    need = NeedFactory(mentee=leila, org=commons, stated_at=now, text=QUESTION)
    session = make_session(need, mentors["Amara"], now - timedelta(days=1), status=Status.ENDED, now=now)
    words = CardWords(insight="A role can end.", advice=[AdviceWords(text=SAID, applies_when="The team is small")])
    told = {"may_quote": False, "now": now}
    card = cards.write_card(session=session, by=leila, words=words, seen=0, held_on=now.date(), **told)
    cards.confirm_card(card=card, by=session.mentor, seen=1, **told)
    return session


def screen_of(site, screen, person, n=0, **how):
    window = screen(n, reduced_motion="reduce", **how)
    window.context.add_cookies(site.cookies_for(person))
    return window


def test_advice_travels_without_names_and_is_taken_back(live_site, screen, talked, commons):
    her = screen_of(live_site, screen, talked.mentee)
    her.go(f"/takeaway/{talked.pk}/")
    her.press("Allow it finding the advice")
    expect(her.page.get_by_text("You allow it to be found.")).to_be_visible()

    author = screen_of(live_site, screen, talked.mentor, 1, viewport=SIZES[1])
    author.go(f"/takeaway/{talked.pk}/")
    author.press("Allow it finding the advice")
    expect(author.heading()).to_have_text("Would you let others read this?")
    shown = author.page.get_by_label("What others read")
    expect(shown).to_have_value(
        "Tell somebody that you want a review date in the offer. Somebody, it makes stepping back a clause and not "
        "a scene."
    )
    shown.fill("Ask Leila for a review date in the offer: it makes stepping back a clause.")
    author.press("Share these words of piece 1")
    expect(author.page.get_by_role("alert").filter(has_text="We took out more of it")).to_be_visible()
    expect(shown).to_have_value("Ask somebody for a review date in the offer: it makes stepping back a clause.")
    author.press("Share these words of piece 1")
    expect(author.page.get_by_text("Shared in these words")).to_be_visible()

    reader = PersonFactory(name="Rafaela Quill", org=commons)
    need = NeedFactory(mentee=reader, org=commons, stated_at=clock.now(), text=QUESTION)
    window = screen_of(live_site, screen, reader)
    window.go(f"/match/{need.pk}/")
    window.press("Read what helped", role="link")
    piece = window.page.get_by_role("listitem").filter(has_text="review date in the offer")
    expect(piece).to_contain_text("Ask somebody for a review date in the offer")
    window.press("it helped", within=piece)
    expect(window.page.get_by_text("Kept: it helped you.")).to_be_visible()
    expect(piece.get_by_role("button", name="it helped")).to_have_attribute("aria-pressed", "true")

    her.go(f"/takeaway/{talked.pk}/")
    her.press("Take it back finding the advice")
    expect(her.page.get_by_text("Nobody finds it any more")).to_be_visible()
    window.go("/knowledge/?q=review date")
    expect(window.page.get_by_text("Nobody has shared advice about this yet.")).to_be_visible()
    for each in (her, author, window):
        assert [told for told in each.complaints if "422" not in told] == []


def shared(talked, commons):
    from quarterhour.matching.knowledge import sharing

    card = cards.Takeaway.objects.within(commons).select_related("session").get(session=talked)
    for person in (talked.mentee, talked.mentor):
        sharing.let_find(card=card, by=person, allowed=True, now=clock.now())
    (first,) = sharing.proposals(talked, visible_to=talked.mentor)
    row = sharing.share(
        piece_id=first.piece.pk, session=talked, by=talked.mentor, text=first.text, applies_when=first.when, keep=(),
        now=clock.now(),
    )  # fmt: skip
    for helped, reason in ((True, ""), (False, "Too late."), (False, "Too small."), (False, "A new boss came.")):
        reader = PersonFactory(org=commons)
        sharing.say_tried(shared_id=row.pk, by=reader, helped=helped, reason=reason, now=clock.now())
    return reader


def test_every_page_of_it_is_open_to_everybody_in_each_of_its_looks(live_site, screen, talked, commons):
    reader = shared(talked, commons)
    looked = (
        (reader, ("/knowledge/", "/knowledge/?q=reviw date", "/knowledge/?q=sourdough",
                  "/knowledge/?only=tried&only=no",
                  "/knowledge/yours/")),
        (talked.mentor, ("/knowledge/?q=review", "/knowledge/yours/", f"/knowledge/share/{talked.pk}/",
                         f"/takeaway/{talked.pk}/")),
    )  # fmt: skip
    troubles = []
    for person, pages in looked:
        window = screen_of(live_site, screen, person)
        window.context.add_init_script(path=AXE)
        for page in pages:
            window.go(page)
            for size in SIZES:
                window.page.set_viewport_size(size)
                for scheme in ("light", "dark"):
                    window.page.emulate_media(color_scheme=scheme)
                    where = f"{page} {size['width']} {scheme}"
                    troubles += [f"{where} {found}" for found in window.page.evaluate(FOUND)]
                    troubles += [f"{where} spills"] * (window.spills() > 0)
        troubles += window.complaints

    assert troubles == []


def test_it_is_looked_up_and_answered_by_keyboard_alone(live_site, screen, talked, commons):
    reader = shared(talked, commons)
    window = screen_of(live_site, screen, reader)
    window.go("/knowledge/")
    tab_to(window, window.page.get_by_label("Search past advice"))
    window.page.keyboard.type("review date")
    window.page.keyboard.press("Enter")
    piece = window.page.get_by_role("listitem").filter(has_text="review date in the offer")
    expect(piece).to_contain_text("Helped 1 of 4 who tried it")
    answer = piece.get_by_role("button", name="it helped")
    tab_to(window, answer)
    window.page.keyboard.press("Enter")
    expect(answer).to_have_attribute("aria-pressed", "true")
    expect(piece).to_contain_text("Helped 2 of 4 who tried it")

    assert window.complaints == []
