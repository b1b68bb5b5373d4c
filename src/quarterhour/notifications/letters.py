"""What each mail says, once, for both of its bodies: the page of HTML and its plain twin read the same.

Nothing here sends, stores or looks at a clock; the words come from a session as it stands.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.template import Context, Engine

from quarterhour.core.text import clean
from quarterhour.engines.agenda import time_boxes
from quarterhour.engines.understand import short_question
from quarterhour.matching.handing_over import Other
from quarterhour.notifications import addresses
from quarterhour.notifications.doors import way_in
from quarterhour.notifications.words import (
    clock_span,
    clock_time,
    date_words,
    day_words,
    elsewhere,
    one_line,
    place,
    shorten,
    until_words,
    when_words,
    whom,
    zone_of,
)
from quarterhour.people.models import Person, Profile
from quarterhour.sessions.models import MentoringSession, Status
from quarterhour.sessions.queries import offered

LONGEST_SUBJECT = 110  # characters; phones show about forty, so time and name come first
LONGEST_QUOTE = 1_200  # characters of a question in a mail; the whole of it stands on the page
LONGEST_ASIDE = 400
# Mail has no components and no request, so its templates know nothing of the pages' tags.
MAIL = Engine(dirs=[Path(__file__).parent / "templates"])


@dataclass(frozen=True)
class Action:
    """Something to press. The first of a letter is the obvious one."""

    words: str
    url: str
    primary: bool = False


@dataclass(frozen=True)
class Line:
    """A sentence that may have a link in its middle."""

    before: str
    link: Action | None = None
    after: str = ""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A mail as it is read, from the subject to the small print."""

    subject: str
    preview: str
    day: str
    headline: str
    where: str
    quote: str = ""
    actions: tuple[Action, ...] = ()
    below: tuple[Line, ...] = ()
    more_title: str = ""
    more: tuple[str, ...] = ()
    foot: tuple[str, ...] = ()

    @property
    def html(self) -> str:
        return _rendered("mail/letter.html", self)

    @property
    def text(self) -> str:
        lines = _rendered("mail/letter.txt", self).splitlines()
        return "\n".join(line.rstrip() for line in lines).strip() + "\n"


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A session as one of its two people sees it now. `links` are addresses by purpose."""

    session: MentoringSession
    reader: Person
    now: datetime
    links: Mapping[str, str] = field(default_factory=dict)

    @property
    def other(self) -> Person:
        return self.session.other(self.reader)

    @property
    def is_mentor(self) -> bool:
        return self.reader.pk == self.session.mentor_id

    @property
    def zone(self):
        return zone_of(self.reader.zone)

    @property
    def start(self) -> datetime:
        return self.session.starts_at

    @property
    def question(self) -> str:
        return clean(self.session.need.text) if self.session.need else ""

    @property
    def span(self) -> str:
        return clock_span(self.start, self.session.ends_at, self.zone)

    @property
    def day(self) -> str:
        return day_words(self.start, self.zone, now=self.now)

    @property
    def is_today(self) -> bool:
        return self.start.astimezone(self.zone).date() == self.now.astimezone(self.zone).date()

    @property
    def name(self) -> str:
        return one_line(self.other.called)

    @property
    def first(self) -> str:
        return one_line(self.other.first_name)

    @property
    def clocks(self) -> str:
        """Whose clock the headline shows, with whom, and what the other one's says."""
        there = zone_of(self.other.zone)
        theirs = elsewhere(self.start, self.zone, there, whom=self.called)
        return " ".join(part for part in (f"{place(self.zone)} time, with {self.name}.", theirs) if part)

    @cached_property
    def called(self) -> str:
        profile = Profile.objects.within(self.session.org_id).filter(person=self.other).only("pronouns").first()
        return whom(profile.pronouns if profile else "", self.first)

    @property
    def when(self) -> str:
        return when_words(self.start, self.zone, now=self.now)

    @property
    def near_day(self) -> str:
        """As in "Today", "Tomorrow", "Sat 28 Nov"."""
        near = self.day.partition(",")[0]
        return near if near in {"Today", "Tomorrow"} else self.when.rpartition(" ")[0]

    @property
    def at(self) -> str:
        """As in "today 10:15": the same within a sentence."""
        return f"t{self.when[1:]}" if self.is_today else self.when

    def subject(self, before: str) -> str:
        asked = one_line(short_question(self.question))
        return shorten(one_line(f"{before}: {asked}" if asked else before), LONGEST_SUBJECT)

    def until(self, moment: datetime) -> str:
        return until_words(moment, self.zone, now=self.now)

    @property
    def why(self) -> str:
        at = one_line(self.session.org.name)
        return f"You get this because you {'offer time' if self.is_mentor else 'booked a session'} at {at}."

    @property
    def once(self) -> str:
        return f"Links that change something work once and only for you, until {self.until(self.session.ends_at)}."


