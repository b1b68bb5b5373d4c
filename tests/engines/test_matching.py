from dataclasses import replace
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterhour.engines.matching import (
    SURE,
    Asked,
    Mentor,
    Piece,
    Topic,
    Weights,
    WordScores,
    chances,
    family_of,
    is_confident,
    keeps_all_back,
    likeness,
    meant_skills,
    quotes,
    rank,
    rarity,
    refused_skills,
    telling_terms,
    terms_of,
    three_views,
    unmet,
    what_is_missing,
    why_line,
)
from quarterhour.engines.understand import Skill, leanings
from quarterhour.people.taxonomy import skills

FAMILY = family_of(skills())
STORIES = {
    "ada": (
        "The lock queue",
        "I once locked the bookings table at nine in the morning. Nothing was sold. Now I retry.",
    ),
    "ben": (
        "Naming the number",
        "I once named my salary first and got it. I write three figures on paper before any talk.",
    ),
    "cleo": ("Two teams", "I once led my old friends. We had lunch as before, and I wrote the rota. One of them quit."),
}
TOPICS = {
    "ada": (Topic("zero-downtime schema migration", "zero-downtime-schema-migration", "lived"),),
    "ben": (Topic("salary negotiation", "salary-negotiation", "expert"),),
    "cleo": (Topic("managing former peers", "managing-former-peers", "lived"), Topic("own words")),
}


def mentors(**changes):
    return [replace(Mentor(name, TOPICS[name], frozenset({"en"})), **changes) for name in STORIES]


def pieces(**similar):
    return [
        Piece(f"{name}-story", name, "story", text, title, similarity=similar.get(name))
        for name, (title, text) in STORIES.items()
    ]


def found(asked, who=None, what=None, **given_):
    who, what = mentors() if who is None else who, pieces() if what is None else what
    return rank(asked, who, what, family=FAMILY, **given_)


def order(ranked):
    return [fit.mentor.id for fit in ranked]


# --- words -----------------------------------------------------------------------------------------------


def test_days_of_the_week_say_when_and_not_what():
    assert terms_of("Everyone is afraid of Fridays, deploys on Monday") == terms_of("Afraid of deploys")
    assert terms_of("Freitag ist Kritik", "de") == terms_of("Kritik", "de")
    assert terms_of("na sexta-feira falo com o chefe", "pt") == terms_of("falo com o chefe", "pt")


def test_small_words_tell_nothing_and_forms_of_a_word_are_one():
    assert terms_of("I would like to negotiate, negotiating is what we do") == ["negoti", "negoti"]
    assert terms_of("Je ne sais pas quoi faire de mon salaire", "fr") == ["salair"]


def test_rare_words_are_looked_for_first():
    counts = {"team": 90, "kubernet": 2, "tabl": 30, "talk": 100}

    assert telling_terms(["talk", "team", "tabl", "kubernet", "tabl", "unheard"], counts, 100, 3) == [
        "kubernet",
        "tabl",
        "team",
    ]
    assert telling_terms([], counts, 100) == []


def test_rarity_falls_with_frequency_and_never_below_zero():
    assert rarity(1, 1000) > rarity(10, 1000) > rarity(999, 1000) >= 0
    assert rarity(0, 1000) == rarity(1, 1000)
    assert rarity(5, 0) >= 0


@given(
    st.lists(st.lists(st.sampled_from("abcdef"), max_size=8), min_size=1, max_size=6), st.text("abcdefg", max_size=5)
)
def test_word_scores_are_bm25_as_the_paper_writes_it(documents, question):
    scores = WordScores(documents).scores(question)
    n, mean = len(documents), sum(map(len, documents)) / len(documents)
    weights = {
        term: log(1 + (n - held + 0.5) / (held + 0.5))
        for term in set(question)
        if (held := sum(term in document for document in documents))
    }
    by_hand = [
        sum(
            weight * document.count(term) * 2.2 / (document.count(term) + 1.2 * (0.25 + 0.75 * len(document) / mean))
            for term, weight in weights.items()
            if term in document
        )
        for document in documents
    ]

    possible = sum(weights.values()) * max(1, 4 / len(set(question))) if weights else 0
    assert scores == pytest.approx([value / possible if possible else 0.0 for value in by_hand])


