"""What later words do to earlier commitments: cancel them, deny them, move them to another day."""

import re
from datetime import date

from quarterhour.engines.takeaway.calendar import Calendar
from quarterhour.engines.takeaway.clauses import Clause
from quarterhour.engines.takeaway.draft import LATELY, Draft, meant, stems
from quarterhour.engines.takeaway.due import stated
from quarterhour.engines.takeaway.stance import stance
from quarterhour.engines.takeaway.subject import Cast
from quarterhour.engines.takeaway.words import Lexicon

TELLING = 2
TAIL = 24
STOP = re.compile(r"[,;.(–—]| - ")
WHOLE = re.compile(r"\b(?:all|each|everything)\b")
BOTH = re.compile(r"\bboth\b")
TAKEN_BACK = re.compile(r"\W*(?:no|wait|sorry|actually|correction|nein|non|nao)\b ?[,:]")
DONE = re.compile(
    r"\W*(?:ok|all|already|and)?,? ?(?:done|sent|erledigt|fait|hecho|fatto|feito)\b[\W]*(?:now|today|already)?\W*"
)
MOVED = re.compile(
    r"(?:moved?|changed?|pushed|shifted|postponed|is now|verschoben|reportee?|repousse|aplazad[ao]|adiad[ao]|"
    r"spostat[ao])\b"
)
LEADS = re.compile(r"\W*(?:by|due|until|till|before|b4|deadline)\b|\(")

At = tuple[int, int | None]


def cancels(clause: Clause, calendar: Calendar, drafts: list[Draft], words: Lexicon, *, at: At, struck: bool) -> bool:
    """Whether the clause calls something off; what it calls off is taken from `drafts`.

    at: row and place of the clause. struck: the line had struck-out words, so that "not needed" speaks of those.
    """
    folded = calendar.folded[clause.start : clause.end]
    if clause.joined in ("", "word") and not clause.first and DONE.fullmatch(folded):
        if drafts and (drafts[-1].row, drafts[-1].place) == at:
            del drafts[-1]
        return True
    cue = words.cancel.search(folded)
    if cue is None:
        return False
    if clause.subject and len(folded) - cue.end() > TAIL and cue.start() > TAIL and not clause.joined:
        return False
    weak = cue.group().endswith((" the", " about"))
    if struck and clause.first:
        return True
    if weak and folded[: cue.start()].strip(" -–—>→,"):
        return False
    behind = STOP.split(folded[cue.end() :], maxsplit=1)[0]
    about = stems(behind, words) or stems(folded[: cue.start()], words)
    gone = _cancelled(folded, about, clause, drafts, at)
    if gone:
        drafts.remove(gone)
    return bool(gone) or not weak


def _cancelled(folded: str, about: frozenset[str], clause: Clause, drafts: list[Draft], at: At) -> Draft | None:
    row, place = at
    here = [draft for draft in drafts[-20:] if (draft.row, draft.place) == at]
    bare = len(about) < TELLING and not clause.subject
    if here and (not about or (clause.joined and bare)):
        return here[-1]
    if about or re.search(r"\d", folded):
        return meant(drafts, folded, about)
    last = drafts[-1] if drafts else None
    above = clause.first and last and last.place == place and last.row == row - 1
    from_notes = clause.first and last and place == 0 and last.place is None
    return last if above or from_notes else None


def not_any_more(clause: Clause, calendar: Calendar, drafts: list[Draft], cast: Cast) -> bool:
    """Whether somebody takes back what they promised ("B won't send the list"), and take it from `drafts`."""
    if clause.subject is None or clause.subject.owner is None:
        return False
    said = stance(calendar.text, clause.subject.end, clause.end, cast)
    if said.kind != "never":
        return False
    own = [draft for draft in drafts if draft.owner in (clause.subject.owner, "both")]
    about = stems(STOP.split(calendar.text[said.verb : clause.end], maxsplit=1)[0], cast.words)
    gone = meant(own, "", about)
    if gone:
        drafts.remove(gone)
    return gone is not None


def other_day(clause: Clause, calendar: Calendar, drafts: list[Draft], cast: Cast, *, at: At, indented: bool) -> bool:
    """Whether the clause only gives a day to what was said before, and note it there."""
    found = stated(calendar, clause.start, clause.end, cast.words)
    if found is None or not drafts:
        return False
    folded = calendar.folded[clause.start : clause.end]
    corrects = cast.words.instead.search(folded) or folded.startswith("so ")
    if TAKEN_BACK.match(folded) and clause.subject is None and not clause.first:
        last = drafts[-1]
        if (last.row, last.place) == at:
            last.due = found.date
            return True
    if not calendar.only_a_date(clause.start, clause.end):
        return _moved(folded, clause, drafts, cast, found.date)
    last, here = drafts[-1], (drafts[-1].row, drafts[-1].place) == at
    if WHOLE.search(folded) or BOTH.search(folded):
        for draft in drafts[-LATELY:] if WHOLE.search(folded) else drafts[-2:]:
            draft.due = draft.due or found.date
        return True
    if here and not clause.first:
        last.end, last.until = clause.end, clause.end
        last.due = found.date if corrects or not last.due else last.due
        return True
    below = last.place == at[1] and last.row == at[0] - 1 and not last.due
    if corrects or (below and clause.first and (indented or LEADS.match(folded))):
        last.due = found.date
        return True
    return not clause.first


def _moved(folded: str, clause: Clause, drafts: list[Draft], cast: Cast, day: date) -> bool:
    """Whether something else moves ("hall: moved to the 27th"); the words ahead of the correction say what moves."""
    moves = MOVED.search(folded)
    if moves is None or (clause.subject and clause.subject.owner):
        return False
    moved = meant(drafts, folded[: moves.start()], stems(folded[: moves.start()], cast.words))
    if moved is None:
        return False
    moved.due = day
    return True
