"""The written past: the story, the 45 sessions, the 35 decisions, and the needs that were answered."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from quarterhour.config.town import cards, written
from quarterhour.config.town.chronicle import Chronicle, length_near
from quarterhour.config.town.diary import DAYS
from quarterhour.config.town.plan import Meeting, Question, Resident

WRITTEN_ON = date(2026, 11, 23)  # the Monday on which the dates inside the written questions make sense


class WrittenPast(Chronicle):
    """What happened as somebody wrote it."""

    def live_the_story(self) -> None:
        """The sessions of Leila, Amara and their friends, as written."""
        for row in written.story()["past"]:
            mentor, mentee = self.people.by_slug[row["mentor"]], self.people.by_slug[row["mentee"]]
            start = self._story_start(row, mentor, mentee)
            end = start + timedelta(minutes=row["minutes"])
            question = self._question(
                mentee, row["question"], row["kind"], row["minutes"], start,
                topics=tuple(t["name"] for t in mentor.topics[:2]), tried=row.get("tried", ""),
            )  # fmt: skip
            if not row.get("open"):
                question.closed_at = end + timedelta(hours=3)
            meeting = Meeting(
                question, mentor, start, row["minutes"], "ended", question.stated_at + timedelta(minutes=6),
                card=cards.story_card(row, end=end, now=self.now) if row.get("card", True) else None,
                notes=row.get("notes", ""), helped=row.get("helped"), mentor_helped=row.get("mentor_helped"),
                seen=not row.get("unseen"), source="story",
            )  # fmt: skip
            self._keep(meeting)

    def _story_start(self, row: dict, mentor: Resident, mentee: Resident) -> datetime:
        here = self.now.astimezone(ZoneInfo(mentor.zone)).date()
        monday = here - timedelta(days=here.weekday()) - timedelta(weeks=row["weeks_ago"])
        days = [DAYS.index(row["day"])] if row["day"] in DAYS else range(7)
        for day in (monday + timedelta(days=each) for each in days):
            for start in self.diary.starts(mentor, day, row["minutes"]):
                told = f"{start.astimezone(ZoneInfo(mentor.zone)):%H:%M}"
                if row["at"] in {"*", told} and self.diary.fits(mentor, mentee, start, row["minutes"]):
                    return start
        raise ValueError(f"{mentor.name} has no {row['at']} on {row['day']} for {mentee.name}. Look into story.json.")

    def hold_written_sessions(self) -> None:
        """The 45 sessions, whole: notes, chat and card, on the weekday they were written for."""
        for row in written.sessions():
            mentor, mentee = self.people.sessions[row["id"]]
            written_on = date.fromisoformat(row["date"])
            day = self._same_weekday(written_on)
            start = self.diary.find(mentor, mentee, day, row["length_min"])
            if start is None:
                raise ValueError(f"{mentor.name} has no hour for {row['id']}. Look into session_mentors.jsonl.")
            end = start + timedelta(minutes=row["length_min"])
            question = self._question(
                mentee, row["need_text"], "unblock", row["length_min"], start, language=row["language"],
                topics=tuple(t["name"] for t in mentor.topics[:2]),
            )  # fmt: skip
            question.closed_at = end + timedelta(hours=2)
            meeting = Meeting(
                question, mentor, start, row["length_min"], "ended", question.stated_at + timedelta(minutes=4),
                card=cards.written_card(row["gold"], end=end, moved=day - written_on, now=self.now, rng=self.rng),
                notes=row["notes"], chat=[(line["who"], line["text"]) for line in row["chat"]],
                helped=self.rng.choice([3, 3, 4, 4, 4]), mentor_helped=self.rng.choice([3, 4, 4]),
                source="sessions",
            )  # fmt: skip
            self._keep(meeting)

    def _same_weekday(self, day: date) -> date:
        """The latest such day before today, whole weeks away, so that "by Friday" stays true."""
        year = timedelta(weeks=52)
        while day >= self.now.date() - timedelta(days=1):
            day -= year
        while day + year < self.now.date() - timedelta(days=1):
            day += year
        return day

    def hear_decisions(self) -> None:
        """The 35 decisions: one question each, and a meeting with each of those who spoke."""
        for row in written.decisions():
            owner = self.people.owners[row["id"]]
            question, last = None, None
            for advice in row["advice"]:
                adviser = self.people.advisers[advice["id"]]
                start = self._start(adviser, owner, 25, around=last)
                if question is None:
                    topics = written.owners()[row["id"]].topics
                    question = self._question(owner, row["question"], "decide", 25, start, topics=topics)
                question.stated_at = min(question.stated_at, start - timedelta(days=2))
                last = start
                when = "; ".join(advice["conditions"])
                card = cards.Card(
                    "", [(advice["text"], when)], [], written_at=start + timedelta(minutes=40), quotable=True
                )
                helped = cards.quarters({"low": 0.4, "medium": 0.7, "high": 0.9}[advice["confidence"]], self.rng)
                meeting = Meeting(
                    question, adviser, start, 25, "ended", start - timedelta(hours=self.rng.randint(5, 40)),
                    card=card, helped=helped, mentor_helped=3, source="decisions",
                )  # fmt: skip
                self._keep(meeting)
            question.matched_at = question.stated_at + timedelta(minutes=1)
            question.closed_at = max(m.start for m in self.meetings if m.question is question) + timedelta(days=3)

    def answer_needs(self, share: float = 0.68) -> None:
        """Written needs that were answered by mentors who fit; the others are still open, asked these days."""
        for row in written.needs():
            mentee = self.people.needs[row["id"]]
            fitting = self._fitting(row)
            if not fitting or self.rng.random() > share:
                self._still_open(row, mentee)
                continue
            question, last = None, None
            for mentor in fitting:
                minutes = length_near(row["length"], mentor)
                start = self._start(mentor, mentee, minutes, around=last)
                if start is None:
                    continue
                if question is None:
                    question = self._need(row, mentee, start)
                question.stated_at = min(question.stated_at, start - timedelta(hours=20))
                question.closed_at = max(question.closed_at or start, start + timedelta(hours=5))
                last = start
                words = set(f"{row['text']} {' '.join(row['topics'])}".lower().split())
                saying = cards.said_most(written.cases()[self._number(mentor)], words)
                self._held(question, mentor, start, minutes, saying, source="needs", ask_actions=1)
            if question is None:
                self._still_open(row, mentee)

    def _fitting(self, row: dict) -> list[Resident]:
        """One, two or three mentors who fit and were free to help: those whose advice differs, for a decision."""
        label = written.labels()[row["id"]]
        best = sorted(label["relevant"].items(), key=lambda pair: (-pair[1], pair[0]))
        numbers = label["perspectives"] or [number for number, grade in best if grade > 1]
        people = [self.people.mentors[number] for number in numbers]
        people = [each for each in people if not each.newcomer and row["language"] in each.speaks]
        return people[: 3 if label["perspectives"] else self.rng.choice([1, 1, 2])]

    def _need(self, row: dict, mentee: Resident, start: datetime) -> Question:
        question = self._question(
            mentee, row["text"], row["kind"], row["length"], start, language=row["language"],
            topics=tuple(row["topics"]), tried=_given(row["tried"]), good_outcome=_given(row["good_outcome"]),
        )  # fmt: skip
        question.when = row["when"]
        question.decide_by = self._decide_by(row, question.stated_at)
        return question

    def _still_open(self, row: dict, mentee: Resident) -> None:
        question = self._need(row, mentee, self.now)
        question.stated_at = self.now - timedelta(minutes=self.rng.randint(40, 9 * 24 * 60))
        question.matched_at = question.closed_at = None
        question.decide_by = self._decide_by(row, self.now)

    def _decide_by(self, row: dict, stated: datetime) -> date | None:
        """The date of the need, as far from its asking as it was written; the same weekday."""
        if not row["decision_date"]:
            return None
        weeks = (stated.date() - WRITTEN_ON).days // 7
        return date.fromisoformat(row["decision_date"]) + timedelta(weeks=max(weeks, -60) if weeks else 0)


def _given(text: str | None) -> str:
    return "" if text in {None, "None"} else str(text)