def test_a_word_that_is_all_a_question_says_counts_as_one_of_four():
    prices = ["raised", "prices", "shop"]
    one, _ = WordScores([prices, ["bees"]]).scores(["raised"])
    three, _ = WordScores([prices, ["bees"]]).scores(["raised", "prices", "shop"])
    assert three == pytest.approx(3 * one)
    assert one < 0.3


# --- ranking ---------------------------------------------------------------------------------------------


def test_words_alone_find_the_right_person():
    assert order(found(Asked("The bookings table is locked and nothing is sold")))[0] == "ada"


def test_meaning_alone_finds_the_right_person():
    ranked = found(Asked("xyzzy"), what=pieces(ada=0.1, ben=0.1, cleo=0.6))

    assert order(ranked)[0] == "cleo"
    assert ranked[0].parts.meaning > 0
    assert ranked[0].parts.words == 0


def test_topics_alone_find_the_right_person_in_another_language():
    asked = Asked("Comment négocier mon salaire ?", skills={"salary-negotiation": 1.0}, language="fr")
    ranked = found(asked)

    assert order(ranked)[0] == "ben"
    assert ranked[0].met["salary-negotiation"].name == "salary negotiation"
    assert ranked[0].parts.coverage == 1.0


def test_a_question_read_by_the_taxonomy_leads_to_the_mentor_who_lived_it():
    text = "From Monday I manage my former peers. What do I say?"
    asked = Asked(text, "practise", leanings(text, skills()))

    assert order(found(asked))[0] == "cleo"


def test_living_through_it_counts_more_than_knowing_it():
    asked = Asked("x", skills={"burnout": 1.0})
    who = [Mentor(level, (Topic("burnout", "burnout", level),)) for level in ("strong", "expert", "lived")]

    assert order(found(asked, who, [])) == ["lived", "expert", "strong"]


def test_a_near_skill_counts_for_less_than_the_same():
    nearness = FAMILY.nearness

    assert nearness("salary-negotiation", "salary-negotiation") == 1
    assert 1 > nearness("negotiation", "salary-negotiation") > nearness("salary-negotiation", "negotiation") > 0
    assert 0 < nearness("salary-negotiation", "contract-negotiation") < 0.5
    assert nearness("salary-negotiation", "kubernetes") == 0
    assert nearness("unheard", "unheard") == 1
    assert nearness("unheard", "kubernetes") == 0


def test_a_ring_in_the_taxonomy_ends():
    ring = (Skill("a", "a", "x", broader="b"), Skill("b", "b", "x", broader="a"))

    assert family_of(ring).nearness("a", "b") > 0


def test_offering_this_kind_of_help_breaks_a_tie():
    who = [Mentor("no", helps_with=frozenset({"review"})), Mentor("yes", helps_with=frozenset({"decide"}))]

    assert order(found(Asked("x", "decide"), who, [])) == ["yes", "no"]


def test_who_shares_no_language_stands_behind():
    who = [replace(one, languages=frozenset({"pl"})) if one.id == "ben" else one for one in mentors()]
    asked = Asked("How do I name my salary?", languages=frozenset({"en"}))
    ranked = found(asked, who)

    assert order(ranked)[-1] == "ben"
    assert "No language in common: Ben speaks Polish." in missing(asked, ranked[-1], language_names={"pl": "Polish"})


def test_who_speaks_the_language_of_the_question_is_preferred():
    who = [Mentor("en", languages=frozenset({"en"})), Mentor("es", languages=frozenset({"en", "es"}))]

    assert order(found(Asked("Hola", language="es"), who, []))[0] == "es"
    assert order(found(Asked("Hello", language="en"), who, []))[0] == "en"


def test_what_somebody_does_not_want_to_be_asked_is_respected():
    asked = Asked("How do I name my salary?", skills={"salary-negotiation": 1.0})
    sure = Mentor("sure", (Topic("negotiation", "negotiation"),))
    refusing = replace(sure, id="no", not_for="Salary talks.", not_for_skills=frozenset({"salary-negotiation"}))
    ranked = found(asked, [refusing, sure], [])

    assert order(ranked) == ["sure", "no"]
    assert ranked[1].parts.not_for == -1
    assert any("Salary talks." in sentence for sentence in missing(asked, ranked[1]))
    assert found(asked, mentors(not_for="None"))[0].parts.not_for == 0


