"""A decision of a person, the advice of several sessions laid on it, and what came of it."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models.functions import Coalesce

from quarterhour.core.models import TenantRow
from quarterhour.core.scope import TenantQuerySet
from quarterhour.sessions.writing_models import WrittenAsk

EMPTY = models.Value({}, models.JSONField())


class DecisionQuerySet(TenantQuerySet):
    def seen_by(self, person):
        """The person whose decision it is, and the mentors they share it with at the moment."""
        guests = Guest.plain.filter(decision=models.OuterRef("pk"), mentor=person, revoked_at=None)
        return super().seen_by(person).filter(models.Q(owner=person) | models.Exists(guests))

    def of(self, person):
        return self.filter(owner=person)


class Decision(TenantRow):
    """What somebody has to choose between, and what they chose. `version` is that of the words and the choice."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="decisions")
    need = models.ForeignKey("needs.Need", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    also = models.ManyToManyField("needs.Need", related_name="+", blank=True, help_text="Asked for another view.")
    question = models.CharField(max_length=400)
    context = models.TextField(max_length=4_000, blank=True)
    criteria = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    decide_by = models.DateField(null=True, blank=True)
    advisers_place = models.BooleanField(
        default=False, help_text="Who gave advice on its need may say where their own advice stands."
    )
    weights = models.JSONField(default=dict, blank=True, help_text="By mentor's key; who is not in it counts 1.")
    marks = models.JSONField(
        default=dict, db_default=EMPTY, blank=True, help_text="By option's key and criterion: -2 to 2."
    )
    criterion_weights = models.JSONField(
        default=dict, db_default=EMPTY, blank=True, help_text="By criterion; what is not in it counts 1."
    )
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    chosen = models.ForeignKey("advice.Option", on_delete=models.RESTRICT, null=True, blank=True, related_name="+")
    reason = models.TextField(max_length=2_000, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    look_back_on = models.DateField(null=True, blank=True)
    look_back_round = models.PositiveSmallIntegerField(default=0, help_text="Grows when the day is moved.")
    asked_back_at = models.DateTimeField(null=True, blank=True, help_text="When we asked how it went; once a round.")
    not_asked_at = models.DateTimeField(null=True, blank=True, help_text="When the person wanted not to be asked.")
    outcome = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(4)])
    outcome_words = models.TextField(max_length=2_000, blank=True)
    looked_back_at = models.DateTimeField(null=True, blank=True)

    objects = models.Manager.from_queryset(DecisionQuerySet)()

    class Meta(TenantRow.Meta):
        indexes = [
            models.Index(fields=["org", "owner", "-changed_at"], name="decisions_of_a_person"),
            models.Index(
                fields=["look_back_on"],
                condition=models.Q(asked_back_at=None, not_asked_at=None, looked_back_at=None),
                name="decisions_to_look_back_on",
            ),
        ]


class OfADecisionQuerySet(TenantQuerySet):
    def seen_by(self, person):
        return super().seen_by(person).filter(decision__owner=person)


OfADecision = models.Manager.from_queryset(OfADecisionQuerySet)


