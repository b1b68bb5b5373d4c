"""Booking, the room, and what happened there."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.contrib.postgres.functions import RandomUUID
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Q

from quarterhour.core.models import Row, TenantRow
from quarterhour.core.places import Meets
from quarterhour.core.scope import TenantQuerySet
from quarterhour.needs.models import Need


class Status(models.TextChoices):
    HELD = "held", "held for you"
    ASKED = "asked", "waiting for a yes"
    CONFIRMED = "confirmed", "booked"
    ENDED = "ended", "over"
    CANCELLED = "cancelled", "released"
    DECLINED = "declined", "declined"
    EXPIRED = "expired", "not answered in time"
    DROPPED = "dropped", "not taken"
    THANKED = "thanked", "somebody else said yes first"


TAKING_TIME = [Status.HELD, Status.ASKED, Status.CONFIRMED]


class SessionQuerySet(TenantQuerySet):
    def seen_by(self, person):
        """The two parties, nobody else."""
        return super().seen_by(person).filter(Q(mentor=person) | Q(mentee=person))


class MentoringSession(TenantRow):
    """Two people, a span of time, one question."""

    need = models.ForeignKey(Need, on_delete=models.SET_NULL, null=True, related_name="sessions")
    mentor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="sessions_given")
    mentee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="sessions_asked")
    span = DateTimeRangeField(help_text="[start, end) in UTC.")
    status = models.CharField(max_length=10, choices=Status)
    version = models.PositiveIntegerField(default=1, help_text="Rises with each change; a page sends back what it saw.")
    sequence = models.PositiveIntegerField(default=0, help_text="SEQUENCE of the calendar invitation.")
    held_until = models.DateTimeField(null=True, blank=True)
    answer_by = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    asked_at = models.DateTimeField(
        null=True, blank=True, help_text="When the mentor was asked; empty: booked at once."
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    note = models.CharField(max_length=400, blank=True, help_text="What was said when it was declined or released.")
    released_late = models.BooleanField(
        default=False, db_default=False, help_text="Booked, and released at short notice."
    )
    meets = models.CharField(max_length=5, choices=Meets, default=Meets.ROOM, db_default=Meets.ROOM)
    where = models.CharField(
        max_length=400, blank=True, default="", db_default="", help_text="The address of another meeting, or the place."
    )
    instead_of = models.OneToOneField(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="handed_to", help_text="Taken over from."
    )

    objects = models.Manager.from_queryset(SessionQuerySet)()

    class Meta(TenantRow.Meta):
        constraints = [
            models.CheckConstraint(condition=~Q(mentor=models.F("mentee")), name="nobody_mentors_themselves"),
            models.CheckConstraint(
                condition=Q(span__startswith__isnull=False, span__endswith__isnull=False),
                name="a_session_has_two_ends",
            ),
            models.CheckConstraint(
                condition=Q(meets=Meets.ROOM, where="") | ~Q(meets=Meets.ROOM) & ~Q(where=""),
                name="elsewhere_is_somewhere",
            ),
        ]
        indexes = [
            models.Index(fields=["mentor", "status"], name="sessions_of_a_mentor"),
            models.Index(fields=["mentee", "status"], name="sessions_of_a_mentee"),
            GistIndex(fields=["span"], name="sessions_by_time"),
            models.Index(fields=["asked_at"], condition=Q(status="asked"), name="requests_by_age"),
        ]

    @property
    def starts_at(self):
        return self.span.lower

    @property
    def ends_at(self):
        return self.span.upper

    @property
    def minutes(self) -> int:
        return round((self.span.upper - self.span.lower).total_seconds() / 60)

    @property
    def is_elsewhere(self) -> bool:
        """Whether the two meet where the room sees and hears nothing."""
        return self.meets != Meets.ROOM

    @property
    def ical_uid(self) -> str:
        """The same for every invitation, update and cancellation of this session."""
        return f"{self.pk}@quarterhour"

    def other(self, person):
        """The one of the two whom `person` is not."""
        return self.mentee if person.pk == self.mentor_id else self.mentor


class TimeClaim(Row):
    """A person's time that is taken. A person is in one place, whatever the organisation, so this is no tenant row.

    Two claims of one person can never overlap: the exclusion constraint decides, not a check before it. The one
    exception are claims that lie `together`: the hours somebody asks several mentors for with one question.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="time_claims")
    during = DateTimeRangeField()
    session = models.ForeignKey(MentoringSession, on_delete=models.CASCADE, related_name="claims")
    together = models.UUIDField(db_default=RandomUUID(), help_text="A question's key while it is asked, else its own.")

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="a_person_is_in_one_place_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                    ("together", RangeOperators.NOT_EQUAL),
                ],
            )
        ]


