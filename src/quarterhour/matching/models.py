"""What matching knows: evidence with words and vectors, past needs, and what each mentor has left to give."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from pgvector.django import HalfVectorField, HnswIndex

from quarterhour.core.models import Organisation, TenantRow
from quarterhour.core.scope import TenantQuerySet
from quarterhour.matching.cohort_models import CohortRun  # noqa: F401 - Django looks for tables here
from quarterhour.matching.knowledge_models import (  # noqa: F401 - the same
    KnowledgeConsent,
    SharedPiece,
    Tried,
)
from quarterhour.matching.learned_models import LearnedRanker
from quarterhour.matching.now_models import OnCall, Place, Ring  # noqa: F401 - the same
from quarterhour.matching.waitlist_models import FreedTime, Waiter  # noqa: F401 - the same
from quarterhour.needs.models import Need
from quarterhour.sessions.models import MentoringSession

DIMENSIONS = 384
DAYS_AHEAD = 14
HOURS_AHEAD = 24 * DAYS_AHEAD


class Hours(models.Field):
    """An hour a bit, the first at midnight UTC of the day the row begins with: 1 where a session may begin."""

    def db_type(self, connection) -> str:  # noqa: ARG002 - as Django calls it
        return f"bit({HOURS_AHEAD})"


class Evidence(TenantRow):
    """One piece a mentor said of themselves, or consented to be quoted with."""

    class Kind(models.TextChoices):
        HEADLINE = "headline"
        ABOUT = "about"
        STORY = "story"
        TOPIC = "topic"
        ANSWER = "answer"

    mentor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    source_id = models.UUIDField(help_text="The profile, story or piece of advice it was taken from.")
    title = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    language = models.CharField(max_length=12, blank=True)
    said_on = models.DateField(null=True, blank=True)
    words = SearchVectorField()
    vector = HalfVectorField(dimensions=DIMENSIONS, null=True)

    class Meta(TenantRow.Meta):
        constraints = [models.UniqueConstraint(fields=["mentor", "kind", "source_id"], name="one_piece_per_source")]
        indexes = [
            models.Index(fields=["org", "mentor"], name="evidence_of_a_mentor"),
            GinIndex(fields=["words"], name="evidence_by_word", fastupdate=False),
            HnswIndex(
                name="evidence_by_nearness",
                fields=["vector"],
                opclasses=["halfvec_cosine_ops"],
                m=24,
                ef_construction=128,
            ),
        ]


class WordCount(models.Model):
    """In how many pieces of an organisation a word stands: what makes a rare word telling."""

    org = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    word = models.CharField(max_length=80)
    pieces = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org", "word"], name="one_count_per_word")]


class UnseenQuerySet(TenantQuerySet):
    def seen_by(self, person):
        """Read by the ranker alone; shown to nobody."""
        return super().seen_by(person).none()


class PastNeed(TenantRow):
    """A need that was met, kept because both sides agreed to it: who helps with one like it may help again.

    Its words and their meaning without its text: nobody reads it here.
    helped: quarters of an hour that helped, 0 to 4, as the mentee said.
    """

    session = models.OneToOneField(MentoringSession, on_delete=models.CASCADE, related_name="+")
    mentor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=12, blank=True)
    met_at = models.DateTimeField()
    helped = models.PositiveSmallIntegerField(null=True)
    words = SearchVectorField()
    vector = HalfVectorField(dimensions=DIMENSIONS, null=True)

    objects = models.Manager.from_queryset(UnseenQuerySet)()

    class Meta(TenantRow.Meta):
        indexes = [
            models.Index(fields=["org", "mentor"], name="past_needs_of_a_mentor"),
            GinIndex(fields=["words"], name="past_needs_by_word", fastupdate=False),
            HnswIndex(
                name="past_needs_by_meaning",
                fields=["vector"],
                opclasses=["halfvec_cosine_ops"],
                m=16,
                ef_construction=64,
            ),
        ]


class Capacity(TenantRow):
    """What a mentor has left: free hours of the days to come, this week's minutes, how often shown, how they did.

    shown: how often lately, a week ago counting half; as of shown_at.
    """

    mentor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    begins = models.DateField()
    hours = Hours()
    minutes_given = models.PositiveIntegerField(default=0)
    minutes_budget = models.PositiveIntegerField(default=0)
    rated = models.PositiveIntegerField(default=0)
    helped = models.PositiveIntegerField(default=0)
    shown = models.FloatField(default=0.0)
    shown_at = models.DateTimeField(null=True)
    counted_at = models.DateTimeField()

    objects = models.Manager.from_queryset(UnseenQuerySet)()

    class Meta(TenantRow.Meta):
        constraints = [models.UniqueConstraint(fields=["org", "mentor"], name="one_capacity_per_mentor")]
        indexes = [models.Index(fields=["counted_at"], name="capacity_by_age")]


class KeptRanking(TenantRow):
    """One ranking as it was shown, small enough to keep: who, in which order, by which numbers, drawn with which seed.

    numbers: float64, a row for each mentor and a column for each of `columns`. shown: the cards, in their order.
    learned: the ranker that placed them; None for the default one. again: see `matching.again.Again`; may be empty.
    """

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()
    version = models.CharField(max_length=40)
    weights = models.JSONField(default=dict)
    policy = models.JSONField(default=dict)
    seed = models.BigIntegerField()
    confident = models.BooleanField()
    mentors = ArrayField(models.UUIDField())
    shown = ArrayField(models.UUIDField())
    columns = ArrayField(models.CharField(max_length=30))
    numbers = models.BinaryField()
    learned = models.ForeignKey(LearnedRanker, on_delete=models.PROTECT, null=True, related_name="+")
    again = models.JSONField(default=dict, db_default={})

    objects = models.Manager.from_queryset(UnseenQuerySet)()

    class Meta(TenantRow.Meta):
        indexes = [
            models.Index(fields=["need", "made_at"], name="rankings_of_a_need"),
            models.Index(fields=["-made_at", "-id"], name="rankings_latest_first"),
        ]
