"""Why a clause that looks like a commitment may be none."""

import re

from quarterhour.engines.takeaway.subject import Cast

QUESTION = re.compile(r"\?[\"”»')\]\s]*$")
ASKS = re.compile(r"\W{0,3}(?:asks?|finds? out|checks?|clarif(?:y|ies)|writes?|emails?|texts?)\b.*:")
UNSURE_DAY = re.compile(r"\([^()?]{1,30}\?\)\W*$")
AROUND_VERB, LAST_WORDS = 16, 12
TICK = re.compile(r"[✓✔✅☑]|\((?:done|erledigt|fait|hecho|feito|fatto)\b")
ENDS_DONE = re.compile(
    r"(?:^|[(→>–—,:-]\s?)(?:already |all )?(?:done|sent|sorted|erledigt|fait|hecho|feito|fatto|finished|booked|"
    r"cancelled|canceled)"
    r"(?: (?:now|today|live|yesterday|already|in the call|during the call|just now|ok))?(?=$|[.,;!)✓]|\s-)"
)


def in_doubt(text: str, start: int, end: int, cast: Cast, *, verb: int | None = None) -> bool:
    """A question, a condition, a maybe, an offer, or a thing already done.

    verb: where the clause's verb begins; a "se" or "si" right there belongs to the verb.
    """
    folded = cast.folded[start:end]
    about_asking = ASKS.match(text, verb) if verb else None
    asks = QUESTION.search(folded) and not UNSURE_DAY.search(folded) and not about_asking
    if asks or TICK.search(folded) or ENDS_DONE.search(folded):
        return True
    around_verb = folded[: (verb - start + AROUND_VERB) if verb else None]
    if (
        cast.words.maybe.search(around_verb)
        or cast.words.maybe.search(folded[-LAST_WORDS:])
        or cast.words.offer.search(folded)
    ):
        return True
    return conditional(text, start, end, cast, verb=verb)


def conditional(text: str, start: int, end: int, cast: Cast, *, verb: int | None = None) -> bool:
    """Whether it depends on something that may not happen ("if HR says no, we ...")."""
    folded = cast.folded[start:end]
    asked = {match.end() for match in cast.words.asking.finditer(folded)}
    for match in cast.words.condition.finditer(folded):
        accented = text[start + match.start() : start + match.end()].lower() != match.group()
        reflexive = verb is not None and start + match.start() <= verb + 3 and cast.words.code in ("pt", "it")
        if not (accented or reflexive or match.end() in asked):
            return True
    return False
