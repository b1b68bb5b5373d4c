"""What the words after a name do: promise, tell, doubt, deny."""

import re
from dataclasses import dataclass
from typing import Literal

from quarterhour.engines.takeaway.subject import Cast
from quarterhour.engines.takeaway.words import Lexicon
from quarterhour.engines.takeaway.words.en import order

Kind = Literal["promise", "deed", "task", "perhaps", "thing", "fact", "past", "modal", "never", "nothing"]

WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|=|\d+")
NOTHING = frozenset(["nobody", "nothing", "pas", "nicht", "nadie", "nada", "nulla"])
THIRD_PERSON = re.compile(r"\w{2,}[^\Wsui]s")
BREAK = re.compile(r"[(;.:!?\"“]")
LOOK_AHEAD = 160
DO = ("do", "does", "did")
DEED_SAID = re.compile(
    r"says? (?:bye|goodbye|farewell|hello|hi|thanks|thank you|sorry|yes|no) (?:to|for)\b"
    r"|ha(?:s|ve) (?:a|another|one) (?:word|chat|look|go|talk|call|coffee|conversation|meeting) (?:with|at|about)\b"
    r"|is (?:meeting|calling|sending|writing|asking|booking|seeing|mailing) "
)
BEHIND_A_DAY = re.compile(r"[ ,:–—-]{0,3}")
NOUNS_IN_S = frozenset(
    [
        "this",
        "his",
        "its",
        "yes",
        "thus",
        "plus",
        "minus",
        "news",
        "always",
        "perhaps",
        "weeks",
        "days",
        "hours",
        "months",
        "years",
        "us",
    ]
)


@dataclass(frozen=True, slots=True)
class Stance:
    """kind: "promise" ("to send", "will send"), "deed" ("sends"), "task" ("send"), "perhaps" (an unknown
    word in -s), "thing" (a noun), or one of those that are no commitment. verb: where the verb begins.
    """

    kind: Kind
    verb: int


def stance(text: str, at: int, end: int, cast: Cast, *, labelled: bool = False) -> Stance:
    """The stance of the words from `at` on. labelled: they follow a colon, so "do" is a task."""
    words = cast.words
    stop = min(end, at + LOOK_AHEAD)
    folded = cast.folded[at:stop]
    place = 0
    while match := WORD.search(folded, place):
        if BREAK.search(folded, place, match.start()):
            break
        word = match.group()
        if (day := cast.days.end_of(at + match.start())) and (behind := BEHIND_A_DAY.match(folded, day - at)):
            place = behind.end()
            continue
        if promise := words.promise.match(folded, match.start()):
            return _promised(folded, promise.end(), at, words)
        if promise := words.promise.match(folded, max(place, match.start() - 1)):
            return _promised(folded, promise.end(), at, words)
        if word in words.passing and word not in words.facts:
            place = match.end()
            continue
        kind = _kind(word, folded, match, words)
        if labelled and kind == "fact" and word in words.orders:
            kind = "task"
        return Stance(kind, at + match.start())
    return Stance("nothing", at)


def _promised(folded: str, place: int, at: int, words: Lexicon) -> Stance:
    """A promise, unless it is to do nothing ("will NOT write")."""
    while match := WORD.search(folded, place):
        if match.group() in words.never:
            return Stance("never", at + match.start())
        if match.group() not in words.passing:
            break
        place = match.end()
    return Stance("promise" if match else "nothing", at + (match.start() if match else place))


def _kind(word: str, folded: str, match: re.Match[str], words: Lexicon) -> Kind:
    following = WORD.search(folded, match.end())
    behind = following.group() if following else ""
    if DEED_SAID.match(folded, match.start()):
        return "deed"
    denied = word in words.never or word.endswith("n't") or (word in DO and behind in words.never)
    if denied or behind in NOTHING:
        return "never"
    kinds: tuple[tuple[Kind, bool], ...] = (
        ("modal", word in words.modals),
        ("past", word in words.past or words.past_endings.fullmatch(word) is not None),
        ("fact", word in words.facts),
        ("deed", word in words.deeds),
        ("task", word in words.orders),
    )
    return next((kind for kind, fits in kinds if fits), _unknown(word, words))


def _unknown(word: str, words: Lexicon) -> Kind:
    if words.code != "en":
        return "perhaps" if word.isalpha() else "thing"
    if THIRD_PERSON.fullmatch(word) and word not in NOUNS_IN_S:
        return "fact" if order(word) in words.facts else "perhaps"
    return "thing"
