"""What a program manager may know: counts of people, never what was said. Small groups are hidden when shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, DurationField, Exists, ExpressionWrapper, F, Min, OuterRef, Q, Sum

from quarterhour.advice.models import Action
from quarterhour.advice.queries import MET, who_met
from quarterhour.engines.attendance import Verdict
from quarterhour.needs.models import Need
from quarterhour.people.models import Membership, Profile
from quarterhour.sessions.models import MentoringSession, Status
from quarterhour.trust.queries import HELPED, with_last_answer

WINDOW = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Reach:
    """People, each counted once. Every number after `asked` is a part of those who asked.

    members: who belongs to the organisation now. asked: stated a question within the window.
    matched: were shown people for one. booked: had a time for one, also one that was missed. met: talked about one.
    acted: did something they had agreed on there, or the other did. answered: said afterwards how much it helped.
    helped: of those, said a lot or more.
    """

    members: int
    asked: int
    matched: int
    booked: int
    met: int
    acted: int
    answered: int
    helped: int


@dataclass(frozen=True, slots=True)
class Load:
    """What one mentor gave within the window, and what is booked ahead. Minutes."""

    profile: Profile
    minutes: int
    sessions: int
    ahead: int


def reach(*, org, now: datetime) -> Reach:
    """From question to help, for the questions of the window. Two queries."""
    about_it = MentoringSession.plain.filter(need=OuterRef("pk"))
    said = with_last_answer(about_it).filter(last_answer__isnull=False)
    met = who_met(about_it).filter(MET)
    done = Exists(Action.plain.filter(takeaway__session=OuterRef("pk"), fate=Action.Fate.DONE))
    asked = (
        Need.objects.within(org)
        .filter(stated_at__gt=now - WINDOW, stated_at__lte=now)
        .annotate(booked=Exists(about_it.filter(status__in=[Status.CONFIRMED, Status.ENDED])), met=Exists(met))
        .annotate(acted=Exists(met.filter(done)), answered=Exists(said))
        .annotate(helped=Exists(said.filter(last_answer__gte=HELPED)))
    )
    counted = asked.aggregate(
        asked=Count("mentee", distinct=True),
        matched_=Count("mentee", distinct=True, filter=Q(matched_at__isnull=False)),
        booked_=Count("mentee", distinct=True, filter=Q(booked=True)),
        met_=Count("mentee", distinct=True, filter=Q(met=True)),
        acted_=Count("mentee", distinct=True, filter=Q(acted=True)),
        answered_=Count("mentee", distinct=True, filter=Q(answered=True)),
        helped_=Count("mentee", distinct=True, filter=Q(helped=True)),
    )
    members = Membership.objects.filter(org=org, person__is_active=True).count()
    return Reach(members=members, **{name.rstrip("_"): count for name, count in counted.items()})


def without_help(*, org, now: datetime) -> list[datetime]:
    """Since when each person waits who has an open question, talked to nobody about it and has nothing booked.

    One moment a person, their oldest such question, longest waiting first. One query.
    """
    about_it = MentoringSession.plain.filter(need=OuterRef("pk"))
    ahead = about_it.filter(status=Status.CONFIRMED, span__endswith__gt=now)
    waiting = (
        Need.objects.within(org)
        .open()
        .filter(stated_at__lte=now)
        .exclude(Exists(who_met(about_it).filter(MET)))
        .exclude(Exists(ahead))
    )
    rows = waiting.values("mentee").annotate(since=Min("stated_at")).order_by("since")
    return [row["since"] for row in rows]


def ran_out(*, org, now: datetime) -> int:
    """People whose request nobody answered in time within the window. One query."""
    rows = MentoringSession.objects.within(org).filter(status=Status.EXPIRED, created_at__gt=now - WINDOW)
    return rows.aggregate(people=Count("mentee", distinct=True))["people"]


def never_asked(*, org) -> int:
    """Members who do not offer time and have never stated a question. One query."""
    members = Membership.objects.filter(org=org, person__is_active=True)
    asked = Need.plain.filter(org=org, mentee=OuterRef("person"))
    offers = Profile.plain.filter(org=org, person=OuterRef("person"), is_mentor=True)
    return members.exclude(Exists(asked)).exclude(Exists(offers)).count()


def loads(*, org, now: datetime) -> list[Load]:
    """Every mentor with minutes given and minutes booked ahead, who gave the most first. Two queries."""
    length = ExpressionWrapper(F("span__endswith") - F("span__startswith"), output_field=DurationField())
    came = Q(how_kept=None) | ~Q(how_kept__word__in=[Verdict.MISSED_BY_MENTOR, Verdict.MISSED_BY_BOTH])
    over = Q(status=Status.ENDED, span__startswith__gt=now - WINDOW) & came
    ahead = Q(status=Status.CONFIRMED, span__endswith__gt=now)
    given = (
        MentoringSession.objects.within(org)
        .filter(over | ahead)
        .values("mentor")
        .annotate(
            minutes=Sum(length, filter=over), sessions=Count("pk", filter=over), ahead=Sum(length, filter=ahead),
        )
    )  # fmt: skip
    known: dict[UUID, dict] = {row["mentor"]: row for row in given}
    profiles = Profile.objects.within(org).mentors().select_related("person")
    rows = [_load(profile, known.get(profile.person_id, {})) for profile in profiles]
    return sorted(rows, key=lambda row: (-row.minutes, -row.ahead, row.profile.person.called))


def _load(profile: Profile, given: dict) -> Load:
    def minutes(name: str) -> int:
        return round((given.get(name) or timedelta()).total_seconds() / 60)

    return Load(profile, minutes("minutes"), given.get("sessions", 0), minutes("ahead"))
