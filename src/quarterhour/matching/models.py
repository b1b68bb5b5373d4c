"""Evidence: every piece of text that may show why a mentor fits, with its words and its vector."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from pgvector.django import HalfVectorField, HnswIndex

from quarterhour.core.models import Organisation, TenantRow

DIMENSIONS = 384


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
                name="evidence_by_meaning",
                fields=["vector"],
                opclasses=["halfvec_cosine_ops"],
                m=16,
                ef_construction=64,
            ),
        ]


class WordCount(models.Model):
    """In how many pieces of an organisation a word stands: what makes a rare word telling."""

    org = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    word = models.CharField(max_length=80)
    pieces = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org", "word"], name="one_count_per_word")]
