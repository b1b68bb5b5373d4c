"""How many requests somebody may have open, and send in a week: shown before it stands in anybody's way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q

from quarterhour.core.errors import NotAllowed
from quarterhour.engines.attendance import Verdict
from quarterhour.people.models import Person
from quarterhour.sessions.models import MentoringSession, Status
from quarterhour.sessions.writing_models import WrittenAsk

WAITS = "asked"  # the state of both kinds while they wait for an answer


class TooManyAsks(NotAllowed):
    """The person already waits for as many answers as one may, or asked as often as one may in a week."""

    status = 429


@dataclass(frozen=True, slots=True)
class Quota:
    """Requests that are open, and sent since Monday; each beside how many there may be."""

    open: int
    most_open: int
    this_week: int
    most_a_week: int

    @property
    def is_used_up(self) -> bool:
        return self.open >= self.most_open or self.this_week >= self.most_a_week

    @property
    def told(self) -> str:
        """As in "2 of 3 open, 4 of 5 this week"."""
        return f"{self.open} of {self.most_open} open, {self.this_week} of {self.most_a_week} this week"

    @property
    def way_on(self) -> str:
        """What to do where it is used up; "" while it is not."""
        if self.open >= self.most_open:
            return f"{self._so_many} Release one, or choose somebody who confirms at once."
        if self.this_week >= self.most_a_week:
            return (
                f"You have asked {self.most_a_week} times this week. From Monday on you can ask again; "
                "who confirms at once can be booked today."
            )
        return ""

    @property
    def _so_many(self) -> str:
        many = {1: "One of your requests waits", 2: "Two of your requests wait", 3: "Three of your requests wait"}
        return f"{many.get(self.most_open, f'{self.most_open} of your requests wait')} for an answer."


def quota_of(mentee: Person, *, org, now: datetime) -> Quota:
    """What this person has used of what they may, for a time and in writing alike. One query."""
    monday = _monday(mentee, now)
    counts = Q(asked_at__gte=monday)
    for_a_time = MentoringSession.objects.within(org).filter(mentee=mentee, asked_at__isnull=False)
    for_a_time = for_a_time.exclude(how_kept__word=Verdict.MISSED_BY_MENTOR)  # whoever waited in vain may ask again
    in_writing = WrittenAsk.objects.within(org).filter(mentee=mentee)
    rows = list(
        for_a_time.filter(counts | Q(status=Status.ASKED)).order_by().values_list("status", "asked_at")
        .union(in_writing.filter(counts | Q(state=WAITS)).order_by().values_list("state", "asked_at"), all=True)
    )  # fmt: skip
    return Quota(
        open=sum(state == WAITS for state, _ in rows),
        most_open=settings.POLICY["open_asks"],
        this_week=sum(asked_at >= monday for _, asked_at in rows),
        most_a_week=settings.POLICY["asks_a_week"],
    )


def check_has_room(mentee: Person, *, org, now: datetime) -> None:
    """Raises TooManyAsks where this person may ask nobody more for now."""
    if used_up := quota_of(mentee, org=org, now=now).way_on:
        raise TooManyAsks(used_up)


def check_may_ask(session: MentoringSession, *, now: datetime) -> None:
    """Raises TooManyAsks where the quota is used up, NotAllowed for a mentor who has this question already."""
    asked = MentoringSession.objects.within(session.org_id).filter(need=session.need_id, status=Status.ASKED)
    readers = set(asked.values_list("mentor_id", flat=True)) if session.need_id else set()
    if session.mentor_id in readers:
        raise NotAllowed(f"{session.mentor.called} has your question already, and has not answered yet.")
    if len(readers) >= (many := settings.POLICY["parallel_asks"]):
        raise TooManyAsks(f"{many} people have this question already. Release one of them to ask somebody else.")
    check_has_room(session.mentee, org=session.org_id, now=now)


def _monday(mentee: Person, now: datetime) -> datetime:
    """When the week began on this person's own clock."""
    zone = ZoneInfo(mentee.zone)
    today = now.astimezone(zone).date()
    return datetime.combine(today - timedelta(days=today.weekday()), time(), zone)
