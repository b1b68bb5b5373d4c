"""The features of the ranking of experts: name, unit, range, and why it is there."""

from collections.abc import Mapping
from typing import NamedTuple

__all__ = ["BY_VECTORS", "GROUPS", "OF_NEWCOMERS", "SPREAD", "TABLE", "Feature"]


class Feature(NamedTuple):
    """unit: of the values. low, high: where they lie; None where there is no bound. why: what it tells."""

    unit: str
    low: float | None
    high: float | None
    why: str


_LOG = "log(share + 0.0001)"
_DAILY = "log(helps a day + 0.0001)"

_PERSON = {
    **{
        f"helps_{days}": Feature(_DAILY, -9.3, None, f"how often they help, with a half-life of {days} days")
        for days in (7, 15, 30, 60, 120, 365)
    },
    "helps": Feature("log(1 + helps)", 0, None, "experience in all"),
    "rising": Feature("ratio", 0, None, "helps of the last 30 days against the last 90: coming or leaving"),
    "rising_slowly": Feature("ratio", 0, None, "helps of the last 90 days against the last 180"),
    "first_help": Feature("days", 0, None, "since their first help: newcomers behave differently"),
    "last_help": Feature("days", 0, 5000, "since their last help; 5000 for never"),
    "last_seen": Feature("days", 0, 5000, "since they last wrote anything; who is gone does not answer"),
    "days_of_14": Feature("share", 0, 1, "days of the last 14 on which they wrote"),
    "days_of_60": Feature("share", 0, 1, "days of the last 60 on which they wrote"),
    "weeks_of_20": Feature("share", 0, 1, "weeks of the last 20 in which they wrote: staying power"),
    "asks": Feature("log(1 + asks)", 0, None, "questions of their own, lately: present, perhaps learning"),
    "asks_share": Feature("share", 0, 1, "asks of their asks and helps: a helper or a learner"),
    "within_hour": Feature("share", 0, 1, "helps that came within an hour"),
    "minutes": Feature("log(1 + minutes)", 0, 8.4, "to their first reply, on average"),
    "first_to_reply": Feature("share", 0, 1, "helps in which nobody was quicker"),
    "replies": Feature("replies", 0, None, "for each help: a word or a conversation"),
    "length": Feature("log(1 + characters)", 0, None, "of what they write for each help: substance"),
    "helps_new": Feature("share", 0, 1, "helps for people who had asked less than twice"),
    "newcomer": Feature("0 or 1", 0, 1, "they have helped less than ten times"),
}
_PRESENCE = {
    "days_gone": Feature("days", 0, 5000, "since they last wrote or, after the history ended, asked"),
    "asks_lately": Feature("log(1 + 3 asks)", 0, None, "since the history ended, half after two weeks: they are here"),
    "asks_since": Feature("log(1 + asks)", 0, None, "all they asked since the history ended"),
    "asks_here": Feature("log(1 + asks)", 0, None, "the same in this area"),
}
_AREA = {
    **{
        f"area_{days}": Feature(_DAILY, -9.3, None, f"helps in this area, with a half-life of {days} days")
        for days in (30, 90, 365)
    },
    "area_share": Feature("share", 0, 1, "of their helps that lie in this area: specialists"),
    "area_last": Feature("days", 0, 5000, "since their last help in this area"),
}
_TIME = {
    "hour_now": Feature("log ratio", None, None, "likelier than others to write within the next hour"),
    "hours_3": Feature("log ratio", None, None, "the same for three hours"),
    "hours_12": Feature("log ratio", None, None, "the same for twelve hours"),
    "weekday": Feature("log ratio", None, None, "likelier than others to write on this day of the week"),
}
_KNOWN = {
    "helped_asker": Feature("log(1 + helps)", 0, None, "they have helped this asker before"),
    "helped_asker_share": Feature("share", 0, 1, "of all help this asker received"),
    "was_helped": Feature("log(1 + helps)", 0, None, "this asker has helped them: one returns it"),
    "beside_asker": Feature("log(1 + asks)", 0, None, "both have helped with the same asks"),
}
_VOTES = {
    "votes_hour": Feature(_LOG, -9.3, 0.1, "asks in this area at this time of day"),
    "votes_words": Feature(_LOG, -9.3, 0.1, "asks with the same rare words (BM25)"),
    "votes_title": Feature(_LOG, -9.3, 0.1, "asks with the same words in the title"),
    "votes_thread": Feature(_LOG, -9.3, 0.1, "the same with the words of the answers: they name what was meant"),
    "votes_thread_hour": Feature(_LOG, -9.3, 0.1, "the same, close in the time of day"),
    "votes_thread_recent": Feature(_LOG, -9.3, 0.1, "the same, of the last weeks"),
    "votes_thread_long": Feature(_LOG, -9.3, 0.1, "the same, over years and areas: rare specialists"),
    "votes_meaning": Feature(_LOG, -9.3, 0.1, "asks with the same meaning, learned from the site's own texts"),
    "votes_mixed": Feature(_LOG, -9.3, 0.1, "words, meaning, area, time of day and recency together"),
    "votes_vector": Feature(_LOG, -9.3, 0.1, "asks with the same meaning, by the sentence model"),
    "votes_vector_hour": Feature(_LOG, -9.3, 0.1, "the same, close in the time of day"),
    "votes_all": Feature(_LOG, -9.3, 0.1, "all three kinds of likeness together"),
    "votes_all_hour": Feature(_LOG, -9.3, 0.1, "the same, recent and close in the time of day"),
    "nearest_words": Feature("log(votes + 0.01)", -4.7, None, "the fifty likest asks by words"),
    "nearest_thread": Feature("log(votes + 0.01)", -4.7, None, "the fifty likest asks and answers by words"),
    "nearest_vector": Feature("log(votes + 0.01)", -4.7, None, "the fifty likest asks by the sentence model"),
    "best_thread": Feature("BM25 share", 0, 2.2, "the likest ask they ever helped with, by words"),
    "best_vector": Feature("cosine", -1, 1, "the likest ask they ever helped with, by the sentence model"),
    "answers": Feature("BM25 share", 0, 4, "the question's words in all they answered in two years"),
    "centre": Feature("cosine", -1, 1, "the question and the direction of all they helped with"),
}
_LIKELY = {
    f"likely_{kind}_{days}": Feature("probability", None, None, f"to help, by regression on {what}; half-life {days} d")
    for kind, what in {
        "thread": "the meaning of asks with answers",
        "question": "the meaning of asks alone",
        "vector": "the sentence model's vector",
        "both": "vector and meaning",
    }.items()
    for days in (60, 200)
}
_QUESTION = {
    "asked_before": Feature("log(1 + asks)", 0, None, "by this asker: newcomers draw other helpers"),
    "question_length": Feature("characters", 0, None, "long questions draw other helpers"),
    "area_size": Feature("share", 0, 1, "of all asks that lie in this area"),
    "days_ahead": Feature("days", 0, None, "since the history ends: the older it is, the less recency says"),
    "hour": Feature("hours", 0, 24, "of the day, in UTC"),
}

