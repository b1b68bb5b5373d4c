from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.factories import PersonFactory

from quarterhour.config import town
from quarterhour.config.town import TownTrouble
from quarterhour.config.town.loader import _bar, state_of
from quarterhour.people.models import Person

NOW = datetime(2026, 11, 26, 9, 4, tzinfo=UTC)


def test_an_empty_database_is_welcome_and_others_are_left_alone(db):
    assert state_of() == "empty"
    PersonFactory(email="somebody@firm.example")
    assert state_of() == "other"
    with pytest.raises(TownTrouble, match="not from the town"):
        town.load(now=NOW, progress=False)
    with pytest.raises(TownTrouble, match="not from the town"):
        town.load(now=NOW, fresh=True, progress=False)
    assert Person.objects.get().email == "somebody@firm.example"


def test_a_real_place_with_a_leila_of_its_own_is_no_town(db):
    PersonFactory(email="leila-haddad@town.example")
    PersonFactory(email="somebody@firm.example")

    assert state_of() == "other"


def test_production_never_takes_the_town(db, settings):
    settings.MODE = "production"

    with pytest.raises(TownTrouble, match="production"):
        town.load(now=NOW, progress=False)


def test_where_there_is_no_town_there_is_nothing_to_refresh(db):
    assert town.refresh(now=NOW).next is None


def test_without_a_terminal_each_thing_that_is_done_is_said_once(capsys):
    with _bar(show=True) as bar:
        bar.begin(3)
        for what in ("People", "Sessions", "People"):
            bar.told(what, 1)

    assert capsys.readouterr().err.split() == ["People", "Sessions"]