def test_what_somebody_names_among_their_topics_is_not_refused():
    asked = Asked("Performance review", skills={"performance-reviews": 0.9})
    text = "Code reviews. Performance reviews, yes."
    topics = (Topic("performance reviews", "performance-reviews"),)
    who = Mentor("m", topics, not_for=text, not_for_skills=refused_skills(text, skills()))

    assert "performance-reviews" in who.not_for_skills
    assert found(asked, [who], [])[0].parts.not_for == 0


def test_a_refusal_is_read_clause_by_clause_and_faint_names_count():
    assert "sales-pipeline" in refused_skills("Anything where the pipeline is a metaphor.", skills())
    assert {"cryptocurrency-accounting", "taxes"} <= refused_skills(
        "Cryptocurrency, and not your tax return.", skills()
    )
    assert refused_skills("", skills()) == frozenset()


def test_a_skill_that_only_shares_words_counts_less_than_one_that_is_meant():
    leant = {"performance-reviews": 0.8, "web-performance": 0.7}
    meant = meant_skills(leant, {"web-performance": 0.5, "frontend-development": 0.3})
    who = [Mentor(skill, (Topic(skill, skill),)) for skill in leant]

    assert meant == {"performance-reviews": 0.3, "web-performance": 0.5}
    assert order(found(Asked("x", skills=leant), who, [])) == ["performance-reviews", "web-performance"]
    assert order(found(Asked("x", skills=leant, meant=meant), who, [])) == ["web-performance", "performance-reviews"]


def test_what_a_person_chose_is_meant_whatever_the_model_says():
    leant = {"performance-reviews": 1.0, "web-performance": 0.4}

    assert meant_skills(leant, {}, frozenset({"performance-reviews"})) == {}
    assert meant_skills(leant, {"web-performance": 0.3}, frozenset({"performance-reviews"})) == {
        "performance-reviews": 0.45,
        "web-performance": 0.3,
    }


def test_several_good_pieces_beat_one_and_one_good_beats_many_faint():
    text = "locked bookings table"
    one_good = Piece("1", "one", "story", "The bookings table was locked.")
    many_faint = [
        Piece(f"2{n}", "faint", "story", f"A table of {word}.") for n, word in enumerate(("tea", "oak", "ash"))
    ]
    second_good = Piece("3", "two", "story", "The bookings table was locked.")
    again = Piece("4", "two", "about", "I locked the bookings table twice.")
    who = [Mentor("one"), Mentor("faint"), Mentor("two")]

    assert order(found(Asked(text), who, [one_good, *many_faint, second_good, again])) == ["two", "one", "faint"]


def test_pieces_of_strangers_and_mentors_without_pieces_do_no_harm():
    ranked = found(Asked("bookings"), mentors(), [Piece("s", "stranger", "story", "bookings"), *pieces()[:1]])

    assert set(order(ranked)) == set(STORIES)
    assert ranked[0].mentor.id == "ada"
    assert found(Asked("")) != []
    assert rank(Asked("bookings"), [], [], family=FAMILY) == []


def test_a_piece_the_model_has_not_read_is_no_better_than_the_worst_it_read():
    ranked = found(Asked("xyzzy"), what=pieces(ada=0.5, ben=0.2))

    assert order(ranked)[0] == "ada"
    assert ranked[1].parts.meaning == ranked[2].parts.meaning


def test_weights_can_be_chosen():
    asked = Asked("The bookings table is locked", skills={"salary-negotiation": 1.0})

    assert order(found(asked, weights=Weights(words=0, topics=1)))[0] == "ben"
    assert order(found(asked, weights=Weights(words=1, topics=0)))[0] == "ada"


# --- confidence ------------------------------------------------------------------------------------------


def test_somebody_fits_who_met_the_heart_of_the_question():
    asked = Asked("How do I name my salary on paper before the talk?", skills={"salary-negotiation": 0.9})
    ranked = found(asked, what=pieces(ben=0.5, ada=0.1))

    assert is_confident(asked, ranked, family=FAMILY)
    assert unmet(asked, ranked, family=FAMILY) == 0


