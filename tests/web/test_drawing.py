"""Pictures from plain numbers. The expected figures are those of the design's own pages."""

import re
import shutil
import subprocess
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterhour.web.drawing import (
    ICONS,
    STEPS,
    avatar,
    brief,
    dial,
    heat_chart,
    icon,
    interval,
    lasting,
    mark,
    quarter_clock,
    ring,
    strip,
    tracker,
    wedge,
    week,
    whiskers,
)

ROOT = Path(__file__).resolve().parents[2]
NASTY = "<script>alert('1')</script>\" onload=\"x"


@pytest.mark.parametrize(
    ("start", "minutes", "path"),
    [
        (15, 25, "M12 12L21.5 12A9.5 9.5 0 0 1 3.77 16.75Z"),
        (30, 25, "M12 12L12 21.5A9.5 9.5 0 0 1 7.25 3.77Z"),
        (45, 25, "M12 12L2.5 12A9.5 9.5 0 0 1 20.23 7.25Z"),
        (0, 25, "M12 12L12 2.5A9.5 9.5 0 0 1 16.75 20.23Z"),
        (0, 15, "M12 12L12 2.5A9.5 9.5 0 0 1 21.5 12Z"),
        (0, 30, "M12 12L12 2.5A9.5 9.5 0 0 1 12 21.5Z"),
        (0, 45, "M12 12L12 2.5A9.5 9.5 0 1 1 2.5 12Z"),
        (0, 4, "M12 12L12 2.5A9.5 9.5 0 0 1 15.86 3.32Z"),
        (58, 3, "M12 12L10.02 2.71A9.5 9.5 0 0 1 12.99 2.55Z"),
        (17, 9, "M12 12L21.29 13.98A9.5 9.5 0 0 1 15.86 20.68Z"),
    ],
)
def test_a_wedge_lies_where_its_minutes_lie(start, minutes, path):
    assert wedge(start, minutes) == path
    assert path in dial(start, minutes)


def test_the_same_wedge_is_drawn_in_the_browser():
    asked = [(start, minutes) for start in range(0, 60, 7) for minutes in (1, 15, 25, 29, 31, 45, 59)]
    script = (
        f"import {{ wedge }} from {str(ROOT / 'frontend' / 'dial.js')!r};"
        f"console.log(JSON.stringify({[list(pair) for pair in asked]}.map(([s, m]) => wedge(s, m))))"
    )
    told = subprocess.run(
        [shutil.which("node") or "node", "--input-type=module", "-e", script],
        capture_output=True,
        check=True,
        text=True,
    )

    assert told.stdout.strip() == str([wedge(*pair) for pair in asked]).replace("'", '"').replace(", ", ",")


def test_a_full_hour_is_a_whole_disc_and_no_time_an_empty_face():
    assert '<circle class="dial-span" cx="12" cy="12" r="9.5"/>' in dial(15, 60)
    assert "dial-span" not in dial(0, 0)
    assert dial(0, 0).count('<circle class="dial-face" cx="12" cy="12" r="11"/>') == 1


def test_minutes_that_are_over_turn_pale():
    drawn = dial(15, 25, past=14)

    assert '<path class="dial-past" d="M12 12L21.5 12A9.5 9.5 0 0 1 12.99 21.45Z"/>' in drawn
    assert '<path class="dial-span" d="M12 12L12.99 21.45A9.5 9.5 0 0 1 3.77 16.75Z"/>' in drawn
    assert "dial-span" not in dial(15, 25, past=25)


def test_a_dial_that_stands_alone_has_a_name_and_one_beside_words_has_none():
    assert 'role="img" aria-label="10:15 to 10:40"' in dial(15, 25, label="10:15 to 10:40")
    assert 'aria-hidden="true"' in dial(15, 25)


@pytest.mark.parametrize(("minutes", "past"), [(-1, 0), (25, 26), (25, -1)])
def test_an_impossible_length_is_refused(minutes, past):
    with pytest.raises(ValueError, match="cannot be"):
        dial(0, minutes, past=past)


