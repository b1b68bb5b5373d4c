"""One template database, a clone for each worker, and the people of the morning of the mockups."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import hypothesis
import pytest

collect_ignore = ["moved"]  # read by the servers of a journey when Python starts; nothing to test in it

# How long an example takes says how busy the machine is, and nothing of what is tested.
hypothesis.settings.register_profile("no clock", deadline=None)
hypothesis.settings.load_profile("no clock")


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Each worker has its own clone, made below: no suffix is needed."""


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker, worker_id):
    """Migrate one template database once, under a lock, and clone it for this worker (about 50 ms)."""
    from django.conf import settings
    from django.db import connections

    from tests.emptied import install
    from tests.template_database import clone, template

    install()
    with django_db_blocker.unblock():
        template(
            os.environ["DATABASE_URL"],
            Path(tempfile.gettempdir()) / f"quarterhour-template-{os.getppid()}.lock",
        )
        name = clone(os.environ["DATABASE_URL"], f"quarterhour_{worker_id}")
        connections["default"].close()
        settings.DATABASES["default"]["NAME"] = name
        connections["default"].settings_dict["NAME"] = name
    yield
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture(autouse=True)
def _own_addresses():
    """A test begins with the project's own addresses, whatever page the one before it drew."""
    from django.urls import set_urlconf

    set_urlconf(None)


@pytest.fixture
def now():
    """Thursday 26 November 2026, four minutes past nine in Lisbon: the morning of the mockups."""
    from datetime import UTC, datetime

    return datetime(2026, 11, 26, 9, 4, tzinfo=UTC)


@pytest.fixture
def commons(db):
    from quarterhour.people.queries import commons

    return commons()


@pytest.fixture
def leila(commons):
    """A mentee in Lisbon."""
    from tests.factories import PersonFactory

    return PersonFactory(name="Leila Haddad", email="leila@town.example", zone="Europe/Lisbon", org=commons)


@pytest.fixture
def amara(commons):
    """A mentor in Lagos, free on weekdays from nine to twelve, who confirms at once."""
    from tests.factories import MentorFactory

    return MentorFactory(name="Amara Okafor", email="amara@town.example", zone="Africa/Lagos", org=commons)


@pytest.fixture
def tomasz(commons):
    """A mentor in Kraków who wants to be asked first."""
    from tests.factories import MentorFactory

    return MentorFactory(
        name="Tomasz Zieliński", email="tomasz@town.example", zone="Europe/Warsaw", org=commons, confirm="ask"
    )


@pytest.fixture
def need(leila, commons, now):
    from tests.factories import NeedFactory

    return NeedFactory(mentee=leila, org=commons, stated_at=now)


from tests.at_once import at_once  # noqa: E402, F401 - many hands at one moment
from tests.live_server import _served, calendar, live_site  # noqa: E402, F401 - the site as served in production, for journeys
