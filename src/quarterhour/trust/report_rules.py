"""Who may judge a report, whose turn an appeal is, and by when: the days are those of the policy."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet

from quarterhour.core.errors import NotAllowed
from quarterhour.core.models import Organisation
from quarterhour.people.models import Membership, Person
from quarterhour.people.queries import manages
from quarterhour.sessions.models import Companion
from quarterhour.trust.report_models import Outcome, Report, ReportAnswer, answered, appealed


def looked_at_by(made_at: datetime) -> datetime:
    """By when a report, or an appeal, is looked at."""
    return made_at + timedelta(days=settings.POLICY["report_days"])


def appeal_until(made: ReportAnswer) -> datetime:
    """Until when whoever was judged may answer."""
    return made.at + timedelta(days=settings.POLICY["report_appeal_days"])


def kept_until(made: ReportAnswer) -> datetime:
    """When the evidence is erased, if this is the last decision."""
    return made.at + timedelta(days=settings.POLICY["report_keep_days"])


def to_judge(person: Person, *, org: Organisation) -> QuerySet[Report]:
    """The reports this person may judge: of all organisations for operators, of `org` for those who manage it.

    Never one they made, one about themselves, or one of a room they were in. Raises NotAllowed for everybody else.
    """
    if person.is_operator:
        rows = Report.objects.of_every_tenant(because="operators judge where no manager is apart from it")
    elif manages(person, org):
        rows = Report.objects.within(org)
    else:
        raise NotAllowed(f"This page is for the program managers of {org.name}.")
    rows = rows.exclude(reporter=person).exclude(about=person).exclude(inside__contains=[person.pk])
    return rows.exclude(_came_along(person, OuterRef("session")))


def waiting_for(person: Person, *, org: Organisation) -> QuerySet[Report]:
    """Of those this person may judge, what waits: nobody has decided, or an appeal is theirs to decide."""
    return to_judge(person, org=org).filter(~answered() | (appealed() & _may_hear(person)))


def may_hear_appeal(made: Report, person: Person) -> bool:
    """Whether it is this person's turn to decide on the appeal: somebody else than the first, where there is one.

    Where an account was closed, only whoever looks after the installation can open it, so one of them decides.
    """
    return Report.objects.within(made.org_id).filter(pk=made.pk).filter(_may_hear(person)).exists()


def judges_of(made: Report) -> QuerySet[Person]:
    """Whoever may judge it: the managers of its organisation, and whoever looks after the installation."""
    able = Person.objects.filter(is_active=True).exclude(pk__in=[made.reporter_id, made.about_id, *made.inside])
    able = able.exclude(_came_along(OuterRef("pk"), made.session_id))
    return able.filter(Q(is_operator=True) | Exists(_manages(OuterRef("pk"), made.org_id)))


def _may_hear(person: Person) -> Q:
    others = Person.objects.filter(is_active=True).exclude(pk=person.pk)
    others = others.exclude(pk=OuterRef("reporter")).exclude(pk=OuterRef("about"))
    others = others.exclude(_Among(F("pk"), OuterRef("inside")))
    others = others.exclude(_came_along(OuterRef("pk"), OuterRef(OuterRef("session"))))
    closed = Exists(ReportAnswer.plain.filter(report=OuterRef("pk"), outcome=Outcome.SUSPENDED))
    first = Exists(ReportAnswer.plain.filter(report=OuterRef("pk"), by=person))
    operator = Exists(others.filter(is_operator=True))
    manager = Exists(others.filter(Exists(_manages(OuterRef("pk"), OuterRef(OuterRef("org"))))))
    somebody_else = Q(operator) | (Q(manager) & ~Q(closed))
    mine = Q() if person.is_operator else ~Q(closed)
    return mine & (~Q(first) | ~somebody_else)


class _Among(Func):
    """Whether a key is one of a column's."""

    template, arg_joiner, output_field = "(%(expressions)s))", " = ANY(", BooleanField()


def _came_along(person, session) -> Exists:
    """Companions are forgotten a month after the session, so this is for whoever came after the report was made."""
    return Exists(Companion.plain.filter(person=person, session=session, accepted_at__isnull=False))


def _manages(person, org) -> QuerySet[Membership]:
    return Membership.objects.filter(person=person, org=org, role=Membership.Role.MANAGER)


def late(rows: QuerySet, *, said: str, now: datetime) -> QuerySet:
    """Of these, what should have been looked at by now. said: the column of when it came in."""
    return rows.filter(**{f"{said}__lt": now - timedelta(days=settings.POLICY["report_days"])})
