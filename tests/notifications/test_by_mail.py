"""Behind the links in mails: looking changes nothing, a press acts, once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connections
from django.test import Client
from tests.factories import MentorFactory, NeedFactory, PersonFactory, make_session
from tests.notifications.conftest import TEN_FIFTEEN
from tests.notifications.reading import links_in

from quarterhour.core import links as core_links
from quarterhour.core.models import OutboxEvent, SingleUseLink
from quarterhour.matching.indexing import count_words, index_mentors
from quarterhour.notifications import links
from quarterhour.people.models import Skill, Topic
from quarterhour.sessions import services
from quarterhour.sessions.models import MentoringSession, Status

PURPOSES = ["move", "release", "accept", "decline", "brief"]
LATER = TEN_FIFTEEN + timedelta(minutes=15)


@pytest.fixture(autouse=True)
def _at_nine(now):
    with time_machine.travel(now, tick=False):
        yield


def path_of(session, person, purpose, now) -> str:
    made = links.fresh(session, person, purpose, until=session.ends_at, now=now)
    return made[purpose].removeprefix("http://localhost:8100")


def page(client, path) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def status(session) -> str:
    return MentoringSession.objects.within(session.org_id).get(pk=session.pk).status


@pytest.fixture
def path(booked, asked_session, now):
    """The path for a purpose, for the person who gets such a link."""

    def make(purpose: str) -> str:
        if purpose in {"move", "release"}:
            return path_of(booked, booked.mentee, purpose, now)
        return path_of(asked_session, asked_session.mentor, purpose, now)

    return make


@pytest.fixture
def asked_session(tomasz, commons, now):
    other = PersonFactory(name="Oksana Bondar", zone="Europe/Warsaw", org=commons)
    need = NeedFactory(mentee=other, org=commons, tried="Sent them two days earlier.", good_outcome="One sentence.")
    return make_session(need, tomasz, LATER, status=Status.ASKED)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_looking_changes_nothing_however_often_and_by_whatever_machine(client, path, purpose, booked, asked_session):
    link = path(purpose)

    for _ in range(3):
        assert client.get(link).status_code == 200
        assert client.head(link, HTTP_USER_AGENT="MailScanner").status_code == 200
    assert client.options(link).status_code == 405

    assert not SingleUseLink.objects.exclude(used_at=None).exists()
    assert not OutboxEvent.objects.exists()
    assert (status(booked), status(asked_session)) == (Status.CONFIRMED, Status.ASKED)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_page_is_kept_by_nobody_and_found_by_nobody(client, path, purpose):
    response = client.get(path(purpose))

    assert response["Cache-Control"] == "no-store"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_page_works_without_signing_in_and_says_until_when(client, path, purpose):
    shown = page(client, path(purpose))

    assert "without signing in" in shown
    assert "It works until 1" in shown
    assert shown.count("<h1") == 1


def seen(session) -> dict:
    return {"seen": session.version}


def test_released_by_one_press_and_never_twice(client, path, booked):
    link = path("release")

    first = client.post(link, seen(booked) | {"note": "My train stands still."})
    second = client.post(link, seen(booked))

    assert (first.status_code, second.status_code) == (200, 410)
    assert "Released: today 10:15." in first.content.decode()
    kept = MentoringSession.objects.within(booked.org_id).get(pk=booked.pk)
    assert (kept.status, kept.note, kept.changed_by_id) == (
        Status.CANCELLED,
        "My train stands still.",
        booked.mentee_id,
    )
    assert OutboxEvent.objects.filter(name="SessionCancelled").count() == 1


@pytest.mark.parametrize("purpose", PURPOSES)
def test_the_same_press_sent_again_is_told_the_same(client, path, booked, asked_session, purpose):
    session = booked if purpose in {"move", "release"} else asked_session
    link = path(purpose)
    sent = seen(session) | {"answer": "yes", "start": LATER.isoformat()}
    first, second = (client.post(link, sent) for _ in range(2))

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.context["title"] == second.context["title"]
    assert first.context["told"] == second.context["told"]
    assert OutboxEvent.objects.count() == 1


def test_once_things_have_gone_on_the_same_press_says_that_the_link_is_used(client, path, booked, now):
    link = path("move")
    sent = seen(booked) | {"start": LATER.isoformat()}
    assert client.post(link, sent).status_code == 200
    services.cancel(session=booked, by=booked.mentee, now=now)

    assert client.post(link, sent).status_code == 410
    assert status(booked) == Status.CANCELLED


def test_a_used_link_shows_a_page_with_a_way_on(client, path, booked):
    link = path("release")
    client.post(link, seen(booked))

    gone = client.get(link)
    assert gone.status_code == 410
    assert "already used" in gone.content.decode()
    assert "<a " in gone.content.decode()


def test_a_press_without_the_forms_own_token_is_refused(path, booked):
    careful = Client(enforce_csrf_checks=True)

    assert careful.post(path("release"), seen(booked)).status_code == 403
    assert status(booked) == Status.CONFIRMED


def test_accepted_by_one_press(client, path, asked_session):
    answer = client.post(path("accept"), seen(asked_session))

    assert "Booked: today 11:30 with Oksana." in answer.content.decode()
    assert status(asked_session) == Status.CONFIRMED


def test_declined_with_a_reason_that_stays_here(client, path, asked_session):
    answer = client.post(path("decline"), seen(asked_session) | {"why": "topic"})

    kept = MentoringSession.objects.within(asked_session.org_id).get(pk=asked_session.pk)
    assert answer.status_code == 200
    assert (kept.status, kept.note) == (Status.DECLINED, "Not my topic")


@pytest.mark.parametrize(("answer", "becomes"), [("yes", Status.CONFIRMED), ("no", Status.DECLINED)])
def test_the_brief_takes_either_answer(client, path, asked_session, answer, becomes):
    response = client.post(path("brief"), seen(asked_session) | {"answer": answer, "words": "Next month?"})

    assert response.status_code == 200
    assert status(asked_session) == becomes


def test_the_brief_shows_what_was_tried_and_hoped_for(client, path):
    shown = page(client, path("brief"))

    assert "Sent them two days earlier." in shown
    assert "One sentence." in shown
    assert "Oksana Bondar" in shown


def test_the_brief_without_an_answer_is_asked_again(client, path, asked_session):
    response = client.post(path("brief"), seen(asked_session))

    assert response.status_code == 422
    assert "Say yes or no." in response.content.decode()
    assert status(asked_session) == Status.ASKED


def test_a_page_is_on_the_clock_of_the_person_it_was_sent_to(client, booked, amara, now):
    shown = page(client, path_of(booked, amara, "release", now))

    assert "11:15 to 11:40" in shown
    assert "09:04" not in shown


def test_moving_shows_the_mentors_other_free_times(client, path):
    shown = page(client, path("move"))

    assert 'value="2026-11-26T10:30:00+00:00"' in shown
    assert 'value="2026-11-26T10:15:00+00:00"' not in shown
    assert 0 < shown.count('type="radio"') <= 48


def test_moved_by_one_press(client, path, booked):
    answer = client.post(path("move"), seen(booked) | {"start": LATER.isoformat()})

    assert "Moved: today 10:30 with Amara." in answer.content.decode()
    kept = MentoringSession.objects.within(booked.org_id).get(pk=booked.pk)
    assert (kept.starts_at, kept.sequence) == (LATER, 1)


@pytest.mark.parametrize(
    "start", ["", "soon", "2026-11-26T10:15", "9999-12-31T23:59:59+00:00", "0001-01-01T00:00Z", "2026-11-26T08:00Z"]
)
def test_a_time_that_cannot_be_is_asked_again_and_the_link_still_works(client, path, booked, start):
    link = path("move")

    response = client.post(link, seen(booked) | {"start": start})

    assert response.status_code == 422
    assert client.get(link).status_code == 200
    assert MentoringSession.objects.within(booked.org_id).get(pk=booked.pk).starts_at == TEN_FIFTEEN


def test_a_time_somebody_else_took_leaves_the_link_and_shows_others(client, path, booked, amara):
    make_session(
        NeedFactory(mentee=PersonFactory(org=booked.org), org=booked.org),
        amara,
        TEN_FIFTEEN + timedelta(minutes=25),
        minutes=15,
    )
    link = path("move")

    refused = client.post(link, seen(booked) | {"start": LATER.isoformat()})
    assert refused.status_code == 409
    assert "just booked for that time" in refused.content.decode()
    assert 'type="radio"' in refused.content.decode()

    nine_thirty = TEN_FIFTEEN - timedelta(minutes=45)
    assert client.post(link, seen(booked) | {"start": nine_thirty.isoformat()}).status_code == 200


def test_what_changed_since_the_page_was_opened_is_not_pressed_by_accident(client, path, booked, now):
    link = path("release")
    services.move(session=booked, start=LATER, by=booked.mentor, now=now)

    refused = client.post(link, seen(booked))

    assert refused.status_code == 409
    assert "changed since you opened" in refused.content.decode()
    assert "10:30 to 10:55" in refused.content.decode()
    assert status(booked) == Status.CONFIRMED


@pytest.mark.parametrize("sent", ["", "x", "99999999999999999999"])
def test_a_press_that_does_not_say_what_it_saw_acts_on_nothing(client, path, booked, sent):
    assert client.post(path("release"), {"seen": sent}).status_code in {409, 422}
    assert status(booked) == Status.CONFIRMED


@pytest.mark.parametrize("method", ["get", "post", "head"])
def test_altered_links_and_links_that_never_were_are_gone(client, path, booked, method):
    link = path("release")
    secret = link.split("/")[3]
    altered = ("A" if secret[0] != "A" else "B") + secret[1:]

    for wrong in (f"release/{altered}", f"move/{secret}", f"accept/{secret}", f"erase/{secret}", "release/%00", "x/y"):
        response = getattr(client, method)(f"/by-mail/{wrong}/", seen(booked) if method == "post" else None)
        assert response.status_code == 410, wrong
    assert status(booked) == Status.CONFIRMED


def test_a_link_is_over_when_its_session_is(client, path, booked, now):
    link = path("release")

    with time_machine.travel(booked.ends_at, tick=False):
        gone = client.get(link)

    assert gone.status_code == 410
    assert "expired" in gone.content.decode()


def test_a_newer_mail_replaces_the_older_ones_links(client, need, amara, now, deliver):
    leila = need.mentee
    session = services.book(need=need, mentor=amara, start=TEN_FIFTEEN, minutes=25, by=leila, now=now)
    older = links_in(deliver()[leila.email])
    services.move(session=session, start=LATER, by=amara, now=now)
    newer = links_in(deliver()[leila.email])

    assert client.get(older["release"]).status_code == 410
    assert "A newer mail replaced this link" in client.get(older["move"]).content.decode()
    assert client.get(newer["release"]).status_code == 200


def test_a_link_in_a_mail_releases_for_the_person_it_was_sent_to(client, need, amara, now, deliver):
    leila = need.mentee
    session = services.book(need=need, mentor=amara, start=TEN_FIFTEEN, minutes=25, by=leila, now=now)
    mails = deliver()
    session.refresh_from_db()

    client.force_login(leila)  # whoever sits at this browser: the link is Amara's
    client.post(links_in(mails[amara.email])["release"], seen(session))

    assert MentoringSession.objects.within(session.org_id).get(pk=session.pk).changed_by_id == amara.pk


@pytest.mark.parametrize("purpose", ["accept", "decline", "brief"])
def test_an_answer_that_comes_too_late_says_how_things_stand(client, path, asked_session, purpose, now):
    link = path(purpose)
    MentoringSession.objects.within(asked_session.org_id).filter(pk=asked_session.pk).update(status=Status.EXPIRED)

    response = client.post(link, seen(asked_session))

    assert response.status_code == 410
    assert "not answered in time" in response.content.decode()


def test_a_person_who_left_holds_no_links(client, path, booked):
    link = path("release")
    booked.mentee.is_active = False
    booked.mentee.save()

    assert client.get(link).status_code == 410


def test_a_word_that_is_too_long_is_kept_and_told(client, path, booked):
    response = client.post(path("release"), seen(booked) | {"note": "x" * 401})

    assert response.status_code == 422
    assert "longer than 400 characters" in response.content.decode()
    assert "x" * 401 in response.content.decode()


def test_a_question_is_words_on_the_page_never_markup(client, path, booked):
    booked.need.text = "<img src=x onerror=alert(1)>"
    booked.need.save()

    assert "<img" not in page(client, path("release"))


def test_nobody_without_the_link_can_guess_it(booked, now):
    links.fresh(booked, booked.mentee, "release", until=booked.ends_at, now=now)

    (kept,) = SingleUseLink.objects.all()
    with pytest.raises(core_links.LinkSpent):
        core_links.use("release", kept.secret_hash, now=now)


@pytest.mark.django_db(transaction=True)
def test_four_presses_at_once_are_told_the_same_and_one_acts(now):
    from quarterhour.people.queries import commons

    org = commons()
    need = NeedFactory(mentee=PersonFactory(org=org), org=org)
    session = make_session(need, MentorFactory(org=org, zone="Africa/Lagos"), TEN_FIFTEEN)
    link = path_of(session, need.mentee, "release", now)
    start, answers = threading.Barrier(4), []

    def press():
        start.wait()
        answers.append(Client().post(link, {"seen": session.version}).status_code)
        connections.close_all()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [200] * 4
    assert OutboxEvent.objects.filter(name="SessionCancelled").count() == 1


# --- a mentor who cannot come ----------------------------------------------------------------------


@pytest.fixture
def others_fit(booked, commons):
    """Inês fits the question, and is free when Amara is booked."""
    ines, skill = MentorFactory(name="Inês Carvalho", org=commons), "moving-into-management"
    Skill.objects.update_or_create(pk=skill, defaults={"label": "x", "area": "x", "spellings": "x"})
    Topic.objects.within(commons).update(skill=skill)
    index_mentors(org=commons, mentor_ids=[booked.mentor_id, ines.pk])
    count_words(commons.pk)
    return ines


def test_a_mentor_hands_over_by_the_link_to_release_and_a_mentee_is_not_asked_to(client, booked, others_fit, now):
    assert "Find somebody else" in page(client, path_of(booked, booked.mentor, "release", now))
    assert "Find somebody else" not in page(client, path_of(booked, booked.mentee, "release", now))
    link = path_of(booked, booked.mentor, "release", now)

    first = client.post(link, seen(booked) | {"instead": "yes", "note": "I am ill."})
    again = client.post(link, seen(booked) | {"instead": "yes", "note": "I am ill."})

    assert (first.status_code, again.status_code) == (200, 200)
    for answer in (first, again):
        assert "Inês Carvalho takes it over." in answer.content.decode()
        assert "Leila is told, and keeps the time." in answer.content.decode()
    (taken,) = MentoringSession.objects.within(booked.org_id).filter(instead_of=booked)
    assert (taken.mentor, taken.starts_at, taken.status) == (others_fit, booked.starts_at, Status.CONFIRMED)
    assert status(booked) == Status.CANCELLED


def test_where_nobody_takes_it_over_it_is_released(client, booked, now):
    answer = client.post(path_of(booked, booked.mentor, "release", now), seen(booked) | {"instead": "yes"})

    assert "Released: today 11:15." in answer.content.decode()
    assert status(booked) == Status.CANCELLED


def test_a_mentee_cannot_hand_over_what_is_not_theirs_to_give(client, booked, others_fit, now):
    answer = client.post(path_of(booked, booked.mentee, "release", now), seen(booked) | {"instead": "yes"})

    assert answer.status_code == 403
    assert "Only the person who gives this time can hand it over." in answer.content.decode()
    assert status(booked) == Status.CONFIRMED


def test_what_has_begun_is_released_and_handed_to_nobody(client, booked, others_fit, now):
    link = path_of(booked, booked.mentor, "release", now)
    with time_machine.travel(TEN_FIFTEEN + timedelta(minutes=1), tick=False):
        assert "Find somebody else" not in page(client, link)
