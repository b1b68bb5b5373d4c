"""How did it turn out: asked once, on the day its owner chose, stopped by one press; and a decision that is shown."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.advice.deciding import TODAY, YES, decide, met, option
from tests.notifications.reading import bodies

from quarterhour.advice import decisions, sharing
from quarterhour.advice.decision_models import Decision
from quarterhour.notifications import deciding, notices
from quarterhour.notifications.models import Notice, SentMail
from quarterhour.people import services as people

pytestmark = pytest.mark.django_db

DAY = TODAY + timedelta(days=30)
MORNING_OF_IT = datetime(2026, 12, 26, 11, tzinfo=UTC)  # Lisbon reads the same clock


def record(decision, *, back: date | None = DAY, reason="A date makes it a trial.") -> Decision:
    decision.refresh_from_db()
    return decisions.record(
        decision=decision, by=decision.owner, option=option(decision, YES).pk, reason=reason, look_back_on=back,
        seen=decision.version, today=TODAY, now=decision.made_at,
    )  # fmt: skip


@pytest.fixture
def decided(need, amara):
    met(need, amara, "Say yes, with a date.")
    return record(decide(need))


@pytest.fixture
def asked(deliver):
    """What Leila gets when the timers go off at this moment."""

    def run(at=MORNING_OF_IT):
        deciding.hand_over(now=at)
        return deliver(at=at).get("leila@town.example")

    return run


def test_on_its_day_one_mail_asks_with_the_reason_and_never_again(decided, asked):
    assert asked(MORNING_OF_IT - timedelta(days=1)) is None
    mail = asked()
    assert mail["Subject"].startswith("How did it turn out?")
    for body in bodies(mail).values():
        assert "A date makes it a trial." in body
        assert f"/decide/{decided.pk}/#back-h" in body
    for later in (timedelta(minutes=2), timedelta(days=1), timedelta(days=400)):
        assert asked(MORNING_OF_IT + later) is None
    assert SentMail.objects.within(decided.org_id).filter(reason__startswith="look-back").count() == 1


def test_a_day_that_was_missed_is_asked_about_later(decided, asked):
    assert asked(MORNING_OF_IT + timedelta(days=3)) is not None


def test_at_night_nobody_is_asked(decided, asked):
    assert asked(datetime(2026, 12, 26, 3, tzinfo=UTC)) is None
    assert asked() is not None


@pytest.mark.parametrize("why", ["stopped", "said", "open", "gone", "no day"])
def test_what_is_settled_is_not_asked(decided, asked, leila, now, why):
    given = {"decision": decided, "by": leila, "now": now}
    {
        "stopped": lambda: decisions.do_not_ask(**given),
        "said": lambda: decisions.look_back(**given, quarters=3, words=""),
        "open": lambda: decisions.record(
            **given, option=None, reason="", look_back_on=None, seen=decided.version, today=TODAY
        ),
        "gone": lambda: decisions.remove(decision=decided, by=leila),
        "no day": lambda: record(decided, back=None),
    }[why]()
    assert asked() is None


def test_what_is_settled_after_the_row_was_written_is_overtaken(decided, leila, deliver):
    assert deciding.hand_over(now=MORNING_OF_IT) == 1
    decisions.look_back(decision=decided, by=leila, quarters=2, words="", now=MORNING_OF_IT)
    assert "leila@town.example" not in deliver(at=MORNING_OF_IT)


def test_a_day_that_was_moved_is_asked_about_anew(decided, asked):
    assert asked() is not None
    record(decided, back=DAY + timedelta(days=30))
    assert asked() is None
    assert asked(MORNING_OF_IT + timedelta(days=30)) is not None


def test_one_press_in_the_mail_stops_it_without_signing_in(decided, asked, client, monkeypatch):
    monkeypatch.setattr("quarterhour.core.clock.now", lambda: MORNING_OF_IT)
    body = bodies(asked())["text/plain"]
    path = re.search(r"(/by-mail/stop-looking-back/[^/]+/)", body)[1]
    page = client.get(path)
    assert "Not ask how it turned out?" in page.content.decode()
    decided.refresh_from_db()
    assert decided.not_asked_at is None
    for _ in range(2):
        assert "Stopped." in client.post(path).content.decode()
    decided.refresh_from_db()
    assert decided.not_asked_at == MORNING_OF_IT
    assert client.get("/by-mail/stop-looking-back/x/").status_code == 410


@pytest.mark.parametrize("why", ["", "revoked", "blocked"])
def test_a_mentor_hears_that_a_decision_is_shown_while_it_is(decided, leila, amara, commons, deliver, now, why):
    sharing.share(decision=decided, by=leila, mentor=amara.pk, others=False, may_comment=True, now=now)
    if why == "revoked":
        sharing.revoke(decision=decided, by=leila, mentor=amara.pk, now=now)
    if why == "blocked":
        people.block(other=amara, by=leila, org=commons, now=now)
    mail = deliver().get("amara@town.example")
    if why:
        assert mail is None or "shows you a decision" not in str(mail)
    else:
        assert mail["Subject"].startswith("Leila decides: ")
        assert all(f"/decide/{decided.pk}/" in body for body in bodies(mail).values())
        assert all("trial" not in body for body in bodies(mail).values())


def test_a_decision_that_is_shown_is_told_on_a_phone_as_well(decided, leila, amara, now):
    guest = sharing.share(decision=decided, by=leila, mentor=amara.pk, others=False, may_comment=False, now=now)
    why = f"decision-shown {decided.pk} {int(guest.since.timestamp())}"
    row = Notice(org_id=decided.org_id, person=amara, reason=why, channel="push", target=amara.pk, made_at=now)
    note = notices.note_for(row, now=now)
    assert note.type == "decision.shown"
    assert note.url.endswith(f"/decide/{decided.pk}/")
