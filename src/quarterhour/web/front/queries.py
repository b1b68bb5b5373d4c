"""What the first page tells of this place: counts with their base, and one story."""

from __future__ import annotations

from datetime import date

from django.db.models.functions import Length

from quarterhour.core.models import Organisation
from quarterhour.people.models import Profile, Story
from quarterhour.sessions.attendance_models import MISSED
from quarterhour.sessions.models import MentoringSession, Status

LEAST = 5  # fewer are not shown: a small group could be recognised


def figures(org: Organisation) -> dict[str, int]:
    """How many offer time, how many sessions were held; nothing below LEAST."""
    mentors = Profile.objects.within(org).mentors().count()
    over = MentoringSession.objects.within(org).filter(status=Status.ENDED)
    held = over.exclude(how_kept__word__in=MISSED).count()
    return {name: n for name, n in {"mentors": mentors, "sessions": held}.items() if n >= LEAST}


def story_of_the_day(org: Organisation, *, today: date) -> Story | None:
    """The own words of a mentor who takes people, another one each day; None in an empty place."""
    short = (
        Story.objects.within(org)
        .annotate(length=Length("text"))
        .filter(profile__in=Profile.objects.within(org).mentors().not_paused(today))
        .filter(profile__language_codes__contains=["en"], length__range=(120, 340))
        .select_related("profile__person")
        .order_by("pk")
    )
    ids = list(short.values_list("pk", flat=True)[:366])
    return short.get(pk=ids[today.toordinal() % len(ids)]) if ids else None