class Option(TenantRow):
    """One of the ways a decision can go."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="options")
    text = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField(default=0)

    objects = OfADecision()

    class Meta(TenantRow.Meta):
        ordering = ["position", "pk"]


class Side(models.TextChoices):
    """Where a piece of advice stands to an option. BESIDE: it is about how to go about it, not about an option."""

    FOR = "for", "For"
    AGAINST = "against", "Against"
    DEPENDS = "depends", "Depends"
    BESIDE = "beside", "On how to go about it"


class Confidence(models.TextChoices):
    LOW = "low", "Not sure"
    MEDIUM = "medium", "Fairly sure"
    HIGH = "high", "Very sure"


class LaidPieceQuerySet(TenantQuerySet):
    def seen_by(self, person):
        """The owner of the decision; and the mentor who said it, where the owner lets mentors place their advice."""
        said = _said_by(person)
        need = Coalesce(models.OuterRef("piece__takeaway__session__need"), models.OuterRef("answer__need"))
        about = models.Q(need=need) | models.Q(also=need)
        of_need = models.Exists(Decision.plain.filter(about, pk=models.OuterRef("decision"), advisers_place=True))
        guests = Guest.plain.filter(decision=models.OuterRef("decision"), mentor=person, revoked_at=None)
        mine = models.Q(decision__owner=person)
        own = said & models.Q(taken_off_at=None) & (of_need | models.Exists(guests))
        return super().seen_by(person).filter(mine | own)

    def lying(self):
        """Those on the board, not those the owner took off."""
        return self.filter(taken_off_at=None)

    def said_by(self, mentor):
        return self.filter(_said_by(mentor))


def _said_by(mentor) -> models.Q:
    """On a card of theirs, or in writing."""
    return models.Q(piece__takeaway__session__mentor=mentor) | models.Q(answer__mentor=mentor)


class LaidPiece(TenantRow):
    """One piece of advice on one decision. Its words are those of the card, or of the answer in writing; where it
    stands is said here.
    """

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="laid")
    piece = models.ForeignKey(
        "advice.AdvicePiece", on_delete=models.CASCADE, null=True, blank=True, related_name="laid"
    )
    answer = models.ForeignKey(WrittenAsk, on_delete=models.CASCADE, null=True, blank=True, related_name="laid")
    option = models.ForeignKey(Option, on_delete=models.SET_NULL, null=True, blank=True, related_name="laid")
    side = models.CharField(max_length=7, choices=Side, blank=True)
    condition = models.CharField(max_length=400, blank=True, help_text="When it holds.")
    assumption = models.CharField(max_length=400, blank=True, help_text="What it takes for granted.")
    confidence = models.CharField(max_length=6, choices=Confidence, blank=True)
    change_mind = models.CharField(max_length=400, blank=True, help_text="What would change the mentor's mind.")
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)
    laid_at = models.DateTimeField()
    taken_off_at = models.DateTimeField(null=True, blank=True)

    objects = models.Manager.from_queryset(LaidPieceQuerySet)()

    class Meta(TenantRow.Meta):
        ordering = ["laid_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "piece"], name="one_place_per_piece"),
            models.UniqueConstraint(fields=["decision", "answer"], name="one_place_per_written_answer"),
            models.CheckConstraint(
                condition=models.Q(piece=None, answer__isnull=False) | models.Q(piece__isnull=False, answer=None),
                name="advice_lies_from_a_card_or_in_writing",
            ),
            models.CheckConstraint(
                condition=models.Q(option=None) | models.Q(side__in=["for", "against", "depends"]),
                name="an_option_has_a_side",
            ),
        ]

    @property
    def text(self) -> str:
        return self.piece.text if self.piece else self.answer.answer

    @property
    def mentor(self):
        """Who said it."""
        return self.piece.takeaway.session.mentor if self.piece else self.answer.mentor

    @property
    def quotable(self) -> bool:
        """Whether both sides let it be quoted. Of an answer in writing nobody was asked, so it is not."""
        return self.piece is not None and self.piece.takeaway.quotable


class PerspectiveLabel(TenantRow):
    """What a person said of two pieces that may contradict each other. `a` is the one with the smaller key."""

    class Word(models.TextChoices):
        CONFLICT = "conflict"
        DISMISSED = "dismissed"

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="labels")
    a = models.ForeignKey(LaidPiece, on_delete=models.CASCADE, related_name="+")
    b = models.ForeignKey(LaidPiece, on_delete=models.CASCADE, related_name="+")
    word = models.CharField(max_length=9, choices=Word)
    proposed = models.FloatField(null=True, blank=True, help_text="The chance the detector gave; none where exact.")
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    said_at = models.DateTimeField()

    objects = OfADecision()

    class Meta(TenantRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["a", "b"], name="one_label_per_pair"),
            models.CheckConstraint(condition=models.Q(a__lt=models.F("b")), name="a_pair_has_one_order"),
        ]


class OfTwoQuerySet(TenantQuerySet):
    def seen_by(self, person):
        mine = models.Q(decision__owner=person) | models.Q(mentor=person)
        return super().seen_by(person).filter(mine)


class Guest(TenantRow):
    """A mentor who gave advice and may look at the decision; with `others`, also at what others said."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="guests")
    mentor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    others = models.BooleanField(default=False)
    may_comment = models.BooleanField(default=False)
    since = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = models.Manager.from_queryset(OfTwoQuerySet)()

    class Meta(TenantRow.Meta):
        constraints = [models.UniqueConstraint(fields=["decision", "mentor"], name="one_guest_per_mentor")]


class Comment(TenantRow):
    """A word of a guest, for the owner alone."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="comments")
    mentor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    text = models.TextField(max_length=2_000)
    at = models.DateTimeField()

    objects = models.Manager.from_queryset(OfTwoQuerySet)()

    class Meta(TenantRow.Meta):
        ordering = ["at", "pk"]
