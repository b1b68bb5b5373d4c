"""`quarterhour index`: what was said before there was news of it is found as well."""

from __future__ import annotations

from tests.factories import NeedFactory, PersonFactory, make_session

from quarterhour.advice.models import AdvicePiece, Confirmation, Takeaway
from quarterhour.config.cli.index import index
from quarterhour.core.models import Organisation
from quarterhour.matching.models import Capacity, Evidence, PastNeed, WordCount


def test_everything_a_mentor_said_and_did_is_read_and_twice_leaves_the_same(amara, leila, commons, now, capsys):
    session = make_session(NeedFactory(mentee=leila, org=commons), amara, now, status="ended")
    card = Takeaway.objects.create(org=commons, session=session, insight="x", written_at=now, quotable=True)
    AdvicePiece.objects.create(org=commons, takeaway=card, text="Put a review date into the offer.")
    for person in (leila, amara):
        Confirmation.objects.create(org=commons, takeaway=card, person=person, version=1, at=now)
    Organisation.objects.create(name="Empty", slug="empty")

    assert index(None) == 0

    pieces = Evidence.objects.within(commons).filter(mentor=amara)
    assert pieces.filter(kind="answer").exists()
    assert Capacity.objects.within(commons).filter(mentor=amara).exists()
    assert WordCount.objects.exists()
    before = pieces.count(), PastNeed.objects.within(commons).count()
    assert before[1] == 1
    told = capsys.readouterr()
    assert "1 mentors, " in told.out
    assert "Empty: 0 mentors, 0 pieces of evidence, 0 past needs." in told.out
    assert index("commons") == 0
    assert (pieces.count(), PastNeed.objects.within(commons).count()) == before


def test_an_organisation_that_is_none_is_told_with_those_there_are(commons, capsys):
    PersonFactory(org=commons)
    assert index("nowhere") == 2
    assert "There is no organisation nowhere. There are: commons" in capsys.readouterr().err
