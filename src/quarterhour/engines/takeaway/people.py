"""Who a name, an initial or a pronoun in the notes stands for."""

import re
from difflib import SequenceMatcher
from itertools import pairwise

from quarterhour.engines.dates import fold
from quarterhour.engines.takeaway.model import Party

NAME = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
TITLES = frozenset(
    [
        "dr",
        "prof",
        "mr",
        "mrs",
        "ms",
        "mx",
        "sir",
        "de",
        "da",
        "do",
        "dos",
        "van",
        "von",
        "der",
        "den",
        "la",
        "le",
        "el",
        "al",
        "bin",
        "di",
        "du",
    ]
)
ROLES: dict[str, Party] = {
    "mentor": "mentor",
    "mentora": "mentor",
    "mentorin": "mentor",
    "coach": "mentor",
    "mentee": "mentee",
}
NICKNAMES = (
    "alexander alex sasha, alexandra alex sasha, andrew andy drew, anthony tony, antonio toni, benjamin ben, "
    "catherine kate cathy, charles charlie, christopher chris, daniel dan danny, david dave, deborah deb, "
    "edward ed eddie ted, elizabeth liz beth betty lizzie, francisco paco pancho, frederick fred, gerald gerry, "
    "giuseppe beppe, ignacio nacho, james jim jimmy, jennifer jen, jose pepe, joseph joe, katarzyna kasia, "
    "katherine kate kathy, lawrence larry, leonard len, malgorzata gosia, margaret maggie meg peggy, maria mia, "
    "michael mike mick, nicholas nick, patricia pat trish, patrick pat paddy, peter pete, rebecca becky, "
    "richard rick dick, robert bob rob bobby, ronald ron, samuel sam, stephen steve, steven steve, susan sue, "
    "theodore ted, thomas tom, tomasz tomek, victoria vicky, vladimir vova, william bill will billy, zachary zach"
)
SHORT = 3
ALIKE = 0.8


def _nicknames() -> dict[str, frozenset[str]]:
    rows = [row.split() for row in NICKNAMES.split(",")]
    return {name: frozenset(nicks) for name, *nicks in rows}


NICKS = _nicknames()


class People:
    """The two people of a session, by every form in which notes name them."""

    def __init__(self, *, mentor: str, mentee: str) -> None:
        self.names: dict[str, Party] = {}
        self.letters: dict[str, Party] = {}
        self.first: dict[Party, str] = {}
        shared_names: set[str] = set()
        shared_letters: set[str] = set()
        parties: tuple[tuple[Party, str], ...] = (("mentor", mentor), ("mentee", mentee))
        for party, name in parties:
            parts = NAME.findall(name)
            self.first[party] = fold(parts[0]) if parts else ""
            for known, forms, shared in (
                (self.names, _names(parts), shared_names),
                (self.letters, _letters(parts), shared_letters),
            ):
                for form in forms:
                    if known.setdefault(form, party) != party:
                        shared.add(form)
        for known, shared in ((self.names, shared_names), (self.letters, shared_letters)):
            for form in shared:
                del known[form]
        self.shared_letters = shared_letters
        self.last_letters = {party: name.split()[-1][:1].upper() for party, name in parties if name.split()}
        for role, party in ROLES.items():
            self.names.setdefault(role, party)
        self._looked_up: dict[str, Party | None] = {}

    def settle(self, notes: str) -> None:
        """Give an initial both share to the one whose name the notes do not spell out, and learn last initials."""
        spelled = {
            self.who(match.group()) for match in NAME.finditer(notes[:20_000]) if match.group() not in self.letters
        }
        left = [party for party in self.first if party not in spelled]
        for letter in self.shared_letters:
            if len(left) == 1:
                self.letters[letter] = left[0]
        for party, letter in self.last_letters.items():
            taken = letter in self.shared_letters or list(self.last_letters.values()).count(letter) > 1
            if not taken:
                self.letters.setdefault(letter, party)
        self._looked_up.clear()

    def who(self, word: str) -> Party | None:
        """Whom this word names: a name, a nickname, a slip of the pen, or initials in capitals.

        >>> people = People(mentor="Raghavendra Kulkarni", mentee="Mei Ling Tan")
        >>> [people.who(word) for word in ("Raghav", "RK", "ML", "mei", "Raghavendar", "Leila", "rk")]
        ['mentor', 'mentor', 'mentee', 'mentee', 'mentor', None, None]
        """
        if word not in self._looked_up:
            self._looked_up[word] = self._who(word)
        return self._looked_up[word]

    def _who(self, word: str) -> Party | None:
        if word in self.letters:
            return self.letters[word]
        folded = fold(word)
        if folded in self.names:
            return self.names[folded]
        if len(word) < SHORT or not word[0].isupper():
            return None
        close = [party for party, name in self.first.items() if _resembles(folded, name)]
        return close[0] if len(close) == 1 else None

    def other(self, party: Party) -> Party:
        return "mentee" if party == "mentor" else "mentor"


def _names(parts: list[str]) -> set[str]:
    """First and last name, both given names, the whole: folded."""
    folded = [fold(part) for part in parts]
    forms = {" ".join(folded), *(" ".join(pair) for pair in pairwise(folded))}
    forms |= {part for part in folded if len(part) > 1 and part not in TITLES}
    forms |= {piece for part in folded for piece in part.split("-") if len(piece) > 1}
    return {form for form in forms if form}


def _letters(parts: list[str]) -> set[str]:
    """Initials in capitals, of the first name, the first two, and all."""
    pieces = [piece for part in parts for piece in part.split("-")]
    initials = [piece[0].upper() for piece in pieces]
    own = [piece[0].upper() for piece in pieces if fold(piece) not in TITLES]
    forms = {"".join(initials[:count]) for count in range(1, len(initials) + 1)}
    return forms | {"".join(own), own[0] + own[-1]} if own else forms


def _resembles(word: str, name: str) -> bool:
    if not name or word[0] != name[0]:
        return word in NICKS.get(name, ())
    if name.startswith(word) or word in NICKS.get(name, ()):
        return True
    long_enough = min(len(word), len(name)) > SHORT + 1
    return long_enough and SequenceMatcher(None, word, name, autojunk=False).ratio() >= ALIKE
