"""Reporting somebody: kept as it was, judged by people who are not in it, and nobody learns who said it."""

from __future__ import annotations

import re
from datetime import timedelta
from importlib import import_module

import pytest
from django.db import DatabaseError, connection, transaction
from tests.factories import NeedFactory, PersonFactory, make_session
from tests.notifications.conftest import deliver
from tests.notifications.reading import bodies

from quarterhour.core.errors import Changed, Invalid, NotAllowed, NotFound, TooMany
from quarterhour.core.ids import uuid7
from quarterhour.core.models import AuditEntry
from quarterhour.people.queries import is_blocked
from quarterhour.sessions import companions
from quarterhour.sessions.models import AttendanceEvent, ChatLine, Companion, MentoringSession, Notes, Status
from quarterhour.trust import report_appeals, report_erasing, report_rules, reports
from quarterhour.trust.report_models import Report, ReportAnswer

pytestmark = pytest.mark.django_db

__all__ = ["deliver"]  # the fixture
MINUTE = timedelta(minutes=1)
SAID = "He asked me to pay for the real answer."


@pytest.fixture
def running(need, amara, now):
    """Five minutes in, with a line of chat, notes, and both inside."""
    session = make_session(need, amara, now - 5 * MINUTE)
    here = {"org": session.org, "session": session}
    for person in (session.mentor, session.mentee):
        for kind in ("joined", "heartbeat"):
            AttendanceEvent.objects.create(
                **here, person=person, kind=kind, connection=uuid7(), at=session.starts_at + MINUTE
            )
    ChatLine.objects.create(**here, person=session.mentor, text="Send me 200 euros first", at=now - MINUTE)
    Notes.objects.create(**here, text="Call Jonas", saved_at=now)
    return session


@pytest.fixture
def nadia(commons):
    return PersonFactory(name="Nadia Costa", email="nadia@town.example", org=commons, org__role="manager")


@pytest.fixture
def jonas(commons):
    return PersonFactory(name="Jonas Brandt", email="jonas@town.example", org=commons, is_operator=True)


def told(session, by, now, **given) -> Report:
    return reports.report(session=session, by=by, now=now, **{"because": "selling", "text": SAID} | given)


def answered(made, by, now, outcome, words="", org=None) -> ReportAnswer:
    return reports.answer(report_id=made.pk, outcome=outcome, words=words, by=by, org=org or made.org, now=now)


def test_what_there_was_to_see_is_kept_as_it_was(running, leila, amara, now):
    made = told(running, leila, now)
    ChatLine.objects.within(running.org).update(text="Never mind")
    Notes.objects.within(running.org).update(text="")

    kept = Report.objects.visible_to(leila).get(pk=made.pk)
    assert kept.about == amara
    assert [(row["person"], row["text"]) for row in kept.evidence["chat"]] == [
        (str(amara.pk), "Send me 200 euros first")
    ]
    assert kept.evidence["notes"]["text"] == "Call Jonas"
    assert kept.evidence["question"] == running.need.text
    assert {(row["person"], row["kind"]) for row in kept.evidence["there"]} == {
        (str(amara.pk), "joined"),
        (str(leila.pk), "joined"),
    }
    assert reports.is_as_kept(kept)
    entry = AuditEntry.objects.get(act="reported")
    assert (entry.on, entry.detail["fingerprint"]) == (f"report {kept.pk}", kept.fingerprint)


@pytest.mark.parametrize("model", [Report, ReportAnswer])
@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_refuses_to_change_or_remove_it(running, leila, nadia, now, model, change):
    answered(told(running, leila, now), nadia, now, "nothing")
    rows = model.objects.within(running.org)
    field = {"text": "x"} if model is Report else {"words": "x"}
    act = {"update": lambda: rows.update(**field), "delete": lambda: rows._raw_delete("default")}[change]
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        act()
    assert rows.get().pk


@pytest.mark.parametrize("where", ["text", "because", "evidence", "about"])
def test_one_word_that_was_changed_past_the_trigger_is_seen(running, leila, now, where):
    made = told(running, leila, now)
    changed = {"text": "x", "because": "rude", "evidence": made.evidence | {"notes": None}, "about": leila}
    setattr(made, where, changed[where])
    assert not reports.is_as_kept(made)


