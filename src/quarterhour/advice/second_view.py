"""Another view of a decision is asked for: a question of its own, whose card comes onto the same board."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models.functions import Coalesce

from quarterhour.advice import boards
from quarterhour.advice.decision_models import Decision
from quarterhour.core.limits import spend
from quarterhour.needs.models import Need
from quarterhour.needs.services import NeedWords, state_need
from quarterhour.people.models import Person

SETTLED = ("kind", "minutes", "language", "topics")


@transaction.atomic
def ask_for_another(*, decision: Decision, by: Person, wanted: str, today: date, now: datetime) -> Need:
    """State the decision as a question that says which view is missing. Names nobody who gave advice, and finds none of
    them.

    wanted: the missing view in words, "somebody who speaks for staying"; may be empty.
    The question is changed and closed as any other. Raises NotFound for strangers, TooMany.
    """
    row = boards.locked(decision, by=by)
    told = "That was many questions in a day. Those you have are under Ask."
    spend(f"another view {by.pk}", most=20, per=timedelta(days=1), now=now, told=told)
    mentor = Coalesce("piece__takeaway__session__mentor", "answer__mentor")
    voices = {each for each in row.laid.filter(taken_off_at=None).values_list(mentor, flat=True) if each}
    heard = f"I have heard {len(voices)} {'view' if len(voices) == 1 else 'views'}." if voices else ""
    looking = f"I am looking for {wanted}." if wanted else "I am looking for somebody who sees it differently."
    options = "\n".join(f"- {option.text}" for option in row.options.all())
    first = row.need
    need = state_need(
        mentee=by,
        org=row.org,
        words=NeedWords(
            text="\n\n".join(filter(None, [row.question, options, f"{heard} {looking}".strip(), row.context])),
            decide_by=row.decide_by if row.decide_by and row.decide_by >= today else None,
            kind=Need.Kind.DECIDE,
            minutes=first.minutes if first else 25,
            when=Need.When.WEEK,
            languages=tuple(first.languages) if first else ("en",),
            skills=[topic.skill_id for topic in first.topics.all()] if first else [],
            settled=SETTLED if first else ("kind",),
        ),
        today=today,
        now=now,
        heard=sorted(voices),
    )
    row.also.add(need)
    return need
