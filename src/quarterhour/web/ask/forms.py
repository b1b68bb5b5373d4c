"""The ask box as a form: whatever comes, it becomes words or a sentence beside the field."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.http import QueryDict

from quarterhour.core.text import MOST, clean
from quarterhour.engines.understand import Reading, language_of, read_question
from quarterhour.matching.skill_vectors import similarity_of
from quarterhour.matching.spelling import mended
from quarterhour.needs.models import Need
from quarterhour.needs.services import NeedWords
from quarterhour.people.languages import NAMES
from quarterhour.people.taxonomy import search, skills

OPENINGS = ("I have to decide", "I am stuck on", "Could somebody look at")
SENTENCE = ("kind", "minutes", "when", "language")


def words_from(post: QueryDict, reading: Reading, *, languages: tuple[str, ...] = ()) -> NeedWords:
    """The question as typed, with the machine's reading for every chip the person has not settled.

    A chip counts as settled once the person changed it, which shows beside what the page had read back;
    `settled` carries that from page to page.
    """
    settled = [name for name in post.getlist("settled") if name in {*SENTENCE, "topics"}]
    given = {name: post.get(name, "") for name in SENTENCE}
    chosen = post.getlist("topics")
    settled += [name for name in SENTENCE if name in post and given[name] != post.get(f"read-{name}", given[name])]
    if "read-topics" in post and set(chosen) != set(post["read-topics"].split()):
        settled.append("topics")
    if extra := clean(post.get("topic", ""))[:80]:
        settled.append("topics")
        chosen = [*chosen, *_skill_named(extra)]
    own = "topics" in settled
    return NeedWords(
        text=post.get("text", ""),
        tried=post.get("tried", ""),
        good_outcome=post.get("good_outcome", ""),
        decide_by=day_from(post.get("decide_by", "")) or reading.decide_by,
        kind=given["kind"] if "kind" in settled else reading.kind,
        minutes=whole(given["minutes"]) if "minutes" in settled else reading.minutes,
        when=given["when"] if "when" in settled else reading.when,
        languages=tuple(given["language"].split(",")) if "language" in settled else _languages(reading, languages),
        skills=chosen if own else [topic.skill_id for topic in reading.topics],
        settled=tuple(dict.fromkeys(settled)),
    )


def read_back(words: NeedWords, *, language: str, topics: list[str]) -> list[tuple[str, str]]:
    """(name, value) of each word as the sentence shows it: whatever comes back otherwise was changed by hand."""
    shown = (words.kind, words.minutes, words.when, language)
    return [*zip(SENTENCE, map(str, shown), strict=True), ("topics", " ".join(topics))]


def read(text: str, *, org, now, zone: str, languages: tuple[str, ...] = ()) -> Reading:
    """The machine's reading of a question, its typing errors put right."""
    told = mended(clean(text)[:MOST], org_id=org.pk).text
    near = similarity_of(told) if told and language_of(told) in {"en", None} else {}
    return read_question(told, now=now, zone=zone, skills=skills(), profile_languages=languages, similarity=near)


def read_otherwise(text: str, *, org) -> list[tuple[str, str]]:
    """The words we read otherwise than they were typed: (as typed, as read). The last one may not be finished yet."""
    told = clean(text)[:MOST]
    words = mended(told, org_id=org.pk).words
    return [pair for pair in words if not told.endswith(pair[0])]


def choices(languages: tuple[str, ...] = ()) -> dict[str, list[tuple]]:
    """What each word of the sentence may be. languages: those it is in now; several are one choice of their own."""
    from django.conf import settings

    return {
        "kind": list(Need.Kind.choices),
        "minutes": [(minutes, f"{minutes} minutes") for minutes in settings.POLICY["lengths"]],
        "when": list(Need.When.choices),
        "language": [
            *([(",".join(languages), either([NAMES.get(code, code) for code in languages]))] if languages[1:] else []),
            *sorted(NAMES.items(), key=lambda pair: pair[1]),
        ],
    }


def day_from(text: str) -> date | None:
    """A date as browsers send it; None for anything else."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def whole(text: str, *, digits: int = 3) -> int:
    """A whole number as typed, of at most so many digits; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else 0


def _languages(reading: Reading, own: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (reading.language, *own)))) or ("en",)


def _skill_named(text: str) -> list[str]:
    """The skill somebody means, typing errors forgiven; none if nothing comes near."""
    return [found.skill.id for found in search(text, limit=1)]


def either(names: Sequence[str]) -> str:
    """As in "English", "English or Arabic", "English, Arabic or Portuguese"."""
    return " or ".join(filter(None, [", ".join(names[:-1]), names[-1] if names else ""]))
