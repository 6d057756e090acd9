"""Ranks whom a newcomer may work with: of it only the country, the type and some programmes are known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from app.matching.partnerships.history import History
from app.matching.partnerships.ranker import Floats, Ranked


class Newcomer(NamedTuple):
    """What is known of one without a history: codes as in the history; unknown ones are no error."""

    country: str
    organisation_type: str
    programmes: tuple[str, ...] = ()


class NewcomerRanker:
    """Learnt from how newcomers found their first partners before."""

    @classmethod
    def fit(cls, history: History, as_of: date, cross_border: bool = False, seed: int = 0) -> NewcomerRanker:
        """Learn from ``history`` up to and including ``as_of``."""
        raise NotImplementedError

    def rank(self, queries: Sequence[Newcomer], limit: int) -> list[list[Ranked]]:
        """Return for each of ``queries`` at most ``limit`` suggestions, best first."""
        raise NotImplementedError

    def scores(self, queries: Sequence[Newcomer]) -> Floats:
        """Return a score for everybody, shape (Q, N); ``-inf`` for those never to be suggested."""
        raise NotImplementedError
