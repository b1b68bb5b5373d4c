"""The date rules as people write them, next to a slow reading of the calendar."""

from calendar import month_name, monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterhour.engines.dates import resolve

MONDAY = date(2026, 3, 2)
WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
MONTHS = list(month_name)[1:]
todays = st.dates(date(2000, 1, 1), date(2150, 12, 31))


def only_day(text, today=MONDAY, language="en", **options):
    (found,) = resolve(text, today=today, language=language, **options)
    return found.date.isoformat()


def first_day(after, fits):
    """The obvious way: look at one day after the other."""
    day = after + timedelta(days=1)
    while not fits(day):
        day += timedelta(days=1)
    return day


RULES = {
    "today": "2026-03-02",
    "tonight": "2026-03-02",
    "this afternoon": "2026-03-02",
    "tomorrow": "2026-03-03",
    "tmrw": "2026-03-03",
    "by tomorrow noon": "2026-03-03",
    "by Fri": "2026-03-06",
    "on Monday": "2026-03-09",
    "this week": "2026-03-06",
    "next week": "2026-03-13",
    "next Tuesday": "2026-03-10",
    "Tues next week": "2026-03-10",
    "this weekend": "2026-03-08",
    "over the weekend": "2026-03-08",
    "until the weekend": "2026-03-07",
    "in two weeks": "2026-03-16",
    "in a fortnight": "2026-03-16",
    "in a month": "2026-04-02",
    "end of month": "2026-03-31",
    "by the end of the month": "2026-03-31",
    "in January": "2027-01-31",
    "in March": "2026-03-31",
    "mid April": "2026-04-15",
    "mid-February": "2027-02-15",
    "before Friday": "2026-03-05",
    "b4 the 14th": "2026-03-13",
    "before mid April": "2026-04-14",
    "before the weekend": "2026-03-06",
    "before the end of next week": "2026-03-13",
    "before 5 pm on Friday": "2026-03-06",
    "before the call on Thursday": "2026-03-04",
    "by 25 June": "2026-06-25",
    "by 30/11": "2026-11-30",
    "by New Year's Eve": "2026-12-31",
    "the 14th": "2026-03-14",
    "by the 14th": "2026-03-14",
    "by the 1st": "2026-04-01",
    "3rd July": "2026-07-03",
    "Dec 9": "2026-12-09",
    "Friday the 13th": "2026-03-13",
    "Friday week": "2026-03-13",
    "two weeks from Friday": "2026-03-20",
    "ten days before the deadline (Mar 31)": "2026-03-21",
    "Friday at the latest": "2026-03-06",
    "2026-04-01": "2026-04-01",
    "within 48h": "2026-03-04",
    "in 3-4 weeks": "2026-03-30",
    "before the month is out": "2026-03-31",
    "second half of April": "2026-04-30",
    "in the week of the 16th": "2026-03-20",
    "w/c 16 March": "2026-03-20",
    "after the weekend": "2026-03-09",
    "by eod Friday": "2026-03-06",
    "the 15th of next month": "2026-04-15",
    "by the end of Q2": "2026-06-30",
    "weekend after next": "2026-03-15",
    "Friday in two weeks": "2026-03-20",
    "for the next two weeks": "2026-03-16",
    "sat 10:00": "2026-03-07",
    "from today": "2026-03-02",
    "by 15.11": "2026-11-15",
}


@pytest.mark.parametrize(("words", "day"), RULES.items())
def test_a_spoken_date_is_counted_from_the_day_of_the_session(words, day):
    assert only_day(words) == day


@pytest.mark.parametrize(
    "words",
    [
        "every Friday",
        "a Sunday",
        "after the board meeting",
        "after Monday",
        "when she has it",
        "on the 4th floor",
        "the Tuesday homework club",
        "evenings already 3/5 gone",
        "9 of 10 say yes",
        "reachable 24/7",
        "sat in the sun",
        "within three days of getting it",
        "costs 15.11",
        "we may 3 times",
        "31 April",
        "in 2019",
        "",
    ],
)
def test_words_that_name_no_day_give_none(words):
    assert resolve(words, today=MONDAY) == []