@given(st.floats(0, 59), st.floats(0.1, 59.9))
def test_every_wedge_stays_on_the_face(start, minutes):
    numbers = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", wedge(start, minutes))]

    assert all(0 <= number <= 24 for number in numbers)


def test_the_same_person_always_has_the_same_face_and_others_have_another():
    somebody, other = UUID(int=7), UUID(int=8)

    assert avatar(somebody) == avatar(str(somebody))
    assert avatar(somebody) != avatar(other)
    assert len({avatar(number) for number in range(500)}) > 490


@given(st.text())
def test_a_face_is_four_quarters_two_of_them_in_ink(seed):
    drawn = avatar(seed)
    paints = re.findall(r'style="fill:var\((--[\w-]+)\)"', drawn)
    ground = re.search(r'<rect width="40" height="40" fill="var\((--tile-\d)\)"/>', drawn)

    assert len(paints) == 4
    assert paints.count("--tile-ink") == 2
    assert ground
    assert len({*paints, ground[1]}) == 4, "ground and tiles differ, or a quarter could not be seen"
    assert drawn.count("<circle") <= 1


def test_the_name_stands_beside_a_face_so_it_is_silent():
    assert avatar("x", kind="large").startswith('<svg class="avatar large" viewBox="0 0 40 40" aria-hidden="true">')


def test_a_question_has_four_quarters():
    drawn = brief(["there", "next", True, False])

    assert drawn.count == "Two of four quarters."
    assert '<path class="there" d="M25.6 22.4L25.6 2.4A20 20 0 0 1 45.6 22.4Z"/>' in drawn.picture
    assert '<path class="next" d="M25.6 25.6L45.6 25.6A20 20 0 0 1 25.6 45.6Z"/>' in drawn.picture
    assert '<path d="M22.4 22.4L2.4 22.4A20 20 0 0 1 22.4 2.4Z"/>' in drawn.picture


@pytest.mark.parametrize("quarters", [["there"], ["there"] * 5, ["there", "there", "there", NASTY]])
def test_a_question_of_other_than_four_quarters_is_refused(quarters):
    with pytest.raises(ValueError, match="four quarters"):
        brief(quarters)


def test_a_tracker_knows_what_is_behind_and_what_is_to_come():
    steps = tracker("booked", "Today 14:00")

    assert [step.state for step in steps] == ["done", "done", "now", "", "", ""]
    assert [step.detail for step in steps] == ["", "", "Today 14:00", "", "", ""]
    assert [step.name.lower() for step in steps] == list(STEPS)
    with pytest.raises(ValueError, match="never"):
        tracker("lost")


@pytest.mark.parametrize(
    ("helped", "of", "low", "high", "told"),
    [
        (14, 16, 0.6, 0.97, "Mentees say it helped 14 times of 16 on this topic. Allowing for luck, at least 6 in 10."),
        (9, 11, 0.52, 0.95, "Mentees say it helped 9 times of 11 on this topic. Allowing for luck, at least 5 in 10."),
        (1, 4, 0.05, 0.70, "Mentees say it helped 1 time of 4 on this topic. Too early to be sure."),
        (0, 7, 0.0, 0.35, "Mentees say it helped 0 times of 7 on this topic. Too early to be sure."),
        (0, 0, 0.0, 1.0, "Nobody has said yet whether it helped."),
    ],
)
def test_an_interval_says_how_many_and_how_sure(helped, of, low, high, told):
    drawn = interval(helped, of, low, high, on="this topic")

    assert drawn.count + drawn.rest == told


def test_an_interval_has_its_ends_and_its_point_in_percent():
    drawn = interval(14, 16, 0.64, 0.97)

    assert (drawn.low, drawn.mid, drawn.high) == ("64%", "88%", "97%")
    assert drawn.label == "Mentees say it helped 14 times of 16. Allowing for luck, 64 to 97 times of 100."
    assert interval(0, 0, 0, 1).mid == "", "nobody has answered, so there is no point"


