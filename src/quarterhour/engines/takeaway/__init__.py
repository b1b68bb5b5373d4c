"""A takeaway card, filled in beforehand from the notes and the chat of a session.

No model is asked: the sentences are the people's own, and rules decide who promised what until when.
The rules and how well they do are in docs/algorithms/takeaway.md.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from quarterhour.engines.takeaway.advice import advice_among, insight_among, worth_a_look
from quarterhour.engines.takeaway.chat import read_chat
from quarterhour.engines.takeaway.events import by_event, events
from quarterhour.engines.takeaway.model import Action, Advice, Card, Said, Source
from quarterhour.engines.takeaway.people import People
from quarterhour.engines.takeaway.phrasing import phrase
from quarterhour.engines.takeaway.pronouns import first_person, pronouns, second_person
from quarterhour.engines.takeaway.reading import Reader
from quarterhour.engines.takeaway.sayings import sayings
from quarterhour.engines.takeaway.subject import Cast
from quarterhour.engines.takeaway.words import MODULES, lexicon
from quarterhour.engines.understand.languages import language_of

LOOKED_AT = 20_000  # characters that tell the language

__all__ = ["Action", "Advice", "Card", "Said", "Source", "prefill"]


def prefill(
    notes: str,
    chat: Sequence[Said],
    *,
    held_on: date,
    mentor: str,
    mentee: str,
    language: str | None = None,
) -> Card:
    """The card as the notes and the chat suggest it.

    held_on: the day of the session where it took place; spoken dates are counted from it.
    mentor, mentee: full names; notes may use any part of them, initials, and common short forms.
    language: en, de, fr, es, pt or it, with or without a region; None lets the text decide.
    Never raises for any text; empty notes and chat give an empty card.
    """
    code = (language or "").lower().replace("_", "-").partition("-")[0]
    if code not in MODULES:
        code = language_of("\n".join([notes[:LOOKED_AT], *(said.text for said in chat)]), expected=("en",)) or "en"
    words, people = lexicon(code), People(mentor=mentor, mentee=mentee)
    people.settle(notes)
    writer = first_person(people, notes)
    cast = Cast(people, words, pronouns(people, notes, words), writer, second_person(people, notes, writer))
    reader = Reader(cast, held_on)
    reader.read_notes(notes)
    read_chat(reader, chat)
    actions = tuple(_actions(reader, notes, chat))
    taken = [(each.source.start, each.source.end) for each in actions if each.source.line is None]
    text = reader.calendars[None].text
    said = worth_a_look(list(sayings(text, reader.written, reader.notes_cast, taken)), text, words)
    orders = {each.start: each.order for each in said}
    advice = tuple(_quoted(each, notes) for each in advice_among(said, text, words))
    used = frozenset(orders[each.source.start] for each in advice)
    return Card(insight_among(said, text, words, without=used), advice, actions)


def _quoted(advice: Advice, notes: str) -> Advice:
    """The piece with its source word for word, struck-out words included."""
    source = advice.source
    return replace(advice, source=replace(source, words=notes[source.start : source.end]))


def _actions(reader: Reader, notes: str, chat: Sequence[Said]) -> list[Action]:
    words = reader.cast.words
    _date_by_events(reader)
    actions = []
    for draft in reader.standing():
        calendar = reader.calendars[draft.place]
        dates = calendar.between(draft.start, draft.end)
        until = max(draft.verb, draft.until)
        text = phrase(calendar.text, draft.verb, until, words, dates=dates, due=draft.due, deed=draft.deed)
        written = notes if draft.place is None else chat[draft.place].text
        source = Source(draft.place, draft.start, draft.end, written[draft.start : draft.end])
        actions.append(Action(draft.owner, text, draft.due, source))
    return actions


def _date_by_events(reader: Reader) -> None:
    """Give the drafts that wait for an event its day, when the notes date it outside of all actions or in one."""
    words, drafts = reader.cast.words, reader.drafts
    known: dict[str, date] = {}
    for place, calendar in reader.calendars.items():
        known = events(calendar, [(each.start, each.end) for each in drafts if each.place == place]) | known
    in_deeds = {
        stem: each.due
        for each in drafts
        if each.due
        for stem in (each.stems | {"meet"} if each.owner == "both" else each.stems - {"call", "talk", "meet"})
    }
    for draft in drafts:
        text = reader.calendars[draft.place].text
        draft.due = draft.due or by_event(draft, text, known, words) or by_event(draft, text, in_deeds, words)
