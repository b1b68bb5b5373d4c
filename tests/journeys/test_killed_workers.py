"""Page workers are killed in the middle of their work, again and again: nobody is booked half or twice."""

from __future__ import annotations

import http.client
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from uuid import uuid4

import pytest
from django.conf import settings
from tests.double_booking import assert_nobody_is_booked_twice_or_half
from tests.factories import MentorFactory, NeedFactory, PersonFactory
from tests.live_server import LiveSite, database_url, wait_for

from quarterhour.core import clock
from quarterhour.core.models import OutboxEvent
from quarterhour.sessions.models import MentoringSession, Status

pytestmark = pytest.mark.django_db(transaction=True)

ALL_WEEK = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
FOR = 12.0  # seconds
EVERY = 1.5  # a new worker is there after about a second
GIVE_UP = 45.0


class Supervised(LiveSite):
    """The pages as `quarterhour serve` runs them: revived when they fall."""

    def start(self) -> Supervised:
        given = {"DATABASE_URL": database_url(), "QUARTERHOUR_SECRET": settings.SECRET_KEY, "QUARTERHOUR_WORKERS": "2"}
        serve = [sys.executable, "-m", "quarterhour.config.cli.start", "serve", "--only", "pages", "--no-migrate"]
        with self.log.open("ab") as log:
            self._running.append(subprocess.Popen(serve, env=os.environ | self.given | given, stdout=log, stderr=log))
        wait_for(lambda: self._answers(self.port, "/livez"), self._log_tail)
        return self

    def workers(self) -> list[int]:
        """The processes that answer, two generations below the supervisor."""
        (supervisor,) = self._running
        return [worker for main in children_of(supervisor.pid) for worker in children_of(main)]


def children_of(pid: int) -> list[int]:
    told = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    return [int(each) for each in told.stdout.split()]


@pytest.fixture
def site(transactional_db, tmp_path):
    running = Supervised(tmp_path).start()
    yield running
    running.stop()


class Insistent:
    """Somebody whose browser sends a form again, with the same key, until there is an answer."""

    def __init__(self, site: Supervised, person, over: Event) -> None:
        self.site, self.person, self.over, self.retries = site, person, over, 0
        self.cookies = site.visitor(person).cookies

    def post(self, path: str, **form):
        give_up = time.monotonic() + GIVE_UP
        while time.monotonic() < give_up:
            visitor = self.site.visitor()
            visitor.cookies = dict(self.cookies)
            try:
                answer = visitor.post(path, **form)
            except (OSError, http.client.HTTPException):
                self.retries += 1
                time.sleep(0.05)
                continue
            finally:
                visitor.leave()
            if answer.status < 500:
                return answer
            self.retries += 1
        raise AssertionError(f"{path}: no answer for {GIVE_UP} s")

    def book(self, need, mentor, first) -> list:
        """Book one time after the other. Returns the sessions whose booking was acknowledged."""
        booked, n = [], 0
        while not self.over.is_set():
            start = first + timedelta(minutes=30 * n)
            n += 1
            held = self.post(f"/match/{need.pk}/hold/", mentor=mentor.pk, start=start.isoformat())
            mine = MentoringSession.objects.visible_to(self.person).filter(need=need, status=Status.HELD).first()
            if held.status != 302 or mine is None:
                continue
            key = uuid4()
            answers = [self.post(f"/sessions/{mine.pk}/book/", key=key) for _ in range(1 + n % 2)]
            if all(answer.leads_to == f"/sessions/{mine.pk}/" for answer in answers):
                booked.append(mine.pk)
        return booked


@pytest.mark.timeout(240)
def test_killed_in_the_middle_people_are_booked_once_or_not_at_all(site, commons):
    rules = {"increment": 30, "weekly_minutes": 6000, "horizon_days": 60}
    mentors = [MentorFactory(org=commons, zone="UTC", weekly=ALL_WEEK, rules=rules) for _ in range(4)]
    needs = [NeedFactory(mentee=PersonFactory(org=commons), org=commons) for _ in range(4)]
    first = clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=2)
    over, kills = Event(), 0
    people = [Insistent(site, need.mentee, over) for need in needs]
    with ThreadPoolExecutor(4) as hands:
        work = [
            hands.submit(person.book, need, mentor, first)
            for person, need, mentor in zip(people, needs, mentors, strict=True)
        ]
        until = time.monotonic() + FOR
        while time.monotonic() < until:
            time.sleep(EVERY)
            if workers := site.workers():
                os.kill(random.choice(workers), signal.SIGKILL)
                kills += 1
        over.set()
        acked = [session for each in work for session in each.result()]

    sessions = MentoringSession.objects.within(commons)
    told = Counter(OutboxEvent.objects.filter(name="SessionConfirmed").values_list("payload__session_id", flat=True))
    assert kills >= 5
    assert len(acked) >= 4
    assert set(acked) <= set(sessions.filter(status=Status.CONFIRMED).values_list("pk", flat=True))
    assert set(told) == {str(pk) for pk in sessions.filter(status=Status.CONFIRMED).values_list("pk", flat=True)}
    assert set(told.values()) == {1}
    assert_nobody_is_booked_twice_or_half()
    print(f"{kills} kills, {len(acked)} acknowledged, {sum(person.retries for person in people)} sent again")
