"""The clock of real workers moved over both changes to and from summer time, and set back: each reminder once."""

from __future__ import annotations

import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from tests.factories import MentorFactory, NeedFactory, PersonFactory, make_session
from tests.live_server import LiveSite, wait_for

from quarterhour.notifications import reminders
from quarterhour.notifications.models import Reminder
from quarterhour.people.queries import commons

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
A_ROUND = 7  # seconds within which every timer of reminders and of mail has looked once
PLANNED = datetime(2027, 3, 20, 12, tzinfo=UTC)
# Ten in the morning in Lisbon, on the days on which its clocks are moved at one in the night (UTC).
SPRING, AUTUMN = datetime(2027, 3, 28, 9, tzinfo=UTC), datetime(2027, 10, 31, 10, tzinfo=UTC)


class FakeClock:
    """The clock of whatever is started with `env`, by libfaketime; the database keeps the true time."""

    def __init__(self, folder: Path) -> None:
        found = [str(path) for path in Path("/usr/lib").glob("*/faketime/libfaketimeMT.so*")]
        assert found, "This test wants libfaketime, as bin/test installs it. Debian: apt-get install faketime"
        self.file = folder / "offset"
        self.env = {
            "LD_PRELOAD": found[0],
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "TZ": "Europe/Lisbon",
        }

    def set(self, at: datetime) -> None:
        """From now on it is `at`, and time goes on from there."""
        new = self.file.with_suffix(".new")
        new.write_text(f"{round((at - datetime.now(UTC)).total_seconds()):+d}s\n")
        new.replace(self.file)


@pytest.fixture
def booked():
    """Leila and Amara, on both Sundays at ten."""
    org = commons()
    leila = PersonFactory(name="Leila Haddad", email="leila@town.example", zone="Europe/Lisbon", org=org)
    amara = MentorFactory(name="Amara Okafor", email="amara@town.example", zone="Africa/Lagos", org=org)
    for start in (SPRING, AUTUMN):
        need = NeedFactory(mentee=leila, org=org, stated_at=PLANNED)
        reminders.plan(make_session(need, amara, start, now=PLANNED), now=PLANNED)
    return leila


def subjects(site: LiveSite) -> Counter:
    """(to, day and time) of the reminders that went out; cards of what is over are another thing."""
    files = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in site.mail.glob("[!.]*.eml")]
    told = [(str(m["To"]), str(m["Subject"]).strip().partition(": ")[0]) for m in files]
    return Counter(each for each in told if each[1].startswith(("Today", "Tomorrow")))


def test_clocks_that_are_moved_move_no_reminder(tmp_path, booked):
    fake = FakeClock(tmp_path)
    fake.set(SPRING - timedelta(hours=26))
    site = LiveSite(tmp_path, **fake.env)
    moves = [
        (SPRING - timedelta(hours=23, minutes=59), 2),
        (SPRING.replace(hour=1) - timedelta(seconds=2), 2),  # runs over the change by itself
        (SPRING - timedelta(minutes=14, seconds=30), 4),
        (SPRING - timedelta(hours=1, minutes=14), 4),  # set back by an hour, and forward again
        (SPRING - timedelta(minutes=10), 4),
        (AUTUMN - timedelta(hours=23, minutes=59), 6),
        (AUTUMN.replace(hour=1) - timedelta(seconds=2), 6),
        (AUTUMN - timedelta(minutes=14, seconds=30), 8),
        (AUTUMN + timedelta(days=1), 8),
    ]
    with site.working():
        before = 0
        for at, arrived in moves:
            fake.set(at)
            wait_for(lambda n=arrived: subjects(site).total() >= n, lambda at=at: f"at {at}: {site._log_tail()}")
            if arrived == before:
                time.sleep(A_ROUND)  # nothing is to come, so there is nothing to wait for
            before = arrived

    first, second = "leila@town.example", "amara@town.example"
    assert subjects(site) == Counter(
        {
            (first, "Tomorrow 10:00"): 2,
            (first, "Today 10:00"): 2,
            (second, "Tomorrow 10:00"): 1,  # in Lagos the clocks stay
            (second, "Tomorrow 11:00"): 1,
            (second, "Today 10:00"): 1,
            (second, "Today 11:00"): 1,
        }
    )
    for row in Reminder.objects.of_every_tenant(because="the test looks at all reminders"):
        assert row.due_at <= row.handed_at < row.until
    assert booked.email == first
