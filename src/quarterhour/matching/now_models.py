"""Who is on call, who waits in line, and which mentor is rung for whom."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from quarterhour.core.models import TenantRow
from quarterhour.core.scope import TenantQuerySet
from quarterhour.needs.models import Need
from quarterhour.sessions.models import MentoringSession

SILENT, DEAF = "silent", "deaf"  # why being on call ended by itself: no page was open, or no ring was heard


class OnCallQuerySet(TenantQuerySet):
    def seen_by(self, person):
        """One's own; that somebody is on call is told by the pages that rank them."""
        return super().seen_by(person).filter(mentor=person)


class OnCall(TenantRow):
    """A mentor who would answer now, until a time. It ends by itself.

    skills: only these topics of the taxonomy; empty means all of the mentor's own. seen_at: their last sign of life.
    elsewhere: a ring also reaches them without an open page, by push or a program of theirs.
    missed: rings in a row that nobody heard. rung, answered: rings of all their hours on call, and yeses.
    """

    mentor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    skills = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField()
    seen_at = models.DateTimeField()
    elsewhere = models.BooleanField(default=False)
    missed = models.PositiveSmallIntegerField(default=0)
    rung = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)

    objects = models.Manager.from_queryset(OnCallQuerySet)()

    class Meta(TenantRow.Meta):
        constraints = [models.UniqueConstraint(fields=["org", "mentor"], name="on_call_once_in_an_organisation")]
        indexes = [models.Index(fields=["org", "until"], name="on_call_now")]

    @property
    def why(self) -> str:
        """Why it ended, where it did so by itself."""
        return DEAF if self.missed >= settings.POLICY["on_call_misses"] else SILENT


class PlaceQuerySet(TenantQuerySet):
    def seen_by(self, person):
        return super().seen_by(person).filter(mentee=person)

    def open(self):
        return self.filter(state__in=[Place.State.WAITING, Place.State.RESTING])


class Place(TenantRow):
    """Somebody's place in the line, with the mentors who fit their question.

    fits: by mentor key, how likely their answer helps, 0 to 1. helped: conversations of the month before.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        RESTING = "resting", "later, with the place kept"
        ANSWERED = "answered", "answered"
        LEFT = "left", "left the line"
        LAPSED = "lapsed", "not there any more"

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="places")
    mentee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    minutes = models.PositiveSmallIntegerField()
    fits = models.JSONField(default=dict)
    helped = models.PositiveSmallIntegerField(default=0)
    wave = models.PositiveSmallIntegerField(default=0)
    session = models.OneToOneField(MentoringSession, on_delete=models.SET_NULL, null=True, related_name="place")

    objects = models.Manager.from_queryset(PlaceQuerySet)()

    class Meta(TenantRow.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["mentee"], condition=Q(state__in=["waiting", "resting"]), name="one_place_in_line_a_person"
            )
        ]
        indexes = [
            models.Index(fields=["org", "asked_at"], condition=Q(state="waiting"), name="the_line"),
            models.Index(fields=["org", "ended_at"], condition=Q(state="answered"), name="answers_of_today"),
        ]


class RingQuerySet(TenantQuerySet):
    def seen_by(self, person):
        return super().seen_by(person).filter(mentor=person)

    def open(self):
        return self.filter(answer="")


class Ring(TenantRow):
    """One mentor is rung for one place. A mentor is rung for one person at a time: the index decides."""

    class Answer(models.TextChoices):
        ACCEPTED = "accepted", "said yes"
        PASSED = "passed", "passed it on"
        MISSED = "missed", "did not answer"
        WITHDRAWN = "withdrawn", "somebody else was quicker"

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="rings")
    mentor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    wave = models.PositiveSmallIntegerField()
    rung_at = models.DateTimeField()
    until = models.DateTimeField()
    answer = models.CharField(max_length=9, choices=Answer, blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = models.Manager.from_queryset(RingQuerySet)()

    class Meta(TenantRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["mentor"], condition=Q(answer=""), name="rung_for_one_person_at_a_time")
        ]
        indexes = [
            models.Index(fields=["place", "rung_at"], name="rings_of_a_place"),
            models.Index(fields=["until"], condition=Q(answer=""), name="rings_still_open"),
        ]
