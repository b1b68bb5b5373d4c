"""Where the words of a clause begin, and whom they name first."""

import re

from quarterhour.engines.takeaway.stance import stance
from quarterhour.engines.takeaway.subject import Cast, Subject, subject_at

LEADING = re.compile(
    r"(?:(?:-{1,2}>|→|=>)\s?)?(?:(?:and|then|so|but|ok|okay|also|plus|yes|actually|sorry|update|edit|great|right|well|dann|und|puis|et|"
    r"luego|y|now)\b[ ,:]{0,2}){0,4}[\"“(\[*_]{0,3}",
    re.IGNORECASE,
)


BEHIND_A_DAY = re.compile(r"[ )\],:–—-]{0,3}")
BARE_NUMBER = re.compile(r"\d{1,2} ")
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
    if (bare := BARE_NUMBER.match(text, at, end)) and (numbered := subject_at(text, bare.end(), end, cast)):
        return bare.end(), numbered
    found = subject_at(text, at, end, cast) or (subject_at(text, begin, end, cast) if at != begin else None)
    if found is None and (share := SHARE.match(text, at, end)):
        owner = cast.people.who(share["name"] or share["party"])
        found = Subject(owner, "colon", at, share.end()) if owner else None
    if found is None and (topic := TOPIC.match(text, at, end)):
        named = subject_at(text, topic.end(), end, cast)
        found = named if named and stance(text, named.end, end, cast).kind != "nothing" else None
    if found and found.doubtful and stance(text, found.end, end, cast).kind not in SURE:
        return at, None
    return at, found


SURE = ("promise", "deed", "past", "fact")
