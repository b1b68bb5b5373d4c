"""The room's scripts where they need no browser: text differences, carets, clocks, verdicts."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from quarterhour.engines.agenda import box_at, cue_at, time_boxes

ROOT = Path(__file__).resolve().parents[2]


def run(script: str, given: object = None) -> object:
    """Run a module in Node, in the folder of the scripts. What it writes is JSON."""
    done = subprocess.run(
        ["node", "--input-type=module", "--eval", f"const given = {json.dumps(given)};\n{script}"],
        cwd=ROOT / "frontend/room",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_difference_makes_the_old_text_the_new_one_and_splits_no_letter():
    wrong = run("""
import { difference } from "./diff.js";
const letters = ["a", "b", "\\n", "é", "🙂", "🙃", "👩🏾‍💻"];
let seed = 7;
const random = (most) => (seed = (seed * 48271) % 2147483647) % most;
const text = () => Array.from({ length: random(8) }, () => letters[random(letters.length)]).join("");
const wrong = [];
for (let n = 0; n < 20000; n++) {
  const before = text();
  const after = random(2) ? before.slice(0, random(before.length + 1)) + text() : text();
  const { at, removed, added } = difference(before, after);
  const whole = [before.slice(0, at), added, before.slice(at + removed)].every((part) => part.isWellFormed?.() ?? true);
  if (before.slice(0, at) + added + before.slice(at + removed) !== after) wrong.push([before, after]);
  else if (before.isWellFormed?.() && after.isWellFormed?.() && !whole) wrong.push([before, after, "split"]);
}
console.log(JSON.stringify(wrong.slice(0, 3)));
""")
    assert wrong == []


def test_a_caret_stays_between_the_same_letters():
    wrong = run("""
import { follow } from "./diff.js";
let seed = 11;
const random = (most) => (seed = (seed * 48271) % 2147483647) % most;
const wrong = [];
for (let n = 0; n < 20000; n++) {
  const text = Array.from({ length: 1 + random(10) }, (_, i) => String.fromCharCode(65 + i));
  const place = random(text.length + 1);
  const delta = [], marked = [...text.slice(0, place), "|", ...text.slice(place)];
  let at = 0, index = 0;
  // The slow rival: a mark in the text itself, which edits go around.
  const skip = () => { if (marked[index] === "|") index++; };
  while (at < text.length) {
    const step = 1 + random(text.length - at);
    const kind = random(3);
    skip();
    if (kind === 2) {
      if (delta.at(-1)?.insert) continue;
      delta.push({ insert: "xy" });
      marked.splice(index, 0, "x", "y");
      index += 2;
      continue;
    }
    delta.push(kind ? { delete: step } : { retain: step });
    at += step;
    for (let i = 0; i < step; i++, skip()) kind ? marked.splice(index, 1) : index++;
  }
  const found = follow(place, delta), wanted = marked.indexOf("|");
  if (found !== wanted) wrong.push([text.join(""), place, delta, found, wanted]);
}
console.log(JSON.stringify(wrong.slice(0, 3)));
""")
    assert wrong == []


def test_more_connections_share_one_uplink_and_send_smaller_pictures():
    of_one, of_two, of_three, weak = run("""
import { shared } from "./bitrate.js";
console.log(JSON.stringify([shared(0, 1), shared(0, 2), shared(0, 3), shared(2, 3)]));
""")
    assert of_one == {"maxBitrate": 1_500_000, "scaleResolutionDownBy": 1}
    assert of_two == {"maxBitrate": 750_000, "scaleResolutionDownBy": 2}
    assert of_three == {"maxBitrate": 500_000, "scaleResolutionDownBy": 2}
    assert weak == {"maxBitrate": 50_000, "scaleResolutionDownBy": 4}


def test_a_picture_for_many_is_small_but_never_less_than_can_be_seen():
    of_two, of_nine = run("""
import { shared } from "./bitrate.js";
console.log(JSON.stringify([shared(0, 2, 300_000), shared(0, 9, 300_000)]));
""")
    assert of_two == {"maxBitrate": 750_000, "scaleResolutionDownBy": 2}
    assert of_nine == {"maxBitrate": 300_000, "scaleResolutionDownBy": 2}


def test_browser_and_engine_agree_which_box_is_running():
    lengths = (15, 25, 30, 45, 60)
    given = [
        {
            "boxes": [{"starts": b.starts, "minutes": b.minutes} for b in time_boxes(minutes)],
            "seconds": list(range(-60, minutes * 60 + 120, 37)),
        }
        for minutes in lengths
    ]

    told = run(
        """
