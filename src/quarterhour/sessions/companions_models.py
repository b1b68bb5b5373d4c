"""Who comes along to a session besides its two."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from quarterhour.core.models import TenantRow
from quarterhour.core.scope import TenantQuerySet

IN_FORCE = Q(out_at=None)


class CompanionQuerySet(TenantQuerySet):
    def seen_by(self, person):
        """The two of the session, and the one who comes along, for as long as they do."""
        two = Q(session__mentor=person) | Q(session__mentee=person)
        return super().seen_by(person).filter(two | Q(person=person, out_at=None))

    def in_force(self):
        """Neither refused nor taken out."""
        return self.filter(IN_FORCE)


class Companion(TenantRow):
    """Somebody one of the two brings along: asked by mail, in the room once they accepted, out for good once out."""

    session = models.ForeignKey(
        "mentoring_sessions.MentoringSession", on_delete=models.CASCADE, related_name="companions"
    )
    brought_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    email = models.EmailField(max_length=254, help_text="Where they were asked, as people.rules.address writes it.")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        help_text="Their account, once they accepted.",
    )  # fmt: skip
    asked_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    out_at = models.DateTimeField(null=True, blank=True, help_text="Refused, taken out, or gone by themselves.")
    out_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = models.Manager.from_queryset(CompanionQuerySet)()

    class Meta(TenantRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["session", "email"], condition=IN_FORCE, name="asked_along_once"),
            models.UniqueConstraint(fields=["session", "person"], condition=IN_FORCE, name="along_once"),
            models.CheckConstraint(
                condition=Q(person=None, accepted_at=None) | Q(person__isnull=False, accepted_at__isnull=False),
                name="who_accepted_has_an_account",
            ),
        ]
        indexes = [models.Index(fields=["asked_at"], name="companions_by_age")]

    @property
    def called(self) -> str:
        """Their name, once they have said who they are; until then the address they were asked at."""
        return self.person.called if self.person else self.email
