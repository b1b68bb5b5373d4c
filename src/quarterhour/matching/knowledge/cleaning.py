"""Cleaning with all we know: the two, whoever speaks in the notes, members who are named, and a dictionary."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from django.db.models.functions import Lower

from quarterhour.core.models import Organisation
from quarterhour.engines.knowledge import Cleaned, Ordinary, Usual, clean, speakers
from quarterhour.engines.understand import language_of
from quarterhour.engines.words import tokens
from quarterhour.people.models import Person, Profile
from quarterhour.people.taxonomy import skills
from quarterhour.sessions.models import MentoringSession, Notes

READ = ("en", "de", "fr", "es", "pt", "it")  # the dictionaries there are
_FIRST = re.compile(r"[^\W\d_]{2,}")
MOST_MEMBERS = 60


def language_for(text: str) -> str:
    return language_of(text, expected=("en",)) or "en"


def cleaned(
    text: str, *, names: Iterable[str], org: Organisation, places: Iterable[str], keep: Iterable[str]
) -> Cleaned:
    """`text` as it may be shown, in whatever language it is."""
    language = language_for(text)
    return clean(
        text,
        names=[*names],
        organisations=[org.name],
        places=[*places],
        language=language,
        ordinary=ordinary(language),
        terms=terms(),
        keep=keep,
    )


def names_around(session: MentoringSession, *, texts: Iterable[str]) -> list[str]:
    """Everybody these texts may name: the two, whoever speaks in the notes, members they mention. Two queries."""
    notes = Notes.objects.within(session.org_id).filter(session=session).values_list("text", flat=True).first()
    return [session.mentor.name, session.mentee.name, *speakers(notes or ""), *members_named(texts, org=session.org_id)]


def members_named(texts: Iterable[str], *, org) -> list[str]:
    """Members of the organisation whose first name stands in one of the texts with a capital. A query at most."""
    said = {word for text in texts for word in _FIRST.findall(text) if word[0].isupper()}
    if not said:
        return []
    there = Person.objects.filter(memberships__org=org).annotate(lower=Lower("name"))
    firsts = "^(" + "|".join(re.escape(word.lower()) for word in sorted(said)[:MOST_MEMBERS]) + r")\M"
    return list(there.filter(lower__regex=firsts).values_list("name", flat=True)[:MOST_MEMBERS])


def places_of(session: MentoringSession) -> list[str]:
    """Where the two live, as their clocks and profiles tell. A query."""
    cities = [person.zone.rpartition("/")[2].replace("_", " ") for person in (session.mentor, session.mentee)]
    profiles = Profile.objects.within(session.org_id).filter(person__in=[session.mentor_id, session.mentee_id])
    return [place for place in [*cities, *profiles.values_list("country", flat=True)] if place and place != "UTC"]


@cache
def ordinary(language: str) -> Ordinary | None:
    """Whether a word is one of the language; None for languages without a dictionary. Read once, in .25 s."""
    if language not in READ:
        return None
    from spellchecker import SpellChecker

    return Usual(SpellChecker(language=language, distance=1).word_frequency.dictionary, language)


@cache
def terms() -> frozenset[str]:
    """Words of the taxonomy, which are trades and tools."""
    return frozenset(token.folded for skill in skills() for name in skill.names() for token in tokens(name))
