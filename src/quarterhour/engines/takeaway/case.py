"""A clause with all that is needed to judge it, and the judgement."""

from dataclasses import dataclass

from quarterhour.engines.takeaway.clauses import Clause
from quarterhour.engines.takeaway.lines import Line
from quarterhour.engines.takeaway.model import Labels, Owner, Weakness
from quarterhour.engines.takeaway.stance import Stance
from quarterhour.engines.takeaway.subject import Cast


@dataclass(frozen=True, slots=True)
class Commitment:
    """owner, where the words of the task begin, and whether they begin with a third person ("sends").
    weak: it counts only beside other commitments, as it has no day ("N takes notes" may be a habit) or no owner.
    until: where they end, when a name in brackets follows.
    """

    owner: Owner
    verb: int
    deed: bool = False
    until: int | None = None
    weak: Weakness = ""


@dataclass(frozen=True, slots=True)
class Around:
    """What the lines around a clause lend to it.

    dated: it names a day to come; over: it names only days that are past.
    last: whom the clauses before spoke of; parent: whom the line above did, for an indented arrow.
    heading: whose list this is. labels: whether "B:" marks what B will do, or what B said.
    speaker: whom its line began with. waits: it stands before or after some event ("before the exam").
    """

    line: Line
    dated: bool = False
    over: bool = False
    last: Owner | None = None
    parent: Owner | None = None
    heading: Owner | None = None
    labels: Labels = ""
    waits: bool = False
    speaker: Owner | None = None

    @property
    def listed(self) -> bool:
        """Whether the place itself says that this is a task."""
        return self.line.section == "do" or self.line.mark in ("box", "tag")

    @property
    def settled(self) -> bool:
        """Whether a day or the place makes a task of it."""
        return self.dated or self.listed


@dataclass(frozen=True, slots=True)
class Case:
    """One clause of a text, the people, and the lines around it."""

    text: str
    clause: Clause
    cast: Cast
    around: Around

    def folded(self, start: int, most: int = 400) -> str:
        """The clause from `start` on, without capitals and accents, at most that long."""
        return self.cast.folded[start : min(self.clause.end, start + most)]

    def by(self, owner: Owner, said: Stance, *, weak: Weakness = "") -> Commitment:
        """That owner's commitment, its words beginning with the verb."""
        return Commitment(owner, said.verb, deed=said.kind in ("deed", "perhaps"), weak=weak)
