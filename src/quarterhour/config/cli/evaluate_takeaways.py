"""`quarterhour evaluate takeaways SESSIONS.jsonl`: do notes become the actions a careful reader would write?

One session a line, with `notes`, `chat`, `date`, `language`, `mentor.name`, `mentee.name` and `gold`: its `actions`
({`owner`, `due`, `source`, perhaps `due_also`}) and `not_actions`. A `source` and every entry of `not_actions` is
a part of the notes or of one line of the chat, word for word.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from quarterhour.engines.takeaway import Action, Said, prefill

HALF = 0.5  # two places are the same when they share half of the shorter one
GROUPS = {"all": None, "English": True, "not English": False}

Place = tuple[int | None, int, int]


class SessionsFileError(ValueError):
    """The file cannot be read as labelled sessions; the text says where and what to do."""


@dataclass
class Tally:
    """What was counted over some sessions."""

    sessions: int = 0
    wanted: int = 0
    found: int = 0
    matched: int = 0
    owners: int = 0
    dates: int = 0
    lookalikes: int = 0
    taken_in: int = 0
    wrong: list[dict[str, Any]] = field(default_factory=list)

    def figures(self) -> dict[str, Any]:
        """Shares from 0 to 1; 1.0 where there was nothing to get wrong."""
        precision, recall = _share(self.matched, self.found), _share(self.matched, self.wanted)
        return {
            "sessions": self.sessions,
            "actions": self.wanted,
            "extracted": self.found,
            "matched": self.matched,
            "precision": precision,
            "recall": recall,
            "f1": _share(2 * self.matched, self.wanted + self.found),
            "owner_accuracy": _share(self.owners, self.matched),
            "date_accuracy": _share(self.dates, self.matched),
            "lookalikes": self.lookalikes,
            "lookalikes_taken_in": self.taken_in,
        }


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of the command to `parser`."""
    parser.add_argument("sessions", metavar="SESSIONS.jsonl", type=Path, help="labelled sessions, one a line")
    parser.add_argument("--out", metavar="FILE", type=Path, help="also write the figures, with every miss, to FILE")


def run(args: argparse.Namespace) -> int:
    """Print the figures, as a table and as JSON. 0, or 2 if the sessions cannot be read."""
    try:
        tallies = evaluate(sessions_of(args.sessions))
    except SessionsFileError as error:
        print(error, file=sys.stderr)
        return 2
    figures = {name: tally.figures() for name, tally in tallies.items() if tally.sessions}
    print(f"{'':22}" + "".join(f"{name:>14}" for name in figures))
    for key in next(iter(figures.values()), {}):
        print(f"{key.replace('_', ' '):22}" + "".join(f"{figures[name][key]:>14.4g}" for name in figures))
    if args.out:
        told = {"figures": figures, "wrong": tallies["all"].wrong}
        args.out.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(figures))
    return 0


