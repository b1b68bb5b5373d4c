"""A mentor is on call: for some topics, until a time, as long as they give signs of life."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from quarterhour.core import events
from quarterhour.core.errors import Invalid, NotAllowed
from quarterhour.matching.models import OnCall
from quarterhour.matching.now import bell_news
from quarterhour.matching.now.events import OnCallBegan, OnCallEnded
from quarterhour.matching.now_models import DEAF, SILENT
from quarterhour.people.models import Person, Profile, Topic

WHY = SILENT, DEAF


@transaction.atomic
def go_on_call(
    *, mentor: Person, org, until: datetime, skills: Sequence[str] = (), elsewhere: bool = False, now: datetime
) -> OnCall:
    """Be on call until `until`; switching it on again changes time and topics.

    elsewhere: whether a ring reaches them without an open page; then being on call does not end with the last page.
    skills: ids of the taxonomy among the mentor's own topics; empty for all of them. Raises Invalid for a time that is
    over or too far, or a topic that is not theirs; NotAllowed for whoever offers no time here, or is away.
    """
    profile = Profile.objects.visible_to(mentor).filter(org=org, person=mentor).first()
    if profile is None or not profile.is_mentor:
        raise NotAllowed("Only people who offer time can be on call. Offer a quarter of an hour first.")
    if profile.paused_until and profile.paused_until > now.date():
        raise NotAllowed(f"You are away until {profile.paused_until:%-d %B}. Come back first.")
    most = timedelta(minutes=settings.POLICY["on_call_most"])
    if not now < until <= now + most + timedelta(minutes=1):
        raise Invalid(f"Be on call for at most {most.seconds // 3600} hours. You can prolong it.")
    own = set(Topic.objects.within(org).filter(profile=profile).values_list("skill_id", flat=True))
    if not own.issuperset(skills):
        raise Invalid("One of these topics is not among yours. Add it to your profile first.")
    row, _ = OnCall.objects.within(org).update_or_create(
        org=org, mentor=mentor,
        defaults={
            "until": until, "skills": sorted(set(skills)), "since": now, "seen_at": now, "missed": 0,
            "elsewhere": elsewhere,
        },
    )  # fmt: skip
    events.publish(OnCallBegan(org_id=row.org_id, mentor_id=mentor.pk), now=now)
    return row


def stop(*, mentor: Person, org, now: datetime) -> None:
    """Not on call any more. Doing it twice is no mistake; a ring that is still open ends as passed."""
    from quarterhour.matching.now.ringing import give_up

    OnCall.objects.within(org).filter(mentor=mentor, until__gt=now).update(until=now)
    give_up(mentor_id=mentor.pk, now=now)


def seen(person_ids: Collection[UUID], *, now: datetime) -> None:
    """These people gave a sign of life: mentors on call, and people in line. Two statements, whatever their number."""
    if not person_ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE matching_oncall SET seen_at = %s WHERE mentor_id = ANY(%s) AND until > %s AND seen_at < %s",
            [now, list(person_ids), now, now - timedelta(seconds=5)],
        )
        cursor.execute(
            "UPDATE matching_place SET seen_at = %s WHERE mentee_id = ANY(%s) AND state IN ('waiting', 'resting')"
            " AND seen_at < %s",
            [now, list(person_ids), now - timedelta(seconds=5)],
        )


@transaction.atomic
def end_by_itself(*, now: datetime) -> int:
    """Whoever has not been seen for a while, or let too many rings pass, is not on call any more. Returns how many."""
    silent = now - timedelta(seconds=settings.POLICY["on_call_silent"])
    misses, ended = settings.POLICY["on_call_misses"], 0
    with connection.cursor() as cursor:
        cursor.execute(END, [now, now, silent, misses])
        for org_id, mentor_id, missed, since in cursor.fetchall():
            told = {"why": DEAF if missed >= misses else SILENT, "since": int(since.timestamp())}
            events.publish(OnCallEnded(org_id=org_id, mentor_id=mentor_id, **told), now=now)
            bell_news.tell([mentor_id])
            ended += 1
    return ended


# `missed` starts anew with the next time they switch it on; until then it tells why it ended.
END = """
UPDATE matching_oncall SET until = %s WHERE id IN (
  SELECT id FROM matching_oncall o WHERE until > %s AND ((seen_at < %s AND NOT elsewhere) OR missed >= %s)
    AND NOT EXISTS (SELECT FROM matching_ring r WHERE r.mentor_id = o.mentor_id AND r.answer = '')
  FOR UPDATE SKIP LOCKED
) RETURNING org_id, mentor_id, missed, since
"""
