import statistics
import time
from collections import defaultdict

import pytest

from quarterhour.engines.words import tokens
from quarterhour.people.taxonomy import areas, search, skill_of, skills, town_topics

MARKED = "~?^"


def words_of(name):
    return tuple(token.folded for token in tokens(name))


def test_every_skill_has_its_own_id_and_label_and_a_known_area():
    ids = [skill.id for skill in skills()]
    labels = [skill.label.casefold() for skill in skills()]

    assert ids == sorted(ids)
    assert len(set(ids)) == len(ids) >= 700
    assert len(set(labels)) == len(labels)
    assert {skill.area for skill in skills()} == set(areas())
    assert not [skill.id for skill in skills() if not skill.id.replace("-", "").isalnum() or len(skill.id) > 80]


def test_broader_relations_lead_to_a_root():
    for skill in skills():
        passed, at = {skill.id}, skill
        while at.broader:
            at = skill_of(at.broader)
            assert at is not None
            assert at.id not in passed
            passed.add(at.id)


def test_a_name_belongs_to_one_skill_unless_declared_ambiguous():
    owners, declared = defaultdict(set), set()
    for skill in skills():
        for name in (*skill.names(), *skill.cues):
            owners[words_of(name)].add(skill.id)
        declared |= {words_of(name) for name in skill.ambiguous}

    doubles = {name: ids for name, ids in owners.items() if len(ids) > 1 and name not in declared}
    assert doubles == {}
    assert all(len(owners[name]) > 1 for name in declared)


def test_a_translated_name_belongs_to_one_skill_in_its_language():
    owners = defaultdict(set)
    for skill in skills():
        for language, names in skill.labels.items():
            for name in names:
                owners[language, name.casefold()].add(skill.id)

    assert {name: ids for name, ids in owners.items() if len(ids) > 1} == {}


def test_no_name_is_empty_and_no_mark_is_left_in_what_people_read():
    for skill in skills():
        for name in (*skill.names(), *skill.cues, *(name for names in skill.labels.values() for name in names)):
            assert words_of(name), (skill.id, name)
            assert name == name.strip()
            assert name[0] not in MARKED
        assert not [label for label in (skill.label_in(code) for code in skill.labels) if "*" in label]


def test_every_topic_of_the_town_has_its_skill():
    assert len(town_topics()) == 931
    assert {topic for topic, skill_id in town_topics().items() if skill_of(skill_id) is None} == set()


def test_the_largest_languages_have_labels_for_the_most_general_skills():
    counted = {code: sum(code in skill.labels for skill in skills()) for code in ("de", "fr", "es", "pt", "it", "pl")}

    assert min(counted.values()) >= 60
    assert sum(1 for skill in skills() if len(skill.labels) >= 3) >= 90
    assert skill_of("salary-negotiation").label_in("de") == "Gehaltsverhandlung"
    assert skill_of("kubernetes").label_in("de") == "Kubernetes"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("k8s", "kubernetes"),
        ("postgras", "postgresql"),
        ("salery negotation", "salary-negotiation"),
        ("burnuot", "burnout"),
        ("Gehaltsv", "salary-negotiation"),
        ("przywództwo", "leadership"),
        ("собеседования", "job-interviews"),
        ("管理職", "moving-into-management"),
        ("managing former p", "managing-former-peers"),
        ("salary negotiations", "salary-negotiation"),
        ("negotiating salaries", "salary-negotiation"),
        ("react", "react"),
        ("c++", "c-plus-plus"),
        ("c#", "c-sharp-and-dotnet"),
    ],
)
def test_search_finds_what_was_meant_first(typed, meant):
    assert search(typed)[0].skill.id == meant


def test_search_prefers_whole_names_then_beginnings():
    found = [each.skill.id for each in search("burnout", 5)]

    assert found[0] == "burnout"
    assert "maintainer-burnout" in found


def test_search_offers_every_meaning_of_an_ambiguous_name():
    assert {"ci-pipelines", "data-pipelines", "sales-pipeline"} <= {each.skill.id for each in search("pipeline")}


def test_search_finds_nothing_where_there_is_nothing():
    assert search("") == search("  ...  ") == search("qqqqqqqq") == []
    assert len(search("a", 3)) <= 3


def test_search_answers_while_somebody_types():
    search("warm up")
    spent = []
    for typed in ("s", "sal", "managing peo", "salery negotation", "acessibility of websites", "Vorstellungsgespräch"):
        start = time.perf_counter()
        search(typed)
        spent.append(time.perf_counter() - start)

    print("search, median ms:", round(statistics.median(spent) * 1000, 2))
    assert statistics.median(spent) < 0.005
