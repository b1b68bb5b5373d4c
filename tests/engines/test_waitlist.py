"""Who gets a freed time: the best-fitting, nobody forever behind newcomers, nothing idle while somebody waits."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterhour.engines.waitlist import PATIENCE, Freed, Waiter, next_offers, place_of, worth

QUARTER = 900.0
MENTORS = ["a", "b", "c"]


@st.composite
def waiting(draw, most=7):
    found = []
    for n in range(draw(st.integers(1, most))):
        mentors = draw(st.lists(st.sampled_from(MENTORS), unique=True, max_size=3))
        fits = {mentor: draw(st.floats(0.25, 1.0)) for mentor in mentors}
        starts = {
            mentor: sorted(draw(st.sets(st.integers(0, 5), max_size=4).map(lambda s: [k * QUARTER for k in s])))
            for mentor in mentors
        }
        lasts = {mentor: draw(st.sampled_from([900.0, 1500.0])) for mentor in mentors}
        since = draw(st.floats(0, 3 * PATIENCE))
        found.append(Waiter(id=n, since=since, fits=fits, starts=starts, lasts=lasts))
    return found


def meets(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def taken(offers, waiters) -> dict:
    by_id = {w.id: w for w in waiters}
    return {o.waiter: (o.mentor, (o.start, o.start + by_id[o.waiter].lasts[o.mentor])) for o in offers}


@given(waiting())
def test_one_time_each_and_no_mentor_in_two_places(waiters):
    offers = next_offers(waiters)
    held = taken(offers, waiters)
    assert len(held) == len(offers)
    assert all(o.start in waiters[o.waiter].starts[o.mentor] for o in offers)
    for one, other in permutations(held.values(), 2):
        assert one[0] != other[0] or not meets(one[1], other[1])


@given(waiting())
def test_no_time_is_idle_while_somebody_waits_whom_it_suits(waiters):
    held = taken(next_offers(waiters), waiters)
    for waiter in waiters:
        if waiter.id in held:
            continue
        for mentor, starts in waiter.starts.items():
            for start in starts:
                span = (start, start + waiter.lasts[mentor])
                assert any(who == mentor and meets(span, at) for who, at in held.values())


@given(waiting())
def test_nobody_would_rather_have_what_somebody_behind_them_got(waiters):
    offers = {o.waiter: o for o in next_offers(waiters)}
    held = taken(offers.values(), waiters)
    for waiter in waiters:
        mine = worth(waiter, offers[waiter.id].mentor) if waiter.id in offers else float("-inf")
        for other, offer in offers.items():
            if other == waiter.id or offer.mentor not in waiter.fits or worth(waiter, offer.mentor) <= mine:
                continue
            if offer.start not in waiter.starts[offer.mentor]:
                continue
            span = (offer.start, offer.start + waiter.lasts[offer.mentor])
            ahead = [
                who
                for who, (mentor, at) in held.items()
                if mentor == offer.mentor and meets(span, at) and worth(waiters[who], mentor) >= worth(waiter, mentor)
            ]
            assert ahead, "somebody who comes first stands in the way, or it would be theirs"


@given(waiting(), st.randoms())
def test_the_order_of_asking_does_not_matter(waiters, shuffled):
    mixed = list(waiters)
    shuffled.shuffle(mixed)
    assert set(next_offers(mixed)) == set(next_offers(waiters))


@given(st.floats(0.25, 1), st.lists(st.floats(0.25, 1), max_size=6), st.floats(0, 10 * PATIENCE))
def test_whoever_waits_is_overtaken_only_by_those_who_joined_within_patience(fit, newer, waited):
    """The bound: after two days no newcomer comes before, whatever their fit."""
    me = Waiter(id="me", since=0.0, fits={"a": fit}, starts={"a": [waited]}, lasts={"a": QUARTER})
    joined = PATIENCE * (1 - fit) + 1
    others = [
        Waiter(id=n, since=joined + n, fits={"a": each}, starts={"a": [waited]}, lasts={"a": QUARTER})
        for n, each in enumerate(newer)
    ]
    assert next_offers([*others, me])[0] == Freed("me", "a", waited)
    assert place_of(me, others) == (1, len(others) + 1)


@pytest.mark.parametrize(("first", "second", "wins"), [(0.9, 0.5, "late"), (0.5, 0.5, "early"), (0.55, 0.5, "early")])
def test_the_better_fit_wins_unless_the_other_waited_longer(first, second, wins):
    """A tenth more of fit is worth five hours of waiting."""
    late = Waiter(id="late", since=5 * 3600, fits={"a": first}, starts={"a": [0]}, lasts={"a": QUARTER})
    early = Waiter(id="early", since=0, fits={"a": second}, starts={"a": [0]}, lasts={"a": QUARTER})
    assert [o.waiter for o in next_offers([late, early])] == [wins]


@given(waiting())
def test_places_are_a_pessimistic_order(waiters):
    for me in waiters:
        place, many = place_of(me, waiters)
        assert 1 <= place <= many <= len(waiters)
    everybody = [Waiter(id=w.id, since=w.since, fits={"a": 0.5}) for w in waiters]
    assert sorted(place_of(me, everybody)[0] for me in everybody) == list(range(1, len(everybody) + 1))


def test_places_change_only_when_somebody_comes_or_goes():
    one, other = Waiter(id=1, since=0, fits={"a": 0.4}), Waiter(id=2, since=3600, fits={"a": 0.6})
    later = [Waiter(id=w.id, since=w.since - 9 * 3600, fits=w.fits) for w in (one, other)]
    assert [place_of(w, [one, other]) for w in (one, other)] == [place_of(w, later) for w in later]
