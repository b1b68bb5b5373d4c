"""Reading questions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, prefetch_related_objects

from quarterhour.core.errors import NotFound
from quarterhour.needs.models import Need, NeedTopic, Prospect, Waiting
from quarterhour.people.models import Person, Profile
from quarterhour.people.queries import blocked_beside


def need_for(pk: UUID, *, visible_to: Person) -> Need:
    """One question with its topics. Raises NotFound for anybody but the person who has it."""
    found = _with_topics(Need.objects.visible_to(visible_to)).select_related("org").filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such question, or it is not yours to see.")
    found.mentee = visible_to  # nobody else sees it
    return found


def open_needs(person: Person, *, org) -> QuerySet[Need]:
    """Questions this person has not closed, the latest first; two queries."""
    return _with_topics(Need.objects.visible_to(person).filter(org=org).open()).order_by("-stated_at", "-pk")


def waitings(need_ids: Iterable[UUID], *, visible_to: Person, today: date) -> dict[UUID, Waiting]:
    """What waits of these questions, or waited, by question: each with the `prospects` who can still be asked, the
    latest first. One query where none waits, two otherwise.
    """
    rows = list(Waiting.objects.visible_to(visible_to).filter(need__in=list(need_ids)))
    if rows:
        prefetch_related_objects(rows, Prefetch("prospects", _who_can_be_asked(visible_to, today)))
    return {row.need_id: row for row in rows}


def _who_can_be_asked(person: Person, today: date) -> QuerySet[Prospect]:
    profile = Profile.plain.filter(person=OuterRef("mentor"), org=OuterRef("org"), is_mentor=True)
    still = Prospect.objects.visible_to(person).filter(
        Exists(profile.filter(Q(paused_until=None) | Q(paused_until__lte=today))), ~blocked_beside(person, "mentor")
    )
    return still.select_related("mentor").order_by("-found_at", "-pk")


def _with_topics(needs: QuerySet[Need]) -> QuerySet[Need]:
    topics = NeedTopic.objects.of_every_tenant(because="reached from a need in hand").select_related("skill")
    return needs.prefetch_related(Prefetch("topics", topics))
