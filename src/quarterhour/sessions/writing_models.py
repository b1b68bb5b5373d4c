"""A question that is answered in writing, by one mentor, without a time."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from quarterhour.core.models import TenantRow
from quarterhour.core.scope import TenantQuerySet
from quarterhour.needs.models import Need
from quarterhour.people.queries import blocked_beside


class WrittenAskQuerySet(TenantQuerySet):
    def seen_by(self, person):
        """The one who asks; and the one who is asked, until it is taken back or the two are kept apart."""
        still = Q(mentor=person) & ~Q(state=WrittenAsk.State.WITHDRAWN) & ~blocked_beside(person, "mentee")
        return super().seen_by(person).filter(Q(mentee=person) | still)

    def open(self):
        return self.filter(state=WrittenAsk.State.ASKED)


class WrittenAsk(TenantRow):
    """One question, sent to one mentor to be answered in writing. It ends once: whoever changes it holds its row."""

    class State(models.TextChoices):
        ASKED = "asked", "waiting for an answer"
        ANSWERED = "answered", "answered"
        DECLINED = "declined", "declined"
        EXPIRED = "expired", "not answered in time"
        WITHDRAWN = "withdrawn", "taken back"

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="written_asks")
    mentor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    mentee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=9, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When it was answered, or closed without.")
    nudged_at = models.DateTimeField(null=True, blank=True, help_text="When its mentor was reminded, once.")
    answer = models.TextField(max_length=10_000, blank=True)
    question = models.TextField(
        blank=True,
        default="",
        db_default="",
        help_text="What was answered: later words of whoever asked are not shown.",
    )
    would_talk = models.BooleanField(default=False, help_text="The mentor would also talk about it.")
    note = models.CharField(max_length=400, blank=True, help_text="Why it was declined, for us alone.")
    quarters = models.PositiveSmallIntegerField(null=True, blank=True, help_text="How much the answer helped, 0 to 4.")
    rated_at = models.DateTimeField(null=True, blank=True)

    objects = models.Manager.from_queryset(WrittenAskQuerySet)()

    class Meta(TenantRow.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["need", "mentor"], condition=Q(state="asked"), name="one_open_written_ask_per_mentor"
            ),
            models.CheckConstraint(condition=~Q(mentor=F("mentee")), name="nobody_writes_to_themselves"),
            models.CheckConstraint(condition=Q(quarters__lte=4), name="a_written_answer_helps_four_quarters_at_most"),
            models.CheckConstraint(
                condition=Q(state="answered") | Q(quarters__isnull=True), name="only_an_answer_can_have_helped"
            ),
        ]
        indexes = [
            models.Index(fields=["answer_by"], condition=Q(state="asked"), name="written_asks_by_end"),
            models.Index(fields=["mentor", "state"], name="written_asks_of_a_mentor"),
            models.Index(fields=["mentee", "asked_at"], name="written_asks_of_a_mentee"),
        ]

    def other(self, person):
        """The one of the two whom `person` is not."""
        return self.mentee if person.pk == self.mentor_id else self.mentor