def invitation(scene: Scene) -> Letter:
    return booked(
        scene,
        subject=scene.subject(f"{scene.when} with {scene.first}"),
        opening=_taken_over(scene),
        preview="Move or release it without logging in.",
        attached="The invitation is attached for your calendar.",
    )


def _taken_over(scene: Scene) -> str:
    """Why somebody is invited to a time that was another mentor's."""
    if scene.session.instead_of is None:
        return ""
    before = one_line(scene.session.instead_of.mentor.called)
    if scene.is_mentor:
        return f"{before} cannot come, and you were free at that time: thank you for taking it over."
    return (
        f"{before} cannot come. {scene.first} takes the same time. Not who you want to talk to? Release it, never late."
    )


def moved(scene: Scene) -> Letter:
    who = "You" if scene.session.changed_by_id == scene.reader.pk else scene.first
    return booked(
        scene,
        subject=scene.subject(f"Moved to {scene.at} with {scene.first}"),
        opening=f"{who} moved it. This is the new time; the old one is free again.",
        preview=f"{who} moved it. Your calendar moves with it.",
        attached="The new time is attached for your calendar.",
    )


def booked(scene: Scene, *, subject: str, opening: str, preview: str, attached: str) -> Letter:
    minutes = scene.session.minutes
    room = addresses.room(scene.session)
    doors = clock_time(scene.start - timedelta(minutes=settings.POLICY["lobby_opens"]), scene.zone)
    where = _way_in(scene.session, f"Doors open at {doors}:")
    release = Line(_out(scene))
    context, dig, options, commit = (box.minutes for box in time_boxes(minutes))
    return Letter(
        subject=subject,
        preview=f"{minutes} minutes, {scene.span} in {place(scene.zone)}. {preview}",
        day=scene.day,
        headline=scene.span,
        where=scene.clocks,
        quote=shorten(scene.question, LONGEST_QUOTE),
        actions=(
            Action("Open the session", room, primary=True),
            Action("Move it", scene.links["move"]),
            Action("Release it", scene.links["release"]),
        ),
        below=(*([Line(opening)] if opening else []), where, release),
        more_title=f"To make the most of {minutes} minutes",
        more=(
            f"{context} min context, {dig} to dig, {options} for options, {commit} to commit.",
            *(_from_the_asker(scene) if scene.is_mentor else [f"{scene.first} has your question, word for word."]),
        ),
        foot=(f"{scene.once} {attached}", scene.why),
    )


def _way_in(session: MentoringSession, doors: str) -> Line:
    before, words, url, after = way_in(session, doors)
    return Line(before, Action(words, url), after)


def _out(scene: Scene) -> str:
    """What the link to release offers: to a mentor somebody else for the same time, too."""
    if scene.is_mentor:
        return "You cannot come? Release it, or let us find somebody else who fits for the same time: one press."
    return "If it does not suit any more, release it: the time is free for somebody else at once."


