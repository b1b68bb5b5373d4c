"""What a calendar says about busy time, quirk by quirk. Expected times were worked out by hand, in UTC."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Event

from quarterhour.engines.calendars import Owner, Unreadable, busy_in
from quarterhour.engines.calendars.zones import known_zone

BERLIN = Owner(zone="Europe/Berlin", addresses=frozenset({"amara@town.example"}))
LO, HI = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 6, 29, tzinfo=UTC)
RANGE = int(LO.timestamp()), int(HI.timestamp())


def calendar(*events: str, extra: str = "") -> bytes:
    blocks = [f"BEGIN:VEVENT\nUID:e{n}\n{each.strip()}\nEND:VEVENT\n" for n, each in enumerate(events)]
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{extra}{''.join(blocks)}END:VCALENDAR\n".encode()


def told(data: bytes, owner: Owner = BERLIN, between=RANGE) -> list[str]:
    """ "03-02 08:00-09:00", with the date of the end where it is another."""
    shown = []
    for lo, hi in busy_in(data, owner, between).spans:
        start, end = datetime.fromtimestamp(lo, UTC), datetime.fromtimestamp(hi, UTC)
        other = "" if start.date() == end.date() else f"{end:%m-%d }"
        shown.append(f"{start:%m-%d %H:%M}-{other}{end:%H:%M}")
    return shown


def event(*lines: str) -> str:
    return "\n".join(lines)


NINE = "DTSTART;TZID=Europe/Berlin:20260302T090000\nDTEND;TZID=Europe/Berlin:20260302T100000"
QUIRKS = {
    "a plain event": (NINE, ["03-02 08:00-09:00"]),
    "in UTC": ("DTSTART:20260302T090000Z\nDTEND:20260302T100000Z", ["03-02 09:00-10:00"]),
    "floating: on the owner's clock": ("DTSTART:20260302T090000\nDTEND:20260302T100000", ["03-02 08:00-09:00"]),
    "a length instead of an end": ("DTSTART:20260302T090000Z\nDURATION:PT1H30M", ["03-02 09:00-10:30"]),
    "no length at all is a moment": ("DTSTART:20260302T090000Z", []),
    "an end before its start is a moment": ("DTSTART:20260302T090000Z\nDTEND:20260302T080000Z", []),
    "an end that cannot be read lasts for the day": (
        "DTSTART;TZID=Europe/Berlin:20260302T090000\nDTEND:soon", ["03-02 08:00-23:00"],
    ),
    "all day, 24 hours": ("DTSTART;VALUE=DATE:20260302\nDTEND;VALUE=DATE:20260303", ["03-01 23:00-03-02 23:00"]),
    "all day, without an end": ("DTSTART;VALUE=DATE:20260302", ["03-01 23:00-03-02 23:00"]),
    "all day, ending on its own date": (
        "DTSTART;VALUE=DATE:20260302\nDTEND;VALUE=DATE:20260302", ["03-01 23:00-03-02 23:00"],
    ),
    "all day without saying so": ("DTSTART:20260302\nDTEND:20260303", ["03-01 23:00-03-02 23:00"]),
    "all day, 23 hours when clocks change": ("DTSTART;VALUE=DATE:20260329", ["03-28 23:00-03-29 22:00"]),
    "all day for three days by length": ("DTSTART;VALUE=DATE:20260302\nDURATION:P3D", ["03-01 23:00-03-04 23:00"]),
    "a wall time in the gap": (
        "DTSTART;TZID=Europe/Berlin:20260329T023000\nDTEND;TZID=Europe/Berlin:20260329T040000", ["03-29 01:30-02:00"],
    ),
    "two clocks": (
        "DTSTART;TZID=Europe/Berlin:20260302T090000\nDTEND;TZID=America/New_York:20260302T050000",
        ["03-02 08:00-10:00"],
    ),
    "a Windows zone": (
        'DTSTART;TZID="W. Europe Standard Time":20260302T090000\nDURATION:PT1H', ["03-02 08:00-09:00"],
    ),
    "a Windows zone of elsewhere": (
        "DTSTART;TZID=Pacific Standard Time:20260302T090000\nDURATION:PT1H", ["03-02 17:00-18:00"],
    ),
    "a zone behind a maker's name": (
        "DTSTART;TZID=/freeassociation.sourceforge.net/Europe/Berlin:20260302T090000\nDURATION:PT1H",
        ["03-02 08:00-09:00"],
    ),
    "an offset as a name": ("DTSTART;TZID=UTC+05:30:20260302T090000\nDURATION:PT1H", ["03-02 03:30-04:30"]),
    "a zone nobody knows: the owner's clock": (
        "DTSTART;TZID=Mars/Olympus:20260302T090000\nDURATION:PT1H", ["03-02 08:00-09:00"],
    ),
    "times with hyphens and colons": (
        "DTSTART:2026-03-02T09:00:00Z\nDTEND:2026-03-02T10:00:00Z", ["03-02 09:00-10:00"],
    ),
    "a folded line": ("DTSTART;TZID=Europe/B\n erlin:20260302T\n\t090000\nDURATION:PT1H", ["03-02 08:00-09:00"]),
    "small letters": ("dtstart:20260302T090000Z\nduration:pt1h", ["03-02 09:00-10:00"]),
    "transparent": (f"{NINE}\nTRANSP:TRANSPARENT", []),
    "cancelled": (f"{NINE}\nSTATUS:CANCELLED", []),
    "free as Outlook says it": (f"{NINE}\nX-MICROSOFT-CDO-BUSYSTATUS:FREE", []),
    "declined": (f"{NINE}\nATTENDEE;PARTSTAT=DECLINED:mailto:Amara@Town.example", []),
    "declined by somebody else": (f"{NINE}\nATTENDEE;PARTSTAT=DECLINED:mailto:x@town.example", ["03-02 08:00-09:00"]),
    "declined, known by another field": (
        f"{NINE}\nATTENDEE;EMAIL=amara@town.example;PARTSTAT=DECLINED:urn:uuid:1", [],
    ),
    "an alarm inside is no event": (
        f"{NINE}\nBEGIN:VALARM\nDURATION:PT9H\nTRIGGER:-PT15M\nEND:VALARM", ["03-02 08:00-09:00"],
    ),
    "each week, over the change of clocks": (
        f"{NINE}\nRRULE:FREQ=WEEKLY;COUNT=5",
        ["03-02 08:00-09:00", "03-09 08:00-09:00", "03-16 08:00-09:00", "03-23 08:00-09:00", "03-30 07:00-08:00"],
    ),
    "until a date: the whole of that date": (
        f"{NINE}\nRRULE:FREQ=DAILY;UNTIL=20260303", ["03-02 08:00-09:00", "03-03 08:00-09:00"],
    ),
    "until an instant": (
        f"{NINE}\nRRULE:FREQ=DAILY;UNTIL=20260303T080000Z", ["03-02 08:00-09:00", "03-03 08:00-09:00"],
    ),
    "until an instant before": (f"{NINE}\nRRULE:FREQ=DAILY;UNTIL=20260303T075959Z", ["03-02 08:00-09:00"]),
    "all day until an instant": (
        "DTSTART;VALUE=DATE:20260302\nRRULE:FREQ=DAILY;INTERVAL=2;UNTIL=20260304T000000Z",
        ["03-01 23:00-03-02 23:00", "03-03 23:00-03-04 23:00"],
    ),
    "an exception": (
        f"{NINE}\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE;TZID=Europe/Berlin:20260303T090000",
        ["03-02 08:00-09:00", "03-04 08:00-09:00"],
    ),
    "an exception in UTC": (
        f"{NINE}\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE:20260303T080000Z,20260304T080000Z", ["03-02 08:00-09:00"],
    ),
    "an exception by date alone": (
        f"{NINE}\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE;VALUE=DATE:20260303", ["03-02 08:00-09:00", "03-04 08:00-09:00"],
    ),
    "more dates": (
        f"{NINE}\nRDATE;TZID=Europe/Berlin:20260305T090000", ["03-02 08:00-09:00", "03-05 08:00-09:00"],
    ),
    "a period as another date": (
        f"{NINE}\nRDATE;VALUE=PERIOD:20260305T090000Z/PT15M", ["03-02 08:00-09:00", "03-05 09:00-09:15"],
    ),
    "a first date the rule does not have": (
        f"{NINE}\nRRULE:FREQ=WEEKLY;BYDAY=TU;UNTIL=20260304", ["03-02 08:00-09:00", "03-03 08:00-09:00"],
    ),
    "overnight": (
        "DTSTART;TZID=Europe/Berlin:20260302T220000\nDTEND;TZID=Europe/Berlin:20260303T060000",
        ["03-02 21:00-03-03 05:00"],
    ),
    "a rule that cannot be read holds its time every day": (
        f"{NINE}\nRRULE:FREQ=WEEKLY;RSCALE=HEBREW;UNTIL=20260304T230000Z",
        ["03-02 08:00-09:00", "03-03 08:00-09:00", "03-04 08:00-09:00"],
    ),
    "by the minute is without a gap": (
        "DTSTART:20260302T090000Z\nDURATION:PT1M\nRRULE:FREQ=MINUTELY;UNTIL=20260302T170000Z", ["03-02 09:00-17:01"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), QUIRKS.values(), ids=QUIRKS)
def test_quirk(text, expected):
    assert told(calendar(text)) == expected


@pytest.mark.parametrize("kind", ["STATUS:TENTATIVE", "ATTENDEE;PARTSTAT=TENTATIVE:mailto:amara@town.example"])
def test_tentative_counts_as_its_owner_says(kind):
    data = calendar(f"{NINE}\n{kind}")
    assert told(data) == ["03-02 08:00-09:00"]
    assert told(data, Owner(zone="Europe/Berlin", addresses=BERLIN.addresses, tentative=False)) == []


@pytest.mark.parametrize("answer", [";PARTSTAT=NEEDS-ACTION", ""])
def test_unanswered_counts_as_its_owner_says(answer):
    data = calendar(f"{NINE}\nATTENDEE{answer}:mailto:amara@town.example")
    assert told(data) == ["03-02 08:00-09:00"]
    assert told(data, Owner(zone="Europe/Berlin", addresses=BERLIN.addresses, unanswered=False)) == []


def test_all_day_is_in_the_zone_of_the_owner():
    data = calendar("DTSTART;VALUE=DATE:20260302")
    assert told(data, Owner(zone="America/Los_Angeles")) == ["03-02 08:00-03-03 08:00"]
    assert told(data, Owner(zone="Pacific/Auckland")) == ["03-01 11:00-03-02 11:00"]


def series(*blocks: str) -> bytes:
    text = "".join(f"BEGIN:VEVENT\nUID:one\n{each}\nEND:VEVENT\n" for each in blocks)
    return f"BEGIN:VCALENDAR\n{text}END:VCALENDAR\n".encode()


DAILY = f"{NINE}\nRRULE:FREQ=DAILY;COUNT=4"
SECOND = "RECURRENCE-ID;TZID=Europe/Berlin:20260303T090000\nDTSTART;TZID=Europe/Berlin:"


def test_one_date_moved_another_cancelled():
    data = series(
        DAILY,
        f"{SECOND}20260303T150000\nDURATION:PT30M",
        "RECURRENCE-ID:20260304T080000Z\nDTSTART:20260304T080000Z\nDURATION:PT1H\nSTATUS:CANCELLED",
    )
    assert told(data) == ["03-02 08:00-09:00", "03-03 14:00-14:30", "03-05 08:00-09:00"]


def test_a_date_moved_into_the_range_from_outside_counts():
    outside = NINE.replace("20260302", "20250302")
    data = series(
        f"{outside}\nRRULE:FREQ=DAILY;COUNT=2",
        "RECURRENCE-ID;TZID=Europe/Berlin:20250303T090000\nDTSTART:20260310T080000Z\nDURATION:PT1H",
    )
    assert told(data) == ["03-10 08:00-09:00"]


def test_the_order_of_master_and_exceptions_does_not_matter_and_the_newest_wins():
    old, new = (
        f"{SECOND}20260303T150000\nDURATION:PT1H\nSEQUENCE:1",
        f"{SECOND}20260303T160000\nDURATION:PT1H\nSEQUENCE:2",
    )
    expected = ["03-02 08:00-09:00", "03-03 15:00-16:00", "03-04 08:00-09:00", "03-05 08:00-09:00"]
    assert told(series(DAILY, old, new)) == told(series(new, old, DAILY)) == expected


def test_from_one_date_on_everything_is_later():
    moved = SECOND.replace("RECURRENCE-ID;", "RECURRENCE-ID;RANGE=THISANDFUTURE;") + "20260303T110000\nDURATION:PT30M"
    assert told(series(DAILY, moved)) == [
        "03-02 08:00-09:00", "03-03 10:00-10:30", "03-04 10:00-10:30", "03-05 10:00-10:30",
    ]  # fmt: skip


def test_a_single_invited_date_of_a_series_we_do_not_have_counts():
    assert told(series(f"{SECOND}20260303T150000\nDURATION:PT1H")) == ["03-03 14:00-15:00"]


def test_two_events_that_share_a_name_both_count():
    other = NINE.replace("0302T", "0306T")
    assert told(series(NINE, other)) == ["03-02 08:00-09:00", "03-06 08:00-09:00"]
    assert told(series(f"{NINE}\nSEQUENCE:1", f"{other}\nSEQUENCE:2")) == ["03-06 08:00-09:00"]


def test_a_free_busy_address_is_a_calendar_too():
    text = (
        b"BEGIN:VCALENDAR\nBEGIN:VFREEBUSY\nFREEBUSY;FBTYPE=BUSY:20260302T090000Z/PT1H,20260303T090000Z/20260303T100000Z\n"
        b"FREEBUSY:20260304T090000Z/PT1H\nFREEBUSY;FBTYPE=FREE:20260305T090000Z/PT1H\n"
        b"FREEBUSY;FBTYPE=BUSY-TENTATIVE:20260306T090000Z/PT1H\nEND:VFREEBUSY\nEND:VCALENDAR\n"
    )
    assert told(text) == ["03-02 09:00-10:00", "03-03 09:00-10:00", "03-04 09:00-10:00", "03-06 09:00-10:00"]
    assert told(text, Owner(zone="UTC", tentative=False))[-1] == "03-04 09:00-10:00"


OWN_ZONE = """BEGIN:VTIMEZONE
TZID:Customized Time Zone
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""