class OfTheTwoQuerySet(TenantQuerySet):
    def seen_by(self, person):
        """What belongs to a session is seen by its two parties, nobody else."""
        return super().seen_by(person).filter(Q(session__mentor=person) | Q(session__mentee=person))


OfTheTwo = models.Manager.from_queryset(OfTheTwoQuerySet)


class AttendanceEvent(TenantRow):
    """What the room saw: an append-only log, one line a happening."""

    class Kind(models.TextChoices):
        WAITING = "waiting"  # came into the lobby
        JOINED = "joined"
        LEFT = "left"
        HEARTBEAT = "heartbeat"
        MEDIA_CONNECTED = "media_connected"
        MEDIA_FAILED = "media_failed"

    session = models.ForeignKey(MentoringSession, on_delete=models.CASCADE, related_name="attendance")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=Kind)
    connection = models.UUIDField(help_text="One browser tab from joining to leaving.")
    at = models.DateTimeField()

    objects = OfTheTwo()

    class Meta(TenantRow.Meta):
        indexes = [
            models.Index(fields=["session", "at"], name="attendance_in_order"),
            models.Index(fields=["at"], condition=models.Q(kind="heartbeat"), name="heartbeats_by_age"),
        ]


class NotesUpdate(TenantRow):
    """One update of the shared notes (a Yjs update), appended; squashed when the room is quiet."""

    session = models.ForeignKey(MentoringSession, on_delete=models.CASCADE, related_name="notes_updates")
    update = models.BinaryField()
    at = models.DateTimeField()

    objects = OfTheTwo()


class Notes(TenantRow):
    """The shared notes as plain text, refreshed from their updates: what cards and pages read."""

    session = models.OneToOneField(MentoringSession, on_delete=models.CASCADE, related_name="notes")
    text = models.TextField(blank=True)
    saved_at = models.DateTimeField()

    objects = OfTheTwo()


class ChatLine(TenantRow):
    session = models.ForeignKey(MentoringSession, on_delete=models.CASCADE, related_name="chat")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=10_000)
    at = models.DateTimeField()

    objects = OfTheTwo()

    class Meta(TenantRow.Meta):
        ordering = ["at", "pk"]


class Coming(TenantRow):
    """Somebody said that they will be there, at the time the session had then: a move wants a new word."""

    session = models.ForeignKey(MentoringSession, on_delete=models.CASCADE, related_name="comings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sequence = models.PositiveIntegerField()
    said_at = models.DateTimeField()

    objects = OfTheTwo()

    class Meta(TenantRow.Meta):
        constraints = [models.UniqueConstraint(fields=["session", "person", "sequence"], name="one_word_each")]


from quarterhour.sessions.asking_models import Ask, Silence  # noqa: E402, F401 - tables of their own file
from quarterhour.sessions.attendance_models import Appeal, HowKept  # noqa: E402, F401 - the same
from quarterhour.sessions.captions_models import SpokenLine  # noqa: E402, F401 - the same
from quarterhour.sessions.companions_models import Companion  # noqa: E402, F401 - the same
from quarterhour.sessions.writing_models import WrittenAsk  # noqa: E402, F401 - the same
