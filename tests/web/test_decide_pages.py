"""The pages of a decision: empty, full, wrong, from two tabs, and by strangers."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.urls import reverse
from tests.advice.deciding import NO, QUESTION, SAID, YES, decide, laid, met, option, three_views, wrote
from tests.factories import MentorFactory, NeedFactory, PersonFactory

from quarterhour.advice import boards
from quarterhour.advice.decision_models import Decision, PerspectiveLabel

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def morning(clock):
    return clock


@pytest.fixture
def three(need):
    return three_views(need)


@pytest.fixture
def decision(need, three):
    return decide(need)


@pytest.fixture
def her(client, leila):
    client.force_login(leila)
    return client


def address(decision, name="board", *more) -> str:
    return reverse(f"decide:{name}", args=[decision.pk, *more])


def page(response) -> str:
    return response.content.decode()


def placed(decision, leila, now, **where):
    """Amara and Tomasz are for yes, Inês against it; or as `where` says."""
    rows = laid(decision)
    for name, (text, side) in (
        {"Amara": (YES, "for"), "Tomasz": (YES, "for"), "Inês": (YES, "against")} | where
    ).items():
        boards.place(laid=rows[name], by=leila, option=option(decision, text).pk, side=side, now=now)


FORM = {"question": QUESTION, "option-0": YES, "option-1": NO}


# --- the list and the form -------------------------------------------------------------------------


def test_an_empty_list_says_how_to_begin(her):
    shown = page(her.get(reverse("decide:decisions")))
    assert "No decision yet" in shown
    assert reverse("decide:new") in shown


def test_a_decision_by_hand(her, leila, commons):
    response = her.post(
        reverse("decide:new"), {"key": uuid4(), **FORM, "criterion-0": "Tuesdays", "decide_by": "2026-12-04"}
    )
    made = Decision.objects.within(commons).get()
    assert response.url == address(made)
    shown = page(her.get(response.url))
    assert "You decide by Friday 4 December, in 8 days" in shown
    assert "Tuesdays" in shown
    assert QUESTION in page(her.get(reverse("decide:decisions")))


def test_a_double_press_makes_one(her, commons):
    form = {"key": str(uuid4()), **FORM}
    assert her.post(reverse("decide:new"), form).url == her.post(reverse("decide:new"), form).url
    assert Decision.objects.within(commons).count() == 1


def test_from_a_question_the_form_is_filled_in_and_the_board_fills_itself(her, need, three, commons):
    way = f"{reverse('decide:new')}?need={need.pk}"
    assert way in page(her.get(reverse("ask:ask")))
    shown = page(her.get(way))
    assert "afraid of losing it" in shown
    options = re.findall(r'name="option-\d"[^>]*?value="([^"]*)"', shown)
    assert options == ["Say yes now", "Stay an engineer for another year", ""]
    assert "Change what is wrong." in shown
    her.post(reverse("decide:new"), {"key": uuid4(), "need": need.pk, **FORM})
    made = Decision.objects.within(commons).get()
    shown = page(her.get(address(made)))
    assert all(said.replace("'", "&#x27;") in shown for said in SAID.values())


def test_a_question_that_names_no_two_ways_fills_in_none(her, leila, commons):
    need = NeedFactory(mentee=leila, org=commons, text="How do I ask for more pay, or for more time?")
    shown = page(her.get(reverse("decide:new"), {"need": need.pk}))
    assert re.findall(r'name="option-\d"[^>]*?value="([^"]*)"', shown) == ["", "", ""]
    assert "Say what the ways are." in shown


def test_from_a_card_its_advice_lies_on_the_new_decision_or_on_one_there_is(her, leila, commons, decision):
    other = NeedFactory(mentee=leila, org=commons, text="How do I get asked first?")
    session = met(other, MentorFactory(name="Jun Takahashi", org=commons), "Count for a week.")
    shown = page(her.get(reverse("decide:new"), {"session": session.pk}))
    assert address(decision, "lay", session.pk) in shown
    her.post(address(decision, "lay", session.pk))
    assert "Jun" in laid(decision)
    her.post(reverse("decide:new"), {"key": uuid4(), "session": session.pk, **FORM})
    assert "Jun" in laid(Decision.objects.within(commons).exclude(pk=decision.pk).get())


@pytest.mark.parametrize("about", ["need", "session"])
@pytest.mark.parametrize("key", ["x", "00000000-0000-0000-0000-000000000000", "\x00"])
def test_what_is_not_there_is_no_page(her, about, key):
    assert her.get(reverse("decide:new"), {about: key}).status_code == 404


def test_wrong_words_come_back_with_everything_else_as_it_was(her, commons):
    given = {
        "question": "\x00",
        "option-0": "<script>alert(1)</script>",
        "option-1": "x" * 10_000,
        "decide_by": "9999-12-31",
    }
    response = her.post(reverse("decide:new"), {"key": uuid4(), **given, "context": "ö\r\n漢"})
    shown = page(response)
    assert response.status_code == 422
    assert shown.count('aria-invalid="true"') == 3
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "ö\n漢" in shown
    assert not Decision.objects.within(commons).exists()


@pytest.mark.parametrize("day", ["0001-01-01", "tomorrow", "2026-02-31", "９９９９-12-31", "2026-11-25"])
def test_a_day_that_cannot_be_is_said_beside_it(her, day):
    response = her.post(reverse("decide:new"), {"key": uuid4(), **FORM, "decide_by": day})
    assert response.status_code == 422
    assert 'id="decide_by-error"' in page(response)


def test_the_second_tab_keeps_what_was_typed_and_shows_what_stands(her, decision):
    first, second = (page(her.get(address(decision, "change"))) for _ in range(2))
    assert first.count('name="version" value="1"') == second.count('name="version" value="1"') == 1
    known = {f"known-{n}": each.pk for n, each in enumerate(decision.options.all())}
    assert (
        her.post(
            address(decision, "change"), {"key": uuid4(), "version": "1", **FORM, **known, "context": "One"}
        ).status_code
        == 302
    )
    late = {"key": uuid4(), "version": "1", **FORM, **known, "context": "Two"}
    response = her.post(address(decision, "change"), late)
    shown = page(response)
    assert response.status_code == 409
    assert "One" in shown
    assert ">Two</textarea>" in shown
    assert 'name="version" value="2"' in shown
    assert her.post(address(decision, "change"), late | {"key": uuid4(), "version": "2"}).status_code == 302


def test_it_is_removed_with_a_tick_alone(her, decision, commons):
    her.post(address(decision, "remove"))
    assert Decision.objects.within(commons).exists()
    her.post(address(decision, "remove"), {"sure": "on"})
    assert not Decision.objects.within(commons).exists()


# --- the board -------------------------------------------------------------------------------------


def test_one_press_places_and_the_toast_takes_it_back(her, decision):
    row, yes = laid(decision)["Amara"], option(decision, YES)
    response = her.post(address(decision, "place", row.pk), {"place": f"{yes.pk}:for"}, follow=True)
    assert "Amara: for" in page(response)
    assert laid(decision)["Amara"].side == "for"
    her.post(f"{address(decision, 'place', row.pk)}?to=:")
    assert laid(decision)["Amara"].side == ""


@pytest.mark.parametrize("place", ["x", ":", "a:b:c", "0192f0c1-0000-7000-8000-000000000000:for", "\x00:for", "for"])
def test_a_press_that_makes_no_sense_places_nothing(her, decision, place):
    her.post(address(decision, "place", laid(decision)["Amara"].pk), {"place": place})
    assert laid(decision)["Amara"].option is None


def test_for_htmx_the_board_alone_comes_back(her, decision):
    row, yes = laid(decision)["Amara"], option(decision, YES)
    response = her.post(address(decision, "place", row.pk), {"place": f"{yes.pk}:for"}, headers={"HX-Request": "true"})
    shown = page(response)
    assert shown.lstrip().startswith('<div id="laid"')
    assert "tag differ" not in shown
    assert "<h1" not in shown


def test_recorded_stances_contradict_each_other_exactly(her, decision, leila, now):
    placed(decision, leila, now)
    shown = page(her.get(address(decision)))
    assert "Where they contradict each other" in shown
    assert shown.count("contradicts Inês") == 2
    assert "Amara and Tomasz: for" in shown
    assert "For 2, against 1" in shown
    assert "contradict each other on 2" in shown


def test_a_contradiction_is_let_go_and_taken_up_again(her, decision, leila, now):
    placed(decision, leila, now, Tomasz=(NO, "for"))
    rows = laid(decision)
    pair = {"a": rows["Inês"].pk, "b": rows["Amara"].pk}
    her.post(address(decision, "pair"), pair | {"word": "dismissed"})
    assert [each.word for each in PerspectiveLabel.objects.within(decision.org_id)] == ["dismissed"]
    assert "that do not really differ" in page(her.get(address(decision)))
    her.post(address(decision, "pair"), pair | {"word": ""})
    assert not PerspectiveLabel.objects.within(decision.org_id).exists()


def test_weights_are_counted_and_go_back_by_one_press(her, decision, leila, three, now):
    placed(decision, leila, now)
    given = {f"weight-{three[name].pk}": n for name, n in (("Amara", 3), ("Tomasz", 1), ("Inês", 0))}
    her.post(address(decision, "weights"), given)
    assert "For 4, against 0" in page(her.get(address(decision)))
    her.post(address(decision, "weights"), given | {"equal": "on"})
    assert "For 2, against 1" in page(her.get(address(decision)))
    for wrong in ("9", "-1", "x", "٣"):
        her.post(address(decision, "weights"), {f"weight-{three['Amara'].pk}": wrong})
    decision.refresh_from_db()
    assert decision.weights == {}


def test_the_plain_form_says_what_it_rests_on_and_a_second_tab_keeps_its_words(her, decision):
    row, yes = laid(decision)["Inês"], option(decision, YES)
    url = address(decision, "advice", row.pk)
    form = {"key": uuid4(), "version": "1", "stance": f"{yes.pk}:against", "condition": "here", "confidence": "high"}
    assert her.post(url, form | {"change_mind": "a written grade"}).status_code == 302
    assert "a written grade" in page(her.get(address(decision)))
    response = her.post(url, form | {"key": uuid4(), "condition": "typed late"})
    assert response.status_code == 409
    assert 'value="typed late"' in page(response)
    response = her.post(url, form | {"key": uuid4(), "version": "2", "condition": "x" * 10_000, "confidence": "\x00"})
    assert response.status_code == 422


def test_off_the_board_and_back(her, decision):
    row = laid(decision)["Amara"]
    her.post(address(decision, "off", row.pk))
    assert "Amara" not in laid(decision)
    assert "1 taken off" in page(her.get(address(decision)))
    her.post(f"{address(decision, 'off', row.pk)}?back")
    assert "Amara" in laid(decision)


def test_where_nobody_contradicts_anybody_no_column_is_empty(her, decision, leila, now):
    empty = r'<div class="split even">\s*<div class="stack">\s*</div>'
    placed(decision, leila, now, Inês=(YES, "for"))
    shown = page(her.get(address(decision)))
    assert "Where they agree" in shown
    assert "Where they contradict each other" not in shown
    assert not re.search(empty, shown)
    placed(decision, leila, now)
    assert "Where they contradict each other" in page(her.get(address(decision)))


def test_of_two_ways_who_is_against_one_is_for_the_other(her, need, decision, leila, commons, now):
    said = "I did it for a year. It cost 400 euros a month, and I would not do it again unless they pay."
    wrote(need, MentorFactory(name="Jun Takahashi", org=commons), said)
    placed(decision, leila, now, Jun=(NO, "for"))
    assert "of two, who is against one is for the other" in page(her.get(address(decision)))


def test_another_view_says_which_one_is_missing(her, decision, leila, now, commons):
    placed(decision, leila, now)
    shown = page(her.get(address(decision)))
    assert "What is missing" in shown
    response = her.post(
        address(decision, "another_view"), {"key": uuid4(), "wanted": f"somebody who speaks for “{NO}”"}
    )
    need = decision.also.get()
    assert response.url == reverse("match:need", args=[need.pk])
    assert f"I have heard 3 views. I am looking for somebody who speaks for “{NO}”." in need.text
    assert "Amara" not in need.text
    assert set(need.heard) == {row.piece.takeaway.session.mentor_id for row in laid(decision).values()}
    assert "3 people whose advice you have are left out" in page(her.get(response.url))
    met(need, MentorFactory(name="Jun Takahashi", org=commons), "Wait, and write a list.")
    boards.fill(decision, now=now)
    assert "Jun" in laid(decision)


# --- the choice, and how it went -------------------------------------------------------------------


def recorded(her, decision, **given):
    decision.refresh_from_db()
    form = {"key": uuid4(), "version": decision.version, "choice": option(decision, YES).pk, "reason": "A trial."}
    return her.post(address(decision, "record"), form | {"look_back_on": "2026-12-26"} | given)


def test_a_choice_is_recorded_and_looked_back_on_when_its_day_has_come(her, decision, clock):
    assert recorded(her, decision).status_code == 302
    assert "How did it turn out?" not in page(her.get(address(decision)))
    clock.on(days=30)
    assert "How did it turn out?" in page(her.get(address(decision)))
    assert "How did it turn out?" in page(her.get(reverse("decide:decisions")))
    her.post(address(decision, "looked_back"), {"outcome": "3", "outcome_words": "I kept my Tuesdays."})
    shown = page(her.get(address(decision)))
    assert "It went: <strong>well</strong>" in shown
    assert "I kept my Tuesdays." in shown
    assert "How did it turn out?" not in shown


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"reason": "x" * 10_000}, "reason"),
        ({"choice": "x"}, "choice"),
        ({"choice": "00000000-0000-0000-0000-000000000000"}, "choice"),
        ({"look_back_on": "9999-12-31"}, "look_back_on"),
        ({"look_back_on": "0001-01-01"}, "look_back_on"),
        ({"look_back_on": "soon"}, "look_back_on"),
    ],
)
def test_half_a_choice_comes_back_with_what_was_typed(her, decision, given, field):
    response = recorded(her, decision, **given)
    assert response.status_code == 422
    assert f'id="{field}-error"' in page(response)
    decision.refresh_from_db()
    assert decision.chosen is None


def test_two_tabs_that_record_are_told_of_each_other(her, decision):
    recorded(her, decision)
    response = recorded(her, decision, version="1", reason="Typed in the other tab.")
    shown = page(response)
    assert response.status_code == 409
    assert "Typed in the other tab." in shown
    assert "What stands there now" in shown
    assert "A trial." in shown


@pytest.mark.parametrize("outcome", ["", "5", "-1", "x", "²"])
def test_an_outcome_that_is_none_is_asked_again(her, decision, clock, outcome):
    recorded(her, decision)
    clock.on(days=30)
    response = her.post(address(decision, "looked_back"), {"outcome": outcome, "outcome_words": "Kept."})
    assert response.status_code == 422
    assert "Kept." in page(response)


def test_not_to_be_asked_is_one_press_and_so_is_the_way_back(her, decision):
    recorded(her, decision)
    her.post(address(decision, "ask_back"))
    decision.refresh_from_db()
    assert decision.not_asked_at is not None
    her.post(f"{address(decision, 'ask_back')}?on")
    decision.refresh_from_db()
    assert decision.not_asked_at is None


# --- shared ----------------------------------------------------------------------------------------


@pytest.fixture
def told(decision, leila, now):
    """A decision with all its private parts."""
    placed(decision, leila, now)
    decision.weights = {"x": 2}
    decision.save()
    return decision


def as_guest(client, her, decision, mentor, **given):
    her.post(address(decision, "share"), {"mentor": mentor.pk, **given})
    client.logout()
    client.force_login(mentor)
    return client.get(address(decision))


def test_a_guest_sees_their_own_advice_and_nothing_of_the_others(client, her, told, three):
    recorded(her, told, reason="Private reason.")
    shown = page(as_guest(client, her, told, three["Amara"]))
    assert QUESTION in shown
    assert SAID["Amara Okafor"] in shown
    for hidden in ("Tomasz", "Inês", SAID["Inês Carvalho"], "Private reason.", "You chose", "Counts", "against 1"):
        assert hidden not in shown


def test_with_the_others_their_words_are_shown_without_names_unless_quotable(client, her, told, three):
    card = laid(told)["Tomasz"].piece.takeaway
    type(card).objects.within(told.org_id).filter(pk=card.pk).update(quotable=True)
    shown = page(as_guest(client, her, told, three["Amara"], others="on"))
    assert SAID["Inês Carvalho"] in shown
    assert "Inês" not in shown
    assert "Tomasz Zieliński" in shown
    assert "Another adviser" in shown
    assert 'name="place"' not in shown


def test_a_guest_writes_a_word_to_the_owner_alone(client, her, told, three, leila):
    as_guest(client, her, told, three["Amara"], may_comment="on", others="on")
    assert client.post(address(told, "comment"), {"key": uuid4(), "text": " "}).status_code == 422
    assert client.post(address(told, "comment"), {"key": uuid4(), "text": "x" * 10_000}).status_code == 422
    client.post(address(told, "comment"), {"key": uuid4(), "text": "Ask <b>him</b> first."})
    client.force_login(leila)
    assert "Ask &lt;b&gt;him&lt;/b&gt; first." in page(client.get(address(told)))
    client.post(address(told, "share"), {"mentor": three["Inês"].pk, "others": "on"})
    client.force_login(three["Inês"])
    assert "Ask &lt;b&gt;" not in page(client.get(address(told)))
    assert client.post(address(told, "comment"), {"key": uuid4(), "text": "No."}).status_code == 403


def test_taken_back_it_is_closed_at_once(client, her, told, three, leila):
    assert as_guest(client, her, told, three["Amara"]).status_code == 200
    client.force_login(leila)
    client.post(address(told, "end_share", three["Amara"].pk))
    client.force_login(three["Amara"])
    assert client.get(address(told)).status_code == 404
    assert client.post(address(told, "comment"), {"key": uuid4(), "text": "x"}).status_code == 404


def test_it_is_shown_to_nobody_who_said_nothing(her, told, commons):
    stranger = PersonFactory(org=commons)
    her.post(address(told, "share"), {"mentor": stranger.pk})
    her.post(address(told, "share"), {"mentor": "x"})
    assert not told.guests.exists()


def test_a_guest_changes_nothing(client, her, told, three):
    as_guest(client, her, told, three["Amara"], others="on")
    others = laid(told)["Inês"].pk
    for name, more in (
        ("change", ()), ("remove", ()), ("pair", ()), ("weights", ()), ("record", ()), ("looked_back", ()),
        ("ask_back", ()), ("share", ()), ("place", (others,)), ("off", (others,)), ("advice", (others,)),
        ("another_view", ()),
    ):  # fmt: skip
        assert client.post(address(told, name, *more)).status_code == 404, name
    for name in ("markdown", "pdf"):
        assert client.get(address(told, name)).status_code == 404


def test_the_mentor_says_where_their_own_advice_stands_from_their_card(client, her, decision, three, now):
    decision.advisers_place = True
    decision.save()
    row = laid(decision)["Amara"]
    client.force_login(three["Amara"])
    card = page(client.get(reverse("advice:card", args=[row.piece.takeaway.session_id])))
    assert address(decision, "advice", row.pk) in card
    form = {"key": uuid4(), "version": "1", "stance": f"{option(decision, YES).pk}:for"}
    response = client.post(address(decision, "advice", row.pk), form)
    assert response.url == reverse("advice:card", args=[row.piece.takeaway.session_id])
    assert laid(decision)["Amara"].placed_by == three["Amara"]
    assert client.get(address(decision)).status_code == 404


# --- to take along ---------------------------------------------------------------------------------


def test_as_markdown_it_says_everything_and_typed_markup_stays_text(her, decision, leila, now):
    placed(decision, leila, now)
    words = {"question": "<b>Now</b> or *later*?", "option-0": YES, "option-1": NO, "criterion-0": "# Tuesdays"}
    known = {f"known-{n}": each.pk for n, each in enumerate(decision.options.all())}
    her.post(address(decision, "change"), {"key": uuid4(), "version": "1", **words, **known})
    recorded(her, decision, reason="A [trial](x).")
    response = her.get(address(decision, "markdown"))
    told = page(response)
    assert response["Content-Type"] == "text/markdown; charset=utf-8"
    assert told.startswith("# \\<b\\>Now\\</b\\> or \\*later\\*?")
    assert "- \\# Tuesdays" in told
    assert "### Against: Inês Carvalho, Director of engineering" in told
    assert "A \\[trial\\]\\(x\\)." in told
    assert "## Where they contradict each other" in told
    assert 'filename="bnowb-or-later.md"' in response["Content-Disposition"]


def test_as_pdf_any_writing_is_printed_and_the_same_board_gives_the_same_bytes(her, decision):
    known = {f"known-{n}": each.pk for n, each in enumerate(decision.options.all())}
    words = {"question": "Zieliński Ω Ж 待 🤷 نعم?", "option-0": "x" * 200, "option-1": "\u202eno", **known}
    her.post(address(decision, "change"), {"key": uuid4(), "version": "1", **words, "context": "ö\n" * 1_900})
    first, second = (her.get(address(decision, "pdf")) for _ in range(2))
    assert first["Content-Type"] == "application/pdf"
    assert first.content.startswith(b"%PDF-")
    assert first.content == second.content
    assert 'filename="zielinski.pdf"' in first["Content-Disposition"]


# --- costs -----------------------------------------------------------------------------------------


def test_the_page_costs_the_same_however_much_lies_on_it(her, decision, need, now, django_assert_num_queries):
    her.get(address(decision))
    with django_assert_num_queries(COST):
        her.get(address(decision))
    for n in range(5):
        met(need, MentorFactory(org=need.org), f"Advice {n}.", days_ago=20 + n)
    boards.fill(decision, now=now)
    with django_assert_num_queries(COST):
        her.get(address(decision))


def test_the_list_costs_the_same_however_long_it_is(her, need, django_assert_num_queries):
    for _ in range(2):
        her.get(reverse("decide:decisions"))
        with django_assert_num_queries(LIST):
            her.get(reverse("decide:decisions"))
        for _ in range(3):
            decide(need)


COST = 13  # session, person, places, role, decision, four of the board, guests, cards, answers, comments
LIST = 6  # session, person, places, role, mine, shared
