"""A history of partnerships as columns: who took part in which project, from when, and in which programmes.

Everything is sorted, so that the same rows in another order are the same history. Nothing here knows the clock: a
history is cut by :meth:`History.until`, and what is cut off leaves no trace in what stays, but for the numbering.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from app.matching.partnerships import LARGEST

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float32]


class Participation(NamedTuple):
    """One row: an organisation in a project. ``country`` and ``organisation_type`` are codes as the source has them."""

    project: str
    day: date
    organisation: str
    organisation_type: str
    country: str
    programmes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class History:
    """Participations as columns; N organisations, P projects, R participations.

    Attributes
    ----------
    organisations, projects
        Identifiers, sorted; places in all other columns are places in these.
    countries, country
        Codes, sorted, and for each organisation the place of its code, shape (N,).
    types, type_of
        The same for the types of organisations.
    start, size
        The first day of each project (``date.toordinal()``) and how many take part in it, shape (P,).
    programmes, programme_ptr, programme_of
        Codes, sorted, and which of them a project stands in: ``programme_of[programme_ptr[p]:programme_ptr[p + 1]]``.
    participation_org, participation_project, participation_day
        One entry per participation, by project and organisation, shape (R,).
    """

    organisations: tuple[str, ...]
    countries: tuple[str, ...]
    country: Integers
    types: tuple[str, ...]
    type_of: Integers
    projects: tuple[str, ...]
    start: Integers
    size: Integers
    programmes: tuple[str, ...]
    programme_ptr: Integers
    programme_of: Integers
    participation_org: Integers
    participation_project: Integers
    participation_day: Integers

    def until(self, day: date) -> History:
        """Return what was known by the end of ``day``: the same numbering of organisations and projects.

        A project that nobody had joined by then keeps its place, with nobody in it.
        """
        kept = self.participation_day <= day.toordinal()
        projects = self.participation_project[kept]
        return replace(
            self,
            size=np.bincount(projects, minlength=len(self.projects)).astype(np.int64),
            participation_org=self.participation_org[kept],
            participation_project=projects,
            participation_day=self.participation_day[kept],
        )

    def seen(self) -> Flags:
        """Return which organisations take part in anything at all, shape (N,)."""
        there = np.zeros(len(self.organisations), dtype=np.bool_)
        there[self.participation_org] = True
        return there

    def place_of(self, organisation: str) -> int | None:
        """Return the number of an organisation, or None for one that isn't known. Cost: log N."""
        place = bisect_left(self.organisations, organisation)
        known = place < len(self.organisations) and self.organisations[place] == organisation
        return place if known else None

    def programmes_of(self, project: int) -> tuple[int, ...]:
        """Return the places of the programmes that a project stands in."""
        of = self.programme_of[self.programme_ptr[project] : self.programme_ptr[project + 1]]
        return tuple(int(one) for one in of)

    def first_projects(self) -> Integers:
        """Return each organisation's first project, of several on one day the first in order; -1 for none."""
        first = np.full(len(self.organisations), -1, dtype=np.int64)
        order = np.lexsort((self.participation_project, self.participation_day))[::-1]
        first[self.participation_org[order]] = self.participation_project[order]
        return first


def build_history(rows: Iterable[Participation]) -> History:
    """Make the columns of ``rows``, in whatever order they come; one told twice counts once.

    Where rows disagree, the earliest is right about an organisation's country and type, and about a project's start
    and programmes: so what comes later never changes what was known before. Cost: R log R.
    """
    ordered = sorted(set(rows), key=lambda row: (row.day, *(part for part in row if not isinstance(part, date))))
    organisations = _numbers(row.organisation for row in ordered)
    projects = _numbers(row.project for row in ordered)
    countries = _numbers(row.country for row in ordered)
    types = _numbers(row.organisation_type for row in ordered)
    programmes = _numbers(name for row in ordered for name in row.programmes)
    country, type_of = _column(organisations), _column(organisations)
    start = _column(projects)
    stands_in: dict[int, set[int]] = {}
    joined: dict[tuple[int, int], int] = {}
    for row in reversed(ordered):  # the earliest is written last, and stays
        who, what, day = organisations[row.organisation], projects[row.project], row.day.toordinal()
        country[who], type_of[who] = countries[row.country], types[row.organisation_type]
        if start[what] != day:
            start[what], stands_in[what] = day, set()
        stands_in[what].update(programmes[name] for name in row.programmes)
        joined[what, who] = day
    ptr, of = _lists([sorted(stands_in[what]) for what in range(len(projects))])
    table = np.array([(*both, day) for both, day in sorted(joined.items())], dtype=np.int64).reshape(-1, 3)
    return History(
        organisations=tuple(organisations),
        countries=tuple(countries),
        country=country,
        types=tuple(types),
        type_of=type_of,
        projects=tuple(projects),
        start=start,
        size=np.bincount(table[:, 0], minlength=len(projects)).astype(np.int64),
        programmes=tuple(programmes),
        programme_ptr=ptr,
        programme_of=of,
        participation_org=table[:, 1].copy(),
        participation_project=table[:, 0].copy(),
        participation_day=table[:, 2].copy(),
    )


def partners(history: History, after: date | None, until: date) -> Any:
    """Return who worked with whom in what started after ``after`` and by ``until``: sparse, (N, N), of ones.

    Projects of more than 50 partners give no pairs; a project's size counts all its participants.
    """
    from scipy import sparse

    day = history.participation_day
    within = (day <= until.toordinal()) & (history.size[history.participation_project] <= LARGEST)
    if after is not None:
        within &= day > after.toordinal()
    ones = np.ones(int(within.sum()), dtype=np.float32)
    places = (history.participation_org[within], history.participation_project[within])
    pairs = linked(sparse.csr_matrix((ones, places), shape=(len(history.organisations), len(history.projects))))
    pairs.sort_indices()
    return pairs


def linked(joined: Any) -> Any:
    """Return who is in a project with whom: ones, nothing on the diagonal, sparse, (M, M); ``joined`` is (M, P)."""
    pairs = (joined @ joined.T).tocsr()
    pairs.setdiag(0)
    pairs.eliminate_zeros()
    pairs.data[:] = 1
    return pairs


def row_of(matrix: Any, place: int) -> Integers:
    """Return the columns in which a row of a sparse matrix has anything."""
    found: Integers = matrix.indices[matrix.indptr[place] : matrix.indptr[place + 1]]
    return found


def _numbers(names: Iterable[str]) -> dict[str, int]:
    return {name: place for place, name in enumerate(sorted(set(names)))}


def _column(of: dict[str, int]) -> Integers:
    return np.zeros(len(of), dtype=np.int64)


def _lists(lists: Sequence[Sequence[int]]) -> tuple[Integers, Integers]:
    lengths = np.array([0, *(len(one) for one in lists)], dtype=np.int64)
    return np.cumsum(lengths), np.array([item for one in lists for item in one], dtype=np.int64)
