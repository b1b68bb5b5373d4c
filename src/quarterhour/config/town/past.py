"""The grown past: questions of the bank, asked by grown people, at hours their mentors give."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from zoneinfo import ZoneInfo

from quarterhour.config.town import written
from quarterhour.config.town.chronicle import length_near
from quarterhour.config.town.plan import COMMONS, Meeting, Resident
from quarterhour.config.town.sayings import Saying, spoken
from quarterhour.config.town.written_past import WrittenPast

ENDED = 2000
MOST_A_MENTEE = 6
UNFINISHED = {"cancelled": 74, "declined": 36, "expired": 30, "dropped": 20}
DECLINED = (
    "No time this week, I am sorry.", "Not my topic, somebody else will be better.", "I know the people in this.",
    "Too big for a quarter of an hour, it needs a longer talk.", "I am travelling until the 12th.",
    "I have no story for this one.", "Rather in writing: send it to me and I will answer.", "",
)  # fmt: skip
RELEASED = (
    "It solved itself.", "My child is ill, another time.", "The meeting was moved to the same hour.", "",
    "I found somebody nearby.", "Too tired to be any use today.", "The decision was taken without me.", "",
)  # fmt: skip


class Past(WrittenPast):
    """What happened besides."""

    def ask_cases(self) -> None:
        """Each mentor's own two questions, asked once."""
        for number, found in written.cases().items():
            mentor = self.people.mentors[number]
            near = [key for key, area in written.areas().items() if number in area.mentors]
            for saying in found:
                self._meet(mentor, saying, org=COMMONS, areas=near, quotable=self.rng.random() < 0.85, source="cases")  # noqa: PLR2004

    def fill_organisations(self, organisations: Iterable[dict]) -> None:
        """Sessions inside the organisations, between their own people."""
        for org in organisations:
            mentors = [each for each in self.people.helping[org["slug"]] if each.source == "company"]
            self._fill(org["sessions"], dict.fromkeys(mentors, org["areas"]), org=org["slug"])

    def fill_commons(self) -> None:
        """Sessions in Commons, until there are as many as there should be."""
        near: dict[Resident, list[str]] = {}
        for key, area in written.areas().items():
            for number in area.mentors:
                near.setdefault(self.people.mentors[number], []).append(key)
        amara, ines = self.people.by_slug["amara-okafor"], self.people.by_slug["ines-carvalho"]
        near |= {amara: ["leading", "boss"], ines: ["leading", "pay"]}
        ended = sum(1 for each in self.meetings if each.status == "ended" and each.card)
        self._fill(ENDED - ended, near, org=COMMONS, known_to_all=amara)

    def _fill(
        self, count: int, near: dict[Resident, list[str]], *, org: str, known_to_all: Resident | None = None
    ) -> None:
        """`count` sessions over these mentors: a few are asked often, most now and then."""
        popular = {mentor: self.rng.lognormvariate(0, 0.5) for mentor in near}
        if known_to_all:
            popular[known_to_all] = 5.0
        mentors, wanted, misses = list(near), count, 0
        while wanted and misses < count * 20:
            mentor = self.rng.choices(mentors, [popular[each] for each in mentors])[0]
            saying = self._least_said(mentor, near[mentor])
            if saying and self._meet(mentor, saying, org=org, areas=[saying.key]):
                wanted -= 1
            else:
                misses += 1
                popular[mentor] *= 0.8
        if wanted:
            raise ValueError(f"{wanted} of {count} sessions found no time in {org}. Give its mentors more hours.")

    def _least_said(self, mentor: Resident, areas: Iterable[str]) -> Saying | None:
        """A question of these areas this mentor has not heard, among those asked least."""
        fresh = [
            each
            for area in areas
            for each in written.questions()[area]
            if (mentor.slug, each.question) not in self._heard and each.language in mentor.speaks
        ]
        if not fresh:
            return None
        fresh.sort(key=lambda each: self._uses[each.question])
        return self.rng.choice(fresh[: max(3, len(fresh) // 3)])

    def _meet(
        self, mentor: Resident, saying: Saying, *, org: str, areas: Iterable[str], quotable: bool = False,
        source: str = "grown",
    ) -> bool:  # fmt: skip
        """Somebody asks this mentor this question. False if nobody could."""
        wanted = frozenset(areas)
        asking = [
            each
            for each in self._who_asks(org, wanted, saying.language)
            if each.speaks & mentor.speaks
            and self._asked[each.slug] < MOST_A_MENTEE
            and self._with[mentor.slug, each.slug] < 2  # noqa: PLR2004
            and (each.slug, saying.question) not in self._heard
        ]
        for _ in range(6 if asking else 0):
            mentee = self.rng.choices(asking, [self._liveliness[each.slug] for each in asking])[0]
            minutes = length_near(self.rng.choice([15, 25, 25, 25, 30]), mentor)
            start = self._start(mentor, mentee, minutes)
            if start is None:
                continue
            text = self._words(saying)
            question = self._question(
                mentee, text, saying.kind, minutes, start, language=saying.language, org=org,
                topics=self._topics(mentor, saying),
            )  # fmt: skip
            question.closed_at = start + timedelta(days=self.rng.randint(1, 9))
            if question.closed_at > self.now:
                question.closed_at = None
            self._held(question, mentor, start, minutes, saying, quotable=quotable, source=source)
            return True
        return False

    def _who_asks(self, org: str, areas: frozenset[str], language: str) -> list[Resident]:
        """People of an organisation who ask about any of these areas, and speak the language."""
        key = (org, areas, language)
        if key not in self._near:
            self._near[key] = [
                each
                for each in self.people.asking[org]
                if (not areas or areas & set(each.asks)) and language in each.speaks
            ]
        return self._near[key]

    def _words(self, saying: Saying) -> str:
        """The question in a way nobody has used; the first to ask it keeps to the point."""
        before, after = written.asides() if saying.language == "en" else ((), ())
        text = spoken(saying.question, self.rng)
        for attempt in range(60):
            if text not in self._said:
                break
            text = spoken(saying.question, self.rng)
            if attempt > 1 and before:
                around = self.rng.choice(["before", "after", "after", "both"])
                opening = f"{self.rng.choice(before)} " if around in {"before", "both"} else ""
                closing = f" {self.rng.choice(after)}" if around in {"after", "both"} else ""
                text = f"{opening}{text}{closing}"
        self._said.add(text)
        return text

    def _topics(self, mentor: Resident, saying: Saying) -> tuple[str, ...]:
        area = written.areas().get(saying.key)
        return area.topics if area else tuple(each["name"] for each in mentor.topics[:2])

    def leave_unfinished(self) -> None:
        """Sessions that never came to be, and a few nobody knows about."""
        mentors = [each for each in self.people.mentors.values() if not each.newcomer]
        for status, count in UNFINISHED.items():
            for _ in range(count):
                self._unfinished(status, mentors)
        for _ in range(14):
            self._unfinished("ended", mentors)

    def _unfinished(self, status: str, mentors: list[Resident]) -> None:
        for _ in range(40):
            mentor = self.rng.choice(mentors)
            areas = [key for key, area in written.areas().items() if self._number(mentor) in area.mentors]
            saying = self._least_said(mentor, areas)
            asking = self._who_asks(COMMONS, frozenset({saying.key}), "en") if saying else []
            if not asking or "en" not in mentor.speaks:
                continue
            mentee = self.rng.choice(asking)
            minutes = length_near(25, mentor)
            start = self._start(mentor, mentee, minutes)
            if start is None:
                continue
            question = self._question(
                mentee, self._words(saying), saying.kind, minutes, start, topics=self._topics(mentor, saying)
            )
            question.closed_at = start + timedelta(days=1)
            note = {"declined": self.rng.choice(DECLINED), "cancelled": self.rng.choice(RELEASED)}.get(status, "")
            created = question.stated_at + timedelta(minutes=5)
            self._note_heard(mentor, mentee, saying)
            meeting = Meeting(question, mentor, start, minutes, status, created, note=note, seen=False)
            self._keep(meeting)
            return

    def ask_around(self, count: int = 46) -> None:
        """Questions of these days that nobody has been booked for."""
        areas = list(written.areas())
        for _ in range(count):
            area = self.rng.choice(areas)
            saying = min(self.rng.sample(written.questions()[area], 3), key=lambda each: self._uses[each.question])
            mentee = self.rng.choice([each for each in self.people.asking[COMMONS] if area in each.asks])
            self._uses[saying.question] += 1
            topics = written.areas()[area].topics
            question = self._question(mentee, self._words(saying), saying.kind, 25, self.now, topics=topics)
            question.stated_at = self.now - timedelta(minutes=self.rng.randint(10, 8 * 24 * 60))
            if self.rng.random() < 0.3:  # noqa: PLR2004
                question.matched_at = None

    def look_ahead(self, count: int = 44) -> None:
        """Sessions of the next two weeks, most of them booked, some waiting for a yes."""
        mentors = [each for each in self.people.mentors.values() if "en" in each.speaks]
        while count:
            mentor = self.rng.choice(mentors)
            areas = [key for key, area in written.areas().items() if self._number(mentor) in area.mentors]
            saying = self._least_said(mentor, areas or list(written.areas()))
            asking = self._who_asks(COMMONS, frozenset({saying.key}), "en") if saying else []
            if not asking:
                continue
            mentee, minutes = self.rng.choice(asking), length_near(25, mentor)
            here = self.now.astimezone(ZoneInfo(mentor.zone)).date()
            start = self.diary.find(mentor, mentee, here + timedelta(days=self.rng.randint(1, 13)), minutes)
            if start is None or start < self.now + timedelta(hours=12):
                continue
            stated = self.now - timedelta(minutes=self.rng.randint(30, 40 * 60))
            question = self._question(
                mentee, self._words(saying), saying.kind, minutes, start, topics=self._topics(mentor, saying)
            )
            question.stated_at, question.matched_at = stated, stated + timedelta(minutes=1)
            created = stated + timedelta(minutes=5)
            waits = mentor.confirm == "ask" and start > created + timedelta(hours=48)
            self._note_heard(mentor, mentee, saying)
            meeting = Meeting(
                question, mentor, start, minutes, "asked" if waits else "confirmed", created,
                answer_by=created + timedelta(hours=48) if waits else None,
            )  # fmt: skip
            self._keep(meeting)
            count -= 1