def test_a_report_alone_changes_nothing_for_the_two(running, leila, amara, now):
    told(running, leila, now)
    running.refresh_from_db()
    assert running.status == Status.CONFIRMED
    assert not is_blocked(leila, amara)


def test_with_a_block_the_session_ends(running, leila, amara, now):
    told(running, leila, now, block=True)
    running.refresh_from_db()
    assert running.status == Status.ENDED
    assert is_blocked(leila, amara)


@pytest.mark.parametrize(
    ("given", "field"),
    [({"because": "tired"}, "because"), ({"because": "other", "text": " "}, "text"), ({"text": "x" * 4_001}, "text")],
)
def test_a_report_needs_a_reason_and_fits(running, leila, now, given, field):
    with pytest.raises(Invalid) as refused:
        told(running, leila, now, **given)
    assert set(refused.value.fields) == {field}
    assert not Report.objects.within(running.org).exists()


def test_strangers_and_times_that_were_never_booked_report_nothing(running, need, leila, amara, tomasz, now):
    with pytest.raises(NotFound):
        told(running, tomasz, now)
    asked = make_session(need, amara, now + timedelta(days=2), status=Status.ASKED)
    with pytest.raises(NotFound):
        told(asked, leila, now)


def test_ten_in_a_day_are_enough(running, leila, now):
    for _ in range(10):
        told(running, leila, now)
    with pytest.raises(TooMany):
        told(running, leila, now)


def test_who_judges(running, leila, amara, nadia, jonas, tomasz, commons, now):
    from quarterhour.core.models import Organisation

    made = told(running, leila, now)
    assert list(reports.to_judge(nadia, org=commons)) == [made]
    assert list(reports.to_judge(jonas, org=commons)) == [made]
    elsewhere = Organisation.objects.create(name="Elsewhere", slug="elsewhere")
    manager = PersonFactory(org=elsewhere, org__role="manager")
    assert list(reports.to_judge(manager, org=elsewhere)) == []
    for person in (leila, amara, tomasz, manager):
        with pytest.raises(NotAllowed):
            reports.to_judge(person, org=commons)
    assert list(Report.objects.visible_to(amara)) == []


@pytest.mark.parametrize("side", ["mentor", "mentee"])
def test_nobody_judges_what_they_are_in(running, leila, nadia, commons, now, side):
    need = NeedFactory(mentee=leila if side == "mentor" else nadia, org=commons, stated_at=now)
    other = make_session(need, nadia if side == "mentor" else leila, now - 90 * MINUTE, status=Status.ENDED)
    mine, about_me = told(other, nadia, now), told(other, leila, now)
    assert not reports.to_judge(nadia, org=commons).filter(pk__in=[mine.pk, about_me.pk]).exists()
    with pytest.raises(NotFound):
        answered(about_me, nadia, now, "nothing")


def test_whoever_came_along_is_named_and_judges_nothing_of_it(running, leila, nadia, jonas, now):
    asked = {"org": running.org, "session": running, "brought_by": leila, "asked_at": now}
    Companion.objects.create(**asked, email=jonas.email, person=jonas, accepted_at=now, out_at=now + MINUTE)
    Companion.objects.create(**asked, email="asked@town.example")
    made = told(running, leila, now)
    (came,) = made.evidence["along"]
    assert came == {"person": str(jonas.pk), "since": now.isoformat(), "out": (now + MINUTE).isoformat()}
    assert list(report_rules.to_judge(jonas, org=running.org)) == []
    assert list(report_rules.judges_of(made)) == [nadia]
    assert report_rules.may_hear_appeal(made, nadia)
    with pytest.raises(NotFound):
        reports.answer(report_id=made.pk, outcome="nothing", words="", by=jonas, org=running.org, now=now)


def test_whoever_was_inside_judges_nothing_of_it_when_all_else_is_forgotten(running, leila, nadia, jonas, commons, now):
    Companion.objects.create(
        org=commons, session=running, brought_by=leila, asked_at=now, email=nadia.email, person=nadia, accepted_at=now
    )
    made = told(running, leila, now)
    first = answered(made, jonas, now, "warned", "Never ask for money.")
    report_appeals.appeal(answer=first, text="It was a joke.", now=now)
    assert companions.forget(now=now + timedelta(days=40)) == 1

    made.refresh_from_db()
    assert list(report_rules.to_judge(nadia, org=commons)) == []
    assert list(report_rules.judges_of(made)) == [jonas]
    assert report_rules.may_hear_appeal(made, jonas)  # there is nobody else

    answered(made, jonas, now, "stands", "It was none.")
    report_erasing.erase_evidence(now=now + timedelta(days=200))
    assert list(report_rules.to_judge(nadia, org=commons)) == []


