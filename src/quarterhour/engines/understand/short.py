"""The question of a long text, for lists and for the subject of a mail."""

from quarterhour.engines.understand.sentences import Sentence, sentences

__all__ = ["short_question"]

MOST = 20_000
FEW, SHORT = 14, 40
CUT_AT = 0.6


def short_question(text: str, limit: int = 80) -> str:
    """The sentence that asks, on one line, in at most `limit` characters; "" for text without words.

    Of several questions the one that says most within the limit; without a question the beginning. The sentence
    before it comes along where there is room: it often names what the question is about. What is too long is cut
    between words and ends with "…". Raises ValueError if `limit` is under 2.

    >>> short_question("I was offered the lead. I like building. Should I say yes now? I answer by Friday.")
    'I like building. Should I say yes now?'
    >>> short_question("My best engineer wants to leave. How do I find out why, without begging?")
    'My best engineer wants to leave. How do I find out why, without begging?'
    """
    if limit < 2:  # noqa: PLR2004 - a letter and the sign that more follows
        raise ValueError(f"A question in {limit} characters cannot be read. Choose 2 or more.")
    found = sentences(text[:MOST])
    if not found:
        return ""
    asked = [one for one in found if one.asks and len(one.text) >= FEW]
    chosen = _fullest([one for one in asked if len(one.text) <= limit]) or _fullest(asked)
    if chosen is None:
        begin = found[0].text if len(found[0].text) >= SHORT else text[found[0].start : found[0].start + 2 * limit]
        return _cut(" ".join(begin.split()), limit)
    line = " ".join(chosen.text.split())
    place = found.index(chosen)
    if place and (len(line) < SHORT or len(found[place - 1].text) >= FEW):  # a mere greeting stays behind
        longer = " ".join(f"{found[place - 1].text} {line}".split())
        line = longer if len(longer) <= limit else line
    return _cut(line, limit)


def _fullest(candidates: list[Sentence]) -> Sentence | None:
    return max(candidates, key=lambda one: (len(one.text), one.start), default=None)


def _cut(line: str, limit: int) -> str:
    if len(line) <= limit:
        return line
    kept = line[: limit - 1]
    blank = kept.rfind(" ")
    if blank >= limit * CUT_AT:
        kept = kept[:blank]
    return kept.rstrip(" ,;:–—-") + "…"
