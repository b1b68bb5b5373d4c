"""What the reader of questions has to know of a skill."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, eq=False)
class Skill:
    """One entry of the taxonomy.

    id: a slug that never changes.
    label: what people read, in English.
    area: id of the area it is grouped under.
    broader: id of the skill it is a part of, or "".
    synonyms: other names of the same thing, short forms and common misspellings among them.
    cues: words of people in need of it, who may not know its name. Weaker than a name.
    labels: language code -> the name in that language, then other words for it. A word with a final "*"
        stands for every word that begins so.
    ambiguous: names that other skills claim as well ("pipeline"). They propose nothing by themselves.
    everyday: names that mostly stand beside the point ("nurse" in a nurse's question about her boss).
    proper: names that are names only with their capitals ("Go", "IT").
    """

    id: str
    label: str
    area: str
    broader: str = ""
    synonyms: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ambiguous: frozenset[str] = frozenset()
    everyday: frozenset[str] = frozenset()
    proper: frozenset[str] = frozenset()

    def names(self) -> Iterator[str]:
        """The label and its synonyms, in English."""
        yield self.label
        yield from self.synonyms

    def label_in(self, language: str) -> str:
        """The label for a reader of `language`; the English one where we have none."""
        return self.labels.get(language, (self.label,))[0].rstrip("*")
