"""Reading the notes from top to bottom and keeping the commitments that still stand at the end."""

import re
from collections import Counter
from dataclasses import replace
from datetime import date

from quarterhour.engines.dates import resolve
from quarterhour.engines.takeaway.calendar import Calendar
from quarterhour.engines.takeaway.case import Around, Case, Commitment
from quarterhour.engines.takeaway.changes import cancels, not_any_more, other_day
from quarterhour.engines.takeaway.clauses import Clause, clauses
from quarterhour.engines.takeaway.cues import AFTERWARDS, DEADLINE, OCCASION, STATES
from quarterhour.engines.takeaway.days import Days
from quarterhour.engines.takeaway.doubt import conditional
from quarterhour.engines.takeaway.draft import Draft, stems
from quarterhour.engines.takeaway.due import IT, due_of
from quarterhour.engines.takeaway.human import human_lines, meaning_of_labels
from quarterhour.engines.takeaway.lines import Line, lines, without_struck
from quarterhour.engines.takeaway.model import Labels, Owner
from quarterhour.engines.takeaway.opening import opening
from quarterhour.engines.takeaway.subject import Cast
from quarterhour.engines.takeaway.verdict import commitment

LONGEST_NAME, MOST_WORDS = 60, 5
A_LIST = 2
AGAIN = frozenset(("no", "nope", "wait", "sorry", "actually", "oh no", "nein", "non", "nao"))
OF_A_LIST = frozenset(
    ("will", "does", "to do", "todo", "actions", "tasks", "homework", "promises", "next", "next steps", "list")
)


def _dates_the_rest(folded: str) -> bool:
    """Whether a sentence that is no task gives the day of the task before it ("Not by mail, before the weekend")."""
    return DEADLINE.match(folded) is not None or (STATES.search(folded) is None and OCCASION.match(folded) is None)


