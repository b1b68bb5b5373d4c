"""Who is asked what became of a session, when, and how often: a week later, a month later, never a third time."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, connection, connections, transaction
from tests.factories import NeedFactory, PersonFactory, make_session
from tests.notifications.reading import bodies, links_in

from quarterhour.advice.models import Action, Takeaway
from quarterhour.core import outbox
from quarterhour.core.errors import Invalid, NotFound
from quarterhour.engines.attendance import Verdict
from quarterhour.engines.following_up import Kind
from quarterhour.notifications import channels, following_up
from quarterhour.notifications.models import SentMail
from quarterhour.people.models import Block
from quarterhour.sessions import services
from quarterhour.sessions.attendance_models import MISSED
from quarterhour.sessions.models import HowKept, Status
from quarterhour.trust import follow_ups, queries
from quarterhour.trust.follow_up_models import FollowUp
from quarterhour.trust.services import say_how_it_helped

pytestmark = pytest.mark.django_db
TALKED = datetime(2026, 11, 26, 10, 15, tzinfo=UTC)
OVER = TALKED + timedelta(minutes=25)
A_WEEK, A_MONTH = OVER + timedelta(days=7, hours=1), OVER + timedelta(days=30, hours=1)


def rows():
    return FollowUp.objects.of_every_tenant(because="the test looks at all follow-ups")


def mails(what="follow-up"):
    return SentMail.objects.of_every_tenant(because="the test looks at all mail").filter(reason__startswith=what)


@pytest.fixture
def held(booked, leila):
    """Leila and Amara talked; the card tells so, and what Leila took on. The news of its end is out."""
    card = Takeaway.objects.create(org=booked.org, session=booked, insight="A trial", written_at=OVER)
    Action.objects.create(org=booked.org, takeaway=card, text="Ask Marek for a review date", due=date(2026, 11, 30))
    session = services.end(session=booked, now=OVER)
    outbox.drain(now=OVER)
    return session


def run(frm: datetime, to: datetime, deliver, step=timedelta(hours=1)) -> list:
    """Let the timers run; what Leila got meanwhile, as (when, message)."""
    got, at = [], frm
    while at <= to:
        following_up.plan_missing(now=at)
        following_up.hand_over(now=at)
        if message := deliver(at).get("leila@town.example"):
            got.append((at, message))
        at += step
    return got


def test_a_week_and_a_month_later_and_never_a_third_time(held, deliver):
    deliver(OVER)
    got = run(OVER, OVER + timedelta(days=70), deliver, step=timedelta(hours=2))

    for days, (at, _) in zip((7, 30), got, strict=True):
        assert timedelta(days=days) <= at - OVER <= timedelta(days=days, hours=3)
    assert rows().count() == rows().exclude(handed_at=None).count() == 2
    assert {row.person_id for row in rows()} == {held.mentee_id}
    with pytest.raises(IntegrityError, match="nobody_is_asked_a_third_time"), transaction.atomic():
        FollowUp.objects.create(org=held.org, session=held, person=held.mentee, kind="year", due_at=OVER, until=OVER)


def test_the_letter_asks_and_offers_three_presses(held, deliver):
    deliver(OVER)
    ((_, first), (_, last)) = run(OVER + timedelta(days=6), OVER + timedelta(days=31), deliver, step=timedelta(hours=6))

    assert first["Subject"].startswith("Did it help, a week after Amara?: Should I say yes now")
    assert last["Subject"].startswith("Did it help, a month after Amara?: Should I say yes now")
    for message in (first, last):
        told = bodies(message)["text/plain"]
        assert "“Ask Marek for a review date”, by Monday 30 November." in " ".join(told.split())
        assert set(links_in(message)) == {"followed", "became", "stop-asking"}
    assert links_in(first)["followed"] != links_in(last)["followed"]


def test_twice_late_and_in_another_order_changes_nothing(held):
    before = list(rows().values_list("pk", "due_at"))
    following_up.plan(held, now=OVER + timedelta(days=3))
    following_up.plan_missing(now=OVER + timedelta(days=3))
    assert list(rows().values_list("pk", "due_at")) == before

    assert following_up.hand_over(now=A_WEEK) == 1
    assert following_up.hand_over(now=A_WEEK) == 0
    assert mails().count() == 1


def test_lost_news_is_found_by_the_timer(booked):
    services.end(session=booked, now=OVER)
    assert not rows().exists()
    assert following_up.plan_missing(now=OVER + timedelta(minutes=1)) == 0
    assert following_up.plan_missing(now=OVER + timedelta(minutes=5)) == 1
    assert [row.kind for row in rows().order_by("due_at")] == [Kind.WEEK, Kind.MONTH]


def test_what_is_long_over_is_not_asked_about(booked):
    services.end(session=booked, now=OVER)
    following_up.plan_missing(now=OVER + timedelta(days=20))
    assert [row.kind for row in rows()] == [Kind.MONTH]


@pytest.mark.parametrize("verdict", MISSED)
def test_nobody_is_asked_about_a_session_that_was_missed(booked, verdict):
    HowKept.objects.create(org=booked.org, session=booked, word=verdict, facts={}, rule=1, judged_at=OVER)
    booked.status, booked.ended_at = Status.ENDED, OVER
    booked.save()
    following_up.plan(booked, now=OVER)
    assert following_up.plan_missing(now=OVER + timedelta(hours=1)) == 0
    assert not rows().exists()


@pytest.mark.parametrize("status", [Status.CONFIRMED, Status.CANCELLED, Status.EXPIRED])
def test_nor_about_one_that_was_moved_away_released_or_never_answered(booked, status):
    booked.status = status
    booked.save()
    following_up.plan(booked, now=OVER)
    assert following_up.plan_missing(now=OVER + timedelta(hours=1)) == 0
    assert not rows().exists()


def test_nor_about_one_of_which_nobody_knows_that_it_took_place(booked):
    booked.status, booked.ended_at = Status.ENDED, OVER
    booked.save()
    following_up.plan(booked, now=OVER)

    assert following_up.hand_over(now=A_WEEK) == 1
    assert mails().count() == 0
    assert rows().exclude(overtaken_at=None).count() == 1


def test_a_verdict_settled_otherwise_meanwhile_counts(held):
    verdict = {"org": held.org, "word": Verdict.MISSED_BY_MENTOR, "facts": {}, "rule": 1, "judged_at": OVER}
    HowKept.objects.within(held.org).update_or_create(session=held, defaults=verdict)
    following_up.hand_over(now=A_WEEK)
    assert mails().count() == 0


def test_it_waits_for_the_morning(held, deliver):
    deliver(OVER)
    rows().update(due_at=OVER + timedelta(days=7))
    night = datetime(2026, 12, 3, 23, tzinfo=UTC)
    following_up.hand_over(now=night)
    assert mails().count() == 0
    assert rows().order_by("due_at").first().due_at == datetime(2026, 12, 4, 7, tzinfo=UTC)


def test_a_mail_held_up_by_its_server_waits_for_the_morning_too(held, deliver):
    deliver(OVER)
    following_up.hand_over(now=A_WEEK)
    assert deliver(datetime(2026, 12, 3, 23, tzinfo=UTC)) == {}
    assert "leila@town.example" in deliver(datetime(2026, 12, 4, 7, 1, tzinfo=UTC))


def test_whoever_stopped_it_is_not_asked_and_can_choose_again(held, leila):
    channels.stop(leila, channels.FOLLOW_UPS)
    following_up.hand_over(now=A_WEEK)
    assert mails().count() == 0
    assert channels.wishes_of(leila).reminders == ["mail"]

    everything = {news: ["mail"] for news in channels.NEWS}
    channels.choose(person=leila, **everything, quiet_from=time(22), quiet_until=time(7))
    following_up.hand_over(now=A_MONTH)
    assert mails().count() == 1


def test_stopping_between_the_row_and_the_mail_counts(held, leila, deliver):
    deliver(OVER)
    following_up.hand_over(now=A_WEEK)
    channels.stop(leila, channels.FOLLOW_UPS)
    assert deliver(A_WEEK) == {}
    assert mails().exclude(overtaken_at=None).count() == 1


def test_a_channel_opened_later_opens_nothing_that_was_stopped(leila):
    channels.stop(leila, channels.FOLLOW_UPS)
    channels.hear_also(leila, "push")
    wishes = channels.wishes_of(leila)
    assert (wishes.follow_ups, wishes.actions) == ([], ["mail", "push"])


def test_only_what_may_stop_is_stopped(leila):
    with pytest.raises(ValueError, match="bookings"):
        channels.stop(leila, channels.BOOKINGS)


def test_nobody_is_asked_about_somebody_they_never_meet_again(held, leila, amara, deliver):
    deliver(OVER)
    following_up.hand_over(now=A_WEEK)
    Block.objects.create(org=held.org, blocker=leila, blocked=amara, created_at=A_WEEK)
    assert deliver(A_WEEK) == {}


def asked(session, kind=Kind.MONTH, at=A_MONTH) -> FollowUp:
    rows().filter(session=session, kind=kind).update(handed_at=at)
    return rows().get(session=session, kind=kind)


def test_the_answer_reaches_the_mentor_as_thanks_without_a_number(held, leila, deliver):
    deliver(OVER)
    follow_ups.answer(follow_up=asked(held), by=leila, quarters=4, now=A_MONTH)
    arrived = deliver(A_MONTH)

    assert set(arrived) == {"amara@town.example"}
    message = arrived["amara@town.example"]
    told = bodies(message)["text/plain"]
    assert message["Subject"].startswith("Your quarter of an hour helped Leila")
    for answer in ("moved me on", "four", " 4", "a lot", "quarters"):
        assert answer not in told.lower()
    follow_ups.answer(follow_up=asked(held), by=leila, quarters=3, now=A_MONTH + timedelta(hours=1))
    assert deliver(A_MONTH + timedelta(hours=1)) == {}
    assert mails("worked").count() == 1


@pytest.mark.parametrize(("kind", "quarters"), [(Kind.MONTH, 2), (Kind.MONTH, 0), (Kind.WEEK, 4)])
def test_of_anything_else_the_mentor_hears_nothing(held, leila, deliver, kind, quarters):
    deliver(OVER)
    follow_ups.answer(follow_up=asked(held, kind), by=leila, quarters=quarters, now=A_MONTH)
    assert deliver(A_MONTH) == {}


def test_thanks_that_are_taken_back_before_they_are_sent_are_not_sent(held, leila, deliver):
    deliver(OVER)
    follow_ups.answer(follow_up=asked(held), by=leila, quarters=4, now=A_MONTH)
    outbox.drain(now=A_MONTH)
    follow_ups.answer(follow_up=asked(held), by=leila, quarters=1, now=A_MONTH)
    assert deliver(A_MONTH) == {}


def test_nobody_is_thanked_in_the_name_of_who_blocked_them(held, leila, amara, deliver):
    deliver(OVER)
    Block.objects.create(org=held.org, blocker=leila, blocked=amara, created_at=A_WEEK)
    follow_ups.answer(follow_up=asked(held), by=leila, quarters=4, now=A_MONTH)
    assert deliver(A_MONTH) == {}


def test_the_latest_answer_is_the_one_that_counts(held, leila, amara):
    say_how_it_helped(session=held, by=leila, quarters=4, now=OVER)
    assert queries.helped_by([amara.pk], org=held.org)[amara.pk][:2] == (1, 1)
    follow_ups.answer(follow_up=asked(held, Kind.WEEK), by=leila, quarters=1, now=A_WEEK)
    assert queries.helped_by([amara.pk], org=held.org)[amara.pk][:2] == (0, 1)
    assert queries.helped_by([amara.pk], org=held.org, until=A_WEEK)[amara.pk][:2] == (1, 1)
    follow_ups.answer(follow_up=asked(held), by=leila, quarters=3, now=A_MONTH)
    assert queries.helped_by([amara.pk], org=held.org)[amara.pk][:2] == (1, 1)
    assert queries.latest_answers([held.pk], org=held.org) == {held.pk: 3}


def test_the_tracker_and_the_funnel_follow_the_latest_answer(held, leila, commons):
    from quarterhour.advice.queries import standings
    from quarterhour.web.program.queries import reach

    def stands(at) -> tuple:
        sums = reach(org=commons, now=at)
        return standings([held.need], visible_to=leila, now=at)[held.need_id].at, sums.answered, sums.helped

    assert stands(A_WEEK) == ("met", 0, 0)
    follow_ups.answer(follow_up=asked(held, Kind.WEEK), by=leila, quarters=3, now=A_WEEK)
    assert stands(A_WEEK) == ("helped", 1, 1)
    follow_ups.answer(follow_up=asked(held), by=leila, quarters=1, now=A_WEEK + timedelta(days=1))
    assert stands(A_WEEK) == ("met", 1, 0)
    Action.objects.within(commons).update(fate="done", fate_at=A_WEEK)
    assert stands(A_WEEK)[0] == "acted"
    say_how_it_helped(session=held, by=leila, quarters=4, now=A_WEEK + timedelta(days=2))
    assert stands(A_WEEK) == ("helped", 1, 1)


def test_what_the_ranker_learns_from_is_the_latest_answer(held, leila, amara):
    from quarterhour.matching.outcomes import _outcomes

    def helped() -> bool | None:
        return _outcomes(held.org, since=TALKED - timedelta(days=9))[held.need_id][amara.pk].helped

    assert helped() is None
    say_how_it_helped(session=held, by=leila, quarters=4, now=OVER)
    assert helped() is True
    follow_ups.answer(follow_up=asked(held), by=leila, quarters=1, now=A_MONTH)
    assert helped() is False


def test_sums_for_a_funnel_hold_nobodys_answer(held, leila):
    follow_ups.answer(follow_up=asked(held), by=leila, quarters=3, now=A_MONTH)
    since, until = A_MONTH - timedelta(days=1), A_MONTH + timedelta(days=1)
    assert queries.followed(org=held.org, kind=Kind.MONTH, since=since, until=until) == queries.Followed(1, 1, 1)
    assert queries.followed(org=held.org, kind=Kind.WEEK, since=since, until=until) == queries.Followed(0, 0, 0)


def test_only_whoever_was_asked_answers_and_only_with_one_of_five(held, leila, amara):
    row = rows().get(kind=Kind.WEEK)
    with pytest.raises(NotFound):
        follow_ups.answer(follow_up=row, by=leila, quarters=3, now=A_WEEK)  # nobody has asked yet
    row = asked(held, Kind.WEEK)
    with pytest.raises(NotFound):
        follow_ups.answer(follow_up=row, by=amara, quarters=3, now=A_WEEK)
    for absurd in (-1, 5, 10_000):
        with pytest.raises(Invalid):
            follow_ups.answer(follow_up=row, by=leila, quarters=absurd, now=A_WEEK)
    assert rows().filter(answered_at=None).count() == 2


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_one_moment_ask_once(commons, amara):
    sessions = []
    for n in range(12):
        need = NeedFactory(mentee=PersonFactory(org=commons), org=commons)
        session = make_session(need, amara, TALKED + timedelta(hours=n), status=Status.ENDED)
        Takeaway.objects.create(org=commons, session=session, insight="x", written_at=OVER)
        following_up.plan(session, now=OVER)
        sessions.append(session)
    at, ready = OVER + timedelta(days=8), threading.Barrier(4)

    def work():
        try:
            ready.wait()
            for _ in range(4):
                following_up.hand_over(now=at, limit=5)
        finally:
            connections.close_all()

    hands = [threading.Thread(target=work) for _ in range(4)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    following_up.hand_over(now=at)
    assert mails().count() == 12
    assert rows().filter(kind=Kind.WEEK).exclude(handed_at=None).count() == 12


def test_a_hand_over_that_breaks_in_the_middle_never_happened(held, monkeypatch):
    def breaks(**_):
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr("quarterhour.notifications.outgoing.wake", breaks)
        with pytest.raises(ConnectionError):
            following_up.hand_over(now=A_WEEK)
    assert connection.in_atomic_block
    assert (mails().count(), rows().waiting().count()) == (0, 2)
    assert following_up.hand_over(now=A_WEEK) == 1
    assert mails().count() == 1


def test_unanswered_ones_are_forgotten_in_the_end(held, leila):
    follow_ups.answer(follow_up=asked(held), by=leila, quarters=3, now=A_MONTH)
    assert following_up.forget_old(now=A_MONTH + timedelta(days=4000)) == 1
    assert [row.kind for row in rows()] == [Kind.MONTH]