@pytest.mark.parametrize("numbers", [(5, 4, 0, 1), (1, 4, 0.9, 0.1), (1, 4, -0.1, 1), (1, 4, 0, 1.1)])
def test_an_interval_that_cannot_be_is_refused(numbers):
    with pytest.raises(ValueError, match="cannot be"):
        interval(*numbers)


def test_a_ring_shows_what_is_left():
    assert 'stroke-dasharray="38 22"' in ring(38, 60)
    assert 'stroke-dasharray="60 0"' in ring(90, 60)
    assert 'stroke-dasharray="0 60"' in ring(0, 60)
    assert '<line class="ring-tick" x1="102.44" y1="84.5" x2="100.27" y2="83.25"/>' in ring(1, 2)
    assert "ring-tick" not in ring(1, 2, ticks=False)
    with pytest.raises(ValueError, match="cannot be"):
        ring(1, 0)


def test_the_quarter_clock_has_every_step_at_its_minute():
    drawn = quarter_clock()

    assert '<path class="q-look" d="M34 372L126.7 86.7A300 300 0 0 1 184 112.2Z"/>' in drawn
    assert '<path class="q-tick" d="M66.2 65.7L66.8 59.7"/>' in drawn
    assert '<text x="136" y="58.2"><tspan class="value">09:03</tspan> look</text>' in drawn
    assert drawn.count("q-tick") == 16
    with pytest.raises(ValueError, match="quarter of an hour"):
        quarter_clock(9, [(0, "ask"), (20, "talk")])


def test_whiskers_share_one_scale_with_nought_on_it():
    drawn = whiskers([(NASTY[:12], 11.0, 4.0, 18.0), ("difference", -2.0, -6.0, 2.0)], label=NASTY)
    assert "<script>" not in drawn
    assert "+11.0" in drawn
    assert "-2.0" in drawn
    nought = float(re.search(r'class="axis" x1="([\d.]+)"', drawn).group(1))
    lines = [tuple(map(float, ends)) for ends in re.findall(r'class="line" x1="([\d.]+)" x2="([\d.]+)"', drawn)]
    assert lines[0][0] > nought
    assert lines[1][0] < nought < lines[1][1]
    assert 104 <= min(lines[1][0], nought) < lines[0][1] <= 104 + 240
    assert ">0.62<" in whiskers([("second card", 0.62, 0.5, 0.7)], label="x", shares=True)


@pytest.mark.parametrize("rows", [[], [("x", 3.0, 1.0, 2.0)], [("x", 1.0, float("nan"), 2.0)]])
def test_a_figure_outside_its_ends_is_refused(rows):
    with pytest.raises(ValueError, match="between its two ends"):
        whiskers(rows, label="x")


def test_a_heat_chart_is_warm_where_many_wait():
    drawn = heat_chart(["Mon", "Tue"], ["8", "10"], [[1, 2], [0, 5]], label=NASTY)

    assert '<rect class="h2" x="77" y="19" width="38" height="24" rx="2"/>' in drawn
    assert '<rect class="h5" x="77" y="45" width="38" height="24" rx="2"/>' in drawn
    assert '<text x="56" y="11" text-anchor="middle">8</text>' in drawn
    assert "<script" not in drawn
    for wrong in ([[1, 2]], [[1], [2]], [[1, 2], [0, 6]]):
        with pytest.raises(ValueError, match=r"cells|step"):
            heat_chart(["Mon", "Tue"], ["8", "10"], wrong, label="")


def test_a_strip_marks_the_night_that_failed():
    assert '<i></i><i class="unsure"></i><i class="failed"></i>' in strip(["", "unsure", "failed"], "Three nights")
    with pytest.raises(ValueError, match="no state"):
        strip([NASTY], "x")


