"""In writing: asked from a card and from the line, answered on a page, read and weighed on the question's page."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.factories import MentorFactory, NeedFactory, PersonFactory, make_session

from quarterhour.core import clock
from quarterhour.core.models import Organisation
from quarterhour.matching.following import best_to_write_to, next_best
from quarterhour.matching.handlers import keep_if_new
from quarterhour.matching.indexing import count_words, index_mentors
from quarterhour.matching.models import OnCall
from quarterhour.matching.now import line
from quarterhour.needs.models import Need
from quarterhour.people.models import Person, Profile
from quarterhour.sessions import apart, writing
from quarterhour.sessions.writing_models import WrittenAsk

ALL_DAY = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


@pytest.fixture
def mentor(commons):
    found = MentorFactory(org=commons, weekly=ALL_DAY, name="Inês Carvalho")
    index_mentors(org=commons, mentor_ids=[found.pk])
    count_words(commons.pk)
    return found


@pytest.fixture
def need(leila, commons):
    return NeedFactory(mentee=leila, org=commons, stated_at=clock.now())


@pytest.fixture
def asked(need, mentor):
    return writing.ask_in_writing(need=need, mentor=mentor, by=need.mentee, now=clock.now())


@pytest.fixture
def answered(asked, mentor):
    told = "Put a review date\nin the offer."
    return writing.answer(ask=asked, text=told, by=mentor, now=clock.now(), would_talk=True)


def at(name, key):
    return reverse(f"writing:{name}", args=[key])


def shown(client, person, address) -> str:
    client.force_login(person)
    return " ".join(client.get(address).content.decode().split())


def rows(need):
    return WrittenAsk.objects.within(need.org_id).filter(need=need)


def test_a_card_sends_the_question_in_writing_once(client, need, leila, mentor):
    page = shown(client, leila, reverse("match:need", args=[need.pk]))
    assert f'href="{at("ask", need.pk)}?mentor={mentor.pk}">Ask Inês in writing</a>' in page
    form = shown(client, leila, f"{at('ask', need.pk)}?mentor={mentor.pk}")
    sent = {name: re.search(rf'name="{name}" value="([^"]+)"', form).group(1) for name in ("key", "mentor")}

    for _ in range(2):
        response = client.post(at("ask", need.pk), sent)
        assert (response.status_code, response.url) == (302, reverse("book:asked", args=[need.pk]))

    assert rows(need).count() == 1
    told = shown(client, leila, response.url)
    assert "Inês has your question in writing." in told
    assert "Not answered yet" in told
    assert "1 of 3 open, 1 of 5 this week" in told


def test_whoever_cannot_be_asked_is_told_on_the_page_of_people(client, need, leila, commons):
    client.force_login(leila)
    nobody = PersonFactory(org=commons)
    response = client.post(at("ask", need.pk), {"mentor": nobody.pk}, follow=True)
    assert response.redirect_chain == [(reverse("match:need", args=[need.pk]), 302)]
    assert "cannot be asked at the moment" in response.content.decode()


@pytest.mark.parametrize("key", ["", "\x00", "x", "01a206e0-aaff-7ca4-9133-ff9a543b831b"])
def test_a_name_nobody_has_is_not_found(client, need, leila, key):
    client.force_login(leila)
    assert client.post(at("ask", need.pk), {"mentor": key}).status_code == 404
    assert not rows(need).exists()


def test_a_mentor_answers_from_their_own_day(client, asked, need, leila, mentor):
    today = shown(client, mentor, reverse("mentor:today"))
    assert "One question waits for your words" in today
    assert at("answer", asked.pk) in today
    page = shown(client, mentor, at("answer", asked.pk))
    assert "Leila" in page
    assert "Should I say yes now" in page

    response = client.post(at("answer", asked.pk), {"act": "answer", "answer": "A review date.", "would_talk": "yes"})
    assert (response.status_code, response.url) == (302, reverse("mentor:today"))

    assert "One question waits" not in shown(client, mentor, reverse("mentor:today"))
    told = shown(client, leila, reverse("book:asked", args=[need.pk]))
    assert "Inês answered in writing." in told
    assert "A review date." in told
    assert "Inês would also talk about it." in told
    assert f"{reverse('match:need', args=[need.pk])}#m-{mentor.pk}" in told


@pytest.mark.parametrize(
    ("answer", "told"),
    [("", "Write a few words."), ("\x00", "Write a few words."), ("y" * 10_001, "Shorten it to 10,000.")],
    ids=["empty", "zero byte", "too long"],
)
def test_what_cannot_be_sent_is_refused_kindly_and_kept(client, asked, mentor, answer, told):
    client.force_login(mentor)
    response = client.post(at("answer", asked.pk), {"act": "answer", "answer": answer, "would_talk": "yes"})
    page = response.content.decode()
    assert response.status_code == 422
    assert told in page
    assert 'name="would_talk" value="yes" checked' in page
    assert answer.replace("\x00", "") in page


def test_a_kind_no(client, asked, need, leila, mentor):
    client.force_login(mentor)
    assert client.post(at("answer", asked.pk), {"act": "no", "why": "topic"}).status_code == 302
    assert rows(need).get().note == "Not my topic"
    told = shown(client, leila, reverse("book:asked", args=[need.pk]))
    assert "Cannot this time" in told
    assert "Not my topic" not in told


def test_too_late_is_told_with_what_was_typed(client, asked, need, mentor, leila):
    writing.take_back(ask=asked, by=leila, now=clock.now())
    client.force_login(mentor)
    response = client.post(at("answer", asked.pk), {"act": "answer", "answer": "A review date."})
    page = response.content.decode()
    assert response.status_code == 409
    assert "This question was taken back." in page
    assert "A review date." in page
    assert "Leila" not in page
    assert need.text not in page


def test_what_was_taken_back_is_nothing_to_its_mentor(client, asked, mentor, leila):
    writing.take_back(ask=asked, by=leila, now=clock.now())
    client.force_login(mentor)
    assert client.get(at("answer", asked.pk)).status_code == 404
    client.force_login(leila)
    assert client.post(at("take_back", asked.pk)).status_code == 409


@pytest.mark.parametrize("answers", [False, True])
def test_whoever_is_kept_apart_reads_nothing_more(client, asked, mentor, leila, commons, answers):
    if answers:
        writing.answer(ask=asked, text="A review date.", by=mentor, now=clock.now())
    apart.block(other=mentor, by=leila, org=commons, now=clock.now())
    client.force_login(mentor)
    assert client.get(at("answer", asked.pk)).status_code == 404
    sent = client.post(at("answer", asked.pk), {"act": "answer", "answer": "Another."})
    assert (sent.status_code, asked.need.text in sent.content.decode()) == (404 if answers else 409, False)


@pytest.mark.parametrize("how", ["declined", "expired", "over before the timer"])
def test_of_a_question_that_is_closed_its_mentor_reads_what_became_of_it_alone(client, need, mentor, leila, how):
    now = clock.now()
    ask = writing.ask_in_writing(need=need, mentor=mentor, by=leila, now=now - timedelta(days=2, seconds=5))
    if how == "declined":
        WrittenAsk.objects.within(need.org_id).filter(pk=ask.pk).update(answer_by=now + timedelta(days=1))
        writing.decline(ask=ask, by=mentor, now=now)
    elif how == "expired":
        assert writing.expire(now=now) == 1
    Need.objects.within(need.org_id).filter(pk=need.pk).update(text="Said later.", tried="Tried later.")

    page = shown(client, mentor, at("answer", ask.pk))
    assert ("This question was declined." if how == "declined" else "The time to answer is over") in page
    for word in ("later.", "<textarea", "still waits"):
        assert word not in page


def test_whoever_answered_keeps_what_they_answered_to(client, answered, need, mentor):
    page = shown(client, mentor, at("answer", answered.pk))
    assert "Should I say yes now" in page
    assert "Put a review date<br>in the offer." in page
    assert "<textarea" not in page


def test_addresses_in_an_answer_are_links_and_nothing_else_is_markup(client, asked, need, leila, mentor):
    told = "Read https://a.example/b?c=1&d=2.\n<b>No</b> javascript:alert(1) http://c.example/<i>"
    writing.answer(ask=asked, text=told, by=mentor, now=clock.now(), would_talk=False)
    link = '<a href="{0}" target="_blank" rel="noopener noreferrer nofollow">{0}</a>'
    for reader, address in ((leila, reverse("book:asked", args=[need.pk])), (mentor, at("answer", asked.pk))):
        page = shown(client, reader, address)
        quoted = re.search(r"<blockquote[^>]*>(.*?)</blockquote>", page).group(1)
        first, second = (link.format(each) for each in ("https://a.example/b?c=1&amp;d=2", "http://c.example/"))
        no = "&lt;b&gt;No&lt;/b&gt; javascript:alert(1)"
        assert quoted == f"Read {first}.<br>{no} {second}&lt;i&gt;"


def test_what_is_written_later_is_not_for_whoever_answered(client, answered, need, mentor):
    type(need).objects.within(need.org_id).filter(pk=need.pk).update(text="Something else, and private")
    client.force_login(mentor)

    page = client.get(reverse("writing:answer", args=[answered.pk])).content.decode()

    assert need.text[:20] in page
    assert "Something else" not in page


def test_a_press_that_was_overtaken_keeps_what_was_typed_and_nothing_else(client, asked, mentor, leila, monkeypatch):
    def overtaken(**press):
        writing.take_back(ask=asked, by=leila, now=clock.now())
        return answer(**press)

    answer = writing.answer
    monkeypatch.setattr(writing, "answer", overtaken)
    client.force_login(mentor)
    response = client.post(at("answer", asked.pk), {"act": "answer", "answer": "A review date."})
    page = response.content.decode()
    assert response.status_code == 409
    assert "A review date." in page
    assert "Should I say yes now" not in page


def test_taken_back_by_whoever_asked(client, asked, need, leila):
    client.force_login(leila)
    response = client.post(at("take_back", asked.pk))
    assert response.url == reverse("book:asked", args=[need.pk])
    assert "Nobody has your question at the moment." in shown(client, leila, response.url)


def test_it_helped_is_kept_and_never_shown_to_the_mentor(client, answered, need, leila, mentor):
    client.force_login(leila)
    for quarters in ("3", "4"):
        assert client.post(at("helped", answered.pk), {"helpful": quarters}).status_code == 302
    assert rows(need).get().quarters == 4
    assert 'value="4" checked' in shown(client, leila, reverse("book:asked", args=[need.pk]))
    assert "checked" not in shown(client, mentor, at("answer", answered.pk))
    assert client.post(at("helped", answered.pk), {"helpful": "4"}).status_code == 403


@pytest.mark.parametrize("helpful", ["", "5", "-1", "x", "\x00", "٣"])
def test_what_is_none_of_the_five_is_refused(client, answered, need, leila, helpful):
    client.force_login(leila)
    assert client.post(at("helped", answered.pk), {"helpful": helpful}).status_code == 422
    assert rows(need).get().quarters is None


def test_whoever_asked_is_led_to_the_page_of_the_question(client, asked, need, leila):
    client.force_login(leila)
    assert client.get(at("answer", asked.pk)).url == reverse("book:asked", args=[need.pk])


def test_a_stranger_finds_nothing(client, asked, commons):
    client.force_login(PersonFactory(org=commons))
    for name in ("answer", "take_back", "helped"):
        assert client.post(at(name, asked.pk), {"helpful": "1", "answer": "x"}).status_code == 404


def test_before_it_is_sent_one_sees_what_is_read_and_what_it_costs(client, need, leila, mentor):
    need.tried, need.good_outcome = "Covered in August", "A clear yes or no"
    need.save()
    address = f"{at('ask', need.pk)}?mentor={mentor.pk}"
    page = shown(client, leila, address)
    for words in (need.text, "Covered in August", "A clear yes or no", "Send it to Inês", "Inês has until "):
        assert words in page
    assert "It counts as one request, as asking for a time does: you have 0 of 3 open, 0 of 5 this week." in page
    assert not rows(need).exists()

    for _ in range(3):
        other = NeedFactory(mentee=leila, org=need.org, stated_at=clock.now())
        writing.ask_in_writing(need=other, mentor=mentor, by=leila, now=clock.now())
    page = shown(client, leila, address)
    assert "Send it to" not in page
    assert "wait for an answer" in page


def test_the_page_before_sending_is_for_whoever_asks_and_names_nobody_elsewhere(client, need, leila, mentor):
    client.force_login(mentor)
    assert client.get(at("ask", need.pk), {"mentor": mentor.pk}).status_code == 404
    client.force_login(leila)
    assert client.get(at("ask", need.pk)).url == reverse("match:need", args=[need.pk])
    stranger = MentorFactory(org=Organisation.objects.create(name="Elsewhere", slug="elsewhere"), name="Some Secret")
    for key in (stranger.pk, "nonsense", ""):
        refused = client.get(at("ask", need.pk), {"mentor": key})
        assert refused.status_code == 404
        assert "Secret" not in refused.content.decode()


def test_the_line_offers_the_best_who_is_not_on_call(client, need, leila, mentor, commons):
    now = clock.now()
    on_call = MentorFactory(org=commons, weekly=ALL_DAY, name="Ruth Abrams")
    index_mentors(org=commons, mentor_ids=[on_call.pk])
    count_words(commons.pk)
    assert keep_if_new(need, now=now)
    OnCall.objects.create(org=commons, mentor=on_call, since=now, until=now + timedelta(hours=1), seen_at=now)
    place = line.press(need=need, fits={}, minutes=25, by=leila, now=now)

    page = shown(client, leila, reverse("now:line", args=[place.pk]))
    assert "Ask Inês in writing" in page
    assert "Ask Ruth" not in page
    alone = client.get(reverse("now:line", args=[place.pk]), headers={"HX-Request": "true"}).content.decode()
    assert "in writing" not in alone

    assert client.post(at("ask", need.pk), {"mentor": mentor.pk}).status_code == 302
    assert "Ask Inês in writing" not in shown(client, leila, reverse("now:line", args=[place.pk]))


def test_whoever_had_the_question_in_writing_is_not_next(client, need, leila, mentor, commons):
    other = MentorFactory(org=commons, weekly=ALL_DAY, name="Ruth Abrams")
    index_mentors(org=commons, mentor_ids=[other.pk])
    count_words(commons.pk)
    assert keep_if_new(need, now=clock.now())
    for asked, follows in ((mentor, "Ruth Abrams</a> would be next."), (other, "</section>")):
        writing.ask_in_writing(need=need, mentor=asked, by=leila, now=clock.now())
        assert follows in shown(client, leila, reverse("book:asked", args=[need.pk]))
    assert "would be next" not in shown(client, leila, reverse("book:asked", args=[need.pk]))


@pytest.mark.parametrize("requests", [False, True])
@pytest.mark.parametrize("written", ["none", "open", "answered", "both"])
def test_each_part_of_the_page_asks_anew_while_something_of_it_is_open(client, need, leila, commons, requests, written):
    now = clock.now()
    if requests:
        make_session(need, MentorFactory(org=commons), now + timedelta(days=1), status="asked")
    states = {"none": "", "open": "o", "answered": "a", "both": "oa"}[written]
    for state in states:
        ask = writing.ask_in_writing(need=need, mentor=MentorFactory(org=commons), by=leila, now=now)
        if state == "a":
            writing.answer(ask=ask, text="Yes.", by=ask.mentor, now=now)

    page = shown(client, leila, reverse("book:asked", args=[need.pk]))
    asking = {each.split('"')[0] for each in page.split('hx-select="#')[1:]}
    assert asking == ({"asked"} if requests else set()) | ({"written"} if "o" in states else set())
    assert page.count('hx-trigger="every 30s"') == len(asking)
    assert page.count("hx-preserve") == states.count("a")
    if states:  # outside of what the requests draw anew
        of_requests = page[page.index('<div id="asked"') : page.index('<section class="stack" id="written"')]
        assert of_requests.count("<div") == of_requests.count("</div>")


def test_whoever_comes_next_is_somebody_who_may_be_asked_today(client, need, leila, mentor, commons):
    assert keep_if_new(need, now=clock.now())
    Person.objects.filter(pk=leila.pk).update(zone="Pacific/Kiritimati")  # tomorrow there, for most of the day here
    late = datetime(2026, 11, 26, 20, tzinfo=UTC)
    back = Profile.objects.within(commons).filter(person=mentor)
    for until, follows in ((late.date() + timedelta(days=1), None), (late.date(), mentor)):
        back.update(paused_until=until)
        assert next_best(need, had=set(), now=late) == best_to_write_to(need, now=late) == follows
    assert writing.ask_in_writing(need=need, mentor=mentor, by=leila, now=late).state == "asked"


def test_nobody_is_offered_before_anybody_was_found(need, mentor):
    assert best_to_write_to(need, now=clock.now()) is None


def test_pages_cost_the_same_however_many_were_asked(client, need, leila, mentor, commons):
    def cost(person, address) -> int:
        client.force_login(person)
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    def costs() -> tuple[int, int]:
        ask = writing.ask_in_writing(need=need, mentor=MentorFactory(org=commons), by=leila, now=clock.now())
        writing.answer(ask=ask, text="Yes.", by=ask.mentor, now=clock.now())
        other = NeedFactory(mentee=PersonFactory(org=commons), org=commons)
        writing.ask_in_writing(need=other, mentor=mentor, by=other.mentee, now=clock.now())
        return cost(leila, reverse("book:asked", args=[need.pk])), cost(mentor, reverse("mentor:today"))

    assert costs() == costs() == costs()


def test_the_answer_page_costs_few_queries(client, asked, mentor, django_assert_num_queries):
    client.force_login(mentor)
    with django_assert_num_queries(5):  # login session, person, the question with both, organisation, ring
        client.get(at("answer", asked.pk))


def test_what_was_asked_in_writing_stands_among_the_sessions_of_both(client, asked, mentor, need):
    mine, theirs = (shown(client, person, reverse("book:sessions")) for person in (need.mentee, mentor))
    assert "Waiting, until" in mine
    assert f"{reverse('book:asked', args=[need.pk])}#written" in mine
    assert f'href="{at("answer", asked.pk)}">Answer' in theirs

    writing.answer(ask=asked, text="Put a review date in it.", by=mentor, now=clock.now())

    for person in (need.mentee, mentor):
        page = shown(client, person, reverse("book:sessions"))
        assert "Answered today" in page
        assert ">Read the answer<" in page
    stranger = PersonFactory(org=need.org)
    assert 'id="wr"' not in shown(client, stranger, reverse("book:sessions"))


@pytest.mark.parametrize("many", [1, 6])
def test_the_sessions_cost_the_same_however_much_was_asked_in_writing(
    client, leila, mentor, commons, many, django_assert_num_queries
):
    for _ in range(many):
        need = NeedFactory(mentee=leila, org=commons, stated_at=clock.now())
        WrittenAsk.objects.create(
            org=commons, need=need, mentor=mentor, mentee=leila, asked_at=clock.now(),
            answer_by=clock.now() + timedelta(days=2),
        )  # fmt: skip
    client.force_login(leila)
    with django_assert_num_queries(9):  # one of them asks what the reader comes along to
        page = client.get(reverse("book:sessions")).content.decode()
    assert page.count("Waiting, until") == many
