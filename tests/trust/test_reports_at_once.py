"""Two who press in the same moment, each on a connection of their own: one decision, one appeal."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from tests.factories import PersonFactory, make_session

from quarterhour.core.errors import Changed
from quarterhour.trust import report_appeals, reports
from quarterhour.trust.report_models import ReportAnswer, ReportAppeal

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def made(need, amara, leila, now):
    session = make_session(need, amara, now - timedelta(minutes=5))
    return reports.report(session=session, by=leila, because="rude", text="He shouts.", now=now)


@pytest.fixture
def judges(commons):
    return [PersonFactory(name=name, org=commons, is_operator=True) for name in ("Jonas Brandt", "Wanda Wolf")]


def at_once(*acts) -> list[str]:
    """What became of each: "done", or why not."""
    ready = threading.Barrier(len(acts))

    def run(act) -> str:
        try:
            ready.wait(5)
            act()
        except Changed as refused:
            return type(refused).__name__
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def decides(made, by, outcome, now):
    return lambda: reports.answer(report_id=made.pk, outcome=outcome, words="x", by=by, org=made.org, now=now)


@pytest.mark.parametrize("turn", range(3))
def test_of_two_decisions_at_once_one_holds(made, judges, amara, now, turn):
    outcomes = ("nothing", "suspended") if turn % 2 else ("warned", "suspended")
    ended = at_once(*(decides(made, by, outcome, now) for by, outcome in zip(judges, outcomes, strict=True)))
    assert ended == ["Changed", "done"]
    (answer,) = ReportAnswer.objects.within(made.org).filter(report=made)
    amara.refresh_from_db()
    assert amara.is_active is (answer.outcome != "suspended")


def test_an_appeal_that_is_sent_twice_at_once_is_kept_once(made, judges, now):
    first = reports.answer(
        report_id=made.pk, outcome="warned", words="Do not shout.", by=judges[0], org=made.org, now=now
    )

    def said():
        return report_appeals.appeal(answer=first, text="I did not.", now=now)

    assert at_once(said, said, said) == ["Changed", "Changed", "done"]
    assert ReportAppeal.objects.within(made.org).count() == 1


def test_an_account_is_opened_again_or_an_appeal_is_made_not_both_unseen(made, judges, amara, now):
    first = reports.answer(report_id=made.pk, outcome="suspended", words="x", by=judges[0], org=made.org, now=now)
    ended = at_once(
        lambda: report_appeals.appeal(answer=first, text="I did not.", now=now),
        decides(made, judges[1], "lifted", now),
    )
    assert ended == ["Changed", "done"]
    amara.refresh_from_db()
    assert amara.is_active is not ReportAppeal.objects.within(made.org).exists()
