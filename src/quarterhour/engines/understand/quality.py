"""The brief meter: which quarters of a good question are there, and which one would help most next.

A good question says where one stands, what one has tried, what advice one wants, and by when. The meter
only ever suggests; a question of one line may be sent as it is.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from quarterhour.engines.understand.sentences import Sentence, ends, sentences
from quarterhour.engines.words import fold, tokens

__all__ = ["QUARTERS", "Brief", "brief_quality", "outcome_in", "tried_in"]

Quarter = Literal["situation", "tried", "advice_wanted", "by_when"]
State = Literal["there", "next", "empty"]
QUARTERS: tuple[Quarter, ...] = ("situation", "tried", "advice_wanted", "by_when")
# What helps most is asked for first: without a question nobody knows what to answer.
MOST_USEFUL: tuple[Quarter, ...] = ("situation", "advice_wanted", "tried", "by_when")
ENOUGH_WORDS = 8

HINTS: dict[Quarter, str] = {
    "situation": "Say in a sentence or two where you stand, and people see what is different about it.",
    "tried": "Say what you have tried, and mentors start where you are.",
    "advice_wanted": "End with the one thing you want to know, and people can prepare for it.",
    "by_when": "Say by when you have to move, and we look for time before that.",
}
EMPTY = "Start with what happened. One sentence is enough to begin."
COMPLETE = "All four quarters are there. Anybody can start from this."

_TRIED = re.compile(
    r"\b(?:(?:i|we)(?:'ve| have)? (?:already )?(?:tried|asked|sent|wrote|written|paid|called|bought|read"
    r"|talked|spoke"
    r"|spoken|applied|hired|raised|changed|turned off|switched|measured|offered|done|went|did)\b"
    r"|so far|tried|attempted|without success|didn't help|did not help|no luck"
    r"|habe (?:ich )?(?:schon |bereits )?\w*(?:versucht|probiert|gefragt|gebeten|geschrieben|gesprochen)"
    r"|versucht|probiert"
    r"|j'ai (?:deja )?(?:essaye|tente|demande|envoye|ecrit|parle)|essaye|sans succes|candidatures"
    r"|(?:he|hemos) (?:ya )?(?:intentado|probado|pedido|hablado|enviado|escrito)|intente|probe|sin exito"
    r"|(?:ja )?(?:tentei|pedi|enviei|falei|escrevi|perdi)|sem sucesso"
    r"|(?:ho|abbiamo) (?:gia )?(?:provato|chiesto|scritto|parlato|mandato)|senza successo|solleciti"
    r"|probowal\w*|pytal\w*|wyslal\w*)"
)
_WANTED = re.compile(
    r"\b(?:help me|tell me|show me|i(?:'d| would) (?:like|love) (?:to|somebody|someone|three)"
    r"|i need (?:someone|somebody|to"
    r"|a|three|two)|i want (?:to|somebody|someone|something)|looking for|can (?:someone|somebody|we|you|i)"
    r"|could (?:someone"
    r"|somebody|we|you|i)|please|rehearse|practi[sc]e|review|how do|how to|what (?:do|should|can|would)"
    r"|who (?:do|should|can"
    r"|has)|should i|which|whether|would love"
    r"|ich (?:suche|mochte|brauche|will)|helft|bitte|wie (?:kann|soll|sage|mache)|was (?:tue|soll|kann)"
    r"|je (?:cherche|voudrais|veux)|aidez|comment|que (?:faire|dire)"
    r"|busco|necesito|quiero|ayuda|como|que hago|preciso|quero|queria|cerco|vorrei|aiut\w+|cosa|szukam"
    r"|potrzebuj\w+)\b"
)
_WHEN = re.compile(
    r"\b(?:today|tonight|tomorrow|this (?:week|morning|month|afternoon)|next (?:week|month|quarter|monday"
    r"|friday)|deadline"
    r"|by (?:the end|end of)|asap|urgent\w*|no (?:hurry|rush)|monday|tuesday|wednesday|thursday|friday"
    r"|saturday|sunday"
    r"|until|before|days left|weeks?\b|in (?:january|february|march|april|may|june|july|august|september"
    r"|october|november"
    r"|december)|heute|morgen|woche|bis|frist|aujourd'hui|demain|semaine|avant|ce soir|hoy|manana|semana"
    r"|antes|hoje"
    r"|amanha|oggi|domani|entro|settimana|dzis|jutro|tydzie\w+)\b"
)
_OUTCOME = re.compile(
    r"\b(?:a good outcome|i(?:'d| would) be happy if|so that i can|i want to (?:be able|leave|come out|know"
    r"|have)|the goal is"
    r"|my goal|ideally|at the end i|i leave with|(?:a|the) (?:plan|list|page|answer|sentence) (?:that )?i can"
    r"|am ende (?:mochte|will)|mein ziel|mon but|l'ideal|mi objetivo|o ideal|il mio obiettivo)\b"
)


@dataclass(frozen=True, slots=True)
class Brief:
    """The four quarters in clockwise order, and one sentence for the next one."""

    quarters: dict[Quarter, State]
    hint: str

    @property
    def count(self) -> int:
        """How many quarters are there, 0 to 4."""
        return sum(state == "there" for state in self.quarters.values())


def brief_quality(
    text: str, tried: str | None = None, good_outcome: str | None = None, decide_by: date | None = None
) -> Brief:
    """What a question already tells a mentor, and the most useful thing it could still tell.

    tried, good_outcome, decide_by: what stands in the fields beside the box; None or "" if empty.
    At most one quarter is "next". Works for any text; no length is ever demanded.

    >>> brief_quality("I run a bakery and flour went up a third. Should I raise prices this week?").hint
    'Say what you have tried, and mentors start where you are.'
    """
    said = sentences(ends(text))
    folded = fold(ends(text)).replace("’", "'")
    told = sum(_size(one) for one in said if not one.asks)
    asked = any(one.asks for one in said)
    there: dict[Quarter, bool] = {
        "situation": told >= ENOUGH_WORDS or sum(_size(one) for one in said) >= 2 * ENOUGH_WORDS,
        "tried": bool((tried or "").strip()) or bool(_TRIED.search(folded)),
        "advice_wanted": asked or bool((good_outcome or "").strip()) or bool(_WANTED.search(folded)),
        "by_when": decide_by is not None or bool(_WHEN.search(folded)),
    }
    following = next((quarter for quarter in MOST_USEFUL if not there[quarter]), None)
    quarters: dict[Quarter, State] = {
        quarter: "there" if there[quarter] else "next" if quarter == following else "empty" for quarter in QUARTERS
    }
    if not said:
        return Brief(quarters, EMPTY)
    return Brief(quarters, HINTS[following] if following else COMPLETE)


def tried_in(text: str) -> str:
    """The sentence of `text` that tells what was tried, or ""."""
    return _first(text, _TRIED)


def outcome_in(text: str) -> str:
    """The sentence of `text` that tells what a good outcome would be, or ""."""
    return _first(text, _OUTCOME)


def _first(text: str, cue: re.Pattern[str]) -> str:
    said = (one for one in sentences(ends(text)) if not one.asks)
    return next((one.text for one in said if cue.search(fold(one.text).replace("’", "'"))), "")


def _size(one: Sentence) -> int:
    return len(tokens(one.text))
