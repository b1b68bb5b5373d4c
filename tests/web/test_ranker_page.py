"""What an operator sees of the ranker: which one places people, how the last training went, the way back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from tests.factories import PersonFactory
from tests.learned_site import lived

from quarterhour.core import clock
from quarterhour.core.models import AuditEntry
from quarterhour.engines.learned import FEATURES, VERSION
from quarterhour.matching.learned import checksum
from quarterhour.matching.learned_models import LearnedRanker
from quarterhour.matching.models import KeptRanking
from quarterhour.matching.rankers import in_force
from quarterhour.web.operate import checks as machine

pytestmark = pytest.mark.django_db

ESTIMATES = {"default": (20.0, 15.0, 26.0), "learned": (31.0, 24.0, 39.0), "difference": (11.0, 4.0, 18.0)}
CALIBRATED = {"brier": 0.0512, "expected": 41.0, "happened": 39.5, "bins": []}
FAIR = {"newcomers": 0.31, "coverage": 0.8, "gini": 0.4}
REPORT = {
    "judged": {
        **{name: dict(zip(("value", "low", "high"), ends, strict=True)) for name, ends in ESTIMATES.items()},
        "weeks": [], "clipped": 0.0,
        "calibration": {"default": CALIBRATED, "learned": CALIBRATED},
        "fairness": {"default": FAIR, "learned": FAIR},
    },
    "gate": {"open": True, "why": ["It brings more."], "needed": ""},
    "looks": [{"place": "first card", "share": 1.0, "low": 1.0, "high": 1.0, "rows": 9, "picks": 3}],
    "later": {"rankings": 240, "picks": 80},
}  # fmt: skip


@pytest.fixture
def jonas(commons):
    return PersonFactory(name="Jonas Brandt", org=commons, is_operator=True)


@pytest.fixture
def learned(commons, now):
    heads = {"welcome": 1.0}
    return LearnedRanker.objects.create(
        org=commons, made_at=now, version=VERSION, features=[feature.name for feature in FEATURES], since=now,
        until=now, seed=1, heads=heads, checksum=checksum(heads), report=REPORT, taken=True, active=True,
    )  # fmt: skip


def page(client, person) -> str:
    client.force_login(person)
    return client.get(reverse("operate:ranker")).content.decode()


def test_before_any_training_it_says_what_there_is_and_what_it_takes(client, jonas, commons, now):
    lived(commons, now, weeks=2, a_week=6)
    KeptRanking.objects.within(commons).filter(pk__in=KeptRanking.objects.within(commons)[:3].values("pk")).update(
        made_at=clock.now() - timedelta(days=1)
    )
    text = page(client, jonas)
    assert "the default places people" in text
    assert "12 rankings are kept" in text
    assert "it takes about 300 of at least 6 weeks" in text
    assert "Go back to the default" not in text


def test_the_report_of_the_last_training_is_drawn_and_told(client, jonas, learned):
    text = page(client, jonas)
    assert "a learned ranker places people" in text
    assert "Learned brings +11.0 helps for 100 questions beside the default, likely +4.0 to +18.0" in text
    assert "It brings more." in text
    assert text.count('<circle class="bar-ink"') == 3 + 1
    assert "31%" in text


def test_one_press_leads_back_to_the_default_and_is_written_down(client, jonas, learned, commons):
    client.force_login(jonas)
    sent = {"org": str(commons.pk)}
    answer = client.post(reverse("operate:ranker_default"), sent, follow=True)
    learned.refresh_from_db()
    assert not learned.active
    assert "The default ranker places people in Commons." in answer.content.decode()
    entry = AuditEntry.objects.get(act="ranker switched")
    assert (entry.actor_key, entry.on, entry.detail) == (str(jonas.pk), "ranker default", {"before": str(learned.pk)})
    assert ", as before" in client.post(reverse("operate:ranker_default"), sent, follow=True).content.decode()
    assert AuditEntry.objects.filter(act="ranker switched").count() == 1


@pytest.mark.parametrize("org", ["", "x", "0192f1a0-0000-7000-8000-000000000000"])
def test_an_organisation_that_is_not_there_is_said(client, jonas, learned, org):
    client.force_login(jonas)
    assert client.post(reverse("operate:ranker_default"), {"org": org}).status_code == 404
    learned.refresh_from_db()
    assert learned.active


def test_nobody_else_sees_or_switches_it(client, leila, learned, commons):
    client.force_login(leila)
    assert client.get(reverse("operate:ranker")).status_code == 403
    assert client.post(reverse("operate:ranker_default"), {"org": str(commons.pk)}).status_code == 403
    learned.refresh_from_db()
    assert learned.active


def test_the_page_costs_the_same_for_many(learned, commons, now, django_assert_num_queries):
    lived(commons, now, weeks=2, a_week=6)
    in_force(now=now)
    with django_assert_num_queries(4):
        assert len(in_force(now=now)) == 1


def test_a_ranker_that_cannot_be_used_is_a_finding_for_page_and_doctor(client, jonas, learned, commons):
    LearnedRanker.objects.within(commons).update(checksum="0" * 64)
    text = page(client, jonas)
    assert "It cannot be used here at the moment" in text
    found = {check.name: check for check in machine.checks()}["learning"]
    assert (found.well, found.grave) == (False, False)
    assert "Commons" in found.told
    assert "rank use default" in found.remedy


def test_the_doctor_says_whether_learning_is_possible(commons, monkeypatch):
    def told() -> str:
        found = {check.name: check for check in machine.checks()}["learning"]
        assert found.well
        return found.told

    assert told() == "the library is installed, the default ranker places people"
    monkeypatch.setattr(machine.util, "find_spec", lambda _name: None)
    assert told().startswith("not installed")


def test_without_openmp_the_doctor_says_what_to_install(commons, monkeypatch):
    def gone(_name):
        raise OSError("libgomp.so.1: cannot open shared object file")

    monkeypatch.setattr(machine.sys, "platform", "linux")
    monkeypatch.setattr(machine.ctypes, "CDLL", gone)
    found = {check.name: check for check in machine.checks()}["learning"]
    assert not found.well
    assert "apt-get install libgomp1" in found.remedy
