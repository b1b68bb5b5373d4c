"""Who was there: golden cases, and a slow rival that looks at every minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterhour.engines.attendance import (
    Attended,
    Found,
    Seen,
    Side,
    Stay,
    Verdict,
    in_words,
    judge,
    minutes_told,
)

NINE = datetime(2026, 11, 26, 9, tzinfo=UTC)
KINDS = ("waiting", "joined", "left", "heartbeat", "media_connected", "media_failed")


def at(minute: float) -> datetime:
    return NINE + timedelta(minutes=minute)


def found_in(log, *, minutes=25, until=40, **also) -> Found:
    """log: (side, connection, kind, minute) rows."""
    lines = [Seen(Side(side), page, kind, at(minute)) for side, page, kind, minute in log]
    return judge(lines, Stay(at(0), at(minutes)), opens=at(-10), until=at(until), **also)


def there(side, start, end, page="1"):
    return [(side, side + page, "joined", start), (side, side + page, "left", end)]


def lobby(side, start, end):
    return [(side, side + "lobby", "waiting", start), (side, side + "lobby", "left", end)]


def clock(moment):
    return f"{moment:%H:%M}"


GOLDEN = {
    "both, the whole time": (there("mentor", 0, 25) + there("mentee", 0, 25), Verdict.HELD),
    "a third of it is enough": (there("mentor", 0, 9) + there("mentee", 0, 9), Verdict.HELD),
    "less than a third": (there("mentor", 0, 8) + there("mentee", 0, 8), Verdict.SHORT),
    "they talked over": (there("mentor", 20, 35) + there("mentee", 22, 35), Verdict.HELD),
    "less than a minute is no meeting": (there("mentor", 0, 12.5) + there("mentee", 12, 20), Verdict.MISSED_BY_MENTEE),
    "nobody came for the mentor": (there("mentor", 0, 12), Verdict.MISSED_BY_MENTEE),
    "nobody came for the mentee": (there("mentee", -2, 5), Verdict.MISSED_BY_MENTOR),
    "waited in the lobby": (lobby("mentee", -2, 11), Verdict.MISSED_BY_MENTOR),
    "a look into the room is no waiting": (there("mentee", 0, 4), Verdict.MISSED_BY_BOTH),
    "half a minute together": (there("mentor", 0, 4) + there("mentee", 3.5, 4), Verdict.UNKNOWN),
    "gone before the start": (there("mentee", -8, -1) + there("mentor", 0, 6), Verdict.MISSED_BY_MENTEE),
    "at different times, both in time": (there("mentor", 0, 6) + there("mentee", 7, 14), Verdict.MISSED_BY_BOTH),
    "at different times, one too late": (there("mentor", 0, 6) + there("mentee", 11, 20), Verdict.MISSED_BY_MENTEE),
    "both too late": (there("mentor", 11, 17) + there("mentee", 18, 25), Verdict.MISSED_BY_BOTH),
    "both in the lobby": (lobby("mentor", 0, 12) + lobby("mentee", 0, 12), Verdict.UNKNOWN),
    "one stayed in the lobby": (there("mentor", 0, 12) + lobby("mentee", 3, 12), Verdict.UNKNOWN),
    "nobody was seen": ([], Verdict.UNKNOWN),
    "no way to each other": (
        [*there("mentor", 0, 25), *there("mentee", 0, 25), ("mentor", "mentor1", "media_failed", 1)],
        Verdict.TECHNICAL,
    ),
    "found each other later": (
        [
            *there("mentor", 0, 25), *there("mentee", 0, 25),
            ("mentor", "mentor1", "media_failed", 1), ("mentee", "mentee1", "media_connected", 3),
        ],
        Verdict.HELD,
    ),
    "a killed process": (
        [
            ("mentor", "m", "joined", 0), ("mentor", "m", "heartbeat", 12),
            ("mentee", "e", "joined", 1), ("mentee", "e", "heartbeat", 11),
        ],
        Verdict.HELD,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", GOLDEN)
def test_verdict_of_a_golden_case(name):
    log, verdict = GOLDEN[name]
    assert found_in(log).verdict == verdict


def test_a_card_both_keep_counts_as_held_wherever_they_met():
    assert found_in([], told=Side).verdict == Verdict.HELD
    assert found_in(there("mentor", 0, 12), told=Side).verdict == Verdict.HELD


def test_one_word_settles_what_is_unknown_and_never_a_miss():
    assert found_in([], told=[Side.MENTEE]).verdict == Verdict.HELD
    assert found_in(there("mentor", 0, 12), told=[Side.MENTEE]).verdict == Verdict.MISSED_BY_MENTEE


def test_whoever_went_on_in_writing_met():
    log = [*there("mentor", 0, 25), *there("mentee", 0, 25), ("mentor", "mentor1", "media_failed", 1)]
    assert found_in(log, wrote=Side).verdict == Verdict.HELD
    assert found_in(log, wrote=[Side.MENTOR]).verdict == Verdict.TECHNICAL


def test_a_page_that_went_without_a_word_was_there_until_last_heard_of():
    log = [("mentor", "m", "joined", 0), ("mentor", "m", "heartbeat", 7)]
    assert found_in(log).mentor.inside == (Stay(at(0), at(7)),)
    assert found_in(log, until=8).mentor.inside == (Stay(at(0), at(8)),)
    assert found_in(log, until=10).mentor.inside == (Stay(at(0), at(7)),)


def test_nothing_after_the_end_of_the_look_is_seen():
    log = [*there("mentor", 0, 25), ("mentor", "mentor1", "heartbeat", 10), *there("mentee", 11, 25)]
    assert found_in(log, until=10).verdict == Verdict.MISSED_BY_MENTEE


def test_a_session_without_length_is_refused():
    with pytest.raises(ValueError, match="length"):
        found_in([], minutes=0)


def test_the_reason_in_words():
    found = found_in(there("mentor", 1, 24) + there("mentee", 3, 25))
    told = in_words(found, mentor="Amara", mentee="Leila", clock=clock)
    assert told == (
        "Amara was there from 09:01 to 09:24, 2 minutes of it alone; "
        "Leila was there from 09:03 to 09:25, 1 minute of it alone; 21 minutes together."
    )


def test_the_reason_names_breaks_the_lobby_and_who_says_so():
    log = [*there("mentor", 0, 5, "1"), *there("mentor", 7, 25, "2"), *lobby("mentee", 0, 4)]
    told = in_words(found_in(log, told=[Side.MENTEE]), mentor="Amara", mentee="Leila", clock=clock)
    assert "from 09:00 to 09:25 with a break" in told
    assert "Leila was in the lobby from 09:00 to 09:04" in told
    assert told.endswith("Leila says that they met.")
    both = in_words(found_in([], told=Side), mentor="Amara", mentee="Leila", clock=clock)
    assert both == "Both say that they met. Amara was not seen; Leila was not seen."
    failed = Found(Verdict.TECHNICAL, Attended(), Attended(), timedelta(minutes=3))
    assert in_words(failed, mentor="A", mentee="B", clock=clock).endswith("no way to each other.")


def test_minutes_are_told_as_one_says_them():
    assert [minutes_told(timedelta(seconds=s)) for s in (0, 59, 60, 125)] == [
        "less than a minute", "less than a minute", "1 minute", "2 minutes",
    ]  # fmt: skip


# --- the rival: every minute, every page, by hand --------------------------------------------------


def rival(log, minutes, until, told, wrote):
    """The same rules, minute by minute; for logs of whole minutes."""
    log = [line for line in log if line[3] <= until]
    places = {}  # (side, minute) to "lobby" or "inside"
    for side, page in {(line[0], line[1]) for line in log}:
        lines = [line for line in log if line[:2] == (side, page)]
        left = [line[3] for line in lines if line[2] == "left"]
        last = max(line[3] for line in lines)
        end = min(left) if left else (until if until - last <= 1 else last)
        entered = min([line[3] for line in lines if line[2] == "joined"], default=end)
        for minute in range(max(min(line[3] for line in lines), -10), end):
            known = places.get((side, minute))
            places[side, minute] = "inside" if minute >= entered or known == "inside" else "lobby"
    both = [m for m in range(-10, until) if all(places.get((s, m)) == "inside" for s in ("mentor", "mentee"))]
    near = [m for m in range(minutes) if all((s, m) in places for s in ("mentor", "mentee"))]
    came = {s: [m for m in range(minutes) if (s, m) in places] for s in ("mentor", "mentee")}
    waited = {s: len([m for m in came[s] if m not in near]) for s in came}
    kinds = {line[2] for line in log}
    if len(told) == 2:
        return "held", len(both), waited
    if both and "media_failed" in kinds and "media_connected" not in kinds and len(wrote) < 2:
        return "technical failure", len(both), waited
    if both:
        return ("held" if len(both) >= 5 and len(both) * 3 >= minutes else "short"), len(both), waited
    if near or not (came["mentor"] or came["mentee"]):
        return ("held" if told else "unknown"), 0, waited
    missing = []
    for side, other in (("mentor", "mentee"), ("mentee", "mentor")):
        if (not came[side] or came[side][0] > 10) and waited[other] >= 5:
            missing.append(side)
    return (f"missed by {missing[0]}" if len(missing) == 1 else "missed by both"), 0, waited


LINES = st.lists(
    st.tuples(
        st.sampled_from(["mentor", "mentee"]), st.sampled_from(["a", "b"]), st.sampled_from(KINDS), st.integers(-12, 45)
    ),
    max_size=14,
)
SOME = st.sets(st.sampled_from(list(Side)))


@given(LINES, st.sampled_from([15, 25, 30, 45]), st.integers(1, 60), SOME, SOME)
def test_the_verdict_is_the_one_of_every_minute(log, minutes, until, told, wrote):
    found = found_in(log, minutes=minutes, until=until, told=told, wrote=wrote)

    verdict, together, waited = rival(log, minutes, until, told, wrote)
    assert (found.verdict, found.together) == (verdict, timedelta(minutes=together))
    assert {s: found.of(Side(s)).waited for s in waited} == {s: timedelta(minutes=n) for s, n in waited.items()}


@given(LINES, st.randoms(use_true_random=False))
def test_the_order_of_the_lines_does_not_matter(log, order):
    shuffled = list(log)
    order.shuffle(shuffled)
    assert found_in(shuffled) == found_in(log)


@given(LINES)
def test_mentor_and_mentee_are_judged_alike(log):
    mirrored = [("mentee" if side == "mentor" else "mentor", *rest) for side, *rest in log]
    swap = {
        Verdict.MISSED_BY_MENTOR: Verdict.MISSED_BY_MENTEE,
        Verdict.MISSED_BY_MENTEE: Verdict.MISSED_BY_MENTOR,
    }  # fmt: skip
    one, other = found_in(log), found_in(mirrored)
    assert swap.get(one.verdict, one.verdict) == other.verdict
    assert (one.mentor, one.mentee) == (other.mentee, other.mentor)


@given(LINES)
def test_a_card_both_keep_is_the_last_word(log):
    assert found_in(log, told=Side).verdict == Verdict.HELD
