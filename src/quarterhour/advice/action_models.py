"""What whoever took an action on says of it afterwards, for themselves."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from quarterhour.core.models import TenantRow
from quarterhour.core.scope import TenantQuerySet


class Why(models.TextChoices):
    """Why an action was dropped."""

    SOLVED = "solved", "It solved itself"
    OTHER_FIRST = "other_first", "Something else came first"
    NOT_MY_CASE = "not_my_case", "It does not fit my case"
    TOO_BIG = "too_big", "It was too big"
    TRIED = "tried", "I tried, and it did not work"
    OTHER = "other", "Something else"


class ActionAnswerQuerySet(TenantQuerySet):
    def seen_by(self, person):
        """Whoever said it, nobody else."""
        return super().seen_by(person).filter(person=person)


class ActionAnswer(TenantRow):
    """Whether doing it helped, 0 to 4 quarters; or why it was dropped.

    In a table of its own, because numbers are double-blind and an action is seen by both.
    """

    action = models.ForeignKey("advice.Action", on_delete=models.CASCADE, related_name="answers")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    quarters = models.PositiveSmallIntegerField(null=True, blank=True)
    why = models.CharField(max_length=12, choices=Why, blank=True)
    words = models.CharField(max_length=400, blank=True)
    at = models.DateTimeField()

    objects = models.Manager.from_queryset(ActionAnswerQuerySet)()

    class Meta(TenantRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["action", "person"], name="one_answer_per_owner_of_an_action"),
            models.CheckConstraint(
                condition=models.Q(quarters=None) | models.Q(quarters__lte=4), name="an_action_helped_four_at_most"
            ),
        ]
