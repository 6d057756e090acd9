"""Keeps a place in each list for somebody who is close and seldom shown."""

from __future__ import annotations

import numpy as np

from app.matching.partnerships.history import Flags
from app.matching.partnerships.mixing import Criterion
from app.matching.partnerships.snapshot import Reals

SELDOM: Criterion = "seldom"


def lift(score: Reals, local: Reals, open_to: Flags) -> Reals:
    """Return what is added to whose score so that the last place of a page is theirs, shape (q, M)."""
    return np.zeros_like(score)
