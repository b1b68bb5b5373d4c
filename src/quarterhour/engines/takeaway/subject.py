"""Who a piece of a line is about, and how the line says so: "T:", "T to", "T will", "T sends"."""

import re
from dataclasses import dataclass, field

from quarterhour.engines.dates import fold
from quarterhour.engines.takeaway.days import Days
from quarterhour.engines.takeaway.model import Owner, Party
from quarterhour.engines.takeaway.people import TITLES, People
from quarterhour.engines.takeaway.words import Lexicon

WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
OPENING = re.compile(r"[\s\"“”«'‘(\[@*_]{0,4}(?:(?:Mrs?|Ms|Dr|Prof)\.? )?")
CLOSING = re.compile(r"[\"“”»'’\])*_]{0,3}\.?(?!\w)[\"“”»*_]{0,2}")
EXPLAINED = re.compile(r"[ ]?[(\[]([^\W\d_]+(?: [^\W\d_]+)?)\.?[)\]]")
SMALL_LETTER = re.compile(r":|\.? (?:to|will) |\.? ?[–—] | -")
ASIDE = re.compile(r"[ ]?\([^()\n]{1,40}\)(?=[ ]?(?:[:–—]|- |to |will ))")
JOIN = re.compile(r"[ ]?(?:[&+/,]|[^\W\d_]+)[ ]?")
COLON = re.compile(
    r"(?: (?:does|will|to do|todo|actions?|homework)(?=[ ]?:))?[ ]?(?::|(?:[-–—]{1,2}>|→|=>|=)(?=\s)|\|)[ ]*"
)
DASH = re.compile(r"[ ](?:--|[-–—])[ ]|[–—][ ]?(?=\w)")
OBJECTS = frozenset(["him", "his", "her", "hers", "ihm", "sein", "seine", "ihr", "ihre"])
# One-letter names that are words too; alone they name a person only before a verb or a colon.
LETTER_WORDS = {"en": "A", "fr": "AY", "es": "AEOYU", "pt": "AEO", "it": "AEIO", "de": ""}


@dataclass(frozen=True, slots=True)
class Subject:
    """owner: one of the two, both, or None for a pronoun nobody can resolve.
    form: "colon", "dash" or "plain"; start, end: its place, `end` behind colon or dash.
    pronoun: the word, when it was one. doubtful: the letter may also be an ordinary word.
    """

    owner: Owner | None
    form: str
    start: int
    end: int
    pronoun: str = ""
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Cast:
    """Everything needed to read a subject: the people, their pronouns, and the language.

    writer, reader: who "I" and "you" are. days: where the text at hand names a day; folded: that text, folded.
    """

    people: People
    words: Lexicon
    he_she: dict[str, Party]
    writer: Party
    reader: Party
    days: Days = field(default_factory=Days)
    folded: str = ""
    _pronouns: dict[str, tuple[bool, Owner | None]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def pronoun(self, word: str) -> tuple[bool, Owner | None]:
        """Whether the word is a pronoun, and whose."""
        if word not in self._pronouns:
            self._pronouns[word] = self._pronoun(fold(word))
        return self._pronouns[word]

    def _pronoun(self, folded: str) -> tuple[bool, Owner | None]:
        words = self.words
        if folded in words.we:
            return True, "both"
        if folded in words.first:
            return True, self.writer
        if folded in words.second:
            return True, self.reader
        if folded in OBJECTS:
            return False, None
        for sex, forms in (("he", words.he), ("she", words.she)):
            if folded in forms:
                return True, self.he_she.get(sex)
        return False, None


def subject_at(text: str, at: int, end: int, cast: Cast) -> Subject | None:
    """The person named at this place of the text, if one is."""
    opening = OPENING.match(text, at, end)
    start = opening.end() if opening else at
    match = WORD.match(text, start, end)
    if match is None:
        return None
    owner, stop, pronoun = _named(text, match, end, cast)
    if not owner and not pronoun:
        return None
    if closing := CLOSING.match(text, stop, end):
        stop = closing.end()
    explained = EXPLAINED.match(text, stop, end)
    if explained and (told := _party(explained[1], cast.people)):
        owner, stop, pronoun = told, explained.end(), ""
    elif aside := ASIDE.match(text, stop, end):
        stop = aside.end()
    elif not pronoun or owner == "both":
        owner, stop = _joined(text, stop, end, owner, cast)
    form, stop = _form(text, stop, end)
    letter = match.group()
    doubtful = len(letter) == 1 and letter in LETTER_WORDS.get(cast.words.code, "") and stop - start <= 2  # noqa: PLR2004 - a letter and its stop
    doubtful = doubtful and text[match.end() : match.end() + 1] != "."
    return Subject(owner, form, start, stop, pronoun, doubtful and form == "plain")


def _party(name: str, people: People) -> Party | None:
    return people.who(name) or people.who(name.partition(" ")[0])


def _named(text: str, match: re.Match[str], end: int, cast: Cast) -> tuple[Owner | None, int, str]:
    """Owner, where the name ends, and the pronoun if it was one."""
    word = match.group()
    party = cast.people.who(word)
    if (party or fold(word) in TITLES) and text[match.end() : match.end() + 1] == " ":
        second = WORD.match(text, match.end() + 1, end)
        if second and (both := cast.people.names.get(fold(f"{word} {second.group()}"))):
            return both, second.end(), ""
    if party:
        return party, match.end(), ""
    if len(word) == 1 and word.islower() and SMALL_LETTER.match(text, match.end(), end):
        return cast.people.who(word.upper()), match.end(), ""
    stem, _, ending = word.replace("’", "'").partition("'")
    if ending == "ll" and (party := cast.people.who(stem)):
        return party, match.start() + len(stem), ""
    is_pronoun, owner = cast.pronoun(word)
    if is_pronoun:
        return owner, match.start() + len(stem), fold(word)
    return None, match.end(), ""


def _joined(text: str, stop: int, end: int, owner: Owner | None, cast: Cast) -> tuple[Owner | None, int]:
    """Two names in one, "B + R", "Mehdi et Inès": both of the two, or one of them with somebody else."""
    join = JOIN.match(text, stop, end)
    if join is None or fold(join.group().strip()) not in cast.words.joins | {"/", ","}:
        return owner, stop
    other = WORD.match(text, join.end(), end)
    if other is None:
        return owner, stop
    comma = join.group().strip() in ",/"
    if party := cast.people.who(other.group()):
        if comma and not COLON.match(text, other.end(), end):
            return owner, stop
        return ("both" if party != owner else owner), other.end()
    if cast.pronoun(other.group())[0] and not comma:
        return "both", other.end()
    if other.group()[0].isupper() and not comma:
        return owner, other.end()
    return owner, stop


def _form(text: str, stop: int, end: int) -> tuple[str, int]:
    if colon := COLON.match(text, stop, end):
        return ("fact" if colon.group().strip() == "=" else "colon"), colon.end()
    if dash := DASH.match(text, stop, end):
        return "dash", dash.end()
    return "plain", stop
