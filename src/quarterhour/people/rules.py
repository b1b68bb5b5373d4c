"""What may stand in an account and a profile, each refusal as a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from quarterhour.core.errors import Invalid
from quarterhour.core.text import MOST, clean
from quarterhour.people import languages
from quarterhour.people.models import Profile, Topic

# The kinds of help, in the words of the profile. A need has the same six.
KINDS = {
    "decide": "Decide",
    "unblock": "Get unblocked",
    "review": "Review something",
    "practise": "Practise",
    "explore": "Look around",
    "connect": "Meet somebody",
}
LEVELS = {"lived": "Lived it", "strong": "Do it well", "expert": "Others ask me"}
LEVELS_OF_OTHERS = {"lived": "has lived it", "strong": "does it well", "expert": "is asked by others"}
MOST_TOPICS, MOST_STORIES, MOST_LANGUAGES, MOST_VALUES = 30, 30, 12, 10
LONGEST_ADDRESS = 254
FIRST_YEAR = 1930
LONGEST_PAUSE = timedelta(days=366)

AMISS = "Some of this needs another look. What you typed is kept."


@lru_cache(maxsize=1)
def zones() -> frozenset[str]:
    """The IANA zones this machine knows, about 600. Reading them takes 30 ms, once a process."""
    return frozenset(available_timezones() - {"localtime", "Factory"})


def known_zone(name: str) -> str:
    """The zone under that name. Raises Invalid with a sentence if there is none."""
    told = clean(name or "")
    if told not in zones():
        shown = f'"{told[:60]}"' if told else "nothing"
        raise Invalid(f"We know no time zone called {shown}. Write it as a place, such as Europe/Lisbon.")
    return told


def address(text: str) -> str:
    """A mail address as we keep it: lower case, the part after the @ in the letters mail servers use.

    Raises Invalid with a sentence. Two spellings of one address come out the same:
    "Zoë@MARÉ.example" is refused for its first letters, "zoe@MARÉ.example" becomes "zoe@xn--mar-dma.example".
    """
    told = clean(text or "")
    local, at, domain = told.rpartition("@")
    if not at or not local or not domain or any(letter.isspace() for letter in told):
        raise Invalid("That is not a mail address yet. It looks like leila@example.org.")
    if not local.isascii():
        raise Invalid("Before the @ we can only write plain letters a to z, figures and signs. Use another address.")
    try:
        host = domain.encode("idna").decode("ascii")
    except UnicodeError:
        host = ""
    plain = f"{local}@{host}".lower()
    try:
        validate_email(plain)
    except ValidationError as error:
        raise Invalid("That is not a mail address yet. It looks like leila@example.org.") from error
    if len(plain) > LONGEST_ADDRESS:
        raise Invalid("That address is longer than a mail address can be.")
    return plain


def called(text: str) -> str:
    """A name as people say it, on one line. Raises Invalid with a sentence."""
    told = one_line(text, "Your name", most=80)
    if not told:
        raise Invalid("Write the name people call you by. One word is enough.")
    return told


def text(given: str, what: str, *, most: int = MOST) -> str:
    """Cleaned text of at most so many characters. Raises Invalid naming `what` and both lengths."""
    told = clean(given or "")
    if len(told) > most:
        raise Invalid(f"{what} has {len(told):,} characters. Keep it under {most:,}.")
    return told


def one_line(given: str, what: str, *, most: int) -> str:
    return text(" ".join((given or "").split()), what, most=most)


@dataclass(frozen=True, kw_only=True, slots=True)
class TopicWords:
    """Something a person knows. level: "lived", "strong" or "expert". confirm: "instant", "ask", or "" for what the
    profile says.
    """

    name: str
    level: str = Topic.Level.LIVED
    confirm: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryWords:
    """Something a person has lived through, told from "I once" on."""

    text: str
    title: str
    year: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ProfileWords:
    """Everything the profile page can say, checked. `columns` is what belongs to the profile's own row."""

    name: str
    zone: str
    topics: Sequence[TopicWords]
    columns: Mapping[str, Any]


def profile_words(given: Mapping[str, Any], *, topics: Iterable[tuple[str, ...]]) -> ProfileWords:
    """The words of a profile form, checked together.

    given: name, zone, headline, role, about, goals, values (commas), languages ((code, level) pairs),
    helps_with, not_for, style, lengths, confirm, now_ok. topics: see `topic_words`.
    Raises Invalid with a sentence for every field that cannot stay as it is.
    """
    check = _Together()
    columns = {
        "headline": check("headline", one_line, given.get("headline", ""), "The headline", most=200),
        "role": check("role", one_line, given.get("role", ""), "What you do", most=120),
        "about": check("about", text, given.get("about", ""), "About you"),
        "goals": check("goals", text, given.get("goals", ""), "What you are after", most=2_000),
        "values": check("values", _values, given.get("values", "")),
        "languages": check("languages", _languages, given.get("languages", ())),
        "helps_with": check("helps_with", _some_of, given.get("helps_with", ()), list(KINDS)),
        "not_for": check("not_for", one_line, given.get("not_for", ""), "What you are not for", most=400),
        "style": check("style", one_line, given.get("style", ""), "How you talk", most=400),
        "lengths": check("lengths", _lengths, given.get("lengths", ())),
        "confirm": check("confirm", _confirm, given.get("confirm") or Profile.Confirm.INSTANT),
        "now_ok": bool(given.get("now_ok")),
    }
    told = ProfileWords(
        name=check("name", called, given.get("name", "")),
        zone=check("zone", known_zone, given.get("zone", "")),
        topics=check("topics", topic_words, topics),
        columns=columns,
    )
    check.finish()
    columns["language_codes"] = [each["code"] for each in columns["languages"]]
    return told