def test_a_zone_of_somebodys_own_making_is_as_described():
    text = "DTSTART;TZID=Customized Time Zone:20260302T090000\nDURATION:PT1H\nRRULE:FREQ=MONTHLY;COUNT=2"
    found = busy_in(calendar(text, extra=OWN_ZONE), Owner(zone="Asia/Tokyo"), RANGE)
    assert found.warnings == []
    assert told(calendar(text, extra=OWN_ZONE), Owner(zone="Asia/Tokyo")) == ["03-02 08:00-09:00", "04-02 07:00-08:00"]
    bad = OWN_ZONE.replace("+0100", "later")
    assert "time zone we do not know" in busy_in(calendar(text, extra=bad), BERLIN, RANGE).warnings[0]


def test_every_windows_zone_has_a_place():
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    assert len(WINDOWS_TO_OLSON) > 130
    for name, place in WINDOWS_TO_OLSON.items():
        assert known_zone(name).key == known_zone(name.upper()).key == ("UTC" if name == "UTC" else place)


def test_what_is_not_clear_is_said():
    found = busy_in(
        calendar(
            "DTSTART;TZID=Mars/Olympus:20260302T090000\nDURATION:PT1H",
            "DTSTART:yesterday",
            "SUMMARY:nothing else",
            f"{NINE}\nRRULE:FREQ=WEEKLY;BYDAY=XX",
            f"{NINE}\nRRULE:FREQ=SECONDLY",
            f"{NINE}\nRDATE;=;;:20260302",
        ),
        BERLIN,
        RANGE,
    )
    assert found.events == 6
    assert [each.split(" (")[0] for each in found.warnings] == [
        "1 time in a time zone we do not know",
        "2 events without a time we can read: not counted. Look at them in your calendar.",
        "1 event with a repetition we cannot read: counted as busy at that time every day.",
        "1 event repeated without a gap: counted as busy all the while.",
        "1 event with a line we cannot read: the rest of it is counted.",
    ]


