"""The ranker a site grew from its own outcomes: its trees as text, what it learned from, and how it did."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from quarterhour.core.models import TenantRow
from quarterhour.core.scope import TenantQuerySet


class UnseenQuerySet(TenantQuerySet):
    def seen_by(self, person):
        """Read by the ranker and by those who run the installation; it is about everybody, so it is nobody's."""
        return super().seen_by(person).none()


class LearnedRanker(TenantRow):
    """One training. Never changed afterwards but for `active`: a ranking that it placed can be replayed with it.

    version: of what the features mean. since, until: the weeks it learned from and was judged on. heads: for each of
    the three chances its curve and its trees, as LightGBM's own text; checksum is theirs. taken: whether it was found
    better than the default on the weeks held out. report: what was measured, see docs/algorithms/learned.md.
    """

    made_at = models.DateTimeField()
    version = models.CharField(max_length=40)
    features = ArrayField(models.CharField(max_length=30))
    since = models.DateTimeField()
    until = models.DateTimeField()
    seed = models.BigIntegerField()
    heads = models.JSONField()
    checksum = models.CharField(max_length=64)
    report = models.JSONField()
    taken = models.BooleanField()
    active = models.BooleanField(default=False)

    objects = models.Manager.from_queryset(UnseenQuerySet)()

    class Meta(TenantRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["org"], condition=models.Q(active=True), name="one_ranker_places_at_a_time")
        ]
        indexes = [models.Index(fields=["org", "-made_at"], name="rankers_of_an_organisation")]
