"""The processor time of a server and of everything it started, read from the kernel (Linux)."""

from __future__ import annotations

import os
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def _stat(pid: int) -> list[str] | None:
    try:
        # The name stands in brackets and may hold blanks and brackets itself.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def parent_of(pid: int) -> int:
    """The process that started ``pid``; raises `ProcessLookupError` if there is no such process."""
    stat = _stat(pid)
    if stat is None:
        raise ProcessLookupError(pid)
    return int(stat[1])


def cpu_seconds(root: int) -> float:
    """Seconds of processor time of ``root``, of what it started and is alive, and of what it saw end."""
    stats = {int(name): stat for name in os.listdir("/proc") if name.isdigit() and (stat := _stat(int(name)))}
    family, waiting = set(), [root]
    while waiting:
        pid = waiting.pop()
        family.add(pid)
        waiting += [child for child, stat in stats.items() if int(stat[1]) == pid and child not in family]
    # utime, stime, and those of ended children.
    return sum(int(ticks) for pid in family if pid in stats for ticks in stats[pid][11:15]) / TICK
