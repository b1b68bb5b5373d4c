from quarterhour.matching import skill_vectors
from quarterhour.matching.embedding import embed
from quarterhour.matching.skill_vectors import fingerprint, query_vector, similar_skills, similarity_of
from quarterhour.people.taxonomy import skill_of, skills


def test_the_vectors_belong_to_the_names_of_today():
    written = skill_vectors._folder().joinpath(skill_vectors.FILE).read_text().splitlines()

    assert written[0] == fingerprint(skills()), "Run: python -m quarterhour.matching.skill_vectors"
    assert [line.split("\t")[0] for line in written[1:]] == [skill.id for skill in skills()]


def test_a_kept_vector_is_close_to_the_mean_of_its_names():
    for skill_id in ("late-payment", "postgresql", "burnout"):
        names = embed(list(skill_of(skill_id).names())).mean(axis=0)
        near = similar_skills(names / (names @ names) ** 0.5, nearest=1)

        assert list(near) == [skill_id]
        assert near[skill_id] > 0.95


def test_a_question_lies_near_what_it_is_about():
    assert "late-payment" in similarity_of("The agency still owes me for two invoices.")
    assert len(similarity_of("anything", nearest=3)) == 3


def test_without_the_model_nothing_is_near(settings):
    settings.MODEL = False

    assert similarity_of("The agency still owes me for two invoices.") == {}


def test_looking_for_evidence_leans_towards_the_skills():
    said = embed(["It is about money."])[0]
    turned = query_vector(said, {"late-payment": 1.0})
    alone = query_vector(None, {"late-payment": 1.0})

    assert abs(turned @ turned - 1) < 1e-5
    assert turned @ alone > said @ alone + 0.1
    assert query_vector(said, {"unknown": 1.0}) @ said > 0.999
    assert list(similar_skills(alone, nearest=1)) == ["late-payment"]
    assert query_vector(None, {}) is None
