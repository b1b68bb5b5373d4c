"""The title of a long text, for lists and for the subject of a mail: whoever wrote it knows it again."""

import re

from quarterhour.engines.understand.sentences import Sentence, sentences

__all__ = ["short_question"]

MOST = 20_000
FEW, SHORT, OPENING = 14, 40, 20
CUT_AT = 0.6
# A greeting says nothing of a question, and every other text begins with it.
GREETING = re.compile(
    r"(?:hi|hello|hey|dear|good (?:morning|day|evening)|hallo|guten (?:tag|morgen|abend)|bonjour|salut|hola|buen[oa]s|"
    r"ol[áa]|ciao|buongiorno|cześć|dzień dobry|مرحبا|السلام عليكم|こんにちは|你好)(?:[^\w].*)?",
    re.IGNORECASE | re.DOTALL,
)


def short_question(text: str, limit: int = 80) -> str:
    """What a text is about and asks, on one line, in at most `limit` characters; "" for text without words.

    A text that fits stays whole, but for a greeting. Of a longer one its question, with everything before it where
    there is room, or else with how the text begins: both is what its writer remembers. Of several questions the one
    that says most within the limit; without a question the beginning. What is left out, or cut between words, is
    shown by "…". Raises ValueError if `limit` is under 2.

    >>> short_question("I was offered the lead. I like building. Should I say yes now? I answer by Friday.")
    'I was offered the lead. I like building. Should I say yes now?'
    >>> short_question("My best engineer wants to leave. She is the third in a year. How do I find out why?", 60)
    'My best engineer wants to leave. … How do I find out why?'
    """
    if limit < 2:  # noqa: PLR2004 - a letter and the sign that more follows
        raise ValueError(f"A question in {limit} characters cannot be read. Choose 2 or more.")
    found = _ungreeted(sentences(text[:MOST]))
    if not found:
        return ""
    whole = _line(text, found[0], found[-1])
    if len(whole) <= limit:
        return whole
    asked = [one for one in found if one.asks and len(one.text) >= FEW]
    chosen = _fullest([one for one in asked if len(one.text) <= limit]) or _fullest(asked)
    if chosen is None:
        begin = found[0].text if len(found[0].text) >= SHORT else text[found[0].start : found[0].start + 2 * limit]
        return _cut(" ".join(begin.split()), limit)
    so_far = _line(text, found[0], chosen)
    return so_far if len(so_far) <= limit else _opened(found[0], chosen, limit)


def _ungreeted(found: list[Sentence]) -> list[Sentence]:
    greets = len(found) > 1 and len(found[0].text) <= SHORT and GREETING.fullmatch(found[0].text)
    return found[1:] if greets else found


def _line(text: str, first: Sentence, last: Sentence) -> str:
    return " ".join(text[first.start : last.end].split())


def _opened(first: Sentence, chosen: Sentence, limit: int) -> str:
    """The question behind the first words of the text; alone where too few of them would fit."""
    line = " ".join(chosen.text.split())
    beginning = " ".join(first.text.split())
    room = limit - len(line) - len(" … ")
    if first == chosen or room < OPENING:
        return _cut(line, limit)
    return f"{beginning} … {line}" if len(beginning) <= room else f"{_cut(beginning, room)} {line}"


def _fullest(candidates: list[Sentence]) -> Sentence | None:
    return max(candidates, key=lambda one: (len(one.text), one.start), default=None)


def _cut(line: str, limit: int) -> str:
    if len(line) <= limit:
        return line
    kept = line[: limit - 1]
    blank = kept.rfind(" ")
    if blank >= limit * CUT_AT:
        kept = kept[:blank]
    return kept.rstrip(" ,.;:–—-") + "…"
