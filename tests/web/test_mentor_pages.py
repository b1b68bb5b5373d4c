"""A mentor's day: who comes, who asks, what is left of the week, and what became of the advice."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.urls import reverse
from tests.factories import MentorFactory, NeedFactory, PersonFactory, make_session

from quarterhour.advice.models import Action
from quarterhour.advice.services import ActionWords, CardWords, write_card
from quarterhour.core import clock
from quarterhour.core.models import Organisation
from quarterhour.needs.models import NeedTopic
from quarterhour.people.models import Profile, Skill, Topic
from quarterhour.sessions.models import MentoringSession, Status
from quarterhour.sessions.services import cancel as release
from quarterhour.trust.services import say_how_it_helped

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 26, 10, 2, tzinfo=UTC)
SOON = NOW + timedelta(minutes=13)


@pytest.fixture(autouse=True)
def this_morning(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


def page(client, person, url=None) -> str:
    client.force_login(person)
    response = client.get(url or reverse("mentor:today"))
    assert response.status_code == 200
    return response.content.decode()


def asked(amara, commons, *, hours=41, start=None, **given) -> MentoringSession:
    need = NeedFactory(mentee=PersonFactory(org=commons, zone="Europe/Warsaw"), org=commons, **given)
    session = make_session(need, amara, start or NOW + timedelta(days=1), status=Status.ASKED, now=NOW)
    MentoringSession.objects.within(commons).filter(pk=session.pk).update(answer_by=NOW + timedelta(hours=hours))
    return session


def held(amara, commons, n, *, fate="open", quarters=None, said=NOW - timedelta(days=7)) -> MentoringSession:
    need = NeedFactory(mentee=PersonFactory(org=commons), org=commons)
    session = make_session(need, amara, NOW - timedelta(days=10, hours=n), status=Status.ENDED)
    words = CardWords(insight="x", actions=[ActionWords(text="y")])
    card = write_card(
        session=session, by=need.mentee, words=words, seen=0, may_quote=False, held_on=date(2026, 11, 1), now=NOW
    )
    Action.objects.within(commons).filter(takeaway=card).update(fate=fate)
    if quarters is not None:
        say_how_it_helped(session=session, by=need.mentee, quarters=quarters, now=said)
    return session


# --- today -----------------------------------------------------------------------------------------


def test_the_next_session_stands_first_with_its_brief(client, amara, need, commons):
    need.tried, need.good_outcome, need.decide_by = "Covered in August", "A clear yes or no", date(2026, 12, 4)
    need.save()
    session = make_session(need, amara, SOON)
    make_session(need, amara, SOON + timedelta(days=1))

    text = page(client, amara)
    assert "In 13 minutes" in text
    assert "Leila, today at 11:15." in text
    assert "10:15 for Leila in Lisbon" in text
    for word in ("Leila asks", "Covered in August", "A clear yes or no", "Friday 4 December", "1 more booked"):
        assert word in text
    assert reverse("mentor:brief", args=[session.pk]) in text
    assert reverse("room:lobby", args=[session.pk]) not in text


def test_the_room_is_offered_once_its_doors_are_open(client, amara, need):
    session = make_session(need, amara, NOW + timedelta(minutes=9))
    assert reverse("room:lobby", args=[session.pk]) in page(client, amara)


@pytest.mark.parametrize("kept", [True, False])
def test_the_next_session_comes_up_once_the_last_one_is_behind(client, amara, need, commons, kept):
    last = make_session(need, amara, NOW - timedelta(minutes=17 if kept else 25))
    coming = make_session(
        NeedFactory(mentee=PersonFactory(org=commons), org=commons), amara, NOW + timedelta(minutes=8 if kept else 0)
    )
    if kept:
        words = CardWords(insight="x")
        write_card(session=last, by=amara, words=words, seen=0, may_quote=False, held_on=NOW.date(), now=NOW)
    text = page(client, amara)
    assert reverse("room:lobby", args=[coming.pk]) in text
    assert reverse("room:lobby", args=[last.pk]) not in text


def test_requests_wait_for_a_yes_or_a_kind_no(client, amara, commons):
    later, urgent = asked(amara, commons), asked(amara, commons, hours=6, start=NOW + timedelta(hours=3))
    asked(amara, commons, hours=-1, start=NOW + timedelta(days=3))

    text = page(client, amara)
    assert "Two people ask for you" in text
    assert text.index(str(urgent.pk)) < text.index(str(later.pk))
    assert "6 h left to answer" in text
    assert "41 h left to answer" in text
    assert text.count('name="note"') == 10
    assert 'value="Not my topic"' in text

    answer = reverse("book:answer", args=[urgent.pk])
    assert client.post(answer, {"answer": "no", "note": "Not my topic"}).status_code == 302
    urgent.refresh_from_db()
    assert (urgent.status, urgent.note) == (Status.DECLINED, "Not my topic")
    assert client.post(reverse("book:answer", args=[later.pk]), {"answer": "yes"}).status_code == 302
    assert "One person asks" not in page(client, amara)


def test_with_nobody_waiting_there_is_quiet(client, amara):
    text = page(client, amara)
    assert "No one is waiting" in text
    assert "Enjoy the quiet." in text
    assert text.count("<h1") == 1


def test_the_ring_counts_what_is_given_and_promised_this_week(client, commons, need):
    amara = MentorFactory(org=commons, zone="Africa/Lagos", rules={"weekly_minutes": 60})
    make_session(need, amara, SOON)
    asked(amara, commons, start=NOW + timedelta(days=6))

    text = page(client, amara)
    assert "35 of 60 minutes left" in text
    assert "25 of 60 given or promised" in text


def test_what_became_of_the_advice_is_told_from_five_answers_on(client, amara, commons):
    for n in range(4):
        held(amara, commons, n, fate="done" if n < 3 else "open", quarters=4)
    early = page(client, amara)
    assert "too early, fewer than 5 have said" in early
    assert "<dt>Helped</dt><dd>–</dd>" in early
    assert "<dt>Met</dt><dd>4</dd>" in early
    assert "<dt>Acted</dt><dd>3</dd>" in early

    held(amara, commons, 5, quarters=1)
    assert "4 of the 5 who answered" in page(client, amara)


def test_an_answer_of_this_week_is_in_no_sum_yet(client, amara, commons):
    for n in range(5):
        held(amara, commons, n, quarters=4)
    held(amara, commons, 6, quarters=0, said=NOW)
    assert "5 of the 5 who answered" in page(client, amara)


def test_nobody_elses_figures_are_shown(client, amara, tomasz, commons):
    for n in range(6):
        held(amara, commons, n, quarters=4)
    text = page(client, tomasz)
    assert "It begins with the first conversation" in text
    assert "<dt>Met</dt>" not in text


def test_cards_of_others_wait_for_a_yes(client, amara, commons):
    session = held(amara, commons, 1)
    assert reverse("advice:card", args=[session.pk]) in page(client, amara)


def test_who_is_away_or_does_not_offer_time_is_told(client, amara, leila, commons):
    Profile.objects.within(commons).filter(person=amara).update(paused_until=date(2026, 12, 24))
    assert "You are away until 24 December" in page(client, amara)
    Profile.objects.within(commons).filter(person=amara).update(paused_until=date(2026, 11, 26))
    assert "You are away" not in page(client, amara)
    assert "You do not offer time" in page(client, leila)


@pytest.mark.parametrize("many", [1, 7])
def test_today_costs_the_same_however_many_wait(client, amara, commons, need, many, django_assert_num_queries):
    make_session(need, amara, SOON)
    for n in range(many):
        asked(amara, commons, start=NOW + timedelta(days=1 + n))
        held(amara, commons, n, quarters=3)
    client.force_login(amara)
    client.get(reverse("mentor:today"))
    # Login, person, organisation, memberships; diary; own profile, its topics; who asks, their topics;
    # who else was asked; the week in three; outcomes, helped; cards; what waits for words.
    with django_assert_num_queries(19):
        client.get(reverse("mentor:today"))


def test_who_comes_and_who_asks_is_drawn_anew_without_the_rest(
    client, amara, commons, need, leila, django_assert_num_queries
):
    session = make_session(need, amara, SOON)
    waits = asked(amara, commons)
    text = page(client, amara)
    assert f'hx-get="{reverse("mentor:today")}" hx-trigger="every 30s" hx-swap="outerHTML" data-gently' in text

    release(session=session, by=leila, now=NOW)
    with django_assert_num_queries(10):
        part = client.get(reverse("mentor:today"), headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div class="stack airy" id="diary"')
    assert "Leila" not in part
    assert reverse("mentor:brief", args=[waits.pk]) in part
    assert "Minutes this week" not in part
    assert '<h1 id="asks">One person asks for you' in part


# --- the brief -------------------------------------------------------------------------------------


def brief_of(session) -> str:
    return reverse("mentor:brief", args=[session.pk])


def test_the_brief_fits_on_one_screen(client, amara, need, commons):
    skill = Skill.objects.create(id="leading", label="Moving into management", area="work", spellings="leading")
    NeedTopic.objects.create(org=commons, need=need, skill=skill)
    Topic.objects.within(commons).filter(profile__person=amara).update(skill=skill)
    need.tried = "Covered in August"
    need.save()
    text = page(client, amara, brief_of(make_session(need, amara, SOON)))

    for word in (
        "Should I say yes now", "Covered in August", "Moving into management", "Today, 11:15 to 11:40 in Lagos",
        "You said you know moving into management", "English", "Agenda for 25 minutes", "Commit", "Move it",
    ):  # fmt: skip
        assert word in text


def test_a_request_is_answered_from_its_brief(client, amara, commons):
    session = asked(amara, commons, start=NOW + timedelta(hours=5))
    text = page(client, amara, brief_of(session))

    assert "Yes, today 16:02" in text
    assert "Leaves you 575 of 600 minutes this week." in text
    assert "Say no kindly" in text
    assert "Not for me" in text


def test_people_who_met_before_find_the_last_card(client, amara, need, leila):
    before = make_session(need, amara, NOW - timedelta(days=30), status=Status.ENDED)
    words = CardWords(insight="A role can have an end date.")
    write_card(session=before, by=leila, words=words, seen=0, may_quote=False, held_on=date(2026, 10, 27), now=NOW)

    text = page(client, amara, brief_of(make_session(need, amara, SOON)))
    assert "You met 1 time before" in text
    assert "A role can have an end date." in text


@pytest.mark.parametrize("status", list(Status))
def test_every_state_has_a_brief(client, amara, need, status):
    session = make_session(need, amara, SOON if status != Status.ENDED else NOW - timedelta(hours=1), status=status)
    text = page(client, amara, brief_of(session))
    assert ("Takeaway card" in text) == (status == Status.ENDED)
    assert ("See the lobby" in text) == (status == Status.CONFIRMED)
    assert ("Say no kindly" in text) == (status == Status.ASKED)


def test_a_brief_without_a_question_still_stands(client, amara, need):
    session = make_session(need, amara, SOON)
    need.delete()
    assert "They would like to talk with you." in page(client, amara, brief_of(session))


def test_a_brief_is_for_whoever_gives_the_session(client, amara, leila, tomasz, need, commons):
    session = make_session(need, amara, SOON)
    manager = PersonFactory(org=commons, org__role="manager", is_operator=True)
    elsewhere = PersonFactory(org=Organisation.objects.create(name="Elsewhere", slug="elsewhere"))
    for person in (leila, tomasz, manager, elsewhere):
        client.force_login(person)
        assert client.get(brief_of(session)).status_code == 404
    client.force_login(amara)
    assert client.get(reverse("mentor:brief", args=[UUID(int=1)])).status_code == 404
    client.logout()
    for url in (brief_of(session), reverse("mentor:today")):
        assert client.get(url).status_code == 302


def test_hostile_questions_are_only_words(client, amara, commons):
    asked(amara, commons, text="<script>alert(1)</script> \u202eوماذا بعد؟", tried="'; DROP TABLE--")
    text = page(client, amara)
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text
