"""A cohort as it was paired: by whom, when, under which rules, who with whom, and who was left out."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from quarterhour.core.models import TenantRow
from quarterhour.core.scope import TenantQuerySet
from quarterhour.people.models import Membership


class CohortRunQuerySet(TenantQuerySet):
    def seen_by(self, person):
        """The managers of the organisation, and the operators among its members."""
        run = [
            place.org_id for place in person.places if person.is_operator or place.role == Membership.Role.MANAGER
        ]  # fmt: skip
        return self.filter(org__in=run)


class CohortRun(TenantRow):
    """One pairing of a cohort. People stand in it by their key alone: whoever leaves takes their name along.

    mentees, places: who was chosen to ask and, by key, how many each who gives may meet. pairs, alone: as
    `matching.cohorts` writes and reads them. plain_worst: the worst tenth of the pairing without fairness.
    """

    class Status(models.TextChoices):
        WAITING = "waiting"
        DOING = "doing"
        DONE = "done"
        FAILED = "failed"

    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    before = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+")
    status = models.CharField(max_length=8, choices=Status, default=Status.WAITING)
    step = models.PositiveSmallIntegerField(default=0, help_text="Steps behind it, of those the page names.")
    told = models.CharField(max_length=400, blank=True, help_text="Why it came to nothing.")
    rules = models.JSONField()
    mentees = ArrayField(models.UUIDField())
    places = models.JSONField()
    pairs = models.JSONField(default=list)
    alone = models.JSONField(default=list)
    total = models.FloatField(default=0.0)
    worst_tenth = models.FloatField(default=0.0)
    plain_worst = models.FloatField(default=0.0)
    given_up = models.FloatField(default=0.0)
    seconds = models.FloatField(default=0.0)

    objects = models.Manager.from_queryset(CohortRunQuerySet)()

    class Meta(TenantRow.Meta):
        indexes = [models.Index(fields=["org", "-made_at"], name="cohorts_of_an_organisation")]