def test_reports_that_were_there_before_are_given_whoever_was_inside(running, leila, amara, nadia, jonas, commons, now):
    asked = {"org": commons, "session": running, "brought_by": leila, "asked_at": now, "accepted_at": now}
    Companion.objects.create(**asked, email=nadia.email, person=nadia)
    made = told(running, leila, now)  # its evidence names Nadia alone
    Companion.objects.create(**asked, email=jonas.email, person=jonas)
    erased = told(running, leila, now)
    answered(erased, PersonFactory(org=commons, org__role="manager"), now, "nothing")
    report_erasing.erase_evidence(now=now + timedelta(days=200))
    migration = import_module("quarterhour.trust.migrations.0005_who_was_inside")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # as if these rows were of another day
        cursor.execute("ALTER TABLE trust_report DISABLE TRIGGER USER")
        cursor.execute("UPDATE trust_report SET inside = '{}'")
        cursor.execute("ALTER TABLE trust_report ENABLE TRIGGER USER")
        cursor.execute(migration.FORWARD)
    for each in (made, erased):
        each.refresh_from_db()
        assert set(each.inside) == {leila.pk, amara.pk, nadia.pk, jonas.pk}
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Report.objects.within(commons).update(inside=[])


@pytest.fixture
def kofi(running, leila, commons, now):
    """He comes along, and writes."""
    person = PersonFactory(name="Kofi Mensah", email="kofi@town.example", org=commons)
    Companion.objects.create(
        org=commons, session=running, brought_by=leila, asked_at=now, email=person.email, person=person, accepted_at=now
    )
    ChatLine.objects.create(org=commons, session=running, person=person, text="Fools, all of you", at=now)
    return person


@pytest.mark.parametrize("out", [False, True])
@pytest.mark.parametrize("side", ["mentor", "mentee"])
def test_either_of_the_two_reports_whoever_came_along(running, kofi, now, side, out):
    if out:
        companions.take_out(companion=running.companions.get(), by=running.mentor, now=now)
    by = getattr(running, side)
    assert reports.reportable(running, by=by) == [running.other(by), kofi]
    made = told(running, by, now, about=kofi, because="rude", text="He shouts.")
    assert (made.reporter, made.about) == (by, kofi)
    assert ("Fools, all of you", str(kofi.pk)) in [(row["text"], row["person"]) for row in made.evidence["chat"]]
    assert reports.is_as_kept(made)
    running.refresh_from_db()
    assert running.status == Status.CONFIRMED
    assert list(Report.objects.visible_to(kofi)) == []


def test_nobody_of_that_room_judges_who_came_along(running, leila, amara, nadia, jonas, kofi, commons, deliver, now):
    for person in (amara, kofi):
        commons.memberships.filter(person=person).update(role="manager")
    made = told(running, leila, now, about=kofi)
    assert set(report_rules.judges_of(made)) == {nadia, jonas}
    for person in (amara, kofi):
        assert list(report_rules.to_judge(person, org=commons)) == []
        with pytest.raises(NotFound):
            answered(made, person, now, "nothing")
    assert set(deliver()) == {"nadia@town.example", "jonas@town.example"}

    answered(made, nadia, now, "warned", "In a recent session you shouted.")
    mails = deliver()
    assert set(mails) == {"kofi@town.example", "leila@town.example"}
    for body in bodies(mails["kofi@town.example"]).values():
        assert "In a recent session you shouted." in body
        assert not {"Leila", "Amara", str(running.pk)}.intersection(re.findall(r"[\w-]+", body))
    assert not report_rules.may_hear_appeal(made, nadia)
    assert report_rules.may_hear_appeal(made, jonas)


def test_with_a_block_whoever_came_along_is_taken_out_and_the_two_go_on(running, leila, amara, kofi, now):
    told(running, leila, now, about=kofi, block=True)
    running.refresh_from_db()
    assert running.status == Status.CONFIRMED
    assert running.companions.get().out_by == leila
    assert is_blocked(leila, kofi)
    assert not is_blocked(leila, amara)
    with pytest.raises(NotFound):
        companions.room_for(running.pk, visible_to=kofi)


