"""A ring reaches the devices of a mentor on call, for as long as it is open, and never their mail."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quarterhour.core.models import OutboxEvent
from quarterhour.matching.models import OnCall, Ring
from quarterhour.matching.now import line, oncall, queries, ringing
from quarterhour.matching.now.events import MentorRung
from quarterhour.notifications.channels import hear_also
from quarterhour.notifications.handlers import ring_elsewhere
from quarterhour.notifications.models import Notice, SentMail, Webhook
from quarterhour.notifications.notices import note_for

SECOND = timedelta(seconds=1)


@pytest.fixture
def rung(need, amara, commons, now):
    """Amara has a program of her own, is on call, and is rung for Leila."""
    Webhook.objects.create(person=amara, url="https://amara.example/hook", sealed_secret="x", made_at=now)
    hear_also(amara, "webhook")
    oncall.go_on_call(mentor=amara, org=commons, until=now + timedelta(hours=1), elsewhere=True, now=now)
    line.press(need=need, fits={amara.pk: 0.9}, minutes=25, by=need.mentee, now=now)
    told = OutboxEvent.objects.get(name="MentorRung").payload
    event = MentorRung(org_id=commons.pk, ring_id=queries.ring_for(amara).pk, mentor_id=amara.pk)
    assert told["ring_id"] == str(event.ring_id)
    return event


def test_a_ring_is_a_notice_once_and_never_a_mail(rung, commons, now):
    ring_elsewhere(rung, now=now)
    ring_elsewhere(rung, now=now)
    row = Notice.objects.within(commons).get()
    note = note_for(row, now=now + SECOND)
    assert note.title == "Leila asks for you now"
    assert note.urgent
    assert note.lasts == 44 * SECOND
    assert note.url.endswith("/mentor/")
    assert note.data["minutes"] == 25
    assert not SentMail.objects.within(commons).exists()


def test_a_ring_that_is_over_says_nothing_any_more(rung, amara, commons, now):
    ring_elsewhere(rung, now=now)
    row = Notice.objects.within(commons).get()
    assert note_for(row, now=now + 46 * SECOND) is None
    ringing.pass_on(ring=queries.ring_for(amara), by=amara, now=now + SECOND)
    assert note_for(row, now=now + 2 * SECOND) is None


def test_whoever_is_reached_elsewhere_stays_on_call_without_a_page(rung, amara, commons, now):
    later = now + timedelta(minutes=40)
    Ring.objects.within(commons).update(answer="passed")
    assert oncall.end_by_itself(now=later) == 0
    assert [each.id for each in ringing.on_call(commons.pk, now=later)[0]] == [str(amara.pk)]
    OnCall.objects.within(commons).update(elsewhere=False)
    assert ringing.on_call(commons.pk, now=later)[0] == []
    assert oncall.end_by_itself(now=later) == 1
