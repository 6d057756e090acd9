"""Small made-up histories of projects, drawn by hypothesis or by a seed."""

from __future__ import annotations

import random
from datetime import date, timedelta

from hypothesis import strategies as st

from app.matching.partnerships.history import History, Participation, build_history

FIRST = date(2014, 1, 1)
COUNTRIES = ("DE", "FR", "KE", "PL")
TYPES = ("HES", "PRC", "REC")
PROGRAMMES = ("water", "energy", "health", "")


def rows_of(projects: list[tuple[int, list[int], int]]) -> list[Participation]:
    """Rows of projects given as day, members, programme; a member's country and type follow from its number."""
    return [
        Participation(
            project=f"p{number:03}",
            day=FIRST + timedelta(days=day),
            organisation=f"o{member:03}",
            organisation_type=TYPES[member % len(TYPES)],
            country=COUNTRIES[member % len(COUNTRIES)],
            programmes=tuple(filter(None, [PROGRAMMES[programme]])),
        )
        for number, (day, members, programme) in enumerate(projects)
        for member in members
    ]


def drawn_rows():
    """A strategy for the rows of up to 14 small projects within 100 days."""
    members = st.lists(st.integers(0, 15), min_size=1, max_size=6, unique=True)
    project = st.tuples(st.integers(0, 99), members, st.integers(0, len(PROGRAMMES) - 1))
    return st.lists(project, min_size=1, max_size=14).map(rows_of)


def contradicting_rows():
    """A strategy for up to 14 rows within 60 days around a new year, which need not agree on anything."""
    row = st.builds(
        Participation,
        project=st.sampled_from("pqrs"),
        day=st.integers(0, 60).map(lambda day: date(2015, 11, 20) + timedelta(days=day)),
        organisation=st.sampled_from("abcdef"),
        organisation_type=st.sampled_from(TYPES),
        country=st.sampled_from(("FR", "KE", "")),
        programmes=st.sets(st.sampled_from(("energy", "health", "water"))).map(lambda some: tuple(sorted(some))),
    )
    return st.lists(row, min_size=1, max_size=14)


def a_history(seed: int = 1, projects: int = 250, organisations: int = 80, days: int = 1000) -> History:
    """A history with some order in it: few are in much, and most stay within a programme."""
    return build_history(some_rows(seed, projects, organisations, days))


def some_rows(seed: int, projects: int, organisations: int, days: int) -> list[Participation]:
    """The rows of such a history."""
    choice = random.Random(seed)
    drawn = []
    for number in range(projects):
        programme = choice.randrange(3)
        pool = [one for one in range(organisations) if one % 3 == programme or choice.random() < 0.2]
        weights = [1 / (1 + one) for one in pool]
        members = sorted(set(choice.choices(pool, weights, k=choice.randint(2, 6))))
        drawn.append((number * days // projects, members, programme))
    return rows_of(drawn)
