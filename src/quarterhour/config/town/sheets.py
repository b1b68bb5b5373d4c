"""Rows by the thousand: text for PostgreSQL's COPY, written by hand because adapting each value takes longer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import JSONField, Model
from django.db.models.fields import NOT_PROVIDED

_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


class Sheet:
    """Lines for one table. Columns nobody names get the default of their field, so that a new column is no surprise."""

    def __init__(self, model: type[Model], *columns: str) -> None:
        self.table = model._meta.db_table  # noqa: SLF001
        others = [
            field
            for field in model._meta.concrete_fields  # noqa: SLF001
            if field.column not in columns and field.db_default is NOT_PROVIDED
        ]
        self.columns = [*columns, *(field.column for field in others)]
        defaults = [told(field.get_default(), as_json=isinstance(field, JSONField)) for field in others]
        self._end = "".join(f"\t{value}" for value in defaults) + "\n"
        self._lines: list[str] = []

    def add(self, *values: str) -> None:
        """A line: values as `told` writes them, in the order of the columns."""
        self._lines.append("\t".join(values) + self._end)

    def send(self) -> int:
        """Write what was added. Returns how many lines there were."""
        return copied(self.table, self.columns, self._take())

    def _take(self) -> list[str]:
        lines, self._lines = self._lines, []
        return lines


def copied(table: str, columns: Sequence[str], lines: Iterable[str]) -> int:
    """COPY lines into a table. Returns how many."""
    lines = list(lines)
    quoted = ", ".join(connection.ops.quote_name(column) for column in columns)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({quoted}) FROM STDIN") as copy:
        copy.write("".join(lines))
    return len(lines)


def told(value: Any, *, as_json: bool = False) -> str:
    r"""A value as COPY reads it.

    >>> told(None), told(True), told("a\tb"), told([15, 25]), told({"mon": []}, as_json=True)
    ('\\N', 't', 'a\\tb', '{15,25}', '{"mon": []}')
    """
    if as_json:
        return json.dumps(value, ensure_ascii=False).translate(_ESCAPED)
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, (list, tuple)):
        inside = ",".join(_quoted(each) if isinstance(each, str) else str(each) for each in value)
        return ("{" + inside + "}").translate(_ESCAPED)
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, UUID):
        return value.hex
    return str(value).translate(_ESCAPED)


def _quoted(text: str) -> str:
    inside = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{inside}"'
