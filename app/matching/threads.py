"""Keeping what is reckoned to one thread."""

from contextlib import AbstractContextManager


def one_thread() -> AbstractContextManager[object]:
    """Keep to one thread while this is held, so that sums come out the same every time, and no thread waits for others.

    Of many small steps most of the time goes into waiting, the more so on a busy machine. Only libraries that are
    loaded by now can be held.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped, unused-ignore]

    held: AbstractContextManager[object] = threadpool_limits(1)
    return held
