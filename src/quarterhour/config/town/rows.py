"""The town as rows. The keys come from the moment a row tells of and the seed, so that they sort by time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from django.db.models import Model

from quarterhour.advice.models import Action, ActionAnswer, AdvicePiece, Confirmation, Takeaway
from quarterhour.availability.models import Availability
from quarterhour.config.town.plan import Meeting, Question, Resident, Town
from quarterhour.core.models import Organisation
from quarterhour.needs.models import Need, NeedTopic
from quarterhour.people.models import Membership, Person, Profile, Story, Topic
from quarterhour.people.queries import pins_for
from quarterhour.people.taxonomy import town_topics
from quarterhour.sessions.models import AttendanceEvent, ChatLine, MentoringSession, Notes, TimeClaim
from quarterhour.trust.models import Helpfulness

BATCH = 1000
TOLD = {
    Person: "People", Membership: "People", Profile: "Profiles", Topic: "Topics", Story: "Stories",
    Availability: "Weekly hours", Need: "Questions", NeedTopic: "Questions", Takeaway: "Takeaways",
    AdvicePiece: "Takeaways", Action: "Actions", ActionAnswer: "Actions", Confirmation: "Takeaways",
    Notes: "Notes", ChatLine: "Notes",
}  # fmt: skip
TAKES_TIME = {"asked", "confirmed", "ended"}
NOBODY_KNOWS_IT = "!town"  # no password: people enter by link

Told = Callable[[str, int], None]


class Rows:
    """Writes a town into empty tables."""

    def __init__(self, town: Town, *, seed: int, told: Told) -> None:
        self.town, self.told = town, told
        self.rng = Random(f"keys {seed}")
        self.orgs: dict[str, Organisation] = {}
        self.people: dict[str, Person] = {}
        self.needs: dict[Question, Need] = {}
        self.pins = pins(town)
        self._later: dict[type[Model], list[Model]] = defaultdict(list)

    def write(self) -> None:
        self._organisations()
        self._residents()
        self._questions()
        self._meetings()

    def key(self, when: datetime) -> UUID:
        """A UUIDv7 that says `when`, its random part from the seed."""
        stamp = int(when.timestamp() * 1000)
        value = stamp << 80 | 0x7 << 76 | self.rng.getrandbits(12) << 64 | 0b10 << 62 | self.rng.getrandbits(62)
        return UUID(int=value)

    # --- people ------------------------------------------------------------------------------------

    def _organisations(self) -> None:
        for each in self.town.organisations:
            org, _ = Organisation.objects.get_or_create(
                slug=each.slug, defaults={"name": each.name, "open_to_all": each.open_to_all}
            )
            self.orgs[each.slug] = org

    def _residents(self) -> None:
        profiles = []
        for each in self.town.residents:
            person = Person(
                id=self.key(each.joined), email=each.email, name=each.name, zone=each.zone, language="en",
                is_operator=each.operator, joined_at=each.joined, password=NOBODY_KNOWS_IT,
            )  # fmt: skip
            self.people[each.slug] = person
            self._add(person)
            for n, (slug, role) in enumerate(each.places.items()):
                since = each.joined + timedelta(seconds=n + 1)
                self._add(Membership(id=self.key(since), org=self.orgs[slug], person=person, role=role, since=since))
                profiles.append((each, person, self._profile(each, person, slug)))
        self._flush(Person, Membership, Profile)
        for each, person, profile in profiles:
            if profile.is_mentor:
                self._offer(each, person, profile)
        self._flush(Topic, Story, Availability)

    def _profile(self, each: Resident, person: Person, slug: str) -> Profile:
        helps = slug in each.mentor_in
        profile = Profile(
            id=self.key(each.joined + timedelta(minutes=3)), org=self.orgs[slug], person=person,
            pronouns=each.pronouns, headline=each.headline, role=each.role, industry=each.industry,
            employer_kind=each.employer_kind, years=each.years, country=each.country, about=each.about,
            languages=each.languages, language_codes=[language["code"] for language in each.languages],
            is_mentor=helps, values=each.values, not_for=each.not_for, style=each.style,
        )  # fmt: skip
        if helps:
            profile.mentor_since = each.joined + timedelta(hours=1)
            profile.paused_until = each.paused_until
            profile.helps_with, profile.lengths = each.helps_with, each.lengths
            profile.confirm, profile.now_ok = each.confirm, each.now_ok
        return self._add(profile)

    def _offer(self, each: Resident, person: Person, profile: Profile) -> None:
        since, org = profile.mentor_since, profile.org
        for n, topic in enumerate(each.topics):
            row = Topic(
                id=self.key(since), org=org, profile=profile, skill_id=self.pins.get(topic["name"]),
                name=topic["name"], level=topic["level"], confirm=topic.get("confirm", ""), position=n,
                checked_at=since + timedelta(days=9) if topic.get("checked") else None,
            )  # fmt: skip
            self._add(row)
        for n, story in enumerate(each.stories):
            row = Story(
                id=self.key(since), org=org, profile=profile, title=story["title"], text=story["text"],
                year=story.get("year"), position=n,
            )  # fmt: skip
            self._add(row)
        row = Availability(
            id=self.key(since), org=org, mentor=person, zone=each.zone, weekly=each.hours,
            weekly_minutes=each.weekly_minutes,
        )  # fmt: skip
        self._add(row)

    # --- questions and meetings --------------------------------------------------------------------

    def _questions(self) -> None:
        for each in self.town.questions:
            org = self.orgs[each.org]
            need = Need(
                id=self.key(each.stated_at), org=org, mentee=self.people[each.mentee.slug], text=each.text,
                tried=each.tried, good_outcome=each.good_outcome, decide_by=each.decide_by, kind=each.kind,
                minutes=each.minutes, when=each.when, languages=each.languages, stated_at=each.stated_at,
                matched_at=each.matched_at, closed_at=each.closed_at,
            )  # fmt: skip
            self.needs[each] = self._add(need)
            skills = dict.fromkeys(self.pins[name] for name in each.topics if name in self.pins)
            for n, skill in enumerate(skills):
                row = NeedTopic(
                    id=self.key(each.stated_at), org=org, need=need, skill_id=skill, position=n, proposed=False
                )
                self._add(row)
        self._flush(Need, NeedTopic)

    def _meetings(self) -> None:
        for each in self.town.meetings:
            self._meeting(each)
        self._flush(
            MentoringSession, TimeClaim, Takeaway, AdvicePiece, Action, ActionAnswer, Confirmation, Helpfulness, Notes,
            ChatLine, AttendanceEvent,
        )  # fmt: skip

    def _meeting(self, each: Meeting) -> None:
        end = each.start + timedelta(minutes=each.minutes)
        org = self.orgs[each.question.org]
        mentor, mentee = self.people[each.mentor.slug], self.people[each.mentee.slug]
        ended = each.status == "ended"
        session = MentoringSession(
            id=self.key(each.created_at), org=org, need=self.needs[each.question], mentor=mentor, mentee=mentee,
            span=(each.start, end), status=each.status, created_at=each.created_at, answer_by=each.answer_by,
            ended_at=end + timedelta(minutes=1) if ended else None, note=each.note,
            changed_by=None if ended else mentee,
        )  # fmt: skip
        self._add(session)
        if each.status in TAKES_TIME:
            for person in (mentor, mentee):
                key = self.key(each.created_at)
                self._add(TimeClaim(id=key, person=person, during=(each.start, end), session=session))
        for person, quarters in ((mentee, each.helped), (mentor, each.mentor_helped)):
            if quarters is not None:
                at = end + timedelta(minutes=20)
                rating = Helpfulness(id=self.key(at), org=org, session=session, rater=person, quarters=quarters, at=at)
                self._add(rating)
        if each.card:
            self._card(each, session)
        if each.notes:
            self._add(Notes(id=self.key(end), org=org, session=session, text=each.notes, saved_at=end))
        for n, (who, text) in enumerate(each.chat):
            at = each.start + timedelta(minutes=each.minutes) * (n + 1) / (len(each.chat) + 1)
            person = mentor if who == "mentor" else mentee
            self._add(ChatLine(id=self.key(at), org=org, session=session, person=person, text=text, at=at))
        if ended and each.seen:
            self._attendance(session, (mentor, mentee), each.start, end)

    def _card(self, each: Meeting, session: MentoringSession) -> None:
        card, org = each.card, session.org
        takeaway = Takeaway(
            id=self.key(card.written_at), org=org, session=session, insight=card.insight, thanks=card.thanks,
            written_at=card.written_at, quotable=card.quotable,
        )  # fmt: skip
        self._add(takeaway)
        for n, (text, when) in enumerate(card.advice):
            piece = AdvicePiece(
                id=self.key(card.written_at), org=org, takeaway=takeaway, text=text, applies_when=when, position=n
            )
            self._add(piece)
        for n, deed in enumerate(card.deeds):
            row = Action(
                id=self.key(card.written_at), org=org, takeaway=takeaway, owner=deed.owner, text=deed.text,
                due=deed.due, fate=deed.fate, fate_at=deed.fate_at, position=n,
            )  # fmt: skip
            self._add(row)
            if deed.helped is not None or deed.why:
                owner = session.mentor if deed.owner == "mentor" else session.mentee
                said = {"quarters": deed.helped, "why": deed.why, "at": deed.fate_at}
                self._add(ActionAnswer(id=self.key(deed.fate_at), org=org, action=row, person=owner, **said))
        for side in card.confirmed:
            at = card.written_at + timedelta(minutes=7 if side == "mentee" else 55)
            row = Confirmation(
                id=self.key(at), org=org, takeaway=takeaway, version=1, may_quote=card.quotable, at=at,
                person=session.mentee if side == "mentee" else session.mentor,
            )  # fmt: skip
            self._add(row)

    def _attendance(self, session: MentoringSession, both: Iterable[Person], start: datetime, end: datetime) -> None:
        for person in both:
            came = start + timedelta(seconds=self.rng.randint(-280, 150))
            went = end + timedelta(seconds=self.rng.randint(-90, 100))
            tab = self.key(came)
            for kind, at in (("joined", came), ("left", went)):
                event = AttendanceEvent(
                    id=self.key(at), org=session.org, session=session, person=person, kind=kind, connection=tab, at=at
                )
                self._add(event)

    # --- writing -----------------------------------------------------------------------------------

    def _add(self, row: Model) -> Model:
        self._later[type(row)].append(row)
        return row

    def _flush(self, *models: type[Model]) -> None:
        for model in models:
            rows = self._later.pop(model, [])
            for at in range(0, len(rows), BATCH):
                batch = rows[at : at + BATCH]
                model.objects.bulk_create(batch)
                self.told(TOLD.get(model, "Sessions"), len(batch))


def pins(town: Town) -> dict[str, str]:
    """The skill each topic of the town means: as the taxonomy knows the town, else where one clearly does."""
    named = {topic["name"] for each in town.residents for topic in each.topics}
    named |= {name for each in town.questions for name in each.topics}
    known = town_topics()
    return {name: known[name] for name in named if name in known} | pins_for(named - known.keys())


def count(town: Town) -> int:
    """About how many rows will be written, for a bar that tells the truth."""
    people = 0
    for each in town.residents:
        people += 1 + 2 * len(each.places) + len(each.mentor_in) * (1 + len(each.topics) + len(each.stories))
    questions = sum(1 + len(each.topics) for each in town.questions)
    meetings = 0
    for each in town.meetings:
        meetings += 1 + 2 * (each.status in TAKES_TIME) + 4 * (each.status == "ended" and each.seen)
        meetings += (each.helped is not None) + (each.mentor_helped is not None) + bool(each.notes) + len(each.chat)
        if each.card:
            meetings += 1 + len(each.card.advice) + len(each.card.deeds) + len(each.card.confirmed)
            meetings += sum(1 for deed in each.card.deeds if deed.helped is not None or deed.why)
    return people + questions + meetings
