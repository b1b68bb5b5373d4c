"""Whoever was taken off call hears why, once, by mail and on their devices; whoever stopped themselves does not."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.notifications.reading import bodies

from quarterhour.matching.models import OnCall
from quarterhour.matching.now import oncall
from quarterhour.notifications.channels import hear_also
from quarterhour.notifications.models import Notice, SentMail, Webhook
from quarterhour.notifications.notices import TYPES, note_for
from quarterhour.people.models import Profile

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
LATER = timedelta(minutes=20)


@pytest.fixture
def on_call(amara, commons, now):
    oncall.go_on_call(mentor=amara, org=commons, until=now + timedelta(hours=1), now=now)
    return OnCall.objects.within(commons)


@pytest.mark.parametrize(
    ("missed", "why", "advice"),
    [
        (3, "Three rings in a row found nobody.", "nobody is waiting for you"),
        (0, "No page of yours was open for a quarter of an hour", "let a browser or a phone of yours hear"),
    ],
)
def test_whoever_is_taken_off_call_hears_why_and_how_to_go_on(on_call, deliver, now, missed, why, advice):
    on_call.update(missed=missed)
    assert oncall.end_by_itself(now=now + LATER) == 1

    mails = deliver(at=now + LATER)

    assert set(mails) == {"amara@town.example"}
    assert mails["amara@town.example"]["Subject"] == "You are off call"
    for body in bodies(mails["amara@town.example"]).values():
        assert why in body
        assert advice in body
        assert "/mentor/#on-call-h" in body
        assert "10:24, Lagos time" in body
    assert deliver(at=now + 2 * LATER) == {}


@pytest.mark.parametrize(
    ("policy", "missed", "why"),
    [
        ({"on_call_misses": 2}, 2, "Two rings in a row found nobody."),
        ({"on_call_misses": 1}, 1, "A ring found nobody."),
        ({"on_call_silent": 600}, 0, "open for ten minutes, so"),
        ({"on_call_silent": 60}, 0, "open for a minute, so"),
    ],
)
def test_the_measures_told_are_those_of_the_policy(on_call, deliver, now, settings, policy, missed, why):
    settings.POLICY = settings.POLICY | policy
    on_call.update(missed=missed)
    assert oncall.end_by_itself(now=now + LATER) == 1

    (mail,) = deliver(at=now + LATER).values()

    assert [why in body for body in bodies(mail).values()] == [True, True]


@pytest.mark.parametrize("change", [{"is_mentor": False}, {"paused_until": date(2026, 12, 24)}])
def test_whoever_offers_no_time_any_more_is_not_asked_to_go_on(on_call, amara, commons, deliver, now, change):
    oncall.end_by_itself(now=now + LATER)
    Profile.objects.within(commons).filter(person=amara).update(**change)

    assert deliver(at=now + LATER) == {}


@pytest.mark.parametrize("ends", ["stopped", "at its time"])
def test_whoever_ended_it_themselves_hears_nothing(on_call, amara, commons, deliver, now, ends):
    if ends == "stopped":
        oncall.stop(mentor=amara, org=commons, now=now)
    assert oncall.end_by_itself(now=now + timedelta(hours=2)) == 0

    assert deliver(at=now + timedelta(hours=2)) == {}
    assert not SentMail.objects.within(commons).exists()


def test_whoever_is_on_call_again_is_not_told_of_the_time_before(on_call, amara, commons, deliver, now):
    on_call.update(missed=3)
    oncall.end_by_itself(now=now + LATER)
    oncall.go_on_call(mentor=amara, org=commons, until=now + 3 * LATER, now=now + LATER)

    assert deliver(at=now + LATER + timedelta(seconds=1)) == {}


def test_the_second_time_is_told_as_the_first_one_was(on_call, amara, commons, deliver, now):
    for begun in (now, now + 2 * LATER):
        oncall.go_on_call(mentor=amara, org=commons, until=begun + timedelta(hours=1), now=begun)
        assert oncall.end_by_itself(now=begun + LATER) == 1
        assert set(deliver(at=begun + LATER)) == {amara.email}


def test_devices_hear_it_in_short(on_call, amara, commons, deliver, now):
    Webhook.objects.create(person=amara, url="https://amara.example/hook", sealed_secret="x", made_at=now)
    hear_also(amara, "webhook")
    on_call.update(missed=3)
    oncall.end_by_itself(now=now + LATER)
    deliver(at=now + LATER)

    note = note_for(Notice.objects.within(commons).get(), now=now + LATER)

    assert (note.type, note.title) == ("now.ended", "You are off call")
    assert note.text == "Three rings in a row found nobody. One press puts you on call again."
    assert note.url.endswith("/mentor/#on-call-h")
    assert not note.urgent


def test_the_manual_names_every_kind_of_notice():
    told = (ROOT / "docs" / "reminders.md").read_text()

    assert [kind for kind in sorted(set(TYPES.values())) if f"`{kind}`" not in told] == []