def reminder(scene: Scene, *, expected: Collection[UUID]) -> Letter:
    """Of the day before, and the last one: the time and the question once more, and what can still be done.

    expected: who of the two said that they will be there.
    """
    session = scene.session
    doors_at = scene.start - timedelta(minutes=settings.POLICY["lobby_opens"])
    open_now = doors_at <= scene.now
    told = "The doors are open:" if open_now else f"Doors open at {clock_time(doors_at, scene.zone)}:"
    doors = _way_in(session, told)
    there = [Line(f"{scene.first} said: I will be there.")] if scene.other.pk in expected else []
    mine = scene.reader.pk in expected
    coming = Action("I will be there, as said" if mine else "I will be there", scene.links["coming"], primary=True)
    return Letter(
        subject=scene.subject(f"{scene.near_day} {clock_time(scene.start, scene.zone)}"),
        preview=f"{session.minutes} minutes with {scene.first}, {scene.span} in {place(scene.zone)}.",
        day=scene.day,
        headline=scene.span,
        where=scene.clocks,
        quote=shorten(scene.question, LONGEST_QUOTE),
        actions=(coming, Action("Move it", scene.links["move"]), Action("Release it", scene.links["release"])),
        below=(
            *there,
            doors,
            Line(_out(scene)),
        ),
        foot=(scene.once, f"{scene.why} Reminders reach you as you choose: {addresses.wishes()}"),
    )


def cancelled(
    scene: Scene, *, in_calendar: bool, taken_by: Person | None = None, others: Sequence[Other] = ()
) -> Letter:
    """taken_by: who has the time now. others: times of other people, near this one."""
    mine = scene.session.changed_by_id == scene.reader.pk
    who = "You" if mine else scene.first
    said = f" {scene.first} writes: “{_aside(scene.session.note)}”" if scene.session.note and not mine else ""
    calendar = "Your calendar lets go of it by itself." if in_calendar else ""
    late = " It was less than 3 hours before, so it counts as late." if scene.session.released_late else ""
    saved = "The time is yours again." if scene.is_mentor else "Your question is saved as you wrote it."
    if taken_by is not None:
        saved = f"{one_line(taken_by.called)} takes the same time. That invitation comes in a mail of its own."
    return Letter(
        subject=scene.subject(f"Released: {scene.at} with {scene.first}"),
        preview=f"{who} released it. The time is yours again.",
        day=scene.day,
        headline=f"Released: {scene.span}",
        where=f"{place(scene.zone)} time, with {scene.name}. {who} released it.{late}{said}",
        quote=shorten(scene.question, LONGEST_QUOTE),
        actions=_on_from(scene, taken_by, others),
        below=(Line(saved),),
        more_title="Others who fit, near that time" if others else "",
        more=tuple(
            f"{one_line(one.mentor.called)}: {when_words(one.start, scene.zone, now=scene.now)}" for one in others
        ),
        foot=(f"Earlier links for this session no longer work. {calendar}".strip(), scene.why),
    )


def _on_from(scene: Scene, taken_by: Person | None, others: Sequence[Other]) -> tuple[Action, ...]:
    if scene.is_mentor or taken_by is not None:
        return ()
    if others:
        return (Action("Choose one of the others", addresses.session(scene.session), primary=True),)
    return (Action("Find another time or person", addresses.people_for(scene.session.need), primary=True),)


def asked(scene: Scene) -> Letter:
    session = scene.session
    answer_by = session.answer_by or session.starts_at
    return Letter(
        subject=scene.subject(f"{scene.first} asks for {scene.at}"),
        preview=f"{session.minutes} minutes. Say yes or no without logging in, until {scene.until(answer_by)}.",
        day=scene.day,
        headline=f"{scene.span}?",
        where=scene.clocks,
        quote=shorten(scene.question, LONGEST_QUOTE),
        actions=(
            Action(f"Yes, {clock_time(scene.start, scene.zone)}", scene.links["accept"], primary=True),
            Action("See the brief", scene.links["brief"]),
            Action("Not for me", scene.links["decline"]),
        ),
        below=(
            Line(
                f"The time is kept for {scene.first} until {scene.until(answer_by)}. A no is told kindly, and at once."
            ),
            Line("Rather at another time?", Action("Offer up to three", scene.links["other-time"]), "."),
            Line("Is somebody else better for it?", Action("Pass it on", scene.links["pass-on"]), "."),
        ),
        more_title="What else there is to know" if _from_the_asker(scene) else "",
        more=tuple(_from_the_asker(scene)),
        foot=(f"The links work once and only for you, until {scene.until(answer_by)}.", scene.why),
    )


