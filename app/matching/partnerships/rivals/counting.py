"""Rivals that count: chance, the busiest of all, and the busiest in the programmes of whoever asks."""

from __future__ import annotations

from math import inf

import numpy as np

from app.matching.partnerships.history import Integers
from app.matching.partnerships.protocol import Scores
from app.matching.partnerships.rivals.past import Past, shares
from app.matching.partnerships.rivals.rival import Rival, Settings, number


class Equal(Rival):
    """Everybody scores the same, so the order is the lot of each query: chance."""

    def __init__(self, past: Past, _settings: Settings, _seed: int) -> None:
        self._count = past.count

    def scores(self, queries: Integers) -> Scores:
        """Return zeros."""
        return np.zeros((len(queries), self._count), dtype=np.float32)


class Popularity(Rival):
    """Whoever took part most often, or has most partners, lately or ever: the same list for everybody."""

    grid = tuple(
        {"of": of, "half_life": years}
        for of, years in (*(("participations", years) for years in (inf, 2.0, 1.0, 0.5)), ("partners", inf))
    )

    def __init__(self, past: Past, settings: Settings, _seed: int) -> None:
        if settings["of"] == "partners":
            counted = past.degree
        else:
            counted = np.asarray(past.joined_lately(number(settings, "half_life")).sum(axis=1)).ravel()
        self._counted = counted.astype(np.float32)

    def scores(self, queries: Integers) -> Scores:
        """Return everybody's count."""
        return np.tile(self._counted, (len(queries), 1))


class ProgrammePopularity(Rival):
    """Whoever took part most often in the programmes of whoever asks, each counting as often as that one was in it."""

    grid = tuple({"half_life": years, "own_half_life": own} for years in (inf, 2.0, 1.0, 0.5) for own in (inf, 1.0))

    def __init__(self, past: Past, settings: Settings, _seed: int) -> None:
        self._counted = past.programmes_lately(number(settings, "half_life")).T.tocsr()
        self._own = shares(past.programmes_lately(number(settings, "own_half_life")))

    def scores(self, queries: Integers) -> Scores:
        """Return counts within the programmes of each of ``queries``."""
        found: Scores = (self._own[queries] @ self._counted).toarray().astype(np.float32)
        return found
