"""From the mail: one press says how it helped and what became of it; looking changes nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from tests.factories import PersonFactory, make_session
from tests.notifications.conftest import deliver  # noqa: F401 - carries news and mail
from tests.notifications.reading import links_in

from quarterhour.advice.action_models import ActionAnswer
from quarterhour.advice.models import Action, Takeaway
from quarterhour.core.models import SingleUseLink
from quarterhour.notifications import action_reminders, channels, following_up
from quarterhour.sessions.models import Status
from quarterhour.trust.follow_up_models import FollowUp

pytestmark = pytest.mark.django_db
TALKED = datetime(2026, 11, 26, 10, 15, tzinfo=UTC)
LATER = TALKED + timedelta(days=7, hours=3)


@pytest.fixture
def session(need, amara):
    session = make_session(need, amara, TALKED, status=Status.ENDED)
    card = Takeaway.objects.create(org=session.org, session=session, insight="A trial", written_at=TALKED)
    Action.objects.create(org=session.org, takeaway=card, text="Ask Marek for a review date", due=date(2026, 12, 3))
    return session


@pytest.fixture
def mailed(session, deliver):  # noqa: F811
    """The paths of the letter's links, a week later."""
    following_up.plan(session, now=TALKED + timedelta(hours=1))
    following_up.hand_over(now=LATER)
    found = links_in(deliver(LATER)["leila@town.example"])
    with time_machine.travel(LATER + timedelta(minutes=5), tick=False):
        yield found


def said(session) -> list:
    return list(FollowUp.objects.within(session.org).filter(kind="week").values_list("quarters", flat=True))


def fate(session) -> str:
    return Action.objects.within(session.org).get(takeaway__session=session).fate


def action(session) -> str:
    return str(Action.objects.within(session.org).get(takeaway__session=session).pk)


def test_looking_changes_nothing_however_often(client, mailed, session):
    for path in mailed.values():
        for ask in (client.get, client.get, client.head):
            answer = ask(path)
            assert answer.status_code == 200
            assert "noindex" in answer["X-Robots-Tag"]
    assert said(session) == [None]
    assert fate(session) == "open"
    assert not SingleUseLink.objects.exclude(used_at=None).exists()
    assert channels.USUAL.follow_ups == ["mail"]


def test_one_press_says_how_it_helped_and_the_other_what_became_of_it(client, mailed, session):
    page = client.get(mailed["followed"]).content.decode()
    assert page.count('name="helped"') == 5
    assert page.count('name="fate"') == 3
    assert mailed["became"] in page

    done = client.post(mailed["followed"], {"helped": "3"})
    assert said(session) == [3]
    assert "You said: a lot." in done.content.decode()
    assert mailed["became"] in done.content.decode()

    done = client.post(mailed["became"], {"fate": "done", "action": action(session)})
    assert fate(session) == "done"
    assert "Done." in done.content.decode()
    assert 'name="helped"' not in done.content.decode()


def test_the_same_press_again_is_told_the_same_and_another_one_is_refused(client, mailed, session):
    for _ in range(2):
        assert client.post(mailed["followed"], {"helped": "3"}).status_code == 200
    assert client.post(mailed["followed"], {"helped": "0"}).status_code == 410
    assert client.get(mailed["followed"]).status_code == 410
    assert said(session) == [3]


@pytest.mark.parametrize("helped", ["", "5", "-1", "3\x00", "x" * 10_000, "٣"])
def test_an_answer_that_is_none_is_refused_and_the_link_stays(client, mailed, session, helped):
    answer = client.post(mailed["followed"], {"helped": helped})
    assert answer.status_code == 422
    assert "Choose one of the five answers." in answer.content.decode()
    assert said(session) == [None]
    assert client.post(mailed["followed"], {"helped": "2"}).status_code == 200


