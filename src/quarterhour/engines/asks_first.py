"""Whether a mentor is asked before a booking counts: their own word, topic by topic."""

from collections.abc import Collection, Iterable

from quarterhour.engines.matching.family import Family

__all__ = ["asks_first"]


def asks_first(
    asked: Collection[str], topics: Iterable[tuple[str | None, bool | None]], *, otherwise: bool, family: Family
) -> bool:
    """Whether a mentor wants to be asked first about a question; if not, it confirms at once.

    asked: ids of the skills the question is about. topics: of the mentor, each its skill's id, None for a topic in
    words of their own, and whether they want to be asked first about it; None for "as I say for everything".
    otherwise: what they say for everything.

    Of the topics the question is about the strictest wins: the same skill, a part of it, or what it is a part of.
    Where it is about none of them, what they say for everything counts.

    >>> from quarterhour.engines.understand import Skill
    >>> family = Family([Skill("music", "Music", "arts"), Skill("piano", "Piano", "arts", "music")])
    >>> topics = [("piano", True), ("cooking", None)]
    >>> [asks_first([skill], topics, otherwise=False, family=family) for skill in ("piano", "music", "cooking")]
    [True, True, False]
    """
    known = [(skill_id, word) for skill_id, word in topics if skill_id is not None]
    if all(word is None for _, word in known):
        return otherwise
    about = [
        otherwise if word is None else word
        for skill_id, word in known
        if any(family.is_in_line(one, skill_id) for one in asked)
    ]
    return any(about) if about else otherwise
