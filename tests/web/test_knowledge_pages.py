"""What others were told, as people meet it: nothing of who said it, and gone when it is taken back."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from tests.factories import MentorFactory, NeedFactory, PersonFactory, make_session

from quarterhour.advice.models import Takeaway
from quarterhour.core import clock
from quarterhour.core.models import Organisation
from quarterhour.matching.knowledge_models import SharedPiece, Tried
from quarterhour.sessions.models import Notes, Status

pytestmark = pytest.mark.django_db

TALKED = datetime(2026, 11, 26, 10, 15, tzinfo=UTC)
AFTER = TALKED + timedelta(minutes=26)
CANARIES = (
    "Haddad",
    "Okafor",
    "Leila",
    "Amara",
    "Zwiebelkraut",
    "Hexenturm",
    "601 234",
    "zwiebel.example",
    "Quibbleton",
)
SAID = (
    "Amara says: put the way back in writing, as Leila Haddad did at Zwiebelkraut in Hexenturm. Call +48 601 234 567 "
    "or mail a.okafor@zwiebel.example. A review date makes it a clause, Quibbleton agrees."
)
SHOWN = (
    "Somebody says: put the way back in writing, as somebody did at their company in a place. Call a number "
    "or mail an address. A review date makes it a clause, somebody agrees."
)


@pytest.fixture(autouse=True)
def at_the_end(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AFTER)


@pytest.fixture
def session(need, amara):
    session = make_session(need, amara, TALKED, status=Status.ENDED)
    Notes.objects.create(org=session.org, session=session, text="Quibbleton: agreed\nfine", saved_at=AFTER)
    return session


@pytest.fixture
def reader(commons):
    return PersonFactory(name="Rafaela Quill", org=commons)


def get(client, person, name, *args, **query):
    client.force_login(person)
    return client.get(reverse(name, args=args), query)


def post(client, person, name, *args, **given):
    client.force_login(person)
    return client.post(reverse(name, args=args), given)


def page(response) -> str:
    return response.content.decode()


def told(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page(response)))


def card(client, session, **given):
    """The mentee keeps the card with its one piece, the mentor confirms it; both may let it be found."""
    words = {"insight": "x", "advice-0": SAID, "when-0": "The boss, Okafor, agrees"}
    kept = {"key": str(uuid4()), "version": "0"} | words | given
    assert post(client, session.mentee, "advice:card", session.pk, **kept).status_code == 302
    assert post(client, session.mentor, "advice:confirm", session.pk, version="1", **given).status_code == 302


def fields(text: str) -> dict:
    area = re.search(r'<textarea[^>]*name="text"[^>]*>([^<]*)<', text)[1]
    named = {name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', text)[1] for name in ("piece", "when", "source")}
    return {"text": area} | named


def share(client, session, **given):
    """The author reads the words over, as they are proposed, and presses."""
    text = page(get(client, session.mentor, "knowledge:share", session.pk))
    return post(client, session.mentor, "knowledge:share", session.pk, **(fields(text) | given))


def test_no_canary_of_a_card_stands_in_what_others_read(client, session, reader, mailoutbox):
    card(client, session, may_find="on")
    assert "Nothing here yet" in told(get(client, reader, "knowledge:search"))
    assert share(client, session).status_code == 302

    for query in ({}, {"q": "review date in writing"}, {"q": "Okafor"}, {"q": "Haddad Zwiebelkraut"}):
        text = page(get(client, reader, "knowledge:search", **query)).replace(query.get("q", "\0"), "")
        assert not [canary for canary in CANARIES if canary.lower() in text.lower()], query
    row = SharedPiece.objects.visible_to(reader).get()
    assert (row.text, row.applies_when) == (SHOWN, "The boss, somebody, agrees")
    assert "okafor" not in row.words.lower()


def test_words_found_are_marked_and_markup_stays_text(client, session, reader):
    card(client, session, may_find="on", **{"advice-0": "Put a <b>review</b> date in the offer & sign."})
    share(client, session, text="Put a <b>review</b> date in the offer &amp; sign.".replace("&amp;", "&"))

    text = page(get(client, reader, "knowledge:search", q="reviw date"))

    assert "&lt;b&gt;<mark>review</mark>&lt;/b&gt; <mark>date</mark> in the offer &amp; sign." in text
    assert "We looked for “review date”" in text


@pytest.mark.parametrize("side", ["mentor", "mentee"])
def test_one_press_of_either_side_and_it_is_gone(client, session, reader, side):
    card(client, session, may_find="on")
    share(client, session)
    assert "review date" in told(get(client, reader, "knowledge:search"))

    post(client, getattr(session, side), "advice:find", session.pk)

    assert "Nobody finds it any more" in told(get(client, getattr(session, side), "advice:card", session.pk))
    assert "review date" not in told(get(client, reader, "knowledge:search"))


def test_allowing_it_later_leads_the_author_to_the_words(client, session, reader):
    card(client, session)
    response = post(client, session.mentor, "advice:find", session.pk, may_find="on")
    assert response.url == reverse("knowledge:share", args=[session.pk])
    share(client, session)
    assert "Nothing here yet" in told(get(client, reader, "knowledge:search"))

    post(client, session.mentee, "advice:find", session.pk, may_find="on")

    assert "review date" in told(get(client, reader, "knowledge:search"))


def test_words_that_were_not_read_over_come_back_cleaned(client, session):
    card(client, session, may_find="on")

    response = share(client, session, text="Ask Leila, and Zorblatt, before you sign.")

    assert response.status_code == 422
    text = page(response)
    assert fields(text)["text"] == "Ask somebody, and something, before you sign."
    assert "We took out more of it" in text
    assert not SharedPiece.objects.within(session.org).exists()


def test_what_is_shared_stays_as_it_is_while_other_words_are_refused(client, session, reader):
    card(client, session, may_find="on")
    share(client, session)
    assert "Shared in these words" in told(get(client, session.mentor, "knowledge:share", session.pk))

    response = told(share(client, session, text="Ask Leila."))

    assert "Shared in these words" not in response
    assert f"Until you share it anew, others read: “{SHOWN}”" in response
    assert "put the way back in writing" in told(get(client, reader, "knowledge:search"))


def test_a_doubt_is_put_back_by_a_tick_and_a_name_by_nothing(client, session):
    card(client, session, may_find="on", **{"advice-0": "Ask Leila, and Zorblatt, before you sign."})
    text = page(get(client, session.mentor, "knowledge:share", session.pk))
    assert 'name="keep" value="Zorblatt"' in text

    ticked = fields(text) | {"keep": ["Zorblatt", "Leila"], "again": "yes"}
    text = page(post(client, session.mentor, "knowledge:share", session.pk, **ticked))
    assert fields(text)["text"] == "Ask somebody, and Zorblatt, before you sign."
    share(client, session, text="Ask somebody, and Zorblatt, before you sign.", keep=["Zorblatt"])

    assert SharedPiece.objects.within(session.org).get().text == "Ask somebody, and Zorblatt, before you sign."


def test_nobody_but_the_author_reads_what_would_be_shared(client, session, reader):
    card(client, session, may_find="on")

    for person in (reader, session.mentee):
        assert get(client, person, "knowledge:share", session.pk).status_code == 404
        assert post(client, person, "knowledge:share", session.pk, text="x").status_code == 404


def test_another_organisation_finds_nothing(client, session):
    card(client, session, may_find="on")
    share(client, session)
    stranger = PersonFactory(org=Organisation.objects.create(name="Elsewhere", slug="elsewhere"))

    assert "review date" not in told(get(client, stranger, "knowledge:search", q="review date"))
    row = SharedPiece.objects.within(session.org).get()
    assert post(client, stranger, "knowledge:tried", row.pk, "yes").status_code == 404
    assert post(client, stranger, "knowledge:out", row.pk).status_code == 404


def test_a_reader_says_it_helped_changes_it_and_takes_it_back(client, session, reader):
    card(client, session, may_find="on")
    share(client, session)
    row = SharedPiece.objects.within(session.org).get()
    came = "http://testserver" + reverse("knowledge:search") + "?q=review"
    client.force_login(reader)

    response = client.post(reverse("knowledge:tried", args=[row.pk, "yes"]), headers={"referer": came})
    assert response.url == f"{reverse('knowledge:search')}?q=review#piece-{row.pk}"
    text = page(client.get(reverse("knowledge:search")))
    assert "Kept: it helped you." in text
    assert reverse("knowledge:tried", args=[row.pk, "none"]) in text
    assert "Too early to say whether it helps" in text, "one answer is never told"

    client.post(reverse("knowledge:tried", args=[row.pk, "no"]), {"reason": "Not where Amara is the boss."})
    assert Tried.objects.visible_to(reader).get().reason == "Not where somebody is the boss."
    client.post(reverse("knowledge:tried", args=[row.pk, "none"]))
    assert not Tried.objects.visible_to(reader).exists()
    assert client.post(reverse("knowledge:tried", args=[row.pk, "often"])).status_code == 404


def test_what_three_people_said_is_told_as_a_sum(client, session, reader, commons):
    card(client, session, may_find="on")
    share(client, session)
    row = SharedPiece.objects.within(session.org).get()
    for helped in (True, True, False):
        Tried.objects.create(org=commons, shared=row, person=PersonFactory(org=commons), helped=helped, at=AFTER)

    assert "Helped 2 of 3 who tried it, too early to be sure" in told(get(client, reader, "knowledge:search"))


def test_the_author_sees_what_is_theirs_and_takes_it_out(client, session, reader):
    card(client, session, may_find="on")
    share(client, session)
    row = SharedPiece.objects.within(session.org).get()
    assert "1 piece is yours" in told(get(client, session.mentor, "knowledge:search"))
    mine = get(client, session.mentor, "knowledge:yours")
    assert "Found by members now" in told(mine)

    post(client, session.mentor, "knowledge:out", row.pk)

    assert "Nothing of yours yet" in told(get(client, session.mentor, "knowledge:yours"))
    assert "review date" not in told(get(client, reader, "knowledge:search"))
    assert Takeaway.objects.visible_to(session.mentor).get().advice.count() == 1


def test_a_question_like_it_leads_to_what_was_told(client, session, reader, commons):
    card(client, session, may_find="on")
    share(client, session)
    need = NeedFactory(mentee=reader, org=commons)

    matches = page(get(client, reader, "match:need", need.pk))
    address = f"{reverse('knowledge:search')}?need={need.pk}"
    assert "One person asked something like this." in matches
    assert address in matches
    assert need.text[:40] not in address
    found = get(client, reader, "knowledge:search", need=str(need.pk))
    assert "put the way back in writing" in told(found)
    assert get(client, session.mentee, "knowledge:search", need=str(need.pk)).status_code == 404
    assert get(client, reader, "knowledge:search", need="x").status_code == 404


@pytest.mark.parametrize(
    "words", ["\x00", "x" * 10_000, "<script>", "' OR 1=1", "\u202eabc", "请问", "a & b | !c", ":*", "\\", "%00"]
)
def test_any_words_may_be_looked_for(client, reader, words):
    response = get(client, reader, "knowledge:search", q=words, only=["tried", "x" * 50, "no"], show="-1")

    assert response.status_code == 200
    assert "<script>alert" not in page(response)


@pytest.mark.parametrize("many", [1, 3])
def test_the_page_costs_the_same_however_much_there_is(client, reader, commons, many, django_assert_num_queries):
    for _ in range(many):
        need = NeedFactory(mentee=PersonFactory(org=commons), org=commons)
        session = make_session(need, MentorFactory(org=commons), TALKED, status=Status.ENDED)
        card(client, session, may_find="on")
        share(client, session)
    client.force_login(reader)
    with django_assert_num_queries(11):
        assert told(client.get(reverse("knowledge:search"), {"q": "review date"})).count("Applies when") == many