def test_who_came_along_can_have_their_account_closed_and_answers(running, leila, kofi, jonas, now):
    made = told(running, leila, now, about=kofi)
    first = answered(made, jonas, now, "suspended", "You shouted.")
    kofi.refresh_from_db()
    assert not kofi.is_active
    report_appeals.appeal(answer=first, text="I have a loud voice.", now=now)
    answered(made, jonas, now, "undone", "So be it.")
    kofi.refresh_from_db()
    assert kofi.is_active


def test_strangers_and_who_was_only_asked_are_nobody_to_report_here(running, leila, kofi, tomasz, commons, now):
    Companion.objects.create(org=commons, session=running, brought_by=leila, asked_at=now, email=tomasz.email)
    for by, about in ((leila, tomasz), (leila, leila), (kofi, leila), (tomasz, kofi)):
        with pytest.raises(NotFound):
            told(running, by, now, about=about)
    assert not Report.objects.within(commons).exists()


def test_whoever_judges_hears_that_one_waits_and_the_two_do_not(running, leila, nadia, jonas, deliver, now):
    told(running, leila, now)
    mails = deliver()
    assert set(mails) == {"nadia@town.example", "jonas@town.example"}
    for body in bodies(mails["nadia@town.example"]).values():
        assert "A report waits for you." in body
        assert "Saturday" in body or "28 Nov" in body
        assert "Leila" not in body
        assert "Amara" not in body


def test_a_word_in_private_reaches_its_reader_and_says_nothing_of_who_reported(running, leila, nadia, deliver, now):
    made = told(running, leila, now)
    deliver()
    answered(made, nadia, now, "warned", "In a recent session you asked for money. Please never do.")
    mails = deliver()
    assert set(mails) == {"amara@town.example", "leila@town.example"}
    for body in bodies(mails["amara@town.example"]).values():
        assert "In a recent session you asked for money." in body
        assert "Leila" not in body
        assert str(running.pk) not in body
    for body in bodies(mails["leila@town.example"]).values():
        assert "We acted on it." in body
        assert "money" not in body


def test_nothing_came_of_it_is_told_to_whoever_reported_alone(running, leila, nadia, deliver, now):
    made = told(running, leila, now)
    deliver()
    answered(made, nadia, now, "nothing", "never sent")
    mails = deliver()
    assert set(mails) == {"leila@town.example"}
    assert made.answers.get().words == ""


def test_a_closed_account_has_nothing_ahead_and_is_opened_again(running, leila, amara, tomasz, jonas, commons, now):
    ahead = make_session(NeedFactory(mentee=tomasz, org=commons), amara, now + timedelta(days=1))
    made = told(running, leila, now)
    answered(made, jonas, now, "suspended", "You asked for money again.")
    amara.refresh_from_db()
    assert not amara.is_active
    states = MentoringSession.objects.within(commons).filter(pk__in=[running.pk, ahead.pk])
    assert {each.pk: each.status for each in states} == {running.pk: Status.ENDED, ahead.pk: Status.CANCELLED}
    with pytest.raises(Changed):
        answered(made, jonas, now, "warned", "x")

    answered(made, jonas, now, "lifted")

    amara.refresh_from_db()
    assert amara.is_active
    with pytest.raises(Changed):
        answered(made, jonas, now, "lifted")
    acts = ["closed account", "opened account", "report suspended", "report lifted"]
    assert AuditEntry.objects.filter(act__in=acts, actor_key=str(jonas.pk)).count() == 4


@pytest.mark.parametrize(
    ("outcome", "words", "refusal"),
    [("suspended", "x", NotAllowed), ("warned", " ", Invalid), ("x", "x", Invalid), ("lifted", "", Invalid)],
)
def test_what_a_manager_cannot_decide(running, leila, nadia, now, outcome, words, refusal):
    made = told(running, leila, now)
    with pytest.raises(refusal):
        answered(made, nadia, now, outcome, words)
    assert not ReportAnswer.objects.within(made.org).exists()


def test_two_who_decide_at_once_decide_once(running, leila, nadia, jonas, now):
    made = told(running, leila, now)
    answered(made, nadia, now, "nothing")
    with pytest.raises(Changed):
        answered(made, jonas, now, "warned", "Stop it.")
    assert made.answers.get().by == nadia