def topic_words(rows: Iterable[tuple[str, ...]]) -> list[TopicWords]:
    """Topics from (name, level) or (name, level, confirm); no name is no topic. Raises Invalid with a sentence."""
    told: list[TopicWords] = []
    seen: set[str] = set()
    for name, level, *more in rows:
        words = one_line(name, "A topic", most=120)
        if not words or words.casefold() in seen:
            continue
        if level not in Topic.Level.values:
            raise Invalid(f"Choose how well you know “{words}”.")
        if (confirm := "".join(more)) not in {"", *Profile.Confirm.values}:
            raise Invalid(f"Choose for “{words}” whether bookings confirm at once or you are asked first.")
        seen.add(words.casefold())
        told.append(TopicWords(name=words, level=level, confirm=confirm))
    if len(told) > MOST_TOPICS:
        raise Invalid(f"{len(told)} topics are more than anybody reads. Keep the {MOST_TOPICS} you like best.")
    return told


def story_words(*, told: str, title: str = "", year: str | int | None = None, today: date) -> StoryWords:
    """A story, checked. Without a title its first words become one. Raises Invalid with sentences."""
    check = _Together()
    body = check("text", text, told, "The story")
    heading = check("title", one_line, title, "The title", most=160)
    when = check("year", _year, year, today)
    if not check.wrong and not body:
        check.wrong["text"] = "Say what happened, in a sentence or two. It starts with “I once”."
    check.finish()
    return StoryWords(text=body, title=heading or _first_words(body), year=when)


def pause_until(given: date | None, *, today: date) -> date:
    """The day a pause ends. Raises Invalid unless it lies ahead, within a year."""
    if given is None:
        raise Invalid("Choose the day you are back.")
    if given <= today:
        raise Invalid("That day is over. Choose the day you are back, tomorrow at the earliest.")
    if given > today + LONGEST_PAUSE:
        raise Invalid("That is more than a year away. Choose a nearer day; you can pause again then.")
    return given


class _Together:
    """Runs checks one by one and keeps what each refused, so that a form hears everything at once."""

    def __init__(self) -> None:
        self.wrong: dict[str, str] = {}

    def __call__(self, field: str, check: Callable, *args, **kwargs) -> Any:
        try:
            return check(*args, **kwargs)
        except Invalid as error:
            self.wrong[field] = error.told
            return ""

    def finish(self) -> None:
        if self.wrong:
            raise Invalid(AMISS, fields=self.wrong)


def _values(given: str | Iterable[str]) -> list[str]:
    parts = given.split(",") if isinstance(given, str) else given
    told = list(dict.fromkeys(words for part in parts if (words := one_line(part, "A value", most=60))))
    if len(told) > MOST_VALUES:
        raise Invalid(f"{len(told)} values are too many to mean something. Keep {MOST_VALUES}.")
    return told


def _languages(given: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    told: dict[str, str] = {}
    for code, level in given:
        if not code:
            continue
        if code not in languages.NAMES or level not in languages.LEVELS:
            raise Invalid("Choose each language, and how well you speak it, from the lists.")
        told.setdefault(code, level)
    if len(told) > MOST_LANGUAGES:
        raise Invalid(f"Keep the {MOST_LANGUAGES} languages you would hold a conversation in.")
    return [{"code": code, "level": level} for code, level in told.items()]


def _some_of(given: Iterable[str], known: list) -> list[str]:
    chosen = list(given)
    if strange := [each for each in chosen if each not in known]:
        raise Invalid(f"“{strange[0][:40]}” is not on the list. Choose from it.")
    return [each for each in known if each in chosen]


def _lengths(given: Iterable[str | int]) -> list[int]:
    offered = [str(minutes) for minutes in settings.POLICY["lengths"]]
    return [int(each) for each in _some_of([str(each) for each in given], offered)]


def _confirm(given: str) -> str:
    if given not in Profile.Confirm.values:
        raise Invalid("Choose whether bookings confirm at once or you are asked first.")
    return given


def _year(given: str | int | None, today: date) -> int | None:
    told = clean(str(given or ""))
    if not told:
        return None
    if not (told.isascii() and told.isdigit()) or not FIRST_YEAR <= int(told[:6]) <= today.year:
        raise Invalid(f"Write the year with four figures, {today.year} at the latest, or leave it out.")
    return int(told)


def _first_words(body: str, most: int = 60) -> str:
    line = " ".join(body.split())
    for opening in ("I once ", "…", "..."):
        line = line.removeprefix(opening).lstrip()
    if len(line) <= most:
        return line
    return line[:most].rsplit(" ", 1)[0].rstrip(",.;:") + "…"