def test_our_own_sessions_are_told_apart_by_their_name():
    key = "01234567-89ab-7def-8123-456789abcdef"
    data = calendar(NINE).replace(b"UID:e0", b"UID:" + key.upper().encode() + b"@quarterhour")
    found = busy_in(data, BERLIN, RANGE)
    assert found.spans == []
    assert {own: len(spans) for own, spans in found.ours.items()} == {key: 1}


@pytest.mark.parametrize(
    ("data", "told_so"),
    [
        (b"", "not a calendar"),
        (b"<!DOCTYPE html><html>Sign in", "a web page"),
        (b"\x89PNG\r\n\x1a\n" * 100, "not a calendar"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260302T0900", "ends in the middle"),
        (calendar(NINE) + b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n", "ends in the middle"),
        (
            b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\nEND:VEVENT\n" * 100_001 + b"END:VCALENDAR\n",
            "more than 100,000 events",
        ),
    ],
)  # fmt: skip
def test_what_is_no_whole_calendar_is_never_read_as_free(data, told_so):
    with pytest.raises(Unreadable, match=told_so):
        busy_in(data, BERLIN, RANGE)


@pytest.mark.parametrize("ending", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_every_kind_of_line_and_letter(ending, code):
    text = calendar(f"SUMMARY:Für Élise\n{NINE}").decode().replace("\n", ending)
    assert told(text.encode(code)) == ["03-02 08:00-09:00"]


def test_an_empty_calendar_is_free():
    assert busy_in(calendar(), BERLIN, RANGE).spans == []


def test_events_that_nobody_ended_are_events():
    other = NINE.replace("0302T", "0303T")
    text = f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\n{NINE}\nBEGIN:VEVENT\nUID:b\n{other}\nEND:VCALENDAR\n"
    assert told(text.encode()) == ["03-02 08:00-09:00", "03-03 08:00-09:00"]


LINES = [*"\n".join([NINE, DAILY, SECOND + "20260303T150000", *(text for text, _ in QUIRKS.values())]).split("\n")]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(LINES), max_size=6), max_size=4),
    st.lists(st.tuples(st.integers(0, 5000), st.characters(codec="utf-8")), max_size=8),
)
def test_whatever_is_broken_it_is_read_or_refused_with_a_sentence(events, damage):
    text = list(calendar(*("\n".join(each) for each in events), extra=OWN_ZONE).decode())
    for place, letter in damage:
        text[place % len(text)] = letter
    try:
        found = busy_in("".join(text).encode(), BERLIN, RANGE)
    except Unreadable:
        return
    assert all(RANGE[0] <= lo < hi <= RANGE[1] for lo, hi in found.spans)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([text for text, _ in QUIRKS.values()]), max_size=5), st.sampled_from(list(QUIRKS)))
