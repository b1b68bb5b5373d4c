"""Two press at the same moment on one board or one card, over HTTP, on the site as it is served in production."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from tests.advice.deciding import NO, WORDS, YES, laid, option
from tests.factories import MentorFactory, NeedFactory, PersonFactory, make_session

from quarterhour.advice import decisions
from quarterhour.advice.decision_models import Decision
from quarterhour.advice.models import Confirmation, Takeaway
from quarterhour.advice.queries import is_agreed
from quarterhour.advice.services import AdviceWords, CardWords, write_card
from quarterhour.core import clock
from quarterhour.core.models import OutboxEvent
from quarterhour.sessions.models import Status

pytestmark = [pytest.mark.xdist_group("journeys"), pytest.mark.django_db(transaction=True)]
ROUNDS = 4
WENT_ON, REFUSED = 302, 409


@pytest.fixture
def leila(commons):
    return PersonFactory(name="Leila Haddad", org=commons)


@pytest.fixture
def amara(commons):
    return MentorFactory(name="Amara Okafor", org=commons)


@pytest.fixture
def need(leila, commons):
    return NeedFactory(mentee=leila, org=commons, stated_at=clock.now())


@pytest.fixture
def decision(need, amara):
    met(need, amara, "Say yes, with a date.")
    words = replace(WORDS, advisers_place=True, criteria=("Tuesdays",))
    return decisions.make(
        owner=need.mentee, org=need.org, words=words, need=need, today=clock.now().date(), now=clock.now()
    )


def met(need, mentor, said: str):
    """They talked yesterday, and she wrote down what was said."""
    start, now = clock.now() - timedelta(days=1), clock.now()
    session = make_session(need, mentor, start, status=Status.ENDED, now=start)
    words = CardWords(advice=[AdviceWords(text=said)])
    write_card(session=session, by=need.mentee, words=words, seen=0, may_quote=False, held_on=start.date(), now=now)
    return session


@pytest.fixture
def at_one_moment(live_site):
    """Sends forms at the same moment, each as somebody else's browser: (person, address, form). Their answers."""

    def send(*presses):
        ready, visitors = Barrier(len(presses), timeout=30), [live_site.visitor(person) for person, _, _ in presses]

        def press(n):
            ready.wait()
            return visitors[n].post(presses[n][1], **presses[n][2])

        with ThreadPoolExecutor(len(presses)) as hands:
            answers = list(hands.map(press, range(len(presses))))
        for visitor in visitors:
            visitor.leave()
        return answers

    return send


def test_of_two_choices_one_is_recorded_and_the_other_is_kept_to_look_at(at_one_moment, decision, leila):
    for n in range(ROUNDS):
        decision.refresh_from_db()
        forms = [
            {"key": uuid4(), "version": decision.version, "choice": option(decision, text).pk, "reason": f"{text} {n}"}
            for text in (YES, NO)
        ]
        answers = at_one_moment(*((leila, f"/decide/{decision.pk}/record/", form) for form in forms))
        assert sorted(each.status for each in answers) == [WENT_ON, REFUSED]
        won, lost = (next(f for f, a in zip(forms, answers, strict=True) if a.status == s) for s in (WENT_ON, REFUSED))
        decision = Decision.objects.within(decision.org_id).get(pk=decision.pk)
        assert (decision.chosen_id, decision.reason) == (won["choice"], won["reason"])
        assert lost["reason"] in next(each.text for each in answers if each.status == REFUSED)
    assert OutboxEvent.objects.filter(name__endswith="DecisionRecorded").count() == ROUNDS


def test_owner_and_mentor_place_one_piece_and_nothing_is_lost(at_one_moment, decision, leila, amara):
    row = laid(decision)["Amara"]
    place, describe = (f"/decide/{decision.pk}/advice/{row.pk}/{end}" for end in ("place/", ""))
    yes, no = (option(decision, text).pk for text in (YES, NO))
    before = row.version
    answers = at_one_moment((leila, place, {"place": f"{yes}:for"}), (amara, place, {"place": f"{no}:against"}))
    assert [each.status for each in answers] == [WENT_ON, WENT_ON]
    row = laid(decision)["Amara"]
    assert row.version == before + 2, "both were heard, the last press counts"
    assert (row.option_id, row.side, row.placed_by_id) in {(yes, "for", leila.pk), (no, "against", amara.pk)}

    forms = [
        {"key": uuid4(), "version": row.version, "stance": f"{yes}:for", "condition": person.name}
        for person in (leila, amara)
    ]
    answers = at_one_moment((leila, describe, forms[0]), (amara, describe, forms[1]))
    assert sorted(each.status for each in answers) == [WENT_ON, REFUSED]
    kept = next(form for form, each in zip(forms, answers, strict=True) if each.status == WENT_ON)
    assert laid(decision)["Amara"].condition == kept["condition"]


def test_marks_and_criteria_that_change_at_once_never_stand_apart(at_one_moment, decision, leila):
    decision.refresh_from_db()
    yes = option(decision, YES)
    known = {f"known-{n}": each.pk for n, each in enumerate(decision.options.all())}
    change = {"key": uuid4(), "version": decision.version, "question": "Now?", "option-0": YES, "option-1": NO, **known}
    mark = {"criterion-0": "Tuesdays", "counts-0": "3", f"mark-{yes.pk}-0": "2"}
    answers = at_one_moment(
        (leila, f"/decide/{decision.pk}/change/", change | {"criterion-0": "Money"}),
        (leila, f"/decide/{decision.pk}/marks/", mark),
    )
    assert [each.status for each in answers] == [WENT_ON, WENT_ON]
    decision.refresh_from_db()
    assert (decision.criteria, decision.marks, decision.criterion_weights) == (["Money"], {}, {})


def test_a_card_that_is_confirmed_while_it_is_changed_is_agreed_by_nobody_unseen(at_one_moment, need, amara, leila):
    session = met(need, amara, "Say yes.")
    for n in range(ROUNDS):
        card = Takeaway.objects.within(need.org).get(session=session)
        words = {"key": uuid4(), "version": card.version, "insight": f"Otherwise {n}", "advice-0": "Say yes."}
        changed, confirmed = at_one_moment(
            (leila, f"/takeaway/{session.pk}/", words),
            (amara, f"/takeaway/{session.pk}/confirm/", {"version": card.version, "helpful": "4"}),
        )
        assert changed.status == WENT_ON
        assert confirmed.status in {WENT_ON, REFUSED}
        assert not is_agreed(session.pk, org_id=session.org_id), "she has not seen the words that stand there now"


def test_two_who_confirm_at_once_agree_once(at_one_moment, need, amara, leila):
    session = met(need, amara, "Say yes.")
    address = f"/takeaway/{session.pk}/confirm/"
    answers = at_one_moment(*((person, address, {"version": 1, "helpful": "3"}) for person in (amara, leila, amara)))
    assert [each.status for each in answers] == [WENT_ON] * 3
    assert is_agreed(session.pk, org_id=session.org_id)
    assert Confirmation.objects.within(need.org).filter(takeaway__session=session).count() == 2
