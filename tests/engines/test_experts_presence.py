"""Who asks is present: known from earlier questions alone, and never from who answered."""

import numpy as np
import pytest

from quarterhour.engines.experts import Ask, History, Past, Presence, Reply, Signals
from quarterhour.engines.experts.table import GROUPS

DAY = 86_400
NOW = 1_000 * DAY


def asked(asker, *, days=0.0, area="cheese"):
    """A question, so many days after the history ended."""
    return Ask(f"{asker}{days}", area, "", "goat cheese?", NOW + days * DAY, asker)


@pytest.fixture
def history():
    return History([Past(asked("zoe", days=-40), [Reply("ana", 5.0, "cheese")])], ["ana", "bo"], until=NOW)


@pytest.fixture
def here(history):
    return Presence(history, np.array([40.0, 5000.0]))


def test_nobody_is_present_before_anybody_asked(here):
    found = here.of(asked("zoe", days=10))

    assert found["days_gone"].tolist() == [50.0, 5000.0]
    assert not any(found[name].any() for name in ("asks_lately", "asks_since", "asks_here"))


def test_who_asks_is_back(here):
    here.note(asked("bo", days=3))
    here.note(asked("a stranger", days=4))
    found = here.of(asked("zoe", days=17))

    assert found["days_gone"].tolist() == [57.0, 14.0]
    assert here.lately(asked("zoe", days=17)).tolist() == [0.0, 0.5]
    assert found["asks_since"].tolist() == found["asks_here"].tolist() == [0.0, np.log(2)]
    assert not here.of(asked("zoe", days=17, area="taxes"))["asks_here"].any()


def test_what_was_asked_lately_fades_however_often_somebody_looks(here):
    for day in (0, 14, 28):
        here.note(asked("ana", days=day))
        here.of(asked("zoe", days=day + 1))
    assert here.lately(asked("zoe", days=28)).tolist() == [1.75, 0.0]


def test_the_deaf_note_nothing(history):
    deaf = Presence(history, np.array([40.0, 5000.0]), deaf=True)
    deaf.note(asked("bo"))
    assert deaf.of(asked("zoe", days=1))["days_gone"].tolist() == [41.0, 5000.0]


def test_presence_can_be_left_out(history):
    signals = Signals(history, without=["presence"])
    here = signals.presence()
    here.note(asked("bo"))

    assert not GROUPS["presence"] & set(signals.of(asked("zoe", days=1), here=here))
    assert not here.lately(asked("zoe", days=1)).any()