def test_a_week_puts_each_block_on_its_quarter():
    drawn = week({"mon": [("09:00", "09:45")], "tue": [("14:00", "14:30"), ("09:45", "10:15")]})
    monday, tuesday = drawn.days[:2]

    assert (drawn.rows, drawn.hours[1]) == (40, (5, "09"))
    assert [(block.row, block.span, block.told) for block in monday.blocks] == [(5, 3, "9:00")]
    assert [(block.row, block.span) for block in tuesday.blocks] == [(8, 2), (25, 2)]
    assert (monday.length, tuesday.length, drawn.days[2].length) == ("45 min", "1 h", "none")
    assert [day.off for day in drawn.days] == [False] * 5 + [True] * 2


def test_a_week_grows_to_show_early_hours_and_nights():
    drawn = week({"sat": [("22:00", "02:00")], "sun": [("06:30", "07:00")]})
    saturday, sunday = drawn.days[5:]

    assert (drawn.first_hour, drawn.rows) == (6, 72)
    assert (saturday.blocks[0].row, saturday.blocks[0].span, saturday.minutes) == (65, 8, 240)
    assert not saturday.off
    assert sunday.blocks[0].row == 3


def test_time_that_is_taken_is_shown_but_not_counted():
    drawn = week({"thu": [("12:30", "13:45")]}, taken={"thu": [("11:15", "11:40", "booked", "Leila")]})
    booked, free = drawn.days[3].blocks

    assert (booked.kind, booked.words, booked.row, booked.span) == ("booked", "Leila", 14, 2)
    assert (free.kind, drawn.days[3].minutes) == ("free", 75)


@pytest.mark.parametrize(
    "free",
    [{"someday": []}, {"mon": [("nine", "ten")]}, {"mon": [("25:00", "26:00")]}, {"mon": [("9", "10")]}],
)
def test_a_week_of_nonsense_is_refused(free):
    with pytest.raises(ValueError, match=r"days|time of day"):
        week(free)


def test_lengths_are_said_as_people_say_them():
    assert [lasting(minutes) for minutes in (0, 45, 60, 100, 240)] == [
        "none",
        "45 min",
        "1 h",
        "1 h 40",
        "4 h",
    ]


# The names in the design, in its order, and the one the room's small window added.
DESIGNED = re.findall(
    r"\S+",
    """
pen-line calendar scale waypoints clock file-text building-2 users user-plus activity mail settings-2
arrow-right arrow-left chevron-down chevron-right x plus check undo-2 search ellipsis external-link menu
mic mic-off video video-off monitor-up captions audio-lines rectangle-goggles phone-off send message-square
paperclip headphones shield-check lock flag ban eye-off circle-check info triangle-alert wifi-off history
lightbulb bell pencil grip-vertical download trash-2 refresh-cw calendar-plus globe git-compare webhook
key-round copy picture-in-picture
""",
)


@pytest.mark.parametrize("name", DESIGNED)
def test_every_icon_of_the_design_draws_on_its_grid(name):
    drawn = icon(name)

    assert re.fullmatch(
        r'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">'
        r'<path d="[MmLlHhVvAaCcSsZz0-9 .-]+"/></svg>',
        drawn,
    )
    assert max(float(number) for number in re.findall(r"(?<=[MLHVC])\d+(?:\.\d+)?", drawn)) <= 24


def test_no_icon_is_drawn_that_the_design_does_not_name():
    assert set(ICONS) == set(DESIGNED)
    with pytest.raises(ValueError, match="There is no icon"):
        icon(NASTY)


def test_the_mark_is_a_q_with_its_first_quarter_filled():
    assert '<path class="mark-quarter" d="M27 27V15.5A11.5 11.5 0 0 1 38.5 27Z"/>' in mark()


@pytest.mark.parametrize(
    "drawn",
    [
        lambda: dial(0, 15, label=NASTY, kind=NASTY),
        lambda: strip([""], NASTY),
        lambda: avatar("x", kind=NASTY),
    ],
)
def test_words_in_pictures_cannot_break_out(drawn):
    assert "<script" not in drawn()
    assert '" onload="' not in drawn()