def declined(scene: Scene) -> Letter:
    unanswered = scene.session.status == Status.EXPIRED
    what = f"{scene.first} did not answer in time" if unanswered else f"{scene.first} cannot this time"
    if unanswered and offered(scene.session):
        what = f"The times {scene.first} offered are over"
    on = f"{clock_time(scene.start, scene.zone)}, {date_words(scene.start, scene.zone, now=scene.now)}"
    return Letter(
        subject=scene.subject(what),
        preview="Your question is saved. Somebody else may be free sooner.",
        day=f"You asked {scene.name} for {on}",
        headline=f"{what}.",
        where="That says nothing about your question. The time is yours again.",
        quote=shorten(scene.question, LONGEST_QUOTE),
        actions=(Action("Find somebody else", addresses.people_for(scene.session.need), primary=True),),
        below=(Line("Your question is saved as you wrote it."),),
        foot=("The link asks you to sign in if you are not, and has no end.", scene.why),
    )


def card(scene: Scene) -> Letter:
    on = date_words(scene.start, scene.zone, now=scene.now)
    return Letter(
        subject=scene.subject(f"What do you take with you from {scene.first}?"),
        preview="One minute now is worth an hour in a month.",
        day=f"{on}, {scene.span} with {scene.name}",
        headline="What do you take with you?",
        where=f"Whatever you noted in the room is on the card already, and {scene.first} gets the same one.",
        quote=shorten(scene.question, LONGEST_QUOTE),
        actions=(Action("Open the card", addresses.card(scene.session), primary=True),),
        below=(Line("An insight, the advice with when it applies, and up to three actions with dates."),),
        foot=("The link asks you to sign in if you are not, and has no end.", scene.why),
    )


def freed(scene: Scene) -> Letter:
    """A time came free, and it is kept for this reader for a while."""
    until = clock_time(scene.session.held_until, scene.zone)
    return Letter(
        subject=scene.subject(f"{scene.when} came free with {scene.first}"),
        preview=f"{scene.session.minutes} minutes, yours until {until}. Take it without logging in.",
        day=scene.day,
        headline=f"{scene.span}?",
        where=scene.clocks,
        quote=shorten(scene.question, LONGEST_QUOTE),
        actions=(
            Action(f"Take {clock_time(scene.start, scene.zone)}", scene.links["take"], primary=True),
            Action("Not this one", scene.links["next"]),
        ),
        below=(Line(f"It is yours until {until}. Then it goes to the next who waits, and you keep your place."),),
        foot=(
            f"The links work once and only for you, until {until}.",
            f"You get this because you wait for a time at {one_line(scene.session.org.name)}.",
        ),
    )


def sign_in(*, url: str, now: datetime, until: datetime, zone: str, code: str = "") -> Letter:
    here = zone_of(zone)
    end = f"{until_words(until, here, now=now)} {place(here)} time"
    minutes = round((until - now).total_seconds() / 60)
    return Letter(
        subject="Your way in to Quarterhour",
        preview=f"The link works once, until {end}.",
        day=f"It works once, for {minutes} minutes",
        headline="Come in",
        where="No password to invent, none to forget.",
        actions=(Action("Sign in", url, primary=True),),
        below=(Line(f"Or type these six figures where you asked: {code}"),) if code else (),
        foot=(
            f"The link works once, on any device, until {end}. A newer one replaces it.",
            "You get this because somebody typed your address at our door. If it was not you, do nothing.",
        ),
    )


def _rendered(name: str, letter: Letter) -> str:
    return MAIL.get_template(name).render(Context({"letter": letter}))


def _from_the_asker(scene: Scene) -> list[str]:
    need = scene.session.need
    if need is None:
        return []
    rows = [("Tried", need.tried), ("Good outcome", need.good_outcome)]
    told = [f"{term}: {_aside(text)}" for term, text in rows if text]
    if need.decide_by:
        told.append(f"Decides by {need.decide_by:%A} {need.decide_by.day} {need.decide_by:%B}.")
    return told


def _aside(text: str) -> str:
    return shorten(one_line(text), LONGEST_ASIDE)
