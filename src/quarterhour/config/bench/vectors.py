"""The nearest vectors: by the database's graph as the ranking asks it, and by numpy over every one of them."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Row = dict[str, object]

NEAREST = 120
HEADER = 19  # bytes before the first row of a binary copy
# A row of it: two fields, sixteen bytes of key, and a halfvec with its number of dimensions.
ROW = np.dtype([
    ("fields", ">i2"), ("long", ">i4"), ("key", "V16"), ("wide", ">i4"), ("dimensions", ">i2"), ("unused", ">i2"),
    ("vector", ">f2", 384),
])  # fmt: skip


def measure(name: str, vectors: Sequence[NDArray[np.float32]], *, org_id) -> list[Row]:
    """How long each way takes, how many of the nearest the graph finds, and what both hold in memory.

    vectors: of questions, unit length. The database is asked for the nearest among an organisation's pieces, without
    the rules of who may be shown, so that both ways are asked the same.
    """
    keys, everything = _all(org_id)
    if not len(keys):
        return []
    by_graph, by_numpy, recalls = [], [], []
    for vector in [vectors[0], *vectors]:  # the first once more: what it reads is read for all
        begun = time.perf_counter()
        found = _by_graph(vector, org_id, among=len(keys))
        between = time.perf_counter()
        near = everything @ vector
        best = np.argpartition(-near, min(NEAREST, len(near) - 1))[:NEAREST]
        best = best[np.argsort(-near[best])]
        by_numpy.append(time.perf_counter() - between)
        by_graph.append(between - begun)
        recalls.append(_recall(found, keys, near, last=near[best[-1]]))
    size = _sizes()
    return [
        {"name": f"{name}: vectors", "figure": len(keys), "unit": "pieces"},
        *_shares(f"{name}: nearest by the graph", by_graph[1:]),
        *_shares(f"{name}: nearest by numpy, exact", by_numpy[1:]),
        {
            "name": f"{name}: found of the nearest {NEAREST}",
            "figure": round(float(np.mean(recalls[1:])), 3),
            "unit": "share",
        },
        {"name": f"{name}: the graph on disk", "figure": round(size["graph"] / 1e6), "unit": "MB"},
        {"name": f"{name}: the pieces on disk, all indexes", "figure": round(size["pieces"] / 1e6), "unit": "MB"},
        {"name": f"{name}: numpy's array", "figure": round(everything.nbytes / 1e6), "unit": "MB"},
    ]


def _all(org_id) -> tuple[NDArray[np.void], NDArray[np.float32]]:
    """Every key and vector of an organisation. A binary copy, because two million texts take minutes."""
    from django.db import connection

    told = bytearray()
    with connection.cursor() as cursor:
        rows = "SELECT id, vector FROM matching_evidence WHERE org_id = %s AND vector IS NOT NULL"
        with cursor.copy(f"COPY ({rows}) TO STDOUT (FORMAT BINARY)", [org_id]) as copy:
            for block in copy:
                told += block
    rows = np.frombuffer(told, dtype=ROW, offset=HEADER, count=(len(told) - HEADER) // ROW.itemsize)
    vectors = np.empty((len(rows), 384), dtype=np.float32)
    for at in range(0, len(rows), 50_000):
        vectors[at : at + 50_000] = rows["vector"][at : at + 50_000]
    return rows["key"].copy(), vectors


def _by_graph(vector: NDArray[np.float32], org_id, *, among: int) -> list[bytes]:
    from quarterhour.core.statements import Statement, send
    from quarterhour.matching.candidates import as_told, widely

    nearest = Statement(
        "SELECT id FROM matching_evidence WHERE org_id = %s ORDER BY vector <=> %s::halfvec LIMIT %s",
        [org_id, as_told(vector), NEAREST],
    )
    return [row[0].bytes for row in send(*widely(among), nearest)[-1].rows]


def _recall(found: list[bytes], keys: NDArray[np.void], near: NDArray[np.float32], *, last: float) -> float:
    """The share of what was found that is as near as the last of the nearest; equals count, whoever comes first."""
    wanted = np.array(found, dtype="V16")
    there = near[np.isin(keys, wanted)]
    return float(np.sum(there >= last - 1e-4)) / min(NEAREST, len(keys))


def _sizes() -> dict[str, int]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_size('evidence_by_nearness'), pg_total_relation_size('matching_evidence')")
        graph, pieces = cursor.fetchone()
    return {"graph": graph, "pieces": pieces}


def _shares(name: str, lasted: list[float]) -> list[Row]:
    lasted = sorted(lasted)
    return [
        {
            "name": f"{name}, {share} of 100 within",
            "figure": round(lasted[min(len(lasted) * share // 100, len(lasted) - 1)] * 1000, 1),
            "unit": "ms",
        }
        for share in (50, 99)
    ]
