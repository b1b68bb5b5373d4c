"""The one box: whatever is typed, it is kept, read back, or answered with a sentence."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils.html import escape
from tests.factories import NeedFactory, PersonFactory

from quarterhour.needs.models import Need
from quarterhour.people.services import load_skills

QUESTION = (
    "I have been offered the team lead role. I like building, and I am afraid of losing it. "
    "Should I say yes now, or stay an engineer for another year? I have to answer by Friday."
)
ASK = "/ask/"
READ = "/ask/read/"


@pytest.fixture
def skills(db):
    load_skills()


@pytest.fixture
def asking(client, leila, skills):
    client.force_login(leila)
    return client


def stated() -> Need:
    return Need.objects.of_every_tenant(because="there is one").get()


def test_a_question_is_read_kept_and_leads_to_people(asking, leila):
    response = asking.post(ASK, {"text": QUESTION})

    need = stated()
    assert response.url == reverse("match:need", args=[need.pk])
    assert (need.mentee, need.text, need.kind, need.minutes in {15, 25, 30, 45, 60}) == (
        leila,
        QUESTION,
        "decide",
        True,
    )
    assert need.decide_by is not None
    assert "moving-into-management" in {topic.skill_id for topic in need.topics.all()}


def test_what_a_person_changed_the_machine_leaves_alone(asking):
    settled = {
        "settled": ["kind", "minutes", "topics"],
        "kind": "review",
        "minutes": "45",
        "topics": ["salary-negotiation"],
    }
    asking.post(ASK, {"text": QUESTION, **settled})

    need = stated()
    assert (need.kind, need.minutes) == ("review", 45)
    assert [topic.skill_id for topic in need.topics.all()] == ["salary-negotiation"]


def test_a_changed_word_is_settled_from_then_on(asking):
    shown = {"kind": "review", "read-kind": "decide", "minutes": "25", "read-minutes": "25"}
    page = asking.post(READ, {"text": QUESTION, **shown}, headers={"HX-Request": "true"}).content.decode()
    assert '<input type="hidden" name="settled" value="kind">' in page
    assert '<option value="review" selected>' in page
    assert 'name="settled" value="minutes"' not in page


def test_a_word_changed_without_scripts_is_settled_by_asking(asking):
    asking.post(ASK, {"text": QUESTION, "kind": "review", "read-kind": "decide"})
    assert stated().kind == "review"


def test_a_topic_taken_away_stays_away(asking):
    page = asking.post(READ, {"text": QUESTION}, headers={"HX-Request": "true"}).content.decode()
    shown = re.search('name="read-topics" value="([^"]+)"', page)[1]
    gone, *left = shown.split()

    asking.post(ASK, {"text": QUESTION, "read-topics": shown, "topics": left})

    assert gone not in (kept := [topic.skill_id for topic in stated().topics.all()])
    assert set(kept) == set(left)


def test_a_topic_typed_with_a_slip_is_found(asking):
    page = asking.post(
        READ,
        {"text": QUESTION, "topic": "salery negotiation"},
        headers={"HX-Request": "true"},
    ).content.decode()
    assert 'value="salary-negotiation"' in page


def test_reading_keeps_nothing(asking):
    asking.post(READ, {"text": QUESTION}, headers={"HX-Request": "true"})
    assert not Need.objects.of_every_tenant(because="none").exists()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"text": ""}, "Write your question first."),
        ({"text": " \x00\u2003\n "}, "Write your question first."),
        ({"text": "x"}, "A few words more, please"),
        ({"text": "Salary talk ?!"}, "A few words more, please"),
        ({"text": "a b " + "x" * 10_001}, "Shorten it to 10,000"),
        ({"text": QUESTION, "tried": "y" * 10_001}, "Shorten it to 10,000"),
        ({"text": QUESTION, "decide_by": "1999-01-01"}, "Choose a day from today on"),
        ({"text": QUESTION, "decide_by": "9999-12-31"}, "Choose a day from today on"),
        ({"text": QUESTION, "settled": "minutes", "minutes": "90"}, "is not a micro session"),
        ({"text": QUESTION, "settled": "kind", "kind": "<b>"}, "Choose what kind of help it is."),
        ({"text": QUESTION, "settled": "when", "when": "never"}, "Choose now, today, this week or any time."),
    ],
)
def test_what_does_not_fit_is_told_and_kept(asking, given, told):
    response = asking.post(ASK, given)

    page = response.content.decode()
    assert response.status_code == 422
    assert told in page
    if given["text"] == QUESTION:
        assert "I like building" in page
    assert not Need.objects.of_every_tenant(because="none").exists()


@pytest.mark.parametrize(
    "text",
    [
        "שלום, איך אני מבקש העלאה?",
        "👩‍💻" * 900,
        "\u202eevil\u202c",
        "a\x00b",
        "<script>alert(1)</script>",
        "{{ 7|add:7 }}",
        "'; DROP TABLE x; --",
        "&|!<->",
    ],
)
def test_any_writing_is_welcome_and_shown_as_it_is(asking, text):
    response = asking.post(ASK, {"text": f"{text} How do I go on?"}, follow=True)
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()


@pytest.mark.parametrize("junk", ["x", "-1", "1e9", "٣", "9" * 40, "\x00"])
def test_junk_in_other_fields_is_no_trouble(asking, junk):
    fields = dict.fromkeys(
        ("minutes", "when", "kind", "language", "topics", "topic", "decide_by", "settled", "version", "zone"), junk
    )
    response = asking.post(ASK, {"text": QUESTION, **fields})
    assert response.status_code in {302, 422}


def test_before_signing_in_the_words_are_kept_for_this_browser(client, skills, commons):
    response = client.post(ASK, {"text": QUESTION})
    assert response.url == reverse("match:draft")
    assert not Need.objects.of_every_tenant(because="none").exists()
    assert "I like building" in client.get("/").content.decode()


@pytest.mark.parametrize("then", ["a visitor", "signed in"])
def test_what_was_asked_before_signing_in_stands_in_the_box_until_it_is_stated(client, leila, skills, commons, then):
    client.post(ASK, {"text": QUESTION, "tried": "I covered for our lead", "minutes": "45", "settled": ["minutes"]})
    if then == "signed in":
        kept = client.session["draft"]
        client.force_login(leila)
        session = client.session
        session["draft"] = kept
        session.save()
    page = client.get(ASK).content.decode()
    assert escape(QUESTION) in page
    assert 'value="I covered for our lead"' in page
    assert 'name="settled" value="minutes"' in page

    client.post(ASK, {"text": "Another question altogether?"})
    again = client.get(ASK).content.decode()
    assert escape(QUESTION) not in again
    assert ("Another question altogether?</textarea>" in again) is (then == "a visitor")


def test_a_question_in_arabic_runs_from_the_right_wherever_it_stands(asking):
    need = asking.post(ASK, {"text": "هل أقبل منصب قائد الفريق؟"}).url
    pages = [asking.get(address).content.decode() for address in (ASK, need, "/about/")]
    assert '<p class="spoken large grow" dir="auto">' in pages[0]
    assert '<textarea id="question" name="text" dir="auto"' in pages[0]
    assert '<h1 class="question" dir="auto">' in pages[1]
    assert '<textarea id="question" name="text" dir="auto"' in pages[2]


def test_all_open_questions_are_one_press_away(asking, leila, commons):
    for _ in range(7):
        NeedFactory(mentee=leila, org=commons)
    few, all_of_them = (asking.get(ASK, query).content.decode() for query in ({}, {"all": "yes"}))
    assert few.count("Close this question") == 5
    assert "?all=yes#open-title" in few
    assert all_of_them.count("Close this question") == 7
    assert "?all=yes" not in all_of_them


def test_a_draft_ends_after_an_hour(client, skills, commons):
    import time_machine

    client.post(ASK, {"text": QUESTION})
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=61)):
        assert client.get(reverse("match:draft")).status_code == 302


def test_a_second_tab_is_told_and_nothing_is_overwritten(asking, leila, commons):
    need = NeedFactory(mentee=leila, org=commons)
    first = asking.post(reverse("ask:edit", args=[need.pk]), {"text": "The first tab", "version": need.version})
    second = asking.post(reverse("ask:edit", args=[need.pk]), {"text": "The second tab", "version": need.version})
    assert (first.status_code, second.status_code) == (302, 409)
    assert "The second tab" in second.content.decode()
    need.refresh_from_db()
    assert need.text == "The first tab"


def test_a_stranger_finds_no_question(client, leila, commons, skills):
    need = NeedFactory(mentee=leila, org=commons)
    client.force_login(PersonFactory(org=commons))
    assert client.get(reverse("ask:edit", args=[need.pk])).status_code == 404
    assert client.post(reverse("ask:close", args=[need.pk])).status_code == 404
    assert client.get(reverse("match:need", args=[need.pk])).status_code == 404


@pytest.mark.parametrize("many", [1, 5])
def test_the_page_costs_the_same_however_many_questions_are_open(
    asking, leila, commons, many, django_assert_num_queries
):
    NeedFactory.create_batch(many, mentee=leila, org=commons)
    asking.get(ASK)
    with django_assert_num_queries(10):
        asking.get(ASK)


@pytest.mark.parametrize("signed_in", [True, False])
@pytest.mark.parametrize("code", ["xx", "en\x00", "tlh-Latn", "\x00", "<b>"])
def test_a_language_nobody_knows_is_told_beside_the_sentence(client, leila, commons, code, signed_in):
    if signed_in:
        client.force_login(leila)
    sent = {"text": "Should I take the lead role?", "settled": "language", "language": code}
    answer = client.post(reverse("ask:ask"), sent)
    assert answer.status_code == 422
    assert "Choose the language from the list." in answer.content.decode()
    assert "Should I take the lead role?" in answer.content.decode()
    assert not Need.objects.within(commons).exists()


@pytest.mark.parametrize("topic", ["\x00", "leading\x00", "a b", "x" * 81, "🙂"])
@pytest.mark.parametrize("page", ["ask:ask", "ask:read"])
def test_a_topic_that_cannot_be_one_is_told_or_left_out_and_breaks_nothing(client, leila, commons, topic, page):
    client.force_login(leila)
    sent = {"text": "Should I take the lead role?", "settled": "topics", "topics": topic}
    answer = client.post(reverse(page), sent)
    assert answer.status_code == (422 if page == "ask:ask" else 200)
    assert ("One of the topics is none of ours." in answer.content.decode()) == (page == "ask:ask")
    assert not Need.objects.within(commons).exists()


def test_it_says_which_words_were_read_otherwise(asking):
    read = asking.post(READ, {"text": "How do I negotate my salery with a manager who delays"}).content.decode()
    assert "We read <q>negotate</q> as <q>negotiate</q> and <q>salery</q> as <q>salary</q>." in read
    assert "Salary negotiation" in read or "salary negotiation" in read

    unfinished = asking.post(READ, {"text": "How do I talk about my salery"}).content.decode()
    assert "We read" not in unfinished
    assert "We read" not in asking.post(READ, {"text": QUESTION}).content.decode()


def test_what_was_mistyped_is_kept_as_it_was_typed(asking, leila):
    asking.post(ASK, {"text": "How do I negotate my salery with a manager?"})
    assert stated().text == "How do I negotate my salery with a manager?"