class Reader:
    """Reads one text after the other; later lines may cancel or replace what earlier ones promised.

    drafts: the commitments that stand so far. calendars: the days of each text read, by its place.
    last: whom the last clause spoke of. speaker: whom the line began with. gave_up: the line cancelled something.
    thought_again: it said "no," after a promise, so that its next day counts.
    """

    def __init__(self, cast: Cast, held_on: date) -> None:
        self.cast = cast
        self.held_on = held_on
        self.drafts: list[Draft] = []
        self.calendars: dict[int | None, Calendar] = {}
        self.last: Owner | None = None
        self.speaker: Owner | None = None
        self.gave_up = False
        self.thought_again = False
        self.labels: Labels = ""
        self.written: list[Line] = []
        self.notes_cast = cast

    def open(self, text: str, place: int | None) -> Calendar:
        """Find the days of `text` and remember them for the questions asked at the end."""
        found = resolve(text, today=self.held_on, language=self.cast.words.code)
        self.calendars[place] = Calendar(text, found, self.held_on)
        self.cast = replace(self.cast, days=Days(each.span for each in found), folded=self.calendars[place].folded)
        return self.calendars[place]

    def read_notes(self, notes: str) -> None:
        """Keep all commitments of the notes."""
        text = without_struck(notes)
        calendar = self.open(text, None)
        heading: Owner | None = None
        above: Owner | None = None
        day: date | None = None
        self.written = human_lines(notes, lines(notes, self.cast.words), self.cast)
        self.notes_cast = self.cast
        self.labels = meaning_of_labels(text, self.written, self.cast)
        for row, line in enumerate(self.written):
            alone = self._only_a_name(text, line)
            if line.heading or alone or line.after_blank:
                heading = alone or (self._whose(text[line.start : line.end]) if line.heading else None)
                day = calendar.leading(line.start, line.end) if line.heading else None
            if (line.heading == "neutral" and not day) or line.start >= line.end or alone:
                continue
            if day and not line.heading:
                line = replace(line, section=line.section or "do")  # noqa: PLW2901 - the line under its heading
            self._line(line, row, heading, above if line.follows else None)
            self._date_the_undated(row, day or calendar.leading(line.start, line.end))
            if not line.follows:
                above = self.speaker or self.last

    def standing(self) -> list[Draft]:
        """The drafts that stand at the end; a weak one needs a firm one within two lines of it."""
        for draft in self.drafts:
            draft.weak = "" if draft.weak == "undated" and draft.due else draft.weak
        rows = Counter((draft.place is None, draft.row) for draft in self.drafts)
        firm = {(draft.place is None, draft.row) for draft in self.drafts if not draft.weak}
        return [draft for draft in self.drafts if not draft.weak or _has_company(draft, firm, rows)]

    def _only_a_name(self, text: str, line: Line) -> Owner | None:
        """The person whose name is all the line says."""
        if line.end - line.start > LONGEST_NAME or text.count(" ", line.start, line.end) > MOST_WORDS:
            return None
        named = opening(text, line.start, line.end, self.cast)[1]
        if named is None or named.pronoun:
            return None
        rest = self.cast.folded[named.end : line.end].strip(" :.-*_")
        return named.owner if not rest or rest in OF_A_LIST else None

    def _whose(self, title: str) -> Owner | None:
        """The person a heading names: "Femi:", "For Ingrid"."""
        found = {party for word in re.findall(r"[^\W\d_]+", title[:60]) if (party := self.cast.people.who(word))}
        return min(found) if len(found) == 1 else None

    def _date_the_undated(self, row: int, day: date | None) -> None:
        for draft in self.drafts[-20:]:
            if draft.row == row and draft.place is None:
                draft.due = draft.due or day

    def _line(self, line: Line, row: int, heading: Owner | None, parent: Owner | None) -> None:
        calendar = self.calendars[None]
        text = calendar.text
        self.speaker, self.gave_up, self.thought_again = None, False, False
        supposing = False
        for clause in clauses(text, line.start, line.end, self.cast):
            supposing = supposing and bool(clause.joined)
            if not self.changed(clause, line, row, None):
                around = self._around(clause, line, heading, parent)
                found = None if supposing else commitment(Case(text, clause, self.cast, around))
                self._remember(clause)
                self._settle(found, clause, line, row, dated=around.dated)
            supposing = supposing or conditional(text, clause.start, min(clause.end, clause.start + 12), self.cast)

    def _around(self, clause: Clause, line: Line, heading: Owner | None, parent: Owner | None) -> Around:
        calendar, words = self.calendars[None], self.cast.words
        named = bool(calendar.between(clause.start, clause.end))
        folded = calendar.folded[clause.start : clause.end]
        return Around(
            line,
            dated=named or words.then.search(folded) is not None or AFTERWARDS.search(folded) is not None,
            over=not named and calendar.over(clause.start, clause.end),
            last=self.last,
            parent=parent,
            heading=heading,
            labels=self.labels,
            waits=words.before.search(folded) is not None,
            speaker=self.speaker,
        )

    def _settle(self, found: Commitment | None, clause: Clause, line: Line, row: int, *, dated: bool) -> None:
        """Keep what was found; a sentence that is no task may still give the day of the one before."""
        if found is None:
            calendar = self.calendars[None]
            folded = calendar.folded[clause.start : clause.end]
            aside = clause.joined == "open" and STATES.search(folded) is None
            named = calendar.between(clause.start, clause.end)
            self.thought_again = self.thought_again or folded.strip(" -–—,.") in AGAIN
            if named and self.thought_again and self.drafts and self.drafts[-1].row == row:
                self.drafts[-1].due = named[-1].date
            elif named and (aside or (not clause.subject and _dates_the_rest(folded))):
                self._date_the_undated(row, named[-1].date)
            return
        here = self.drafts[-1] if self.drafts and (self.drafts[-1].row, self.drafts[-1].place) == (row, None) else None
        if here and here.due and not dated and not clause.subject and clause.joined == "comma":
            return  # "drops it off this week, will text before"
        after_giving_up = self.gave_up and not dated and clause.subject is not None and bool(clause.subject.pronoun)
        if not after_giving_up:
            self.keep(found, clause, line, row, None)

    def _remember(self, clause: Clause) -> None:
        if clause.subject and clause.subject.owner and clause.subject.owner != "both":
            self.last = clause.subject.owner
            self.speaker = self.speaker or self.last

    def changed(self, clause: Clause, line: Line, row: int, place: int | None) -> bool:
        """Whether the clause cancels an earlier commitment or moves it to another day, and do so."""
        calendar = self.calendars[place]
        if cancels(clause, calendar, self.drafts, self.cast.words, at=(row, place), struck=line.struck):
            self.gave_up = True
            return True
        if not_any_more(clause, calendar, self.drafts, self.cast):
            return True
        return other_day(clause, calendar, self.drafts, self.cast, at=(row, place), indented=line.indent > 0)

    def keep(self, found: Commitment, clause: Clause, line: Line, row: int, place: int | None) -> Draft:
        """Write the commitment down, and settle it with the ones before."""
        calendar, words = self.calendars[place], self.cast.words
        draft = Draft(found.owner, place, row, clause.start, clause.end, found.verb, found.deed, clause.end)
        draft.number, draft.until, draft.weak = line.number, found.until or clause.end, found.weak
        draft.stems = stems(calendar.text[found.verb : clause.end], words)
        draft.due = due_of(draft, self.drafts, calendar, words)
        pronoun = bool(clause.subject and clause.subject.pronoun)
        here = [each for each in self.drafts[-20:] if each.place == place and each.row == row]
        again = pronoun and here and here[-1].owner == draft.owner and not here[-1].due and place is None
        if again and IT.search(calendar.text, draft.verb, draft.end):
            here[-1].due, here[-1].end, here[-1].until = draft.due, draft.end, draft.end
            return here[-1]
        if here and here[-1].owner == "both" and not draft.due and IT.search(calendar.text, draft.verb, draft.end):
            here[-1].owner = draft.owner  # "we talk again in May, B sets it up"
            return here[-1]
        for each in self._told_better_by(draft, here, line):
            self.drafts.remove(each)
        self.drafts.append(draft)
        return draft

    def _told_better_by(self, draft: Draft, here: list[Draft], line: Line) -> list[Draft]:
        """Earlier drafts that this one only spells out: with a day, in a line below, or once more."""
        mine = [each for each in here if each.owner == draft.owner]
        verb = stems(self.calendars[draft.place].text[draft.verb : draft.verb + 12], self.cast.words)
        better = [each for each in mine[-1:] if draft.due and each.due == draft.due and each.stems & verb]
        if line.follows:
            better += [each for each in self.drafts[-20:] if each.row == draft.row - 1 and not each.due]
        corrects = self.cast.words.instead.search(self.calendars[draft.place].folded[draft.start : draft.end])
        again = [each for each in self.drafts[-20:] if each.owner == draft.owner and each.row != draft.row]
        for each in again:
            shared = each.stems & draft.stems
            other_days = each.due and draft.due and each.due != draft.due and not corrects
            if not other_days and len(shared) > 1 and len(shared) * 5 >= 4 * len(each.stems | draft.stems):
                better.append(each)
                draft.due = draft.due or each.due
        return [each for place, each in enumerate(better) if each not in better[:place]]


def _has_company(draft: Draft, firm: set[tuple[bool, int]], rows: Counter[tuple[bool, int]]) -> bool:
    """Whether a firm commitment stands within two lines of this weak one, or two others as weak: then it is a list."""
    notes = draft.place is None
    near = [(notes, draft.row + step) for step in (-2, -1, 0, 1, 2)]
    return any(row in firm for row in near) or sum(rows[row] for row in near) > A_LIST
