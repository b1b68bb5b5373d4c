from hypothesis import given
from hypothesis import strategies as st

from quarterhour.engines.words import Spellings, allowed, distance, fold, stem, stems, tokens


def words(text):
    return [token.folded for token in tokens(text)]


def test_words_are_found_in_many_scripts():
    assert words("Naïve café, C++ & C# on .NET 8") == ["naive", "cafe", "c++", "c#", "on", ".net", "8"]
    assert words("मैं कोचिंग ऐप बनाता हूँ") == ["मैं", "कोचिंग", "ऐप", "बनाता", "हूँ"]
    assert words("مُعَلِّمة جديدة") == ["معلمه", "جديده"]
    assert words("furrë e vogël") == ["furre", "e", "vogel"]
    assert words("課長に") == ["課長", "長に"]
    assert words("연봉을") == ["연봉", "봉을"]
    assert words("RAGを使う") == ["rag", "を使", "使う"]


def test_contracted_endings_fall_away():
    assert words("boss's don't I'm women’s") == ["boss", "do", "i", "women"]
    assert words("l'équipe d’entretien") == ["l", "equipe", "d", "entretien"]


def test_stems_join_the_forms_of_an_english_word():
    for forms in (
        "negotiate negotiating negotiated negotiation",
        "hire hiring hired hires",
        "manage managing managed manager management",
        "pay paying paid pays",
        "university universities",
        "price prices pricing priced",
    ):
        assert len({stem(word) for word in forms.split()}) == 1, forms


def test_porters_own_examples_hold():
    pairs = "caresses caress ponies poni cats cat agreed agre plastered plaster motoring motor sized size "
    pairs += "hopping hop falling fall hissing hiss filing file happy happi relational relat rational ration "
    pairs += "conditional condit valency valenc vileness vile triplicate triplic formative form "
    pairs += "electrical electr goodness good revival reviv allowance allow adjustable adjust "
    pairs += "replacement replac adoption adopt probate probat rate rate controlling control roll roll"
    given_words, expected = pairs.split()[::2], pairs.split()[1::2]

    assert [stem(word) for word in given_words] == expected


def test_other_languages_are_cut_not_mangled():
    assert stem("verhandlung", "de") == stem("verhandlungen", "de") == "verhan"
    assert stem(fold("المعلمات")) == stem(fold("معلمة"))
    assert stem("管理") == "管理"


@given(st.text())
def test_any_text_gives_words_that_lie_where_they_say(text):
    last = 0
    for token in tokens(text):
        assert token.folded
        assert 0 <= token.start < token.end <= len(text)
        assert token.start >= last - 1
        last = token.end
    assert isinstance(stems(text), list)


def test_broken_text_is_no_reason_to_raise():
    assert words("a\x00b\ud800c \u202eevil") == ["a", "b", "c", "evil"]


@given(st.text("abcd", max_size=5), st.text("abcd", max_size=5))
def test_distance_is_what_a_slow_search_finds(one, other):
    def slow(left, right):
        if not left or not right:
            return len(left) + len(right)
        best = min(
            slow(left[1:], right) + 1,
            slow(left, right[1:]) + 1,
            slow(left[1:], right[1:]) + (left[0] != right[0]),
        )
        if left[:2] == right[1::-1] and len(left) > 1 and len(right) > 1:
            best = min(best, slow(left[2:], right[2:]) + 1)
        return best

    assert distance(one, other, 2) == min(slow(one, other), 3)


@given(st.lists(st.text("abcde", min_size=1, max_size=9), min_size=1, max_size=30), st.text("abcde", min_size=1))
def test_spellings_find_every_word_within_reach_and_no_other(vocabulary, typed):
    near = dict(Spellings(vocabulary).near(typed))

    if typed in vocabulary:
        assert near == {typed: 0}
        return
    for word in set(vocabulary):
        limit = min(allowed(word), allowed(typed))
        same_start = word[0] == typed[0] or typed[:2] == word[1::-1]
        within = limit > 0 and same_start and distance(typed, word, limit) <= limit
        assert (word in near) == within, (typed, word)


def test_a_wall_of_letters_is_near_no_word():
    assert Spellings(["salary", "kubernetes"]).near("ab" * 5_000) == []
    assert Spellings(["kubernetes"]).near("kuberneetess") == [("kubernetes", 2)]
    assert Spellings([]).near("salary") == []
