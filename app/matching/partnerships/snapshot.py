"""What is known on a day, as sparse matrices over those who were seen by then; everything the signals are made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from app.matching.partnerships import LARGEST
from app.matching.partnerships.history import History, Integers, linked

Reals = npt.NDArray[np.float64]
HALF_LIFE = 2.0
"""Years after which a participation counts half: programmes of work change about so fast."""
_YEAR = 365.25


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Participations up to a day; M organisations were seen by then, P projects, G programmes.

    Attributes
    ----------
    history
        Cut at the day; its numbers are used for organisations outside, places in ``seen`` inside.
    seen
        Numbers of the organisations seen, ascending, shape (M,).
    place
        The place in ``seen`` of each organisation, -1 for the others, shape (N,).
    country, type_of
        Of those seen, shape (M,).
    joined
        Who is in which project that gives pairs: ones, shape (M, P).
    recent
        The same, each worth ``2 ** (-age / HALF_LIFE)``.
    crowds
        Who is in which project of too many to give pairs: ones, shape (M, P).
    all_recent
        As ``recent``, with all projects, also those of one and those of too many.
    shares
        The programmes of each project, each row adding up to one, shape (P, G); the last is "none".
    links
        Who has worked with whom: ones, shape (M, M), nothing on the diagonal.
    degree
        With how many, shape (M,).
    """

    history: History
    seen: Integers
    place: Integers
    country: Integers
    type_of: Integers
    joined: Any
    recent: Any
    all_recent: Any
    crowds: Any
    shares: Any
    links: Any
    degree: Reals

    @classmethod
    def of(cls, history: History, as_of: date) -> Snapshot:
        """Read off what is known at the end of a day. Cost: R, and the squared sizes of projects that give pairs."""
        known = history.until(as_of)
        seen = np.flatnonzero(known.seen())
        place = np.full(len(known.organisations), -1, dtype=np.int64)
        place[seen] = np.arange(len(seen))
        age = (as_of.toordinal() - known.participation_day) / _YEAR
        worth = 0.5 ** (age / HALF_LIFE)
        size = known.size[known.participation_project]
        pairing = (size > 1) & (size <= LARGEST)
        joined = _incidence(known, place, pairing, np.ones(len(worth)))
        links = linked(joined)
        return cls(
            history=known,
            seen=seen,
            place=place,
            country=known.country[seen],
            type_of=known.type_of[seen],
            joined=joined,
            recent=_incidence(known, place, pairing, worth),
            all_recent=_incidence(known, place, np.ones(len(worth), np.bool_), worth),
            crowds=_incidence(known, place, size > LARGEST, np.ones(len(worth))),
            shares=_shares(known),
            links=links,
            degree=np.asarray(links.sum(axis=1), dtype=np.float64).ravel(),
        )


def diagonal(values: Any) -> Any:
    """Return a sparse matrix with ``values`` on its diagonal."""
    from scipy import sparse

    return sparse.diags_array(np.asarray(values, dtype=np.float32), format="csr")


def groups(of: Integers, count: int) -> Any:
    """Return who belongs to which of ``count`` groups: ones, shape (M, count)."""
    from scipy import sparse

    ones = np.ones(len(of), dtype=np.float32)
    return sparse.csr_array((ones, (np.arange(len(of)), of)), shape=(len(of), count))


def _incidence(known: History, place: Integers, kept: npt.NDArray[np.bool_], worth: Reals) -> Any:
    from scipy import sparse

    who, what = place[known.participation_org[kept]], known.participation_project[kept]
    shape = (int(place.max(initial=-1)) + 1, len(known.projects))
    return sparse.csr_array((worth[kept].astype(np.float32), (who, what)), shape=shape)


def _shares(known: History) -> Any:
    from scipy import sparse

    counts = np.diff(known.programme_ptr)
    none = np.flatnonzero(counts == 0)
    rows = np.concatenate([np.repeat(np.arange(len(counts)), counts), none])
    columns = np.concatenate([known.programme_of, np.full(len(none), len(known.programmes))])
    values = (1 / np.maximum(counts, 1))[rows].astype(np.float32)
    return sparse.csr_array((values, (rows, columns)), shape=(len(counts), len(known.programmes) + 1))
