"""What the mails about reports say. Nothing in them shows what was reported, by whom, or in which session."""

from __future__ import annotations

from quarterhour.notifications import addresses
from quarterhour.notifications.letters import Action, Letter, Line
from quarterhour.notifications.words import date_words, one_line, zone_of
from quarterhour.people.models import Person
from quarterhour.trust.report_models import Outcome, Report, ReportAnswer
from quarterhour.trust.report_rules import appeal_until, looked_at_by

SIGN_IN = "The link asks you to sign in if you are not."
CAME = {
    Outcome.NOTHING: "We found that no rule was broken. You were right to tell us what troubled you.",
    Outcome.STANDS: "Our decision was looked at once more, and it stands.",
    Outcome.UNDONE: "Our decision was looked at once more, and we took it back: we now find that no rule was broken."
    " It was right of you to tell us, and nothing of it is held against you.",
}
ACTED = "We acted on it. How stays between us and them. Thank you for telling us."


def waiting(made: Report, reader: Person, *, again: bool, late: bool) -> Letter:
    """For whoever judges. again: an appeal. late: it should have been looked at by now."""
    since = made.appeal.said_at if again else made.made_at
    until = date_words(looked_at_by(since), zone_of(reader.zone), now=since)
    what = "An appeal" if again else "A report"
    happened = "Somebody answered what was decided on a report" if again else "Somebody reported somebody"
    headline = f"{what} is late." if late else f"{what} waits for you."
    by = f"It was to be looked at by {until}." if late else f"Answer it by {until}."
    besides = "This is said once." if late else "What there was to see is kept with it."
    return Letter(
        subject=headline.rstrip("."),
        preview=f"{happened} at {one_line(made.org.name)}. {by}",
        day=one_line(made.org.name),
        headline=headline,
        where=f"{by} {besides}",
        actions=(Action("Read it", addresses.report(made.pk), primary=True),),
        foot=(SIGN_IN, "You get this because you judge reports here."),
    )


def answered(made: ReportAnswer) -> Letter:
    """For whoever reported."""
    came = CAME.get(Outcome(made.outcome), ACTED)
    return Letter(
        subject="What you reported was looked into",
        preview=came,
        day=one_line(made.org.name),
        headline="What you reported was looked into.",
        where=came,
        actions=(Action("My sessions", addresses.sessions()),),
        foot=(SIGN_IN, "You get this because you reported something."),
    )


def word(made: ReportAnswer, reader: Person, *, appeal: str) -> Letter:
    """For the one it is about. appeal: where they say how it was."""
    headline = "Your account is closed." if made.outcome == Outcome.SUSPENDED else "A word in private."
    until = date_words(appeal_until(made), zone_of(reader.zone), now=made.at)
    return Letter(
        subject=headline.rstrip("."),
        preview=made.words.partition("\n")[0],
        day=one_line(made.org.name),
        headline=headline,
        where=made.words,
        actions=(Action("Say how it was", appeal),),
        below=(Line("You may answer once. Somebody else than who decided reads it, where there is somebody else."),),
        foot=(
            f"The link works once and only for you, without signing in, until {until}.",
            "Somebody read what there was, and decided this. Nobody but who judges reads these words.",
        ),
    )


def appeal_answered(made: ReportAnswer, *, is_open: bool) -> Letter:
    """For whoever appealed. is_open: their account was closed for it, and is open again."""
    stands = made.outcome == Outcome.STANDS
    headline = "It stands." if stands else "It is taken back."
    open_again = Line("Nothing of it is held against you." + (" Your account is open again." if is_open else ""))
    return Letter(
        subject="What you answered was looked into",
        preview=headline,
        day=one_line(made.org.name),
        headline=headline,
        where=made.words,
        below=() if stands else (open_again,),
        foot=("This is the last word on it. Nobody but who judges reads these words.",),
    )
