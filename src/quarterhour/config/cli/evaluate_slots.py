"""`quarterhour evaluate slots CASES.json`: do we find exactly the slots somebody else worked out?

A case is an object with the inputs of SLOTS as flat fields, an `id`, and `expected`, the starts to find. It
may leave out weekly, overrides, busy, booked (nothing), the buffers and min_notice_min (0), the caps (none)
and horizon_days (no horizon).
"""

import argparse
import json
import sys
import textwrap
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from quarterhour.engines.slots import Hours, Rules, Taken, Window, free_slots, window

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NO_HORIZON = (date.max - date.min).days
_MISSING = object()


class CasesFileError(ValueError):
    """The file cannot be read as a list of cases; the text says why and what to do."""


class CaseError(ValueError):
    """A case makes no sense; the text names the field and what to write."""


class Question(NamedTuple):
    """One case, ready to be asked."""

    hours: Hours
    rules: Rules
    taken: Taken
    now: datetime
    between: tuple[datetime, datetime]

    def answer(self) -> list[datetime]:
        return free_slots(self.hours, self.rules, self.taken, now=self.now, between=self.between)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of the command to `parser`."""
    parser.add_argument("cases", metavar="CASES.json", type=Path, help="a JSON list of cases, see SLOTS, Inputs")


def run(args: argparse.Namespace) -> int:
    """Print what `evaluate` finds. 0 if every case passes, 1 if some do not, 2 if the file cannot be read."""
    try:
        result = evaluate(args.cases)
    except CasesFileError as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps(result, indent=2, ensure_ascii=False))
    return 1 if result["failed"] else 0


def evaluate(path: Path | str) -> dict[str, Any]:
    """Ask every case of a file and compare.

    Returns {"cases": n, "passed": n, "failed": [{"id", "missing", "extra"}]}, instants as ISO 8601 with Z.
    A case that makes no sense has failed and carries "error", a sentence, as well.
    Raises CasesFileError if there is no list of cases in the file.
    """
    cases = _read(Path(path))
    verdicts = [_verdict(number, case) for number, case in enumerate(cases, start=1)]
    failed = [verdict for verdict in verdicts if verdict]
    return {"cases": len(cases), "passed": len(cases) - len(failed), "failed": failed}


def question(case: Mapping[str, Any]) -> Question:
    """The question a case asks. Raises ValueError, with what is wrong, if it makes no sense."""
    hours = Hours(
        zone=_field(case, "mentor_tz", _text),
        weekly={
            _weekday(name): _windows(f"weekly.{name}", windows)
            for name, windows in _field(case, "weekly", _object, {}).items()
        },
        overrides={
            _date(day): _windows(f"overrides.{day}", windows)
            for day, windows in _field(case, "overrides", _object, {}).items()
        },
    )
    rules = Rules(
        duration=_field(case, "duration_min", _whole),
        increment=_field(case, "increment_min", _whole),
        buffer_before=_field(case, "buffer_before_min", _whole, 0),
        buffer_after=_field(case, "buffer_after_min", _whole, 0),
        notice=_field(case, "min_notice_min", _whole, 0),
        horizon_days=_field(case, "horizon_days", _whole, NO_HORIZON),
        daily_cap=_field(case, "daily_cap", _whole, None),
        weekly_cap=_field(case, "weekly_cap", _whole, None),
    )
    taken = Taken(busy=_field(case, "busy", _intervals, ()), booked=_field(case, "booked", _intervals, ()))
    return Question(hours, rules, taken, _field(case, "now_utc", _instant), _field(case, "range", _interval))


def _read(path: Path) -> list[Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise CasesFileError(f"{path} cannot be read: {error.strerror}. Pass the path of a JSON file.") from error
    except (ValueError, RecursionError) as error:
        raise CasesFileError(f"{path} is not JSON: {error}. Pass a JSON list of cases.") from error
    if isinstance(found, dict):
        found = found.get("cases")
    if not isinstance(found, list):
        raise CasesFileError(f'{path} holds no cases. Pass a JSON list, or an object with a list "cases".')
    return found


def _verdict(number: int, case: object) -> dict[str, Any] | None:
    """None if the case passes, otherwise what to print about it."""
    name = case.get("id", number) if isinstance(case, dict) else number
    expected: set[datetime] = set()
    try:
        expected = set(_field(_object("case", case), "expected", _instants))
        found = set(question(_object("case", case)).answer())
    except (ValueError, OverflowError) as error:
        return {"id": name, "missing": _told(expected), "extra": [], "error": str(error)}
    if found == expected:
        return None
    return {"id": name, "missing": _told(expected - found), "extra": _told(found - expected)}


def _told(instants: Iterable[datetime]) -> list[str]:
    return [instant.astimezone(UTC).isoformat().replace("+00:00", "Z") for instant in sorted(instants)]


def _field(case: Mapping[str, Any], name: str, read, default: Any = _MISSING) -> Any:
    """The field `name`, read by `read`; `default` if it is missing or null."""
    value = case.get(name)
    if value is not None:
        return read(name, value)
    if default is _MISSING:
        raise CaseError(f"{name} is missing. Every case needs it.")
    return default


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise CaseError(f"{name} is {value!r}. Write it as text.")
    return value


def _object(name: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise CaseError(f"{name} is {_short(value)}. Write it as a JSON object.")
    return value


def _list(name: str, value: object) -> list[Any]:
    if not isinstance(value, list):
        raise CaseError(f"{name} is {_short(value)}. Write it as a JSON list.")
    return value


def _whole(name: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
        raise CaseError(f"{name} is {_short(value)}. Write it as a whole number.")
    return int(value)


def _weekday(name: str) -> int:
    if name not in WEEKDAYS:
        raise CaseError(f'weekly has a day "{name}". The days are {", ".join(WEEKDAYS)}.')
    return WEEKDAYS.index(name)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CaseError(f'overrides has a date "{text}". Write it as YYYY-MM-DD.') from error


def _windows(name: str, value: object) -> list[Window]:
    try:
        return [window(*_pair(name, each)) for each in _list(name, [] if value is None else value)]
    except ValueError as error:
        raise CaseError(f"{name}: {error}") from error


def _pair(name: str, value: object) -> tuple[Any, Any]:
    """The two ends of something, written as a list of two or as {"start", "end"}."""
    ends = [value.get("start"), value.get("end")] if isinstance(value, dict) else value
    match ends:
        case [start, end] if start is not None and end is not None:
            return start, end
    raise CaseError(f"{name} has {_short(value)}. Write a start and an end.")


def _instant(name: str, value: object) -> datetime:
    try:
        instant = datetime.fromisoformat(_text(name, value))
    except ValueError as error:
        raise CaseError(f"{name} has {_short(value)}. Write 2026-03-08T06:00:00Z.") from error
    if instant.tzinfo is None:
        raise CaseError(f"{name} has {_short(value)}, which names no offset. Write 2026-03-08T06:00:00Z.")
    return instant


def _instants(name: str, value: object) -> list[datetime]:
    return [_instant(name, each).astimezone(UTC) for each in _list(name, value)]


def _interval(name: str, value: object) -> tuple[datetime, datetime]:
    start, end = _pair(name, value)
    return _instant(name, start), _instant(name, end)


def _intervals(name: str, value: object) -> list[tuple[datetime, datetime]]:
    return [_interval(name, each) for each in _list(name, value)]


def _short(value: object) -> str:
    return textwrap.shorten(json.dumps(value, ensure_ascii=False), 60, placeholder=" ...")
