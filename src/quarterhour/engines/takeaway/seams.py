"""The places where one clause may end and the next begin, and whether it does."""

import re

from quarterhour.engines.takeaway.cues import AFTERWARDS
from quarterhour.engines.takeaway.opening import opening
from quarterhour.engines.takeaway.stance import stance
from quarterhour.engines.takeaway.subject import WORD, Cast, Subject

SEAM = re.compile(
    r"(?P<stop>(?:[.!?;…]{1,6}|[:;]-?[)(DP]{1,3})[\"”»')\]]{0,2}(?=\s)\s{1,2})"
    r"|(?P<arrow>\s{0,2}(?:-{1,2}>|→|=>|⇒)\s{0,2})"
    r"|(?P<enum>\s\(?(?:[1-9]|[a-e])\)\s)"
    r"|(?P<dash>\s(?:--|[-–—/])\s)"
    r"|(?P<comma>,\s{1,2})"
    r"|(?P<open>\s?\()"
    r"|(?P<word>\s(?:and|&|then|but|while|und|dann|aber|et|puis|mais|y|luego|pero|e|depois|mas|poi|ma)\s)",
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
QUOTES = "\"”»'"
GOES_ON = re.compile(
    r"(?:will|to be|shall|wird|va|vai) |(?:otherwise|or else|if not|if no|else|sonst|sinon|si no|senao|altrimenti)\b"
)
ANOTHER_DAY = re.compile(r"[^()\n]{0,60}? (?:if|falls|wenn|si|se) ")
ELSEWHERE = re.compile(r"(?:if|falls|wenn|si|se) [^.;\n]{0,80}?(?:, | then | -> | → )")


def cuts(text: str, seam: re.Match[str], begin: int, end: int, cast: Cast) -> bool:
    """Whether a new clause starts behind this seam."""
    kind, after = seam.lastgroup, seam.end()
    if after >= end:
        return False
    if kind == "enum" or (kind == "stop" and ends_a_sentence(text, seam, begin, cast)):
        return True
    if kind == "word" and (own := opening(text, begin, end, cast)[1]) and own.end >= after:
        return False
    if _announces(text, seam, end, cast):
        return True
    if kind in ("comma", "word", "arrow", "dash") and _second_task(text, begin, seam, end, cast):
        return True
    subject = opening(text, after, end, cast)[1]
    in_passing = subject is None or (subject.doubtful and kind == "word")
    return subject is not None and not in_passing and _begins(text, seam, subject, end, cast)


def _announces(text: str, seam: re.Match[str], end: int, cast: Cast) -> bool:
    """Whether the words behind the seam open a clause by themselves: "scrap that", "Leila will", "otherwise"."""
    kind, after = seam.lastgroup, seam.end()
    if kind == "open":
        aside = ANOTHER_DAY.match(text, after, end)
        return aside is not None and cast.days.any_within(after, aside.end())
    if SOMEBODY.match(text, after):
        return True
    if kind in ("comma", "dash") and (GOES_ON.match(text, after) or ELSEWHERE.match(text, after, end)):
        return True
    calls_off = kind in ("arrow", "comma", "dash") and cast.words.cancel.match(cast.folded[after : after + 40])
    return bool(calls_off)


def ends_a_sentence(text: str, seam: re.Match[str], begin: int, cast: Cast) -> bool:
    """Whether the stop is more than the dot of a short form or of a German "am 14."."""
    stop = seam.group().strip()
    if stop != ".":
        return not (stop[-1] in QUOTES and text[seam.end()].islower())
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
    stop = SEAM.search(text, seam.end() + 1, end)
    until = stop.start() if stop else end
    if stop and cast.days.end_of(stop.end()):
        until = stop.end() + 1
    days = cast.days.within(seam.end(), until)
    days = days or [shift.span() for shift in AFTERWARDS.finditer(cast.folded, seam.end(), until)]
    if not days or stance(text, seam.end(), end, cast).kind not in ("deed", "task"):
        return False
    dated = cast.days.any_within(begin, seam.start())
    if not dated and not _promises_nothing(text, begin, end, cast):
        return False
    said = text[seam.end() : days[0][0]] + " " + text[days[-1][1] : until]
    return len([word for word in WORD.findall(said) if word not in ("it", "them", "that")]) > dated


def _promises_nothing(text: str, begin: int, end: int, cast: Cast) -> bool:
    """Whether what stands ahead of the seam is no task ("knows the clinic & connects them tomorrow")."""
    body, subject = opening(text, begin, end, cast)
    return stance(text, subject.end if subject else body, end, cast).kind in ("fact", "past", "never")