def sessions_of(file: Path) -> list[dict[str, Any]]:
    """The rows of the file. Raises SessionsFileError with the number of the line that is wrong."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeError) as error:
        raise SessionsFileError(f"{file} cannot be read: {error}") from error
    rows = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            date.fromisoformat(row["date"])
            _ = (row["notes"], row["mentor"]["name"], row["mentee"]["name"], row["gold"]["actions"])
        except (ValueError, KeyError, TypeError) as error:
            raise SessionsFileError(f"Line {number} of {file} is no labelled session: {error!r}.") from error
        rows.append(row)
    if not rows:
        raise SessionsFileError(f"{file} holds no session.")
    return rows


def evaluate(rows: Iterable[Mapping[str, Any]]) -> dict[str, Tally]:
    """Fill in a card for every session and compare it with what a reader wrote."""
    tallies = {name: Tally() for name in GROUPS}
    for row in rows:
        english = row.get("language", "en") == "en"
        chat = [Said(line["who"], line["text"]) for line in row.get("chat") or ()]
        names = {"mentor": row["mentor"]["name"], "mentee": row["mentee"]["name"]}
        card = prefill(
            row["notes"], chat, held_on=date.fromisoformat(row["date"]), language=row.get("language"), **names
        )
        for name, wants_english in GROUPS.items():
            if wants_english in (None, english):
                _count(tallies[name], row, card.actions)
    return tallies


def _count(tally: Tally, row: Mapping[str, Any], found: tuple[Action, ...]) -> None:
    wanted = row["gold"]["actions"]
    partners = matched([_place(row, action["source"]) for action in wanted], [_where(action) for action in found])
    tally.sessions += 1
    tally.wanted += len(wanted)
    tally.found += len(found)
    tally.matched += len(partners)
    for number, action in enumerate(wanted):
        got = found[partners[number]] if number in partners else None
        owner_is_right = got is not None and got.owner == action["owner"]
        date_is_right = got is not None and _iso(got) in (action["due"], *action.get("due_also", ()))
        tally.owners += owner_is_right
        tally.dates += date_is_right
        if not (owner_is_right and date_is_right):
            tally.wrong.append({"session": row.get("id"), "wanted": action, "got": _told(got)})
    extra = [action for number, action in enumerate(found) if number not in partners.values()]
    tally.wrong += [{"session": row.get("id"), "wanted": None, "got": _told(action)} for action in extra]
    for phrase in row["gold"].get("not_actions", ()):
        tally.lookalikes += 1
        tally.taken_in += _rests_on(_place(row, phrase), found, partners, row)


def matched(wanted: list[Place | None], found: list[Place]) -> dict[int, int]:
    """Wanted place -> found place, one to one: as many as possible, larger overlaps tried first.

    Source: augmenting paths, H. W. Kuhn, Naval Research Logistics Quarterly 2 (1955), 83-97.
    """
    choices = [
        sorted((f for f, got in enumerate(found) if same(want, got)), key=lambda f, want=want: -shared(want, found[f]))
        for want in wanted
    ]
    taken: dict[int, int] = {}

    def settle(want: int, tried: set[int]) -> bool:
        for choice in choices[want]:
            if choice in tried:
                continue
            tried.add(choice)
            if choice not in taken or settle(taken[choice], tried):
                taken[choice] = want
                return True
        return False

    most = [max((shared(want, got) for got in found), default=0) for want in wanted]
    for want in sorted(range(len(wanted)), key=lambda number: -most[number]):
        settle(want, set())
    return {want: choice for choice, want in taken.items()}


def shared(one: Place | None, other: Place | None) -> int:
    """How many characters two places of the same text have in common."""
    if one is None or other is None or one[0] != other[0]:
        return 0
    return max(0, min(one[2], other[2]) - max(one[1], other[1]))


def same(one: Place | None, other: Place | None) -> bool:
    """Whether they share at least half of the shorter one."""
    if one is None or other is None:
        return False
    shorter = min(one[2] - one[1], other[2] - other[1])
    return shorter > 0 and shared(one, other) >= HALF * shorter


def _rests_on(
    phrase: Place | None, found: tuple[Action, ...], partners: dict[int, int], row: Mapping[str, Any]
) -> bool:
    """Whether an action rests on this look-alike rather than on an action somebody wanted."""
    wanted = {got: _place(row, row["gold"]["actions"][want]["source"]) for want, got in partners.items()}
    return any(
        same(phrase, _where(action)) and shared(phrase, _where(action)) > shared(wanted.get(number), _where(action))
        for number, action in enumerate(found)
    )


def _place(row: Mapping[str, Any], words: str) -> Place | None:
    """Where those words stand: in the notes, or in which line of the chat."""
    texts = [(None, row["notes"]), *((number, line["text"]) for number, line in enumerate(row.get("chat") or ()))]
    for line, text in texts:
        if (at := text.find(words)) >= 0:
            return line, at, at + len(words)
    return None


def _where(action: Action) -> Place:
    return action.source.line, action.source.start, action.source.end


def _iso(action: Action) -> str | None:
    return action.due.isoformat() if action.due else None


def _told(action: Action | None) -> dict[str, Any] | None:
    if action is None:
        return None
    return {"owner": action.owner, "text": action.text, "due": _iso(action), "source": action.source.words}


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 1.0
