"""Mixes what several signals say by the places they give: reciprocal in the logarithm, so that scales don't matter.

Counts grow with the graph, places don't: weights learnt or chosen on an early, small graph hold on a later one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal, NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt

from app.matching.partnerships.history import Flags, Floats
from app.matching.partnerships.snapshot import Reals

Criterion = Literal["circles", "partners", "programme", "country", "kind", "call", "crowd", "exposure"]
_JITTER = 1e-5


class Part(NamedTuple):
    """How much a signal counts, and under which criterion it is told."""

    weight: float
    criterion: Criterion


WEIGHTS: Mapping[str, Part] = MappingProxyType(
    {
        # By far the best single signal, the more so the larger the graph; as good as all others together.
        "circles": Part(5.0, "circles"),
        # Who is near over partners and of the same circles whatever their size: each says what the other can't.
        "walks": Part(2.5, "partners"),
        # The same far from the giants.
        "resource_allocation": Part(0.3, "partners"),
        # The best signal of all for those without a partner yet.
        "by_programme": Part(0.7, "programme"),
        # Universities meet universities: who is met by one's own kind.
        "by_type": Part(1.0, "kind"),
        # Who works with one's own country, and which countries go together.
        "by_country": Part(0.3, "country"),
        "by_country_pair": Part(0.3, "country"),
    }
)
TRUSTED = 4.0
"""With so many partners somebody's circles count half: nobody's are known before there are partners."""
PLAIN: Mapping[str, Part] = MappingProxyType(
    {
        # Points by themselves, not by places: most have none at all.
        "same_call": Part(2.0, "call"),
        "same_crowd": Part(5.0, "crowd"),
    }
)
"""Both chosen by coordinate ascent (Metzler and Croft 2007) on outcomes up to the end of 2016; see decision 0010."""

NEWCOMER_WEIGHTS: Mapping[str, Part] = MappingProxyType(
    {
        # With whom one begins is mostly who joins many projects of that kind.
        "projects": Part(1.0, "programme"),
        # Most of all one's own country, where it may be suggested; damped already where it is counted.
        "countries": Part(1.0, "country"),
        # A candidate who works with that country more than others do.
        "country": Part(0.2, "country"),
        # The same for the type of organisation.
        "kind": Part(0.3, "kind"),
        # Who met first-timers of one's own type in such projects.
        "first_timers": Part(0.1, "kind"),
        # In some programmes compatriots meet more than elsewhere.
        "home": Part(0.8, "country"),
        # Some bring in their compatriots.
        "home_first_timers": Part(0.1, "country"),
    }
)
# Across borders countries tell less apart.
NEWCOMER_WEIGHTS_ABROAD = MappingProxyType({**NEWCOMER_WEIGHTS, "countries": Part(0.5, "country")})
"""For newcomers: of logarithms of rates, not of places."""


def lots(names: Sequence[str], seed: int) -> npt.NDArray[np.float64]:
    """Return a number in [0, 1) for each name, drawn by the name alone: the same whoever else is there."""
    return np.array([crc32(name.encode(), seed) / 2**32 for name in names])


def points(signal: Floats, open_to: Flags, drawn: Reals, asking: Reals) -> Reals:
    """Return ``log((M + 1) / (place + 1))`` for each candidate's place among those that are open, shape (q, M).

    Parameters
    ----------
    signal
        At least zero; those at zero share the place in their middle. Shape (q, M).
    open_to
        Who may be suggested, shape (q, M); others get nothing.
    drawn, asking
        Lots of the candidates (M,) and of those who ask (q,): they decide among equals, for everybody anew.

    Notes
    -----
    Cost: q M log M. Mixing places by a reciprocal: Cormack, Clarke and Buettcher 2009; its logarithm here gives the
    sum of a Zipf law for each signal, as if they were independent.
    """
    rows, count = signal.shape
    found = np.zeros((rows, count), dtype=np.float64)
    ladder = np.log((count + 1) / (np.arange(count) + 1.0))
    for row in range(rows):
        among = np.flatnonzero(open_to[row])
        values = signal[row, among].astype(np.float64)
        there = values > 0
        shaken = values * (1 + _JITTER * ((drawn[among] + asking[row]) % 1.0))
        order = np.argsort(-shaken)
        found[row, among[order]] = ladder[: len(among)]
        few = int(there.sum())
        if few < len(among):
            found[row, among[~there]] = ladder[min((few + len(among)) // 2, count - 1)]
    return found


def mixed(parts: Mapping[str, Part], said: Mapping[str, Reals]) -> Reals:
    """Return the weighted sum of the points of each signal, shape (q, M)."""
    total = np.zeros_like(next(iter(said.values())))
    for name, part in parts.items():
        total += part.weight * said[name]
    return total