@pytest.mark.parametrize(
    ("language", "words", "day"),
    [
        ("de", "am Freitag", "2026-03-06"),
        ("de", "nächsten Dienstag", "2026-03-10"),
        ("de", "vor dem 14.", "2026-03-13"),
        ("de", "bis zum Wochenende", "2026-03-07"),
        ("de", "Ende des Monats", "2026-03-31"),
        ("de", "in der kommenden Woche", "2026-03-13"),
        ("de", "heute Morgen", "2026-03-02"),
        ("de", "vor zwei Wochen", "2026-02-16"),
        ("fr", "avant jeudi", "2026-03-04"),
        ("fr", "d'ici le 30 avril", "2026-04-30"),
        ("fr", "d’ici la fin du mois", "2026-03-31"),
        ("fr", "dans la semaine", "2026-03-06"),
        ("fr", "mi-avril", "2026-04-15"),
        ("fr", "mardi prochain", "2026-03-10"),
        ("es", "antes del viernes", "2026-03-05"),
        ("es", "pasado mañana", "2026-03-04"),
        ("es", "la semana que viene", "2026-03-13"),
        ("es", "antes del 14", "2026-03-13"),
        ("es", "a finales de mayo", "2026-05-31"),
        ("pt-BR", "até sexta", "2026-03-06"),
        ("pt", "na próxima terça", "2026-03-10"),
        ("pt", "dia 14", "2026-03-14"),
        ("it", "entro venerdì", "2026-03-06"),
        ("it", "prima del 14", "2026-03-13"),
        ("it", "metà aprile", "2026-04-15"),
    ],
)
def test_the_same_rules_hold_in_other_languages(language, words, day):
    assert only_day(words, language=language) == day


@given(todays, st.integers(0, 6))
def test_a_named_weekday_is_the_first_one_after_today(today, weekday):
    assert only_day(f"by {WEEKDAYS[weekday]}", today) == str(first_day(today, lambda day: day.weekday() == weekday))


@given(todays, st.integers(0, 6))
def test_next_weekday_lies_in_the_next_calendar_week(today, weekday):
    monday = first_day(today, lambda day: day.weekday() == 0)
    in_that_week = [monday + timedelta(days=days) for days in range(7)]

    (expected,) = (day for day in in_that_week if day.weekday() == weekday)
    assert only_day(f"next {WEEKDAYS[weekday]}", today) == str(expected)


@given(todays, st.integers(1, 12), st.integers(1, 28))
def test_a_date_without_a_year_is_its_next_occurrence(today, month, day):
    yesterday = today - timedelta(days=1)
    expected = str(first_day(yesterday, lambda other: (other.month, other.day) == (month, day)))

    assert only_day(f"by {day} {MONTHS[month - 1]}", today) == expected
    assert only_day(f"by {MONTHS[month - 1]} {day}", today) == expected


@given(todays, st.integers(4, 20))
def test_a_bare_ordinal_is_the_next_day_with_that_number(today, day):
    yesterday = today - timedelta(days=1)
    assert only_day(f"by the {day}th", today) == str(first_day(yesterday, lambda other: other.day == day))


@given(todays, st.integers(1, 12))
def test_in_a_month_means_by_its_last_day(today, month):
    last = first_day(
        today - timedelta(days=1),
        lambda day: day.month == month and day.day == monthrange(day.year, day.month)[1],
    )
    assert only_day(f"in {MONTHS[month - 1]}", today) == str(last)


@given(todays, st.integers(1, 60))
def test_before_a_date_is_the_day_before_it(today, days):
    day = today + timedelta(days=days)
    written = f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    assert only_day(f"before {written}", today) == str(day - timedelta(days=1))


@given(st.text(), st.dates(), st.sampled_from(["en", "de", "fr", "es", "pt", "it", "xx", ""]))
def test_no_text_and_no_day_makes_it_raise_and_spans_are_true(text, today, language):
    for found in resolve(text, today=today, language=language):
        assert text[slice(*found.span)] == found.words


@given(st.lists(st.sampled_from(["by", "before", "the", "2", "weeks", "next", "14th", "Fri", "May", "99999"])))
def test_any_row_of_date_words_is_read_without_an_error(words):
    text = " ".join(words)
    for found in resolve(text, today=date.max):
        assert found.words in text


def test_several_dates_come_in_reading_order_with_the_words_that_lead_to_them():
    found = resolve("T asks by Fri, drafts it before mid May and again in June", today=MONDAY)

    assert [each.words for each in found] == ["by Fri", "before mid May", "in June"]
    assert [each.relation for each in found] == ["by", "before", "on"]


def test_december_points_into_january():
    assert only_day("by 9 January", date(2025, 12, 18)) == "2026-01-09"
    assert only_day("by the 9th", date(2025, 12, 18)) == "2026-01-09"
    assert only_day("in January", date(2025, 12, 18)) == "2026-01-31"


def test_a_reader_from_elsewhere_may_put_the_month_first():
    assert only_day("by 4/5") == "2026-05-04"
    assert only_day("by 4/5", month_first=True) == "2026-04-05"


def test_what_is_over_resolves_to_a_day_that_is_over():
    assert only_day("yesterday") == "2026-03-01"
    assert only_day("last Friday") == "2026-02-27"


def test_a_text_of_nothing_but_articles_is_read_in_one_pass():
    assert resolve("the " * 25_000, today=MONDAY) == []
