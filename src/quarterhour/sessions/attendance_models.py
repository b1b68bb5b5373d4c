"""How a session was kept, and what its two say against that."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from quarterhour.core.models import TenantRow
from quarterhour.core.scope import TenantQuerySet
from quarterhour.engines.attendance import Verdict

MISSED = [Verdict.MISSED_BY_MENTOR, Verdict.MISSED_BY_MENTEE, Verdict.MISSED_BY_BOTH]
MET = [Verdict.HELD, Verdict.SHORT]


class HowKeptQuerySet(TenantQuerySet):
    def seen_by(self, person):
        """The two of the session, nobody else."""
        return super().seen_by(person).filter(Q(session__mentor=person) | Q(session__mentee=person))


class HowKept(TenantRow):
    """The verdict on a session that is over. Sessions that ended before there were verdicts have none."""

    session = models.OneToOneField(
        "mentoring_sessions.MentoringSession", on_delete=models.CASCADE, related_name="how_kept"
    )
    word = models.CharField(max_length=17, choices=[(each.value, each.value) for each in Verdict])
    facts = models.JSONField(help_text="What it rests on, as engines.attendance found it.")
    rule = models.PositiveSmallIntegerField(help_text="The version of the rule it was judged by.")
    paused = models.BooleanField(default=False, help_text="Whether this miss paused the mentor.")
    judged_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True, help_text="When a person decided; no rule decides again.")

    objects = models.Manager.from_queryset(HowKeptQuerySet)()

    class Meta(TenantRow.Meta):
        indexes = [models.Index(fields=["word"], name="sessions_by_verdict")]

    @property
    def is_missed(self) -> bool:
        return self.word in MISSED


class AppealQuerySet(TenantQuerySet):
    def seen_by(self, person):
        """Who said it; it is read by whoever settles it, and not by the other of the two."""
        return super().seen_by(person).filter(person=person)


class Appeal(TenantRow):
    """“That is not how it was”: said by one of the two, once, and settled by whoever runs the programs."""

    session = models.ForeignKey("mentoring_sessions.MentoringSession", on_delete=models.CASCADE, related_name="appeals")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    text = models.CharField(max_length=600)
    said_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = models.Manager.from_queryset(AppealQuerySet)()

    class Meta(TenantRow.Meta):
        constraints = [models.UniqueConstraint(fields=["session", "person"], name="one_appeal_per_side")]
        indexes = [models.Index(fields=["org", "said_at"], condition=Q(settled_at=None), name="open_appeals")]
