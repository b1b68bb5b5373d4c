"""How long, how soon, and by which day: what a question says about time."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Literal, NamedTuple, get_args

from quarterhour.engines.dates import Found, resolve
from quarterhour.engines.understand.kinds import Kind
from quarterhour.engines.understand.sentences import ends, sentences
from quarterhour.engines.words import fold

__all__ = ["LENGTHS", "WHENS", "Ahead", "When", "days_ahead", "decide_by", "minutes", "when"]

When = Literal["now", "today", "week", "any"]
WHENS: tuple[When, ...] = get_args(When)
LENGTHS = (15, 25, 30, 45, 60)
USUAL = 25
# A choice is laid out before it is discussed, and somebody who writes a page has a page to talk about.
FOR_A_CHOICE, FOR_A_PAGE, LONG_TEXT = 30, 45, 110
SOON = timedelta(days=1)  # what is on Thursday is talked over on Tuesday or Wednesday: no need of today
LOOK_AHEAD = timedelta(days=730)

# "Half an hour" next to a wish for a session; an interview of an hour is somebody else's hour.
_SPOKEN = {
    15: (
        r"(?:a )?quarter of an hour|quarter hour|fifteen minutes|viertelstunde|quart d'heure|cuarto de hora"
        r"|quarto d'ora|um quarto de hora|kwadrans"
    ),
    30: (
        r"(?:a |for )?half an hour|half hour|thirty minutes|(?:eine )?halbe stunde|demi.?heure|media hora"
        r"|mezz'ora|meia hora|pol godziny"
    ),
    45: r"three quarters of an hour|dreiviertelstunde|trois quarts d'heure|tres cuartos de hora",
    60: r"(?:for )?(?:an|one|a full) hour (?:of your|with|together)|eine stunde (?:zeit|mit)",
}
_FIGURE = re.compile(
    r"\b(\d{1,2}) ?(?:min(?:ute|uten|utes|utos|uti|s)?)\b(?! (?:speech|talk|late|away|walk|later|drive"
    r"|presentation))"
)
_SESSION = re.compile(
    r"(?:need|have|take|give|sit|spend|talk|call|chat|session|your time|only|just|brauche|reicht|zeit"
    r"|besoin|suffi"
    r"|necesito|basta|preciso|bastano|mi serv)"
)
_NOW = re.compile(
    r"\b(?:right now|now\?+|this (?:morning|afternoon)|tonight|asap|urgent(?:ly)?|emergency|immediately|at once"
    r"|help!|what do i do today|in an? (?:hour|few hours)|in \d hours?|happening|as we speak|until six|by six"
    r"|jetzt|sofort|dringend|heute (?:morgen|nacht|abend|noch)|gerade eben|notfall"
    r"|maintenant|tout de suite|ce (?:soir|matin)|urgence?s?|immediatement"
    r"|ahora mismo|urgente|esta (?:noche|manana|tarde)|ya mismo"
    r"|agora mesmo|hoje (?:a noite|de manha)|esta noite|adesso|subito|stamattina|stasera|urgentemente"
    r"|teraz|natychmiast|pilne|dzis wieczorem)\b"
)
_TODAY = re.compile(
    r"\b(?:today|tomorrow|yesterday|last call|by noon|before monday|this (?:evening|weekend)|days? left"
    r"|heute|morgen|gestern|aujourd'hui|demain|hier|hoy|manana|ayer|hoje|amanha|ontem|oggi|domani|ieri"
    r"|dzis|dzisiaj|jutro|wczoraj)\b"
)
_ANY = re.compile(
    r"\b(?:some ?day|one day|no (?:hurry|rush)|whenever|any time|in the long run|next year"
    r"|in a few (?:months|years)"
    r"|keine eile|irgendwann|pas presse|un jour|sin prisa|algun dia|sem pressa|um dia|senza fretta|un giorno)\b"
)
_DEADLINE = re.compile(
    r"\b(?:decide|decision|answer|reply|sign|deadline|due|choose|accept|open until|say yes|let them know"
    r"|entscheid\w*|antwort\w*|unterschr\w*|zusag\w*|frist|repon\w*|decid\w*|signer|delai|respond\w*|firm[aoe]\w*"
    r"|avisar|plazo|assin\w*|prazo|rispond\w*|scegli\w*|entro)\b"
)
_NO_DEADLINE = re.compile(
    r"\b(?:laid off|laid me off|happened|started|since|ended|left in|was|were|out since|last|ago|born"
    r"|baby due|due in)\b"
)


def minutes(text: str, *, kind: Kind = "unblock") -> int:
    """How long a session to propose: 15, 25, 30, 45 or 60.

    A length the writer names for the conversation, else 25, and a little more for a choice or for a long text.
    """
    folded = fold(ends(text)).replace("’", "'")
    for one in sentences(folded):
        if not _SESSION.search(one.text):
            continue
        for length, pattern in _SPOKEN.items():
            if re.search(rf"\b(?:{pattern})\b", one.text):
                return length
        if figure := _FIGURE.search(one.text):
            return min(LENGTHS, key=lambda length: (abs(length - int(figure[1])), length))
    long = len(folded.split()) >= LONG_TEXT
    if kind == "decide":
        return FOR_A_PAGE if long else FOR_A_CHOICE
    return FOR_A_CHOICE if long else USUAL


class Ahead(NamedTuple):
    """A day to come that the text names, and whether something is due by then."""

    day: date
    due: bool


def days_ahead(text: str, *, today: date, language: str | None = "en") -> list[Ahead]:
    """The days to come that `text` names, in reading order.

    Something is due by a day "by" which it is said, and by any day in a sentence that speaks of answering,
    signing or a deadline. Read in English, German, French, Spanish, Portuguese and Italian; other languages
    by their figures alone.
    """
    return list(_ahead(text, today, language or "en"))


def _ahead(text: str, today: date, language: str) -> Iterator[Ahead]:
    for one in sentences(ends(text)):
        due = bool(_DEADLINE.search(fold(one.text)))
        for named in resolve(one.text, today=today, language=language):
            if today <= named.date <= today + LOOK_AHEAD and not _looks_back(one.text, named):
                yield Ahead(named.date, due or named.relation != "on")


def decide_by(ahead: Iterable[Ahead]) -> date | None:
    """The first of these days by which something is due."""
    return min((day for day, due in ahead if due), default=None)


def _looks_back(sentence: str, found: Found) -> bool:
    near = fold(sentence[max(0, found.span[0] - 24) : found.span[1]])
    return bool(_NO_DEADLINE.search(near))


def when(text: str, *, today: date, ahead: Iterable[Ahead] = (), kind: Kind = "unblock") -> When:
    """How soon somebody wants to talk: the urgency of the words, then the next day they name.

    today: where the writer is. Without any sign it is "week", and "any" for who only looks around.
    """
    folded = fold(ends(text)).replace("’", "'")
    if _NOW.search(folded):
        return "now"
    soonest = min((day for day, _ in ahead), default=None)
    if (soonest is not None and soonest - today <= SOON) or _TODAY.search(folded):
        return "today"
    if _ANY.search(folded) or (kind in ("explore", "connect") and soonest is None):
        return "any"
    return "week"
