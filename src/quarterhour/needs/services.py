"""A question is stated, read back, changed, and closed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from quarterhour.core import events
from quarterhour.core.errors import Changed, Invalid
from quarterhour.core.text import MOST, clean
from quarterhour.needs.events import NeedChanged, NeedClosed, NeedStated, ProspectFound
from quarterhour.needs.models import Need, NeedTopic, Prospect, Waiting
from quarterhour.people.languages import NAMES
from quarterhour.people.models import Person, Skill

MOST_LANGUAGES = MOST_TOPICS = 6
FOUR_WEEKS = 27  # days after today
A_SENTENCE = 3  # words below which nobody could know what is asked
SAY_MORE = "A few words more, please: what happened, and what would help? One sentence is enough to find people."
# Scripts that write no spaces between words: Thai, kana, Chinese and Japanese characters, Hangul.
UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
ENOUGH = 3  # people who came up for one question; three are shown anyway


@dataclass(frozen=True, kw_only=True)
class NeedWords:
    """A question as it comes from a form: words, chips, and which chips the person touched."""

    text: str
    tried: str = ""
    good_outcome: str = ""
    decide_by: date | None = None
    kind: str = Need.Kind.UNBLOCK
    minutes: int = 25
    when: str = Need.When.WEEK
    languages: Sequence[str] = ()
    skills: Sequence[str] = ()
    settled: Sequence[str] = field(default_factory=tuple)


def could_be_a_skill(key: str) -> bool:
    """Whether a skill could have this key: no table would take anything else."""
    return re.fullmatch(r"[a-z0-9-]{1,80}", key) is not None


def is_a_sentence(text: str) -> bool:
    """Whether there are words enough to look for people.

    >>> is_a_sentence("x"), is_a_sentence("??? !"), is_a_sentence("Lead role: yes?"), is_a_sentence("転職すべき？")
    (False, False, True, True)
    """
    words = [word for word in text.split() if any(letter.isalnum() for letter in word)]
    return len(words) >= A_SENTENCE or len(UNSPACED.findall(text)) >= A_SENTENCE


def checked(words: NeedWords, *, today: date) -> NeedWords:
    """The same words, cleaned. Raises Invalid with a sentence for each field that cannot be."""
    texts = {name: clean(getattr(words, name)) for name in ("text", "tried", "good_outcome")}
    wrong = _wrong_texts(texts) | _wrong_chips(words)
    if words.decide_by and not today <= words.decide_by <= date(today.year + 5, 12, 31):
        wrong["decide_by"] = "Choose a day from today on, within five years, or leave it empty."
    if wrong:
        raise Invalid("Some of it needs another look.", fields=wrong)
    known = [code for code in dict.fromkeys(words.languages) if code in NAMES]
    return NeedWords(
        **texts,
        decide_by=words.decide_by,
        kind=words.kind,
        minutes=words.minutes,
        when=words.when,
        languages=tuple(known[:MOST_LANGUAGES]) or ("en",),
        skills=tuple(dict.fromkeys(words.skills))[:MOST_TOPICS],
        settled=tuple(dict.fromkeys(words.settled)),
    )


def _wrong_texts(texts: Mapping[str, str]) -> dict[str, str]:
    wrong = {}
    if not texts["text"]:
        wrong["text"] = "Write your question first. One sentence is enough."
    elif not is_a_sentence(texts["text"]):
        wrong["text"] = SAY_MORE
    for name, text in texts.items():
        if len(text) > MOST:
            wrong[name] = f"That is {len(text):,} characters. Shorten it to {MOST:,}: a mentor reads it in a minute."
    return wrong


def _wrong_chips(words: NeedWords) -> dict[str, str]:
    """What is wrong with the words of the sentence. A language we only guessed is left out, never told."""
    wrong = {}
    if words.minutes not in settings.POLICY["lengths"]:
        wrong["minutes"] = f"{words.minutes} minutes is not a micro session. Choose 15, 25, 30, 45 or 60."
    if words.kind not in Need.Kind.values:
        wrong["kind"] = "Choose what kind of help it is."
    if words.when not in Need.When.values:
        wrong["when"] = "Choose now, today, this week or any time."
    if "language" in words.settled and not set(words.languages) <= set(NAMES):
        wrong["language"] = "Choose the language from the list."
    if not all(could_be_a_skill(skill) for skill in words.skills):
        wrong["topics"] = "One of the topics is none of ours. Take it away, or choose it again."
    return wrong


@transaction.atomic
def state_need(
    *, mentee: Person, org, words: NeedWords, now: datetime, today: date, heard: Sequence[UUID] = ()
) -> Need:
    """Keep a question. heard: mentors whose advice they have already, who are left out of whom it finds.

    Raises Invalid with the fields to mend.
    """
    words = checked(words, today=today)
    need = Need.objects.create(org=org, mentee=mentee, stated_at=now, heard=list(heard), **_columns(words))
    _pin(need, words)
    events.publish(NeedStated(org_id=need.org_id, need_id=need.pk), now=now)
    return need


@transaction.atomic
def change_need(*, need: Need, words: NeedWords, seen: int, now: datetime, today: date) -> Need:
    """Change a question. Raises Invalid, or Changed if another tab was quicker."""
    words = checked(words, today=today)
    rows = Need.objects.within(need.org_id).filter(pk=need.pk, version=seen)
    if rows.update(version=seen + 1, **_columns(words)) != 1:
        raise Changed("This question was changed in another tab. Reload the page; what you typed here is kept.")
    need.refresh_from_db()
    need.topics.all().delete()
    _pin(need, words)
    events.publish(NeedChanged(org_id=need.org_id, need_id=need.pk), now=now)
    return need


def add_tried(*, need: Need, text: str) -> Need:
    """Add what was tried, for the mentor to read. Raises Invalid."""
    told = clean(text)
    if not told:
        raise Invalid("Write what you have tried, one sentence is enough.", fields={"tried": "Write one sentence."})
    if len(told) > MOST:
        words = f"That is {len(told):,} characters. Shorten it to {MOST:,}."
        raise Invalid(words, fields={"tried": words})
    Need.objects.within(need.org_id).filter(pk=need.pk).update(tried=told)
    need.tried = told
    return need


def note_matched(need: Need, *, now: datetime) -> None:
    """People were shown for this question, the first time."""
    if need.matched_at is None:
        Need.objects.within(need.org_id).filter(pk=need.pk, matched_at=None).update(matched_at=now)
        need.matched_at = now


@transaction.atomic
def wait(*, need: Need, now: datetime) -> Waiting:
    """Tell this person when somebody who clearly fits comes up, until the question is over. Pressed anew, begin anew.

    Raises Invalid for a question that was closed, or is over by its own date.
    """
    until = waits_until(need, now=now)
    if need.closed_at or until <= now:
        raise Invalid("This question is over. Give it another date, or ask anew.")
    told = {"org_id": need.org_id, "since": now, "until": until, "stopped_at": None}
    return Waiting.objects.within(need.org_id).update_or_create(need=need, defaults=told)[0]


def waits_until(need: Need, *, now: datetime) -> datetime:
    """When a question is over by its own words: the end of the day, of seven days, of its date, or of four weeks."""
    zone = ZoneInfo(need.mentee.zone)
    today = now.astimezone(zone).date()
    days = {Need.When.NOW: 0, Need.When.TODAY: 0, Need.When.WEEK: 6}.get(need.when, 27)
    last = today + timedelta(days=days) if days < FOUR_WEEKS or need.decide_by is None else need.decide_by
    return datetime.combine(last + timedelta(days=1), time(), zone)


def stop_waiting(need: Need, *, now: datetime) -> None:
    """Stop looking. Doing it twice is no mistake."""
    Waiting.objects.within(need.org_id).filter(need=need, stopped_at=None).update(stopped_at=now)


@transaction.atomic
def note_prospect(*, waiting: Waiting, mentor: Person, now: datetime) -> bool:
    """Somebody can help: kept and told once a pair. With the third the waiting is over. Whether it was news."""
    rows = Waiting.objects.within(waiting.org_id).in_force(now).select_for_update(of=("self",))
    if not rows.filter(pk=waiting.pk).exists():
        return False
    told = {"org_id": waiting.org_id, "found_at": now}
    kept, fresh = Prospect.objects.within(waiting.org_id).get_or_create(waiting=waiting, mentor=mentor, defaults=told)
    if not fresh:
        return False
    if waiting.prospects.count() >= ENOUGH:
        Waiting.objects.within(waiting.org_id).filter(pk=waiting.pk).update(stopped_at=now)
    events.publish(ProspectFound(org_id=waiting.org_id, prospect_id=kept.pk), now=now)
    return True


@transaction.atomic
def close(need: Need, *, now: datetime) -> None:
    """The person no longer looks for anybody. Closed twice, it is told once."""
    if Need.objects.within(need.org_id).filter(pk=need.pk, closed_at=None).update(closed_at=now):
        events.publish(NeedClosed(org_id=need.org_id, need_id=need.pk), now=now)


def _columns(words: NeedWords) -> dict[str, object]:
    names = ("text", "tried", "good_outcome", "decide_by", "kind", "minutes", "when")
    return {name: getattr(words, name) for name in names} | {
        "languages": list(words.languages),
        "settled": list(words.settled),
    }


def _pin(need: Need, words: NeedWords) -> None:
    known = set(Skill.objects.filter(pk__in=words.skills).values_list("pk", flat=True))
    NeedTopic.objects.bulk_create(
        [
            NeedTopic(org_id=need.org_id, need=need, skill_id=skill, proposed="topics" not in words.settled, position=n)
            for n, skill in enumerate(s for s in words.skills if s in known)
        ]
    )
