"""How a session was kept: judged when it ends, heard of, appealed against, settled."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.factories import NeedFactory, PersonFactory, make_session

from quarterhour.advice.queries import outcomes_of, standings
from quarterhour.advice.services import CardWords, confirm_card, write_card
from quarterhour.core import outbox
from quarterhour.core.errors import Changed, Invalid, NotFound
from quarterhour.core.ids import uuid7
from quarterhour.core.models import AuditEntry, OutboxEvent
from quarterhour.engines.attendance import Side, Verdict
from quarterhour.matching.now import line
from quarterhour.notifications import mailings
from quarterhour.notifications.models import SentMail
from quarterhour.people.models import Profile
from quarterhour.sessions import appeals, attendance, quotas, services
from quarterhour.sessions.models import Appeal, AttendanceEvent, ChatLine, HowKept, MentoringSession, Silence, Status
from quarterhour.trust.queries import helped_by
from quarterhour.trust.services import say_how_it_helped

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
KINDS = AttendanceEvent.Kind


@pytest.fixture
def session(need, amara, now):
    """Booked for 25 minutes; at `now` its room has closed."""
    return make_session(need, amara, now - 45 * MINUTE, status=Status.CONFIRMED, now=now - timedelta(days=1))


def there(session, person, start, end, *more):
    """They were in the room from one minute of the session to another."""
    tab = uuid7()
    for kind, minute in [(KINDS.JOINED, start), (KINDS.LEFT, end), *more]:
        AttendanceEvent.objects.create(
            org=session.org, session=session, person=person, kind=kind, connection=tab,
            at=session.starts_at + minute * MINUTE,
        )  # fmt: skip


def over(session, now) -> HowKept:
    assert services.close_finished(now=now) == 1
    return HowKept.objects.within(session.org_id).get(session=session)


def mails(session, person, what, now):
    """What this person is sent about it, as text, once all news is delivered."""
    outbox.drain(now=now)
    rows = SentMail.objects.within(session.org_id).filter(person=person, reason__startswith=f"{what} {session.pk}")
    made = [mailings.message_for(row, now=now) for row in rows]
    return [" ".join(mail.get_body(("plain",)).get_content().split()) for mail in made if mail]


def test_a_session_that_ends_has_a_verdict_with_its_reason_and_rule(session, leila, amara, now):
    there(session, amara, 1, 24)
    there(session, leila, 3, 25)

    kept = over(session, now)

    assert (kept.word, kept.rule) == (Verdict.HELD, 1)
    found = attendance.read(kept)
    assert found == attendance.found(session, now=now)
    assert found.together == 21 * MINUTE
    assert OutboxEvent.objects.filter(name="SessionEnded").count() == 1
    assert not OutboxEvent.objects.filter(name="SessionJudged").exists()


def test_who_wrote_to_each_other_met_though_no_picture_came_through(session, leila, amara, now):
    there(session, amara, 0, 25, (KINDS.MEDIA_FAILED, 1))
    there(session, leila, 0, 25)
    for person in (leila, amara):
        ChatLine.objects.create(org=session.org, session=session, person=person, text="Here?", at=now)
    assert over(session, now).word == Verdict.HELD


def test_a_mentor_who_did_not_come_is_told_and_so_is_who_waited(session, leila, amara, now):
    there(session, leila, 0, 12)
    assert over(session, now).word == Verdict.MISSED_BY_MENTOR

    (theirs,) = mails(session, amara, "missed", now)
    assert "Leila waited for you." in theirs
    assert "Amara was not seen; Leila was there from 09:19 to 09:31, 12 minutes of it alone." in theirs
    assert f"/kept/{session.pk}/" in theirs
    (mine,) = mails(session, leila, "missed", now)
    assert "Amara did not come." in mine
    assert "What you asked this week does not count it" in mine
    assert mails(session, leila, "card", now) == []


def test_whoever_waited_in_vain_may_ask_again_and_nothing_was_given_to_them(session, leila, amara, now):
    MentoringSession.objects.within(session.org_id).update(asked_at=now - timedelta(days=1))
    assert quotas.quota_of(leila, org=session.org_id, now=now).this_week == 1
    there(session, leila, 0, 12)
    over(session, now)

    assert quotas.quota_of(leila, org=session.org_id, now=now).this_week == 0
    assert standings([session.need], visible_to=leila, now=now)[session.need_id].at == "asked"
    outcome = outcomes_of(amara, org=session.org_id)
    assert (outcome.met, outcome.unknown) == (0, 0)


def test_in_line_for_now_waiting_in_vain_is_no_conversation(session, leila, amara, commons, now):
    held = make_session(NeedFactory(mentee=leila, org=commons), amara, now - timedelta(days=2), now=now)
    there(held, leila, 0, 25)
    there(held, amara, 0, 25)
    services.end(session=held, now=held.ends_at)
    there(session, leila, 0, 12)
    over(session, now)
    place = line.press(need=session.need, fits={amara.pk: 0.9}, minutes=25, by=leila, now=now)
    assert place.helped == 1


def test_what_is_said_of_a_session_nobody_came_to_counts_for_nobody(session, leila, amara, now):
    there(session, leila, 0, 12)
    say_how_it_helped(session=session, by=leila, quarters=0, now=now - 20 * MINUTE)
    over(session, now)
    outbox.drain(now=now)
    assert helped_by([amara.pk], org=session.org_id) == {}


def test_the_second_miss_in_a_row_pauses_a_mentor_and_a_session_kept_begins_anew(leila, amara, commons, now):
    def a_session(days):
        need = NeedFactory(mentee=leila, org=commons, stated_at=now)
        return make_session(need, amara, now - days * timedelta(days=1), now=now - timedelta(days=9))

    first, held, second, third = (a_session(days) for days in (4, 3, 2, 1))
    for each in (first, second, third):
        there(each, leila, 0, 12)
    there(held, leila, 0, 25)
    there(held, amara, 0, 25)

    def close(each):
        services.end(session=each, now=each.ends_at)
        return Silence.objects.within(commons).get(mentor=amara).in_a_row

    assert [close(each) for each in (first, held, second)] == [1, 0, 1]
    assert not Profile.objects.within(commons).filter(person=amara, paused_until__isnull=False).exists()
    close(third)
    assert Profile.objects.within(commons).filter(person=amara, paused_until__isnull=False).exists()
    assert HowKept.objects.within(commons).get(session=third).paused
    assert "nobody finds you until you come back" in mails(third, amara, "missed", now)[0]


def test_a_card_both_keep_counts_as_held_wherever_they_met(session, leila, amara, now):
    there(session, leila, 0, 12)
    assert over(session, now).word == Verdict.MISSED_BY_MENTOR
    outbox.drain(now=now)

    card = write_card(
        session=session, by=leila, words=CardWords(insight="By telephone."), seen=0, may_quote=False,
        held_on=now.date(), now=now,
    )  # fmt: skip
    outbox.drain(now=now)
    assert HowKept.objects.within(session.org_id).get().word == Verdict.MISSED_BY_MENTOR
    confirm_card(card=card, by=amara, seen=card.version, may_quote=False, now=now)
    outbox.drain(now=now)

    kept = HowKept.objects.within(session.org_id).get()
    assert (kept.word, kept.facts["told"]) == (Verdict.HELD, ["mentee", "mentor"])
    assert Silence.objects.within(session.org_id).get(mentor=amara).in_a_row == 0
    assert mails(session, amara, "missed", now) == []


def test_one_word_settles_what_nobody_saw(session, leila, now):
    assert over(session, now).word == Verdict.UNKNOWN
    say_how_it_helped(session=session, by=leila, quarters=4, now=now)
    outbox.drain(now=now)
    assert HowKept.objects.within(session.org_id).get().word == Verdict.HELD
    outbox.drain(now=now)
    attendance.hear(session.pk, [Side.MENTEE], org_id=session.org_id, now=now)
    assert OutboxEvent.objects.filter(name="SessionJudged").count() == 1


def test_what_was_said_while_they_talked_is_heard_when_it_ends(session, leila, now):
    say_how_it_helped(session=session, by=leila, quarters=4, now=now - 21 * MINUTE)
    over(session, now)
    outbox.drain(now=now)
    assert HowKept.objects.within(session.org_id).get().word == Verdict.HELD


# --- that is not how it was ----------------------------------------------------------------------------


@pytest.fixture
def missed(session, leila, now):
    there(session, leila, 0, 12)
    over(session, now)
    return session


def manager(session):
    return PersonFactory(org=session.org, org__role="manager")


def settle(session, verdict, now):
    by = manager(session)
    return appeals.settle(session_id=session.pk, org_id=session.org_id, verdict=verdict, by=by, now=now)


def test_either_may_say_once_that_it_was_otherwise(missed, amara, now):
    said = appeals.say_otherwise(session=missed, by=amara, text=" We talked by telephone. ", now=now)
    again = appeals.say_otherwise(session=missed, by=amara, text="Really.", now=now)

    assert (said.pk, again.text) == (again.pk, "We talked by telephone.")
    assert list(appeals.waiting(missed.org_id)) == [said]
    assert OutboxEvent.objects.filter(name="AppealMade").count() == 1


def test_words_are_needed_and_a_party_and_seven_days(missed, session, amara, commons, now):
    for text in ("", "   ", "x" * 601):
        with pytest.raises(Invalid):
            appeals.say_otherwise(session=missed, by=amara, text=text, now=now)
    with pytest.raises(NotFound):
        appeals.say_otherwise(session=missed, by=PersonFactory(org=commons), text="I was there.", now=now)
    with pytest.raises(Changed, match="Seven days"):
        appeals.say_otherwise(session=missed, by=amara, text="I was there.", now=now + timedelta(days=7))
    assert not Appeal.objects.within(commons).exists()


def test_there_is_nothing_to_say_before_it_is_over(session, amara, now):
    with pytest.raises(NotFound):
        appeals.say_otherwise(session=session, by=amara, text="I was there.", now=now)


def test_settled_otherwise_it_is_made_up_for_told_and_kept_in_the_audit(missed, leila, amara, now):
    appeals.say_otherwise(session=missed, by=amara, text="We talked by telephone.", now=now)
    kept = settle(missed, "held", now)

    assert (kept.word, kept.settled_at) == (Verdict.HELD, now)
    assert Silence.objects.within(missed.org_id).get(mentor=amara).in_a_row == 0
    assert not appeals.waiting(missed.org_id).exists()
    note = AuditEntry.objects.get(act="settled an appeal")
    assert (note.on, note.detail) == (f"session {missed.pk}", {"was": "missed by mentor", "verdict": "held"})
    for person in (leila, amara):
        (told,) = mails(missed, person, "settled", now)
        assert "It counts as held." in told
        assert mails(missed, person, "missed", now) == []


def test_a_pause_for_a_miss_that_was_none_is_lifted(leila, amara, commons, now):
    Silence.objects.create(org=commons, mentor=amara, in_a_row=1)
    session = make_session(NeedFactory(mentee=leila, org=commons), amara, now - 45 * MINUTE, now=now)
    there(session, leila, 0, 12)
    assert over(session, now).paused
    appeals.say_otherwise(session=session, by=amara, text="The link did not open.", now=now)
    settle(session, "technical failure", now)
    assert not Profile.objects.within(commons).filter(person=amara, paused_until__isnull=False).exists()
    assert not HowKept.objects.within(commons).get().paused


def test_a_verdict_that_stands_is_settled_as_well_and_for_good(missed, leila, amara, now):
    appeals.say_otherwise(session=missed, by=amara, text="We talked by telephone.", now=now)
    settle(missed, "missed by mentor", now)
    assert Silence.objects.within(missed.org_id).get(mentor=amara).in_a_row == 1
    assert "missed by Amara" in mails(missed, leila, "settled", now)[0]
    with pytest.raises(Changed):
        settle(missed, "held", now)
    with pytest.raises(Changed, match="settled"):
        appeals.say_otherwise(session=missed, by=leila, text="It is.", now=now)
    attendance.hear(missed.pk, list(Side), org_id=missed.org_id, now=now)
    assert HowKept.objects.within(missed.org_id).get().word == Verdict.MISSED_BY_MENTOR


def test_nothing_is_settled_that_nobody_appealed_or_with_another_word(missed, amara, now):
    with pytest.raises(NotFound):
        settle(missed, "held", now)
    appeals.say_otherwise(session=missed, by=amara, text="We talked by telephone.", now=now)
    with pytest.raises(Invalid):
        settle(missed, "splendid", now)
