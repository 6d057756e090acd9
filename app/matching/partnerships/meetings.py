"""How likely two are to meet in a project at all, by what they work on and who they are, before any graph.

Everybody has an outlook: how their next projects divide among the programmes. It is what they did of late, drawn
towards what organisations with the same past did next to it, and towards what their type of organisation does; a past
of one project alone says too little. Who asks then meets whoever joins many projects there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from app.matching.partnerships.history import Floats, Integers
from app.matching.partnerships.snapshot import Reals, Snapshot, diagonal, groups

DRAWN = 0.6
"""How far an outlook is drawn towards that of others with such a past. Higher or lower was worse on each window."""
BY_TYPE = 0.25
"""How much of an outlook is that of the type of organisation."""
AFFINITY = 0.7
STEADY = 20.0
"""Added to both sides of an affinity, so that few pairs say little."""
_OPEN = 5.0


@dataclass(frozen=True, eq=False)
class Asked:
    """Those who ask, q of them: their outlook (q, G), country and type (q,), -1 for one not known."""

    outlook: Floats
    country: Integers
    type_of: Integers


class Meetings:
    """Rates of meeting, from everybody's participations; each answer has the shape (q, M)."""

    def __init__(self, known: Snapshot) -> None:
        countries, types = len(known.history.countries), len(known.history.types)
        met = (known.recent @ known.shares).toarray().astype(np.float64)
        past = _shares((known.all_recent @ known.shares).toarray().astype(np.float64))
        self._next = _shares(past.T @ met)
        self._of_types = _shares(groups(known.type_of, types).T @ met)
        self.outlooks = self._drawn(past, met, known.type_of)
        crowd = np.sqrt(met.sum(axis=0) + _OPEN)
        self._rates = (met / crowd).astype(np.float32)
        self._by_country = _by_group(known, known.country, countries, crowd, once=True)
        self._by_type = _by_group(known, known.type_of, types, crowd, once=False)
        self._affinity = _affinities(known, countries)
        self._country = known.country

    def asked(self, places: Integers, known: Snapshot) -> Asked:
        """Return what is known of some of those seen."""
        return Asked(self.outlooks[places], known.country[places], known.type_of[places])

    def by_programme(self, asked: Asked) -> Floats:
        """Return the rate of meeting in the programmes of the outlook."""
        found: Floats = asked.outlook @ self._rates.T
        return found

    def by_country_pair(self, asked: Asked) -> Floats:
        """Return the same, times how readily the two countries work together."""
        return self.by_programme(asked) * self.affinities(asked)

    def affinities(self, asked: Asked) -> Floats:
        """Return how readily the asker's country works with everybody's: above one more than chance, shape (q, M)."""
        table = self._affinity[asked.country]
        table[asked.country < 0] = 1
        return table[:, self._country]

    def by_country(self, asked: Asked) -> Floats:
        """Return in how many projects there they met organisations of the asker's country."""
        return _of_groups(asked.outlook, asked.country, self._by_country)

    def by_type(self, asked: Asked) -> Floats:
        """Return the same for the asker's type of organisation, a place in a project counting what it is of it."""
        return _of_groups(asked.outlook, asked.type_of, self._by_type)

    def _drawn(self, past: Reals, met: Reals, type_of: Integers) -> Floats:
        others = past @ self._next
        has_met = met.sum(axis=1, keepdims=True) > 0
        mixed = np.where(has_met, (1 - DRAWN) * _shares(met) + DRAWN * others, others)
        found: Floats = ((1 - BY_TYPE) * mixed + BY_TYPE * self._of_types[type_of]).astype(np.float32)
        return found


def _shares(counts: Any) -> Reals:
    table = np.asarray(counts, dtype=np.float64)
    found: Reals = table / np.maximum(table.sum(axis=1, keepdims=True), 1e-12)
    return found


def _by_group(known: Snapshot, of: Integers, count: int, crowd: Reals, once: bool) -> Any:
    """Return what everybody met of each group in each programme: a sparse matrix of shape (count * G, M).

    With ``once`` a project counts once, however many of the group are in it, and less the larger it is: by the root.
    """
    from scipy import sparse

    others = np.maximum(known.history.size - 1, 1).astype(np.float64)
    there = (known.joined.T @ groups(of, count)).tocsr()
    if once:
        there.data[:] = 1
    weight = 1 / (np.sqrt(others) if once else others)
    rows = []
    for place in range(len(crowd)):
        share = known.shares[:, [place]].toarray().ravel() * weight / crowd[place]
        rows.append(((known.recent @ diagonal(share)) @ there).T.tocsr())
    return sparse.vstack(rows, format="csr").astype(np.float32)


def _of_groups(outlook: Floats, of: Integers, table: Any) -> Floats:
    """Return what each asker's group met: the row ``programme * count + group`` weighted by the outlook."""
    from scipy import sparse

    asked, programmes = outlook.shape
    count = table.shape[0] // programmes
    rows = np.repeat(np.arange(asked), programmes)
    columns = np.arange(programmes)[None, :] * count + np.maximum(of, 0)[:, None]
    values = np.where((of >= 0)[:, None], outlook, 0).ravel()
    picked = sparse.csr_array((values, (rows, columns.ravel())), shape=(asked, table.shape[0]))
    found: Floats = (picked @ table).toarray()
    return found


def _affinities(known: Snapshot, countries: int) -> Floats:
    """Return how much more often two countries work together than chance would have it, damped, (C, C).

    What two countries expect of each other leaves out what each does at home; a country and itself is counted with it.
    """
    member = groups(known.country, countries)
    pairs = (member.T @ known.links @ member).toarray().astype(np.float64)
    home = np.diag(np.diag(pairs))
    found = _over_chance(pairs - home)
    np.fill_diagonal(found, np.diag(_over_chance(pairs)))
    return found


def _over_chance(pairs: Reals) -> Floats:
    sides = pairs.sum(axis=1)
    expected = np.outer(sides, sides) / max(float(pairs.sum()), 1.0)
    found: Floats = (((pairs + STEADY) / (expected + STEADY)) ** AFFINITY).astype(np.float32)
    return found
