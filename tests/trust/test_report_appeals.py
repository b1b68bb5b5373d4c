"""Whoever was judged answers once, somebody else decides, nobody forgets, and what was written in a quarrel goes."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from tests.factories import PersonFactory, make_session
from tests.notifications.conftest import deliver
from tests.notifications.reading import bodies

from quarterhour.core.errors import Changed, Invalid, NotAllowed
from quarterhour.core.models import AuditEntry
from quarterhour.notifications import report_reminders
from quarterhour.sessions.models import ChatLine
from quarterhour.trust import report_appeals, report_erasing, reports
from quarterhour.trust.report_models import Report, ReportAnswer, ReportAppeal
from quarterhour.trust.report_rules import may_hear_appeal, waiting_for

pytestmark = pytest.mark.django_db

__all__ = ["deliver"]  # the fixture
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
NOT_SO = "I never asked for money. It was a joke between us."


@pytest.fixture
def nadia(commons):
    return PersonFactory(name="Nadia Costa", email="nadia@town.example", org=commons, org__role="manager")


@pytest.fixture
def jonas(commons):
    return PersonFactory(name="Jonas Brandt", email="jonas@town.example", org=commons, is_operator=True)


@pytest.fixture
def made(need, amara, leila, now) -> Report:
    """Leila reports Amara."""
    session = make_session(need, amara, now - 5 * MINUTE)
    ChatLine.objects.create(org=session.org, session=session, person=amara, text="200 euros first", at=now)
    return reports.report(session=session, by=leila, because="selling", text="He wants money.", now=now)


def answered(made, by, now, outcome="warned", words="Never ask for money.") -> ReportAnswer:
    return reports.answer(report_id=made.pk, outcome=outcome, words=words, by=by, org=made.org, now=now)


def appealed(answer, now, text=NOT_SO) -> ReportAppeal:
    return report_appeals.appeal(answer=answer, text=text, now=now)


def waits(person, made) -> bool:
    return waiting_for(person, org=made.org).filter(pk=made.pk).exists()


def audited(act) -> int:
    return AuditEntry.objects.filter(act=act).count()


def test_somebody_else_than_the_first_decides_on_an_appeal(made, nadia, jonas, now):
    first = answered(made, nadia, now)
    assert not waits(nadia, made)
    appealed(first, now + DAY)
    assert (waits(nadia, made), waits(jonas, made)) == (False, True)
    with pytest.raises(NotAllowed, match="Somebody else decides"):
        answered(made, nadia, now + DAY, "stands", "I was right.")

    answered(made, jonas, now + DAY, "undone", "Read again, it is a joke.")

    assert not waits(jonas, made)
    assert audited("appealed") == audited("report undone") == 1
    with pytest.raises(Changed):
        answered(made, jonas, now + DAY, "stands", "Or not.")


def test_whoever_is_alone_decides_again_rather_than_nobody(made, nadia, now):
    appealed(answered(made, nadia, now), now)
    assert waits(nadia, made)
    assert answered(made, nadia, now, "stands", "It was no joke.").by == nadia


def test_only_another_operator_decides_where_an_account_was_closed(made, nadia, jonas, amara, commons, now):
    appealed(answered(made, jonas, now, "suspended"), now)
    assert (may_hear_appeal(made, nadia), may_hear_appeal(made, jonas)) == (False, True)
    other = PersonFactory(name="Wanda Wolf", email="wanda@town.example", org=commons, is_operator=True)
    assert (waits(jonas, made), waits(other, made), waits(nadia, made)) == (False, True, False)

    answered(made, other, now, "undone", "That was too much.")

    amara.refresh_from_db()
    assert amara.is_active
    with pytest.raises(Changed):
        answered(made, jonas, now, "lifted")


def test_a_word_that_is_taken_back_opens_no_account_that_was_closed_for_something_else(
    made, leila, nadia, jonas, amara, deliver, now
):
    appealed(answered(made, nadia, now), now)
    other = reports.report(session=made.session, by=leila, because="rude", text="He shouted.", now=now)
    answered(other, jonas, now, "suspended", "You shouted.")
    wanda = PersonFactory(name="Wanda Wolf", email="wanda@town.example", org=made.org, org__role="manager")
    deliver()

    answered(made, wanda, now, "undone", "It was a joke.")

    amara.refresh_from_db()
    assert not amara.is_active
    for body in bodies(deliver()["amara@town.example"]).values():
        assert "It is taken back." in body
        assert "open again" not in body

    appealed(other.answers.get(), now)
    answered(other, jonas, now, "undone", "Nobody shouted.")
    amara.refresh_from_db()
    assert amara.is_active
    for body in bodies(deliver()["amara@town.example"]).values():
        assert "Your account is open again." in body


def test_it_is_answered_once_in_words_and_in_time(made, nadia, jonas, now):
    first = answered(made, nadia, now)
    for text in (" ", "x" * 2_001):
        with pytest.raises(Invalid):
            appealed(first, now, text)
    with pytest.raises(Changed, match="days to answer are over"):
        appealed(first, now + 14 * DAY)
    appealed(first, now + 13 * DAY)
    with pytest.raises(Changed, match="answered once"):
        appealed(first, now + 13 * DAY)
    assert ReportAppeal.objects.visible_to(made.about).get().text == NOT_SO
    assert not ReportAppeal.objects.visible_to(made.reporter).exists()


@pytest.mark.parametrize("outcome", ["nothing", "lifted"])
def test_what_is_against_nobody_is_not_appealed(made, jonas, now, outcome):
    answer = answered(made, jonas, now, "suspended" if outcome == "lifted" else "nothing")
    if outcome == "lifted":
        answered(made, jonas, now, "lifted", "")
    with pytest.raises(Changed):
        appealed(answer, now)


@pytest.mark.parametrize(
    ("outcome", "theirs", "reporters"),
    [("stands", "It stands.", "it stands"), ("undone", "It is taken back.", "right of you to tell us")],
)
def test_both_hear_what_came_of_it_each_in_fair_words(
    made, nadia, jonas, leila, amara, deliver, now, outcome, theirs, reporters
):
    deliver()
    first = answered(made, nadia, now)
    deliver()
    appealed(first, now)
    asked = deliver()
    assert set(asked) == {"jonas@town.example"}
    for body in bodies(asked["jonas@town.example"]).values():
        assert "An appeal waits for you." in body
        assert not {"Amara", "Leila"}.intersection(re.findall(r"\w+", body))
    answered(made, jonas, now, outcome, "We read it again.")
    mails = deliver()
    assert set(mails) == {"amara@town.example", "leila@town.example"}
    for body in bodies(mails["amara@town.example"]).values():
        assert theirs in body
        assert "We read it again." in body
        assert "Leila" not in body
    for body in bodies(mails["leila@town.example"]).values():
        assert reporters in body
        assert "We read it again." not in body


def test_what_is_late_is_said_once_to_whoever_judges(made, nadia, jonas, deliver, now):
    deliver()
    assert report_reminders.hand_over_all(now=now + 2 * DAY) == 0
    late = now + 2 * DAY + MINUTE
    assert [report_reminders.hand_over_all(now=late) for _ in range(2)] == [1, 0]
    mails = deliver(at=late)
    assert set(mails) == {"nadia@town.example", "jonas@town.example"}
    assert "A report is late." in bodies(mails["nadia@town.example"])["text/plain"]

    appealed(answered(made, nadia, late), late)
    deliver(at=late)
    assert report_reminders.hand_over_all(now=late + 2 * DAY) == 0
    assert [report_reminders.hand_over_all(now=late + 3 * DAY) for _ in range(2)] == [1, 0]
    mails = deliver(at=late + 3 * DAY)
    assert set(mails) == {"jonas@town.example"}
    assert "An appeal is late." in bodies(mails["jonas@town.example"])["text/plain"]


def test_nobody_is_told_that_something_is_late_once_it_is_decided(made, nadia, deliver, now):
    deliver()
    late = now + 3 * DAY
    report_reminders.hand_over_all(now=late)
    answered(made, nadia, late, "nothing", "")
    assert set(deliver(at=late)) == {"leila@town.example"}


def test_half_a_year_after_the_last_decision_the_words_go_and_the_decision_stays(made, nadia, jonas, now):
    appealed(answered(made, nadia, now), now)
    last = now + DAY
    answered(made, jonas, last, "stands", "It was no joke.")
    assert report_erasing.erase_evidence(now=last + 179 * DAY) == 0
    assert [report_erasing.erase_evidence(now=last + 180 * DAY) for _ in range(2)] == [1, 0]

    made.refresh_from_db()
    assert (made.text, made.evidence, made.erased_at) == ("", {}, last + 180 * DAY)
    assert (made.appeal.text, made.appeal.erased_at) == ("", last + 180 * DAY)
    assert (made.because, len(made.fingerprint)) == ("selling", 64)
    assert [each.words for each in made.answers.all()] == ["Never ask for money.", "It was no joke."]
    line = AuditEntry.objects.get(act="erased evidence")
    assert (line.on, line.actor_key) == (f"report {made.pk}", "system")
    assert line.detail == {"fingerprint": made.fingerprint}


@pytest.mark.parametrize("state", ["nobody decided", "an appeal waits"])
def test_what_is_not_decided_is_never_erased(made, nadia, now, state):
    if state == "an appeal waits":
        appealed(answered(made, nadia, now), now)
    assert report_erasing.erase_evidence(now=now + 1_000 * DAY) == 0
    made.refresh_from_db()
    assert made.evidence["chat"]


def test_how_long_is_a_policy(made, nadia, now, settings):
    settings.POLICY = settings.POLICY | {"report_keep_days": 30}
    answered(made, nadia, now)
    assert report_erasing.erase_evidence(now=now + 29 * DAY) == 0
    assert report_erasing.erase_evidence(now=now + 30 * DAY) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"text": "x"},
        {"text": "", "erased_at": "now"},  # and its evidence stays
        {"text": "", "evidence": {}},  # and nobody says so
        {"because": "rude"},
        {"fingerprint": "0" * 64},
        {"text": "", "evidence": {}, "erased_at": "now", "because": "rude"},
        {"reminded_at": None},
    ],
    ids=" ".join,
)
def test_nothing_but_the_marks_and_the_erasing_may_change_a_report(made, nadia, now, change):
    answered(made, nadia, now)
    rows = Report.objects.within(made.org)
    rows.update(reminded_at=now)
    given = {name: now if value == "now" else value for name, value in change.items()}
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.filter(pk=made.pk).update(**given)


def test_the_database_erases_nothing_that_nobody_decided_and_no_word_of_an_appeal(made, nadia, now):
    gone = {"text": "", "evidence": {}, "erased_at": now}
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Report.objects.within(made.org).update(**gone)
    appealed(answered(made, nadia, now), now)
    rows = ReportAppeal.objects.within(made.org)
    for act in (lambda: rows.update(text="x"), lambda: rows._raw_delete("default")):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            act()
    assert rows.get().text == NOT_SO
