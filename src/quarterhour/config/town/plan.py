"""What the town is made of, before it is rows: people, questions, meetings."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

COMMONS = "commons"
DOMAIN = "town.example"


@dataclass(eq=False)
class Resident:
    """Somebody who lives here. Identity is the slug.

    places: organisation to role ("member" or "manager"), the first is where they act unless they choose.
    mentor_in: the organisations in which they offer time. hours: weekday to windows, as Availability keeps it.
    asks: areas they ask about. source: where the words come from ("mentors", "story", "grown", ...).
    """

    slug: str
    name: str
    zone: str
    country: str = ""
    languages: list[dict[str, str]] = field(default_factory=list)
    headline: str = ""
    role: str = ""
    industry: str = ""
    employer_kind: str = ""
    years: int | None = None
    pronouns: str = ""
    about: str = ""
    places: dict[str, str] = field(default_factory=dict)
    mentor_in: tuple[str, ...] = ()
    topics: list[dict[str, Any]] = field(default_factory=list)
    stories: list[dict[str, Any]] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    helps_with: list[str] = field(default_factory=list)
    not_for: str = ""
    style: str = ""
    hours: dict[str, list[list[str]]] = field(default_factory=dict)
    lengths: list[int] = field(default_factory=list)
    weekly_minutes: int = 60
    confirm: str = "instant"
    now_ok: bool = False
    newcomer: bool = False
    paused_until: date | None = None
    joined: datetime | None = None
    operator: bool = False
    asks: tuple[str, ...] = ()
    source: str = "grown"

    @property
    def email(self) -> str:
        return f"{self.slug}@{DOMAIN}"

    @cached_property
    def speaks(self) -> frozenset[str]:
        """Languages a conversation can be held in."""
        return frozenset(each["code"] for each in self.languages)

    @property
    def is_mentor(self) -> bool:
        return bool(self.mentor_in)


@dataclass(eq=False)
class Question:
    """What somebody typed. Several meetings may be about the same one."""

    mentee: Resident
    text: str
    kind: str
    minutes: int
    stated_at: datetime
    org: str = COMMONS
    when: str = "week"
    languages: list[str] = field(default_factory=lambda: ["en"])
    topics: tuple[str, ...] = ()
    tried: str = ""
    good_outcome: str = ""
    decide_by: date | None = None
    matched_at: datetime | None = None
    closed_at: datetime | None = None


@dataclass
class Deed:
    """An action of a card, with what became of it. helped, why: what whoever took it on said of that."""

    text: str
    owner: str = "mentee"
    due: date | None = None
    fate: str = "open"
    fate_at: datetime | None = None
    helped: int | None = None
    why: str = ""


@dataclass
class Card:
    """What the two took away. quotable: both said that the advice may be shown to others."""

    insight: str
    advice: list[tuple[str, str]]
    deeds: list[Deed]
    written_at: datetime
    quotable: bool = False
    confirmed: tuple[str, ...] = ("mentee", "mentor")
    thanks: str = ""


@dataclass(eq=False)
class Meeting:
    """A session: held, about to be, or never come to be. seen: the room noticed both of them."""

    question: Question
    mentor: Resident
    start: datetime
    minutes: int
    status: str
    created_at: datetime
    note: str = ""
    card: Card | None = None
    notes: str = ""
    chat: list[tuple[str, str]] = field(default_factory=list)
    helped: int | None = None
    mentor_helped: int | None = None
    seen: bool = True
    answer_by: datetime | None = None
    source: str = "grown"

    @property
    def mentee(self) -> Resident:
        return self.question.mentee


@dataclass
class Organisation:
    slug: str
    name: str
    open_to_all: bool = False


@dataclass
class Town:
    """Everything, in the order in which it is written down."""

    organisations: list[Organisation]
    residents: list[Resident]
    questions: list[Question]
    meetings: list[Meeting]

    def __post_init__(self) -> None:
        self._by_slug = {each.slug: each for each in self.residents}

    def who(self, slug: str) -> Resident:
        """The resident of that slug. Raises KeyError."""
        return self._by_slug[slug]

    @property
    def mentors(self) -> list[Resident]:
        return [each for each in self.residents if each.is_mentor]
