"""Processor time of a family of processes: a busy machine stretches every wait, and this hardly.

From /proc, so on Linux alone; elsewhere it is 0, and nobody is told.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

PARENT, TIMES = 1, slice(11, 15)  # of what follows the name: user and system, its own and of children that ended


def seconds_of(roots: Iterable[int]) -> float:
    """Seconds these processes and all that came of them have spent since they began."""
    spent: dict[int, int] = {}
    children: dict[int, list[int]] = defaultdict(list)
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended while we looked
        pid = int(path.parent.name)
        spent[pid] = sum(map(int, fields[TIMES]))
        children[int(fields[PARENT])].append(pid)
    ticks, left = 0, [*roots]
    while left:
        pid = left.pop()
        ticks += spent.get(pid, 0)
        left += children[pid]
    return ticks / os.sysconf("SC_CLK_TCK")


def postmaster_of(folder: Path) -> int:
    """The process of the embedded database whose files lie in this folder."""
    return int((folder / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
