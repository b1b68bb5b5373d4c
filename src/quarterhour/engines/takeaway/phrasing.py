"""A clause as one line of a to-do list: no bullet, no name, no date at its end."""

import re
from datetime import date

from quarterhour.engines.dates import Found, fold
from quarterhour.engines.takeaway.words import Lexicon
from quarterhour.engines.takeaway.words.en import order

WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
ING = re.compile(r"\w+ing\b")
AND_THEN = re.compile(r"(?:, |; | and | & |, then | then )(\w+)")
EDGES = " \t\u00a0,;:.-–—→>|&+/?!="
AGREED_TAIL = re.compile(
    r"[ ]?[,(–-][ ]?(?:agreed|ok|promised|deal|vereinbart|d'accord|de acuerdo|combinado)\)?$", re.IGNORECASE
)

LOOSE_END = re.compile(
    r"(?:[ ,;(\"“–-]+(?:sometime|some time|latest|so|i\.e\.?|by then|until then|before then|before that|also|too|asap|"
    r"same (?:day|date|deadline|time)(?: as)?(?: \(?#?\d{1,2}\)?)?))+[ ,;(\"“–-]*$",
    re.IGNORECASE,
)


def phrase(text: str, start: int, end: int, words: Lexicon, *, dates: list[Found], due: date | None, deed: bool) -> str:
    """The words of `text[start:end]` as a task.

    dates: what was found in the whole text. due: the day the task is to be done; a date that ends the clause is left
    out, but for one that is what the task is about ("call by Wednesday and give 15 January").
    deed: the clause begins with a verb in the third person ("sends"), to be turned into a task ("Send").
    """
    for found in dates:
        if not text[start : max(start, found.span[0])].strip(EDGES) and found.span[1] < end and found.span[0] >= start:
            start = found.span[1]
    end = _without_last_date(text, start, _without_correction(text, start, end, words, dates), dates, due)
    said = " ".join(text[start:end].split()).strip(EDGES + '"“”«»*_')
    if said.count("(") < said.count(")"):
        said = said.rstrip(")")
    if said.count("(") > said.count(")"):
        said += ")"
    said = LOOSE_END.sub("", AGREED_TAIL.sub("", said))
    if words.code == "en" and (deed or ING.match(said)):
        said = _as_task(said, words)
    return said[:1].upper() + said[1:]


def _without_correction(text: str, start: int, end: int, words: Lexicon, dates: list[Found]) -> int:
    """Where the words end that a correction of the day follows ("by Thu -> make that Sat")."""
    for cue in words.instead.finditer(fold(text[start:end])):
        days = [found.span for found in dates if start + cue.start() <= found.span[0] < end]
        behind = text[days[-1][1] : end] if days else text[start + cue.end() : end]
        if cue.start() and not WORD.search(behind):
            return start + cue.start()
    return end


def _without_last_date(text: str, start: int, end: int, dates: list[Found], due: date | None) -> int:
    dues = [found for found in dates if found.date == due and start < found.span[0] and found.span[1] <= end]
    for found in sorted(dates, key=lambda each: -each.span[1]):
        first, last = found.span
        if dues and found.date != due:
            continue
        if start < first and last <= end and not text[last:end].strip(EDGES + '()"”'):
            left = text[start:first].rstrip(EDGES + "(")
            if WORD.search(left):
                end = start + len(left)
    return end


def _as_task(said: str, words: Lexicon) -> str:
    first = WORD.match(said)
    if first and first.group().lower().endswith("ing"):
        stem = fold(first.group()).removesuffix("ing")
        task = next((form for form in (stem, stem + "e") if form in words.orders), first.group())
        return task + said[first.end() :]
    if first and fold(first.group()) not in words.orders:
        said = order(first.group()) + said[first.end() :]
    return AND_THEN.sub(lambda match: _joined_task(match, words), said)


def _joined_task(match: re.Match[str], words: Lexicon) -> str:
    verb = match[1]
    if verb in words.deeds and order(verb) in words.orders:
        return match.group()[: -len(verb)] + order(verb)
    return match.group()
