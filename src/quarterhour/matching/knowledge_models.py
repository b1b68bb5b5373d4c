"""What an organisation knows: words of advice its people let others find, and what came of trying them."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from pgvector.django import HalfVectorField

from quarterhour.advice.models import AdvicePiece, Takeaway
from quarterhour.core.models import TenantRow
from quarterhour.core.scope import TenantQuerySet
from quarterhour.people.models import Block, Membership
from quarterhour.people.queries import blocked_beside

DIMENSIONS = 384
MOST_TEXT, MOST_WHEN, MOST_REASON = 2_000, 400, 200


class ConsentQuerySet(TenantQuerySet):
    def seen_by(self, person):
        """What the other side allows is nobody's but their own."""
        return super().seen_by(person).filter(person=person)


class KnowledgeConsent(TenantRow):
    """One side of a card lets its advice be found by others; while the row is there, and for those words alone."""

    takeaway = models.ForeignKey(Takeaway, on_delete=models.CASCADE, related_name="knowledge_consents")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    version = models.PositiveIntegerField(help_text="Of the card they saw.")
    at = models.DateTimeField()

    objects = models.Manager.from_queryset(ConsentQuerySet)()

    class Meta(TenantRow.Meta):
        constraints = [models.UniqueConstraint(fields=["takeaway", "person"], name="one_knowledge_consent_per_side")]


class SharedQuerySet(TenantQuerySet):
    def in_force(self):
        """Those both sides let others find, as the card stands now, while the two are here and not apart."""
        session = "piece__takeaway__session"
        agreed = KnowledgeConsent.plain.filter(
            takeaway=OuterRef("piece__takeaway"), version=OuterRef("piece__takeaway__version")
        )
        member = Membership.objects.filter(org=OuterRef("org"))
        apart = Q(blocker=OuterRef(f"{session}__mentor"), blocked=OuterRef(f"{session}__mentee"))
        apart |= Q(blocked=OuterRef(f"{session}__mentor"), blocker=OuterRef(f"{session}__mentee"))
        sides = Q()
        for side in ("mentor", "mentee"):
            who = OuterRef(f"{session}__{side}")
            sides &= Q(Exists(agreed.filter(person=who)), Exists(member.filter(person=who)))
            sides &= Q(**{f"{session}__{side}__is_active": True})
        same = Q(said=F("piece__text"), said_when=F("piece__applies_when"))
        return self.filter(same, sides).exclude(Exists(Block.plain.filter(apart)))

    def seen_by(self, person):
        """Any member of the organisation reads what is in force, but nobody their own side of a block."""
        session = "piece__takeaway__session"
        never = blocked_beside(person, f"{session}__mentor") | blocked_beside(person, f"{session}__mentee")
        return super().seen_by(person).in_force().exclude(never)

    def of_author(self, person):
        return self.filter(piece__takeaway__session__mentor=person)


class SharedPiece(TenantRow):
    """The words of one piece of advice as their author let them be shown: cleaned, read over, and pressed.

    said, said_when: the words on the card they were made from. Once the card says otherwise they are not shown.
    keep: words in doubt the author let stay. asked: the meaning of the question they answered, without its words.
    """

    piece = models.OneToOneField(AdvicePiece, on_delete=models.CASCADE, related_name="shared")
    said = models.TextField()
    said_when = models.CharField(max_length=MOST_WHEN, blank=True)
    text = models.TextField(max_length=MOST_TEXT)
    applies_when = models.CharField(max_length=MOST_WHEN, blank=True)
    keep = ArrayField(models.CharField(max_length=MOST_TEXT), default=list, blank=True)
    language = models.CharField(max_length=12)
    shared_at = models.DateTimeField()
    words = SearchVectorField(null=True)
    vector = HalfVectorField(dimensions=DIMENSIONS, null=True)
    asked = HalfVectorField(dimensions=DIMENSIONS, null=True)

    objects = models.Manager.from_queryset(SharedQuerySet)()

    class Meta(TenantRow.Meta):
        indexes = [
            models.Index(fields=["org", "-shared_at"], name="shared_latest_first"),
            GinIndex(fields=["words"], name="shared_by_word", fastupdate=False),
        ]


class TriedQuerySet(TenantQuerySet):
    def seen_by(self, person):
        """Their own answer; those of others are read as sums."""
        return super().seen_by(person).filter(person=person)


class Tried(TenantRow):
    """A reader tried what a piece says: it helped them, or it did not. One answer a person, theirs to change."""

    shared = models.ForeignKey(SharedPiece, on_delete=models.CASCADE, related_name="tried")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    helped = models.BooleanField()
    reason = models.CharField(max_length=MOST_REASON, blank=True, help_text="For whom it did not, cleaned.")
    at = models.DateTimeField()

    objects = models.Manager.from_queryset(TriedQuerySet)()

    class Meta(TenantRow.Meta):
        constraints = [models.UniqueConstraint(fields=["shared", "person"], name="one_try_per_person")]
