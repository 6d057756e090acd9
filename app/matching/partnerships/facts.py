"""True evidence from a history: common partners, programmes both stand in, partners in a country, recent projects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from app.matching.partnerships.history import Flags, History, Integers, partners, row_of
from app.matching.query import Message

_NAMED = 2
_RECENT_YEARS = 1
_SEVERAL = 2


@dataclass(frozen=True, eq=False)
class Facts:
    """What is told of organisations; N of them, G programmes.

    Attributes
    ----------
    history
        Whose numbers all others are.
    together
        Who worked with whom, as :func:`app.matching.partnerships.history.partners` says, shape (N, N).
    years
        The last year in which somebody joined a project of a programme: a sparse matrix, shape (N, G).
    joined, recent
        How many projects everybody joined, in all and in the last year that is known and the one before, shape (N,).
    since
        The first of these years.
    """

    history: History
    together: Any
    years: Any
    joined: Integers
    recent: Integers
    since: int

    @classmethod
    def of(cls, history: History, as_of: date) -> Facts:
        """Read off what is known by a day. Cost: R, and the squared sizes of the projects that give pairs."""
        known = history.until(as_of)
        who = known.participation_org
        year = np.array([date.fromordinal(int(day)).year for day in known.participation_day], np.int64)
        since = as_of.year - _RECENT_YEARS
        joined, recent = (
            np.bincount(some, minlength=len(known.organisations)).astype(np.int64) for some in (who, who[year >= since])
        )
        return cls(history, partners(known, None, as_of), _last_years(known, year), joined, recent, since)

    def projects(self, one: int) -> Message:
        """Return what is true of everybody with a history: in how many projects they took part."""
        return Message("history.projects", {"count": int(self.joined[one])})

    def evidence(self, asker: int, others: Integers, named: Flags) -> list[tuple[Message, ...]]:
        """Return for each of `others` what speaks for it, the weightiest first; cost: their partners.

        Of partners in common, those in `named` (shape (N,)) are told first: whose name can be shown.
        """
        history = self.history
        mine = np.zeros(len(history.organisations), np.bool_)
        mine[row_of(self.together, asker)] = True
        abroad = np.bincount(history.country[mine], minlength=len(history.countries))
        programmes = dict(zip(row_of(self.years, asker).tolist(), self._years_of(asker), strict=True))
        return [tuple(self._said(asker, int(one), mine, abroad, programmes, named)) for one in others]

    def _said(
        self, asker: int, other: int, mine: Flags, abroad: Integers, programmes: dict[int, int], named: Flags
    ) -> Sequence[Message]:
        history, said = self.history, []
        theirs = row_of(self.together, other)
        common = theirs[mine[theirs]]
        if len(common):
            said.append(Message("history.partners", {"count": len(common), "partners": self._telling(common, named)}))
        shared = [
            (year, place)
            for place, year in zip(row_of(self.years, other).tolist(), self._years_of(other), strict=True)
            if place in programmes
        ]
        if shared:
            year, place = max(shared)
            said.append(Message("history.programme", {"programme": history.programmes[place], "year": str(year)}))
        country = int(history.country[other])
        if history.countries[country] and country != history.country[asker] and abroad[country] >= _SEVERAL:
            code = history.countries[country]
            said.append(Message("history.country", {"count": int(abroad[country]), "theirs": code}))
        if said and self.recent[other] >= _SEVERAL:
            said.append(Message("history.active", {"count": int(self.recent[other]), "year": str(self.since)}))
        return said

    def _telling(self, common: Integers, named: Flags) -> tuple[str, ...]:
        """Return the names of those in common who tell most: whoever works with few others (Adamic and Adar 2003)."""
        degree = np.diff(self.together.indptr)[common]
        return tuple(
            self.history.organisations[one] for one in common[np.lexsort((common, degree, ~named[common]))][:_NAMED]
        )

    def _years_of(self, one: int) -> list[int]:
        found: list[int] = self.years.data[self.years.indptr[one] : self.years.indptr[one + 1]].tolist()
        return found


def _last_years(known: History, year: Integers) -> Any:
    """Return the last year of each organisation in each programme, shape (N, G)."""
    from scipy import sparse

    counts = np.diff(known.programme_ptr)[known.participation_project]
    begins = known.programme_ptr[known.participation_project]
    ends = np.cumsum(counts)
    within = np.arange(int(counts.sum())) - np.repeat(ends - counts, counts)
    which = known.programme_of[np.repeat(begins, counts) + within]
    who, when = np.repeat(known.participation_org, counts), np.repeat(year, counts)
    order = np.lexsort((when, which, who))
    who, which, when = who[order], which[order], when[order]
    last = np.ones(len(who), np.bool_)
    last[:-1] = (who[1:] != who[:-1]) | (which[1:] != which[:-1])
    shape = (len(known.organisations), max(len(known.programmes), 1))
    return sparse.csr_matrix((when[last], (who[last], which[last])), shape=shape)
