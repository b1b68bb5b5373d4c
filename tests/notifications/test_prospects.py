"""One mail that somebody can help, and one press that ends it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from tests.notifications.reading import bodies

from quarterhour.needs.models import Waiting
from quarterhour.needs.services import close, note_prospect, stop_waiting, wait
from quarterhour.notifications.models import SentMail
from quarterhour.people import services as people
from quarterhour.people.models import Profile

pytestmark = pytest.mark.django_db


@pytest.fixture
def found(need, amara, now):
    """Amara came up for Leila's question."""
    waiting = wait(need=need, now=now)
    assert note_prospect(waiting=waiting, mentor=amara, now=now)
    return waiting


def test_the_mail_says_who_and_leads_to_the_card(found, need, amara, deliver, now):
    mails = deliver()
    assert set(mails) == {"leila@town.example"}
    mail = mails["leila@town.example"]
    assert mail["Subject"].startswith("Amara can help: Should I say yes now")
    for body in bodies(mail).values():
        assert "Amara can help." in body
        assert f"/match/{need.pk}/#m-{amara.pk}" in body
        assert "Director of engineering" in body
        assert "Stop telling me" in body


def test_it_is_sent_once(found, amara, deliver, now):
    assert len(deliver()) == 1
    assert not note_prospect(waiting=found, mentor=amara, now=now)
    assert deliver() == {}
    assert SentMail.objects.within(found.org).count() == 1


@pytest.mark.parametrize("reason", ["stopped", "closed", "over", "blocked", "away", "gone"])
def test_what_is_no_longer_true_is_not_sent(found, need, amara, leila, commons, deliver, now, reason):
    at = now + timedelta(minutes=1)
    profile = Profile.objects.within(commons).filter(person=amara)
    {
        "stopped": lambda: stop_waiting(need, now=at),
        "closed": lambda: close(need, now=at),
        "over": lambda: Waiting.objects.within(commons).update(until=at),
        "blocked": lambda: people.block(other=leila, by=amara, org=commons, now=at),
        "away": lambda: profile.update(paused_until=now.date() + timedelta(days=2)),
        "gone": lambda: profile.update(is_mentor=False),
    }[reason]()
    assert deliver(at=at) == {}


def test_the_third_is_told_though_the_waiting_ends_with_them(found, commons, deliver, now):
    from tests.factories import MentorFactory

    for n in range(2):
        note_prospect(waiting=found, mentor=MentorFactory(name=f"Mentor {n}", org=commons), now=now)
    deliver()
    assert SentMail.objects.within(commons).exclude(sent_at=None).count() == 3


def test_one_press_from_the_mail_ends_it_and_looking_does_not(found, client, deliver, now, monkeypatch):
    monkeypatch.setattr("quarterhour.core.clock.now", lambda: now)
    text = bodies(deliver()["leila@town.example"])["text/plain"]
    way = re.search(r"(/by-mail/stop-waiting/\S+)", text).group(1)
    page = client.get(way)
    assert page.status_code == 200
    assert "Stop waiting for somebody?" in page.content.decode()
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert Waiting.objects.within(found.org).in_force(now).exists()

    for _ in range(2):
        assert "Stopped." in client.post(way).content.decode()
    assert not Waiting.objects.within(found.org).in_force(now).exists()
    assert client.get(way).status_code == 410
    assert client.get("/by-mail/stop-waiting/guessed/").status_code == 410
    assert client.post("/by-mail/stop-waiting/guessed/").status_code == 410
