"""Whether a word is one of the language: a dictionary, and the forms its words take."""

from collections.abc import Container

LONGEST = 30  # letters of a word that is looked at
HALF = 3  # letters of the shorter half of a word made of two
_ENDINGS = {
    "en": (
        "s",
        "es",
        "d",
        "ed",
        "r",
        "er",
        "ers",
        "ing",
        "ings",
        "ly",
        "ness",
        "less",
        "able",
        "ful",
        "ation",
        "ish",
        "y",
    ),
    "de": ("e", "en", "er", "es", "em", "s", "n", "st", "t", "te", "ten", "ung", "ungen", "in", "innen"),
    "fr": ("s", "e", "es", "x", "nt", "ent", "er", "ez", "ment"),
    "es": ("s", "es", "lo", "la", "los", "las", "le", "les", "me", "se", "te", "mente"),
    "pt": ("s", "es", "lo", "la", "los", "las", "lhe", "me", "se", "te", "mente"),
    "it": ("i", "e", "o", "a", "lo", "la", "li", "le", "ne", "mi", "si", "ti", "mente"),
}
_AHEAD = ("re", "un", "non", "pre", "co", "over", "under", "out", "sub", "multi", "mini", "semi", "anti", "mis", "de")
_BRITISH = (("our", "or"), ("is", "iz"), ("ys", "yz"), ("tre", "ter"), ("mme", "m"), ("ll", "l"), ("ence", "ense"))


class Usual:
    """Says of a word in small letters whether it is one of a language. known: the words of its dictionary.

    >>> usual = Usual({"fund", "recognize", "wait", "list", "value"}, "en")
    >>> [usual(word) for word in ("funder", "recognise", "waitlist", "valuers", "contoso", "priya")]
    [True, True, True, True, False, False]
    """

    def __init__(self, known: Container[str], code: str) -> None:
        self.known, self.code = known, code

    def __call__(self, word: str) -> bool:
        if not 0 < len(word) <= LONGEST:
            return False
        rests = (word[len(ahead) :] for ahead in _AHEAD if word.startswith(ahead))
        return self._is(word) or any(len(rest) > HALF and self._is(rest) for rest in rests) or self._of_two(word)

    def _is(self, word: str) -> bool:
        if word in self.known or any(word.replace(ours, theirs) in self.known for ours, theirs in self._spelled(word)):
            return True
        for ending in _ENDINGS.get(self.code, ()):
            root = word.removesuffix(ending)
            if len(root) <= HALF or root == word:
                continue
            forms = [root, root + "e", root[:-1] + "y" if root.endswith("i") else root]
            forms += [root[:-1]] if root[-1] == root[-2] else []
            forms += [form.replace(ours, theirs) for form in list(forms) for ours, theirs in self._spelled(form)]
            if any(form in self.known for form in forms):
                return True
        return False

    def _spelled(self, word: str) -> tuple[tuple[str, str], ...]:
        return tuple(pair for pair in _BRITISH if pair[0] in word) if self.code == "en" else ()

    def _of_two(self, word: str) -> bool:
        """Two words written as one: "waitlist", "Sitzordnung"."""
        if self.code not in {"en", "de"}:
            return False
        least = HALF if self.code == "en" else HALF + 1
        cuts = range(least, len(word) - least + 1)
        return len(word) > 2 * least and any(
            word[:cut].removesuffix("s" if self.code == "de" else "") in self.known and word[cut:] in self.known
            for cut in cuts
        )  # fmt: skip
