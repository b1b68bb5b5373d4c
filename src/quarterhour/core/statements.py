"""Several statements in one message: whoever waits for our locks waits for every message we send under them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet


class Statement(NamedTuple):
    """SQL, and what goes into its places."""

    text: str
    values: Sequence[object] = ()


class Answer(NamedTuple):
    """The rows of one statement, and how many it touched."""

    rows: list[tuple]
    count: int


def send(*statements: Statement) -> list[Answer]:
    """Send all of them in one message. Returns an answer for each, in order.

    The first that fails ends the message; within a transaction nothing of it stays.
    """
    answers: list[Answer] = []
    with connection.cursor() as cursor:
        cursor.execute(";\n".join(each.text for each in statements), [v for each in statements for v in each.values])
        for _ in statements:
            has_rows = cursor.pgresult.nfields  # cursor.description would tell the same, and describe every column
            answers.append(Answer(cursor.fetchall() if has_rows else [], cursor.rowcount))
            cursor.nextset()
    return answers


def joined_as_written(rows: QuerySet) -> list[tuple]:
    """The rows of a query whose joins are best done in the order it names them.

    For a few rows looked up by key with much beside them: to try every order of ten tables takes the database 7 ms, to
    read them 0.1. Within a transaction the order stays as written for whatever it asks afterwards.
    """
    try:
        sql, values = rows.query.sql_with_params()
    except EmptyResultSet:
        return []
    return send(Statement("SET LOCAL join_collapse_limit = 1"), Statement(sql, values))[-1].rows
