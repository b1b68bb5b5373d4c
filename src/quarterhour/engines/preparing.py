"""Before a mentor is there: what a question could still say, and three questions worth asking them.

Rules and nothing else: a mentor is asked for what only they know, never for a verdict. The kind of help decides what
that is, and what the question says already is not asked for again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from quarterhour.engines.understand import brief_quality, language_of, wish
from quarterhour.engines.understand.quality import HINTS, QUARTERS

THREE = 3
NOTHING_TELLS = 0.3  # how sure a reading is of a kind that is as likely as another


@dataclass(frozen=True, slots=True)
class Worth:
    """A question to ask a mentor, and why it is worth their quarter of an hour."""

    ask: str
    why: str


KINDS: dict[str, tuple[Worth, ...]] = {
    "decide": (
        Worth("What would have to be true for you to choose the other way?", "Asks for the condition, not a verdict."),
        Worth("What did it cost you that you did not see before?", "Only somebody who has done it knows."),
        Worth("What should I find out before I decide, and from whom?", "Gives you a next step, whatever they think."),
    ),
    "unblock": (
        Worth("When you were stuck like this, what did you try that did not work?", "Saves you the same way round."),
        Worth("From what I told you, where would you look first?", "They see what you stopped seeing."),
        Worth("How would I notice within a week that it works?", "Tells you when to stop, and when to ask again."),
    ),
    "review": (
        Worth("Which one thing would you change first, and why?", "One thing is more than you do after ten."),
        Worth("What does somebody misunderstand who sees this for the first time?", "You cannot see that yourself."),
        Worth("What is good enough, so that I leave it alone?", "Keeps what works."),
    ),
    "practise": (
        Worth("Can you answer me as the hardest person would?", "Practice that is too kind teaches nothing."),
        Worth("At which sentence did you stop believing me?", "Shows the one place to work on."),
        Worth("How would you say it, in your own words?", "A second way to say it, to take along."),
    ),
    "explore": (
        Worth("What does an ordinary Tuesday look like?", "The ordinary is what nobody writes down."),
        Worth("Who leaves again, and why?", "Says more than who stays."),
        Worth("What is the smallest way to try it?", "You learn more in a day of it than from an hour of talk."),
    ),
    "connect": (
        Worth("Whom should I talk to next, and what should I ask them?", "One name with a question opens a door."),
        Worth("What makes somebody like that say yes to a message?", "They have written such messages, or get them."),
        Worth("What could I offer in return?", "Whoever brings something is remembered."),
    ),
}
BY_WHEN = Worth("What can I still do before {day}, and what can wait?", "You have a day to keep to.")
TRIED = Worth("Why did what I tried not work, do you think?", "They start where you are.")


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a question could still say, in sentences; and three questions to ask a mentor."""

    missing: tuple[str, ...]
    questions: tuple[Worth, ...]


def prepared(
    text: str,
    *,
    kind: str,
    guessed: bool = False,
    tried: str = "",
    good_outcome: str = "",
    decide_by: date | None = None,
) -> Prepared:
    """What to think about meanwhile. Never empty of questions, whatever the kind.

    kind: a key of KINDS; another one is read as "unblock". guessed: nobody chose it, so questions about the other way
    are for words that lay out a choice. What was tried, or a day to keep to, changes the last of the three.

    >>> prepared("Should I take the lead role?", kind="decide").questions[0].ask
    'What would have to be true for you to choose the other way?'
    """
    brief = brief_quality(text, tried, good_outcome, decide_by)
    if guessed and kind == "decide" and not _lays_out_a_choice(text):
        kind = "unblock"
    questions = list(KINDS.get(kind, KINDS["unblock"]))
    if decide_by is not None:
        day = f"{decide_by.day} {decide_by:%B}"
        questions[-1] = Worth(BY_WHEN.ask.format(day=day), BY_WHEN.why)
    elif brief.quarters["tried"] == "there" and kind not in {"practise", "connect"}:
        questions[-1] = TRIED
    missing = tuple(HINTS[quarter] for quarter in QUARTERS if brief.quarters[quarter] != "there")
    return Prepared(missing, tuple(questions[:THREE]))


def _lays_out_a_choice(text: str) -> bool:
    """Whether anything in the words says so: where nothing tells, being stuck and deciding are as likely."""
    read = wish(text, language=language_of(text))
    return read.kind == "decide" and read.confidence > NOTHING_TELLS