def test_nobody_fits_a_subject_nobody_has_met():
    asked = Asked("Blind tasting of white wine", skills={"wine-and-sommelier": 0.9})
    ranked = found(asked, what=pieces(ben=0.3, ada=0.1))

    assert unmet(asked, ranked, family=FAMILY) > 0.4
    assert not is_confident(asked, ranked, family=FAMILY)
    assert not is_confident(asked, [], family=FAMILY)


def test_the_one_skill_that_keeps_everybody_back_is_named():
    known = {"salary-negotiation": 0.9}
    both = known | {"wine-and-sommelier": 0.9}
    asked = Asked("How do I name my salary?", skills=both, meant=dict.fromkeys(both, 0.6))
    ranked = found(asked, what=pieces(ben=0.5, ada=0.1))
    assert not is_confident(asked, ranked, family=FAMILY)
    assert keeps_all_back(asked, ranked, family=FAMILY) == "wine-and-sommelier"

    alone = Asked("Blind tasting of white wine", skills={"wine-and-sommelier": 0.9})
    assert keeps_all_back(alone, found(alone, what=pieces(ben=0.5)), family=FAMILY) is None
    two = Asked("Wine and lasers", skills={"wine-and-sommelier": 0.9, "laser-optics": 0.9})
    assert keeps_all_back(two, found(two, what=pieces(ben=0.5)), family=FAMILY) is None
    assert keeps_all_back(asked, [], family=FAMILY) is None


def test_a_subject_counts_as_missed_where_it_is_meant_and_not_only_worded():
    def missed(meant):
        asked = Asked("x", skills={"wine-and-sommelier": 0.9}, meant=meant)
        return unmet(asked, found(asked), family=FAMILY)

    assert missed({"wine-and-sommelier": 0.6}) == pytest.approx(0.9)
    assert missed({"wine-and-sommelier": 0.1}) == 0
    assert missed({}) == pytest.approx(0.45)


def test_a_refusal_is_told_only_where_it_is_about_this_question():
    mentor = Mentor("m", (Topic("stress", "stress"),), not_for="Burnout.", not_for_skills=frozenset({"burnout"}))

    def told(skill_id, words):
        asked = Asked(words, skills={skill_id: 0.9}, meant={skill_id: 0.6})
        fit = found(asked, [mentor], [])[0]
        fit = replace(fit, parts=replace(fit.parts, not_for=-1.0))
        return what_is_missing(asked, fit, family=FAMILY, name="Mara", labels={})

    assert any("would rather not be asked" in said for said in told("burnout", "burnout"))
    assert not any("would rather not be asked" in said for said in told("salary-negotiation", "burnout"))


def test_who_refuses_a_question_does_not_make_it_answerable():
    asked = Asked("x", skills={"burnout": 0.9}, meant={"burnout": 0.6})
    knows = Mentor("m", (Topic("burnout", "burnout"),))
    refuses = replace(knows, not_for="Burnout, now that I am well.", not_for_skills=frozenset({"mental-health"}))

    assert unmet(asked, found(asked, [knows], []), family=FAMILY) == 0
    assert found(asked, [refuses], [])[0].parts.not_for == 0  # what they name themselves is not refused
    elsewhere = Mentor("m", (Topic("stress", "stress"),), not_for="Burnout.", not_for_skills=frozenset({"burnout"}))
    assert unmet(asked, found(asked, [elsewhere], []), family=FAMILY) == pytest.approx(0.9)


def test_chances_fall_as_scores_do_and_the_cut_is_confidence():
    asked = Asked("How do I name my salary on paper before the talk?", skills={"salary-negotiation": 0.9})
    ranked = found(asked, what=pieces(ben=0.5, ada=0.1))
    each = chances(asked, ranked, family=FAMILY)

    assert each == sorted(each, reverse=True)
    assert all(0 <= one <= 1 for one in each)
    assert (each[0] >= SURE) == is_confident(asked, ranked, family=FAMILY)
    assert chances(asked, [], family=FAMILY) == []


def test_confidence_needs_no_model():
    asked = Asked("How do I name my salary?", skills={"salary-negotiation": 0.9})

    assert is_confident(asked, found(asked), family=FAMILY)
    assert not is_confident(Asked("xyzzy"), found(Asked("xyzzy")), family=FAMILY)


