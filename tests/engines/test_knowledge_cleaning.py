"""What could tell who said something is taken out of it, however it is written."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quarterhour.engines.knowledge import MOST, Usual, clean, speakers
from quarterhour.engines.words import fold

NAMES = ("Zéphyrine Quixwood-Barr", "Tomasz Wilk")
HOUSE, PLACE = "Brimblehart Mutual", "Oxmoor Quay"
KNOWN = {"names": NAMES, "organisations": (HOUSE,), "places": (PLACE,)}
WORDS = frozenset(
    """ask for a trial period in writing before you sign and tell them why it matters her call me on the next day she
    said to wait until they agree with something somebody their company place link number address certain sum of
    money year team product our work works at from meet thanks put it down who knew did was is plan fine""".split()  # noqa: SIM905 - words read better in a row
)
SENTENCES = (
    "Ask {} before you sign.",
    "{} said to wait.",
    "put it in writing, {}",
    "({})",
    "They agree with {}'s plan",
    "call {}: it matters",
    "“{}”",
    "ask-{}-why",
    "{}",
    "Wait.\n{} knew.\n",
)


def everything_but_letters(text: str) -> str:
    """As a reader sees it: no accents, no case, nothing between letters."""
    return "".join(re.findall(r"[^\W_]+", fold(unicodedata.normalize("NFKC", text))))


def spaced(word: str) -> str:
    return " ".join(word)


def joined_by_nothing_seen(word: str) -> str:
    return "\u200b".join(word)


def fullwidth(word: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in word)


def drawn_alike(word: str) -> str:
    return word.translate(str.maketrans("aeopcxyAEOPCXTM", "аеорсхуАЕОРСХТМ"))


def in_figures(word: str) -> str:
    return word.translate(str.maketrans("oiea", "0134"))


def decomposed(word: str) -> str:
    return unicodedata.normalize("NFD", word)


def accented(word: str) -> str:
    return "".join(c + "\u0301" if c in "aeiou" else c for c in word)


SPELLINGS = (
    str, str.lower, str.upper, str.title, str.swapcase, spaced, joined_by_nothing_seen, fullwidth, drawn_alike,
    in_figures, decomposed, accented,
)  # fmt: skip
CANARIES = ("Zéphyrine", "Quixwood", "Barr", "Tomasz", "Wilk", "Brimblehart", "Oxmoor", "Zéphyrine Quixwood-Barr")


@pytest.mark.parametrize("spelling", SPELLINGS, ids=lambda each: each.__name__)
@pytest.mark.parametrize("canary", CANARIES)
def test_a_known_name_goes_in_every_place_and_spelling(canary, spelling):
    for sentence in SENTENCES:
        for ordinary in (None, Usual(WORDS, "en")):
            told = clean(sentence.format(spelling(canary)), **KNOWN, ordinary=ordinary)
            left = everything_but_letters(told.text)
            for part in re.findall(r"\w+", canary):
                assert everything_but_letters(part) not in left, told.text
            assert told.removed or told.doubts


@pytest.mark.parametrize(
    "said",
    [
        "zq.barr@brimblehart.example", "zq at brimblehart dot com", "zq [at] brimblehart (dot) com",
        "+48 601 234 567", "0171/2345678", "(555) 123-4567", "https://x.example/a?utm=canary", "HXXPS://canary.example",
        "canary.io/path",
        "www.canary", "@canary", "u/canary", "#canary", "canary#1234", "12 Canary Lane", "Canarystraße 7a",
        "Rua da Canary 9", "14 rue de la Canary", "SW1A 1AA", "DE89 3704 0044 0532 0130 00", "4111 1111 1111 1111",
        "10.1.2.3",
        "TICKET-4411", "tel:4711", "seven seven four two nine one", "00000000-0000-4000-8000-00000000abcd",
        "deadbeef99", "#40213",
    ],
)  # fmt: skip
def test_nobody_can_be_reached_by_what_is_left(said):
    told = clean(f"Tell them {said} and wait.")

    assert "canary" not in told.text.lower()
    assert "brimblehart" not in told.text.lower()
    assert not re.search(r"\d{2}|@|seven", told.text), told.text
    assert told.text.startswith("Tell them")
    assert told.text.endswith("and wait.")


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Do not take less than €42,500 a year.", "Do not take less than a sum of money."),
        ("Ask for 70k, not 65k.", "Ask for a sum of money, not a sum of money."),
        ("Tell them by 14 May 2026.", "Tell them by a certain day."),
        ("Wait until the 14th.", "Wait until a certain day."),
        ("Until 2026-05-14 it was so.", "Until a certain day it was so."),
        ("She left in 2019.", "She left in a certain year."),
        ("Ask for 10% more and two days.", "Ask for 10% more and two days."),
        ("Try it for 8 weeks by Friday.", "Try it for 8 weeks by Friday."),
    ],
)
def test_sums_and_exact_days_go_and_shares_and_weekdays_stay(said, shown):
    assert clean(said).text == shown


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("She works for Contoso now.", "She works for their company now."),
        ("At Contoso they wait.", "At their company they wait."),
        ("Our team Phoenix will wait.", "A team will wait."),
        ("Tell the Falcon project first.", "Tell a product first."),
        ("Blue Harbour Bank waits.", "Their company waits."),
        ("They moved to Lisbon.", "They moved to a place."),
        ("I told Dr. Lindqvist.", "I told Dr. somebody."),
        ("Plan B is fine.", "Plan B is fine."),
        ("Ask HR on Monday.", "Ask HR on Monday."),
    ],
)
def test_names_nobody_told_us_go_by_their_capital_and_the_words_around(said, shown):
    assert clean(said).text == shown


def test_without_capitals_the_dictionary_tells_a_name():
    usual = Usual(WORDS, "en")

    assert clean("she works at contoso", ordinary=usual).text == "she works at their company"
    assert clean("ask zorblatt first", ordinary=Usual(WORDS | {"first"}, "en")).text == "ask something first"


def test_a_doubt_is_out_until_the_author_lets_it_stay():
    told = clean("Ask Zorblatt before you sign.")
    (doubt,) = told.doubts

    assert doubt.said == "Zorblatt"
    assert told.text == "Ask somebody before you sign."
    assert clean("Ask Zorblatt before you sign.", keep=[doubt.said]).text == "Ask Zorblatt before you sign."


def test_no_author_can_put_a_known_name_back():
    assert clean("Ask Tomasz.", names=NAMES, keep=["Tomasz", "tomasz"]).text == "Ask somebody."


def test_german_nouns_are_no_names_where_the_dictionary_has_them():
    usual = Usual({"mit", "dem", "vertrag", "ins", "gespräch", "gehen"}, "de")

    told = clean("Mit dem Vertrag ins Gespräch mit Zorblatt gehen.", language="de", ordinary=usual)

    assert told.text == "Mit dem Vertrag ins Gespräch mit somebody gehen."


def test_writing_without_capitals_waits_for_its_author():
    told = clean("请先问阿玛拉，再签字。")

    assert told.text == "Something"
    assert clean("请先问阿玛拉，再签字。", keep=[told.doubts[0].said]).text == "请先问阿玛拉,再签字。"


def test_initials_go_and_letters_in_a_row_stay():
    told = clean("T: count. TW sends it, plan B. HR knows.", names=NAMES)

    assert told.text == "Somebody: count. Somebody sends it, plan B. HR knows."


def test_markup_stays_text():
    assert clean("<b onclick='x()'>ask</b> {{ why }}").text == "<b onclick='x()'>ask</b> {{ why }}"


def test_who_speaks_in_notes_is_known_by_name():
    notes = "Amara: wait\n- Tomasz Wilk (mentor): by Friday\nTODO: ask\nRisk: none\n[Leila] – yes\nsmall: no"

    assert speakers(notes) == ["Amara", "Tomasz Wilk", "Leila"]


def test_what_was_taken_out_stands_where_it_was_given():
    said = "Ask Tomasz, or mail zq@brimblehart.example."
    told = clean(said, names=NAMES)

    assert [said[each.start : each.end] for each in told.removed] == ["Tomasz", "zq@brimblehart.example"]


pieces = st.sampled_from(
    [*CANARIES, *(form(c) for c in CANARIES[:5] for form in SPELLINGS), *WORDS, "I", "HR", "A", "IN", "e.g.",
     "3 May", "€40k", "2019", "www.x.com", "@x", "+48 601 234 567", "<b>", ".", ",", ":", "\n", "'s", "(", ")",
     "请问", "שלום",
     "B", "T.", "Contoso", "our team", "at", "the", "12", "Street", "\u202e", "\x00", "\ud800", "ß", "İ", "-", "/", "#"]
)  # fmt: skip
texts = st.lists(pieces, max_size=14).map(" ".join) | st.lists(pieces, max_size=10).map("".join) | st.text(max_size=80)


@settings(max_examples=300, deadline=None)
@given(texts, st.sampled_from(["en", "de", "ru", None]), st.booleans())
def test_cleaning_again_changes_nothing_and_grows_no_text_beyond_its_bound(text, language, with_words):
    how = KNOWN | {"language": language, "ordinary": Usual(WORDS, "en") if with_words else None}
    once = clean(text, **how)

    assert clean(once.text, **how).text == once.text
    assert len(once.text) <= MOST
    for each in (*once.removed, *once.doubts):
        assert 0 <= each.start < each.end <= len(text)


@settings(max_examples=200, deadline=None)
@given(texts, st.sampled_from(["Quixwood", "Zéphyrine", "Brimblehart", "Oxmoor"]), st.sampled_from(SPELLINGS), texts)
def test_no_canary_is_left_between_any_words(before, canary, spelling, after):
    told = clean(f"{before} {spelling(canary)} {after}", **KNOWN)

    assert fold(canary) not in everything_but_letters(told.text)


@pytest.mark.parametrize(
    "text", ["", " ", "a" * 50_000, "A " * 20_000, "1 " * 20_000, "@" * 20_000, "Ask Tomasz. " * 3_000]
)
def test_long_text_is_read_in_time_and_cut_between_words(text):
    told = clean(text, **KNOWN, ordinary=Usual(WORDS, "en"))

    assert len(told.text) <= MOST
    assert "tomasz" not in told.text.lower()
