"""The made-up site of `learned_town`, written into the database as people would have: questions, rankings, sessions."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

import numpy as np

from quarterhour.engines.market import SHIPPED
from quarterhour.engines.matching import FEATURES, VERSION, Weights
from quarterhour.matching.kept import MARKET
from quarterhour.matching.models import KeptRanking
from quarterhour.matching.outcomes import RIPE
from quarterhour.needs.models import Need
from quarterhour.people.models import Person
from quarterhour.sessions.models import MentoringSession, Status
from quarterhour.trust.models import Helpfulness
from tests.factories import PersonFactory
from tests.learned_town import PEOPLE, shown


def lived(org, now, *, weeks: int = 12, a_week: int = 45, seed: int = 0, **how) -> list[Person]:
    """So many weeks of questions until thirty days ago. Returns the mentors."""
    mentors = Person.objects.bulk_create(
        Person(name=f"Mentor {n}", email=f"m{n}-{org.slug}@town.example", password="!") for n in range(PEOPLE)
    )
    mentee = PersonFactory(org=org)
    rows = shown(weeks=weeks, a_week=a_week, seed=seed, ids=[one.pk for one in mentors], **how)
    first = now - RIPE - timedelta(weeks=weeks)
    needs, rankings, sessions, said = [], [], [], []
    for number, row in enumerate(rows):
        at = first + timedelta(weeks=row.week, minutes=1 + 100 * (number % a_week))
        need = Need(org=org, mentee=mentee, text=f"Question {number}", kind="unblock", stated_at=at)
        order = np.argsort(row.at)
        columns = [*(feature.name for feature in FEATURES), *MARKET]
        told = [
            [*row.numbers.parts[n].tolist(), *(getattr(row.numbers.offers[n], name) for name in MARKET)] for n in order
        ]
        ids = [row.numbers.offers[n].id for n in order]
        needs.append(need)
        rankings.append(
            KeptRanking(
                org=org, need=need, made_at=at, version=VERSION, weights=asdict(Weights()), policy=asdict(SHIPPED),
                seed=row.seed, confident=True, mentors=ids, shown=ids[:3], columns=columns,
                numbers=np.array(told, dtype="<f8").tobytes(),
            )
        )  # fmt: skip
        for n in np.flatnonzero(row.picked):
            start, held = at + timedelta(days=1), bool(row.held[n])
            session = MentoringSession(
                org=org, need=need, mentor_id=row.numbers.offers[n].id, mentee=mentee, created_at=at,
                span=(start, start + timedelta(minutes=25)), status=Status.ENDED if held else Status.DECLINED,
                ended_at=start if held else None,
            )  # fmt: skip
            sessions.append(session)
            if held and not np.isnan(row.helped[n]):
                quarters = 4 if row.helped[n] else 1
                said.append(
                    Helpfulness(org=org, session=session, rater=mentee, quarters=quarters, at=start + timedelta(days=1))
                )
    Need.plain.bulk_create(needs)
    KeptRanking.plain.bulk_create(rankings)
    MentoringSession.plain.bulk_create(sessions)
    Helpfulness.plain.bulk_create(said)
    return mentors
