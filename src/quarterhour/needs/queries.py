"""Reading questions."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Prefetch, QuerySet

from quarterhour.core.errors import NotFound
from quarterhour.needs.models import Need, NeedTopic
from quarterhour.people.models import Person


def need_for(pk: UUID, *, visible_to: Person) -> Need:
    """One question with its topics. Raises NotFound for anybody but the person who has it."""
    found = _with_topics(Need.objects.visible_to(visible_to)).select_related("mentee", "org").filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such question, or it is not yours to see.")
    return found


def open_needs(person: Person, *, org) -> QuerySet[Need]:
    """Questions this person has not closed, the latest first; two queries."""
    return _with_topics(Need.objects.visible_to(person).filter(org=org).open()).order_by("-stated_at", "-pk")


def _with_topics(needs: QuerySet[Need]) -> QuerySet[Need]:
    topics = NeedTopic.objects.of_every_tenant(because="reached from a need in hand").select_related("skill")
    return needs.prefetch_related(Prefetch("topics", topics))
