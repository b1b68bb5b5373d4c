"""Accounts, memberships, profiles and skills."""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Lower, Now

from quarterhour.core.ids import uuid7
from quarterhour.core.models import Organisation, Row, TenantRow
from quarterhour.core.scope import TenantManager, TenantQuerySet


class PersonManager(BaseUserManager):
    def create_user(self, email: str, password: str | None = None, **fields) -> Person:
        """An account. Without a password there is none to guess: people enter by mail link or passkey."""
        person = self.model(email=self.normalize_email(email), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, email: str) -> Person:
        return self.get(email__iexact=email)


class Person(AbstractBaseUser):
    """Somebody with an account. Whatever they show an organisation stands in a Profile."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=80, blank=True)
    zone = models.CharField(max_length=64, default="UTC", help_text="IANA name of the zone the person lives in.")
    language = models.CharField(max_length=12, default="en")
    is_active = models.BooleanField(default=True)
    is_operator = models.BooleanField(default=False, help_text="Looks after this installation.")
    joined_at = models.DateTimeField(db_default=Now())

    objects = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="one_account_per_email")]

    def __str__(self) -> str:
        return self.called

    @property
    def called(self) -> str:
        """The name people say; until it is known, the part of the address before the @."""
        return self.name or self.email.partition("@")[0]

    @property
    def first_name(self) -> str:
        return self.called.split(" ", maxsplit=1)[0]

    @cached_property
    def places(self) -> list[Membership]:
        """Memberships with their organisations, the one joined first in front. Read once a request."""
        return list(self.memberships.select_related("org").order_by("pk"))

    @property
    def org_ids(self) -> list[UUID]:
        """Organisations this person belongs to, the one they joined first in front."""
        return [place.org_id for place in self.places]


class Membership(Row):
    """A person's place in an organisation. Read by the account itself, so it is no tenant row."""

    class Role(models.TextChoices):
        MEMBER = "member", "Member"
        MANAGER = "manager", "Program manager"

    org = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role, default=Role.MEMBER)
    since = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "org"], name="one_membership_per_organisation")]


class Skill(models.Model):
    """One skill of the taxonomy. Reference data, the same for everybody."""

    id = models.SlugField(primary_key=True, max_length=80)
    label = models.CharField(max_length=120)
    area = models.CharField(max_length=60)
    spellings = models.TextField(help_text="Label, synonyms and labels in other languages, one a line, lower case.")
    wanted = models.PositiveIntegerField(default=0, help_text="How often it was asked for, to order equals.")

    class Meta:
        indexes = [
            GinIndex(OpClass("spellings", name="gin_trgm_ops"), name="skills_by_spelling"),
        ]

    def __str__(self) -> str:
        return self.label


class ProfileQuerySet(TenantQuerySet):
    def mentors(self):
        """Profiles whose people offer time and are still members, paused or not."""
        member = Membership.objects.filter(person=models.OuterRef("person"), org=models.OuterRef("org"))
        return self.filter(models.Exists(member), is_mentor=True, person__is_active=True)

    def not_paused(self, today):
        return self.filter(models.Q(paused_until=None) | models.Q(paused_until__lte=today))


class Profile(TenantRow):
    """What a person shows of themselves in one organisation."""

    class Confirm(models.TextChoices):
        INSTANT = "instant", "Bookings confirm at once"
        ASK = "ask", "Ask me first"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="profiles")
    pronouns = models.CharField(max_length=40, blank=True)
    headline = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=120, blank=True)
    industry = models.CharField(max_length=120, blank=True)
    employer_kind = models.CharField(max_length=120, blank=True)
    years = models.PositiveSmallIntegerField(null=True, blank=True)
    country = models.CharField(max_length=80, blank=True)
    about = models.TextField(blank=True, max_length=10_000)
    goals = models.TextField(blank=True, max_length=2_000)
    values = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    languages = models.JSONField(default=list, blank=True, help_text='[{"code": "pt", "level": "native"}], best first.')
    language_codes = ArrayField(models.CharField(max_length=12), default=list, blank=True)

    is_mentor = models.BooleanField(default=False)
    mentor_since = models.DateTimeField(null=True, blank=True)
    paused_until = models.DateField(null=True, blank=True)
    helps_with = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    not_for = models.CharField(max_length=400, blank=True)
    style = models.CharField(max_length=400, blank=True)
    lengths = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    confirm = models.CharField(max_length=8, choices=Confirm, default=Confirm.INSTANT)
    now_ok = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    objects = models.Manager.from_queryset(ProfileQuerySet)()

    class Meta(TenantRow.Meta):
        constraints = [models.UniqueConstraint(fields=["org", "person"], name="one_profile_per_organisation")]
        indexes = [models.Index(fields=["org"], condition=models.Q(is_mentor=True), name="mentors_of_org")]


class Topic(TenantRow):
    """Something a person knows, in their own words, pinned to the taxonomy where it fits.

    `confirm` says whether a booking for it counts at once; empty: as the profile says. `engines.asks_first` decides.
    """

    class Level(models.TextChoices):
        LIVED = "lived", "Lived it"
        STRONG = "strong", "Strong"
        EXPERT = "expert", "Expert"

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="topics")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, null=True, blank=True, related_name="topics")
    name = models.CharField(max_length=120)
    level = models.CharField(max_length=8, choices=Level, default=Level.LIVED)
    confirm = models.CharField(max_length=8, choices=Profile.Confirm, blank=True, default="", db_default="")
    checked_at = models.DateTimeField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(TenantRow.Meta):
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["profile", "name"], name="one_topic_per_name")]
        # Who names a skill, and how well, is read from the index alone: in a large place that is 12,000 rows.
        indexes = [models.Index(fields=["org", "skill"], include=["profile", "level"], name="topics_by_skill")]


class Story(TenantRow):
    """ "I once...": something a person has lived through."""

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="stories")
    title = models.CharField(max_length=160)
    text = models.TextField(max_length=10_000)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(TenantRow.Meta):
        ordering = ["position", "pk"]


class BlockQuerySet(TenantQuerySet):
    def seen_by(self, person):
        """Whoever blocked, wherever they are now. The other one is never told."""
        return self.filter(blocker=person)


class Block(TenantRow):
    """One person wants nothing to do with another: the two never meet again, in whichever organisation.

    `org` is where it was pressed. It holds everywhere, because a person is one person everywhere.
    """

    blocker = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="blocks", db_index=False)
    blocked = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()

    objects = models.Manager.from_queryset(BlockQuerySet)()

    class Meta(TenantRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["blocker", "blocked"], name="one_block_per_pair_and_side"),
            models.CheckConstraint(condition=~models.Q(blocker=models.F("blocked")), name="nobody_blocks_themselves"),
        ]


__all__ = ["Block", "Membership", "Organisation", "Person", "Profile", "Skill", "Story", "TenantManager", "Topic"]