TABLE: Mapping[str, Feature] = _PERSON | _PRESENCE | _AREA | _TIME | _KNOWN | _VOTES | _LIKELY | _QUESTION

BY_VECTORS = frozenset(
    {"votes_vector", "votes_vector_hour", "votes_all", "votes_all_hour", "nearest_vector", "best_vector", "centre"}
    | {name for name in _LIKELY if name.startswith(("likely_vector", "likely_both"))}
)
"""Features that need a sentence model; without one they are left out."""

SPREAD = frozenset({*_VOTES, *_LIKELY})
"""Features that stand in the table a second time, compared with the other people of the same question."""

OF_NEWCOMERS = frozenset(_PRESENCE) | {
    *("last_seen", "last_help", "first_help", "rising", "helps", "helps_30", "helps_365", "asks", "asks_share"),
    *("area_share", "area_365", "hour_now", "answers", "nearest_thread"),
}
"""Features that weigh otherwise for people who have helped less than ten times."""

GROUPS: Mapping[str, frozenset[str]] = {
    "habits": frozenset(_PERSON),
    "presence": frozenset(_PRESENCE),
    "area": frozenset(_AREA),
    "clock": frozenset(_TIME),
    "acquaintance": frozenset(_KNOWN),
    "votes": frozenset(_VOTES) - {"answers", "centre"},
    "answers": frozenset({"answers", "centre"}),
    "expectation": frozenset(_LIKELY),
    "question": frozenset(_QUESTION),
}
"""What can be left out together, to see what it is worth."""
