"""The made-up history: only made-up institutions, some of them without any, partners in common for the rest."""

from __future__ import annotations

from itertools import combinations

import pytest

from app.features.samples.world import generate


@pytest.mark.parametrize("people", [0, 20, 120, 600])
def test_it_is_made_of_made_up_institutions_alone(people):
    world = generate(people)
    made_up = {one.slug for one in world.institutions if one.made_up}
    for project in world.projects:
        assert len(set(project.members)) == len(project.members) >= 2
        assert set(project.members) <= made_up
        assert "(sample)" in project.programme and project.name.startswith("sample-")
    assert len({project.name for project in world.projects}) == len(world.projects)


def test_some_have_a_history_with_partners_in_common_and_some_have_none():
    world = generate(600)
    together = {frozenset(pair) for project in world.projects for pair in combinations(project.members, 2)}
    partners = {}
    for one, other in map(tuple, together):
        partners.setdefault(one, set()).add(other)
        partners.setdefault(other, set()).add(one)
    made_up = [one.slug for one in world.institutions if one.made_up]
    assert 5 <= sum(slug not in partners for slug in made_up) <= len(made_up) // 3
    strangers = [
        (one, other)
        for one, other in combinations(sorted(partners), 2)
        if other not in partners[one] and partners[one] & partners[other]
    ]
    assert len(strangers) > 100


def test_the_same_numbers_give_the_same_history():
    assert generate(120, 3).projects == generate(120, 3).projects != generate(120, 4).projects
