"""The diary of the town while it is being written: who asked what, and which hours are gone."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from quarterhour.config.town import cards
from quarterhour.config.town.diary import Diary
from quarterhour.config.town.plan import COMMONS, Meeting, Question, Resident
from quarterhour.config.town.sayings import Saying

FIRST_DAY, LAST_DAY = 2, 420  # days ago between which sessions lie


@dataclass(eq=False)
class People:
    """Everybody who may appear in the past."""

    mentors: dict[str, Resident]
    by_slug: dict[str, Resident]
    sessions: dict[str, tuple[Resident, Resident]]
    needs: dict[str, Resident]
    advisers: dict[str, Resident]
    owners: dict[str, Resident]
    asking: dict[str, list[Resident]]  # by organisation
    helping: dict[str, list[Resident]]  # by organisation


class Chronicle:
    """Keeps questions and meetings. Each step uses what the steps before it left free."""

    def __init__(self, people: People, *, now: datetime, rng: Random, seed: int) -> None:
        self.people, self.now, self.rng, self.seed = people, now, rng, seed
        self.diary = Diary()
        self.meetings: list[Meeting] = []
        self.questions: list[Question] = []
        self._said: set[str] = set()
        self._asked: Counter[str] = Counter()
        self._heard: set[tuple[str, str]] = set()  # who asked which saying
        self._with: Counter[tuple[str, str]] = Counter()
        self._uses: Counter[str] = Counter()
        self._near: dict[tuple, list[Resident]] = {}
        self._numbers = {each.slug: number for number, each in people.mentors.items()}
        self._liveliness = {each.slug: rng.paretovariate(1.6) for each in people.by_slug.values()}

    def _start(
        self, mentor: Resident, mentee: Resident, minutes: int, around: datetime | None = None
    ) -> datetime | None:
        """A time at which they could have met, more often lately; within days of `around` if that is given."""
        here = self.now.astimezone(ZoneInfo(mentor.zone)).date()
        for _ in range(120):
            ago = FIRST_DAY + int((LAST_DAY - FIRST_DAY) * self.rng.random() ** 1.5)
            day = here - timedelta(days=ago)
            if around:
                day = min(around.date() + timedelta(days=self.rng.randint(-6, 9)), here - timedelta(days=FIRST_DAY))
            starts = self.diary.starts(mentor, day, minutes)
            fitting = [at for at in starts if self.diary.fits(mentor, mentee, at, minutes)]
            if fitting:
                return self.rng.choice(fitting)
        return None

    def _question(
        self, mentee: Resident, text: str, kind: str, minutes: int, start: datetime, *, language: str = "en",
        org: str = COMMONS, topics: tuple[str, ...] = (), tried: str = "", good_outcome: str = "",
    ) -> Question:  # fmt: skip
        before = self.rng.choice([95, 240, 700, 1500, 2900, 4300, 7000]) + self.rng.randint(0, 80)
        stated = start - timedelta(minutes=before)
        question = Question(
            mentee, text, kind, minutes, stated, org=org, languages=[language], topics=topics,
            tried=tried, good_outcome=good_outcome, matched_at=stated + timedelta(minutes=1),
        )  # fmt: skip
        self.questions.append(question)
        return question

    def _held(
        self, question: Question, mentor: Resident, start: datetime, minutes: int, saying: Saying, *,
        quotable: bool = False, source: str = "grown", ask_actions: int | None = None,
    ) -> None:  # fmt: skip
        end = start + timedelta(minutes=minutes)
        card = cards.card_of(saying, end=end, now=self.now, rng=self.rng, quotable=quotable)
        if ask_actions is not None:
            card.deeds = card.deeds[:ask_actions]
        quality = cards.quality_of(mentor.slug, self.seed)
        helped = cards.quarters(quality, self.rng) if self.rng.random() < 0.84 else None  # noqa: PLR2004
        back = self.rng.choices([2, 3, 4], [1, 5, 5])[0] if self.rng.random() < 0.55 else None  # noqa: PLR2004
        created = min(question.stated_at + timedelta(minutes=self.rng.randint(3, 60)), start - timedelta(minutes=61))
        self._note_heard(mentor, question.mentee, saying)
        meeting = Meeting(
            question, mentor, start, minutes, "ended", max(created, question.stated_at), card=card,
            helped=helped, mentor_helped=back, source=source,
        )  # fmt: skip
        self._keep(meeting)

    def _note_heard(self, mentor: Resident, mentee: Resident, saying: Saying) -> None:
        self._uses[saying.question] += 1
        self._heard |= {(mentor.slug, saying.question), (mentee.slug, saying.question)}

    def _keep(self, meeting: Meeting) -> None:
        self.meetings.append(meeting)
        self.diary.keep(meeting.mentor, meeting.mentee, meeting.start, meeting.minutes)
        self._asked[meeting.mentee.slug] += 1
        self._with[meeting.mentor.slug, meeting.mentee.slug] += 1

    def _number(self, mentor: Resident) -> str:
        return self._numbers[mentor.slug]


def length_near(wanted: int, mentor: Resident) -> int:
    """The mentor's own length nearest to the wanted one."""
    return min(mentor.lengths, key=lambda each: (abs(each - wanted), each))