def test_one_more_event_never_frees_time(events, name):
    minute = 60
    before = busy_in(calendar(*events), BERLIN, RANGE).spans
    after = busy_in(calendar(*events, QUIRKS[name][0]), BERLIN, RANGE).spans
    taken = {at for lo, hi in after for at in range(lo, hi, minute)}
    assert {at for lo, hi in before for at in range(lo, hi, minute)} <= taken


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(-5000, 5000), st.integers(1, 3000)), max_size=20))
def test_events_written_by_another_program_are_read_alike(pairs):
    """icalendar writes, we read."""
    file, slow = Calendar(), set()
    for n, (begin, length) in enumerate(pairs):
        start, end = LO + timedelta(minutes=begin), LO + timedelta(minutes=begin + length)
        each = Event()
        each.add("uid", str(n))
        each.add("summary", "ein langer Titel, " * 9)
        each.add("dtstart", start)
        each.add("dtend", end)
        file.add_component(each)
        slow |= {at for at in range(begin, begin + length) if at >= 0}
    found = busy_in(file.to_ical(), BERLIN, RANGE).spans
    assert {(at - RANGE[0]) // 60 for lo, hi in found for at in range(lo, hi, 60)} == slow


def test_fifty_thousand_events_and_rules_of_twenty_years_are_read_within_bounds():
    first = datetime(2006, 1, 2, 9)  # noqa: DTZ001 - a wall time
    rules = ["FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,WE", "FREQ=MONTHLY;BYDAY=-1FR", "FREQ=YEARLY"]
    single = [
        event(f"DTSTART;TZID=Europe/Berlin:{first + timedelta(hours=7 * n):%Y%m%dT%H%M%S}", "DURATION:PT30M",
              "SUMMARY:One of very many", f"DESCRIPTION:{'words ' * 20}")
        for n in range(48_000)
    ]  # fmt: skip
    ruled = [
        event(f"DTSTART;TZID=Europe/Berlin:200601{1 + n % 28:02}T{n % 24:02}0000", "DURATION:PT15M", f"RRULE:{rule}")
        for n, rule in enumerate(rules * 500)
    ]  # fmt: skip
    data = calendar(*single, *ruled)
    begun = time.process_time()
    found = busy_in(data, BERLIN, RANGE)
    seconds = time.process_time() - begun
    print(f"{len(data) / 1e6:.0f} MB, {found.events} events: {seconds:.1f} CPU-seconds")
    assert found.events == 50_000
    assert found.warnings == []
    assert found.spans == busy_in(calendar(*[each for each in single if "DTSTART;TZID=Europe/Berlin:2026" in each],
                                           *ruled), BERLIN, RANGE).spans  # fmt: skip
    assert seconds < 60


@pytest.mark.parametrize(
    "rule",
    ["FREQ=SECONDLY", "FREQ=HOURLY", "FREQ=DAILY;COUNT=9999999", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=9999999"],
)
def test_rules_written_to_keep_us_busy_do_not(rule):
    data = calendar(*[f"DTSTART:00010101T{n % 24:02}0000Z\nDURATION:PT1S\nRRULE:{rule}" for n in range(300)])
    begun = time.process_time()
    try:
        warnings = busy_in(data, BERLIN, RANGE).warnings
    except Unreadable as refused:
        warnings = [str(refused)]
    print(f"{rule}: {time.process_time() - begun:.1f} CPU-seconds, {warnings}")
    assert time.process_time() - begun < 60
