"""Mails about requests, and what their links do: only by a press, once, for the one they were written to."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from tests.factories import MentorFactory, NeedFactory, PersonFactory, make_session
from tests.notifications.reading import bodies, links_in

from quarterhour.core.models import OutboxEvent, SingleUseLink
from quarterhour.matching.indexing import count_words, index_mentors
from quarterhour.notifications.models import SentMail
from quarterhour.people.models import Profile
from quarterhour.sessions import asking, services
from quarterhour.sessions.models import Ask, MentoringSession, Status

MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _at_nine(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def ines(commons):
    return MentorFactory(
        name="Inês Carvalho", email="ines@town.example", zone="Europe/Warsaw", org=commons, confirm="ask"
    )


@pytest.fixture
def ask(need, tomasz, now):
    def _ask(mentor=tomasz, start=MONDAY):
        return services.book(need=need, mentor=mentor, start=start, minutes=25, by=need.mentee, now=now)

    return _ask


def words(message) -> str:
    return " ".join(bodies(message)["text/plain"].split())


def press(path, session, **more):
    session.refresh_from_db()
    return Client().post(path, {"seen": session.version} | more)


def test_whoever_was_not_first_is_thanked_at_once(ask, tomasz, ines, leila, now, deliver):
    first, second = ask(tomasz), ask(ines)
    link = links_in(deliver()[ines.email])["accept"]
    services.accept(session=first, by=tomasz, now=now)

    mails = deliver()

    assert set(mails) == {tomasz.email, leila.email, ines.email}
    told = words(mails[ines.email])
    assert "Somebody else said yes first. Thank you." in told
    assert links_in(mails[ines.email]) == {}
    assert press(link, second).status_code == 410


def test_a_nudge_brings_the_links_once_more_and_comes_once(ask, tomasz, now, deliver):
    session = ask()
    old = links_in(deliver()[tomasz.email])
    later = now + DAY
    for minute in range(3):
        asking.nudge(now=later + timedelta(minutes=minute))

    with time_machine.travel(later, tick=False):
        mails = deliver(later)
        new = links_in(mails[tomasz.email])
        assert "Leila still waits for your word" in str(mails[tomasz.email]["Subject"])
        assert deliver(later + timedelta(minutes=5)) == {}
        assert SentMail.objects.within(session.org_id).filter(reason__startswith="nudge").count() == 1
        assert press(old["accept"], session).status_code == 410
        assert press(new["accept"], session).status_code == 200
    session.refresh_from_db()
    assert session.status == Status.CONFIRMED


def test_a_nudge_waits_for_the_morning(ask, tomasz, now, deliver):
    ask()
    deliver()
    night = datetime(2026, 11, 28, 2, 0, tzinfo=UTC)  # three in Warsaw, some hours before it closes
    asking.nudge(now=night)

    assert deliver(night) == {}
    assert tomasz.email in deliver(datetime(2026, 11, 28, 6, 30, tzinfo=UTC))


def test_a_time_that_is_gone_is_told_behind_the_link_and_another_one_asked_for(ask, tomasz, ines, leila, now, deliver):
    session = ask(tomasz)
    asking.offer_times(session=session, starts=[TUESDAY, TUESDAY + DAY], by=tomasz, now=now)
    own = NeedFactory(mentee=leila, org=session.org)
    services.book(need=own, mentor=ines, start=TUESDAY + DAY, minutes=25, by=leila, now=now)
    link = links_in(deliver()[leila.email])["choose"]

    before = Client().get(link).content.decode()
    assert "Take this time" in before
    assert "Book or ask for it" not in before
    gone = press(link, session, start=(TUESDAY + DAY).isoformat())

    assert gone.status_code == 409
    page = gone.content.decode()
    assert "One of you is booked for that time by now." in page
    assert "Tomasz is also free." in page
    offered = page[page.index("What Tomasz offered is booked at once") : page.index("also free")]
    assert TUESDAY.isoformat() in offered
    assert "gives back those that were offered" in page
    assert "Book or ask for it" in page
    assert "It is booked at once" not in page
    assert "Take this time" not in page
    other = re.findall(r'value="(20[^"]+)"', page[page.index("is also free") :])[-1]
    assert "Tomasz is asked for" in press(link, session, start=other).content.decode()
    session.refresh_from_db()
    assert (session.status, session.starts_at) == (Status.ASKED, datetime.fromisoformat(other))
    assert "asks for" in str(deliver()[tomasz.email]["Subject"])


def test_another_time_behind_the_link_that_is_taken_meanwhile_is_refused_with_three_others(
    ask, tomasz, leila, commons, now, deliver
):
    session = ask(tomasz)
    asking.offer_times(session=session, starts=[TUESDAY], by=tomasz, now=now)
    other = NeedFactory(mentee=PersonFactory(org=commons), org=commons)
    services.book(need=other, mentor=tomasz, start=TUESDAY + DAY, minutes=25, by=other.mentee, now=now)
    link = links_in(deliver()[leila.email])["choose"]

    gone = press(link, session, start=(TUESDAY + DAY).isoformat())

    page = gone.content.decode()
    assert (gone.status_code, "was just booked for that time" in page) == (409, True)
    assert len(re.findall(r'value="20[^"]+"', page[page.index("is also free") :])) == 3


def test_other_times_from_mail_to_mail(ask, tomasz, ines, leila, now, deliver):
    session, rival = ask(tomasz), ask(ines)
    link = links_in(deliver()[tomasz.email])["other-time"]
    page = Client().get(link).content.decode()
    assert TUESDAY.isoformat() in page

    done = press(link, session, start=[TUESDAY.isoformat(), (TUESDAY + DAY).isoformat()], words="Not on Monday.")

    assert done.status_code == 200
    session.refresh_from_db()
    assert (session.status, session.starts_at) == (Status.ASKED, TUESDAY)
    mail = deliver()[leila.email]
    assert "Tomasz offers other times" in str(mail["Subject"])
    assert "Not on Monday." in words(mail)
    assert "Tuesday 1 December, 09:00 to 09:25" in words(mail)

    assert press(links_in(mail)["choose"], session, start=(TUESDAY + DAY).isoformat()).status_code == 200

    session.refresh_from_db()
    rival.refresh_from_db()
    assert (session.status, session.starts_at, rival.status) == (Status.CONFIRMED, TUESDAY + DAY, Status.THANKED)
    assert set(deliver()) == {tomasz.email, leila.email, ines.email}


def test_somebody_better_from_mail_to_mail(ask, tomasz, ines, leila, need, now, deliver):
    index_mentors(org=need.org, mentor_ids=[tomasz.pk, ines.pk])
    count_words(need.org_id)
    session = ask(tomasz)
    link = links_in(deliver()[tomasz.email])["pass-on"]
    assert "Inês Carvalho" in Client().get(link).content.decode()

    assert press(link, session, person=str(ines.pk), words="She did it twice.").status_code == 200

    mails = deliver()
    assert list(mails) == [leila.email], "nobody else is told: not the one who was named"
    assert "Tomasz thinks Inês can help you better" in str(mails[leila.email]["Subject"])

    page = Client().get(links_in(mails[leila.email])["ask-instead"]).content.decode()
    assert "Ask Inês" in page
    done = press(links_in(mails[leila.email])["ask-instead"], session, start=MONDAY.isoformat())

    assert "Inês has your question now." in done.content.decode()
    asked = MentoringSession.objects.within(need.org).get(mentor=ines)
    assert (asked.status, asked.starts_at) == (Status.ASKED, MONDAY)
    assert list(deliver()) == [ines.email]


def let_run_out(mentor, org, now):
    need = NeedFactory(mentee=PersonFactory(org=org), org=org)
    session = make_session(need, mentor, now + 9 * DAY, status=Status.ASKED, now=now)
    MentoringSession.objects.within(org).filter(pk=session.pk).update(answer_by=now + 2 * DAY)
    services.expire(now=now + 2 * DAY)
    session.refresh_from_db()
    return session


def test_silence_is_told_to_both_and_after_two_the_mentor_rests(tomasz, commons, now, deliver):
    later = now + 2 * DAY
    first = let_run_out(tomasz, commons, now)
    mails = deliver(later)
    assert set(mails) == {first.mentee.email, tomasz.email}
    assert "waited, and heard nothing" in words(mails[tomasz.email])
    assert links_in(mails[tomasz.email]) == {}

    second = let_run_out(tomasz, commons, now)
    mail = deliver(later)[tomasz.email]
    assert "We paused you" in str(mail["Subject"])
    paused = Profile.objects.within(commons).get(person=tomasz)
    assert paused.paused_until > now.date() + 300 * DAY

    with time_machine.travel(later, tick=False):
        back = links_in(mail)["back"]
        assert Client().get(back).status_code == 200
        paused.refresh_from_db()
        assert paused.paused_until is not None, "looking changes nothing"
        assert "You are back." in press(back, second).content.decode()
    paused.refresh_from_db()
    assert paused.paused_until is None


def test_times_nobody_chose_from_are_told_to_both_without_blame(ask, tomasz, leila, now, deliver):
    session = ask()
    deliver()
    asking.offer_times(session=session, starts=[TUESDAY], by=tomasz, now=now)
    deliver()
    session.refresh_from_db()
    services.expire(now=session.answer_by)

    mails = deliver(session.answer_by)

    assert "The times Tomasz offered are over" in words(mails[leila.email])
    assert "Leila took none of your times" in words(mails[tomasz.email])


@pytest.fixture
def each_link(ask, tomasz, ines, leila, commons, now, deliver):
    """A link of every kind a request has, with the session it is about."""
    ask(tomasz)
    offered = ask(ines)
    mine = links_in(deliver()[tomasz.email])
    asking.offer_times(session=offered, starts=[TUESDAY], by=ines, now=now)
    choose = links_in(deliver()[leila.email])["choose"]
    other = NeedFactory(mentee=PersonFactory(email="other@town.example", org=commons), org=commons)
    passed = services.book(
        need=other, mentor=tomasz, start=TUESDAY + timedelta(hours=1), minutes=25, by=other.mentee, now=now
    )
    asking.pass_on(session=passed, to=ines, by=tomasz, now=now)
    instead = links_in(deliver()["other@town.example"])["ask-instead"]
    return {"other-time": mine["other-time"], "pass-on": mine["pass-on"], "choose": choose, "ask-instead": instead}


@pytest.mark.parametrize("purpose", ["other-time", "pass-on", "choose", "ask-instead"])
def test_a_scanner_that_opens_everything_changes_nothing(each_link, purpose, commons):
    before = _state(commons)

    for _ in range(3):
        answer = Client().get(each_link[purpose], HTTP_USER_AGENT="MailScanner")
        assert answer.status_code == 200
        assert answer["Cache-Control"] == "no-store"
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert Client().head(each_link[purpose]).status_code == 200

    assert _state(commons) == before
    assert not SingleUseLink.objects.exclude(used_at=None).exists()


@pytest.mark.parametrize("purpose", ["other-time", "pass-on", "choose", "ask-instead"])
def test_a_link_that_was_altered_or_opens_another_door_is_refused(each_link, purpose, commons):
    before = _state(commons)
    door, secret = each_link[purpose].strip("/").split("/")[1:]
    for path in (f"/by-mail/{door}/{secret[:-1]}x/", f"/by-mail/accept/{secret}/", f"/by-mail/back/{secret}/"):
        assert Client().get(path).status_code == 410
        assert Client().post(path, {"seen": 1}).status_code == 410
    assert _state(commons) == before


def _state(org) -> list:
    sessions = MentoringSession.objects.within(org).order_by("pk").values_list("pk", "status", "version", "span")
    asks = Ask.objects.within(org).order_by("pk").values_list("pk", "read_at", "passed_to", "offered")
    return [*sessions, *((pk, *rest[:-1], tuple(rest[-1])) for pk, *rest in asks), OutboxEvent.objects.count()]
