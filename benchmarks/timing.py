"""How long something takes, how much memory it took, and figures as they are kept."""

import resource
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

import numpy as np

from app.matching import Profile


def times(act: Callable[[], object], runs: int, clock: Callable[[], float] = time.thread_time) -> float:
    """Return the median time of several runs in milliseconds: of the processor, unless another clock is given."""
    taken = []
    for _ in range(runs):
        started = clock()
        act()
        taken.append((clock() - started) * 1000)
    return float(np.median(taken))


def spread(figures: Sequence[float]) -> dict[str, float]:
    """Return the median, and what the slowest twentieth is beyond."""
    return {"median": rounded(np.median(figures)), "p95": rounded(np.percentile(figures, 95))}


def longest(figures: Sequence[float]) -> dict[str, float]:
    """Return the median, what the slowest hundredth is beyond, and the longest."""
    return {
        "median": rounded(np.median(figures)),
        "p99": rounded(np.percentile(figures, 99)),
        "longest": rounded(np.max(figures)),
    }


def rounded(figure: float | np.floating) -> float:
    """Return a figure with three places."""
    return round(float(figure), 3)


def peak_mb() -> float:
    """Return the most memory this process has had so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class Timed:
    """Profiles that know how long it took to make them, so that it can be left out of what uses them."""

    def __init__(self, items: Iterator[Profile]) -> None:
        self.items = items
        self.seconds = self.cpu_seconds = 0.0

    def __iter__(self) -> Iterator[Profile]:
        while True:
            started, worked = time.perf_counter(), time.process_time()
            chunk = list(islice(self.items, 5000))
            self.seconds += time.perf_counter() - started
            self.cpu_seconds += time.process_time() - worked
            if not chunk:
                return
            yield from chunk
