"""Ranks whom an organisation may work with next, from the history of who worked with whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from app.matching.partnerships.history import History
from app.matching.query import Message

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Reason:
    """What one criterion adds to the score, or takes from it, and on what evidence."""

    criterion: str
    contribution: float
    evidence: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranked:
    """One who is suggested: its number in the history, the score, and the reasons that add up to it."""

    organisation: int
    score: float
    reasons: tuple[Reason, ...]


class Ranker:
    """Learnt from what started up to a day; nothing later is looked at."""

    @classmethod
    def fit(cls, history: History, as_of: date, cross_border: bool = False, seed: int = 0) -> Ranker:
        """Learn from ``history`` up to and including ``as_of``."""
        raise NotImplementedError

    def rank(self, queries: Sequence[int], limit: int) -> list[list[Ranked]]:
        """Return for each of ``queries`` (numbers of organisations) at most ``limit`` suggestions, best first."""
        raise NotImplementedError

    def scores(self, queries: Sequence[int]) -> Floats:
        """Return a score for everybody, shape (Q, N); ``-inf`` for those never to be suggested.

        The order is that of :meth:`rank`: what is evaluated is what people get.
        """
        raise NotImplementedError