@pytest.mark.parametrize(
    "sent",
    [
        {"fate": "open"},
        {"fate": "eaten"},
        {"action": "not a key"},
        {"action": "01a2086d-a405-7602-ae7b-e6beb20d403e"},
        {"fate": "dropped", "why": "because"},
        {"fate": "dropped", "words": "x" * 10_000},
    ],
)
def test_a_fate_that_is_none_is_refused_and_the_link_stays(client, mailed, session, sent):
    good = {"fate": "dropped", "action": action(session)}
    assert client.post(mailed["became"], good | sent).status_code == 422
    assert fate(session) == "open"
    assert client.post(mailed["became"], good | {"why": "solved", "words": "He\x00 left"}).status_code == 200
    kept = ActionAnswer.objects.within(session.org).get()
    assert (fate(session), kept.why, kept.words) == ("dropped", "solved", "He left")


def test_an_action_of_somebody_else_cannot_be_named(client, mailed, session, amara, commons):
    from tests.factories import NeedFactory

    other = make_session(
        NeedFactory(mentee=PersonFactory(org=commons), org=commons), amara, TALKED + timedelta(hours=2), status="ended"
    )
    card = Takeaway.objects.create(org=commons, session=other, insight="x", written_at=TALKED)
    theirs = Action.objects.create(org=commons, takeaway=card, text="Not hers")
    assert client.post(mailed["became"], {"fate": "done", "action": str(theirs.pk)}).status_code == 422
    theirs.refresh_from_db()
    assert theirs.fate == "open"


def test_links_end_and_made_up_ones_are_none(client, mailed):
    with time_machine.travel(LATER + timedelta(days=15), tick=False):
        for purpose in ("followed", "became"):
            assert client.get(mailed[purpose]).status_code == 410
            assert client.post(mailed[purpose], {"helped": "3"}).status_code == 410
        assert client.get(mailed["stop-asking"]).status_code == 200
    for path in ("/by-mail/followed/x/", "/by-mail/became/x/", "/by-mail/stop-asking/x/"):
        assert client.get(path).status_code == client.post(path).status_code == 410
    # A secret of one purpose opens no other.
    assert client.get(mailed["followed"].replace("followed", "became")).status_code == 410


def test_an_account_that_is_closed_answers_nothing(client, mailed, session, leila):
    leila.is_active = False
    leila.save()
    for path in mailed.values():
        assert client.post(path, {"helped": "3"}).status_code == 410
    assert said(session) == [None]


def test_never_again_is_one_press_and_twice_is_no_mistake(client, mailed, leila):
    assert "Never ask" in client.get(mailed["stop-asking"]).content.decode()
    for _ in range(2):
        done = client.post(mailed["stop-asking"])
        assert "We ask no more." in done.content.decode()
    wishes = channels.wishes_of(leila)
    assert (wishes.follow_ups, wishes.actions, wishes.reminders) == ([], ["mail"], ["mail"])


def test_the_reminder_of_an_action_answers_and_ends_with_one_press(client, session, leila, deliver):  # noqa: F811
    morning = datetime(2026, 12, 3, 9, tzinfo=UTC)
    assert action_reminders.hand_over(now=morning) == 1
    message = deliver(morning)["leila@town.example"]
    assert message["Subject"] == "Today: Ask Marek for a review date"
    found = links_in(message)
    assert set(found) == {"became", "stop-asking"}
    with time_machine.travel(morning, tick=False):
        page = client.get(found["became"]).content.decode()
        assert page.count('name="fate"') == 3
        assert 'name="helped"' not in page
        assert client.post(found["became"], {"fate": "doing", "action": action(session)}).status_code == 200
        client.post(found["stop-asking"])
    assert fate(session) == "doing"
    assert channels.wishes_of(leila).actions == []


def test_the_page_reads_as_many_rows_whatever_there_is(client, mailed, session, django_assert_max_num_queries):
    with django_assert_max_num_queries(9):
        client.get(mailed["followed"])
