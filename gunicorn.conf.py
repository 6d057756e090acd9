"""What gunicorn is to do otherwise than it does by itself; it reads this file where it is started."""

from __future__ import annotations

import signal
from typing import Any


def post_worker_init(_worker: Any) -> None:
    """Leave Ctrl-C to the master, which ends the workers.

    A terminal sends it to both, and a worker that hears it while the master is ending it waits for itself for ever.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
