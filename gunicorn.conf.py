"""What gunicorn is to do otherwise than it does by itself; it reads this file where it is started."""

from __future__ import annotations

import signal
import threading
from typing import Any


def post_worker_init(_worker: Any) -> None:
    """Leave Ctrl-C to the master, which ends the workers.

    A terminal sends it to both, and a worker that hears it while the master is ending it waits for itself for ever.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # The first who asks for suggestions is to find the inner loops compiled, and nobody is to wait for it.
    threading.Thread(target=_compile, name="compiled loops", daemon=True).start()


def _compile() -> None:
    """Have the inner loops of the match index compiled by a child process if they aren't yet, and load them."""
    from app.matching import compiled

    compiled.prepare()
