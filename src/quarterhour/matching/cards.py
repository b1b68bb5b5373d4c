"""A ranking as people see it: cards with quotes and reasons, rows, and what narrows the list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from quarterhour.engines import matching as engine
from quarterhour.engines.hours import awake
from quarterhour.engines.quality import Helped
from quarterhour.matching.ranking import Ranking
from quarterhour.needs.models import Need
from quarterhour.people.languages import NAMES
from quarterhour.people.models import Profile
from quarterhour.people.taxonomy import skills
from quarterhour.sessions.rules import length_offered

NEW = timedelta(days=60)
HELPED_ALIKE = "has helped with questions like yours"
ALIKE = "alike"  # told beside the signs of the engine: has helped with questions like it


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody looks for. languages: ISO codes, best first.

    skills: ids of the taxonomy. settled: whether the person chose them, or we read them from the text.
    kind_settled: the same for the kind of help, which is held against nobody while it is our guess.
    heard: mentors whose advice they have already, who are left out.
    """

    text: str
    kind: str
    minutes: int
    when: str
    languages: Sequence[str]
    skills: Sequence[str]
    settled: bool = False
    kind_settled: bool = False
    decide_by: date | None = None
    heard: Sequence[UUID] = ()

    @property
    def chosen(self) -> Sequence[str]:
        """The skills the person settled on; none where the reading is ours."""
        return self.skills if self.settled else ()


@dataclass(slots=True)
class Quote:
    """A mentor's own words: (text, marked) parts, where they were said, and their language if not English."""

    parts: list[tuple[str, bool]]
    source: str
    language: str = ""


@dataclass(slots=True)
class Card:
    """asks_first: whether the mentor is asked before a booking for this question counts.

    near: beside people who fit, somebody of whom that is less likely than not. on_call: until when somebody is whom a
    press on "Talk now" would ring.
    """

    profile: Profile
    anchor: str
    line: str
    minutes: int
    why: str
    view: str
    quotes: list[Quote]
    reasons: str
    missing: str
    quality: Helped | None
    spoken: str
    checked: bool
    starts: list[datetime]
    asks_first: bool = False
    near: bool = False
    days: list = field(default_factory=list)
    held: object = None
    on_call: datetime | None = None


@dataclass(slots=True)
class Row:
    profile: Profile
    line: str
    minutes: int
    why: str
    start: datetime | None
    facets: frozenset[str]
    day: str = ""


@dataclass(frozen=True, slots=True)
class Facet:
    key: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Look:
    """What somebody asked, and where and when they look: `today` is the date in their `zone`."""

    asked: Asked
    zone: str
    today: date
    now: datetime


def card_of(
    fit: engine.Fit,
    profile: Profile,
    starts: list[datetime],
    ranking: Ranking,
    look: Look,
    *,
    near: bool,
    mattered: Sequence[str],
    helped: Helped | None,
) -> Card:
    """near: see `Card`. mattered: the signs that put this mentor before the others, by name: see `again.ShownCard`."""
    asked = look.asked
    family = engine.family_of(skills())
    labels = {skill.id: skill.label for skill in skills()}
    in_time = [start for start in starts if _in_time(start, look)]
    missing = engine.what_is_missing(
        ranking.asked if asked.kind_settled else replace(ranking.asked, kind=""),
        fit,
        family=family,
        name=profile.person.first_name,
        labels={skill: labels[skill] for skill in asked.skills if skill in labels},
        language_names=NAMES,
        free_in_time=bool(in_time),
        in_time=_wish(asked),
    )
    found = engine.quotes(
        ranking.asked,
        fit.pieces,
        topic_names=[labels[skill] for skill in engine.heart_of(ranking.asked) if skill in labels],
        frequency=ranking.frequency,
        total=ranking.total,
    )
    if helped is None or helped.of == 0:
        if profile.mentor_since and look.now - profile.mentor_since < NEW:
            missing.append("New here: we know little about how the advice works out.")
        helped = None
    return Card(
        profile=profile,
        asks_first=fit.mentor.asks_first,
        near=near,
        anchor=f"m-{profile.person_id}",
        line=line_of(profile),
        minutes=length_offered(profile, asked.minutes),
        why=engine.why_line(ranking.asked, fit, family=family, quoted=[each.text for each in found]).text,
        view=_view(fit, labels),
        quotes=[_quote(each, profile) for each in found],
        reasons=_reasons(mattered, ranking.asked, fit),
        missing=" ".join(missing[:2]),
        quality=helped,
        spoken=", ".join(NAMES.get(code, code) for code in profile.language_codes[:3]),
        checked=not ranking.checked[profile.person_id].isdisjoint(ranking.asked.skills),
        starts=in_time or starts,
    )