# --- three views -----------------------------------------------------------------------------------------


def embedded(name, *numbers):
    vector = np.array(numbers, dtype=np.float32)
    vector /= np.linalg.norm(vector)
    return Piece(name, name, "story", name, similarity=0.5, embedding=vector)


def test_a_near_copy_gives_way_to_another_view():
    vectors = {"first": (1, 0), "copy": (1, 0.01), "other": (0, 1), "last": (1, 0.02)}
    who = [Mentor(name) for name in vectors]
    ranked = found(Asked("x"), who, [embedded(name, *numbers) for name, numbers in vectors.items()])

    assert order(ranked)[:2] == ["first", "copy"]
    assert order(three_views(ranked, kind="decide"))[:2] == ["first", "other"]
    assert likeness(ranked[0], ranked[1]) > likeness(ranked[0], ranked[2])


def test_near_copies_are_seen_without_vectors_too():
    text = "I once burned out as a nurse, took three months of leave and came back on half days."
    told = {
        "first": text,
        "copy": text,
        "other": "I never took leave. I cut the newsletter, the meetings and the nights.",
    }
    ranked = found(
        Asked("burned out, leave"),
        [Mentor(name) for name in told],
        [Piece(name, name, "story", said) for name, said in told.items()],
    )

    assert likeness(ranked[0], ranked[1]) > 0.6
    assert likeness(ranked[0], ranked[1]) > likeness(ranked[0], ranked[2])


def test_three_views_keep_the_best_first_and_fill_up():
    ranked = found(Asked("The bookings table, my salary, my friends"))

    assert three_views(ranked)[0] is ranked[0]
    assert len(three_views(ranked)) == 3
    assert len(three_views(ranked[:2])) == 2
    assert three_views([]) == []
    assert three_views(ranked, count=0) == []


# --- evidence --------------------------------------------------------------------------------------------


def marked(quote):
    return [quote.text[start:end] for start, end in quote.marks]


def test_a_quote_is_the_mentors_own_sentence_with_forms_of_the_asked_words_marked():
    piece = Piece(
        "s", "m", "story", "We walked a lot. I negotiated my salaries on paper, three figures at a time. Then tea."
    )
    quote = quotes(Asked("How do I negotiate a salary?"), [piece])[0]

    assert "I negotiated my salaries on paper" in quote.text
    assert quote.text in piece.text
    assert {"negotiated", "salaries"} <= {word for mark in marked(quote) for word in mark.split()}
    assert not quote.begins
    assert not quote.ends


def test_quotes_come_from_different_pieces_and_never_from_headlines_or_topics():
    told = [
        Piece("h", "m", "headline", "Salary, salary, salary"),
        Piece("t", "m", "topic", "salary negotiation"),
        Piece("1", "m", "story", "I once asked for a salary of forty and was given thirty."),
        Piece("2", "m", "answer", "Write your salary on paper first and wait."),
        Piece("3", "m", "about", "I like salary talks."),
    ]
    chosen = quotes(Asked("salary"), told)

    assert len(chosen) == 2
    assert len({quote.piece.id for quote in chosen}) == 2
    assert {quote.piece.kind for quote in chosen} <= {"story", "answer", "about"}


def test_a_long_sentence_is_cut_between_words_around_what_matters():
    text = "word " * 60 + "the salary was forty " + "word " * 60
    quote = quotes(Asked("salary"), [Piece("s", "m", "story", text)])[0]

    assert "salary" in quote.text
    assert len(quote.text) <= 220
    assert quote.begins
    assert quote.ends
    assert not quote.text.startswith(" ")


def test_words_of_the_asked_topics_are_evidence_too():
    piece = Piece(
        "s", "m", "story", "It rained. The union called a strike and we walked out together. It rained again."
    )
    quote = quotes(Asked("xyzzy"), [piece], topic_names=["joining a union", "strikes"])[0]

    assert marked(quote) == ["union called a strike"]


def test_a_quote_in_another_language_is_marked_by_its_own_words():
    piece = Piece("s", "m", "story", "Un día negocié mi sueldo con el jefe. Llovía.", language="es")
    quote = quotes(Asked("¿Cómo negocio mi sueldo?", language="es"), [piece])[0]

    assert any("sueldo" in mark for mark in marked(quote))


