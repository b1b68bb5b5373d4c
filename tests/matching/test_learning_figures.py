"""How often a taste is found and chance is refused: the figures of docs/algorithms/learned.md.

QUARTERHOUR_LEARNING_SEEDS=6 bin/test tests/matching/test_learning_figures.py -n 0 -s
"""

from __future__ import annotations

import os

import pytest
from tests.learned_town import by_default, by_topics, no_taste, shown

from quarterhour.engines.learned import counts_of, decide, judge, looks_of, plain_heads, share_helped, welcomed
from quarterhour.engines.market import SHIPPED
from quarterhour.matching.learning import lessons_of
from quarterhour.matching.ranker_booster import grown, heads_of

SEEDS = int(os.environ.get("QUARTERHOUR_LEARNING_SEEDS", "2"))


@pytest.mark.bench
@pytest.mark.parametrize(("taste", "taken"), [(by_topics, True), (by_default, False), (no_taste, False)])
def test_a_taste_is_found_and_chance_is_refused(taste, taken):
    for seed in range(SEEDS):
        rankings = shown(weeks=16, a_week=60, seed=seed, taste=taste)
        earlier, later = ([each for each in rankings if (each.week < 12) is early] for early in (True, False))
        looks = looks_of(earlier, SHIPPED)
        found = heads_of(grown(lessons_of(earlier, looks), seed=1, tell=lambda *_told: None))
        heads, plain = welcomed(found, earlier, looks, SHIPPED), plain_heads(earlier, looks, SHIPPED)
        silent = share_helped(earlier)
        judged = judge(later, heads, looks, plain=plain, silent=silent, seed=1, policy=SHIPPED)
        gate, worth, fair = decide(judged, counts_of(later)), judged.difference, judged.fairness
        print(
            f"{taste.__name__:12} {seed}: {'taken' if gate.open else 'not  '} default {judged.default.value:6.1f}"
            f" difference {worth.value:+6.1f} ({worth.low:+.1f} to {worth.high:+.1f})"
            f" newcomers {fair['default'].newcomers:.2f} -> {fair['learned'].newcomers:.2f} welcome {heads.welcome:.2f}"
        )
        assert gate.open is taken, gate.why
