"""What the mails about requests say: a nudge, other times, somebody better, thanks, and that nobody answered."""

from __future__ import annotations

from dataclasses import replace

from quarterhour.notifications import addresses, letters
from quarterhour.notifications.letters import LONGEST_ASIDE, LONGEST_QUOTE, Action, Letter, Line, Scene
from quarterhour.notifications.words import clock_span, clock_time, date_words, one_line, place, shorten
from quarterhour.sessions.models import Ask

KIND_WORDS = "That says nothing about your question."


def ask_of(scene: Scene) -> Ask:
    """What came of this request so far."""
    rows = Ask.objects.within(scene.session.org_id).filter(session=scene.session).select_related("passed_to")
    return rows.first() or Ask(session=scene.session)


def nudge(scene: Scene) -> Letter:
    """The request once more, with what is left of the time."""
    left = scene.until(scene.session.answer_by or scene.session.starts_at)
    once_more = letters.asked(scene)
    return replace(
        once_more,
        subject=scene.subject(f"{scene.first} still waits for your word, {scene.at}"),
        preview=f"Yes, no or another time: one press, until {left}.",
        below=(Line(f"We remind you this once. It is open until {left}, then it closes."), *once_more.below),
    )


def offered(scene: Scene) -> Letter:
    """Other times, in the reader's own words for days and hours; one press takes one."""
    ask, session = ask_of(scene), scene.session
    until = scene.until(session.answer_by or session.starts_at)
    times = [
        f"{date_words(start, scene.zone, now=scene.now)}, "
        f"{clock_span(start, start + (session.ends_at - session.starts_at), scene.zone)}"
        for start in ask.offered
    ]
    more = " or ".join(clock_time(start, scene.zone) for start in ask.offered)
    return Letter(
        subject=scene.subject(f"{scene.first} offers {'another time' if len(times) == 1 else 'other times'}"),
        preview=f"{more}. One press takes it, until {until}.",
        day=f"You asked {scene.name}",
        headline=f"{scene.first} offers {'another time' if len(times) == 1 else f'{len(times)} other times'}.",
        where=_said(scene, ask),
        quote=shorten(scene.question, LONGEST_QUOTE),
        actions=(
            Action("Choose a time", scene.links["choose"], primary=True),
            Action("See who else has your question", addresses.asked(session.need)),
        ),
        below=(
            Line(f"{'It is' if len(times) == 1 else 'They are'} kept for you until {until}. One closes the rest."),
            Line("None of them suits? Do nothing: whoever else has your question can still say yes."),
        ),
        more_title=f"{place(scene.zone)} time",
        more=tuple(times),
        foot=(f"The first link works once and only for you, until {until}.", scene.why),
    )


def passed(scene: Scene) -> Letter:
    """Somebody better, named by the one who was asked; they have not seen the question."""
    ask, session = ask_of(scene), scene.session
    better = ask.passed_to
    name, first = (one_line(better.called), one_line(better.first_name)) if better else ("somebody else", "them")
    return Letter(
        subject=scene.subject(f"{scene.first} thinks {first} can help you better"),
        preview=f"{first} has not seen your question. One press asks them.",
        day=f"You asked {scene.name}",
        headline=f"{scene.first} thinks {name} can help you better.",
        where=_said(scene, ask),
        quote=shorten(scene.question, LONGEST_QUOTE),
        actions=(
            Action(f"Ask {first}", scene.links["ask-instead"], primary=True),
            Action("Find somebody yourself", addresses.people_for(session.need)),
        ),
        below=(Line(f"{first} sees your question only if you ask. The time with {scene.first} is yours again."),),
        foot=("The first link works once and only for you, for seven days.", scene.why),
    )


def thanked(scene: Scene) -> Letter:
    """Somebody else said yes first; the time is free again."""
    return Letter(
        subject=scene.subject(f"Thank you: {scene.first} is helped, {scene.at} is yours again"),
        preview="Somebody else said yes first. There is nothing left to do.",
        day=scene.day,
        headline="Somebody else said yes first. Thank you.",
        where=f"{scene.span} is yours again. {scene.name} asked more than one person, and the first yes wins.",
        quote=shorten(scene.question, LONGEST_QUOTE),
        below=(Line("There is nothing left to do. Being there to be asked is what made it quick."),),
        foot=("Earlier links for this request no longer work.", scene.why),
    )


def unanswered(scene: Scene) -> Letter:
    """To the mentor who let it run out; and that nobody finds them for now, if it was the second in a row."""
    ask = ask_of(scene)
    on = f"{clock_time(scene.start, scene.zone)}, {date_words(scene.start, scene.zone, now=scene.now)}"
    if ask.offered:
        head = f"{scene.first} took none of your times."
        below: tuple[Line, ...] = (Line("All of them are yours again. It says nothing about you."),)
    elif ask.paused:
        head = "We paused you, so that nobody waits in vain."
        below = (
            Line("Two people in a row asked you, and heard nothing. Nobody finds you until you are back."),
            Line("What is booked stays booked. Coming back is one press, today or in a month."),
        )
    else:
        head = f"{scene.first} waited, and heard nothing."
        below = (
            Line(f"{scene.first} was told, and finds others. The time is yours again."),
            Line(
                "A no takes one press and helps, too. After two silences in a row nobody finds you until you are back."
            ),
        )
    back = (Action("I am back", scene.links["back"], primary=True),) if ask.paused else ()
    foot = "The link works once and only for you, for sixty days." if ask.paused else "There is nothing to press."
    return Letter(
        subject=scene.subject(head.rstrip(".")),
        preview=below[0].before,
        day=f"{scene.name} asked for {on}",
        headline=head,
        where="Everybody has weeks like this." if ask.paused else "The request is closed.",
        quote=shorten(scene.question, LONGEST_QUOTE),
        actions=back,
        below=below,
        foot=(foot, scene.why),
    )


def _said(scene: Scene, ask: Ask) -> str:
    return f"{scene.first} writes: “{shorten(one_line(ask.words), LONGEST_ASIDE)}”" if ask.words else KIND_WORDS
