"""Two clicks, and both have it in their calendars: the pages, the jobs and the mail as they run in production."""

from __future__ import annotations

import email
import re
from datetime import timedelta
from email import policy

import pytest
from tests.factories import MentorFactory, NeedFactory, PersonFactory
from tests.live_server import wait_for

from quarterhour.core import clock
from quarterhour.matching.indexing import index_mentors
from quarterhour.sessions.models import MentoringSession, Status

pytestmark = pytest.mark.django_db(transaction=True)

EVERY_DAY = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


def mails(folder, count):
    """What was written, once there is as much as expected: {who it is for: message}."""
    wait_for(lambda: len(list(folder.glob("*.eml"))) >= count, told=lambda: str(list(folder.glob("*"))))
    read = [email.message_from_bytes(path.read_bytes(), policy=policy.default) for path in sorted(folder.glob("*.eml"))]
    assert len(read) == count
    return {message["To"].addresses[0].addr_spec: message for message in read}


def calendar_of(message) -> str:
    part = next(part for part in message.walk() if part.get_content_type() == "text/calendar")
    return re.sub(r"\r?\n[ \t]", "", part.get_content())


def test_two_clicks_and_both_have_an_invitation(live_site, commons):
    mentor = MentorFactory(name="Amara Okafor", org=commons, zone="Africa/Lagos", weekly=EVERY_DAY)
    index_mentors(org=commons, mentor_ids=[mentor.pk])
    need = NeedFactory(mentee=PersonFactory(name="Leila Haddad", org=commons), org=commons, stated_at=clock.now())
    leila = live_site.visitor(need.mentee)
    start = clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=26)

    with live_site.working():
        held = leila.post(f"/match/{need.pk}/hold/", mentor=mentor.pk, start=start.isoformat())
        page = leila.get(held.leads_to.partition("#")[0]).text
        address = re.search(r'action="(/sessions/[0-9a-f-]+/book/)"', page).group(1)
        booked = leila.post(address, key=re.search(r'name="key" value="([0-9a-f-]+)"', page).group(1))
        assert "Booked:" in leila.get(booked.leads_to).text

        written = mails(live_site.mail, 2)

    session = MentoringSession.objects.within(commons).get()
    assert (session.status, session.starts_at) == (Status.CONFIRMED, start)
    assert set(written) == {mentor.email, need.mentee.email}
    for message in written.values():
        calendar = calendar_of(message)
        assert "METHOD:REQUEST" in calendar
        assert f"UID:{session.ical_uid}" in calendar
        assert f"{start:%Y%m%dT%H%M%SZ}" in calendar or "DTSTART;TZID=" in calendar
