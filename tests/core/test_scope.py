"""A tenant's rows cannot be read by accident."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models
from tests.factories import NeedFactory, PersonFactory, make_session

from quarterhour.core.models import Organisation, TenantRow
from quarterhour.core.scope import TenantQuerySet, UnscopedAccess

OURS = [m for m in apps.get_models() if m.__module__.startswith("quarterhour.")]
TENANTS = [m for m in OURS if issubclass(m, TenantRow)]

# Tables of ours that belong to no organisation, each with its reason.
WITHOUT_ORGANISATION = {
    "core.Organisation": "is the organisation",
    "core.OutboxEvent": "read by the worker alone, carries the organisation it is about",
    "core.Delivery": "read by the worker alone",
    "core.Command": "keyed by the person who sent it",
    "core.SingleUseLink": "found by its secret alone",
    "core.AuditEntry": "written always, read by operators",
    "core.Spent": "counts tries, holds nobody's words",
    "people.Person": "an account may belong to several organisations",
    "people.Membership": "is the tie between account and organisation",
    "people.Skill": "reference data, the same for everybody",
    "notifications.Wishes": "a person's own channels and quiet hours, whatever the organisation",
    "notifications.PushBrowser": "a browser of a person, whatever the organisation",
    "notifications.Webhook": "an address of a person's own, whatever the organisation",
    "notifications.PushKey": "how push services know this installation, sealed",
    "availability.CalendarAccount": "a person is busy everywhere, whatever the organisation",
    "availability.OutsideCalendar": "the same",
    "availability.BusyTime": "the same",
    "availability.CalendarFeed": "one a person, found by its secret alone",
    "mentoring_sessions.TimeClaim": "a person is in one place, whatever the organisation",
    "matching.WordCount": "counts words, names its organisation, read by the ranker alone",
}


def test_every_table_belongs_to_an_organisation_or_says_why_not():
    assert {m._meta.label for m in OURS if m not in TENANTS} == set(WITHOUT_ORGANISATION)


@pytest.mark.parametrize("model", TENANTS, ids=lambda m: m._meta.label)
def test_reading_without_saying_for_whom_is_refused(model, db):
    assert issubclass(type(model.objects.all()), TenantQuerySet)
    for read in (list, lambda q: q.count(), lambda q: q.exists(), lambda q: q.first(), lambda q: q.delete()):
        with pytest.raises(UnscopedAccess):
            read(model.objects.all())
    with pytest.raises(UnscopedAccess):
        model.objects.filter(pk=model().pk).update(id=model().pk)
    with pytest.raises(UnscopedAccess):
        list(model.objects.all().iterator())
    with pytest.raises(UnscopedAccess):
        model.objects.aggregate(models.Count("pk"))


# Tables a fellow member may read; everything else belongs to the one or the two it is about.
SHOWN_TO_MEMBERS = {
    "people.Profile", "people.Topic", "people.Story",  # what people show of themselves
    "availability.Availability", "availability.DayOverride",  # when they offer time
    "matching.Evidence",  # what they may be quoted with
    "matching.SharedPiece",  # what they let others find, without their names
}  # fmt: skip

# Tables the ranker alone reads.
SHOWN_TO_NOBODY = {"matching.PastNeed", "matching.Capacity", "matching.KeptRanking", "matching.LearnedRanker"}

# Tables of those who run an organisation's programs.
SHOWN_TO_MANAGERS = {"matching.CohortRun"}


def _mirror(here, person, now) -> None:
    from quarterhour.availability.models import OutsideCalendar
    from quarterhour.notifications.mirror_models import MirroredSession

    plain = {"kind": "caldav", "name": "x", "shown": "x", "sealed": "x", "added_at": now, "due_at": now}
    calendar = OutsideCalendar.objects.create(person=person, **plain)
    MirroredSession.objects.create(**here, calendar=calendar, due_at=now)


def _followed(here, card, person, now) -> None:
    """What became of it, as far as this person says."""
    from quarterhour.advice.models import ActionAnswer
    from quarterhour.notifications.models import ActionReminder
    from quarterhour.trust.follow_up_models import FollowUp

    FollowUp.objects.create(**here, person=person, kind="week", due_at=now, until=now)
    _reported(here, person, now)
    org, action = here["org"], card.actions.get()
    ActionAnswer.objects.create(org=org, action=action, person=person, quarters=3, at=now)
    ActionReminder.objects.create(org=org, action=action, person=person, day=now.date(), handed_at=now)


def _reported(here, person, now) -> None:
    from quarterhour.trust.models import Report, ReportAnswer, ReportAppeal

    other, plain = here["session"].other(person), {"because": "rude", "evidence": {}, "made_at": now}
    made = Report.objects.create(**here, reporter=person, about=other, **plain)
    ReportAnswer.objects.create(org=here["org"], report=made, outcome="nothing", by=other, at=now)
    against = Report.objects.create(**here, reporter=other, about=person, **plain)
    ReportAppeal.objects.create(org=here["org"], report=against, text="w", said_at=now)


@pytest.fixture
def lived(leila, amara, commons, now):  # noqa: PLR0915 - as many statements as tables
    """One row of every tenant table, around one session of two people."""
    from quarterhour.advice.models import Action, AdvicePiece, Confirmation, Takeaway
    from quarterhour.assistant.models import Thoughts
    from quarterhour.availability.models import Availability, DayOverride
    from quarterhour.matching.capacity import count_capacity
    from quarterhour.matching.cohort_models import CohortRun
    from quarterhour.matching.indexing import index_mentors
    from quarterhour.matching.kept import keep
    from quarterhour.matching.learned_models import LearnedRanker
    from quarterhour.matching.now_models import OnCall, Place, Ring
    from quarterhour.matching.past_needs import index_past_needs
    from quarterhour.matching.people import ranking_for
    from quarterhour.matching.waitlist_models import FreedTime, Waiter
    from quarterhour.needs.models import NeedTopic, Prospect, Waiting
    from quarterhour.notifications.models import Notice, Reminder, SentMail
    from quarterhour.people.models import Block, Skill
    from quarterhour.sessions.models import (
        Appeal,
        AttendanceEvent,
        ChatLine,
        Coming,
        Companion,
        HowKept,
        Notes,
        NotesUpdate,
        SpokenLine,
    )
    from quarterhour.trust.models import Helpfulness, PrivateNote

    need = NeedFactory(mentee=leila, org=commons)
    skill = Skill.objects.create(pk="leading", label="Leading", area="work", spellings="leading")
    NeedTopic.objects.create(org=commons, need=need, skill=skill)
    waiting = Waiting.objects.create(org=commons, need=need, since=now, until=now)
    Thoughts.objects.create(org=commons, need=need, version=1, asked_at=now)
    Prospect.objects.create(org=commons, waiting=waiting, mentor=amara, found_at=now)
    session = make_session(need, amara, now, status="ended")
    here = {"org": commons, "session": session}
    waiter = Waiter.objects.create(org=commons, need=need, mentee=leila, since=now, until=now)
    FreedTime.objects.create(**here, waiter=waiter, kept_at=now, until=now)
    Notes.objects.create(**here, text="x", saved_at=now)
    NotesUpdate.objects.create(**here, update=b"x", at=now)
    ChatLine.objects.create(**here, person=leila, text="x", at=now)
    SpokenLine.objects.create(**here, person=leila, text="x", at=now)
    AttendanceEvent.objects.create(**here, person=leila, kind="joined", connection=session.pk, at=now)
    Helpfulness.objects.create(**here, rater=leila, quarters=3, at=now)
    PrivateNote.objects.create(**here, rater=leila, text="x", at=now)
    card = Takeaway.objects.create(**here, insight="x", written_at=now, quotable=True)
    AdvicePiece.objects.create(org=commons, takeaway=card, text="x")
    Action.objects.create(org=commons, takeaway=card, text="x")
    _followed(here, card, leila, now)
    Confirmation.objects.create(org=commons, takeaway=card, person=leila, version=1, at=now)
    _decided(card, need, now)
    _known(card, need, now)
    Block.objects.create(org=commons, blocker=leila, blocked=PersonFactory(org=commons), created_at=now)
    SentMail.objects.create(org=commons, person=leila, reason="x", message_id="x", made_at=now)
    Notice.objects.create(org=commons, person=leila, reason="x", channel="push", target=leila.pk, made_at=now)
    Reminder.objects.create(**here, person=leila, kind="day", sequence=0, due_at=now, until=now)
    Companion.objects.create(**here, brought_by=leila, email="x@town.example", asked_at=now)
    Coming.objects.create(**here, person=leila, sequence=0, said_at=now)
    Appeal.objects.create(**here, person=leila, text="x", said_at=now)
    HowKept.objects.create(**here, word="held", facts={}, rule=1, judged_at=now)
    _request(here, leila, now)
    _mirror(here, leila, now)
    offer = Availability.objects.within(commons).get(mentor=amara)
    DayOverride.objects.create(org=commons, availability=offer, day=now.date())
    index_mentors(org=commons, mentor_ids=[amara.pk])
    index_past_needs(org_id=commons.pk, mentor_ids=[amara.pk])
    count_capacity(org_id=commons.pk, mentor_ids=[amara.pk], now=now)
    keep(ranking_for(need, now=now), need=need, now=now)
    LearnedRanker.objects.create(
        org=commons,
        made_at=now,
        version="x",
        features=[],
        since=now,
        until=now,
        seed=1,
        heads={},
        report={},
        taken=False,
    )
    OnCall.objects.create(org=commons, mentor=leila, since=now, until=now, seen_at=now)
    place = Place.objects.create(org=commons, need=need, mentee=leila, asked_at=now, seen_at=now, minutes=25)
    Ring.objects.create(org=commons, place=place, mentor=leila, wave=0, rung_at=now, until=now)
    CohortRun.objects.create(org=commons, made_by=leila, made_at=now, rules={}, mentees=[leila.pk], places={})


def _known(card, need, now) -> None:
    from quarterhour.advice.models import AdvicePiece
    from quarterhour.matching.knowledge_models import KnowledgeConsent, SharedPiece, Tried

    here = {"org": need.org}
    for person in (need.mentee, card.session.mentor):
        KnowledgeConsent.objects.create(**here, takeaway=card, person=person, version=card.version, at=now)
    piece = AdvicePiece.objects.create(**here, takeaway=card, text="w")
    shared = SharedPiece.objects.create(**here, piece=piece, said="w", text="w", language="en", shared_at=now)
    Tried.objects.create(**here, shared=shared, person=need.mentee, helped=True, at=now)


def _decided(card, need, now) -> None:
    from quarterhour.advice.decision_models import Comment, Decision, Guest, LaidPiece, Option, PerspectiveLabel
    from quarterhour.advice.models import AdvicePiece

    leila, amara, commons = need.mentee, card.session.mentor, need.org
    decision = Decision.objects.create(org=commons, owner=leila, question="x", made_at=now, changed_at=now)
    here = {"org": commons, "decision": decision}
    Option.objects.create(**here, text="x")
    pieces = [AdvicePiece.objects.create(org=commons, takeaway=card, text=text) for text in "yz"]
    laid = sorted((LaidPiece.objects.create(**here, piece=each, laid_at=now) for each in pieces), key=lambda x: x.pk)
    PerspectiveLabel.objects.create(**here, a=laid[0], b=laid[1], word="dismissed", said_by=leila, said_at=now)
    Guest.objects.create(**here, mentor=amara, since=now)
    Comment.objects.create(**here, mentor=amara, text="x", at=now)


def _request(here, leila, now) -> None:
    from quarterhour.sessions.models import Ask, Silence, WrittenAsk

    Ask.objects.create(**here, read_at=now)
    two = {"need": here["session"].need, "mentor": here["session"].mentor, "mentee": leila}
    WrittenAsk.objects.create(org=here["org"], **two, asked_at=now, answer_by=now)
    Silence.objects.create(org=here["org"], mentor=leila)


def rows(model, person) -> int:
    return model.objects.visible_to(person).count()


@pytest.mark.parametrize("model", TENANTS, ids=lambda m: m._meta.label)
def test_each_row_is_seen_by_those_it_is_about_and_by_nobody_elsewhere(model, lived, leila, commons):
    elsewhere = Organisation.objects.create(name="Elsewhere", slug="elsewhere")
    assert model.objects.of_every_tenant(because="the test made one").exists(), "make a row of it in `lived`"
    assert rows(model, PersonFactory(org=elsewhere)) == 0
    fellow = rows(model, PersonFactory(org=commons))
    if model._meta.label in SHOWN_TO_MEMBERS:
        assert fellow > 0
    elif model._meta.label in SHOWN_TO_NOBODY:
        assert fellow == rows(model, leila) == 0
    elif model._meta.label in SHOWN_TO_MANAGERS:
        assert fellow == rows(model, leila) == 0
        assert rows(model, PersonFactory(org=commons, org__role="manager")) > 0
    else:
        assert fellow == 0
        assert rows(model, leila) > 0


def test_rows_reached_from_a_row_in_hand_need_no_second_word(leila, commons):
    need = NeedFactory(mentee=leila, org=commons)
    assert list(need.topics.all()) == []
    assert list(leila.needs.all()) == [need]


def test_a_need_is_seen_by_the_person_who_has_it_alone(leila, amara, commons):
    from quarterhour.needs.models import Need

    need = NeedFactory(mentee=leila, org=commons)
    assert list(Need.objects.visible_to(leila)) == [need]
    assert list(Need.objects.visible_to(amara)) == []