import { standing } from "./timer.js";
const at = (second, boxes) => standing(second * 1000, 0, boxes).findIndex(({ state }) => state === "now");
const now = ({ boxes, seconds }) => seconds.map((second) => at(second, boxes));
console.log(JSON.stringify(given.map(now)));
""",
        given,
    )

    for minutes, each, found in zip(lengths, given, told, strict=True):
        boxes = time_boxes(minutes)
        by_engine = [boxes.index(box) if (box := box_at(boxes, second)) else -1 for second in each["seconds"]]
        assert found == by_engine


def test_the_timer_says_what_is_left_the_cue_and_when_the_room_closes():
    hours = {"starts": 0, "ends": 25 * 60_000, "closes": 40 * 60_000, "cue": cue_at(25), "zone": "UTC"}
    at = [-250_000, 0, 22 * 60_000 - 1, 22 * 60_000, 25 * 60_000]

    told = run(
        """
import { reading } from "./timer.js";
console.log(JSON.stringify(given.at.map((now) => reading(now, given.hours))));
""",
        {"hours": hours, "at": at},
    )

    assert [each["title"] for each in told] == ["Starts in", "Time left", "Time left", "Time left", "Time is over"]
    assert [each["figure"] for each in told] == ["4:10", "25:00", "3:01", "3:00", "0:00"]
    assert [each["words"] for each in told] == [
        "00:00 to 00:25",
        "until 00:25",
        "until 00:25",
        "3 minutes: time to commit",
        "The room closes at 00:40",
    ]


def test_a_wrong_device_clock_still_counts_right():
    offset = run("""
import { ServerClock } from "./clock.js";
let device = 1_000_000;
const clock = new ServerClock(0, { present: () => device });
// The server is 90 s ahead; answers take 20 to 800 ms, mostly one way.
for (const [there, back] of [[700, 100], [10, 10], [300, 20]]) {
  const asked = device;
  device += there;
  const server = device + 90_000;
  device += back;
  clock.learn(asked, server);
}
console.log(JSON.stringify(clock.now() - device));
""")
    assert offset == 90_000


def test_the_connection_is_judged_by_what_is_lost_and_how_long_it_takes():
    verdicts = run("""
import { judge } from "./quality.js";
const before = { lost: 0, received: 0, way: 0 };
const after = [[0, 100, 0.05], [4, 96, 0.05], [10, 90, 0.05], [0, 100, 0.4], [0, 100, 0.7], [0, 0, 0]];
console.log(JSON.stringify(after.map(([lost, received, way]) => judge(before, { lost, received, way }))));
""")
    assert verdicts == ["good", "slow", "weak", "slow", "weak", "good"]


def test_the_other_side_is_told_muted_and_unseen_only_where_that_is_news():
    there = {"place": "room", "mode": "video", "mic": True, "camera": True, "screen": False}
    given = [
        there,
        there | {"mic": False},
        there | {"mic": False, "camera": False},
        there | {"camera": False, "screen": True},
        there | {"mode": "audio", "mic": False, "camera": False},
        there | {"mode": "chat", "mic": False, "camera": False},
        {"place": "room", "mode": "video"},  # has not said yet
        there | {"place": "lobby", "mic": False},
    ]

    told = run(
        """
import { words } from "./presence.js";
console.log(JSON.stringify(given.map((there) => words("Leila", there))));
""",
        given,
    )

    assert told == [
        "Leila is here.",
        "Leila is here, muted.",
        "Leila is here, muted, camera off.",
        "Leila is here.",
        "Leila is here by sound only, muted.",
        "Leila is here in writing.",
        "Leila is here.",
        "Leila is in the lobby.",
    ]


def test_the_picture_gives_way_to_the_sound_and_comes_back_slowly():
    steps = run(
        """
import { follow } from "./bitrate.js";
let at = { step: 0, good: 0 };
const seen = [];
for (const verdict of given) seen.push((at = follow(at, verdict)).step);
console.log(JSON.stringify(seen));
""",
        ["weak", "weak", "weak", "good", "good", "slow", "good", "good", "good", "good", "good", "good", "good"],
    )
    assert steps == [1, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 0, 0]


def test_whoever_speaks_is_shown_a_moment_longer_than_heard():
    shown = run("""
import { speaks } from "./speaking.js";
const state = {};
const heard = [[0, 0], [0.2, 100], [0.01, 500], [0.01, 799], [0.01, 801]];
console.log(JSON.stringify(heard.map(([level, now]) => speaks(state, level, now))));
""")
    assert shown == [False, True, True, True, False]


def test_whoever_spoke_last_stands_first_and_for_two_seconds_at_least():
    looks = [
        ("", "ab", 0), ("b", "ab", 500), ("b", "ab", 2_000), ("ab", "ab", 9_000), ("", "ab", 9_500),
        ("a", "ab", 9_600), ("", "ac", 9_700), ("", "c", 9_800), ("", "", 9_900),
    ]  # fmt: skip
    first = run(
        """
import { whoIsFirst } from "./speaking.js";
let at = { at: 0 };
const look = ([speaking, tiles, now]) => (at = whoIsFirst(at, [...speaking], [...tiles], now)).tile ?? "";
console.log(JSON.stringify(given.map(look)));
""",
        looks,
    )
    assert first == ["a", "a", "b", "b", "b", "a", "a", "c", ""]
