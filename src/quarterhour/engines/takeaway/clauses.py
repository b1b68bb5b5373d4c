"""A line cut into clauses: one person, one deed, one date each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from quarterhour.engines.takeaway.stance import stance
from quarterhour.engines.takeaway.subject import WORD, Cast, Subject, subject_at

SEAM = re.compile(
    r"(?P<stop>[.!?;…]{1,6}[\"”»')\]]{0,2}(?=\s)\s{1,2})"
    r"|(?P<arrow>\s{0,2}(?:-{1,2}>|→|=>|⇒)\s{0,2})"
    r"|(?P<enum>\s\(?(?:[1-9]|[a-e])\)\s)"
    r"|(?P<dash>\s(?:--|[-–—/])\s)"
    r"|(?P<comma>,\s{1,2})"
    r"|(?P<open>\s?\()"
    r"|(?P<word>\s(?:and|then|but|while|und|dann|aber|et|puis|mais|y|luego|pero|e|depois|mas|poi|ma)\s)",
    re.IGNORECASE,
)
# A full stop after these, or after one letter, ends no sentence.
SHORT_FORM = re.compile(
    r"(?:^|[\s(])(?:[^\W\d_]|p|pp|nr|no|approx|ca|e\.g|i\.e|eg|ie|etc|vs|st|dr|mr|mrs|ms|prof|min|max|incl|excl|"
    r"wk|tel|fig|"
    r"bzw|z\.b|usw|sra?|srta|vol|art|ref|dept|avg|est|resp)$"
)
SHORT_DATE = re.compile(r"\b(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|mon|tues?|wed|thurs?|fri|sat|sun)$")
SOMEBODY = re.compile(
    r"(?:[A-Z][\w'’-]+|(?:the|his|her|their|my|our|a) [\w'’-]+)(?: [\w'’-]+)?(?: will |'ll | has to )"
)
GOES_ON = re.compile(r"(?:will|to be|shall|wird|va|vai) ")


@dataclass(frozen=True, slots=True)
class Clause:
    """start, end: its place in the text; body: where its words begin, behind "and" or a day.

    subject: who it is about, when it says so. first: it opens its line.
    joined: the seam that leads to it, "" at the start of a line or sentence.
    """

    start: int
    end: int
    body: int
    subject: Subject | None
    first: bool
    joined: str


def clauses(text: str, start: int, end: int, cast: Cast) -> Iterator[Clause]:
    """The clauses between two places of the text, in order."""
    begin, joined, first = _past_spaces(text, start, end), "", True
    for seam in SEAM.finditer(text, start, end):
        if seam.start() <= begin or not _cuts(text, seam, begin, end, cast):
            continue
        if clause := _clause(text, begin, seam, first=first, joined=joined, cast=cast):
            yield clause
            first = False
        begin = _past_spaces(text, seam.end(), end)
        joined = "" if seam.lastgroup == "stop" else str(seam.lastgroup)
    if clause := _clause(text, begin, end, first=first, joined=joined, cast=cast):
        yield clause


def _past_spaces(text: str, at: int, end: int) -> int:
    while at < end and text[at].isspace():
        at += 1
    return at


def _clause(text: str, begin: int, to: re.Match[str] | int, *, first: bool, joined: str, cast: Cast) -> Clause | None:
    end = to if isinstance(to, int) else to.start()
    if not isinstance(to, int) and to.lastgroup == "stop":
        end += len(to.group().rstrip())
    while begin < end and text[begin] in " \t\u00a0,;":
        begin += 1
    while end > begin and text[end - 1] in " \t\u00a0,;":
        end -= 1
    if begin >= end:
        return None
    body, subject = opening(text, begin, end, cast)
    return Clause(begin, end, min(body, end), subject, first, joined)


LEADING = re.compile(
    r"(?:(?:and|then|so|but|ok|okay|also|plus|yes|actually|sorry|update|edit|great|right|well|dann|und|puis|et|"
    r"luego|y|now)\b[ ,:]{0,2}){0,4}[\"“(\[*_]{0,3}",
    re.IGNORECASE,
)


BEHIND_A_DAY = re.compile(r"[ )\],:–—-]{0,3}")
TOPIC = re.compile(r"[^\W\d_][\w '-]{0,24}: ")
SHARE = re.compile(
    r"(?P<name>[^\W\d_]+)['’]s (?:homework|job|jobs|tasks?|to-?dos?|part|actions?|next steps?|turn|bit|side|list)\b"
    r"(?: is)?(?: to\b|[ ]?[:–—-])?[ ]?|(?:for|on|from) (?P<party>[^\W\d_]+)(?:['’]s side)?[ ]?[:–—][ ]?",
    re.IGNORECASE,
)


def opening(text: str, begin: int, end: int, cast: Cast) -> tuple[int, Subject | None]:
    """Where the words of a clause begin, behind "and", a day or a topic, and whom they name first."""
    at = begin
    for _ in range(3):
        if match := LEADING.match(text, at, end):
            at = match.end()
        if (day := cast.days.end_of(at)) and day < end:
            behind = BEHIND_A_DAY.match(text, day, end)
            at = behind.end() if behind else day
    found = subject_at(text, at, end, cast) or (subject_at(text, begin, end, cast) if at != begin else None)
    if found is None and (share := SHARE.match(text, at, end)):
        owner = cast.people.who(share["name"] or share["party"])
        found = Subject(owner, "colon", at, share.end()) if owner else None
    if found is None and (topic := TOPIC.match(text, at, end)):
        found = subject_at(text, topic.end(), end, cast)
    if found and found.doubtful and stance(text, found.end, end, cast).kind not in SURE:
        return at, None
    return at, found


SURE = ("promise", "deed", "past", "fact")


def _cuts(text: str, seam: re.Match[str], begin: int, end: int, cast: Cast) -> bool:
    """Whether a new clause starts behind this seam."""
    kind, after = seam.lastgroup, seam.end()
    if after >= end:
        return False
    if kind == "enum" or (kind == "stop" and _ends_a_sentence(text, seam, begin, cast)):
        return True
    if kind == "word" and (own := opening(text, begin, end, cast)[1]) and own.end >= after:
        return False
    if kind in ("arrow", "comma", "dash") and cast.words.cancel.match(cast.folded[after : after + 40]):
        return True
    if kind != "open" and (SOMEBODY.match(text, after) or (kind == "comma" and GOES_ON.match(text, after))):
        return True
    if kind in ("comma", "word", "arrow", "dash") and _second_task(text, begin, seam, end, cast):
        return True
    subject = opening(text, after, end, cast)[1]
    in_passing = subject is None or (subject.doubtful and kind == "word")
    return subject is not None and not in_passing and _begins(text, seam, subject, end, cast)


def _ends_a_sentence(text: str, seam: re.Match[str], begin: int, cast: Cast) -> bool:
    """Whether the stop is more than the dot of a short form or of a German "am 14."."""
    if seam.group().strip() != ".":
        return True
    before, after = cast.folded[max(begin, seam.start() - 8) : seam.start()], text[seam.end()]
    if cast.words.code == "de" and before[-1:].isdecimal() and after.islower():
        return False
    return not (SHORT_FORM.search(before) or (SHORT_DATE.search(before) and after.isdecimal()))


def _begins(text: str, seam: re.Match[str], subject: Subject, end: int, cast: Cast) -> bool:
    if subject.form in ("colon", "fact"):
        return True
    kind = stance(text, subject.end, end, cast).kind
    if kind in ("promise", "deed", "past", "modal", "never", "fact"):
        return True
    if kind in ("task", "perhaps"):
        return bool(seam.lastgroup != "open")
    return kind == "thing" and seam.lastgroup in ("comma", "dash") and not subject.pronoun and subject.form == "plain"


def _second_task(text: str, begin: int, seam: re.Match[str], end: int, cast: Cast) -> bool:
    """Whether the same person's next deed, with a day of its own, starts behind the seam.

    "N writes the story by Tuesday, sends the CV on Friday" are two; "writes it tonight, sends it tomorrow" is one.
    """
    if not cast.days.any_within(begin, seam.start()):
        return False
    stop = SEAM.search(text, seam.end() + 1, end)
    until = stop.start() if stop else end
    days = cast.days.within(seam.end(), until)
    if not days or stance(text, seam.end(), end, cast).kind not in ("deed", "task"):
        return False
    said = text[seam.end() : days[0][0]] + " " + text[days[-1][1] : until]
    return len([word for word in WORD.findall(said) if word not in ("it", "them", "that")]) > 1