def _reasons(mattered: Sequence[str], asked: engine.Asked, fit: engine.Fit) -> str:
    """What put this mentor before the others, as one sentence; the line above the quotes has said the first of it."""
    told = (HELPED_ALIKE if name == ALIKE else engine.said_of(name, asked, fit) for name in mattered)
    said = "; ".join(list(filter(None, told))[:2])
    return f"{said[:1].upper()}{said[1:]}." if said else ""


def _quote(quote: engine.Quote, profile: Profile) -> Quote:
    """The words with their marked parts, and where they were said."""
    parts, at = [], 0
    text = quote.text
    for start, end in quote.marks:
        parts += [(text[at:start], False), (text[start:end], True)]
        at = end
    parts.append((text[at:], False))
    if quote.begins:
        parts.insert(0, ("… ", False))
    if quote.ends:
        parts.append((" …", False))
    piece = quote.piece
    whose = {"she/her": "Her", "he/him": "His"}.get(profile.pronouns, f"{profile.person.first_name}’s")
    year = f", {piece.said_on.year}" if piece.said_on else ""
    source = {
        "story": f"{whose} story{f' “{piece.title}”' if piece.title else ''}{year}",
        "answer": f"Said in a session{year}",
    }.get(piece.kind, f"From {whose.lower() if whose in {'Her', 'His'} else whose} profile")
    language = piece.language if piece.language not in {"", "en"} else ""
    return Quote(parts=[part for part in parts if part[0]], source=source, language=language)


def _view(fit: engine.Fit, labels: dict[str, str]) -> str:
    """The road this person took, in a word: the topic that meets the question best, and how they know it."""
    if not fit.met:
        return ""
    skill = max(fit.met, key=lambda each: (fit.met[each].level == "lived", each in labels))
    known = {"lived": "Lived through", "strong": "Does", "expert": "Knows deeply"}[fit.met[skill].level]
    return f"{known}: {fit.met[skill].name}"


def _wish(asked: Asked) -> str:
    if asked.when in {"now", "today"}:
        return "today"
    if asked.when == "week":
        return "this week"
    return f"{asked.decide_by:%A %-d %B}" if asked.decide_by else "the next four weeks"


def row_of(fit: engine.Fit, profile: Profile, starts: list[datetime], look: Look) -> Row:
    start = next(iter(awake_at(starts, look) or starts), None)
    facets = {f"lang-{code}" for code in profile.language_codes if code != "en"}
    if start and _local(start, look.zone) == look.today:
        facets.add("today")
    if start and _local(start, look.zone) < look.today + timedelta(days=7):
        facets.add("week")
    if not fit.mentor.asks_first:
        facets.add("instant")
    if profile.mentor_since and look.now - profile.mentor_since < NEW:
        facets.add("new")
    if look.asked.kind in profile.helps_with:
        facets.add("kind")
    return Row(
        profile=profile,
        line=line_of(profile),
        minutes=length_offered(profile, look.asked.minutes),
        why=profile.headline,
        start=start,
        facets=frozenset(facets),
    )


def facets_of(rows: Sequence[Row]) -> list[Facet]:
    """What narrows the list, with counts: times first, then ways, then the languages most spoken."""
    counts = Counter(facet for row in rows for facet in row.facets)
    named = [
        ("today", "Free today"),
        ("week", "Free this week"),
        ("instant", "Confirms at once"),
        ("kind", "Likes this kind of question"),
        ("new", "New mentors"),
    ]
    found = [Facet(key, label, counts[key]) for key, label in named if counts[key]]
    spoken = sorted(((n, key) for key, n in counts.items() if key.startswith("lang-")), key=lambda x: (-x[0], x[1]))
    return found + [Facet(key, NAMES.get(key[5:], key[5:]), n) for n, key in spoken[:5]]


def line_of(profile: Profile) -> str:
    """ "Director of engineering, Lagos"."""
    place = profile.person.zone.rpartition("/")[2].replace("_", " ")
    return ", ".join(filter(None, [profile.role, place if profile.person.zone != "UTC" else profile.country]))


def _in_time(start: datetime, look: Look) -> bool:
    day, asked = _local(start, look.zone), look.asked
    if asked.when in {"now", "today"}:
        return day == look.today
    if asked.when == "week":
        return day < look.today + timedelta(days=7)
    return asked.decide_by is None or day <= asked.decide_by


def awake_at(starts: Sequence[datetime], look: Look) -> list[datetime]:
    """Those of the starts at which the reader is up; all of them where it is asked for now."""
    now = look.asked.when == Need.When.NOW
    return [start for start in starts if now or awake(start.astimezone(ZoneInfo(look.zone)))]


def _local(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()
