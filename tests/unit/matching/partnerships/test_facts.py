"""What is told of a partner is true: the evidence beside the rows themselves, without arrays."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.matching.partnerships.facts import Facts
from app.matching.partnerships.history import build_history
from tests.unit.matching.partnerships.histories import contradicting_rows


class Rows:
    """The same facts, looked up among rows."""

    def __init__(self, rows, day):
        self.day = day
        self.joined: dict[tuple[str, str], date] = {}
        self.country: dict[str, str] = {}
        start: dict[str, date] = {}
        self.programmes: dict[str, set[str]] = {}
        for row in sorted(rows, key=lambda row: (row.day, row.project, row.organisation, *row[3:])):
            self.country.setdefault(row.organisation, row.country)
            if row.day <= day:
                self.joined.setdefault((row.project, row.organisation), row.day)
                if start.setdefault(row.project, row.day) == row.day:
                    self.programmes.setdefault(row.project, set()).update(row.programmes)

    def projects(self, one):
        return {project: day for (project, who), day in self.joined.items() if who == one}

    def partners(self, one):
        own = self.projects(one)
        return {who for project, who in self.joined if project in own} - {one}

    def years(self, one):
        found: dict[str, int] = {}
        for project, day in self.projects(one).items():
            for programme in self.programmes[project]:
                found[programme] = max(day.year, found.get(programme, 0))
        return found

    def evidence(self, one, other):
        """What is to be told, without the names of partners."""
        found = {}
        if common := self.partners(one) & self.partners(other):
            found["partners"] = {"count": len(common)}
        if shared := [(year, name) for name, year in self.years(other).items() if name in self.years(one)]:
            found["programme"] = {"programme": max(shared)[1], "year": str(max(shared)[0])}
        there = self.country[other]
        abroad = sum(self.country[partner] == there for partner in self.partners(one))
        if there and there != self.country[one] and abroad > 1:
            found["country"] = {"count": abroad, "theirs": there}
        lately = sum(day.year >= self.day.year - 1 for day in self.projects(other).values())
        if found and lately > 1:
            found["active"] = {"count": lately, "year": str(self.day.year - 1)}
        return found


@settings(max_examples=25, deadline=None)
@given(contradicting_rows(), st.integers(0, 60))
def test_what_is_told_is_what_the_rows_say(rows, number):
    day = date(2015, 11, 20) + timedelta(days=number)
    plain = Rows(rows, day)
    seen = sorted({who for _, who in plain.joined})
    assume(len(seen) > 1)
    history = build_history(rows)
    facts = Facts.of(history, day)
    places = np.array([history.place_of(one) for one in seen])
    for one in seen:
        said = facts.evidence(history.place_of(one), places, np.ones(len(history.organisations), np.bool_))
        for other, messages in zip(seen, said, strict=True):
            if one == other:
                continue
            told = {message.key.removeprefix("history."): dict(message.values) for message in messages}
            if "partners" in told:
                assert set(told["partners"].pop("partners")) <= plain.partners(one) & plain.partners(other)
            assert told == plain.evidence(one, other)
