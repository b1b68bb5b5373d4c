"""Advice and insight: the sentences of the notes that tell what to do, and why."""

import re
from dataclasses import replace

from quarterhour.engines.dates import fold
from quarterhour.engines.takeaway.doubt import QUESTION
from quarterhour.engines.takeaway.model import Advice, Source
from quarterhour.engines.takeaway.sayings import Saying
from quarterhour.engines.takeaway.words import Lexicon

AT_MOST, ENOUGH = 3, 2
WORTH_A_LINE = 0.75
SHORTEST, LONGEST = 3, 30
EDGES = ' \t\u00a0,;:.!–—->|&+/"“”«»*_'
WORD = re.compile(r"[^\W\d_]+|\d+")
WHEN = r"(?:only )?(?:if|when|unless|as long as|wenn|falls|sobald|si|quand|lorsque|cuando|se|quando)"
FIRST_WHEN = re.compile(
    rf"{WHEN} (?P<when>[^,:;=]{{3,90}}?)(?:, (?:then )?|: | then | -> | – | = )(?P<what>\S.*)$",
    re.IGNORECASE | re.DOTALL,
)
LAST_WHEN = re.compile(rf"(?P<what>.{{3,160}}?),? \(?{WHEN} (?P<when>[^,;()]{{3,90}})\)?$", re.IGNORECASE | re.DOTALL)
REASON = re.compile(
    r" (?:=|>|<|means?|because|bc|since|so that|but|not|only|unless|instead of|rather than|more than|never|matters?|"
    r"weil|aber|nicht|sondern|nur|parce|mais|pas|porque|pero|sino|solo|mas|nao|perche|ma|non|vale|es gibt) "
)
SELF = re.compile(r"\b(?:himself|herself|his|her|hers|he|she|mine|my|i|me|yo|je|ich|eu|io)\b")
YOU = re.compile(r"\b(?:you|your|u|du|sie|vous|tu|usted|voce|lei)\b")
HALF = re.compile(r"\b(?:even|as|and|or|but|know|tell|ask|say|see|find out|just|und|oder|et|ou|y|o|e)$")
DANGLING = re.compile(r"\W*(?:they|them|he|she|it|that|this|these|those|sie|ils|elles|ellos|loro)\b")
FORBID = re.compile(r"\W*(?:never|don'?t|do not) (?P<verb>\w+)")
JOINED = re.compile(r"^(?:then|and|so|but|also|und|et|y|e|aber|mais|pero|mas|ma) ", re.IGNORECASE)
ASIDE = re.compile(r"\b(?:lol|haha?|tbd|\?\?)\b")
LABEL = re.compile(
    r"(?:(?P<advice>(?:(?:[^\W\d_]{1,40}['’]s|my|your|her|his) )?advice)"
    r"|(?P<insight>insight|what (?:has )?changed(?: for (?:me|us|her|him))?|what i see differently(?: now)?))"
    r"[ ]?:[ ]{0,4}(?=\S)",
    re.IGNORECASE,
)
# "It applies when the contract has no penalty clause": the condition of the advice before it.
APPLIES = re.compile(
    r"(?:it|this|that)(?: only)? (?:applies|holds|works) (?P<when>(?:only )?(?:if|when|as long as) .{3,90})",
    re.IGNORECASE,
)
# "I see now that it is a trial": somebody says what changed for them.
CHANGED = re.compile(
    r"\W*(?:(?:so )?(?:i|we) (?:now (?:see|understand|know)|(?:see|understand|realise|realize|know) now|had not seen)\b"
    r"|what (?:i|we) (?:had not seen|take away)\b|now (?:i|we) (?:see|understand)\b)"
)
SAID_SO = 100.0  # a label decides
YEAR = re.compile(r"\b(?:19|20)\d\d\b")


def worth_a_look(said: list[Saying], text: str, words: Lexicon) -> list[Saying]:
    """The sentences that rest on no action and call nothing off."""
    return [each for each in said if not each.action and not words.cancel.search(fold(text[each.start : each.end]))]


def advice_among(said: list[Saying], text: str, words: Lexicon) -> tuple[Advice, ...]:
    """At most three pieces of advice, in the order of the notes."""
    rated = [(_advises(each, text, words), -each.order, each) for each in said]
    best = sorted((row for row in rated if row[0] >= ENOUGH), key=lambda row: row[:2], reverse=True)
    chosen = sorted((row[2] for row in best[:AT_MOST]), key=lambda each: each.order)
    behind = {each.order - 1: each for each in said}
    return tuple(_with_condition(_advice(each, text), behind.get(each.order), text) for each in chosen)