@given(st.text(max_size=300), st.text(max_size=80))
def test_any_text_can_be_quoted(text, question):
    for quote in quotes(Asked(question), [Piece("s", "m", "story", text)]):
        assert quote.text == text[quote.start : quote.end]
        assert len(quote.text) <= 220
        flat = [edge for mark in quote.marks for edge in mark]
        assert flat == sorted(flat)
        assert all(0 <= edge <= len(quote.text) for edge in flat)


# --- why, and what is missing ----------------------------------------------------------------------------


def missing(asked, fit, **given_):
    labels = {skill_id: skill_id.replace("-", " ") for skill_id in asked.skills}
    return what_is_missing(asked, fit, **({"family": FAMILY, "name": "Ben", "labels": labels} | given_))


def test_the_why_is_the_mentors_own_line_and_never_a_number():
    fit = found(Asked("How do I name my salary in figures on paper?"))[0]
    why = why_line(Asked("How do I name my salary in figures on paper?"), fit, family=FAMILY)

    assert (why.text, why.source) == ("I once named my salary first and got it.", "story")
    assert "%" not in why.text


def test_the_why_does_not_say_twice_what_is_quoted_below():
    asked = Asked("How do I name my salary in figures on paper?")
    fit = found(asked)[0]
    below = ["I once named my salary first and got it. I write three figures on paper before any talk."]

    assert why_line(asked, fit, family=FAMILY, quoted=below).text == "Naming the number"
    assert (
        why_line(asked, fit, family=FAMILY, quoted=[below[0][41:]]).text == "I once named my salary first and got it."
    )


@pytest.mark.parametrize(
    "text", ["I once " + "named it and " * 12 + "got it.", "What would you ask? I know.", "naming it"]
)
def test_a_story_without_a_short_first_sentence_goes_by_its_title(text):
    asked = Asked("How do I name my salary?")
    fit = found(asked, what=[Piece("b", "ben", "story", text, "Naming the number")])[0]
    assert why_line(asked, fit, family=FAMILY).text == "Naming the number"


def test_without_a_telling_piece_the_topic_speaks():
    asked = Asked("x", skills={"managing-former-peers": 1.0})
    fit = found(asked, [Mentor("cleo", TOPICS["cleo"])], [])[0]

    assert why_line(asked, fit, family=FAMILY).text == "Has lived through it: managing former peers."
    assert why_line(asked, found(asked, [Mentor("new")], [])[0], family=FAMILY).text == ""


def test_what_is_missing_is_said_in_plain_sentences():
    asked = Asked("Tasting wine", "practise", skills={"wine-and-sommelier": 0.9})
    who = [replace(mentors()[1], newcomer=True, asks_first=True, helps_with=frozenset({"review"}))]
    fit = found(asked, who)[0]

    assert missing(asked, fit, free_in_time=False, in_time="Friday") == [
        "Nothing here about wine and sommelier.",
        "Ben does not usually offer practice runs.",
        "No free time before Friday.",
        "New here: we know little about how Ben's advice works out.",
        "Ben confirms by hand: an answer can take up to two days.",
    ]


@pytest.mark.parametrize(
    ("in_time", "told"),
    [
        ("today", "No free time today."),
        ("this week", "No free time this week."),
        ("the next four weeks", "No free time in the next four weeks."),
        ("Friday 4 December", "No free time before Friday 4 December."),
    ],
)
def test_a_wish_for_a_span_of_time_is_no_moment_before_which(in_time, told):
    asked = Asked("How do I name my salary?", skills={"salary-negotiation": 0.9}, languages=frozenset({"en"}))

    assert missing(asked, found(asked)[0], free_in_time=False, in_time=in_time) == [told]


def test_nothing_is_missing_where_everything_is_there():
    asked = Asked("How do I name my salary?", skills={"salary-negotiation": 0.9}, languages=frozenset({"en"}))

    assert missing(asked, found(asked)[0], free_in_time=True) == []


def test_what_a_story_mentions_is_not_missing():
    asked = Asked("x", skills={"union": 1.0})
    fit = found(asked, [Mentor("m")], [Piece("s", "m", "story", "Our union won.")])[0]

    assert missing(asked, fit) == []