def _with_condition(advice: Advice, after: Saying | None, text: str) -> Advice:
    """The advice, with what the next sentence says of when it applies."""
    if advice.applies_when or after is None:
        return advice
    match = APPLIES.fullmatch(text[after.start : after.end].strip(EDGES))
    when = match and re.sub(WHEN, "", match["when"], count=1, flags=re.IGNORECASE).strip(EDGES)
    return replace(advice, applies_when=when) if when else advice


def insight_among(said: list[Saying], text: str, words: Lexicon, *, without: frozenset[int]) -> str:
    """The one sentence that says most about why, or "".

    without: the order of the sentences already used as advice.
    """
    rated = [(_explains(each, text, words), -each.order) for each in said if each.order not in without]
    if not rated or max(rated)[0] < WORTH_A_LINE:
        return ""
    order = -max(rated)[1]
    chosen = next(each for each in said if each.order == order)
    return _sentence(text[_behind_label(text, chosen) : chosen.end])


def _behind_label(text: str, each: Saying) -> int:
    """Where the words begin, without "Advice:" or "What changed for me:" before them."""
    label = LABEL.match(text, each.start, each.end)
    return label.end() if label else each.start


def _advises(each: Saying, text: str, words: Lexicon) -> float:
    if label := LABEL.match(text, each.start, each.end):
        return SAID_SO if label["advice"] else -1
    folded = fold(text[each.start : each.end])
    length = len(WORD.findall(folded))
    of_a_list = each.line.section and (each.line.section, each.speaker) != ("do", "mentor")  # who is named says it
    if length < SHORTEST or length > 2 * LONGEST or of_a_list or QUESTION.search(folded) or CHANGED.match(folded):
        return -1
    if APPLIES.fullmatch(text[each.start : each.end].strip(EDGES)):
        return -1
    if each.kind in ("past", "promise") or each.about or each.speaker == "mentee" or words.maybe.search(folded):
        return -1
    rating = 0.0
    rating += 2 * (each.speaker == "mentor")
    rating += 2 * ((each.kind == "task" or _forbids(folded, words)) and not each.dated)
    rating -= 2.0 * any(word in words.past for word in WORD.findall(folded)[:LONGEST])
    rating -= 1.5 * (each.kind == "fact" or " = " in folded or " > " in folded)
    rating += 1.5 * bool(words.should.match(folded.lstrip(EDGES)))
    rating += 0.75 * bool(words.should.search(folded))
    rating += 0.5 * bool(YOU.search(folded))
    rating -= 1.0 * bool(SELF.search(folded)) + 1.0 * bool(ASIDE.search(folded)) + 2.0 * bool(YEAR.search(folded))
    return rating - 0.5 * (length > LONGEST)


def _forbids(folded: str, words: Lexicon) -> bool:
    """Whether it says what not to do: "never write alone", "do not answer by mail"."""
    match = FORBID.match(folded)
    return match is not None and match["verb"] in words.orders


def _explains(each: Saying, text: str, words: Lexicon) -> float:
    if label := LABEL.match(text, each.start, each.end):
        return SAID_SO if label["insight"] else -1
    folded = " " + fold(text[each.start : each.end]) + " "
    length = len(WORD.findall(folded))
    if (
        text[each.start : each.end].startswith("(")
        or length < SHORTEST + 1
        or each.line.section
        or QUESTION.search(folded)
    ):
        return -1
    rating = 0.5 * min(3, len(REASON.findall(folded))) + 0.5 * (each.kind in ("fact", "thing", "perhaps"))
    rating += 0.5 * (each.speaker == "mentor") + 0.25 * (each.order < ENOUGH + AT_MOST)
    rating -= 1.0 * (each.about is not None) + 1.0 * (each.kind in ("past", "promise")) + 0.5 * (each.kind == "task")
    rating -= 0.5 * bool(SELF.search(folded)) + 0.5 * (length > LONGEST) + 1.0 * bool(YEAR.search(folded))
    rating -= 1.0 * bool(words.condition.search(folded)) + 0.25 * bool(DANGLING.match(folded))
    rating += 3.0 * bool(CHANGED.match(folded.lstrip()))
    return rating - 1.0 * bool(words.maybe.search(folded)) - 0.5 * each.dated


def _advice(each: Saying, text: str) -> Advice:
    said = text[_behind_label(text, each) : each.end].strip(EDGES)
    source = Source(None, each.start, each.end, text[each.start : each.end])
    for pattern in (FIRST_WHEN, LAST_WHEN):
        if (match := pattern.match(said)) and len(said) < LONGEST * 10 and not HALF.search(fold(match["what"])):
            return Advice(_sentence(match["what"]), match["when"].strip(EDGES), source)
    return Advice(_sentence(said), None, source)


def _sentence(said: str) -> str:
    said = JOINED.sub("", " ".join(said.split()).strip(EDGES))
    if said.count("(") > said.count(")"):
        said += ")"
    return said[:1].upper() + said[1:]
